"""Which tags of a document may name a licence, or hold JSON-LD that does, told from the octets."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from signals_agent.locate.html_scan import REST_OF_TAG, Tag
from signals_agent.locate.needles import Needle

MAX_CLAIMS: Final = 2000
"""Tags of one document that may name a licence; what is beyond is not read (rule R39)."""

# In every attribute that names a licence stands one of these; in lower case.
_WORDS: Final = (Needle(b"licen"), Needle(b"usageinfo"), Needle(b"rights"))
_OTHERS: Final = (Needle(b"permissions"),)
_IN_JSON: Final = (b"licen", b"usageinfo", b"rights")
_JSON_LD: Final = Needle(b"ld+json")
_NAMING: Final = rb"(?:rel|property|itemprop)[\t\n\f\r ]*+=[\t\n\f\r ]*+"
_BEFORE: Final = re.compile(_NAMING + rb"""(?:"[^"]*|'[^']*|[^\t\n\f\r "'>]*)\Z""")
_LOOK_BACK: Final = 256
_EVERYWHERE: Final = re.compile(
    _NAMING + rb"""(?:"[^"]{0,256}?|'[^']{0,256}?|[^\t\n\f\r "'>]{0,256}?)"""
    rb"(?:licen|usageinfo|rights|permissions)"
)
_MANY: Final = 500
_TAG_NAME: Final = re.compile(rb"<[a-z][^\t\n\f\r />]*+")
_SCRIPT: Final = b"<script"
_END_OF_SCRIPT: Final = re.compile(rb"</script(?=[\t\n\f\r />])")
_OPENINGS_TRIED: Final = 16
_LONGEST_TAG: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Claims:
    """Tags in the order of the document; ``scripts`` maps a tag's start to where its text ends.

    ``whole`` is false where a cap ended the search.
    """

    tags: tuple[Tag, ...] = ()
    scripts: tuple[tuple[Tag, int], ...] = ()
    whole: bool = True


NONE: Final = Claims()


def claims(octets: bytes, lowered: bytes) -> Claims:
    """The tags of which ``rel``, ``property`` or ``itemprop`` may name a licence, and scripts.

    ``lowered`` are the octets in lower case. A name is looked for as it is written, so one
    with character references in it is not found.
    """
    hits = [place for needle in _WORDS for place in needle.starts(lowered)]
    if not hits:
        return NONE
    named = sorted(_places(hits, lowered))
    scripts, whole = _scripts(octets, lowered, hits)
    if named:
        more = [place for needle in _OTHERS for place in needle.starts(lowered)]
        named = sorted({*named, *_places(more, lowered)})
    tags, looked = _around(octets, lowered, named)
    ordered = sorted(tags, key=lambda tag: tag.start)[:MAX_CLAIMS]
    return Claims(tuple(ordered), scripts, whole and looked and len(tags) <= MAX_CLAIMS)


def _places(hits: list[int], lowered: bytes) -> Iterable[int]:
    """Those of the places that stand in an attribute that names something."""
    if len(hits) > _MANY:
        return [found.end() for found in _EVERYWHERE.finditer(lowered)]
    return [place for place in hits if _BEFORE.search(lowered, max(0, place - _LOOK_BACK), place)]


def _around(octets: bytes, lowered: bytes, places: Sequence[int]) -> tuple[set[Tag], bool]:
    """The tags in which the places may stand: each ``<`` before one that begins one that far.

    An attribute's value may hold a ``<`` too, so the nearest need not be the tag's own.
    Where so much overlaps that it would cost more than the document is long, the second is
    false.
    """
    tags: set[Tag] = set()
    budget = 4 * len(octets) + _LONGEST_TAG
    for place in places:
        lowest, at = max(0, place - _LONGEST_TAG), place
        for _ in range(_OPENINGS_TRIED):
            before, at = at, lowered.rfind(b"<", lowest, at)
            budget -= before - max(at, lowest)
            name = _TAG_NAME.match(lowered, at) if at >= 0 else None
            if at < 0 or len(tags) > MAX_CLAIMS:
                break
            if name is None:
                continue
            rest = REST_OF_TAG.match(octets, name.end())
            end = rest.end() if rest is not None else len(octets)
            budget -= end - at
            if budget < 0:
                return tags, False
            if rest is not None and end > place:
                tags.add(Tag(at, end, name.end() - at))
    return tags, True


def _scripts(
    octets: bytes, lowered: bytes, hits: list[int]
) -> tuple[tuple[tuple[Tag, int], ...], bool]:
    """The scripts of JSON-LD in which one of the words stands, each with the end of its text."""
    found: list[tuple[Tag, int]] = []
    after = 0
    for place in _JSON_LD.starts(lowered):
        if place < after:
            continue
        start = lowered.rfind(_SCRIPT, max(after, place - 4096), place)
        rest = REST_OF_TAG.match(octets, start + len(_SCRIPT)) if start >= 0 else None
        if rest is None or rest.end() < place:
            continue
        closing = _END_OF_SCRIPT.search(lowered, rest.end())
        end = closing.start() if closing else len(octets)
        after = end
        if any(word in lowered[rest.end() : end] for word in _IN_JSON):
            if len(found) == MAX_CLAIMS:
                return tuple(found), False
            found.append((Tag(start, rest.end(), len(_SCRIPT)), end))
    return tuple(found), True


_KEEPERS: Final = tuple(
    (Needle(opens), Needle(closes))
    for opens, closes in (
        (b"<!--", b"-->"),
        *((b"<" + name, b"</" + name) for name in (
            b"iframe", b"math", b"noembed", b"noframes", b"script", b"style", b"svg", b"template",
            b"textarea", b"title", b"xmp",
        )),
    )
)  # fmt: skip
_PLAINTEXT: Final = Needle(b"<plaintext")


def stands_free(lowered: bytes, tag: Tag) -> bool:
    """Whether a tag is surely an element of the page, as the octets before it tell.

    It is where every comment, script and the like before it was closed, and what stands
    right before it ends a tag. Otherwise a parser has to say.
    """
    before = lowered[: tag.start]
    if not before.rstrip().endswith((b">", b"-->")) or _PLAINTEXT.starts(before):
        return False
    for opens, closes in _KEEPERS:
        opened = opens.starts(before)
        if opened:
            closed = closes.starts(before)
            if len(closed) < len(opened) or closed[-1] < opened[-1]:
                return False
    return True
