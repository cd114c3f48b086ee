"""The credits of a corpus in numbers: who is named most, who asks, and how many ask for nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from heapq import nlargest
from itertools import groupby
from typing import Final

from signals_agent import credit
from signals_agent.corpus.credits import asks, words
from signals_agent.corpus.credits.asks import Ask
from signals_agent.corpus.held import Collection
from signals_agent.corpus.holdings import Holdings
from signals_agent.model.obligation import Basis, ObligationKind, Party

MOST_SIGNALS: Final = 1000
"""How many different asks are told apart; the others are counted."""

_MOST_COLLECTIONS: Final = 3


@dataclass(frozen=True, slots=True)
class Named:
    """A party that is credited, with how many assets, and in which collections.

    ``largest`` are the names of its largest collections, ``collections`` how many it has.
    """

    party: Party
    assets: int
    collections: int
    largest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What the credits come to.

    ``assets`` are all of the corpus, ``credited`` those that are named in the credits,
    ``uncredited`` the others, of which nobody asks for credit. ``parties`` and ``collections``
    count those that are named, ``unnamed`` the parties of which nothing is; ``biggest`` are the
    parties with most assets, and ``rest`` how many more there are, with how many assets.
    ``asks`` are told apart by what is asked, not by party; ``further_asks`` counts what
    collections ask beyond the first ``MOST_SIGNALS``. ``asking`` is to how many parties credit
    is owed, ``noticing`` how many more ask only that notices are kept; ``owed_to`` has both by
    what it rests on. ``says_changes`` is of how many assets the licence asks whoever changed
    them to say so.
    """

    assets: int
    credited: int
    parties: int
    collections: int
    biggest: tuple[Named, ...]
    rest: tuple[int, int]
    asks: tuple[Ask, ...]
    further_asks: int
    asking: int
    noticing: int
    unnamed: int
    owed_to: dict[Basis, tuple[int, int]]
    says_changes: int

    @property
    def uncredited(self) -> int:
        """How many assets ask for no credit."""
        return self.assets - self.credited


@dataclass(slots=True)
class _Tally:
    """What is counted as the collections go by."""

    credited: int = 0
    parties: int = 0
    unnamed: int = 0
    collections: int = 0
    asks: dict[tuple[object, ...], Ask] = field(default_factory=dict)
    further: int = 0

    def collection(self, each: Collection) -> None:
        for ask in asks.of(each.owed):
            one = replace(ask, to=None)
            known = self.asks.get(one.key)
            if known is not None:
                one = asks.added(known, one)
            elif len(self.asks) >= MOST_SIGNALS:
                self.further += 1
                continue
            self.asks[one.key] = one

    def party(self, made: Named) -> None:
        self.credited += made.assets
        self.parties += 1
        self.collections += made.collections


def of(holdings: Holdings, most: int = 10) -> Summary:
    """The summary, with the ``most`` biggest parties; what it holds does not grow with them."""
    tally = _Tally()
    # Of equals the first are kept, as they come by name.
    biggest = tuple(nlargest(most + 1, _named(holdings, tally), key=lambda each: each.assets))
    # To name the last one takes no more room than to say that it is not named.
    biggest = biggest if tally.parties == most + 1 else biggest[:most]
    (asking_, noticing), owed_to = _owed_to(holdings)
    return Summary(
        assets=holdings.extent().assets,
        credited=tally.credited,
        parties=tally.parties,
        collections=tally.collections,
        biggest=biggest,
        rest=(
            tally.parties - len(biggest),
            tally.credited - sum(each.assets for each in biggest),
        ),
        asks=asks.ordered(tally.asks.values()),
        further_asks=tally.further,
        asking=asking_,
        noticing=noticing,
        unnamed=tally.unnamed,
        owed_to=owed_to,
        says_changes=_says_changes(holdings),
    )


def _named(holdings: Holdings, tally: _Tally) -> Iterator[Named]:
    """Every party that is credited, counted as it goes by."""
    for party, every in groupby(holdings.collections(*asks.KINDS), lambda each: each.party):
        count = assets = 0
        largest: list[tuple[int, str]] = []
        for each in every:
            tally.collection(each)
            if each.credited:
                count += 1
                assets += each.credited
                largest = nlargest(
                    _MOST_COLLECTIONS,
                    [*largest, (each.credited, each.name)],
                    key=lambda one: one[0],
                )
        if count:
            made = Named(party, assets, count, tuple(name for _, name in largest))
            tally.party(made)
            yield made
        else:
            tally.unnamed += 1


def asking(told: Summary) -> str:
    """Of the parties that are named, how many credit is owed to."""
    if not told.asking:
        return "none of which asks for it"
    if told.asking == told.parties:
        return "which asks for it" if told.parties == 1 else "all of which ask for it"
    more = f", {told.noticing:,} more only to keep notices" if told.noticing else ""
    return f"and {told.asking:,} {'asks' if told.asking == 1 else 'ask'} for credit{more}"


def to_parties(credited: int, noticing: int) -> str:
    """To how many parties credit is owed, and the keeping of notices alone."""
    parties = f"to {words.count(credited, 'party')}"
    if not noticing:
        return parties
    if not credited:
        return f"to {words.count(noticing, 'party')}, for its notices alone"
    return f"{parties}, and to {noticing:,} more for notices alone"


def _owed_to(holdings: Holdings) -> tuple[tuple[int, int], dict[Basis, tuple[int, int]]]:
    """To how many parties credit is owed, and notices alone: in all, and by what it rests on."""
    every = [0, 0]
    counts = {basis: [0, 0] for basis in Basis}
    for _, owed in groupby(holdings.debts(*asks.KINDS), lambda each: each[0].to):
        found = {(debt.basis, debt.kind) for debt, _ in owed}
        every[_place(kind for _, kind in found)] += 1
        for basis in {basis for basis, _ in found}:
            counts[basis][_place(kind for of, kind in found if of is basis)] += 1
    by = {basis: (credited, more) for basis, (credited, more) in counts.items() if credited + more}
    return (every[0], every[1]), by


def _place(kinds: Iterable[ObligationKind]) -> int:
    return 0 if ObligationKind.CREDIT in kinds else 1


def _says_changes(holdings: Holdings) -> int:
    extents = holdings.on_footings()
    return sum(
        extents[number].assets
        for number, footing in holdings.footings.items()
        if number in extents and credit.asks_what_changed(footing.licences)
    )
