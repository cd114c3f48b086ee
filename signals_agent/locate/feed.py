"""Where licences and RSL stand in a feed, and whose they are (rule R36)."""

import re
from collections.abc import Iterator, Sequence

from signals_agent import url as urls
from signals_agent.errors import InvalidURL
from signals_agent.family import Listen
from signals_agent.locate.feed_elements import Feed
from signals_agent.locate.feed_said import Holder, Said
from signals_agent.locate.feed_vocabulary import UNSPECIFIED, vocabulary
from signals_agent.locate.found import ANYWHERE, UNREAD, Findings, located
from signals_agent.model.capture import Capture
from signals_agent.model.declaration import PAGE, Located, Reach, Scope, Subject
from signals_agent.model.licence import LicenceScope
from signals_agent.model.note import Note, Severity
from signals_agent.model.position import ElementPosition
from signals_agent.syntax.xml_elements import Reading, read, root
from signals_agent.syntax.xml_elements import source as document_of

CARRIER = "feed"

_BEGINNING = 16 * 1024
_TYPES = frozenset({"text/xml", "application/xml", "text/plain", "application/octet-stream", ""})
_RSS_1 = (b"purl.org/rss/1.0", b"netscape.com/rdf/simple/0.9", b"purl.org/net/rss1.1")
_SPEAKS = re.compile(rb"licen|[<:](?:rights|copyright)\b", re.IGNORECASE)
_SPEAKS_RSL = re.compile(rb"rslstandard|rsl[:+]", re.IGNORECASE)
_LICENCE = "license"
_RSL = "rsl-content"
_ABOUT = (_LICENCE, "rights", "rsl")


def is_feed(capture: Capture) -> bool:
    """Whether a response is a feed: XML by its type, or of no telling type, with such a root.

    ``application/rss+xml`` on what is none makes no feed of it; RDF is one where it uses a
    vocabulary of RSS.
    """
    kind = capture.content_type
    body = capture.body
    if not body or (kind not in _TYPES and not kind.endswith("+xml")):
        return False
    outermost = root(body, _content_type(capture))
    if outermost is None:
        return False
    match vocabulary(outermost.name.namespace), outermost.name.local:
        case ("rss", "rss") | ("atom", "feed" | "entry"):
            return True
        case ("rdf", "RDF"):
            beginning = body[:_BEGINNING].replace(b"\x00", b"")
            return any(namespace in beginning for namespace in _RSS_1)
    return False


def locate(
    capture: Capture,
    *,
    source: str,
    capture_id: str,
    listens: Sequence[tuple[str, Listen]],
    about: str | None = None,
) -> Findings:
    """Every licence, statement of rights and content of RSL in a feed, each a unit of its own.

    Without ``about`` the feed is the asset: what it says of itself is the page's, what an
    item says is a part's, named by the item's links. With ``about`` (the URL of an asset
    that was found in the feed) only the items of the feed's own origin speak that link to
    it (rule R36), and what counts for them is the asset's: what stands nearest, for
    licences, rights and RSL each by itself. A part goes before its item, an item before the
    source that it was taken from, and that before the feed (RFC 4946 2.4; the RSS modules
    say the same of item and channel, RFC 4287 4.2.10 of rights, rule R18 of RSL).

    The value of ``rsl-content`` is a document of its own, in UTF-8, and its details say at
    which ``level`` it stands: ``feed``, ``item``, ``source`` or ``part``.

    Offsets are octets of the body, but of its UTF-8 form where it had to be transcoded.
    """
    body = capture.body or b""
    wanted = _same_origin(source, about) if about is not None else None
    if about is not None and wanted is None:
        return Findings()
    document = document_of(body, _content_type(capture))
    feed = Feed(document, source, wanted)
    reading = read(document, feed)
    feed.finish()
    lost = _lost(feed, reading)
    over = feed.over or reading.refused or ("its body was cut" if capture.truncated else "")
    heard = list(_own(feed, source) if wanted is None else _nearest(feed, wanted))
    units: list[tuple[Located, ...]] = [
        (_located(said, subject, source, capture_id, family, around=wanted is not None),)
        for said, subject in heard
        if said.unread or said.value not in ("", UNSPECIFIED)
        for family, listen in listens
        if listen.field == said.field
    ]
    notes = []
    lost_terms = _lost_terms(feed, reading, body, over)
    if wanted is None or not feed.items or feed.cut:
        for field, why in ((_LICENCE, over or lost), (_RSL, lost_terms)):
            units += _unread(
                field, why, len(body), source, capture_id, listens, around=wanted is not None
            )
    if over:
        notes.append(_over_cap(source, over))
    elif reading.broken:
        notes.append(_broken(source, reading.broken, lost or lost_terms))
    if units and document.transcoded:
        notes.append(_transcoded(source))
    return Findings(tuple(units), tuple(notes))


def _lost_terms(feed: Feed, reading: Reading, body: bytes, over: str) -> str:
    """Why RSL may stand in what was not read; empty where the feed never speaks of it."""
    if not (over or reading.broken) or not _SPEAKS_RSL.search(body.replace(b"\x00", b"")):
        return ""
    behind = reading.behind.replace(b"\x00", b"")
    # Its prefix may be another one, which is bound where the feed begins.
    if over or feed.stating or b":content" in behind or _SPEAKS_RSL.search(behind):
        return over or f"it is not well-formed: {reading.broken}"
    return ""


def _lost(feed: Feed, reading: Reading) -> str:
    """Why a licence may stand behind the error that ended the reading; else empty."""
    behind = reading.behind.replace(b"\x00", b"")
    if reading.broken and (feed.speaking or _SPEAKS.search(behind)):
        return f"it is not well-formed: {reading.broken}"
    return ""


def _own(feed: Feed, source: str) -> Iterator[tuple[Said, Subject]]:
    """What is said, with what it is about, where the feed itself is the asset."""
    yield from ((said, PAGE) for said in feed.feed.said)
    yield from _parts(feed.feed, source)
    for item in feed.items:
        subject = PAGE if item.root else _part(item)
        for about in _ABOUT:
            own = [said for said in item.said if said.about == about]
            taken = item.source.said if item.source is not None and not own else []
            yield from ((said, subject) for said in own)
            yield from ((said, subject) for said in taken if said.about == about)
        yield from _parts(item, source)


def _parts(holder: Holder, source: str) -> Iterator[tuple[Said, Subject]]:
    for part in holder.parts:
        # RDF may describe the document from within: <cc:Work rdf:about="">.
        subject = PAGE if source in part.urls() else _part(part)
        yield from ((said, subject) for said in part.said)


def _part(holder: Holder) -> Subject:
    return Subject(LicenceScope.PART, holder.urls(), holder.within)


def _nearest(feed: Feed, about: str) -> Iterator[tuple[Said, Subject]]:
    """What counts for one asset that items link to: of each subject what stands nearest."""
    seen = set()
    for item in feed.items:
        levels = [
            [said for part in item.parts if about in part.urls() for said in part.said],
            item.said,
            item.source.said if item.source is not None else [],
            feed.feed.said,
        ]
        for subject in _ABOUT:
            speaking = ([s for s in level if s.about == subject] for level in levels)
            for said in next(filter(None, speaking), []):
                if said.offset not in seen:
                    seen.add(said.offset)
                    yield said, PAGE


def _same_origin(source: str, about: str) -> str | None:
    """The asset's URL in its normal form, where it is of the feed's origin (rule R36)."""
    try:
        asset = urls.parse(about)
        return asset.text if asset.origin == urls.parse(source).origin else None
    except InvalidURL:
        return None


def _located(
    said: Said,
    subject: Subject,
    source: str,
    capture_id: str,
    family: str,
    *,
    around: bool,
) -> Located:
    details = tuple(said.details.items())
    return located(
        family=family,
        carrier=CARRIER,
        source=source,
        capture_id=capture_id,
        position=ElementPosition(said.element, said.offset),
        octets=said.octets,
        value=said.value.encode("utf-8", "replace"),
        field=said.field,
        reach=Reach(index=said.offset, around=around),
        scope=Scope(element=subject.within) if subject.within else ANYWHERE,
        subject=subject,
        details=((UNREAD, said.unread), *details) if said.unread else details,
    )


def _unread(
    field: str,
    why: str,
    end: int,
    source: str,
    capture_id: str,
    listens: Sequence[tuple[str, Listen]],
    *,
    around: bool,
) -> list[tuple[Located, ...]]:
    """What may stand in what was not read, so that the cap fails closed (rule R39)."""
    if not why:
        return []
    nothing = Said(field, "feed", end, source, unread=why)
    return [
        (_located(nothing, PAGE, source, capture_id, family, around=around),)
        for family, listen in listens
        if listen.field == nothing.field
    ]


def _content_type(capture: Capture) -> bytes:
    return (capture.field_lines(b"content-type") or (b"",))[-1]


def _over_cap(source: str, why: str) -> Note:
    return Note(
        code="feed-over-cap",
        severity=Severity.WARNING,
        summary=f"the feed {source} was not read to its end: {why}; it may hold a licence there",
        clause="rule R39",
    )


def _broken(source: str, why: str, lost: str) -> Note:
    more = ", and a licence may stand behind it" if lost else ""
    return Note(
        code="feed-broken",
        severity=Severity.WARNING,
        summary=(
            f"the feed {source} is not well-formed: {why}; what stands before that counts{more}"
        ),
        clause="XML 1.0 2.1",
    )


def _transcoded(source: str) -> Note:
    return Note(
        code="feed-transcoded",
        severity=Severity.INFO,
        summary=f"offsets in {source} count octets of its UTF-8 form",
        clause="rule R30",
    )
