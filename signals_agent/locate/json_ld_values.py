"""What a value in JSON-LD says: a URL where it can, and what it is called."""

import re
from collections.abc import Mapping
from typing import Final

from signals_agent import url as urls
from signals_agent.locate.json_ld_graph import Entry, Thing, Things
from signals_agent.locate.subject import Page
from signals_agent.syntax.lenient_json import Object

MAX_LENGTH: Final = 64 * 1024
"""Characters of one value; a longer one is not read (rule R39)."""

MAX_NAME: Final = 4096
"""Characters of a name that stands beside a URL; a longer one is left out, not cut."""

_REFERENCE = re.compile(r"(?:https?:)?//|/|\.\.?/|[?#]", re.IGNORECASE)
_SPACE = re.compile(r"\s")
_WEB = re.compile("https?:", re.IGNORECASE)
_NAME_FIELDS = ("name", "headline", "alternateName", "identifier", "text", "description")


class Values:
    """What the values of one page say.

    ``base`` is the absolute URL that relative ones are resolved against, ``texts`` the
    text of each script with its encoding.
    """

    def __init__(
        self, things: Things, page: Page, base: str, texts: Mapping[int, tuple[str, str]]
    ) -> None:
        self._things = things
        self._page = page
        self._base = base
        self._texts = texts

    def said(self, entry: Entry) -> tuple[str, str]:
        """What a value says, a URL if it can, and the name that it gives.

        It says more than ``MAX_LENGTH`` characters where there is more of it than is read.
        """
        if text := self._things.text(entry):
            return self.resolved(text), ""
        if not isinstance(entry.value, Object):
            return "", ""
        thing = self._things.of(entry.value)
        if thing is None:
            return self._as_written(entry), ""
        called = self._called(thing)
        value = self._url(thing, called) or called
        if value or not thing.described:
            return value, called if len(called) <= MAX_NAME else ""
        return self._as_written(entry), ""

    def resolved(self, text: str) -> str:
        """A URL in normal form, relative ones that look like one made absolute; else as written."""
        if not _REFERENCE.match(text) or (_SPACE.search(text) and not _WEB.match(text)):
            return text
        joined = urls.join(self._base, text)
        return joined.text if joined is not None else text

    def _called(self, thing: Thing) -> str:
        for name in _NAME_FIELDS:
            found = self._things.first(thing, name)
            text = self._things.text(found) if found else ""
            if text:
                # What is too long stays too long: its end may say what matters.
                return text if len(text) > MAX_LENGTH else " ".join(text.split())
        return ""

    def _as_written(self, entry: Entry) -> str:
        """An object that says nothing we know: a licence that nobody knows, not none."""
        text, _ = self._texts[entry.place.script]
        assert isinstance(entry.value, Object)
        return text[entry.begin : min(entry.value.end, entry.begin + MAX_LENGTH + 1)]

    def _url(self, thing: Thing, called: str) -> str:
        found = self._things.first(thing, "url")
        if found and (url := self._things.url(found)):
            return self.resolved(url)
        # #licence names a place in the page, and says less than the name that stands there.
        if thing.address and not (called and self._page.is_named_by(thing.address)):
            return self.resolved(thing.address)
        found = self._things.first(thing, "sameAs")
        return self.resolved((found and self._things.url(found)) or "")
