"""The formats in which results are written, found by name."""

from collections.abc import Iterable
from importlib import import_module
from typing import Protocol

from signals_agent.model.assessment import Assessment
from signals_agent.terminal import PLAIN, Screen

FORMATS = ("text", "json", "jsonl", "explain")
"""Every format; each is a module of this package with a class ``Writer``."""


class Writer(Protocol):
    """Writes results one after the other, so that a long run needs little memory.

    Each method returns text to print: ``begin`` before the first result, ``add`` for
    each, ``end`` after the last.
    """

    def begin(self) -> str:
        """What stands before the first result."""
        ...

    def add(self, assessment: Assessment) -> str:
        """One result."""
        ...

    def end(self) -> str:
        """What stands after the last result."""
        ...


def writer(name: str, screen: Screen = PLAIN, several: bool = False) -> Writer:
    """The writer of a format; ``several`` says that more than one result is to come."""
    made: Writer = import_module(f"{__name__}.{name}").Writer(screen, several)
    return made


def render(name: str, assessments: Iterable[Assessment], screen: Screen = PLAIN) -> str:
    """All results in one format, as text that ends with a newline."""
    results = tuple(assessments)
    chosen = writer(name, screen, several=len(results) != 1)
    return "".join((chosen.begin(), *(chosen.add(result) for result in results), chosen.end()))
