"""Which of many path rules match a target, without trying them all."""

import re
from collections.abc import Iterable
from typing import Generic, TypeVar

from signals_agent.robots.groups import Group
from signals_agent.robots.match import Pattern, pattern
from signals_agent.robots.parse import Record

Payload = TypeVar("Payload")

Match = tuple[int, bytes, Record, bytes]
"""The pattern's length, the pattern as written, the record, and the value after the pattern."""


class PrefixIndex(Generic[Payload]):
    """Entries by the octets with which every target that they can match begins.

    A look-up costs one hash for each different length of prefix up to the target's own,
    not one for each entry.
    """

    __slots__ = ("_entries", "_lengths")

    def __init__(self, entries: Iterable[tuple[bytes, Payload]]) -> None:
        """Index entries, each with its prefix; their order is kept among equal prefixes."""
        self._entries: dict[bytes, list[Payload]] = {}
        for prefix, payload in entries:
            self._entries.setdefault(prefix, []).append(payload)
        self._lengths = tuple(sorted({len(prefix) for prefix in self._entries}))

    def candidates(self, target: bytes) -> list[Payload]:
        """Every entry whose prefix the target begins with, shortest prefix first."""
        found: list[Payload] = []
        entries = self._entries
        room = len(target)
        for length in self._lengths:
            if length > room:
                break
            if (here := entries.get(target[:length])) is not None:
                found += here
        return found


class RuleIndex(Generic[Payload]):
    """Path patterns with what they carry, for finding all that match a target."""

    __slots__ = ("_index",)

    def __init__(self, entries: Iterable[tuple[Pattern, Payload]]) -> None:
        """Index patterns; two of equal length keep the order given."""
        self._index = PrefixIndex(
            (each.prefix, (-each.length, order, each, payload))
            for order, (each, payload) in enumerate(entries)
        )

    def matching(self, target: bytes) -> list[tuple[Pattern, Payload]]:
        """All entries that match, longest pattern first (rule R13b)."""
        found = [entry for entry in self._index.candidates(target) if entry[2].matches(target)]
        found.sort(key=lambda entry: entry[:2])
        return [(entry[2], entry[3]) for entry in found]


_PATH = re.compile(rb"(/[^ \t]*)[ \t]*")


def path_and_value(value: bytes) -> tuple[bytes, bytes]:
    """Split a usage rule into its path pattern and its expression (attach-05, section 3).

    Only a first ``/`` begins a path, which ends at the first space or tab. Without one
    the pattern is empty: it matches every path and is shorter than any other.
    """
    found = _PATH.match(value)
    return (found[1], value[found.end() :]) if found else (b"", value)


def matching(group: Group, key: str, target: bytes) -> list[Match]:
    """The group's records of a key whose path matches a target, longest pattern first.

    ``target`` comes from ``match.target``. Records of equal length stand in file order; a
    record without a path has length 0. The index is kept with the group.
    """
    index: RuleIndex[tuple[bytes, Record, bytes]] | None = group.memo.get(("path", key))
    if index is None:
        index = group.memo["path", key] = RuleIndex(
            (pattern(path), (path, record, value))
            for record in group.records
            if record.key == key
            for path, value in (path_and_value(record.value),)
        )
    return [(found.length, *payload) for found, payload in index.matching(target)]
