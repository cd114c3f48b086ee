"""The items of a checklist as values, and what they are computed from."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from signals_agent.corpus.composition.nouns import Composition, Weights
from signals_agent.corpus.facts import Facts
from signals_agent.corpus.holdings import Holdings
from signals_agent.model.licence import Activity


class State(StrEnum):
    """How far an item is."""

    DONE = "done"
    OPEN = "open"
    NOT_APPLICABLE = "not-applicable"


class How(StrEnum):
    """Whether the state was computed from the corpus, or a person says so."""

    COMPUTED = "computed"
    STATED = "stated"


@dataclass(frozen=True, slots=True)
class Item:
    """One item: its state, what shows it, and, while it is open, what closes it.

    ``evidence`` is plain text; ``shown`` is the same as Markdown, where others' words are in it.
    """

    name: str
    title: str
    state: State
    how: How
    evidence: str
    ask: str | None = None
    shown: str | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """What the items are computed from; ``written`` are the files of the output folder.

    ``planned`` are the activities that are planned, none where nobody said.
    """

    holdings: Holdings
    composition: Composition
    weights: Weights
    facts: Facts
    planned: Sequence[Activity]
    today: date
    written: Collection[str] = ()


def is_open(items: Sequence[Item]) -> int:
    """How many items are open."""
    return sum(each.state is State.OPEN for each in items)
