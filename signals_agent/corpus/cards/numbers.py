"""Which number each footing and each obligation has in the manifest of a corpus."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from signals_agent.corpus import written
from signals_agent.corpus.composition.nouns import Composition
from signals_agent.corpus.held import Extent
from signals_agent.corpus.holdings import Holdings
from signals_agent.corpus.member import Debt
from signals_agent.model.obligation import ObligationKind, Party

SHOWN: Final = 20
"""Of how many parties the manifest tells in one place what they ask; each source tells its own."""

_NOBODY: Final = Party("")
_KNOWN: Final = 20_000
_KINDS: Final = {kind: number for number, kind in enumerate(ObligationKind)}


@dataclass(slots=True)
class Asked:
    """What is asked in the same words, by one party or many; ``debt`` names none of them.

    ``assets`` counts an asset once for each party that asks it of it. ``most`` are the
    parties with most assets.
    """

    debt: Debt
    assets: int = 0
    parties: int = 0
    most: list[tuple[int, Party]] = field(default_factory=list)


class Numbers:
    """The numbers, from 0 on; they do not depend on the order in which members were read."""

    def __init__(self, holdings: Holdings, composition: Composition) -> None:
        texts = {number: written.footing(each) for number, each in holdings.footings.items()}
        self.footings: Final[dict[int, int]] = {
            number: place
            for place, number in enumerate(sorted(texts, key=lambda each: texts[each]))
        }
        """The number of a footing by that which the holdings give it, in order."""
        self.sets: Final[dict[int, str]] = {
            number: each.name for each in composition.sets for number in each.footings
        }
        """The name of the set in which a footing of the holdings is kept."""
        self.asked: Final[tuple[Asked, ...]] = _asked(holdings)
        """What is asked, by its number."""
        self._places: Final = {_key(each.debt): place for place, each in enumerate(self.asked)}
        self._known: Final[dict[Debt, int]] = {}

    def owed(self, debts: Sequence[Debt], party: Party) -> list[Any]:
        """What is owed for a member: numbers, and who asks where that is not its own party."""
        return [
            place if each.to == party else {"obligation": place, "to": party_of(each.to)}
            for place, each in sorted(
                ((self._place(each), each) for each in debts),
                key=lambda found: (found[0], found[1].to != party, found[1].to.name),
            )
        ]

    def _place(self, debt: Debt) -> int:
        place = self._known.get(debt)
        if place is None:
            if len(self._known) >= _KNOWN:
                self._known.clear()
            place = self._known[debt] = self._places[_key(debt)]
        return place


def _asked(holdings: Holdings) -> tuple[Asked, ...]:
    found: dict[str, Asked] = {}
    for debt, extent in holdings.debts():
        key = _key(debt)
        if key not in found:
            found[key] = Asked(replace(debt, to=_NOBODY))
        _count(found[key], debt.to, extent)
    for each in found.values():
        each.most.sort(key=lambda one: (-one[0], one[1].name, one[1].url or ""))
    ordered = sorted(found.items(), key=lambda each: (_KINDS[each[1].debt.kind], each[0]))
    return tuple(each for _, each in ordered)


def _count(asked: Asked, party: Party, extent: Extent) -> None:
    asked.assets += extent.assets
    asked.parties += 1
    asked.most.append((extent.assets, party))
    if len(asked.most) >= SHOWN * 50:
        asked.most = _most(asked.most)


def _most(parties: list[tuple[int, Party]]) -> list[tuple[int, Party]]:
    return heapq.nsmallest(
        SHOWN, parties, key=lambda each: (-each[0], each[1].name, each[1].url or "")
    )


def _key(debt: Debt) -> str:
    return written.debt(replace(debt, to=_NOBODY))


def party_of(party: Party) -> dict[str, Any]:
    """A party as JSON has it."""
    made: dict[str, Any] = {"name": party.name}
    if party.url is not None:
        made["url"] = party.url
    made["inferred"] = party.inferred
    return made
