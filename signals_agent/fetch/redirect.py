"""Where a response sends us on to."""

from signals_agent import url as urls
from signals_agent.model.capture import Capture
from signals_agent.url import Url

STATUSES = frozenset({301, 302, 303, 307, 308})
NOWHERE = "a redirect without a usable Location"


def is_redirect(capture: Capture) -> bool:
    """Whether the response asks us to go elsewhere; 300 and 304 do not (RFC 9110 15.4)."""
    return capture.status in STATUSES and capture.availability is None


def target(capture: Capture) -> Url | None:
    """Where a redirect leads; ``None`` where ``Location`` is missing or no http(s) URL.

    The first field line counts. Octets that are not UTF-8 are taken as Latin-1; the
    fragment and any credentials are dropped (rule R33).
    """
    lines = capture.field_lines(b"location")
    if not lines or not lines[0].strip():
        return None
    try:
        reference = lines[0].decode("utf-8")
    except UnicodeDecodeError:
        reference = lines[0].decode("latin-1")
    return urls.join(capture.url, reference)
