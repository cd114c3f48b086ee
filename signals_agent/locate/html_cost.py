"""Whether a document can be parsed in a time that its length bounds (rule R39).

The parser is quadratic in a few things that no page needs: open elements, formatting
elements that are never closed, attributes of one tag. A document of a few hundred
kilobytes made of them takes minutes. What is counted here bounds each of them, without
asking where a tag really begins, so that nothing can hide in a comment or a script.
"""

import re

from signals_agent.locate.html_scan import EACH_ATTRIBUTE, REST_OF_TAG

MAX_TAGS = 8000
"""Start tags; no more elements can be open at once. Real pages have a few thousand."""

MAX_COPIES = 1_000_000
"""Formatting elements with attributes, times start tags: each may copy all the former."""

MAX_WALKED = 100_000_000
"""End tags, times start tags: a stray end tag may walk over every open element."""

MAX_ATTRIBUTES = 1000
"""Attributes of one tag, unless the whole document has few."""

_FEW_ATTRIBUTES = 8000
_MAX_MERGED = 10
_BEFORE_ATTRIBUTE = b"\t\n\f\r /\"'"
_START = re.compile(rb"<[A-Za-z]")
_END_OF_NAME = re.compile(rb"[^\t\n\f\r />]*+")
_FORMATTING = re.compile(
    rb"<(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\t\n\f\r /]", re.IGNORECASE
)
# Attributes of a second html or body tag are merged into the first one's.
_MERGED = re.compile(rb"<(?:html|body)[\t\n\f\r /]", re.IGNORECASE)


def bounded(octets: bytes) -> bool:
    """Whether parsing these octets is sure to take a time that their length bounds."""
    tags = octets.count(b"<")
    if tags > MAX_TAGS and len(_START.findall(octets)) > MAX_TAGS:
        return False
    if len(_FORMATTING.findall(octets)) * min(tags, MAX_TAGS) > MAX_COPIES:
        return False
    if tags * tags > MAX_WALKED and octets.count(b"</") * min(tags, MAX_TAGS) > MAX_WALKED:
        return False
    # Before every attribute stands one of these octets, so there are no more attributes.
    before = len(octets) - len(octets.translate(None, _BEFORE_ATTRIBUTE))
    return before <= _FEW_ATTRIBUTES or _few_attributes(octets)


def _few_attributes(octets: bytes) -> bool:
    if len(_MERGED.findall(octets)) > _MAX_MERGED:
        return False
    length = len(octets)
    budget = 32 * length + 64 * 1024
    for found in _START.finditer(octets):
        start = found.start()
        name = _END_OF_NAME.match(octets, start + 1)
        after = name.end() if name else start + 1
        rest = REST_OF_TAG.match(octets, after)
        # Without an end it is no tag, and its attributes are never compared.
        end = rest.end() if rest else length
        budget -= end - start
        if budget < 0:
            return False
        if rest and end - after > 2 * MAX_ATTRIBUTES:
            count = sum(1 for _ in EACH_ATTRIBUTE.finditer(octets, after, end))
            if count > MAX_ATTRIBUTES:
                return False
    return True
