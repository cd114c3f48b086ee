"""How assets, origins and first examples are counted for each of some groups, in little memory."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Final, Generic, TypeVar

_Key = TypeVar("_Key", bound=Hashable)

EXAMPLES: Final = 5
"""How many URLs are kept as examples."""

_CHUNK: Final = 1024
"""Octets of a piece of a bitmap; each octet holds eight origins."""


class Numbers:
    """A set of numbers, exact, at a bit for each; those of origins lie close together."""

    __slots__ = ("_chunks",)

    def __init__(self) -> None:
        self._chunks: dict[int, bytearray] = {}

    def add(self, number: int) -> None:
        """Put a number in."""
        place, bit = number >> 3, 1 << (number & 7)
        chunk = self._chunks.get(place // _CHUNK)
        if chunk is None:
            chunk = self._chunks[place // _CHUNK] = bytearray(_CHUNK)
        chunk[place % _CHUNK] |= bit

    def __len__(self) -> int:
        return sum(int.from_bytes(each, "big").bit_count() for each in self._chunks.values())


class Group:
    """How many assets and origins belong to something, and which are the first."""

    __slots__ = ("assets", "examples", "origins")

    def __init__(self) -> None:
        self.assets = 0
        self.origins = Numbers()
        self.examples: list[str] = []

    def add(self, url: str, host: int) -> None:
        """One more asset, with the number of its origin."""
        self.assets += 1
        self.origins.add(host)
        if len(self.examples) < EXAMPLES:
            self.examples.append(url)


class Groups(Generic[_Key]):
    """Groups by what they have in common, of which there are few."""

    def __init__(self) -> None:
        self._groups: dict[_Key, Group] = {}

    def add(self, key: _Key, url: str, host: int) -> None:
        """One more asset of a group."""
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = Group()
        group.add(url, host)

    def __len__(self) -> int:
        return len(self._groups)

    def __contains__(self, key: _Key) -> bool:
        return key in self._groups

    def get(self, key: _Key) -> Group:
        """The group of a key that was met."""
        return self._groups[key]

    def largest_first(self) -> Iterator[tuple[_Key, Group]]:
        """The groups with most assets first, else in the order of their keys."""
        yield from sorted(self._groups.items(), key=lambda each: (-each[1].assets, str(each[0])))


def tally(counted: Mapping[str, int]) -> dict[str, int]:
    """A tally in its order: the most frequent first, then by name."""
    return dict(sorted(counted.items(), key=lambda each: (-each[1], each[0])))
