"""What an XMP packet says in the properties that declarations are made of (ISO 16684-1)."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Final

from signals_agent.locate.xmp_terms import Terms
from signals_agent.locate.xmp_vocabulary import field_of, is_legacy, is_rsl, prefix
from signals_agent.syntax.xml_elements import Element, Enough, Name, Source
from signals_agent.syntax.xml_elements import read as read_elements
from signals_agent.syntax.xml_elements import source as document_of

MAX_PROPERTIES: Final = 200
"""Properties of one packet that are read (rule R39)."""

MAX_OCTETS: Final = 8 * 1024
"""Octets that are kept of the element of a property; of RSL terms all are."""

# The part of a structure that says what the structure is for.
_TELLING: Final = {
    "Iptc4xmpExt:LinkedEncRightsExpr": "LinkedRightsExpr",
    "Iptc4xmpExt:EmbdEncRightsExpr": "EncRightsExpr",
}
# Values that have no language: what stands in several may refuse in one.
_NO_TEXTS: Final = ("plus:DataMining", "tdm-reservation")
_YES: Final = frozenset({"", "1", "true", "yes"})
_DEFAULT: Final = "x-default"
_LANGUAGE: Final = Name("http://www.w3.org/XML/1998/namespace", "lang")
_CONTAINERS: Final = frozenset({"Alt", "Bag", "Seq"})
_START_TAG: Final = re.compile(r"<(?:[^\"'>]++|\"[^\"]*+\"|'[^']*+')*+>")
_SPEAKS: Final = re.compile(
    rb"DataMining|DMI-|OtherConstraints|WebStatement|UsageTerms|licen[cs]e|\brights\b"
    rb"|tdmrep|reservation|rslstandard",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Property:
    """One value of a property, or RSL terms as a document of their own.

    ``field`` is what families listen for; ``element`` the lower-case name of the element
    and ``offset`` the index of its ``<`` in the packet; ``octets`` are the element's, or the
    attribute's. ``about`` is what the packet says that it describes; ``nested`` says that
    the value stands within another property, and so is about a part or a source.
    """

    field: str
    value: str
    element: str
    offset: int
    octets: bytes
    about: str = ""
    nested: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """All that a packet says. ``broken`` says why it is not well-formed, else it is empty.

    ``unread`` says why something that we would have read may stand in it all the same
    (rule R39). Where the packet was ``transcoded``, offsets are those of its UTF-8 form.
    ``abouts`` are the names by which it calls what it describes, also where it says nothing.
    """

    properties: tuple[Property, ...] = ()
    broken: str = ""
    unread: str = ""
    transcoded: bool = False
    abouts: frozenset[str] = frozenset()


def read(octets: bytes) -> Said:
    """The properties of a packet, in order; never raises, linear in the octets."""
    document = document_of(octets)
    listener = _Listener(document)
    reading = read_elements(document, listener)
    ended = listener.closed
    unread = ""
    if listener.over:
        unread = f"more than {MAX_PROPERTIES} properties"
    elif reading.refused and _SPEAKS.search(octets.replace(b"\x00", b"")):
        unread = reading.refused
    elif reading.broken:
        # Behind the root another may stand, which some readers go on to.
        behind = reading.behind.replace(b"\x00", b"")
        if listener.speaking or _SPEAKS.search(behind):
            unread = f"it is not well-formed: {reading.broken}"
    return Said(
        tuple(listener.properties),
        "" if ended else reading.broken,
        unread,
        document.transcoded,
        frozenset(listener.abouts),
    )


def _is_rdf(name: Name, *local: str) -> bool:
    return name.local in local and prefix(name.namespace) == "rdf"


@dataclass(slots=True)
class _Item:
    """One value while it is read; ``telling`` is the part of a structure that counts.

    ``element`` is the one of several that holds it, ``end`` what was told at its end.
    """

    element: Element | None = None
    end: int = 0
    language: str = ""
    pieces: list[str] = field(default_factory=list)
    telling: list[str] = field(default_factory=list)

    def value(self) -> str:
        pieces = self.telling or self.pieces
        return " ".join("".join(pieces).split())


@dataclass(slots=True)
class _Open:
    """A property whose end has not come yet; ``depth`` is that of its element."""

    name: str
    element: Element
    depth: int
    about: str
    nested: bool
    items: list[_Item] = field(default_factory=lambda: [_Item()])
    telling_depth: int = 0

    def said(self) -> list[_Item]:
        """Of a text in several languages the default one, else every value once."""
        said = [item for item in self.items if item.value()]
        if self.name not in _NO_TEXTS and any(item.language for item in said):
            default = [item for item in said if item.language.lower() == _DEFAULT]
            return (default or said)[:1]
        once: dict[str, _Item] = {}
        for item in said:
            once.setdefault(item.value(), item)
        return list(once.values())


class _Listener:
    """Hears a packet: where nodes and properties alternate, and what the known ones hold."""

    def __init__(self, document: Source) -> None:
        self.properties: list[Property] = []
        self.abouts: set[str] = set()
        self.over = False
        self.closed = False
        self._document = document
        # How deep within RDF an element stands: 1 is a description, 2 a property; -1 outside.
        self._levels: list[int] = []
        self._about = ""
        self._open: _Open | None = None
        self._terms: Terms | None = None

    @property
    def speaking(self) -> bool:
        """Whether reading ended within a property or terms."""
        return self._open is not None or self._terms is not None

    def start(self, element: Element) -> None:
        """An element begins."""
        above = self._levels[-1] if self._levels else -1
        silent = self._terms is None and self._open is None
        if silent and element.name.local in ("rsl", "content") and is_rsl(element.name):
            self._terms = Terms(element, len(self._levels))
        if self._terms is not None:
            self._terms.start(element)
            self._levels.append(above)
            return
        level = above + 1 if above >= 0 else -1
        if level < 0 and _is_rdf(element.name, "RDF"):
            level = 0
        elif level < 0 and _is_rdf(element.name, "Description"):
            level = 1  # the element around it was left out
        self._levels.append(level)
        if self._open is not None:
            self._within(self._open, element)
            return
        if level == 1:
            self._about = _rdf(element, "about") or _rdf(element, "ID")
            if _is_rdf(element.name, "Description"):
                self.abouts.add(self._about)  # a node of a type may be a licence or a person
        if level >= 1:
            self._attributes(element, nested=level > 1)
        if level >= 2 and (known := field_of(element.name)):
            self._open = _Open(known, element, len(self._levels), self._about, level > 2)
            self._open.items[0].pieces.append(_rdf(element, "resource") or _rdf(element, "value"))
            self._tell(self._open, element)

    def text(self, characters: str) -> None:
        """Characters of the innermost element."""
        if self._terms is not None:
            self._terms.text(characters)
        elif self._open is not None:
            item = self._open.items[-1]
            told = self._open.telling_depth
            (item.telling if told else item.pieces).append(characters)

    def end(self, offset: int) -> None:
        """The innermost element ends."""
        depth = len(self._levels)
        self._levels.pop()
        if self._terms is not None:
            self._terms.end()
            if self._terms.depth == depth - 1:
                self._add_terms(self._terms, offset)
                self._terms = None
        elif self._open is not None:
            if self._open.telling_depth == depth:
                self._open.telling_depth = 0
            item = self._open.items[-1]
            item.pieces.append(" ")
            item.end = offset
            if self._open.depth == depth:
                self._close(self._open, offset)
                self._open = None
        self.closed = not self._levels

    def _within(self, known: _Open, element: Element) -> None:
        """An element in a property: a value of several, a node, or a part of a structure."""
        if _is_rdf(element.name, "li"):
            known.items.append(_Item(element, language=element.attributes.get(_LANGUAGE, "")))
        item = known.items[-1]
        item.pieces.append(" ")
        if not _is_rdf(element.name, *_CONTAINERS):
            for local in ("resource", "value", "about"):
                item.pieces.append(_rdf(element, local))
        self._tell(known, element)

    def _tell(self, known: _Open, element: Element) -> None:
        telling = _TELLING.get(known.name)
        if telling is None:
            return
        item = known.items[-1]
        for name, value in element.attributes.items():
            if name.local == telling and prefix(name.namespace) == "iptc4xmpext":
                item.telling.append(value)
        if element.name.local == telling:
            item.telling.append(_rdf(element, "resource"))
            known.telling_depth = len(self._levels)

    def _attributes(self, element: Element, *, nested: bool) -> None:
        for name, value in element.attributes.items():
            known = field_of(name)
            if not known or not (value.strip() or is_legacy(name)):
                continue
            said = _spelt(name, " ".join(value.split()))
            shown = _shown(element.name)
            octets = self._attribute(element.offset, name.local, value)
            self._add(Property(known, said, shown, element.offset, octets, self._about, nested))

    def _attribute(self, offset: int, local: str, value: str) -> bytes:
        """The octets of an attribute, found in those of its element."""
        begin = offset - self._document.shift
        octets = self._document.octets[begin : begin + 8 * MAX_OCTETS]
        tag = _START_TAG.match(octets.decode(self._document.codec, "ignore"))
        if tag is None:
            return octets[:MAX_OCTETS]
        pattern = rf"(?<=\s)(?:[\w.-]+:)?{re.escape(local)}\s*=\s*(\"[^\"]*\"|'[^']*')"
        found = list(re.finditer(pattern, tag[0]))
        exact = [each for each in found if unescape(each[1][1:-1]).split() == value.split()]
        octets = (exact or found)[0][0].encode(self._document.codec) if found else octets
        return octets[:MAX_OCTETS]

    def _close(self, known: _Open, offset: int) -> None:
        name, whole = known.element.name, (known.element, offset)
        said = known.said() or (known.items[:1] if is_legacy(name) else [])
        for item in said:
            # Of several values each has the place of its own element.
            alone = len(said) == 1 or item.element is None
            element, end = whole if alone else (item.element or whole[0], item.end)
            octets = self._document.span(element.offset, end, MAX_OCTETS)
            value = _spelt(name, item.value())
            shown = _shown(element.name)
            self._add(
                Property(
                    known.name, value, shown, element.offset, octets, known.about, known.nested
                )
            )

    def _add_terms(self, terms: Terms, offset: int) -> None:
        begin = terms.element.offset
        octets = self._document.span(begin, offset, len(self._document.octets))
        name = _shown(terms.element.name)
        self._add(Property("rsl", terms.document(), name, begin, octets, self._about))

    def _add(self, found: Property) -> None:
        if len(self.properties) >= MAX_PROPERTIES:
            self.over = True
            raise Enough
        self.properties.append(found)


def _rdf(element: Element, local: str) -> str:
    """The value of an attribute of RDF; old packets leave out its prefix."""
    for name, value in element.attributes.items():
        if name.local == local and (not name.namespace or prefix(name.namespace) == "rdf"):
            return value
    return ""


def _spelt(name: Name, value: str) -> str:
    """The value; of a property that is named like a value, its name where it is not denied."""
    if not is_legacy(name):
        return value
    return name.local if value.lower() in _YES or value == name.local else f"{name.local}={value}"


def _shown(name: Name) -> str:
    known = prefix(name.namespace)
    return f"{known}:{name.local.lower()}" if known else name.local.lower()
