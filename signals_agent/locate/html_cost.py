"""Whether a document can be parsed in a time that its length bounds (rule R39).

The parser is quadratic in a few things that no page needs: open elements, formatting
elements that are never closed, attributes of one tag. A document of a few hundred
kilobytes made of them takes minutes. What is counted here bounds each of them, without
asking where a tag really begins, so that nothing can hide in a comment or a script.
"""

import re

from signals_agent.locate.html_scan import REST_OF_TAG

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
# A tag with many attributes is long. Either no ">" stands in it before its end, or the first
# one stands in a value with quotes.
_LONG = re.compile(rb"<[A-Za-z](?=[^>]{%d})" % (2 * MAX_ATTRIBUTES))
_QUOTED_END = re.compile(rb"""=[\t\n\f\r ]*+(?:"[^">]*+>|'[^'>]*+>)""")
_ATTRIBUTE = (
    rb"""[\t\n\f\r /]*+(?:=[^\t\n\f\r />=]*+|[^\t\n\f\r />=]++)"""
    rb"""(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+(?:"[^"]*+"|'[^']*+'|(?!["'])[^\t\n\f\r >]*+))?+"""
)
_UP_TO_MANY = re.compile(rb"(?:%b){0,%d}+[\t\n\f\r /]*+" % (_ATTRIBUTE, MAX_ATTRIBUTES + 1))
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
    for start in _suspects(octets):
        name = _END_OF_NAME.match(octets, start + 1)
        after = name.end() if name else start + 1
        many = _UP_TO_MANY.match(octets, after)
        end = many.end() if many else after
        budget -= end - start
        if octets[end : end + 1] not in b">":
            # More than that, or no end; without one it is no tag, and nothing is compared.
            rest = REST_OF_TAG.match(octets, after)
            budget -= (rest.end() if rest else length) - start
            if rest and end < rest.end():
                return False
        if budget < 0:
            return False
    return True


def _suspects(octets: bytes) -> set[int]:
    """Where tags begin that may be long, tags or what looks like one."""
    found = {each.start() for each in _LONG.finditer(octets)}
    after = 0
    for quoted in _QUOTED_END.finditer(octets):
        before = octets.rfind(b">", after, quoted.start()) + 1 or after
        found.update(each.start() for each in _START.finditer(octets, before, quoted.end()))
        after = quoted.end()
    return found
