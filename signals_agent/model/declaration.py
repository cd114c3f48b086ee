"""One expression found in a capture, exactly as written, with its place."""

from dataclasses import dataclass

from signals_agent.model.licence import LicenceScope
from signals_agent.model.note import Note
from signals_agent.model.octets import Octets
from signals_agent.model.position import Position


@dataclass(frozen=True, slots=True)
class Scope:
    """What limits a declaration: a crawler's token, a path pattern, an element, a use."""

    token: str | None = None
    path: str | None = None
    element: str | None = None
    use: str | None = None


@dataclass(frozen=True, slots=True)
class Declaration:
    """One expression found, with its place.

    ``family`` and ``carrier`` are open strings; ``source`` is the URL of the capture it
    stands in and ``capture`` that capture's id; ``expression`` is the text that is read;
    ``octets`` are the raw octets of the line, field value, element or JSON value.
    """

    id: str
    family: str
    carrier: str
    source: str
    position: Position
    expression: str
    octets: Octets
    scope: Scope
    capture: str
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """How a declaration came to bear on the asset in hand; not part of a result.

    ``bucket`` names the set within which longest-match is played (one hop, one token
    set, one reading of the groups); ``length`` is the octets of the normalised path
    pattern, 0 where there is none. ``restrict_only`` declarations never relax (rules
    R13d, R16, R20, R35). ``literal`` ones count for the literal answer (rule R22).
    ``index`` is the order in which the source holds them. ``around`` ones stand on the
    page on which the asset was found, not on the asset (rule R36).
    """

    bucket: str = ""
    length: int = 0
    restrict_only: bool = False
    literal: bool = False
    index: int = 0
    around: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """What a declaration is about: the asset, a part of it, or it is not clear what.

    ``parts`` are the absolute URLs of what it is about where that is a part and is named;
    ``within`` is the element that limits it (``figure``, say).
    """

    scope: LicenceScope
    parts: tuple[str, ...] = ()
    within: str | None = None


PAGE = Subject(LicenceScope.PAGE)
"""The asset itself."""


@dataclass(frozen=True, slots=True)
class Located:
    """A declaration together with the octets to read and how it reaches the asset.

    ``value`` is what a family reads: the expression without path, comment or markup, a
    URL made absolute. ``field`` is the name it was listened for under. ``subject`` is
    what it is about, where a carrier can say so. ``details`` are further facts that
    stand beside the value, by name (``type`` and ``title`` of a link, ``name`` of a
    licence); an absent fact is left out.
    """

    declaration: Declaration
    value: bytes
    reach: Reach
    field: str = ""
    subject: Subject = PAGE
    details: tuple[tuple[str, str], ...] = ()

    def detail(self, name: str) -> str:
        """One of the further facts; empty where it is absent."""
        return next((value for each, value in self.details if each == name), "")
