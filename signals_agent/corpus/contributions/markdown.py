"""The contributions of a corpus as Markdown, for the people who decide on them."""

from collections.abc import Iterator

from signals_agent import quote, wording
from signals_agent.corpus import called
from signals_agent.corpus.contributions import words
from signals_agent.corpus.contributions.account import Account, Kept
from signals_agent.corpus.contributions.books import Books
from signals_agent.corpus.contributions.gift import Gift, Recorded
from signals_agent.corpus.contributions.valuation import Asked, Ecosystem, Promise, Valuation
from signals_agent.model import citation
from signals_agent.model.obligation import ObligationKind, Party

_LONGEST = 4000


def render(books: Books, worksheet: str = "contributions.csv") -> Iterator[str]:
    """The document, piece by piece; ``worksheet`` is what the sheet to fill in is called."""
    said = books.account
    yield f"# Contributions owed for {_md(called.title(books.facts, books.holdings.names))}\n\n"
    for paragraph in _introduction(books, said, worksheet):
        yield paragraph + "\n\n"
    yield from _section("What was promised", _promised(said))
    yield from _section("Recorded, and not counted", _uncounted(said))
    yield from _section("Rows of no record here", _left_over(said))
    headed: str | None = None
    for each in books.records():
        heading = "Ecosystems" if isinstance(each.to, Ecosystem) else "Declaring parties"
        if heading != headed:
            yield f"## {heading}\n\n"
            headed = heading
        yield from _record(each)
    yield (
        "No price was computed for anyone: what a contribution is worth is for you to say in good "
        "faith.\nThis is no legal advice.\n"
    )


def _introduction(books: Books, said: Account, worksheet: str) -> Iterator[str]:
    if not said.records:
        yield "Nobody asks for a contribution or a payment for what is in this corpus."
        return
    yield (
        "These parties let their assets be used on the condition that something is given back, in "
        "money or in kind.\n"
        "How much is for you to say, by a good-faith valuation of the use and of your means.\n"
        f"Decide in `{quote.text(worksheet, 200).replace('`', '')}`, and read it in again.\n"
        "A gift counts only once a person has confirmed to whom it went, with the day of it."
    )
    yield (
        f"{_asking(said)}\n"
        f"{_given(said)}\n"
        f"As of {books.today}; the corpus holds {words.use(books.corpus)}."
    )
    means = books.facts.means
    if means is None:
        yield "The recipient's means are not stated; `[means]` of the corpus' facts says them."
        return
    period = f" ({_md(means.period)})" if means.period else ""
    most = f"\nThe most that it can give: {_md(means.ceiling)}{period}." if means.ceiling else ""
    yield f"The recipient's means, as it states them: {_md(means.stated)}.{most}"
    if said.over_means is not None:
        yield f"**What is recorded is above that by {words.sums([said.over_means])}.**"
    if apart := books.not_compared():
        yield f"{_md(apart).capitalize()}."


def _asking(said: Account) -> str:
    """How many records there are: a row of the worksheet each."""
    asking = words.count(said.records, "record of a party", "records of parties")
    told = f"{asking}, {words.number(said.open)} of them open"
    if not said.ecosystems:
        return f"{told}."
    gathered = words.count(said.ecosystems, "record of an ecosystem", "records of ecosystems")
    verb = "gathers" if said.ecosystems == 1 else "gather"
    return f"{told}; and {gathered}, which {verb} what several parties ask for the same."


def _given(said: Account) -> str:
    parts = []
    if said.sums:
        parts.append(f"Given in money: {words.sums(said.sums)}.")
    if said.in_kind:
        parts.append(f"Given in kind: {words.count(said.in_kind, 'time')}.")
    if said.paid:
        parts.append(f"Paid by agreement: {words.sums(said.paid)}.")
    return " ".join(parts) or "Nothing counts as given yet."


def _section(heading: str, lines: Iterator[str]) -> Iterator[str]:
    written = False
    for line in lines:
        if not written:
            yield f"## {heading}\n\n"
            written = True
        yield f"- {line}\n"
    if written:
        yield "\n"


def _promised(said: Account) -> Iterator[str]:
    for each in said.kept:
        yield f"{_commitment(each)}: {'; '.join(_kept(each))}."


def _commitment(each: Kept) -> str:
    to = "everyone" if each.commitment.to == "*" else _md(each.commitment.to)
    most = f", at most {_md(each.commitment.ceiling)}" if each.commitment.ceiling else ""
    return f"Commitment {each.place}, {words.TITLES[each.commitment.kind]} to {to}{most}"


def _kept(each: Kept) -> Iterator[str]:
    if each.flaw is not None:
        yield f"it does not count: {_md(each.flaw)}"
    if not each.about:
        yield "nobody in this corpus asks for it"
    else:
        kept = f"a gift is recorded for {each.answered} of {each.about} that ask for it"
        yield kept + (f" (for {each.partly} it is about a part of the assets)" * bool(each.partly))
    if each.sums:
        yield f"given {words.sums(each.sums)}"
    if each.in_kind:
        yield f"in kind {words.count(each.in_kind, 'time')}"
    if each.over is not None:
        yield f"**above its ceiling by {words.sums([each.over])}**"
    if each.apart:
        yield f"not held against the ceiling, for nothing is converted: {words.sums(each.apart)}"
    if each.late:
        yield f"{words.count(each.late, 'gift')} after it had expired, not counted here"
    if each.commitment.evidence:
        yield f"evidence: {_link(each.commitment.evidence, each.commitment.evidence)}"


def _uncounted(said: Account) -> Iterator[str]:
    for each, recorded in said.uncounted:
        why = "; ".join(_md(reason) for reason in recorded.reasons)
        yield (
            f"{_md(said.sheet)} line {recorded.row.line}, {words.TITLES[each.kind]} to "
            f"{_md(each.to.name)}: {why}."
        )


def _left_over(said: Account) -> Iterator[str]:
    for row, why in said.left_over:
        yield f"{_md(said.sheet)} line {row.line}: {_md(why)}. It is kept, and counts for nothing."


def _record(each: Valuation) -> Iterator[str]:
    yield f"### {words.TITLES[each.kind].capitalize()} to {_subject(each)}\n\n"
    yield f"- Row `{each.id}` of the worksheet.\n"
    if not each.binding:
        yield "- It is told, and does not bind.\n"
    for one in each.asked:
        yield f"- {_asked(one)}\n"
    if each.more_asked:
        yield f"- And {words.count(each.more_asked, 'more wording')}.\n"
    yield f"- Use: {words.use(each.use, each.share)}."
    yield f" One of them: {_link(each.example, each.example)}.\n" if each.example else "\n"
    for named in each.declared:
        yield f"- Beneficiary: {_party(named)} ({words.CLAIM}).\n"
    for promise in each.promises:
        yield f"- {_promise(promise)}\n"
    for contract in each.contracts:
        flaw = f", which does not count: {_md(contract.flaw)}" if contract.flaw else ""
        yield f"- An agreement with {_md(contract.party)} answers it{flaw}.\n"
    if each.kind is ObligationKind.PAYMENT and not each.contracts:
        yield (
            "- A payment takes an agreement made beforehand; put it into the policy as "
            "`[[agreement]]`.\n"
        )
    for recorded in each.recorded:
        yield f"- {_recorded(recorded)}\n"
    if not each.recorded:
        yield f"- {_md(each.state).capitalize()}.\n"
    yield "\n"


def _subject(each: Valuation) -> str:
    if not isinstance(each.to, Ecosystem):
        return _party(each.to) + (" (inferred from the address)" if each.to.inferred else "")
    asking = words.count(each.to.parties, "party asks", "parties ask")
    if each.to.collective is not None:
        return f"{_party(each.to.collective)}, for which {asking}"
    return f"the ecosystem that is meant by {_md(each.to.signal)}, for which {asking}"


def _asked(one: Asked) -> str:
    debt = one.debt
    terms = f" Terms: {_link(debt.terms_url, debt.terms_url)}." if debt.terms_url else ""
    return f"{_md(debt.text)} (By {_md(words.signal(debt))}.){terms}"


def _promise(each: Promise) -> str:
    most = f", at most {_md(each.ceiling)}" if each.ceiling else ""
    part = f", for what lies under {_md(each.part)}" if each.part else ""
    flaw = f"; it does not count: {_md(each.flaw)}" if each.flaw else ""
    return f"Promised by commitment {each.place} of the policy{part}{most}{flaw}."


def _recorded(recorded: Recorded) -> str:
    if recorded.gift is None:
        why = "; ".join(_md(reason) for reason in recorded.reasons)
        return f"Recorded in line {recorded.row.line}, and not counted: {why}."
    return _gift(recorded.gift)


def _gift(gift: Gift) -> str:
    what = [f"{gift.currency} {words.amount(gift.amount)}"] if gift.amount is not None else []
    what += [_md(gift.in_kind)] if gift.in_kind else []
    receipt = f" Receipt: {_md(gift.receipt)}." if gift.receipt else ""
    note = f" Note: {_md(gift.note)}." if gift.note else ""
    return (
        f"**Given** on {gift.given_on}: {wording.series(what)}, to {_md(gift.beneficiary)} "
        f"(confirmed by {_md(gift.confirmed_by)} on {gift.confirmed_on}).{receipt}{note}"
    )


def _party(each: Party) -> str:
    return _link(each.name, each.url)


def _link(text: str, url: str | None) -> str:
    where = citation.address(url)
    return f"[{_md(text)}](<{where.replace('&', '&amp;')}>)" if where else _md(text)


def _md(text: str) -> str:
    return quote.markdown(text, _LONGEST)
