"""The worksheet as it is written: what is asked for, what was filled in, what is left over."""

from collections.abc import Iterator, Mapping, Sequence

from signals_agent.corpus import cells
from signals_agent.corpus.contributions import words
from signals_agent.corpus.contributions.books import Books
from signals_agent.corpus.contributions.gift import Recorded
from signals_agent.corpus.contributions.valuation import Ecosystem, Valuation
from signals_agent.corpus.contributions.worksheet import FILLED, OURS
from signals_agent.model.obligation import ObligationKind


def render(books: Books) -> Iterator[str]:
    """The CSV, line by line: a row for each record, one more for each gift beyond the first.

    What was filled in stays as it was, in its row; rows that belong to no record here stand
    at the end. Columns that a person added are kept.
    """
    more = [each for each in books.worksheet.more if each not in FILLED]
    yield cells.MARK + cells.row(cells.safe(each) for each in (*OURS, *FILLED, *more))
    for each in books.records():
        ours = _ours(each)
        for recorded in each.recorded or (None,):
            said = {} if recorded is None else recorded.row.said
            yield _row({**ours, "state": _state(each, recorded)}, said, more)
    for row, why in books.left_over:
        kept = {name: cells.safe(row.said.get(name, "")) for name in OURS}
        yield _row({**kept, "state": cells.words(f"not counted: {why}")}, row.said, more)


def _row(ours: Mapping[str, str], said: Mapping[str, str], more: Sequence[str]) -> str:
    filled = (cells.safe(said.get(name, "")) for name in (*FILLED, *more))
    return cells.row((*(ours[name] for name in OURS), *filled))


def _state(each: Valuation, recorded: Recorded | None) -> str:
    if recorded is None:
        return cells.words(each.state)
    if recorded.gift is None:
        return cells.words("not counted: " + "; ".join(recorded.reasons))
    return "paid" if each.kind is ObligationKind.PAYMENT else "given"


def _ours(each: Valuation) -> dict[str, str]:
    to, use = each.to, each.use
    asked = [one.debt for one in each.asked]
    ceilings = [f"{one.ceiling} (to {one.to})" for one in each.promises if one.ceiling]
    means = each.means
    if means is not None and means.ceiling:
        ceilings.insert(0, means.ceiling + (f" ({means.period})" if means.period else ""))
    return {
        "id": each.id,
        "kind": each.kind.value,
        "party": cells.words(to.name),
        "party_url": "" if isinstance(to, Ecosystem) else cells.words(to.url, 8000),
        "parties": str(to.parties) if isinstance(to, Ecosystem) else "1",
        "asked_by": cells.words("; ".join(dict.fromkeys(words.signal(one) for one in asked))),
        "asked": cells.words(
            " / ".join(dict.fromkeys(one.text for one in asked)) + words.and_more(each), 4000
        ),
        "terms_url": cells.words(next((one.terms_url for one in asked if one.terms_url), ""), 8000),
        "declared_beneficiary": cells.words("; ".join(one.name for one in each.declared)),
        "declared_beneficiary_url": cells.words(
            "; ".join(one.url for one in each.declared if one.url), 8000
        ),
        "assets": str(use.assets),
        "share_of_assets": f"{each.share:.9f}",
        "bytes": str(use.bytes) if use.measured else "",
        "assets_with_bytes": str(use.measured),
        "tokens": str(use.tokens) if use.counted else "",
        "assets_with_tokens": str(use.counted),
        "means": "" if means is None else cells.words(means.stated, 4000),
        "ceiling": cells.words("; ".join(ceilings), 4000),
    }
