"""Where an RSL document is named: in a field line, in a link element, in robots.txt."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from signals_agent import url as urls
from signals_agent.errors import InvalidURL
from signals_agent.model.declaration import PAGE, Located, Subject
from signals_agent.model.ids import identify
from signals_agent.model.licence import LicenceScope
from signals_agent.syntax import link_field

DOCUMENT: Final = "licence-document"
SITE: Final = "robots-txt"
HEADER: Final = "http-header"
LINK: Final = "html-link"
ANCHOR: Final = "html-anchor"
SCRIPT: Final = "html-script"
"""Carriers of RSL and of what names it."""

ACCESS: Final = "access"
"""The detail that lists the uses of which a document says only what access to it takes."""

MEDIA_TYPE: Final = "application/rsl+xml"

_BLANK: Final = " \t\r\n\f"
# Some quote the URL, or put it between angle brackets as a Link field does.
_AROUND: Final = _BLANK + "<>\"'"


@dataclass(frozen=True, slots=True)
class Named:
    """A document's URL in its normal form; ``relative`` says that it was not absolute."""

    url: str
    relative: bool


def is_rsl(media_type: str) -> bool:
    """Whether a media type is RSL's, in any case and with whatever parameters."""
    return media_type.partition(";")[0].strip(_BLANK).lower() == MEDIA_TYPE


def named(value: bytes, source: str) -> Named | None:
    """The document that a value names; ``None`` where it is no http or https URL."""
    text = value.decode("utf-8", "replace").strip(_AROUND)
    try:
        return Named(urls.parse(text).text, relative=False)
    except InvalidURL:
        joined = urls.join(source, text)
        return Named(joined.text, relative=True) if joined is not None else None


def in_field_line(located: Located) -> Iterator[Located]:
    """The links to RSL documents of a ``Link`` field line, each as a declaration of its own.

    What has an ``anchor`` elsewhere is about another asset (RFC 8288 3.2); one within the
    page is about a part of it.
    """
    whole = located.declaration
    for link in link_field.read(located.value):
        if "license" not in link.relations or not is_rsl(link.param("type")):
            continue
        anchor = link.param("anchor").strip(_BLANK)
        about = urls.join(whole.source, anchor) if anchor else None
        own = urls.join(whole.source, "")
        if about is not None and own is not None and about.text != own.text:
            continue
        octets = located.value[link.begin : link.end]
        made = replace(
            whole,
            id=identify("dec", whole.id, str(link.begin)),
            expression=octets.decode("utf-8", "replace"),
            octets=octets,
        )
        # A relative target is as good as an absolute one here (RFC 8288 3.1).
        target = urls.join(whole.source, link.target)
        yield replace(
            located,
            declaration=made,
            value=(target.text if target is not None else link.target).encode("utf-8", "replace"),
            subject=Subject(LicenceScope.PART) if "#" in anchor else PAGE,
        )
