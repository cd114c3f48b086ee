"""What an asset that is no page says about itself: JSON-LD, dataset cards, feeds."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from signals_agent import url as urls
from signals_agent.locate import dataset_card, feed, feed_facts, json_ld
from signals_agent.locate.found import Fact
from signals_agent.locate.subject import Page
from signals_agent.model.capture import Capture
from signals_agent.model.position import LinePosition, PointerPosition

CARRIER: Final = "dataset-card"

_MAX_OCTETS: Final = 2 * 1024 * 1024
_MAX_MATTER: Final = 64 * 1024
_NAMED: Final = re.compile(
    rb"""(?P<key>pretty_name:[ \t]*+)(?:"([^"\r\n]*+)"|'([^'\r\n]*+)'|([^\r\n#]++))"""
)
_LINE: Final = re.compile(rb"[^\r\n]*+(\r\n|\r|\n|\Z)")
_BOM: Final = b"\xef\xbb\xbf"


def facts(capture: Capture) -> tuple[Fact, ...] | None:
    """The facts of a feed, a JSON-LD document or a dataset card; ``None`` where it may be a page.

    An asset that was found on a feed is not the feed: who credits it asks for its own facts.
    """
    if feed.is_feed(capture):
        return feed_facts.facts(capture)
    return _facts(capture) or None


def _facts(capture: Capture) -> tuple[Fact, ...]:
    body = capture.body or b""
    if len(body) > _MAX_OCTETS or body[:64].lstrip(_BOM + b" \t\r\n")[:1] == b"<":
        return ()
    if body.removeprefix(_BOM)[:3] == b"---":
        return tuple(_matter(body)) if dataset_card.is_card(capture) else ()
    if capture.content_type != "application/ld+json" and not dataset_card.is_card(capture):
        return ()
    # A dataset is named by its own page; the document in hand is about it all the same.
    named = (urls.join(capture.url, each) for each in _names(body))
    page = Page(capture.url, tuple(dict.fromkeys(each.text for each in named if each)))
    return json_ld.facts(body, page=page, base=capture.url, position=PointerPosition)


def _names(body: bytes) -> Iterator[str]:
    try:
        whole: Any = json.loads(body.removeprefix(_BOM))
    except (ValueError, RecursionError):
        return
    if isinstance(whole, dict):
        for name in ("url", "@id"):
            if isinstance(whole.get(name), str):
                yield whole[name]


def _matter(body: bytes) -> Iterator[Fact]:
    """The name that a Hugging Face card gives its dataset, in the front matter."""
    number, at = 0, len(_BOM) if body.startswith(_BOM) else 0
    while at < min(len(body), _MAX_MATTER):
        line = _LINE.match(body, at)
        if line is None or (number and line[0].rstrip() == b"---"):
            return
        number += 1
        named = _NAMED.match(line[0])
        if named is not None:
            value = (named[2] or named[3] or named[4] or b"").decode("utf-8", "replace")
            column = named.end("key") + 1
            yield Fact("title", value, CARRIER, LinePosition(number, column))
            return
        at = line.end()
