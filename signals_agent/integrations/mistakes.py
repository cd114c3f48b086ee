"""What callers get wrong at first, each told in one sentence that says what to do."""

import logging
from collections.abc import Iterable
from typing import Final

from signals_agent import quote
from signals_agent import url as urls
from signals_agent.errors import InvalidURL, UsageError
from signals_agent.model.note import Note

NOT_MODIFIED: Final = (
    "304 says that a stored copy still serves, and that copy was not seen here: put the cache "
    "beneath the transport (wrapped), or ask without If-None-Match and If-Modified-Since"
)
"""What to do about a 304, which has no content to judge."""

_PRIVATE: Final = (
    "the host is on this machine or a private network, which are asked only where the agent is "
    "given allow_private=True"
)

_log = logging.getLogger("signals_agent.integrations")


def advice(notes: Iterable[Note]) -> str:
    """What to do about a refusal that is no publisher's doing; empty where it is one's."""
    return _PRIVATE if any(note.code == "guard-refused" for note in notes) else ""


def check_host(url: str, host: str | None) -> None:
    """Raise ``UsageError`` where the field ``Host`` names another site than the URL.

    What was asked of the one site says nothing of the other.
    """
    if host is None:
        return
    here = urls.parse(url)
    try:
        there = urls.parse(f"{here.origin.partition(':')[0]}://{host}/").origin
    except InvalidURL:
        there = ""
    if there != here.origin:
        raise UsageError(
            f"the field Host says {quote.text(host, 80)!r}, and the URL {here.origin}: ask for a "
            "site by its own URL, since its robots.txt is looked for there"
        )


def warn_of_name(user_agent: str | None, ours: str) -> bool:
    """Log that a client does not call itself by our product token; whether it was said."""
    token = ours.partition("/")[0]
    if user_agent is not None and token.lower() in user_agent.lower():
        return False
    said = "no User-Agent" if user_agent is None else f"User-Agent: {quote.text(user_agent, 80)}"
    _log.warning(
        "requests go out with %s, and robots.txt is read for %s: give the client "
        "headers={'User-Agent': %r}, so that sites see who follows which rules",
        said,
        token,
        ours,
    )
    return True


def warn(text: str) -> None:
    """Log a sentence about how a wrapper is used."""
    _log.warning("%s", text)
