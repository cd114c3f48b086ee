"""How an expression that was found becomes a declaration with its place."""

from dataclasses import dataclass

from signals_agent.model.declaration import PAGE, Declaration, Located, Reach, Scope, Subject
from signals_agent.model.ids import identify
from signals_agent.model.note import Note
from signals_agent.model.position import (
    ElementPosition,
    FieldPosition,
    LinePosition,
    PointerPosition,
    Position,
)

ANYWHERE = Scope()
"""The scope of a declaration that nothing limits."""

UNREAD = "unread"
"""The detail of a declaration whose value was not read because of a cap; it says why (R39)."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What one source declares: units of declarations, and notes about the source."""

    units: tuple[tuple[Located, ...], ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """What a page says of itself for a credit line, and where: a claim, no more (rule R24).

    ``name`` is ``title``, ``creator``, ``credit-text``, ``copyright-holder``,
    ``copyright-notice``, ``collection``, ``licensor``, ``published`` or ``modified``;
    ``url`` is absolute.
    """

    name: str
    value: str
    carrier: str
    position: Position
    url: str | None = None


def text(octets: bytes) -> str:
    """Octets as text: UTF-8, or Latin-1 where they are not UTF-8 (which never fails)."""
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("latin-1")


def place(position: Position) -> str:
    """A position as the text that goes into a declaration's id."""
    match position:
        case LinePosition(line, column):
            return f"line {line} column {column}"
        case FieldPosition(field, index):
            return f"field {field} {index}"
        case ElementPosition(element, offset, None):
            return f"element {element} {offset}"
        case ElementPosition(element, offset, pointer):
            return f"element {element} {offset} pointer {pointer}"
        case PointerPosition(pointer):
            return f"pointer {pointer}"


def located(
    *,
    family: str,
    carrier: str,
    source: str,
    capture_id: str,
    position: Position,
    octets: bytes,
    value: bytes,
    field: str,
    reach: Reach,
    scope: Scope = ANYWHERE,
    subject: Subject = PAGE,
    details: tuple[tuple[str, str], ...] = (),
) -> Located:
    """A declaration with the octets to read.

    ``octets`` are those of the whole line, field value, element or file, ``value`` the
    part that a family reads. The id hashes what was found and where, never when, so one
    line that reaches the asset in two ways has one id.
    """
    declaration = Declaration(
        id=identify("dec", family, carrier, source, place(position), octets),
        family=family,
        carrier=carrier,
        source=source,
        position=position,
        expression=text(value),
        octets=octets,
        scope=scope,
        capture=capture_id,
    )
    return Located(declaration, value, reach, field, subject, details)
