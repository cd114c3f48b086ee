"""What a description says of a model, and what that comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from signals_agent.model.note import Note
from signals_agent.openness.components import Part, Rank


class MofClass(StrEnum):
    """The class of a model; ``none`` is what the Model Openness Tool calls unclassified."""

    I = "I"  # noqa: E741  # the name of the class
    II = "II"
    III = "III"
    NONE = "none"


class Source(StrEnum):
    """What kind of file it is that describes the model."""

    MOF = "mof"
    MODEL_CARD = "model-card"
    NONE = "none"


class Status(StrEnum):
    """What a component comes to, from the best; ``unknown`` only where the source is a card."""

    OPEN = "open"
    CONDITIONAL = "conditional"
    INVALID = "invalid"
    UNLICENSED = "unlicensed"
    MISSING = "missing"
    UNKNOWN = "unknown"


INCLUDED = frozenset({Status.OPEN, Status.CONDITIONAL})


@dataclass(frozen=True, slots=True)
class Stated:
    """A licence as it is written: blank where there is none, ``readable`` where it is text."""

    name: str
    readable: bool = True


@dataclass(frozen=True, slots=True)
class Described:
    """A component that is listed; ``licence`` is ``None`` where nothing is said of one."""

    part: Part
    licence: Stated | None = None


@dataclass(frozen=True, slots=True)
class Osaid:
    """An assertion that the system is open source AI (OSAID 1.0), as far as it holds.

    ``counts`` is true only where conformance is asserted with an address as evidence.
    Nothing looks at the evidence: it is for whoever relies on it.
    """

    asserted: bool = False
    counts: bool = False
    evidence: str = ""
    reason: str = "nobody asserts it in this file"


@dataclass(frozen=True, slots=True)
class Description:
    """What one file says of a model.

    ``subject`` has ``name``, ``version``, ``producer`` and the like, where they are given;
    ``licences`` those of ``release.license`` by content type, and ``distribution``.
    ``card`` is the licences of a model card and ``datasets`` the names that it gives.
    ``unreadable`` says why nothing could be made of the file, and is empty where it could.
    """

    name: str
    source: Source
    syntax: str = ""
    sha256: str = ""
    subject: Mapping[str, str] = field(default_factory=dict)
    licences: Mapping[str, Stated] = field(default_factory=dict)
    components: tuple[Described, ...] = ()
    card: tuple[Stated, ...] = ()
    datasets: tuple[str, ...] = ()
    osaid: Osaid = Osaid()
    notes: tuple[Note, ...] = ()
    unreadable: str = ""


@dataclass(frozen=True, slots=True)
class Component:
    """One of the seventeen: what it comes to, and why.

    ``licence`` is as written and ``found_in`` says where (``component``,
    ``release.license.data``, ``release.license.distribution``, ``front matter``); both are
    empty where no licence was found. ``spdx`` is its id where it is an open one.
    """

    part: Part
    status: Status
    reason: str
    licence: str = ""
    found_in: str = ""
    spdx: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a class is reached: what it requires, and what of that is lacking.

    ``stood_in`` is what is not included and not lacking, since another stands in for it.
    """

    rank: Rank
    required: tuple[str, ...]
    lacking: tuple[str, ...]
    reached: bool
    stood_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Openness:
    """What a description comes to: the class, component by component, and what is not known."""

    description: Description
    mof_class: MofClass
    components: tuple[Component, ...]
    progress: tuple[Progress, ...]
    not_known: tuple[str, ...]

    @property
    def by_class(self) -> bool:
        """Whether the class is I or II."""
        return self.mof_class in (MofClass.I, MofClass.II)

    @property
    def open(self) -> bool:
        """Whether this meets a signal that asks for openness: class I or II, or OSAID asserted."""
        return self.by_class or self.description.osaid.counts

    @property
    def conditional(self) -> tuple[str, ...]:
        """The components whose licence is open, yet not one meant for what they are."""
        return tuple(
            each.part.name for each in self.components if each.status is Status.CONDITIONAL
        )

    @property
    def unreadable(self) -> str:
        """Why nothing could be made of the file; empty where it could."""
        return self.description.unreadable

    @property
    def reason(self) -> str:
        """One sentence: why it is open, or why it is not."""
        if self.unreadable:
            return f"not open: {self.unreadable}"
        if self.by_class:
            return f"open: class {self.mof_class} of the Model Openness Framework"
        if self.description.osaid.counts:
            return "open: asserted to be open source AI (OSAID 1.0), with evidence"
        if self.description.source is Source.MODEL_CARD:
            return "not shown to be open: a model card cannot tell the class"
        reached = "no class" if self.mof_class is MofClass.NONE else f"class {self.mof_class} only"
        return f"not open: {reached} of the Model Openness Framework"
