"""Which contributions a corpus owes to whom, put beside what was promised and recorded."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from functools import cached_property
from itertools import groupby, islice
from typing import Final

from signals_agent import quote
from signals_agent import url as urls
from signals_agent.corpus import cells
from signals_agent.corpus.contributions import words
from signals_agent.corpus.contributions.account import Account, account, is_amount
from signals_agent.corpus.contributions.gift import Recorded, judge
from signals_agent.corpus.contributions.valuation import (
    Asked,
    Contract,
    Ecosystem,
    Promise,
    Valuation,
)
from signals_agent.corpus.contributions.worksheet import Row, Worksheet
from signals_agent.corpus.facts import Facts
from signals_agent.corpus.held import Extent
from signals_agent.corpus.holdings import Holdings
from signals_agent.corpus.member import Debt
from signals_agent.errors import InvalidURL
from signals_agent.model.ids import identify
from signals_agent.model.obligation import ObligationKind, Party
from signals_agent.policy import Policy
from signals_agent.promises import Agreement, Commitment

KINDS: Final = (
    ObligationKind.DIRECT_CONTRIBUTION,
    ObligationKind.ECOSYSTEM_CONTRIBUTION,
    ObligationKind.PAYMENT,
)
_MOST_ASKED: Final = 20
"""How many wordings of one record are held; a document can have any number of prices."""


def records(
    holdings: Holdings,
    facts: Facts | None = None,
    policy: Policy | None = None,
    worksheet: Worksheet | None = None,
    *,
    today: date,
) -> Iterator[Valuation]:
    """The records: of each ecosystem, then of each declaring party and kind (rule R10a).

    Contributions, and payments beside them. ``today`` decides whether a day has come and
    a commitment still counts. Nobody's price is computed.
    """
    return Books(holdings, facts, policy, worksheet, today).records()


class Books:
    """All that the records are made from; they can be gone through as often as needed."""

    def __init__(
        self,
        holdings: Holdings,
        facts: Facts | None,
        policy: Policy | None,
        worksheet: Worksheet | None,
        today: date,
    ) -> None:
        self.holdings = holdings
        self.facts = facts or Facts()
        self.policy = policy or Policy()
        self.worksheet = worksheet or Worksheet()
        self.today = today
        self._now = datetime.combine(today, time(), UTC)

    @cached_property
    def corpus(self) -> Extent:
        """How much the whole corpus is."""
        return self.holdings.extent()

    @cached_property
    def account(self) -> Account:
        """What was given in all, and how it stands to what was promised."""
        return account(self.records(), self.policy, self.facts, self.worksheet, self.left_over)

    def problems(self) -> tuple[str, ...]:
        """What has to be mended on the worksheet, a sentence each; none where it is empty.

        Rows that do not count, with why, rows of no record of this corpus, in the order of lines,
        and sums above a ceiling.
        """
        if not self.worksheet.rows:
            return ()
        said = self.account
        rows = [
            (
                one.row.line,
                f"{words.TITLES[each.kind]} to {each.to.name} does not count: "
                + "; ".join(one.reasons),
            )
            for each, one in said.uncounted
        ]
        rows += [(row.line, f"counts for nothing: {why}") for row, why in said.left_over]
        told = [f"{said.sheet} line {line}: {why}" for line, why in sorted(rows)]
        if said.over_means is not None and self.facts.means is not None:
            told.append(
                f"what is recorded as given is {words.sums([said.over_means])} above the ceiling "
                f"of the recipient's means ({self.facts.means.ceiling})"
            )
        told += [
            f"what is recorded as given is {words.sums([each.over])} above the ceiling of "
            f"commitment {each.place} of the policy ({each.commitment.ceiling})"
            for each in said.kept
            if each.over is not None
        ]
        return tuple(quote.text(each, 1000) for each in told)

    def not_compared(self) -> str | None:
        """What was given and not held against the ceiling of the means, and why; else ``None``."""
        means = self.facts.means
        if means is None or not self.worksheet.rows or not self.account.not_compared:
            return None
        sums = words.sums(self.account.not_compared)
        why = (
            "nothing is converted"
            if is_amount(means.ceiling)
            else "it is not said as a currency and an amount, such as EUR 500"
        )
        return quote.text(f"not held against the ceiling of the means, for {why}: {sums}", 1000)

    @cached_property
    def _named(self) -> dict[str, tuple[str, str]]:
        """Of the records that rows are about: the kind, and whom, as a sheet names them."""
        return {
            each.id: (each.kind.value, cells.words(each.to.name))
            for each in self._made({})
            if each.id in self.worksheet.rows
        }

    @cached_property
    def left_over(self) -> tuple[tuple[Row, str], ...]:
        """Rows that belong to no record here, in the order of lines, each with why."""
        found = [
            (row, why)
            for rows in self.worksheet.rows.values()
            for row in rows
            if (why := self._astray(row)) is not None
        ]
        return tuple(sorted(found, key=lambda each: each[0].line))

    def _astray(self, row: Row) -> str | None:
        """Why a row belongs to no record of this corpus; else ``None``."""
        if not row.id:
            return "id is empty, so that it cannot be told whose row it is; copy the id back"
        named = self._named.get(row.id)
        if named is None:
            who = row.said.get("party")
            return f"{cells.words(who, 200) if who else 'its record'} is not in this corpus"
        kind, party = named
        # Somebody who sorts one column alone would give each gift to another party.
        said_kind, said_party = row.said.get("kind"), row.said.get("party")
        if (said_kind or kind) != kind or _plain(said_party or party) != _plain(party):
            return f"id is that of {kind} to {cells.read(party)}, and the row names another"
        return None

    def records(self) -> Iterator[Valuation]:
        """The records, with what was recorded in the worksheet."""
        astray = {row.line for row, _ in self.left_over}
        judged: dict[str, tuple[Recorded, ...]] = {}
        for id_, rows in self.worksheet.rows.items():
            here = [row for row in rows if row.line not in astray]
            if here:
                judged[id_] = tuple(_once([judge(row, self.today) for row in here]))
        return self._made(judged)

    def _made(self, judged: dict[str, tuple[Recorded, ...]]) -> Iterator[Valuation]:
        given: set[str] = set()
        for debt, parties, extent in self.holdings.ecosystems():
            to = Ecosystem(debt.signal, parties, debt.beneficiary)
            recorded = judged.get(_of_ecosystem(debt), ())
            if any(each.gift for each in recorded):
                given.add(_of_ecosystem(debt))
            yield Valuation(
                id=_of_ecosystem(debt),
                kind=debt.kind,
                to=to,
                asked=(Asked(debt, extent),),
                use=extent,
                corpus=self.corpus,
                means=self.facts.means,
                promises=tuple(self._promises(debt.kind, None, None)),
                recorded=recorded,
            )
        # Both are in one order, so that neither has to be held.
        owed = self.holdings.owed_to(*KINDS)
        asked = groupby(self.holdings.debts(*KINDS), lambda each: (each[0].to, each[0].kind))
        for (_, debts), (to_party, kind, extent, example) in zip(asked, owed, strict=True):
            first = [Asked(*each) for each in islice(debts, _MOST_ASKED)]
            gathered = dict.fromkeys(_of_ecosystem(each.debt) for each in first)
            more, binding = 0, False
            for debt, _ in debts:
                more += 1
                binding = binding or debt.binding
                gathered.setdefault(_of_ecosystem(debt))
            there = tuple(gathered) if kind is ObligationKind.ECOSYSTEM_CONTRIBUTION else ()
            id_ = _of_party(kind, to_party)
            yield Valuation(
                id=id_,
                kind=kind,
                to=to_party,
                asked=tuple(first),
                use=extent,
                corpus=self.corpus,
                more_asked=more,
                more_binding=binding,
                example=example,
                gathered_in=there,
                given_there=tuple(each for each in there if each in given),
                means=self.facts.means,
                promises=tuple(self._promises(kind, to_party, example)),
                contracts=tuple(self._contracts(kind, to_party, example)),
                recorded=judged.get(id_, ()),
            )

    def _promises(
        self, kind: ObligationKind, party: Party | None, example: str | None
    ) -> Iterator[Promise]:
        for place, each in enumerate(self.policy.commitment, 1):
            if each.kind is not kind:
                continue
            about = _about(each, party, example)
            if about is not None:
                flaw = each.flaw(self._now)
                yield Promise(place, each.to, each.ceiling, about or None, flaw)

    def _contracts(self, kind: ObligationKind, party: Party, example: str) -> Iterator[Contract]:
        for each in self.policy.agreement:
            if kind in each.answers and _with(each, party, example):
                yield Contract(each.party, each.flaw(self._now))


def _of_ecosystem(debt: Debt) -> str:
    named = debt.beneficiary
    told = (debt.signal,) if named is None else (named.name, named.url or "")
    return identify("con", "ecosystem", *told)


def _of_party(kind: ObligationKind, to: Party) -> str:
    told = (kind, to.name, to.url or "", "inferred" if to.inferred else "named")
    return identify("con", *told)


def _about(commitment: Commitment, party: Party | None, example: str | None) -> str | None:
    """Whether a commitment is about a party: nothing, or all (empty), or the part that it names.

    An ecosystem as a whole (no party) is only what is promised to everyone.
    """
    to = commitment.to
    if to == "*":
        return ""
    if party is None:
        return None
    if to.startswith("/"):
        return to
    if "://" in to:
        parsed = urls.parse(to)
        if parsed.target == "/" and _origin(party.url) == parsed.origin:
            return ""
        return to if parsed.origin in (_origin(party.url), _origin(example)) else None
    return "" if to.casefold() == party.name.casefold() else None


def _with(agreement: Agreement, party: Party, example: str) -> bool:
    there = {_origin(party.url), _origin(example)} & set(agreement.origins)
    return bool(there) or agreement.party.casefold() == party.name.casefold()


def _origin(url: str | None) -> str | None:
    try:
        return urls.parse(url).origin if url else None
    except InvalidURL:
        return None


def _plain(name: str) -> str:
    return " ".join(cells.read(name).split()).casefold()


def _once(recorded: Sequence[Recorded]) -> Iterator[Recorded]:
    """The rows of one record; a gift of which another row says all the same counts once."""
    seen: dict[tuple[tuple[str, str], ...], int] = {}
    for each in recorded:
        said = tuple(sorted(each.row.filled().items()))
        before = seen.setdefault(said, each.row.line)
        if each.gift is None or before == each.row.line:
            yield each
        else:
            text = f"it says the same as line {before}; where it is another gift, note its receipt"
            yield Recorded(each.row, None, (), (text,))
