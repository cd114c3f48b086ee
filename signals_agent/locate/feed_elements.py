"""What the elements of a feed mean for licences and RSL, in Atom and in every RSS."""

from signals_agent import url as urls
from signals_agent.locate.feed_rsl import Terms
from signals_agent.locate.feed_said import MAX_OCTETS, Holder, Level, Said
from signals_agent.locate.feed_vocabulary import (
    ALTERNATE,
    LINKS,
    RDF,
    RELATIONS,
    SPEAKS,
    rdf,
    vocabulary,
)
from signals_agent.syntax.xml_elements import XML, Element, Enough, Source

MAX_ITEMS = 5000
MAX_SAID = 1000

_MAX_LINKS = 50


_HOLDERS = {
    ("atom", "feed"): Level.FEED,
    ("rss", "channel"): Level.FEED,
    ("rdf", "RDF"): Level.FEED,
    ("atom", "entry"): Level.ITEM,
    ("rss", "item"): Level.ITEM,
    ("atom", "source"): Level.SOURCE,
    ("media", "group"): Level.PART,
    ("media", "content"): Level.PART,
}
_HOLDING = {local for _, local in _HOLDERS}


class Feed:
    """Listens to a feed, and keeps what it says of licences.

    Where ``about`` is given, of the items only those are kept that link to it. ``over``
    says which cap ended it, ``cut`` that its end came within an item that is kept.
    """

    def __init__(self, document: Source, source: str, about: str | None) -> None:
        self.feed = Holder(Level.FEED, "feed")
        self.items: list[Holder] = []
        self.over = ""
        self.cut = False
        self._document = document
        self._about = about
        self._seen = 0
        self._count = 0
        self._open: list[tuple[Element, Holder | None]] = []
        self._bases: list[tuple[int, str]] = [(0, source)]
        self._resolved: list[str] = [source]
        self._said: Said | None = None
        self._link = False
        self._depth = 0
        self._pieces: list[str] = []
        self._length = 0

    def start(self, element: Element) -> None:
        """An element begins: a holder, something that speaks, a link, or none of them."""
        base = element.get("base", XML) if element.attributes else None
        if base is not None:
            self._bases.append((len(self._open), base))
        holder: Holder | None = None
        if self._said is not None:
            if self._said.terms is not None:
                self._said.terms.holds(element)
            # <cc:license><cc:License rdf:about="..."/></cc:license> names it by its node.
            self._said.reference = self._said.reference or rdf(element, "about")
        elif not self._link:
            kind = vocabulary(element.name.namespace)
            local = element.name.local
            holder = self._holder(kind, element) if local in _HOLDING else None
            if holder is None and self._speaks(kind, element):
                self._begin()
            elif holder is None and self._open:
                self._follow(kind, element)
        self._open.append((element, holder))

    def text(self, characters: str) -> None:
        """Characters are kept where somebody waits for them."""
        if (self._said is not None or self._link) and self._length <= MAX_OCTETS:
            self._pieces.append(characters)
            self._length += len(characters)

    def end(self, offset: int) -> None:
        """An element ends, and with it what it says, or the item that it is."""
        element, holder = self._open.pop()
        if len(self._open) == self._depth and (self._said is not None or self._link):
            self._finish(element, offset)
        if holder is not None:
            self._close(holder)
        if self._bases[-1][0] == len(self._open) and len(self._bases) > 1:
            self._bases.pop()
            del self._resolved[len(self._bases) :]

    @property
    def speaking(self) -> bool:
        """Whether an element that speaks of a licence is open; what it says is not yet known."""
        return self._said is not None and self._said.terms is None

    @property
    def stating(self) -> bool:
        """Whether a content of RSL is open."""
        return self._said is not None and self._said.terms is not None

    def finish(self) -> None:
        """Close what the end of a broken document left open."""
        whole = len(self.items)
        while self._open:
            _, holder = self._open.pop()
            if holder is not None:
                self._close(holder)
        self.cut = len(self.items) > whole

    def _begin(self) -> None:
        self._depth = len(self._open)
        self._pieces, self._length = [], 0

    def _holder(self, kind: str, element: Element) -> Holder | None:
        level = _HOLDERS.get((kind, element.name.local))
        if level is None or (level is Level.SOURCE and self._item() is None):
            return None
        if level is Level.FEED:
            return self.feed if self._item() is None else None
        if level is Level.ITEM:
            self._seen += 1
            if self._seen > MAX_ITEMS:
                self.over = f"it has more than {MAX_ITEMS} items"
                raise Enough
        holder = Holder(level, element.name.local, root=not self._open)
        reference = rdf(element, "about") or (element.get("url") if kind == "media" else "")
        if reference:
            self._linked(holder, reference)
        return holder

    def _close(self, holder: Holder) -> None:
        around = self._item() or self.feed
        match holder.level:
            case Level.FEED:
                return
            case Level.SOURCE:
                around.source = holder
            case Level.PART:
                parent = self._nearest() or self.feed
                parent.links += holder.links[: _MAX_LINKS - len(parent.links)]
                if holder.said:
                    around.parts.append(holder)
            case Level.ITEM:
                if self._about is not None and not _links_to(holder, self._about):
                    inner = (holder, *holder.parts, *filter(None, [holder.source]))
                    self._count -= sum(len(each.said) for each in inner)
                    return
                if holder.said or holder.parts or holder.source or self._about is not None:
                    self.items.append(holder)

    def _speaks(self, kind: str, element: Element) -> bool:
        """Whether the element speaks of a licence; if so, what it says by its tag is taken."""
        local = element.name.local
        if kind == "rsl":
            return self._states_terms(element)
        if local == "link":
            relations = (element.get("rel") or "").lower().split()
            if kind not in ("atom", "rss") or RELATIONS.isdisjoint(relations):
                return False
            said = "license"
        elif kind in SPEAKS.get(local, ()):
            said = "license" if local == "license" else "rights"
        else:
            return False
        if not self._open:
            return False
        found = Said(said, local.lower(), element.offset, self._base())
        found.reference = rdf(element, "resource") or element.get("href") or ""
        if not found.reference and kind in ("media", "podcast"):
            found.reference = element.get("url") or ""
        found.reference = found.reference.strip()
        for name in ("rel", "type", "title"):
            value = element.get(name)
            if value:
                found.details[name] = value[:MAX_OCTETS].strip()
        self._said = found
        return True

    def _states_terms(self, element: Element) -> bool:
        """Whether the element is a ``content`` of RSL; an ``rsl`` may stand around it."""
        if element.name.local != "content" or not self._open:
            return False
        outer, _ = self._open[-1]
        found = Said("rsl-content", "content", element.offset, self._base())
        found.terms = Terms(self._document, element, outer if is_rsl(outer) else None)
        self._said = found
        return True

    def _follow(self, kind: str, element: Element) -> None:
        """A link of the item, if it is one: to its page, or to what comes with it."""
        _, holder = self._open[-1]
        if holder is None or holder.level is not Level.ITEM:
            return
        local = element.name.local
        if (kind, local) in LINKS and element.get("href") is None:
            if local != "guid" or element.get("isPermaLink") != "false":
                self._link = True
                self._begin()
        elif local == "link" and kind in ("atom", "rss"):
            if (element.get("rel") or "").strip().lower() in ALTERNATE:
                self._linked(holder, element.get("href") or "")
        elif local == "enclosure":
            self._linked(holder, element.get("url") or "")
        elif local == "content":
            self._linked(holder, element.get("src") or "")

    def _finish(self, element: Element, offset: int) -> None:
        text = " ".join("".join(self._pieces)[:MAX_OCTETS].split())
        cut = self._length > MAX_OCTETS
        said, self._said, self._link, self._pieces = self._said, None, False, []
        parent, holder = self._open[-1]
        if said is not None and said.terms is not None:
            self._take(said, said.terms, offset)
            return
        if said is None:
            permalink = element.name.local != "guid" or text.lower().startswith("http")
            if holder is not None and text and not cut and permalink:
                self._linked(holder, text)
            return
        octets = self._document.span(element.offset, offset, MAX_OCTETS)
        said.finish(text, octets, cut=cut)
        if said.field == "license" and not (said.value or said.unread):
            return
        self._counted()
        if holder is not None:
            holder.said.append(said)
        else:
            # An image of RSS 1.0, or a drawing within the content of an entry.
            part = Holder(Level.PART, parent.name.local, said=[said])
            about = parent.get("about", RDF)
            if about is not None:
                part.links.append((said.base, about))
            (self._item() or self.feed).parts.append(part)

    def _take(self, said: Said, terms: Terms, offset: int) -> None:
        """Keep what a ``content`` of RSL states, with what it stands in."""
        said.octets, said.value, said.unread = terms.finish(offset)
        self._counted()
        around = [pair for pair in self._open if not is_rsl(pair[0])]
        parent, holder = around[-1] if around else self._open[-1]
        # Outside of channel and items it can only be meant for all of the feed.
        holder = holder or (self.feed if self._nearest() is None else None)
        if holder is None:
            holder = Holder(Level.PART, parent.name.local)
            (self._item() or self.feed).parts.append(holder)
        said.details["level"] = str(holder.level)
        holder.said.append(said)

    def _counted(self) -> None:
        self._count += 1
        if self._count > MAX_SAID:
            self.over = f"it speaks of licences more than {MAX_SAID} times"
            raise Enough

    def _linked(self, holder: Holder, reference: str) -> None:
        reference = reference.strip()
        if reference and len(holder.links) < _MAX_LINKS and len(reference) <= MAX_OCTETS:
            holder.links.append((self._base(), reference))

    def _item(self) -> Holder | None:
        found = (h for _, h in reversed(self._open) if h is not None and h.level is Level.ITEM)
        return next(found, None)

    def _nearest(self) -> Holder | None:
        return next((holder for _, holder in reversed(self._open) if holder is not None), None)

    def _base(self) -> str:
        """The base here: worked out when asked for, and once for each ``xml:base``."""
        while len(self._resolved) < len(self._bases):
            written = self._bases[len(self._resolved)][1]
            joined = urls.join(self._resolved[-1], written) if len(written) < MAX_OCTETS else None
            usable = joined is not None and len(joined.text) < MAX_OCTETS
            self._resolved.append(joined.text if joined and usable else self._resolved[-1])
        return self._resolved[-1]


def is_rsl(element: Element) -> bool:
    """Whether an element is the outermost one of an RSL document."""
    return element.name.local == "rsl" and vocabulary(element.name.namespace) == "rsl"


def _links_to(item: Holder, url: str) -> bool:
    return url in item.urls() or any(url in part.urls() for part in item.parts)
