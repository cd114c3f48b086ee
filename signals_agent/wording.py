"""What the closed lists and the places are called in plain English."""

from collections.abc import Iterable, Sequence
from typing import Final, assert_never

from signals_agent import quote
from signals_agent.model.capture import Availability, CaptureRecord, Coverage, Role
from signals_agent.model.declaration import Declaration
from signals_agent.model.obligation import Obligation, ObligationKind
from signals_agent.model.position import (
    ElementPosition,
    FieldPosition,
    LinePosition,
    PointerPosition,
    Position,
)
from signals_agent.model.use import Use

USES: Final = {
    Use.TRAIN_GENERATIVE: "training a model that generates content",
    Use.TRAIN_OTHER: "training any other model",
    Use.MODEL_INPUT: "input to a running generative model",
    Use.SEARCH: "search that leads people to the source",
    Use.OTHER_ANALYSIS: "any other automated analysis",
}
"""What each use means, in a few words (rules, section 1)."""

DUTIES: Final = {
    ObligationKind.CREDIT: "credit the source",
    ObligationKind.DIRECT_CONTRIBUTION: "support the declaring party, in money or in kind",
    ObligationKind.ECOSYSTEM_CONTRIBUTION: "give back to the ecosystem, in money or in kind",
    ObligationKind.OPEN: "use it only in an AI system that is open",
    ObligationKind.PAYMENT: "pay, by an agreement made beforehand",
    ObligationKind.PERMISSION: "obtain permission beforehand",
    ObligationKind.REPORTING: "report the use, as agreed beforehand",
    ObligationKind.SHARE_ALIKE: "share what is made from it under the same licence",
    ObligationKind.NON_COMMERCIAL: "use it for no commercial advantage",
    ObligationKind.NO_DERIVATIVES: "share nothing that is adapted from it",
    ObligationKind.NOTICE: "keep the licence notices",
    ObligationKind.USE_RESTRICTIONS: "keep to the licence's restrictions on use, and pass them on",
    ObligationKind.CONVEY_PREFERENCES: "let the preferences travel with the dataset and the model",
}
"""What each kind of obligation asks for, in a few words (rules, section 6)."""

ENDINGS: Final = {
    Availability.PRESENT: "looked at",
    Availability.UNREADABLE: "there, but could not be read",
    Availability.ABSENT: "looked for, and not there",
    Availability.UNAVAILABLE: "refused or unavailable",
    Availability.UNREACHABLE: "could not be reached",
    Availability.NOT_LOOKED: "not looked at",
}
"""What each way in which looking ends means (rule R15)."""


def looked(coverage: Coverage, capture: CaptureRecord | None) -> str:
    """How looking at one source ended, in a few words, with the status where it tells why."""
    ending = ENDINGS[coverage.availability]
    robots = capture is not None and capture.role is Role.ROBOTS
    if robots and coverage.availability is Availability.UNREADABLE:
        ending = "there, but no robots.txt: it holds no rules"
    told = coverage.availability in (Availability.UNREACHABLE, Availability.UNAVAILABLE)
    if told and capture is not None and capture.status is not None:
        ending += f", answered {capture.status}"
    return ending


def source(coverage: Coverage) -> str:
    """The source of a line of coverage, as its URL and the part of it that is meant."""
    part = f" (its {coverage.part})" if coverage.part else ""
    return f"{quote.text(coverage.source, 2000)}{part}"


_CARRIERS: Final = {
    "http-header": "HTTP header",
    "robots-txt": "robots.txt",
    "html-meta": "HTML meta",
    "well-known": "well-known file",
    "site-file": "site file",
}


def carrier(name: str) -> str:
    """What a carrier is called; its own name where it is not a known one."""
    return _CARRIERS.get(name, quote.text(name))


def position(place: Position) -> str:
    """Where in its source something stands."""
    match place:
        case LinePosition():
            return f"line {place.line}, column {place.column}"
        case FieldPosition():
            return f"field line {place.index} of {quote.text(place.field)}"
        case ElementPosition():
            return f"<{quote.text(place.element)}> at octet {place.offset}"
        case PointerPosition():
            return f"at {quote.text(place.pointer)}" if place.pointer else "the whole file"
    assert_never(place)


def where(declaration: Declaration) -> str:
    """The carrier of a declaration and its place in it."""
    return f"{carrier(declaration.carrier)}, {position(declaration.position)}"


def scope(declaration: Declaration) -> str:
    """What limits a declaration, or nothing."""
    limits = declaration.scope
    parts = [
        f"{word} {quote.text(value)}"
        for word, value in (
            ("group", limits.token),
            ("path", limits.path),
            ("element", limits.element),
            ("use", limits.use),
        )
        if value
    ]
    return ", ".join(parts)


def owed(obligations: Iterable[Obligation]) -> str:
    """The kinds that are owed and to whom, in one line; nothing where none is owed."""
    parties: dict[str, list[str]] = {}
    for obligation in obligations:
        kinds = parties.setdefault(quote.text(obligation.to.name), [])
        kind = obligation.kind.value if obligation.binding else f"{obligation.kind} (advisory)"
        if kind not in kinds:
            kinds.append(kind)
    return "; ".join(f"{', '.join(kinds)} to {party}" for party, kinds in parties.items())


def series(words: Sequence[str]) -> str:
    """The words as a list in a sentence: ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
