"""How what a document writes as a URL becomes an absolute one."""

import re

from signals_agent import url as urls

_MAX_REFERENCE = 4096
_LOOKS_LIKE_ONE = re.compile(r"(?:https?:|//|/|\.{1,2}/|[?#])\S*", re.IGNORECASE)


def absolute(base: str, reference: str) -> str:
    """A reference made absolute; as written where that gives no http or https URL."""
    written = reference.strip(" \t\n\r\f")
    if not written or len(written) > _MAX_REFERENCE:
        return written
    joined = urls.join(base, written)
    return joined.text if joined is not None else written


def absolute_if_url(base: str, text: str) -> str:
    """A text that may be a URL or a name (``cc-by-4.0``); names stay as written."""
    written = text.strip(" \t\n\r\f")
    return absolute(base, written) if _LOOKS_LIKE_ONE.fullmatch(written) else written
