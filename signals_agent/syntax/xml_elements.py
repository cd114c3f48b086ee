"""The elements of an XML document, each with the octet at which it begins."""

import codecs
import re
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol
from xml.parsers import expat  # its dangers are met below

from signals_agent.syntax.encoding import decode

MAX_DEPTH: Final = 200
"""How deep elements may nest; a document that nests deeper is read up to there (rule R39)."""

MAX_TAG: Final = 1024 * 1024
"""Octets of one tag or comment, beyond which a document that comes in pieces is not read."""

XML: Final = "http://www.w3.org/XML/1998/namespace"

_BEGINNING: Final = 16 * 1024
_UTF_16: Final = (
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_SPACE: Final = re.compile(rb"(?:\xef\xbb\xbf)?[\t\n\r ]*+")
_WIDE_SPACE: Final = {
    "utf-16-le": re.compile(rb"(?:\xff\xfe)?(?:[\t\n\r ]\x00)*+"),
    "utf-16-be": re.compile(rb"(?:\xfe\xff)?(?:\x00[\t\n\r ])*+"),
}
_DECLARED: Final = re.compile(
    rb"<\?xml[\t\n\r ][^>]{0,200}?encoding[\t\n\r ]*+=[\t\n\r ]*+[\"']([A-Za-z0-9._:-]{1,40})"
)
_PASSED: Final = re.compile(rb"charset[\t ]*+=[\t ]*+\"?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_SINGLE: Final = re.compile(
    r"(?:windows-125[0-8]|cp125[0-8]|iso-8859-(?:[1-9]|1[0134-6])|latin-?1|us-ascii|ascii|koi8-[ru])"
)
# Where the internal subset of a document type begins, quoted identifiers passed over.
_SUBSET: Final = re.compile(
    rb"(?:[\t\n\r ]++|<\?(?:[^?]++|\?(?!>))*+\?>|<!--(?:[^-]++|-(?!->))*+-->)*+"
    rb"<!DOCTYPE(?:[^\[>\"']++|\"[^\"]*+\"|'[^']*+')*+\["
)
_MULTIPLIES: Final = re.compile(rb"<!(?:ENTITY|ATTLIST)")
# What stands in an internal subset, up to the bracket that closes it.
_SUBSET_END: Final = re.compile(
    rb"(?:[^\]<\"']++|<\?(?:[^?]++|\?(?!>))*+\?>|<!--(?:[^-]++|-(?!->))*+-->|\"[^\"]*+\"|'[^']*+'"
    rb"|<(?!\?|!--))*+\][\t\n\r ]*+>"
)
# An entity that is one character, as pages of HTML know it, multiplies nothing; but "&" and
# "<" would be read once more as markup.
_CHARACTER: Final = re.compile(
    rb"<!ENTITY[\t\n\r ]++[A-Za-z][A-Za-z0-9]*+[\t\n\r ]++([\"'])"
    rb"&#(?!0*+(?:38|60);|x0*+(?:26|3[Cc]);)(?:[0-9]{1,7}|x[0-9A-Fa-f]{1,6});\1[\t\n\r ]*+>"
)
_TAG: Final = re.compile(r"<(?:[^\"'>]++|\"[^\"]*+\"|'[^']*+')*+>")
_CLOSING: Final = re.compile(r"</[^>]*+>")


class Name(NamedTuple):
    """The name of an element or attribute.

    A prefix that is bound to no namespace stands for it, with its colon (``dc:``); an
    attribute without a prefix has none.
    """

    namespace: str
    local: str


@dataclass(frozen=True, slots=True)
class Element:
    """A start tag: its name, its attributes, and the octet of its ``<`` in what was given."""

    name: Name
    attributes: dict[Name, str]
    offset: int

    def get(self, local: str, namespace: str = "") -> str | None:
        """The value of an attribute; ``None`` where it is not there."""
        return self.attributes.get(Name(namespace, local))


class Listener(Protocol):
    """Who is told what stands in a document, in its order."""

    def start(self, element: Element) -> None:
        """An element begins."""
        ...

    def text(self, characters: str) -> None:
        """Characters of the innermost element; one text may come in several pieces."""
        ...

    def end(self, offset: int) -> None:
        """The innermost element ends; ``offset`` is that of its end tag, if it has one."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """How reading ended.

    ``broken`` says, in a few words, why the document is not well-formed; ``refused`` why
    it was not read, or not to its end (rule R39); both are empty where all is well. ``behind`` are
    the octets behind the last tag that was told, where an error ended the reading.
    """

    broken: str = ""
    refused: str = ""
    behind: bytes = b""


class Enough(Exception):
    """Raised by a listener that has heard what it wanted."""


class _TooDeepError(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Source:
    """A document as expat takes it.

    Offsets count octets of the document as it was given, but of its UTF-8 form where it
    was ``transcoded``. ``mixed`` says that it holds octets that its encoding does not know.
    """

    octets: bytes
    shift: int
    encoding: str | None
    codec: str
    transcoded: bool = False
    mixed: bool = False

    def span(self, begin: int, end: int, cap: int) -> bytes:
        """The octets of an element from its ``<`` on, at most ``cap`` of them.

        ``end`` is what the listener was told at its end.
        """
        begin, end = begin - self.shift, end - self.shift
        beginning = self.octets[begin : begin + cap].decode(self.codec, "ignore")
        tag = _TAG.match(beginning)
        if tag is None:
            return self.octets[begin : begin + cap]
        if tag[0].endswith("/>"):
            return tag[0].encode(self.codec)
        closing = _CLOSING.match(self.octets[end : end + cap].decode(self.codec, "ignore"))
        whole = end + (len(closing[0].encode(self.codec)) if closing else 0)
        return self.octets[begin : min(whole, begin + cap)]


def source(body: bytes, content_type: bytes = b"") -> Source:
    """A document made ready: what stands before its declaration dropped, its encoding known.

    The encoding is that of a byte order mark, else the one that the document declares,
    else the one of its media type, where the octets are in it; else UTF-8; else they are
    read as Latin-1. Servers label XML at random, and what an element declares is ASCII
    nearly always; so the document goes before its server (against RFC 7303 3.2).
    """
    for begins, codec in _UTF_16:
        if body.startswith(begins):
            return _wide(body, codec)
    space = _SPACE.match(body)
    shift = space.end() if space else 0
    octets = body[shift:] if shift else body
    beginning = octets[:512]
    for found in (_DECLARED.match(beginning), _PASSED.search(content_type)):
        label = found[1].decode("ascii").lower() if found else ""
        if _SINGLE.fullmatch(label):
            name = codecs.lookup(label).name
            if _is_in(octets, name):
                return Source(octets, shift, name, name)
        elif label and label not in ("utf-8", "utf8") and not label.startswith(("utf-16", "ucs-")):
            text = decode(octets, b"charset=" + label.encode("ascii"))
            return Source(text.encode("utf-8", "replace"), 0, "utf-8", "utf-8", transcoded=True)
    if _is_in(octets, "utf-8"):
        return Source(octets, shift, "utf-8", "utf-8")
    return Source(octets, shift, "iso-8859-1", "iso-8859-1", mixed=True)


def read(document: Source, listener: Listener) -> Reading:
    """Tell the listener all that stands in a document, up to its end or its first error.

    A document type that declares entities or attributes is refused, since both can make
    much out of little, unless each entity is but one character; nothing outside the
    document is ever asked for. A reference to an
    entity that is not declared (``&nbsp;``) is passed over. Linear in the octets.
    """
    if _declares(document):
        return Reading(refused="its document type declares entities or attributes")
    return _Reader(document, listener).run(document.octets, final=True)


def read_pieces(pieces: Iterable[bytes], listener: Listener) -> Generator[None, None, Reading]:
    """Tell the listener what stands in a document that comes in pieces and is never held whole.

    Yields after each piece and returns how reading ended. Read as ``read`` reads, with a
    declared encoding of single octets or else UTF-8; refused are UTF-16, any internal subset,
    a first piece in which no element begins, and a tag of more than ``MAX_TAG`` octets.
    ``behind`` is here the rest of a piece from the last tag on that was told.
    """
    reader: _Reader | None = None
    for piece in pieces:
        if reader is None:
            if piece.startswith(tuple(mark for mark, _ in _UTF_16)):
                return Reading(refused="it is in UTF-16")
            space = _SPACE.match(piece)
            piece = piece[space.end() if space else 0 :]
            if _SUBSET.match(piece) is not None:
                return Reading(refused="its document type has declarations of its own")
            declared = _DECLARED.match(piece[:512])
            label = declared[1].decode("ascii").lower() if declared else ""
            name = codecs.lookup(label).name if _SINGLE.fullmatch(label) else "utf-8"
            reader = _Reader(Source(b"", 0, name, name), listener)
        ended = reader.feed(piece)
        if ended is not None:
            return ended
        yield
    return (reader and reader.feed(b"", final=True)) or Reading("" if reader else "it is empty")


def root(body: bytes, content_type: bytes = b"") -> Element | None:
    """The outermost element, where it begins within the first 16 KiB; never raises.

    An internal subset is passed over and does not count, also where ``read`` refuses the
    document for it: what it would be has still to be known.
    """
    first = _First()
    document = source(body[:_BEGINNING], content_type)
    if _SUBSET.match(_narrow(document)) is not None:
        octets = _narrow(source(body, content_type))
        begin = _SUBSET.match(octets)
        end = _SUBSET_END.match(octets, begin.end()) if begin else None
        if end is None:
            return None
        rest = octets[end.end() : end.end() + _BEGINNING]
        codec = "utf-8" if document.codec.startswith("utf-16") else document.codec
        document = Source(rest.lstrip(), 0, codec, codec)
    _Reader(document, first).run(document.octets, final=False)
    return first.element


class _First:
    """A listener for the outermost element alone."""

    element: Element | None = None

    def start(self, element: Element) -> None:
        self.element = element
        raise Enough

    def text(self, characters: str) -> None:
        """No text stands before it."""

    def end(self, offset: int) -> None:
        """It is not waited for."""


class _Reader:
    """One run of expat, which here knows no namespaces: it would end at an unbound prefix."""

    def __init__(self, document: Source, listener: Listener) -> None:
        self._listener = listener
        self._shift = document.shift
        self._mixed = document.mixed
        self._told = -1
        self._fed = 0
        # One stack for each prefix, so that a tag costs what it declares and no more.
        self._bound: dict[str, list[str]] = {"xml": [XML]}
        self._open: list[tuple[str, ...]] = []
        parser = expat.ParserCreate(document.encoding)
        parser.buffer_text = True
        parser.UseForeignDTD(True)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = listener.text
        self._parser = parser

    def run(self, octets: bytes, *, final: bool) -> Reading:
        mixed = "it holds octets that its encoding does not know" if self._mixed else ""
        try:
            self._parser.Parse(octets, final)
        except Enough:
            pass
        except _TooDeepError:
            return Reading(mixed, refused=f"elements nest deeper than {MAX_DEPTH}")
        except (expat.ExpatError, ValueError, LookupError) as error:
            return Reading(broken=str(error), behind=octets[self._end_of_told(octets) :])
        return Reading(mixed)

    def feed(self, piece: bytes, *, final: bool = False) -> Reading | None:
        """Read on; ``None`` while there is nothing to say against it."""
        self._fed += len(piece)
        try:
            self._parser.Parse(piece, final)
        except Enough:
            return Reading()
        except _TooDeepError:
            return Reading(refused=f"elements nest deeper than {MAX_DEPTH}")
        except (expat.ExpatError, ValueError, LookupError) as error:
            begin = self._told - (self._fed - len(piece))
            return Reading(broken=str(error), behind=piece[max(begin, 0) :])
        if self._told < 0 and not final:
            # Behind it a document type could follow that nobody has looked at.
            return Reading(refused=f"no element begins in its first {self._fed} octets")
        if self._fed - self._parser.CurrentByteIndex > MAX_TAG:
            return Reading(refused=f"a tag of more than {MAX_TAG} octets")
        return None

    def _end_of_told(self, octets: bytes) -> int:
        """Where the last tag that was told ends, or before that: an error may stand in a tag.

        Of an element that is one empty tag, expat tells the end behind it.
        """
        told = self._told
        if octets[max(told - 4, 0) : max(told, 0)].replace(b"\x00", b"").endswith(b"/>"):
            return told
        return max(octets.find(b">", told) + 1 if told >= 0 else 0, told, 0)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise _TooDeepError
        self._told = self._parser.CurrentByteIndex
        declared = [name for name in attributes if name == "xmlns" or name.startswith("xmlns:")]
        for name in declared:
            self._bound.setdefault(name[6:], []).append(attributes.pop(name))
        self._open.append(tuple(name[6:] for name in declared))
        named = {self._name(name, ""): value for name, value in attributes.items()}
        default = self._bound.get("")
        element = Element(
            self._name(tag, default[-1] if default else ""),
            named,
            self._told + self._shift,
        )
        self._listener.start(element)

    def _end(self, _tag: str) -> None:
        for prefix in self._open.pop():
            self._bound[prefix].pop()
        self._told = self._parser.CurrentByteIndex
        self._listener.end(self._told + self._shift)

    def _name(self, qualified: str, default: str) -> Name:
        prefix, colon, local = qualified.partition(":")
        if not colon:
            return Name(default, qualified)
        bound = self._bound.get(prefix)
        return Name((bound[-1] if bound else "") or prefix + ":", local)


def _wide(body: bytes, codec: str) -> Source:
    space = _WIDE_SPACE[codec].match(body)
    shift = space.end() if space else 0
    return Source(body[shift:], shift, codec.replace("-le", "le").replace("-be", "be"), codec)


def _is_in(octets: bytes, codec: str) -> bool:
    try:
        octets.decode(codec)
    except UnicodeDecodeError as error:
        # A cut in the middle of a character is no sign of another encoding.
        return codec == "utf-8" and error.start > len(octets) - 4
    return True


def _declares(document: Source) -> bool:
    """Whether the document type declares entities, or attributes with their defaults.

    Looked up in the octets, since expat goes on to the end of what it was given after its
    handlers have refused. What only looks so, in a document with an internal subset, is
    refused with the rest.
    """
    octets = _narrow(document)
    found = _SUBSET.match(octets)
    if found is None or _MULTIPLIES.search(octets, found.end()) is None:
        return False
    return _MULTIPLIES.search(_CHARACTER.sub(b" ", octets[found.end() :])) is not None


def _narrow(document: Source) -> bytes:
    """The octets of a document in an encoding that has ASCII in it."""
    if document.codec.startswith("utf-16"):
        return document.octets.decode(document.codec, "replace").encode("utf-8", "replace")
    return document.octets
