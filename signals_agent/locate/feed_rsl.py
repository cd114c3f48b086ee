"""How a content of RSL that stands in a feed becomes a document of its own."""

import re
from html import escape
from typing import Final

from signals_agent.locate.feed_vocabulary import RSL, vocabulary
from signals_agent.syntax.xml_elements import Element, Source

MAX_OCTETS: Final = 64 * 1024
"""How long such an element may be; a longer one is not read (rule R39)."""

_MAX_KEPT: Final = 4096
_MAX_END_TAG: Final = 1024
_MAX_NAME: Final = 200  # also octets of a name
_MAX_PREFIXES: Final = 10
_QUALIFIED: Final = re.compile(r"<([^\s:/>]*)([\s:/>])")


class Terms:
    """One ``content`` of RSL: what has to be known of it so that it can stand by itself.

    ``outer`` is the ``rsl`` around it, where there is one; its ``max-age`` is kept.
    """

    def __init__(self, document: Source, element: Element, outer: Element | None) -> None:
        self._document = document
        self._begin = element.offset
        self._max_age = (outer.get("max-age") or "")[:_MAX_NAME] if outer is not None else ""
        self._namespaces: dict[str, str] = {}
        self._unread = ""
        self._prefix = self.holds(element)

    def holds(self, element: Element) -> str:
        """Take in an element by its prefix: what binds it may stand far above in the feed."""
        begin = element.offset - self._document.shift
        octets = self._document.octets[begin : begin + _MAX_NAME]
        written = _QUALIFIED.match(octets.decode(self._document.codec, "ignore"))
        prefix = written[1] if written is not None and written[2] == ":" else ""
        if written is None:
            self._unread = "a name in it is too long"
        namespace = element.name.namespace
        if vocabulary(namespace) == "rsl":
            namespace = RSL
        if namespace != prefix + ":" and prefix not in self._namespaces:
            self._namespaces[prefix] = namespace[:_MAX_NAME]
            if len(self._namespaces) > _MAX_PREFIXES:
                self._unread = f"it uses more than {_MAX_PREFIXES} prefixes"
        return prefix

    def finish(self, end: int) -> tuple[bytes, str, str]:
        """The element's octets, the document made of it, and why it was not read, if so.

        ``end`` is what a listener is told at the element's end. The document is an ``rsl``
        with the prefix of the feed; the element stands in it as it does in the feed.
        """
        length = end - self._begin
        if length > MAX_OCTETS:
            self._unread = f"it is longer than {MAX_OCTETS} octets"
        if self._unread:
            return self._document.span(self._begin, end, _MAX_KEPT), "", self._unread
        octets = self._document.span(self._begin, end, length + _MAX_END_TAG)
        name = f"{self._prefix}:rsl" if self._prefix else "rsl"
        written = [name]
        for prefix, namespace in self._namespaces.items():
            bound = f"xmlns:{prefix}" if prefix else "xmlns"
            if namespace or not prefix:
                written.append(f'{bound}="{escape(namespace)}"')
        if self._max_age:
            written.append(f'max-age="{escape(self._max_age)}"')
        content = octets.decode(self._document.codec, "replace")
        return octets, f"<{' '.join(written)}>{content}</{name}>", ""
