"""Where in a capture an octet stands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LinePosition:
    """A place in a file of lines; both count from 1, columns in octets."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class FieldPosition:
    """A field line in a header section: its lower-case name, and which of that name, from 1."""

    field: str
    index: int


@dataclass(frozen=True, slots=True)
class ElementPosition:
    """An element in a document: its lower-case name, and the octet offset of its ``<``, from 0.

    ``pointer`` is a JSON pointer (RFC 6901) into the JSON that a script element holds.
    """

    element: str
    offset: int
    pointer: str | None = None


@dataclass(frozen=True, slots=True)
class PointerPosition:
    """A value in a JSON document, as a JSON pointer (RFC 6901); ``""`` is the whole."""

    pointer: str


Position = LinePosition | FieldPosition | ElementPosition | PointerPosition
