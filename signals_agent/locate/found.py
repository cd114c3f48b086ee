"""How an expression that was found becomes a declaration with its place."""

from signals_agent.model.declaration import Declaration, Located, Reach, Scope
from signals_agent.model.ids import identify
from signals_agent.model.position import (
    ElementPosition,
    FieldPosition,
    LinePosition,
    PointerPosition,
    Position,
)

ANYWHERE = Scope()
"""The scope of a declaration that nothing limits."""


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
        case ElementPosition(element, offset):
            return f"element {element} {offset}"
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
    return Located(declaration, value, reach, field)
