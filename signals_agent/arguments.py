"""What callers of the agent hand in, checked."""

import math
from collections.abc import Iterable
from typing import Any

from signals_agent.errors import UsageError


def check_count(what: str, given: object) -> None:
    """Refuse what is no whole number from 1 up; raises ``UsageError``."""
    if not isinstance(given, int) or given < 1:
        raise UsageError(f"{what} is a whole number of at least 1, not {given!r}")


def check_seconds(what: str, given: object) -> None:
    """Refuse what is no number of seconds; raises ``UsageError``."""
    if not isinstance(given, int | float) or not 0 <= given < math.inf:
        raise UsageError(f"{what} is a number of seconds from 0 up, not {given!r}")


def name(what: str, given: object) -> str:
    """A token, which is never silently replaced by the default where it is empty."""
    if not isinstance(given, str) or not given:
        raise UsageError(f"{what} is a name such as ExampleBot, not {given!r}")
    return given


def names(what: str, given: object) -> tuple[Any, ...]:
    """A list of names, and not one text; raises ``UsageError``."""
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        raise UsageError(f"{what} is a list of names, not {given!r}")
    return tuple(given)
