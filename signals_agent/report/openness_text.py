"""The openness of a system as text for a terminal."""

from collections.abc import Iterator

from signals_agent import quote
from signals_agent.model.note import Severity
from signals_agent.openness import Openness
from signals_agent.openness.components import TITLES
from signals_agent.openness.judge import CARD_IS_SILENT, SYSTEM
from signals_agent.openness.nouns import Component, MofClass, Source, Status
from signals_agent.terminal import PLAIN, Screen, pad, wrap

_COLOURS = {
    Status.OPEN: "green",
    Status.CONDITIONAL: "yellow",
    Status.INVALID: "red",
    Status.UNLICENSED: "red",
    Status.MISSING: "red",
    Status.UNKNOWN: "yellow",
}
_TITLES = {MofClass(rank): title for rank, title in TITLES.items()}
_CLASS = 7
_NAME = 34
_STATUS = 13
_NOTES = 10
"""Of notes that are shown."""
_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_ABOUT = ("version", "producer", "base_model", "type", "repository", "huggingface")


def render(openness: Openness, screen: Screen = PLAIN) -> str:
    """The class, what is wrong with the file, its components, what is lacking and not known."""
    return "\n".join(_lines(openness, screen)) + "\n"


def _lines(openness: Openness, screen: Screen) -> Iterator[str]:
    yield from _head(openness, screen)
    yield from _notes(openness, screen)
    yield ""
    yield from _components(openness, screen)
    yield ""
    yield from _classes(openness, screen)
    if openness.conditional:
        yield from wrap(
            "on condition: " + ", ".join(openness.conditional) + " should be under an open licence "
            "that is meant for what they are; they count all the same",
            screen.columns,
            "",
            "  ",
        )
    osaid = openness.description.osaid
    told = f"{osaid.reason}: {quote.text(osaid.evidence)}" if osaid.counts else osaid.reason
    yield from wrap(f"OSAID 1.0: {told}", screen.columns, "", "  ")
    yield ""
    yield from wrap(SYSTEM, screen.columns)
    yield "Not known:"
    for each_unknown in openness.not_known:
        yield from wrap(each_unknown, screen.columns, "  - ", "    ")


def _notes(openness: Openness, screen: Screen) -> Iterator[str]:
    """What is wrong with the file, the worst first."""
    notes = sorted(openness.description.notes, key=lambda note: _SEVERITIES.index(note.severity))
    if notes:
        yield ""
    for note in notes[:_NOTES]:
        yield from wrap(f"{note.code}: {note.summary}", screen.columns, f"{note.severity}  ", "  ")
    if len(notes) > _NOTES:
        yield f"and {len(notes) - _NOTES} more; --format json has them"


def _components(openness: Openness, screen: Screen) -> Iterator[str]:
    """A row for each component of which the file says something; the others in a sentence."""
    told = [each for each in openness.components if _is_told(each, openness)]
    others = len(openness.components) - len(told)
    if told:
        header = pad("class", _CLASS) + pad("component", _NAME) + pad("is", _STATUS) + "why"
        yield screen.paint(header, "dim")
    indent = " " * (_CLASS + _NAME + _STATUS)
    for each in told:
        first, *rest = wrap(each.reason, screen.columns, indent)
        name = each.part.name if each.part.required else f"{each.part.name} *"
        status = screen.paint(pad(each.status, _STATUS), _COLOURS[each.status])
        yield pad(each.part.rank, _CLASS) + pad(name, _NAME) + status + first.lstrip()
        yield from rest
    if not all(each.part.required for each in told):
        yield screen.paint("* no class requires it", "dim")
    if others:
        if openness.description.source is Source.MODEL_CARD:
            yield f"of the other {others} a card does not say"
        elif told:
            yield f"the other {others} of the {len(openness.components)} components are not listed"
        else:
            yield f"none of the {others} components is listed"


def _is_told(component: Component, openness: Openness) -> bool:
    """Whether the file says anything of a component."""
    described = openness.description
    if described.source is Source.MODEL_CARD:
        return component.status is not Status.UNKNOWN or component.reason != CARD_IS_SILENT
    # A report that is not listed has a row where the research paper stands in for it.
    listed = any(each.part is component.part for each in described.components)
    return listed or any(component.part.name in each.stood_in for each in openness.progress)


def _head(openness: Openness, screen: Screen) -> Iterator[str]:
    described = openness.description
    subject = described.subject
    reached = openness.mof_class
    title = "no class" if reached is MofClass.NONE else f"class {reached} ({_TITLES[reached]})"
    if described.source is Source.MODEL_CARD:
        title = "class not known"
    if openness.open and not openness.by_class:
        title = f"open as asserted, {title}"
    name = subject.get("name") or described.name
    painted = screen.paint(title, "green" if openness.open else "yellow", "bold")
    yield f"{painted}  {quote.text(name, 100)}"
    yield from wrap(openness.reason, screen.columns, "  ")
    about = [f"{key} {quote.text(subject[key], 100)}" for key in _ABOUT if subject.get(key)]
    kind = (
        "a Hugging Face model card, a weaker source than a description of the Model Openness Tool"
        if described.source is Source.MODEL_CARD
        else "a description of the Model Openness Tool"
    )
    yield from wrap(f"from {quote.text(described.name, 200)}, {kind}", screen.columns, "  ")
    if about:
        yield from wrap("; ".join(about), screen.columns, "  ")


def _classes(openness: Openness, screen: Screen) -> Iterator[str]:
    if openness.description.source is Source.MODEL_CARD:
        yield "which class it is in, a card cannot tell"
        return
    before: tuple[str, ...] = ()
    for each in openness.progress:
        count = len(each.required) - len(each.lacking)
        told = f"class {each.rank}, {TITLES[each.rank]}: {count} of {len(each.required)}"
        if each.reached:
            yield told
        else:
            # What a lower class lacks is said there, and not again.
            lacking = ", ".join(name for name in each.lacking if name not in before)
            also = "lacking besides" if before and lacking else "lacking"
            what = lacking or "what is lacking above"
            yield from wrap(f"{told}; {also}: {what}", screen.columns, "", "  ")
            before = each.lacking
