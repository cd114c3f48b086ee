"""What a sentence says beside the licences that it names: whether it narrows or denies them."""

import re
from collections.abc import Collection
from typing import Final

from signals_agent.licences.entry import Element

NAMED: Final = "\x01"
"""What stands where a licence was named, in the texts that are judged here."""

# The two ways in which a page says that a part of it may be marked otherwise, which the part
# then is: recommended by Creative Commons itself.
_MARKED: Final = re.compile(
    r"\b(?:except|unless)(?: (?:where|when|as|if|it is|is))*(?: otherwise)? "
    r"(?:noted|stated|indicated|specified|marked|mentioned|credited)\b(?: otherwise)?"
)
# "GPL 2.0 only" ends there; "only for research" goes on.
_ONLY_THAT: Final = re.compile(rf"{NAMED}[ -]?only(?= ?(?:[.;)]|\Z))")
_HELD: Final = re.compile(
    r"\b(?:for )?non[ -]?commercial(?: (?:re-?)?(?:use|uses|purposes?))?(?: only)?\b"
)
_ELEMENTS: Final = (
    (Element.NC, re.compile(r"commerc|kommerz|comercia")),
    (Element.ND, re.compile(r"derivat|derivs?\b|\bunmodified|\bunaltered")),
    (Element.SA, re.compile(r"share[ -]?alike")),
)
_NARROWED: Final = re.compile(
    r"\b(?:only|solely|exclusively|nur|uniquement|seulement|solamente)\b"
    r"|\bexcept|\bexclud|\bexempt|\bsauf\b|\bsalvo\b"
    r"|\bprohibit|\bforbid|\bdisallow|\bpermissions?\b|\bcommons[ -]clause\b"
    r"|\bno[ -](?:ai|ml|llms?|training|machine|tdm|text|scrap|crawl|commerc|deriv|modif|adapt|"
    r"chang|remix|redistribut|cop(?:y|ies)|re-?use)"
    r"|\b(?:research|academic|educational|personal|private|internal|evaluation|scholarly)"
    r" (?:use|uses|purposes?)\b"
    r"|\bcc[ -]?by\b|\bcreative commons[: ]+(?:attribution|by)\b"
)
_DENIED: Final = re.compile(
    r"\b(?:not|never|cannot|nor|neither|unless|until|instead|formerly|previously|no longer|"
    r"expired|revoked|withdrawn|keine?|nicht|pas)\b|n['\u2019]t\b"
)
# What says of a named licence that it is not the one, not yet, or of something smaller.
_ANOTHER: Final = re.compile(
    rf"\b(?:non|without|like)\b(?:[ -]++[^\W_]++){{0,2}}[ -]++{NAMED}"
    r"|\bunlike\b|\bsimilar|\bakin to\b|\bcomparable|\bcompatib|\bequivalent|\bused to be\b"
    r"|\bceased\b|\bembargo|\babstracts?\b|\bmetadata\b"
    r"|\b(?:from|after|as of|starting|beginning|effective)\b[^\n]{0,30}\b(?:19|20)[0-9]{2}\b"
    r"|\b(?:from|after|as of|starting|beginning|effective)\b[^\n]{0,30}\b(?:months?|years?)\b"
    rf"|{NAMED}[ ,-]++for (?:the |its |all |our |their )?(?:images?|photo\w*|pictures?|figures?|"
    r"illustrations?|logos?|videos?|audio|music|code|software|source|fonts?|summar\w+|excerpts?|"
    r"previews?|thumbnails?|titles?|captions?|tables?|supplement\w*)\b"
)
# What a denial must speak of where it stands in a sentence of its own: "not liable" is none.
_GRANTED: Final = re.compile(
    r"licen[cs]|\bunder\b|\bus(?:e|ed|ing)\b|permit|allow|grant|reprodu|cop(?:y|ied)|shar|"
    r"distribut|train|\bai\b|modif|\bs(?:ell|old)\b|\bpublish(?:ed|ing)?\b|adapt|appl(?:y|ies)|cover|includ"
)
_SENTENCES: Final = re.compile(r"[.;!?](?= |\Z)|\n")
_TOKENS: Final = re.compile(rf"{NAMED}|[^\W_]+")
_LETTERS: Final = re.compile(r"(?:cc)?(?:by)?(?:nc|nd|sa)+")
_NEAR: Final = 4
"""Words between a licence and NC, ND or SA that may be of it; these are also places and firms."""

_NOTICE: Final = re.compile(r"\W*(?:\u00a9|\(c\)|copyright\b|copr\b)")
_RESERVED: Final = "all rights reserved"
_PLAIN: Final = frozenset(
    {
        "licensed",
        "licenced",
        "license",
        "licence",
        "released",
        "published",
        "available",
        "distributed",
        "shared",
        "made",
        "is",
        "are",
        "be",
        "under",
        "the",
        "a",
        "an",
        "this",
        "work",
        "works",
        "text",
        "texts",
        "article",
        "page",
        "site",
        "website",
        "content",
        "contents",
        "blog",
        "post",
        "document",
        "paper",
        "publication",
        "terms",
        "of",
        "in",
        "accordance",
        "with",
        "and",
        "international",
        "unported",
        "see",
        "full",
        "details",
        "version",
        "it",
        "its",
        "all",
    }
)
_PARTS: Final = re.compile(
    r"\b(?:images?|photo\w*|pictures?|figures?|illustrations?|art\w*work|logos?|videos?|films?|"
    r"audio|music|recordings?|sounds?|data\w*|code|software|source|fonts?|text|design|layout|"
    r"media|translations?|comments?|abstracts?|other|else|rest|remain\w*|everything)\b"
)


def narrows(text: str, elements: Collection[Element]) -> bool:
    """Whether what is said beside the licences narrows or denies them, as far as can be told.

    ``text`` has ``NAMED`` in the place of every licence; ``elements`` are those that all of
    them have, which may be said once more. Linear.
    """
    said = _MARKED.sub(" ", _spaced(text))
    said = _ONLY_THAT.sub(NAMED, said)
    if Element.NC in elements:
        said = _HELD.sub(" ", said)
    if any(found.search(said) for each, found in _ELEMENTS if each not in elements):
        return True
    if _NARROWED.search(said) or _letters(said, elements):
        return True
    return any(
        (_DENIED.search(each) and (NAMED in each or _GRANTED.search(each)))
        or (NAMED in each and _ANOTHER.search(each))
        for each in _SENTENCES.split(said)
    )


def habitual(text: str) -> bool:
    """Whether *all rights reserved* is said by habit, in a copyright line beside the licences.

    So it is where a sentence that opens as a copyright notice reserves them, nothing in it
    names a part, and the sentences with a licence say of this work that it is under it and
    nothing more. In any other case one thing may be licensed and another reserved.
    """
    sentences = [each for each in _SENTENCES.split(_spaced(text)) if _TOKENS.search(each)]
    licensed = [each for each in sentences if NAMED in each]
    others = [each for each in sentences if NAMED not in each]
    return (
        bool(licensed and others)
        and _NOTICE.match(others[0]) is not None
        and not any(_PARTS.search(each) for each in others)
        and any(_RESERVED in each for each in others)
        and all(
            word == NAMED or word in _PLAIN or word.isdigit()
            for each in licensed
            for word in _TOKENS.findall(each)
        )
    )


def _letters(text: str, elements: Collection[Element]) -> bool:
    """Whether the letters of an element that the licences do not have stand near one."""
    words = _TOKENS.findall(text)
    last = -_NEAR - 1
    waiting: int | None = None
    for at, word in enumerate(words):
        if word == NAMED:
            if waiting is not None and at - waiting <= _NEAR:
                return True
            last = at
        elif _LETTERS.fullmatch(word) and any(
            each.lower() in word for each in Element if each not in {Element.BY, *elements}
        ):
            if at - last <= _NEAR:
                return True
            waiting = at
    return False


def _spaced(text: str) -> str:
    """In lower case, every run of blanks one space, every hyphen the plain one."""
    plain = re.sub(r"[\u2010-\u2015\u2212]", "-", text.lower())
    return re.sub(r"[^\S\n]+", " ", plain)
