"""What a corpus holds, as values: how much, one member, the works of one collection."""

from dataclasses import dataclass

from signals_agent.corpus.member import Debt, Member
from signals_agent.model.obligation import Party


@dataclass(frozen=True, slots=True)
class Extent:
    """How much: assets, and their bytes and tokens as far as they are known.

    ``measured`` and ``counted`` are how many of the assets have a number of bytes, of tokens.
    """

    assets: int = 0
    bytes: int = 0
    tokens: int = 0
    measured: int = 0
    counted: int = 0

    def __add__(self, other: "Extent") -> "Extent":
        return Extent(
            self.assets + other.assets,
            self.bytes + other.bytes,
            self.tokens + other.tokens,
            self.measured + other.measured,
            self.counted + other.counted,
        )


@dataclass(frozen=True, slots=True)
class Held:
    """A member as it is held; ``number`` tells it apart, ``corpora`` are those it is in."""

    number: int
    member: Member
    footing: int


@dataclass(frozen=True, slots=True)
class Collection:
    """What one party declares for in one collection; ``name`` is empty where it has none.

    ``credited`` is how many of its assets have facts for a credit line or owe one of the debts
    that were asked for, ``owed`` those debts, each with how many of the assets owe it.
    """

    party: Party
    name: str
    extent: Extent
    credited: int
    owed: tuple[tuple[Debt, int], ...]
