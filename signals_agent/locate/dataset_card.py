"""Where licences and preferences stand in a dataset card: front matter, or Croissant."""

from collections.abc import Sequence

from signals_agent.family import Listen
from signals_agent.locate import croissant, front_matter
from signals_agent.locate.croissant import Card
from signals_agent.locate.found import Findings
from signals_agent.locate.front_matter import CARRIER, Matter
from signals_agent.model.capture import Capture

__all__ = ["CARRIER", "is_card", "locate"]

_TEXT = frozenset({"text/markdown", "text/x-markdown", "text/plain"})
_JSON = frozenset({"application/json", "text/json"})
_SAYS_NOTHING = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_KEPT = "dataset-card"


def is_card(capture: Capture) -> bool:
    """Whether a response is a dataset card, by its media type and its octets; never HTML."""
    return _card(capture) is not None


def locate(
    capture: Capture,
    *,
    source: str,
    capture_id: str,
    listens: Sequence[tuple[str, Listen]],
) -> Findings:
    """Every licence and preference of a dataset card, each as a unit; none where it is none.

    A value goes to every family that listens for its field: ``usageInfo`` says as well how
    a dataset may be used as who licenses it.
    """
    match _card(capture):
        case Matter() as found:
            return front_matter.locate(
                capture.body or b"", found, source=source, capture_id=capture_id, listens=listens
            )
        case Card() as read:
            return croissant.locate(
                read,
                source=source,
                capture_id=capture_id,
                listens=listens,
                truncated=capture.truncated,
            )
        case _:
            return Findings()


def _card(capture: Capture) -> Matter | Card | None:
    """What kind of card it is, worked out once for each capture."""
    if _KEPT not in capture.memo:
        capture.memo[_KEPT] = _looked_at(capture)
    kept: Matter | Card | None = capture.memo[_KEPT]
    return kept


def _looked_at(capture: Capture) -> Matter | Card | None:
    kind = capture.content_type
    body = capture.body
    if not body:
        return None
    if kind in _TEXT or kind in _SAYS_NOTHING:
        found = front_matter.matter(body, truncated=capture.truncated)
        if found is not None:
            return found
    json = kind in _JSON or kind.endswith("+json")
    if json or ((kind in _TEXT or kind in _SAYS_NOTHING) and _begins_as_json(body)):
        return croissant.card(body)
    return None


def _begins_as_json(body: bytes) -> bool:
    return body[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1] in (b"{", b"[")
