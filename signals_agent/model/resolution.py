"""What all declarations come to for one asset: access, and one answer for each use."""

from dataclasses import dataclass
from enum import StrEnum

from signals_agent.model.obligation import Term
from signals_agent.model.position import Position
from signals_agent.model.statement import Preference
from signals_agent.model.use import Use


class AccessAnswer(StrEnum):
    """Whether robots.txt lets us fetch (rules R13a to R16)."""

    ALLOWED = "allowed"
    DISALLOWED = "disallowed"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class HopAccess:
    """The access answer for one hop of a redirect chain, with the rule that gave it."""

    url: str
    answer: AccessAnswer
    rule: str | None = None
    position: Position | None = None
    capture: str | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """The access answer for the whole chain: the strictest of its hops."""

    answer: AccessAnswer
    hops: tuple[HopAccess, ...] = ()


@dataclass(frozen=True, slots=True)
class Owed:
    """A term together with the declarations that ask for it."""

    term: Term
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UseResolution:
    """The answer for one use, across families (rule R19), and to the letter (rule R22).

    ``unreadable`` holds the declarations that govern the use and could not be read;
    ``dark`` says that a source which governs the use was there and could not be read
    at all, the asset itself included (rules R15, R35, R39). ``undetermined`` says that
    one could not be looked at, which a *disallow* in ``preference`` hides.
    """

    use: Use
    preference: Preference
    literal: Preference
    owed: tuple[Owed, ...] = ()
    because: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    undetermined: bool = False
    dark: bool = False
