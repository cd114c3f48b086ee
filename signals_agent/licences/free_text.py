"""Which licences a sentence names, as in ``DC.rights`` or a copyright line."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from signals_agent.licences import cc_units, leftover
from signals_agent.licences.catalogue import BY_ID, ENTRIES, unrecognised
from signals_agent.licences.cc_units import JURISDICTIONS, UNITS
from signals_agent.licences.entry import UNDECIDED, Element, Entry, Kind
from signals_agent.licences.identity import identify
from signals_agent.licences.spellings import ALIASES

LONGEST: Final = 2048
"""Characters of a text in which a licence may be named; what follows can only narrow it."""

# Possessive, and only where a word begins, so that each character is passed once.
_URL: Final = re.compile(
    r"(?<![\w.@/:-])(?:(?:https?:)?//)?[a-z0-9-]++(?:\.[a-z0-9-]++)++(?::[0-9]++)?/[^\s<>\"'`]*+",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[a-z0-9](?:[a-z0-9+]|\.(?=[a-z0-9]))*+", re.IGNORECASE)
_ENDS: Final = re.compile(r"[.:;!?()<>|]")
_VERSION: Final = re.compile(r"v?([0-9]\.[0-9])(?:\.0)?", re.IGNORECASE)
# Written without a hyphen: "BYNCND", "BY4.0", "ND4.0".
_RUN: Final = re.compile(
    r"(cc)?(?:(by)((?:nc|nd|sa)*)|(nc|nd|sa)(?=v?[0-9]))(v?[0-9]\.[0-9](?:\.0)?)?", re.IGNORECASE
)
_PIECE: Final = re.compile(r"v?[0-9]\.[0-9](?:\.0)?|cc|by|nc|nd|sa", re.IGNORECASE)

_ELEMENTS: Final[tuple[tuple[tuple[str, ...], Element], ...]] = (
    (("noncommercial",), Element.NC),
    (("non", "commercial"), Element.NC),
    (("noderivatives",), Element.ND),
    (("noderivs",), Element.ND),
    (("no", "derivatives"), Element.ND),
    (("no", "derivs"), Element.ND),
    (("no", "derivative", "works"), Element.ND),
    (("sharealike",), Element.SA),
    (("share", "alike"), Element.SA),
)
_LETTERS: Final = {"nc": Element.NC, "nd": Element.ND, "sa": Element.SA}
_UNIT: Final = {
    frozenset(elements): unit for unit, (elements, _, retired) in UNITS.items() if not retired
}
_REACHES: Final = frozenset({"international", "unported", "generic"})
_CLOSES: Final = frozenset({"", "license", "licence"})

# What is said in full of licences whose names we write otherwise.
_SAID: Final = {
    "gnu free documentation license": "gfdl",
    "gnu free documentation license 1.2": "gfdl-1.2-only",
    "gnu free documentation license 1.3": "gfdl-1.3-only",
    "gnu free documentation license version 1.2": "gfdl-1.2-only",
    "gnu free documentation license version 1.3": "gfdl-1.3-only",
    "gnu general public license": "gpl",
    "gnu general public license version 2": "gpl-2.0-only",
    "gnu general public license version 3": "gpl-3.0-only",
    "gnu general public license v2.0": "gpl-2.0-only",
    "gnu general public license v3.0": "gpl-3.0-only",
    "gpl v2": "gpl-2.0-only",
    "gpl v3": "gpl-3.0-only",
    "lgpl v3": "lgpl-3.0-only",
    "agpl v3": "agpl-3.0-only",
    "gnu affero general public license": "agpl",
    "gnu lesser general public license": "lgpl",
    "open database license": "odbl-1.0",
    "open data commons attribution license": "odc-by-1.0",
    "open government licence": "ogl-uk",
    "open government licence v1.0": "ogl-uk-1.0",
    "open government licence v2.0": "ogl-uk-2.0",
    "open government licence v3.0": "ogl-uk-3.0",
    "open government licence canada": "ogl-canada-2.0",
    "free art license": "lal-1.3",
    "licence art libre": "lal-1.3",
    "licence ouverte": "etalab-2.0",
    "apache license": "apache-2.0",
    "creative commons zero": "cc0-1.0",
    "public domain mark": "cc-pdm-1.0",
}
# One word that is no other trade's: "MIT" is also a university, "BSD" an operating system.
_ALONE: Final = frozenset({"odbl", "pddl", "gfdl", "gpl", "lgpl", "agpl", "cc0", "openrail"})
# And these are ids where an id is asked for, but in a sentence something else.
_AMBIGUOUS: Final = frozenset(
    {"python 2.0", "apache 2", "apache2", "mit 0", "new bsd", "simplified bsd", "pdm 1.0"}
    | {"open rail"}
)


_BEGINS: Final = re.compile(r"[\s\"'\[]*+([A-Za-z][A-Za-z0-9.+-]*+)(?=[\s(,;:./|])")
_STOPS: Final = re.compile(r"\s*+(?:[^\w\s]|[-\u2010-\u2015]\s)")
_OPERATOR: Final = re.compile(
    r"(?<![\w.+-])([A-Za-z][A-Za-z0-9.+-]*+)[\s()]++(?:AND|OR|WITH)\b|\b(?:AND|OR)[\s()]++([A-Za-z][A-Za-z0-9.+-]*+)"
)
_WORDS: Final = re.compile(r"[^\s()]++")


# Families without a version, as they are called beside the ids.
_CAPITALS: Final = frozenset({"MIT", "BSD", "GPL", "LGPL", "AGPL", "ISC"})


class _Word(NamedTuple):
    lower: str
    written: str
    joined: bool  # by a hyphen to the word before it
    start: int
    end: int


def _key(name: str) -> str:
    return " ".join(word.lower() for word in _WORD.findall(name))


def _phrases() -> dict[str, Entry]:
    named = {
        **{_key(ident): BY_ID[target] for ident, target in ALIASES.items()},
        **{_key(entry.id): entry for entry in ENTRIES},
        **{_key(entry.name): entry for entry in ENTRIES if entry.kind is not Kind.RESERVED},
        **{_key(said): BY_ID[ident] for said, ident in _SAID.items()},
    }
    return {
        key: entry
        for key, entry in named.items()
        if key in _ALONE or ((" " in key or key[-1:].isdigit()) and _plain(key))
    }


def _plain(key: str) -> bool:
    """Whether it means a licence in any sentence, and is no name that the grammar below reads."""
    if key == _key(_RESERVED.name):
        return False  # it stands last, whatever else is named
    return key not in _AMBIGUOUS and not key.startswith(("cc by", "creative commons attribution"))


_RESERVED: Final = BY_ID["all-rights-reserved"]
_PHRASES: Final = _phrases()
_MOST: Final = max(key.count(" ") + 1 for key in _PHRASES)


def find(text: str) -> tuple[Entry, ...]:
    """The licences that a sentence names, each once; none where it names none.

    First those whose URL stands in it, then those named in full or by a short name, in
    order, and last *all rights reserved*, unless that is the habit of a copyright line.
    A name without a version that also stands there with one is dropped. Where the sentence
    narrows or denies what it names (*not*, *except*, *NC* beside a CC BY), it is one
    licence that is not recognised, as a whole (rule R39); and so it is where it begins with
    a name that by itself may be another thing's (*MIT (c) 2020*), or joins one with an
    operator of SPDX. Linear; what only stands behind ``LONGEST`` characters is not named,
    and narrows what is.
    """
    text = text.replace(leftover.NAMED, " ")
    urls = list(_URL.finditer(text))
    words = _words(text, urls)
    linked = [
        (entry, match.start(), match.end()) for match in urls if _known(entry := identify(match[0]))
    ]
    found = [*linked, *_named(words)]
    named = [entry for entry, start, _ in found if start < LONGEST]
    beside = _beside(
        text, [match.span() for match in urls], [(start, end) for _, start, end in found]
    )
    decided = [entry for entry in named if entry.kind not in UNDECIDED]
    if decided:
        shared = set(Element).intersection(*(entry.elements for entry in decided))
        unread = not {entry for entry, _, _ in found} <= set(named)
        if unread or leftover.narrows(beside, shared):
            return (unrecognised(name=text.strip()[:LONGEST]),)
    spoken = " ".join(word.lower for word in words)
    if (named or "all rights reserved" not in spoken) and _speaks_in_short(
        text[:LONGEST], [(start, end) for _, start, end in found]
    ):
        return (unrecognised(name=text.strip()[:LONGEST]),)
    if "all rights reserved" in spoken and not (decided and leftover.habitual(beside)):
        named.append(_RESERVED)
    once = tuple(dict.fromkeys(named))
    return tuple(each for each in once if not _said_better(each, once))


def _beside(text: str, urls: Sequence[tuple[int, int]], named: Sequence[tuple[int, int]]) -> str:
    """The text with a mark for every licence that it names, and without other URLs."""
    marks = dict.fromkeys(named, leftover.NAMED)
    pieces, at = [], 0
    for start, end in sorted({*urls, *marks}):
        if start >= at:
            pieces += [text[at:start], marks.get((start, end), " ")]
            at = end
    return "".join([*pieces, text[at:]])


def _speaks_in_short(text: str, found: Sequence[tuple[int, int]]) -> bool:
    """Whether a short name that was not found as a licence can be meant as nothing else.

    So it is at the beginning, before a stop or what narrows it, and beside ``AND``, ``OR``
    or ``WITH``, but in a sentence in capitals.
    """

    def short(match: re.Match[str], group: int) -> bool:
        begin, end = match.span(group)
        if any(start < end and begin < stop for start, stop in found):
            return False
        name = match[group].rstrip(".")
        entry = identify(name)
        return _known(entry) and name in {entry.id, entry.spdx} | _CAPITALS

    if (first := _BEGINS.match(text)) and short(first, 1):
        end = first.end()
        if _STOPS.match(text, end) or leftover.narrows(leftover.NAMED + text[end:], ()):
            return True
    joined = [
        (match, group) for match in _OPERATOR.finditer(text) for group in (1, 2) if match[group]
    ]
    if not any(short(match, group) for match, group in joined):
        return False
    words = _WORDS.findall(text)
    return not text.isupper() or all(
        word in {"AND", "OR", "WITH"} or _known(identify(word)) for word in words
    )


def _known(entry: Entry) -> bool:
    return entry.kind is not Kind.UNRECOGNISED


def _said_better(entry: Entry, others: Sequence[Entry]) -> bool:
    """Whether another one is the same licence with its version, or with its port."""
    start = f"{entry.id}-"
    if entry.version is None:
        return any(each.id.startswith(start) and each.id[len(start)].isdigit() for each in others)
    return entry.port is None and any(each.port and each.id.startswith(start) for each in others)


def _words(text: str, urls: Sequence[re.Match[str]]) -> list[_Word]:
    """The words between the URLs; one without letters where a sentence or a part of it ends."""
    found: list[_Word] = []
    begin = 0
    for start, end in (*(match.span() for match in urls), (len(text), len(text))):
        last = begin
        for match in _WORD.finditer(text, begin, start):
            between = text[last : match.start()]
            if stop := _ENDS.search(between):
                # No name goes on in the next sentence.
                found.append(_Word("", stop[0], False, match.start(), match.start()))
            joined = between in {"-", "\u2010", "\u2011", "\u2013"}
            found.extend(_pieces(match, joined))
            last = match.end()
        found.append(_Word("", "", False, start, start))
        begin = end
    return found


def _pieces(match: re.Match[str], joined: bool) -> Iterator[_Word]:
    """A word, or the elements and the version that are written as one."""
    word = match[0]
    pieces = _PIECE.findall(word) if _RUN.fullmatch(word) else [word]
    for at, each in enumerate(pieces):
        yield _Word(each.lower(), each, joined or at > 0, match.start(), match.end())


def _named(words: Sequence[_Word]) -> Iterator[tuple[Entry, int, int]]:
    """The licences that are named, each with where its name begins and ends."""
    at = 0
    while at < len(words):
        entry, end = _creative_commons(words, at) or _phrase(words, at) or (None, at + 1)
        if entry is not None:
            yield entry, words[at].start, words[end - 1].end
        at = end


def _phrase(words: Sequence[_Word], at: int) -> tuple[Entry, int] | None:
    """The longest name of the table that begins here."""
    for end in range(min(at + _MOST, len(words)), at, -1):
        entry = _PHRASES.get(" ".join(word.lower for word in words[at:end]))
        if entry is not None:
            return entry, end
    return None


def _creative_commons(words: Sequence[_Word], at: int) -> tuple[Entry, int] | None:
    """``CC BY-SA 3.0 DE``, ``Creative Commons Attribution-ShareAlike 4.0 International``."""
    start = at
    sure = _says(words, at, "creative", "commons")
    at += 2 if sure else 0
    if sure and at < len(words) and (words[at].lower, words[at].written) == ("", ":"):
        at += 1
    if _says(words, at, "cc"):
        sure, at = True, at + 1
    if not (_says(words, at, "attribution") or (sure and _says(words, at, "by"))):
        return None
    elements, at = _read(words, at + 1, sure=sure)
    version, at = _version(words, at)
    reach = at < len(words) and words[at].lower in _REACHES
    at += 1 if reach else 0
    elements, at = _behind(words, at, elements, sure=sure)
    unit = _UNIT.get(frozenset({Element.BY, *elements}))
    if unit is None or not (sure or elements or (version and reach)):
        return None
    if version is not None and not cc_units.version_known(unit, version):
        return None
    port, at = _port(words, at) if version not in {None, "4.0"} else (None, at)
    return (cc_units.creative_commons(unit, version, port), at) if at > start else None


def _says(words: Sequence[_Word], at: int, *said: str) -> bool:
    return tuple(word.lower for word in words[at : at + len(said)]) == said


def _read(words: Sequence[_Word], at: int, *, sure: bool) -> tuple[list[Element], int]:
    """The elements after the first, and where they end; letters mean them in a sure name only."""
    found: list[Element] = []
    while at < len(words):
        if sure and words[at].lower in _LETTERS:
            found.append(_LETTERS[words[at].lower])
            at += 1
            continue
        for said, element in _ELEMENTS:
            if _says(words, at, *said):
                found.append(element)
                at += len(said)
                break
        else:
            break
    return found, at


def _behind(
    words: Sequence[_Word], at: int, elements: list[Element], *, sure: bool
) -> tuple[list[Element], int]:
    """Elements behind the version, where the name ends with them: ``CC BY 4.0 NC ND``."""
    more, end = _read(words, at, sure=sure)
    closed = end == len(words) or words[end].lower in _CLOSES
    plain = frozenset({Element.BY, *elements, *more}) in _UNIT
    return ([*elements, *more], end) if more and closed and plain else (elements, at)


def _version(words: Sequence[_Word], at: int) -> tuple[str | None, int]:
    """The version, before which *licence* and *version* may stand."""
    for skipped in range(3):
        if at + skipped == len(words):
            break
        word = words[at + skipped].lower
        if number := _VERSION.fullmatch(word):
            return number[1], at + skipped + 1
        if word not in {"license", "licence", "version", "v"}:
            break
    return None, at


def _port(words: Sequence[_Word], at: int) -> tuple[str | None, int]:
    """A jurisdiction, in capitals or joined by a hyphen: *in* and *no* are words."""
    if at < len(words) and words[at].lower in JURISDICTIONS:
        word = words[at]
        return (word.lower, at + 1) if word.joined or word.written.isupper() else (None, at)
    return None, at
