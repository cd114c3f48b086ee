"""What the report calls things, in plain English."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from signals_agent.audit.figures.families import FAMILIES
from signals_agent.audit.figures.families import called as family
from signals_agent.model.obligation import ObligationKind
from signals_agent.model.use import Use
from signals_agent.wording import DUTIES, USES, carrier, series

__all__ = ["FAMILIES", "carrier", "family", "series"]

DECISIONS: Final = {"ingest": "ingest", "hold": "hold", "skip": "skip"}
"""The decisions, the mildest first."""

PREFERENCES: Final = {
    "allow": "allow",
    "conditional": "conditional",
    "unknown": "unknown",
    "undetermined": "undetermined",
    "disallow": "disallow",
}
"""The preferences, the mildest first."""

AVAILABILITIES: Final = {
    "present": "there",
    "absent": "not there",
    "not-looked": "not looked at",
    "unreadable": "unreadable",
    "unavailable": "unavailable",
    "unreachable": "unreachable",
}
"""How looking ends, from the plainest answer to none."""

KINDS: Final = {
    "asset": "the asset itself",
    "robots-txt": "robots.txt",
    "site-file": "another site file",
    "document": "a document that a declaration names",
    "part": "a part of the asset",
    "declaration": "a declaration",
}
"""The kinds of source."""

REASONS: Final = {
    "access-refused": "access is refused",
    "access-undetermined": "access could not be found out",
    "access-terms": "access is on terms",
    "no-asset": "there is nothing to ingest",
    "asset-unreachable": "the asset could not be reached",
    "disallow": "disallowed",
    "licence-forbids": "the licence forbids a planned activity",
    "licence-caution": "the licence asks for caution",
    "undetermined": "undetermined",
    "unreadable": "a declaration could not be read",
    "unmet": "an obligation is not committed to",
    "unknown": "nobody has stated a preference",
    "agreement": "covered by an agreement",
    "clear": "nothing stands against it",
}
"""The reasons of a decision (rule R27)."""

USE_NAMES: Final = tuple(str(each) for each in Use)


def use(name: str) -> str:
    """What a use means; its own name where it is not a known one."""
    return USES[Use(name)] if name in USE_NAMES else name


def duty(kind: str) -> str:
    """What a kind of obligation asks for; nothing where it is not a known one."""
    return DUTIES[ObligationKind(kind)] if kind in set(ObligationKind) else ""


def kind(name: str) -> str:
    """What a kind of source is called; its own name where it is not a known one."""
    return KINDS.get(name, name)


def reason(code: str) -> str:
    """What a reason says; its own name where it is not a known one."""
    return REASONS.get(code, code)


def counted(count: int, noun: str, plural: str = "") -> str:
    """``1 asset``, ``1,204 assets``."""
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"


def share(count: int, of: int) -> str:
    """A share in per cent that never rounds to none or to all unless it is so."""
    if of <= 0:
        return "0%"
    exact = 100 * count / of
    if 0 < exact < 0.1:
        return "under 0.1%"
    if 99.9 < exact < 100:
        return "over 99.9%"
    return f"{exact:.1f}%" if 0 < exact < 100 else f"{exact:.0f}%"


def listed(tally: Mapping[str, int], most: int = 6) -> str:
    """``credit (3), open (1)``; the first few and how many more there are."""
    parts = [f"{name} ({count:,})" for name, count in list(tally.items())[:most]]
    if more := len(tally) - len(parts):
        parts.append(f"{more:,} more")
    return ", ".join(parts)


def moment(found: datetime | None) -> str:
    """A time as people read it, in UTC."""
    return "" if found is None else f"{day(found)}, {found:%H:%M} UTC"


def day(found: datetime) -> str:
    """A day as people read it."""
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"


# Those of strftime go by the locale.
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
