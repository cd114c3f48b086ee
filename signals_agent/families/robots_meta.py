"""Robots directives, in X-Robots-Tag and in robots metas, as far as they speak of our uses."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache
from itertools import combinations
from typing import Final

from signals_agent import quote
from signals_agent.family import Context, Listen, SiteFile
from signals_agent.limits import MAX_EXPRESSION
from signals_agent.model.declaration import Located
from signals_agent.model.note import Note, Severity
from signals_agent.model.statement import (
    Answer,
    Preference,
    Reading,
    Settled,
    Statement,
    prevailing,
)
from signals_agent.model.use import Use

_NOAI: Final = (Use.TRAIN_GENERATIVE, Use.TRAIN_OTHER, Use.MODEL_INPUT)
DIRECTIVES: Final = {
    "noai": _NOAI,
    "noimageai": _NOAI,
    "noml": (Use.TRAIN_GENERATIVE, Use.TRAIN_OTHER),
    "noindex": (Use.SEARCH,),
    "none": (Use.SEARCH,),
}
"""The uses that a directive disallows (rules, section 3); ``noimageai`` for images alone."""
_GOVERNED: Final = (*_NOAI, Use.SEARCH)

_ADVISORY: Final = ("noarchive", "nocache", "nosnippet", "max-snippet")
_VENDORS: Final = {
    # Bing: not used in answers nor to train foundation models; nocache leaves the snippet alone.
    ("bing", "noarchive"): (Use.TRAIN_GENERATIVE, Use.MODEL_INPUT),
    ("bing", "nocache"): (Use.TRAIN_GENERATIVE, Use.MODEL_INPUT),
    # Google: no snippet, and no input to generated answers.
    ("google", "nosnippet"): (Use.MODEL_INPUT,),
}
"""What advisory directives disallow by their vendor's own meaning (rules, section 3)."""
_DATED: Final = "unavailable_after"
_VALUED: Final = (_DATED, "max-snippet", "max-image-preview", "max-video-preview")
# Words that say nothing of our uses, but show that what holds them is no crawler's name.
_OTHERS: Final = ("all", "index", "follow", "nofollow", "noimageindex", "notranslate", "noodp")
_KNOWN: Final = frozenset((*DIRECTIVES, *_ADVISORY, *_VALUED, *_OTHERS))

_QUOTES: Final = "\"'“”‘’„‚«»"
# ``max-snippet:-1`` asks for no limit, on very many pages, and so says nothing at all.
_NEEDLES: Final = (
    *(word.encode() for word in (*DIRECTIVES, *_ADVISORY, _DATED) if word != "max-snippet"),
    *(b"max-snippet:%d" % digit for digit in range(10)),
    b"max-snippet: ",
    b"max-snippet ",
)

# What a reader of the line does not see, and what stands for octets that are no text.
_UNSEEN: Final = dict.fromkeys(
    (
        *range(0x09),
        *range(0x0E, 0x1C),
        *range(0x7F, 0x85),
        *range(0x86, 0xA0),
        0xAD,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        0xFEFF,
        0xFFFD,
    )
)
_WORD: Final = re.compile(rf"[^\s,;{_QUOTES}]+")
_NAME: Final = re.compile(r"[A-Za-z0-9_-]*")
_CRAWLER: Final = re.compile(r"[A-Za-z*][^\s,;]*")
_MAX_DATE: Final = 100

# Zones that RFC 822 does not name, as hours from UTC; a name that is unknown is read as UTC.
_ZONES: Final = {
    "WET": 0,
    "WEST": 1,
    "BST": 1,
    "CET": 1,
    "MET": 1,
    "CEST": 2,
    "MEST": 2,
    "EET": 2,
    "EEST": 3,
    "MSK": 3,
    "IST": 5.5,
    "HKT": 8,
    "SGT": 8,
    "AWST": 8,
    "JST": 9,
    "KST": 9,
    "AEST": 10,
    "AEDT": 11,
    "NZST": 12,
    "NZDT": 13,
    "BRT": -3,
    "AKST": -9,
    "AKDT": -8,
    "HST": -10,
}


@dataclass(frozen=True, slots=True)
class _Said:
    """The directives that concern us, in order, and the dates of ``unavailable_after``."""

    directives: tuple[str, ...]
    dates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RobotsMeta:
    """Robots metas and X-Robots-Tag: generic and our own together, most restrictive (rule R18)."""

    name: str = "robots-meta"
    title: str = "Robots meta and X-Robots-Tag"
    specification: str = (
        "https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag"
    )
    version: str = "2026-11"
    listens: tuple[Listen, ...] = (
        Listen("http-header", "x-robots-tag", found_on=True),
        Listen(
            "html-meta",
            "robots",
            crawler_named=True,
            found_on=True,
            needles=_NEEDLES,
        ),
    )
    site_files: tuple[SiteFile, ...] = ()
    codes: tuple[str, ...] = (
        "robots-meta-date-unreadable",
        "robots-meta-max-snippet",
        "robots-meta-noarchive",
        "robots-meta-nocache",
        "robots-meta-noimageai-on-page",
        "robots-meta-nosnippet",
        "robots-meta-over-cap",
        "robots-meta-unavailable-after",
    )

    def read(self, unit: tuple[Located, ...], context: Context) -> Reading:
        """Read one field line or meta; what only says *index* and the like is no declaration."""
        located = unit[0]
        declaration = located.declaration
        header = declaration.carrier == "http-header"
        if len(located.value) > MAX_EXPRESSION:
            return self._unread(located, context)
        said = _read(located.value, context.tokens if header else None)
        words = said.directives
        if located.reach.around:
            # A page reaches its images only where it says so (rule R36).
            images = context.media == "image"
            words = tuple(word for word in words if images and word == "noimageai")
        if not words:
            return Reading()
        because = (declaration.id,)
        notes: list[Note] = []
        uses: dict[Use, None] = {}

        def note(code: str, severity: Severity, summary: str, clause: str) -> None:
            notes.append(Note(code, severity, summary, clause, because, declaration.position))

        for word in dict.fromkeys(words):
            if word == "noimageai" and context.media != "image":
                summary = "noimageai speaks of the images on the page, not of the page"
                note("robots-meta-noimageai-on-page", Severity.INFO, summary, "rule R36")
            elif word in DIRECTIVES:
                uses.update(dict.fromkeys(DIRECTIVES[word]))
            elif counted := _by_vendor(word, context.vendors):
                uses.update(dict.fromkeys(counted))
                summary = f"{word} counts as the policy's vendor_semantics say"
                note(f"robots-meta-{word}", Severity.INFO, summary, "rule R26")
            elif word in _ADVISORY:
                summary = f"{word} is kept for the reader; of our uses it says nothing by itself"
                note(f"robots-meta-{word}", Severity.INFO, summary, "rule R18")
        for text in dict.fromkeys(said.dates) if _DATED in words else ():
            date = _date(text)
            if date is None:
                summary = f"no date can be read: {quote.text(text, 100)}"
                note("robots-meta-date-unreadable", Severity.WARNING, summary, "rule R38")
                continue
            past = context.now is not None and date < _aware(context.now)
            state = "that is past" if past else "until then it says nothing"
            summary = f"not in search after {date:%Y-%m-%d %H:%M} UTC; {state}"
            note("robots-meta-unavailable-after", Severity.INFO, summary, "rule R38")
            if past:
                uses[Use.SEARCH] = None
        ours = replace(located, value=_written(words, said.dates))
        statement = Statement(
            family=self.name,
            unit=(ours,),
            declarations=(declaration,),
            answers=tuple(
                Answer(use, Preference.DISALLOW, (), because) for use in Use if use in uses
            ),
        )
        return Reading((statement,), tuple(notes))

    def settle(self, statements: Sequence[Statement], context: Context) -> Settled:
        """All of them together, most restrictive; good until the first ``unavailable_after``."""
        ordered = sorted(statements, key=_order)
        answers = prevailing(answer for one in ordered for answer in one.answers)
        refused = {answer.use for answer in answers}
        dark: dict[Use, dict[str, None]] = {}
        for one in ordered:
            for use in one.unreadable:
                if use not in refused:
                    dark.setdefault(use, {})[one.declarations[0].id] = None
        now = context.now
        dates = [date for one in ordered if (date := unavailable_after(one)) is not None]
        ahead = [date for date in dates if now is None or date >= _aware(now)]
        return Settled(
            family=self.name,
            answers=answers,
            unreadable=tuple((use, tuple(dark[use])) for use in Use if use in dark),
            valid_until=min(ahead, default=None),
        )

    def write(self, statement: Statement) -> bytes | None:
        """The directives that read back to these answers; ``None`` where none do.

        They can only disallow: both kinds of training, those and ``model-input``, and ``search``.
        """
        wanted = {answer.use for answer in statement.answers}
        if any(answer.preference is not Preference.DISALLOW for answer in statement.answers):
            return None
        for words in (*combinations(_TO_WRITE, 1), *combinations(_TO_WRITE, 2)):
            if {use for word in words for use in DIRECTIVES[word]} == wanted:
                return ", ".join(words).encode()
        return None

    def _unread(self, located: Located, context: Context) -> Reading:
        """A list over the cap may hold any directive, so that all it governs is in the dark."""
        governed: tuple[Use, ...] = _GOVERNED
        if located.reach.around:
            governed = _NOAI if context.media == "image" else ()  # rule R36
        if not governed:
            return Reading()
        declaration = located.declaration
        statement = Statement(
            family=self.name,
            unit=(replace(located, value=b""),),
            declarations=(declaration,),
            unreadable=governed,
        )
        note = Note(
            code="robots-meta-over-cap",
            severity=Severity.ERROR,
            summary=f"the directives are longer than the {MAX_EXPRESSION} octets that are read",
            clause="rule R39",
            because=(declaration.id,),
            position=declaration.position,
        )
        return Reading((statement,), (note,))


ROBOTS_META: Final = RobotsMeta()

_TO_WRITE: Final = ("noai", "noml", "noindex")


def unavailable_after(statement: Statement) -> datetime | None:
    """The time after which a statement takes the asset out of search; the first of several."""
    dates = (_date(text) for text in _read(statement.unit[0].value, None).dates)
    return min((date for date in dates if date is not None), default=None)


def _by_vendor(word: str, vendors: tuple[str, ...]) -> tuple[Use, ...]:
    """The uses that a directive disallows by the meaning of the vendors that count."""
    return tuple(use for vendor in vendors for use in _VENDORS.get((vendor, word), ()))


def _order(statement: Statement) -> tuple[str, str, int, str]:
    found = statement.declarations[0]
    return found.carrier, found.source, statement.unit[0].reach.index, found.id


def _aware(time: datetime) -> datetime:
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)


def _written(words: Iterable[str], dates: Iterable[str]) -> bytes:
    """What concerns us alone, as it would stand in a meta."""
    said = [word for word in words if word != _DATED]
    if _DATED in words:
        said += [f"{_DATED}: {date}" for date in dates]
    return ", ".join(said).encode("utf-8", "replace")


@lru_cache(maxsize=4096)
def _read(value: bytes, tokens: tuple[str, ...] | None) -> _Said:
    """The directives that concern us; ``tokens`` are given where a crawler may be named.

    ``[crawler:] directive, directive``: a colon also stands behind a directive that has a
    value, and commas and colons stand in dates. A crawler's name holds to the end of the
    line, or to the next name.
    """
    directives: list[str] = []
    dates: list[str] = []
    ours = True
    dated = False
    seen = value.decode("utf-8", "replace").translate(_UNSEEN)
    for index, segment in enumerate(seen.split(",")):
        head, colon, tail = segment.partition(":")
        name = head.strip().strip(_QUOTES).strip()
        if colon and tokens is not None and _names_crawler(name, index == 0):
            ours, dated, segment = _is_ours(name, tokens), False, tail
        dated = _directives(segment, ours, dated, directives, dates)
    return _Said(tuple(directives), tuple(date.strip() for date in dates))


def _names_crawler(name: str, first: bool) -> bool:
    """Whether what stands before a colon names a crawler, and is no directive and no date."""
    words = [word.lower() for word in _WORD.findall(name)]
    if not words or any(word in _KNOWN or word.startswith(("max-", "unavail")) for word in words):
        return False
    return first or _CRAWLER.fullmatch(name) is not None


def _is_ours(name: str, tokens: tuple[str, ...]) -> bool:
    token = _NAME.match(name)  # rule R13a: up to the first octet outside, and then equal
    # As the name of a meta does, "robots" names every crawler.
    return name == "*" or (token is not None and token[0].lower() in (*tokens, "robots"))


def _directives(
    text: str, ours: bool, dated: bool, directives: list[str], dates: list[str]
) -> bool:
    """Add what stands between two commas; whether a date may go on behind the next comma."""
    for found in _WORD.finditer(text):
        word, colon, value = found[0].lower().partition(":")
        if word.replace("-", "_") == _DATED:
            if ours:
                directives.append(_DATED)
                dates.append(text[found.start() + len(word) :].lstrip(" \t:")[:_MAX_DATE])
            return True
        if word in _KNOWN or (colon and word in _VALUED):
            dated = False
            limited = not value.startswith("-")
            if ours and (word in DIRECTIVES or (word in _ADVISORY and limited)):
                directives.append(word)
    if dated and ours and dates and text.strip():
        dates[-1] = f"{dates[-1]}, {text.strip()}"[:_MAX_DATE]
    return dated


@lru_cache(maxsize=1024)
def _date(text: str) -> datetime | None:
    """A date by ISO 8601, RFC 822, RFC 850 or in the words of either; UTC where no zone is said."""
    text = text.strip(f" \t.{_QUOTES}")
    head, _, zone = text.rpartition(" ")
    hours = _ZONES.get(zone.upper())
    candidates = [text] if hours is None else [head]
    if hours is None:
        candidates += [head] if zone.isalpha() else [f"{text} 00:00:00"]
    for candidate in candidates:
        for reader in (datetime.fromisoformat, parsedate_to_datetime):
            try:
                date = reader(candidate)
                if date.tzinfo is None:
                    date = date.replace(tzinfo=timezone(timedelta(hours=hours or 0)))
                return date.astimezone(UTC)
            except (ValueError, TypeError, IndexError, OverflowError):
                continue
    return None
