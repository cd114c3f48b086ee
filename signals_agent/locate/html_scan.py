"""Which tags of a document could declare something, told from the octets alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from signals_agent.family import Listen
from signals_agent.locate.needles import Needle

BEGINNING = 16 * 1024
"""Octets of a document in which is looked for what changes no answer and is only noted."""

MAX_CANDIDATES = 1000
"""Tags of one document that may declare something; beyond, it is unreadable (rule R39)."""

SPACE = b"\t\n\f\r "
_NAME = rb"(?:=[^\t\n\f\r />=]*+|[^\t\n\f\r />=]++)"
_VALUE = rb"""(?:"[^"]*+"|'[^']*+'|(?!["'])[^\t\n\f\r >]++|(?=>))"""
_ATTRIBUTE = _NAME + rb"(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+" + _VALUE + rb"|(?![\t\n\f\r ]*+=))"
# The rest of a tag after its name, exactly as WHATWG HTML 13.2.5.32 to 13.2.5.40 reads it;
# possessive, so that each try is linear. A tag without an end is no tag.
REST_OF_TAG = re.compile(rb"(?:[\t\n\f\r /]++|" + _ATTRIBUTE + rb")*+>")
EACH_ATTRIBUTE = re.compile(
    rb"[\t\n\f\r /]*+(" + _NAME + rb")(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+"
    rb"""(?:"([^"]*+)"|'([^']*+)'|(?!["'])([^\t\n\f\r >]*+)))?+"""
)
_OPENINGS = (Needle(b"<m"), Needle(b"<M"))
_NAME_ENDS = b"\t\n\f\r /"
_SMALL = 64 * 1024
# A whole tag with no "<" in it, or, where it is another, its beginning. No two of them
# overlap and none is looked at twice, so that one pass over the document finds them all.
_PLAIN_NAME = rb"(?:=[^\t\n\f\r />=<]*+|[^\t\n\f\r />=<]++)"
_PLAIN_VALUE = rb"""(?:"[^"<]*+"|'[^'<]*+'|(?!["'])[^\t\n\f\r ><]++|(?=>))"""
_PLAIN = re.compile(
    rb"<[mM][eE][tT][aA][\t\n\f\r /](?:(?:[\t\n\f\r /]++|"
    + _PLAIN_NAME
    + rb"(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+"
    + _PLAIN_VALUE
    + rb"|(?![\t\n\f\r ]*+=)))*+>)?+"
)
_PLAINLY_NAMED = re.compile(
    rb"""<meta[ \n]++(?:property|itemprop|name)="[^"&]*+"(?!.*http-equiv)(?!.*\bname\b)""",
    re.DOTALL,
)
# In every casing: tuple and method do this in one step, and pages have tens of metas.
_REST_OF_NAME = tuple(bytes(each) for each in product(b"eE", b"tT", b"aA"))
_GREATER = ord(">")
_CLOSE = 500
_LINK = re.compile(rb"<[lL][iI][nN][kK](?=[\t\n\f\r /])")
_NAMED = 5  # "<meta" and "<link"
_REFRESH = b"refresh"
_CONTENT_ATTRIBUTE = b"content"

Heard = tuple[str, Listen]
"""A family's name, and where it listens."""


@dataclass(frozen=True, slots=True)
class Interest:
    """What listeners wait for, by attribute and by its value.

    ``words`` are the values; a tag that holds none of them, nor a ``&`` that may stand
    for one of their letters, is of no interest.
    """

    wanted: dict[bytes, dict[bytes, tuple[Heard, ...]]]
    words: tuple[tuple[bytes, Needle], ...]

    def listeners(self, attributes: dict[bytes, bytes]) -> list[tuple[Heard, bytes]]:
        """Who listens to an element of these attributes, and which value named it."""
        return [
            (heard, value)
            for attribute, values in self.wanted.items()
            if attribute in attributes
            for value in (attributes[attribute].strip(SPACE).lower(),)
            for heard in values.get(value, ())
        ]

    def may_declare(self, attributes: dict[bytes, bytes], start: int = 0) -> bool:
        """Whether an element of these attributes, as written, may be listened to.

        A refresh is only noted, so it is of interest only near the beginning (``start``).

        Necessary for ``listeners`` and needles on the attributes as parsed: character
        references are not resolved here, so whatever holds one may declare.
        """
        for attribute, values in self.wanted.items():
            named = attributes.get(attribute)
            if named is None:
                continue
            heard = values.get(named.strip(SPACE).lower(), ())
            if any(listens_to(listen, attributes) for _, listen in heard) or b"&" in named:
                return True
            if attribute == b"http-equiv" and named.strip(SPACE).lower() == _REFRESH:
                return start < BEGINNING
        return False


def listens_to(listen: Listen, attributes: dict[bytes, bytes]) -> bool:
    """Whether the content is of interest: there, and holding a needle where there are any."""
    content = attributes.get(_CONTENT_ATTRIBUTE)
    if content is None:
        return False
    if not listen.needles or b"&" in content:
        return True
    lowered = content.lower()
    return any(needle in lowered for needle in listen.needles)


@lru_cache(maxsize=256)
def interest(listens: Sequence[Heard], tokens: tuple[str, ...]) -> Interest:
    """The listeners, arranged for looking up; ``listens`` is a tuple."""
    wanted: dict[bytes, dict[bytes, tuple[Heard, ...]]] = {}
    for family, listen in listens:
        values = wanted.setdefault(listen.attribute.encode(), {})
        names = (listen.field, *listen.aliases, *(tokens if listen.crawler_named else ()))
        for name in dict.fromkeys(name.lower().encode("utf-8", "replace") for name in names):
            values[name] = (*values.get(name, ()), (family, listen))
    wanted.setdefault(b"http-equiv", {})
    words = {word for values in wanted.values() for word in values} | {_REFRESH}
    # A word that holds another is found by it.
    fewest = {word for word in words if not any(each in word for each in words - {word})}
    return Interest(wanted, tuple((word, Needle(word)) for word in sorted(fewest)))


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag by its offsets: of its ``<``, and after its ``>``; ``named`` octets begin it."""

    start: int
    end: int
    named: int = _NAMED


@dataclass(frozen=True, slots=True)
class Scan:
    """The tags found; ``whole`` is false where a cap ended the search."""

    tags: list[Tag]
    whole: bool = True


def attributes(octets: bytes, tag: Tag) -> dict[bytes, bytes]:
    """The attributes as written, names in lower case; of two of a name the first counts."""
    found: dict[bytes, bytes] = {}
    for match in EACH_ATTRIBUTE.finditer(octets, tag.start + tag.named, tag.end - 1):
        name, double, single, bare = match.groups()
        found.setdefault(name.lower(), double or single or bare or b"")
    return found


def metas(octets: bytes, wanted: Interest) -> Scan:
    """Every ``meta`` tag that may declare, wherever it stands, in scripts and comments too.

    Looking at overlapping tags costs more than the document is long only where one is made
    for it; such a search is ended.
    """
    small, capital = _OPENINGS[0].starts(octets), _OPENINGS[1].starts(octets)
    both = sorted(small + capital) if capital else small
    starts = [each for each in both if octets.startswith(_REST_OF_NAME, each + 2)]
    if not starts:
        return Scan([])
    texts, whole = _plain(octets, starts), True
    if texts is None:
        starts, texts, whole = _overlapping(octets, starts)
    # All tags are looked through at once; on most pages that settles it.
    joined = b"\n".join(texts).lower()
    words = [word for word, needle in wanted.words if needle.starts(joined)]
    tags: list[Tag] = []
    if not words and b"&" not in joined:
        return Scan(tags, whole)
    for start, written in zip(starts, texts, strict=True):
        text = written.lower()
        for word in words:
            if word in text:
                break
        else:
            # A character reference may stand for a letter of a word, but not in a name
            # that is plain to see.
            if b"&" not in text or _PLAINLY_NAMED.match(text):
                continue
        tag = Tag(start, start + len(text))
        if wanted.may_declare(attributes(octets, tag), start):
            if len(tags) == MAX_CANDIDATES:
                return Scan(tags, whole=False)
            tags.append(tag)
    return Scan(tags, whole)


def _plain(octets: bytes, starts: list[int]) -> list[bytes] | None:
    """The tags as written if every one is a plain one, as on most pages; else ``None``.

    Where they stand close together one search takes them all.
    """
    first, last = starts[0], starts[-1]
    if last - first < _CLOSE * len(starts):
        end = _PLAIN.match(octets, last)
        texts = _PLAIN.findall(octets, first, end.end()) if end else []
    else:
        texts = [found[0] for start in starts if (found := _PLAIN.match(octets, start))]
    if len(texts) != len(starts):
        return None
    for text in texts:
        if text[-1] != _GREATER:
            return None
    return texts


def _overlapping(octets: bytes, starts: list[int]) -> tuple[list[int], list[bytes], bool]:
    """The tags with their places, overlapping ones too, and whether all were looked at."""
    found: list[int] = []
    texts: list[bytes] = []
    budget = 4 * len(octets) + _SMALL
    rest_of_tag = REST_OF_TAG.match
    for start in starts:
        after = start + _NAMED
        if octets[after : after + 1] not in _NAME_ENDS:
            continue
        rest = rest_of_tag(octets, after)
        end = rest.end() if rest is not None else len(octets)
        budget -= end - start
        if budget < 0:
            return found, texts, False
        if rest is not None:
            found.append(start)
            texts.append(octets[start:end])
    return found, texts, True


def links(octets: bytes, needle: Needle, end: int) -> list[Tag]:
    """The first ``link`` tag before ``end`` that holds a word, as a list; twenty places are tried.

    For notes alone: a tag with a "<" in it, or longer than 4,096 octets before the word,
    is passed over.
    """
    for at in needle.starts(octets[:end])[:20]:
        start = octets.rfind(b"<", max(0, at - 4096), at)
        opening = _LINK.match(octets, start) if start >= 0 else None
        rest = REST_OF_TAG.match(octets, opening.end(), end) if opening else None
        if rest is not None and rest.end() > at:
            return [Tag(start, rest.end())]
    return []
