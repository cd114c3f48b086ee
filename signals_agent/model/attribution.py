"""Whom and what to credit, and the credit line in four styles."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, assert_never, get_args

from signals_agent import quote
from signals_agent.errors import UsageError

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

CitationStyle = Literal["markdown", "html", "text", "bibtex"]


@dataclass(frozen=True, slots=True)
class Attribution:
    """The facts of a credit line; names in pages are claims (rule R24).

    ``collection`` is the site or collection, ``text`` the line as plain text.
    """

    url: str
    text: str
    collection: str | None = None
    title: str | None = None
    creators: tuple[str, ...] = ()
    licence: str | None = None
    because: tuple[str, ...] = ()


class LaterAttribution:
    """An attribution that is worked out when somebody looks at it, and then stays.

    Reading a page's title costs as much as reading its declarations, and most results
    are never written down.
    """

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], Attribution]) -> None:
        self._make: Callable[[], Attribution] | None = make
        self._made: Attribution | None = None

    @property
    def made(self) -> Attribution:
        """The attribution itself."""
        if self._made is None and self._make is not None:
            self._made, self._make = self._make(), None
        assert self._made is not None
        return self._made

    def __getattr__(self, name: str) -> Any:
        return getattr(self.made, name)

    def __eq__(self, other: object) -> bool:
        return self.made == (other.made if isinstance(other, LaterAttribution) else other)

    def __hash__(self) -> int:
        return hash(self.made)

    def __repr__(self) -> str:
        return repr(self.made)


class MayBeLater:
    """Tells pydantic, where it is used, to take and to write a ``LaterAttribution`` too."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: "GetCoreSchemaHandler"
    ) -> "CoreSchema":
        from pydantic_core import core_schema

        now = handler(source)

        def write(value: Any, inner: Callable[[Any], Any]) -> Any:
            return inner(value.made if isinstance(value, LaterAttribution) else value)

        return core_schema.json_or_python_schema(
            json_schema=now,
            python_schema=core_schema.union_schema(
                [core_schema.is_instance_schema(LaterAttribution), now]
            ),
            serialization=core_schema.wrap_serializer_function_ser_schema(write, schema=now),
        )


def line(
    url: str,
    title: str | None = None,
    creators: tuple[str, ...] = (),
    collection: str | None = None,
    licence: str | None = None,
) -> str:
    """The credit line as one line of plain text: title, creators, collection, licence, URL."""
    parts = [f"\u201c{title}\u201d" if title else ""]
    if creators:
        parts.append("by " + ", ".join(creators))
    if collection:
        parts.append(f"in {collection}" if title else collection)
    if licence:
        parts.append(licence)
    parts.append(url)
    return quote.text(", ".join(part for part in parts if part), 2000)


def cite(attribution: Attribution, style: str) -> str:
    """The credit line, ready to paste; raises ``UsageError`` for an unknown style."""
    known: tuple[CitationStyle, ...] = get_args(CitationStyle)
    chosen = next((each for each in known if each == style), None)
    if chosen is None:
        accepted = ", ".join(get_args(CitationStyle))
        raise UsageError(f"unknown citation style {style!r}; accepted: {accepted}")
    match chosen:
        case "text":
            return attribution.text
        case "markdown":
            return _linked(attribution, quote.markdown, "[{text}](<{url}>)", attribution.url)
        case "html":
            url = quote.html(attribution.url, 4000)
            return _linked(attribution, quote.html, '<a href="{url}">{text}</a>', url)
        case "bibtex":
            return _bibtex(attribution)
    assert_never(chosen)


def _linked(attribution: Attribution, escape: Callable[[str], str], link: str, url: str) -> str:
    named = attribution.title or attribution.collection or attribution.url
    parts = [link.format(text=escape(named), url=url)]
    if attribution.creators:
        parts.append("by " + ", ".join(escape(creator) for creator in attribution.creators))
    if attribution.collection and attribution.title:
        parts.append(f"in {escape(attribution.collection)}")
    if attribution.licence:
        parts.append(escape(attribution.licence))
    return ", ".join(parts)


_BIBTEX_SPECIAL = {
    "\\": "\\textbackslash{}",
    "{": "\\{",
    "}": "\\}",
    "$": "\\$",
    "&": "\\&",
    "%": "\\%",
    "#": "\\#",
    "_": "\\_",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
}


def _bibtex(attribution: Attribution) -> str:
    def safe(text: str) -> str:
        return "".join(_BIBTEX_SPECIAL.get(c, c) for c in quote.text(text))

    key = re.sub(r"[^a-z0-9]+", "-", attribution.url.split("://", 1)[-1].lower()).strip("-")[:60]
    fields = [("title", safe(attribution.title or attribution.collection or attribution.url))]
    if attribution.creators:
        fields.append(("author", " and ".join(safe(c) for c in attribution.creators)))
    if attribution.collection:
        fields.append(("organization", safe(attribution.collection)))
    fields.append(("url", attribution.url.replace("{", "%7B").replace("}", "%7D")))
    if attribution.licence:
        fields.append(("note", safe(attribution.licence)))
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields)
    return f"@misc{{{key},\n{body}\n}}"
