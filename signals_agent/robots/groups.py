"""Which lines of a robots.txt govern us (rules R13a and R14)."""

import math
import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from signals_agent.robots.parse import Record, RobotsFile, blank_lines


class Reading(StrEnum):
    """By whose eyes the groups are formed (rule R14)."""

    AIPREF = "aipref"
    """A Content-Usage line is a rule, so it ends the list of User-agent lines."""
    LEGACY = "legacy"
    """A reader of RFC 9309 that has never heard of it: it ends nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """The lines that hold for us, merged from every group that names us, in file order.

    ``tokens`` are the tokens that named us, as written; ``("*",)`` where the groups for
    everyone were taken; none where there is no group for us. ``records`` leaves out
    User-agent and Sitemap lines. ``crawl_delay`` is in seconds, the longest that is
    given, not capped. ``memo`` keeps what is worked out from the records, so that it is
    done once however many URLs are asked about.
    """

    tokens: tuple[str, ...] = ()
    named: bool = False
    records: tuple[Record, ...] = ()
    crawl_delay: float | None = None
    memo: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)


@dataclass(slots=True)
class _Block:
    """A list of User-agent lines and what follows it, up to the next list."""

    agents: dict[str, str]
    records: list[Record]


_ENDS: dict[Reading, frozenset[str]] = {
    Reading.AIPREF: frozenset({"allow", "disallow", "content-usage"}),
    Reading.LEGACY: frozenset({"allow", "disallow"}),
}
_GLOBAL = frozenset({"sitemap"})
_TOKEN = re.compile(rb"[A-Za-z0-9_-]*")
EVERYONE = "*"


def token(value: bytes) -> str:
    """The product token that a User-agent value names; ``*`` is everyone, empty is nobody.

    The value counts up to the first octet outside ``A-Za-z0-9_-`` (rule R13a). Stars
    before a token are dropped, as Protego drops them; a star before anything else is
    everyone.
    """
    rest = value.lstrip(b"*")
    found = _TOKEN.match(rest)
    name = found[0].decode("ascii") if found else ""
    return EVERYONE if not name and len(rest) < len(value) else name


def choose(file: RobotsFile, tokens: tuple[str, ...], reading: Reading) -> Group:
    """The lines for a crawler of these tokens: its own groups, else everyone's, else none.

    The answer is kept with the file, so asking again costs a look-up. Where both readings
    have the same lines for us, they are the same object.
    """
    ours, legacy = both(file, tokens)
    return ours if reading is Reading.AIPREF else legacy


def both(file: RobotsFile, tokens: tuple[str, ...]) -> tuple[Group, Group]:
    """The lines for us under the AIPREF and under the legacy reading (rule R14)."""
    chosen: tuple[Group, Group] | None = file.memo.get(tokens)
    if chosen is None:
        # Publishers do not choose our tokens, so this stays small; the bound is for safety.
        if len(file.memo) > 256:
            file.memo.clear()
        ours = legacy = _choose(file, tokens, Reading.AIPREF)
        if any(record.key == "content-usage" for record in file.records):
            other = _choose(file, tokens, Reading.LEGACY)
            if (other.tokens, other.records) != (ours.tokens, ours.records):
                legacy = other
        chosen = file.memo[tokens] = ours, legacy
    return chosen


def readings_differ(file: RobotsFile, tokens: tuple[str, ...]) -> bool:
    """Whether a reader unaware of Content-Usage has other lines for us (rule R14)."""
    ours, legacy = both(file, tokens)
    return ours is not legacy


def orphans(file: RobotsFile) -> tuple[Record, ...]:
    """The records before any User-agent line, Sitemap lines left out (rule R13d)."""
    kept: tuple[Record, ...] | None = file.memo.get("orphans")
    if kept is None:
        before: list[Record] = []
        for record in file.records:
            if record.key == "user-agent":
                break
            if record.key not in _GLOBAL:
                before.append(record)
        kept = file.memo["orphans"] = tuple(before)
    return kept


def loose(file: RobotsFile, key: str) -> tuple[Record, ...]:
    """The records of a key that stand in a group, but after a blank or Sitemap line of it.

    Publishers put there what they mean for the whole site (rule R13d). Such lines count from
    the last User-agent line, so a blank one between two of these sets nothing apart.
    """
    kept: tuple[Record, ...] | None = file.memo.get(("loose", key))
    if kept is None:
        found: list[Record] = []
        blank = blank_lines(file.octets) if any(each.key == key for each in file.records) else ()
        agent = apart = 0
        for record in file.records:
            if record.key == "user-agent":
                agent = apart = record.line
            elif record.key in _GLOBAL:
                apart = record.line
            elif record.key == key and agent:
                before = bisect_left(blank, record.line)
                if apart > agent or (before and blank[before - 1] > agent):
                    found.append(record)
        kept = file.memo["loose", key] = tuple(found)
    return kept


def _choose(file: RobotsFile, tokens: tuple[str, ...], reading: Reading) -> Group:
    names = {token(name.encode("utf-8", "replace")).lower() for name in tokens} - {EVERYONE, ""}
    named: list[_Block] = []
    everyone: list[_Block] = []
    for block in _blocks(file, reading):
        agents = block.agents
        if not names.isdisjoint(agents):
            named.append(block)
        elif EVERYONE in agents:
            everyone.append(block)
    if named:
        written = (as_is for b in named for low, as_is in b.agents.items() if low in names)
        return _group(tuple(dict.fromkeys(written)), True, named)
    return _group((EVERYONE,), False, everyone) if everyone else Group()


def _group(tokens: tuple[str, ...], named: bool, blocks: list[_Block]) -> Group:
    records = tuple(record for block in blocks for record in block.records)
    return Group(tokens, named, records, _crawl_delay(records))


def _blocks(file: RobotsFile, reading: Reading) -> list[_Block]:
    blocks: list[_Block] | None = file.memo.get(reading)
    if blocks is not None:
        return blocks
    blocks = file.memo[reading] = []
    ends = _ENDS[reading]
    block: _Block | None = None
    listing = False
    for record in file.records:
        key = record.key
        if key == "user-agent":
            # Lines that are no rule may stand between two User-agent lines: the list goes
            # on, and they hold for every token in it (rule R14).
            if block is None or not listing:
                block = _Block({}, [])
                blocks.append(block)
                listing = True
            name = token(record.value)
            if name:
                block.agents.setdefault(name.lower(), name)
        elif block is not None and key not in _GLOBAL:
            if key in ends:
                listing = False
            block.records.append(record)
    return blocks


def _crawl_delay(records: Iterable[Record]) -> float | None:
    delays = (_seconds(record.value) for record in records if record.key == "crawl-delay")
    return max((delay for delay in delays if delay is not None), default=None)


def _seconds(value: bytes) -> float | None:
    try:
        seconds = float(value[:64])
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
