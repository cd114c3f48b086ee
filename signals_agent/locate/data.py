"""Where declarations stand in an asset that is no page: a feed, a dataset card, JSON-LD."""

from collections.abc import Mapping, Sequence
from typing import Final

from signals_agent.family import Listen
from signals_agent.locate.found import Findings
from signals_agent.model.capture import Capture
from signals_agent.model.position import PointerPosition

_KINDS: Final = frozenset(
    {
        "application/atom+xml",
        "application/json",
        "application/ld+json",
        "application/rdf+xml",
        "application/rss+xml",
        "application/xml",
        "text/markdown",
        "text/plain",
        "text/x-markdown",
        "text/xml",
    }
)
_BEGINNINGS: Final = (b"<", b"{", b"[", b"---")
_BLANK: Final = b"\xef\xbb\xbf \t\r\n"

Heard = Sequence[tuple[str, Listen]]


def may_speak(capture: Capture) -> bool:
    """Whether an asset that is no page is of a kind that may declare something in its octets."""
    kind = capture.content_type
    if kind in _KINDS:
        return True
    unsaid = not kind or kind == "application/octet-stream"
    return unsaid and (capture.body or b"")[:64].lstrip(_BLANK).startswith(_BEGINNINGS)


def locate(
    capture: Capture,
    source: str,
    capture_id: str,
    listens: Mapping[str, Heard],
    *,
    about: str | None = None,
) -> Findings:
    """What the asset declares of itself; with ``about`` what a feed declares of that URL."""
    if not may_speak(capture):
        return Findings()
    from signals_agent.locate import dataset_card, feed

    if feed.is_feed(capture):
        return feed.locate(
            capture, source=source, capture_id=capture_id, listens=listens["feed"], about=about
        )
    if about is not None:
        return Findings()
    if dataset_card.is_card(capture):
        return dataset_card.locate(
            capture, source=source, capture_id=capture_id, listens=listens["dataset-card"]
        )
    if capture.content_type == "application/ld+json":
        from signals_agent.locate import json_ld
        from signals_agent.locate.subject import Page

        return json_ld.locate(
            capture.body or b"",
            page=Page(source),
            base=source,
            source=source,
            capture_id=capture_id,
            listens=listens["json-ld"],
            position=PointerPosition,
        )
    return Findings()
