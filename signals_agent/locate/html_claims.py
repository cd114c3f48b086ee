"""Which tags of a document may name a licence, or hold one as a script, told from the octets."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from signals_agent.locate import html_scripts
from signals_agent.locate.html_scan import REST_OF_TAG, Tag
from signals_agent.locate.needles import Needle

MAX_CLAIMS: Final = 2000
"""Tags of one document that may name a licence; what is beyond is not read (rule R39)."""

# In every name that is looked for stands one of these, in the casings that are written:
# "license", "License" or "LICENSE", "usageInfo", "rights" or "Rights".
_FIRST_SIGNS: Final = (Needle(b"icense"), Needle(b"ICENSE"), Needle(b"usageInfo"), Needle(b"ights"))
_WORDS: Final = (Needle(b"licen"), Needle(b"usageinfo"), Needle(b"rights"), Needle(b"permissions"))
_BEFORE_IGHTS: Final = frozenset(b"rR")
# What stands before it in a name; in "All rights reserved" it is a space.
_BEFORE_RIGHTS: Final = frozenset(b".:/=\"'")
# As the key of an object, in JSON that is broken in the usual ways too.
_KEY: Final = re.compile(
    rb"""(?:icense(?:Page)?|usageInfo|ights)(?:["':&\\]|\xe2\x80)""", re.IGNORECASE
)
_IN_JSON: Final = re.compile(rb"""(?:license(?:page)?|usageinfo|rights)(?:["':&\\]|\xe2\x80)""")
# The sign between may be written as a character reference.
_JSON_LD: Final = (Needle(b"ld+json"), Needle(b"application/ld&#"))
_NAMING: Final = rb"(?:rel|property|itemprop)[\t\n\f\r ]*+=[\t\n\f\r ]*+"
_BEFORE: Final = re.compile(_NAMING + rb"""(?:"[^"]*|'[^']*|[^\t\n\f\r "'>]*)\Z""", re.IGNORECASE)
_ENDS_VALUE: Final = re.compile(rb"[\"'<>=]")
_LOOK_BACK: Final = 256
_LOOK_FAR_BACK: Final = 8192
_EVERYWHERE: Final = re.compile(
    _NAMING + rb"""(?:"[^"]{0,256}?|'[^']{0,256}?|[^\t\n\f\r "'>]{0,256}?)"""
    rb"(?:licen|usageinfo|rights|permissions)"
)
_MANY: Final = 500
_OPENING: Final = re.compile(rb"<[a-z][^\t\n\f\r />]*+")
_SCRIPT: Final = b"<script"
_END_OF_SCRIPT: Final = re.compile(rb"</script(?=[\t\n\f\r />])")
_NEARBY: Final = 16


@dataclass(frozen=True, slots=True)
class Claims:
    """Tags in the order of the document; ``scripts`` are those of JSON-LD that may name a
    licence, and those of RSL (``inline``), each with where its text ends.

    ``whole`` is false where a cap ended the search. ``mentioned`` is where a link to a
    licence of Creative Commons seems to begin that does not say so, -1 where there is none.
    """

    tags: tuple[Tag, ...] = ()
    scripts: tuple[tuple[Tag, int], ...] = ()
    whole: bool = True
    mentioned: int = -1
    inline: frozenset[Tag] = frozenset()


NONE: Final = Claims()
_SHELF: Final = b"creativecommons.org/l"


def claims(octets: bytes) -> Claims:
    """The tags of which ``rel``, ``property`` or ``itemprop`` may name a licence, and scripts.

    A name is looked for as it is written, so one with character references in it, or in a
    medley of small and capital letters, is not found.
    """
    signs = [place for needle in _FIRST_SIGNS[:3] for place in needle.starts(octets)]
    signs += [
        place
        for place in _FIRST_SIGNS[3].starts(octets)
        if octets[place - 1] in _BEFORE_IGHTS and octets[place - 2] in _BEFORE_RIGHTS
    ]
    inline, all_inline = html_scripts.scripts(octets)
    if not (signs or inline) and all_inline:
        return NONE
    quoted = any(_KEY.match(octets, place) for place in signs)
    told = quoted or len(signs) > _MANY or any(_names(octets, each) for each in signs)
    if not (told or inline) and all_inline:
        return Claims(mentioned=_mentioned(octets, signs))
    lowered = octets.lower()
    scripts, whole = _scripts(octets, lowered) if quoted else ((), True)
    whole = whole and all_inline
    hits = [place for needle in _WORDS for place in needle.starts(lowered)]
    named = sorted(_places(hits, lowered))
    if not (named or scripts or inline) and whole:
        return Claims(mentioned=_mentioned(octets, signs))
    tags, looked = _Openings(octets, lowered).around(named)
    ordered = sorted(tags, key=lambda tag: tag.start)[:MAX_CLAIMS]
    return Claims(
        tuple(ordered),
        (*scripts, *inline),
        whole and looked and len(tags) <= MAX_CLAIMS,
        inline=frozenset(tag for tag, _ in inline),
    )


def _mentioned(octets: bytes, signs: list[int]) -> int:
    """Where the first anchor begins whose link leads to a licence of Creative Commons."""
    for place in signs:
        if octets.startswith(_SHELF, place - len(_SHELF)):
            return octets.rfind(b"<a", max(0, place - 512), place)
    return -1


def _places(hits: list[int], lowered: bytes) -> Iterable[int]:
    """Those of the places that stand in an attribute that names something."""
    if len(hits) > _MANY:
        return [found.end() for found in _EVERYWHERE.finditer(lowered)]
    return [place for place in hits if _names(lowered, place)]


def _names(octets: bytes, place: int) -> bool:
    near = octets[max(0, place - _LOOK_BACK) : place].lower()
    # What holds neither beginning of a naming attribute is not searched for a whole one.
    if (b"rel" in near or b"prop" in near) and _BEFORE.search(near):
        return True
    if _ENDS_VALUE.search(octets, max(0, place - _LOOK_BACK), place):
        return False
    return _BEFORE.search(octets, max(0, place - _LOOK_FAR_BACK), place) is not None


class _Openings:
    """Where the tags of a document begin and end, each worked out once and where it matters."""

    def __init__(self, octets: bytes, lowered: bytes) -> None:
        self._octets = octets
        self._lowered = lowered
        self._tags: dict[int, Tag | None] = {}
        self._budget = 8 * len(octets) + 64 * 1024

    def around(self, places: Sequence[int]) -> tuple[set[Tag], bool]:
        """The tags in which the places may stand: each ``<`` before one that begins one that far.

        An attribute's value may hold a ``<`` too, so the nearest need not be the tag's own;
        where none nearby reaches a place, all before it are looked at. The second is false
        where so much overlaps that it would cost more than the document is long.
        """
        tags: set[Tag] = set()
        far: list[int] = []
        for place in places:
            reaching = self._nearby(place)
            if not reaching:
                far.append(place)
            tags.update(reaching)
            if self._budget < 0 or len(tags) > MAX_CLAIMS:
                return tags, False
        if far:
            tags.update(self._from_the_beginning(far))
        return tags, self._budget >= 0

    def closed_before(self, place: int) -> bool:
        """Whether the nearest tags before a place all end before it."""
        at = place
        for _ in range(_NEARBY):
            at = self._lowered.rfind(b"<", 0, at)
            if at < 0:
                break
            if _OPENING.match(self._lowered, at):
                tag = self._tag(at)
                if tag is None or tag.end > place:
                    return False
        return True

    def _nearby(self, place: int) -> list[Tag]:
        found: list[Tag] = []
        at = place
        for _ in range(_NEARBY):
            before, at = at, self._lowered.rfind(b"<", 0, at)
            self._budget -= before - max(at, 0)
            if at < 0 or self._budget < 0:
                break
            tag = self._tag(at)
            if tag is not None and tag.end > place:
                found.append(tag)
        return found

    def _from_the_beginning(self, places: list[int]) -> list[Tag]:
        found: list[Tag] = []
        reaching: list[Tag] = []
        waiting = iter([*places, len(self._lowered) + 1])
        place = next(waiting)
        for opening in _OPENING.finditer(self._lowered, 0, places[-1]):
            while place <= opening.start():
                found += [tag for tag in reaching if tag.end > place]
                place = next(waiting)
            reaching = [tag for tag in reaching if tag.end > opening.start()]
            tag = self._tag(opening.start())
            self._budget -= len(reaching)
            if tag is not None:
                reaching.append(tag)
            if self._budget < 0:
                return found
        while place <= len(self._lowered):
            found += [tag for tag in reaching if tag.end > place]
            place = next(waiting)
        return found

    def _tag(self, at: int) -> Tag | None:
        """The tag that begins here, if one does and has an end."""
        if at not in self._tags:
            made: Tag | None = None
            opening = _OPENING.match(self._lowered, at)
            if opening is not None:
                rest = REST_OF_TAG.match(self._octets, opening.end())
                self._budget -= (rest.end() if rest else len(self._octets)) - at
                if rest is not None:
                    made = Tag(at, rest.end(), opening.end() - at)
            self._tags[at] = made
        return self._tags[at]


def _scripts(octets: bytes, lowered: bytes) -> tuple[tuple[tuple[Tag, int], ...], bool]:
    """The scripts of JSON-LD in which one of the words stands, each with the end of its text.

    One may begin within what looks like another: in truth that one is a comment.
    """
    places = sorted(place for needle in _JSON_LD for place in needle.starts(lowered))
    if not places:
        return (), True
    ends = [closing.start() for closing in _END_OF_SCRIPT.finditer(lowered)]
    found: list[tuple[Tag, int]] = []
    budget = 8 * len(octets) + 64 * 1024
    for place in places:
        start = lowered.rfind(_SCRIPT, max(0, place - 4096), place)
        rest = REST_OF_TAG.match(octets, start + len(_SCRIPT)) if start >= 0 else None
        if rest is None or rest.end() < place:
            continue
        closing = bisect_left(ends, rest.end())
        end = ends[closing] if closing < len(ends) else len(octets)
        budget -= end - start
        if budget < 0 or len(found) == MAX_CLAIMS:
            return tuple(found), False
        if _IN_JSON.search(lowered, rest.end(), end):
            found.append((Tag(start, rest.end(), len(_SCRIPT)), end))
    return tuple(found), True


_KEEPERS: Final = tuple(
    (Needle(opens), Needle(closes))
    for opens, closes in (
        (b"<!--", b"-->"),
        *(
            (b"<" + name, b"</" + name)
            for name in (
                b"iframe",
                b"math",
                b"noembed",
                b"noframes",
                b"script",
                b"style",
                b"svg",
                b"template",
                b"textarea",
                b"title",
                b"xmp",
            )
        ),
    )
)
_PLAINTEXT: Final = Needle(b"<plaintext")


def stands_free(octets: bytes, lowered: bytes, tag: Tag) -> bool:
    """Whether a tag is surely an element of the page, as the octets before it tell.

    It is where every comment, script and the like before it was closed, and so was every tag
    nearby. Otherwise a parser has to say.
    """
    before = lowered[: tag.start]
    if _PLAINTEXT.starts(before) or not _Openings(octets, lowered).closed_before(tag.start):
        return False
    for opens, closes in _KEEPERS:
        opened = opens.starts(before)
        if opened:
            closed = closes.starts(before)
            if len(closed) < len(opened) or closed[-1] < opened[-1]:
                return False
    return True
