"""One text that names several people, taken apart where it is plain that it does."""

import re
from typing import Final

_MOST_WORDS: Final = 5
_SEMICOLON: Final = re.compile(r"\s*;\s*")
_COMMA: Final = re.compile(r"\s*,\s*(?:and\s+)?")
_AND: Final = re.compile(r"\s+and\s+")
_WORD: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|[.'\u2019\u02bc-])*+")
# Small words within names of people.
_PARTICLES: Final = frozenset(
    {
        "af",
        "al",
        "ap",
        "av",
        "bin",
        "bint",
        "da",
        "das",
        "de",
        "del",
        "della",
        "den",
        "der",
        "di",
        "do",
        "dos",
        "du",
        "e",
        "el",
        "ibn",
        "la",
        "las",
        "le",
        "los",
        "mac",
        "ny",
        "ter",
        "ten",
        "und",
        "van",
        "von",
        "vom",
        "y",
        "zu",
        "zum",
        "zur",
    }
)
# Words of which it is plain that they are no part of a person's name.
_FIRMS: Final = frozenset(
    {
        "academy",
        "administration",
        "agency",
        "archive",
        "archives",
        "association",
        "authority",
        "board",
        "bureau",
        "centre",
        "center",
        "college",
        "commission",
        "committee",
        "company",
        "council",
        "department",
        "editorial",
        "editors",
        "faculty",
        "foundation",
        "group",
        "inc",
        "institute",
        "institution",
        "journal",
        "laboratories",
        "laboratory",
        "library",
        "limited",
        "llc",
        "ltd",
        "magazine",
        "media",
        "ministry",
        "museum",
        "network",
        "news",
        "office",
        "organisation",
        "organization",
        "press",
        "project",
        "publishing",
        "school",
        "science",
        "sciences",
        "service",
        "services",
        "society",
        "staff",
        "studio",
        "studios",
        "team",
        "the",
        "times",
        "trust",
        "union",
        "university",
    }
)


def names_in(text: str) -> tuple[str, ...]:
    """The names that a text lists, or the text itself.

    A semicolon parts names always. A comma or an "and" may stand within one (``Fen, Ada``;
    ``Fish and Game``), and so parts them only where each of the parts looks like the whole
    name of a person: two to five words, with capitals, and none that firms are called by.
    """
    if ";" in text:
        parts = tuple(part for part in _SEMICOLON.split(text) if part)
        return tuple(dict.fromkeys(parts)) or (text,)
    parts = tuple(name for part in _COMMA.split(text) for name in _AND.split(part))
    plain = len(parts) > 1 and all(_is_person(part) for part in parts)
    return tuple(dict.fromkeys(parts)) if plain else (text,)


def _is_person(text: str) -> bool:
    words = text.split()
    return 2 <= len(words) <= _MOST_WORDS and all(map(_may_be_of_person, words))


def _may_be_of_person(word: str) -> bool:
    if word in _PARTICLES:
        return True
    plain = _WORD.fullmatch(word) is not None and not word[0].islower()
    return plain and word.rstrip(".").lower() not in _FIRMS
