"""What a feed says of itself for a credit line: its title, its authors, its notice (rule R24)."""

import html
import re
from dataclasses import dataclass, field
from typing import Final

from signals_agent import url as urls
from signals_agent.locate.feed_vocabulary import vocabulary
from signals_agent.locate.found import Fact
from signals_agent.model.capture import Capture
from signals_agent.model.position import ElementPosition
from signals_agent.syntax.xml_elements import Element, read
from signals_agent.syntax.xml_elements import source as document_of

CARRIER: Final = "feed"

_MAX_TEXT: Final = 4096
_MAX_CREATORS: Final = 20
_FEED, _ITEM = "feed", "item"
# What an element that stands in a feed or an item says; of creators, which go first.
_SAYS: Final = {
    ("atom", "title"): ("title", 0),
    ("rss", "title"): ("title", 0),
    ("dc", "title"): ("title", 1),
    ("atom", "author"): ("creator", 0),
    ("dc", "creator"): ("creator", 0),
    ("dcterms", "creator"): ("creator", 0),
    ("itunes", "author"): ("creator", 1),
    ("rss", "author"): ("creator", 2),
    ("rss", "managingEditor"): ("creator", 2),
    ("atom", "rights"): ("copyright-notice", 0),
    ("rss", "copyright"): ("copyright-notice", 0),
    ("dc", "rights"): ("copyright-notice", 1),
    ("dcterms", "rights"): ("copyright-notice", 1),
    ("atom", "updated"): ("modified", 0),
    ("dcterms", "modified"): ("modified", 1),
}
_PERSON: Final = frozenset({"name", "uri", "url", "email"})
_TAG: Final = re.compile(r"<[^<>]*+>")
_MAIL: Final = re.compile(r"[^\s@<>()\"',;]{1,200}@[^\s@<>()\"',;]{1,200}")
# RSS 2.0 writes a person as ada@fen.example (Ada Fen).
_EDITOR: Final = re.compile(rf"({_MAIL.pattern})\s*(?:\((.*)\))?")


@dataclass(slots=True)
class _Said:
    """One element that says something, with what it holds; ``order`` is the rank of its fact."""

    fact: str
    order: int
    kind: str
    element: Element
    depth: int
    texts: dict[str, str] = field(default_factory=dict)


def facts(capture: Capture) -> tuple[Fact, ...]:
    """The facts of a feed; where it names no author those of its items. Never raises."""
    content_type = (capture.field_lines(b"content-type") or (b"",))[-1]
    listener = _Listener(capture.url)
    read(document_of(capture.body or b"", content_type), listener)
    kept: list[Fact] = []
    for name in ("title", "creator", "copyright-notice", "modified"):
        own = listener.found.get((_FEED, name)) or (
            listener.found.get((_ITEM, name), []) if name == "creator" else []
        )
        first = min((order for order, _ in own), default=0)
        best: dict[str, Fact] = {}
        for order, fact in own:
            if order == first:
                best.setdefault(fact.value, fact)
        kept += list(best.values())[: _MAX_CREATORS if name == "creator" else 1]
    return tuple(kept)


class _Listener:
    """Hears the elements that stand in the feed itself or in its items, and no others."""

    def __init__(self, url: str) -> None:
        self.found: dict[tuple[str, str], list[tuple[int, Fact]]] = {}
        self._url = url
        self._levels: list[str] = []
        self._said: _Said | None = None
        self._part = ""
        self._pieces: list[str] = []
        self._length = 0

    def start(self, element: Element) -> None:
        """An element begins: a feed, an item, something that it says, or a person's name."""
        kind, local = vocabulary(element.name.namespace), element.name.local
        depth = len(self._levels)
        level = ""
        if self._said is not None:
            if self._said.fact == "creator" and self._said.kind == "atom":
                self._part = local if depth == self._said.depth + 1 and local in _PERSON else ""
                self._pieces, self._length = [], 0
        elif depth == 0:
            # An entry may be a document of its own; then it is what is credited.
            level = _FEED if local in ("feed", "entry") else "root"
        elif local in ("item", "entry"):
            level = _ITEM
        elif local == "channel" and depth == 1:
            level = _FEED
        elif self._levels[-1] in (_FEED, _ITEM) and (kind, local) in _SAYS:
            fact, order = _SAYS[kind, local]
            self._said = _Said(fact, order, kind, element, depth)
            self._part = "" if (kind, local) == ("atom", "author") else "text"
            self._pieces, self._length = [], 0
        self._levels.append(level)

    def text(self, characters: str) -> None:
        """Characters are kept where somebody waits for them."""
        if self._said is not None and self._part and self._length < _MAX_TEXT:
            self._pieces.append(characters)
            self._length += len(characters)

    def end(self, offset: int) -> None:
        """An element ends, and with it what it says."""
        self._levels.pop()
        said = self._said
        if said is None:
            return
        depth = len(self._levels)
        of_person = said.fact == "creator" and said.kind == "atom"
        if self._part and depth == said.depth + (1 if of_person else 0):
            written = "".join(self._pieces)[:_MAX_TEXT]
            said.texts.setdefault(self._part, _plain(written, said.element.get("type")))
            self._part = ""
        if depth == said.depth:
            self._said = None
            level = self._levels[-1]
            if fact := self._fact(said):
                self.found.setdefault((level, said.fact), []).append((said.order, fact))

    def _fact(self, said: _Said) -> Fact | None:
        value, url = said.texts.get("text", ""), None
        if said.fact == "creator":
            value, url = self._person(said)
        bare = value.lower().startswith(("http://", "https://")) and " " not in value
        if not value or (bare and said.fact != "title"):
            return None
        local = said.element.name.local
        return Fact(said.fact, value, CARRIER, ElementPosition(local, said.element.offset), url)

    def _person(self, said: _Said) -> tuple[str, str | None]:
        """A name, and where to find who has it: a page, else a ``mailto:``."""
        texts = said.texts
        name, mail = texts.get("name") or texts.get("text", ""), texts.get("email", "")
        if editor := _EDITOR.fullmatch(name):
            name, mail = (editor[2] or "").strip(), editor[1]
        page = texts.get("uri") or texts.get("url") or ""
        joined = urls.join(self._url, page) if page else None
        if joined is not None:
            return name, joined.text
        return name, f"mailto:{mail}" if _MAIL.fullmatch(mail) else None


def _plain(written: str, kind: str | None) -> str:
    """Text as one line; of ``type="html"`` without its tags."""
    if kind in ("html", "text/html"):
        written = html.unescape(_TAG.sub(" ", written))
    return " ".join(written.split())
