"""The credits of a corpus in numbers: who is named most, who asks, and how many ask for nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from heapq import nlargest
from itertools import groupby
from typing import Final

from signals_agent import credit
from signals_agent.corpus.credits import asks
from signals_agent.corpus.credits.asks import Ask
from signals_agent.corpus.holdings import Collection, Holdings
from signals_agent.model.obligation import Basis, Party

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
    count those that are named; ``biggest`` are the parties with most assets, and ``rest`` how
    many more there are, with how many assets. ``asks`` are told apart by what is asked, not by
    party; ``further_asks`` counts what collections ask beyond the first ``MOST_SIGNALS``.
    ``owed_to`` is to how many parties credit is owed, by what it rests on. ``says_changes`` is
    of how many assets the licence asks whoever changed them to say so.
    """

    assets: int
    credited: int
    parties: int
    collections: int
    biggest: tuple[Named, ...]
    rest: tuple[int, int]
    asks: tuple[Ask, ...]
    further_asks: int
    owed_to: dict[Basis, int]
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
    biggest = tuple(nlargest(most, _named(holdings, tally), key=lambda each: each.assets))
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
        owed_to=_owed_to(holdings),
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


def _owed_to(holdings: Holdings) -> dict[Basis, int]:
    counts = dict.fromkeys(Basis, 0)
    for _, owed in groupby(holdings.debts(*asks.KINDS), lambda each: each[0].to):
        for basis in {debt.basis for debt, _ in owed}:
            counts[basis] += 1
    return {basis: count for basis, count in counts.items() if count}


def _says_changes(holdings: Holdings) -> int:
    extents = holdings.on_footings()
    return sum(
        extents[number].assets
        for number, footing in holdings.footings.items()
        if number in extents and credit.asks_what_changed(footing.licences)
    )
