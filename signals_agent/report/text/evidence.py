"""What a text report rests on: declarations with their octets, notes, what was not looked at."""

from collections.abc import Iterable, Iterator

from signals_agent import quote, wording
from signals_agent.model.assessment import Assessment
from signals_agent.model.capture import Availability
from signals_agent.model.declaration import Declaration
from signals_agent.model.note import Note, Severity
from signals_agent.model.position import FieldPosition
from signals_agent.model.statement import Preference
from signals_agent.terminal import Screen, pad, underline, wrap

_SEVERITY = {Severity.INFO: ("dim",), Severity.WARNING: ("yellow",), Severity.ERROR: ("red",)}
_LOOKED = frozenset({Availability.PRESENT, Availability.ABSENT})


def lines(result: Assessment, screen: Screen) -> Iterator[str]:
    """Every declaration, numbered, with what it decides."""
    yield ""
    yield screen.paint("Evidence", "bold")
    if not result.declarations:
        looked = sum(1 for each in result.coverage if each.availability in _LOOKED)
        sources = "only source" if looked == 1 else f"{looked} sources"
        if looked:
            yield f"  Nothing was declared in the {sources} that could be looked at."
        else:
            yield "  No source could be looked at, so nothing is known of what is declared."
    for number, declaration in enumerate(result.declarations, 1):
        yield from _declaration(number, declaration, result, screen)


def _declaration(
    number: int, declaration: Declaration, result: Assessment, screen: Screen
) -> Iterator[str]:
    limits = wording.scope(declaration)
    about = f" ({limits})" if limits else ""
    head = f"{wording.where(declaration)}{about} of {quote.text(declaration.source, 2000)}"
    yield from wrap(head, screen.columns, f"  {number}. ")
    yield from _octets(declaration, screen, "       ")
    for text in _comes_to(declaration, result):
        yield from wrap(text, screen.columns, "     -> ")
    for note in _notes_of(declaration):
        yield from _note(note, "     ", screen)


def _comes_to(declaration: Declaration, result: Assessment) -> Iterator[str]:
    groups: dict[Preference, list[str]] = {}
    for use, answer in result.uses.items():
        if declaration.id in answer.because:
            groups.setdefault(answer.preference, []).append(use.value)
    if groups:
        yield "; ".join(
            f"{preference} for {wording.series(uses)}" for preference, uses in groups.items()
        )
    named = [each for each in result.licences if declaration.id in each.because]
    for each in named:
        aside = "" if each.governs else ", not counted"
        yield f"{wording.licence(each)}, {wording.licence_scope(each, [declaration])}{aside}"
    asked = any(
        declaration.id in contact.because
        for each in result.separate_licences
        for contact in each.ask
    )
    if asked:
        yield "says whom to ask for more than the licence gives"
    decided = any(answer.because for answer in result.uses.values())
    told = bool(groups or named or asked)
    if text := wording.overruled(declaration, decides=told, others=decided):
        yield text


def _octets(declaration: Declaration, screen: Screen, indent: str) -> Iterable[str]:
    place = declaration.position
    named = f"{quote.text(place.field)}: " if isinstance(place, FieldPosition) else ""
    room = screen.columns - len(indent)
    excerpt = underline(declaration.octets, declaration.expression, room, named)
    return indent + excerpt.line, indent + screen.paint(excerpt.marks, "cyan")


def _notes_of(declaration: Declaration) -> list[Note]:
    """Those that stand first for it: a note about several is shown once."""
    return [
        note for note in declaration.notes if not note.because or note.because[0] == declaration.id
    ]


def general_notes(result: Assessment, screen: Screen) -> Iterator[str]:
    """The notes that stand beside no declaration."""
    beside = {note for each in result.declarations for note in _notes_of(each)}
    rest = [note for note in result.notes if note not in beside]
    if rest:
        yield ""
        yield screen.paint("Notes", "bold")
        for note in rest:
            yield from _note(note, "  ", screen)


def _note(note: Note, indent: str, screen: Screen) -> Iterator[str]:
    severity = note.severity.value
    place = f" ({wording.position(note.position)})" if note.position else ""
    said = f"{quote.text(note.code)}: {quote.text(note.summary)}"
    text = f"{said}{place} [{quote.text(note.clause)}]"
    first, *rest = wrap(text, screen.columns, indent + pad(severity, 8))
    painted = screen.paint(severity, *_SEVERITY[note.severity])
    yield indent + painted + first[len(indent) + len(severity) :]
    yield from rest


def coverage(result: Assessment, screen: Screen, heading: bool = True) -> Iterator[str]:
    """Every source that was not looked at, and how looking ended."""
    missing = [each for each in result.coverage if each.availability not in _LOOKED]
    if not missing:
        return
    if heading:
        yield ""
        yield screen.paint("Not everything was looked at", "bold")
    captures = {capture.id: capture for capture in result.captures}
    for each in missing:
        need = "required" if each.required else "optional"
        capture = captures.get(each.capture or "")
        text = f"{wording.source(each)}: {wording.looked(each, capture)} ({need})"
        yield from wrap(text, screen.columns, "  ")
