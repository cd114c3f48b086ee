"""Cloudflare's Content Signals, in robots.txt and in a header."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import Final, TypeAlias

from signals_agent import quote
from signals_agent.cc_signals import CREDIT_TEXT
from signals_agent.family import Context, Listen, SiteFile
from signals_agent.limits import MAX_EXPRESSION
from signals_agent.model.declaration import Located
from signals_agent.model.note import Note, Severity
from signals_agent.model.obligation import ObligationKind, Term
from signals_agent.model.statement import (
    Answer,
    Preference,
    Reading,
    Settled,
    Statement,
    prevailing,
)
from signals_agent.model.use import Use
from signals_agent.salvage import Pair, means_no, parts, split

_HEADER: Final = "http-header"
_ALLOW = Preference.ALLOW
_DISALLOW = Preference.DISALLOW

KEYS: Final = {
    "ai-train": (Use.TRAIN_GENERATIVE, Use.TRAIN_OTHER),
    "ai-input": (Use.MODEL_INPUT,),
    "search": (Use.SEARCH,),
}
"""Which of our uses each signal governs (rules, section 3)."""

SLIPS: Final = {"train-ai": "ai-train", "train-genai": "ai-train", "ai-use": "ai-input"}
"""AIPREF's labels, written here for the signals beside them (rule R11)."""

REFERENCE: Final = Term(
    kind=ObligationKind.CREDIT,
    signal="content-signal:use=reference",
    text=f"Index, excerpt and link back, and no more than that. {CREDIT_TEXT}",
    terms_url="https://contentsignals.org/",
)
"""What ``use=reference`` asks for: credit with a link."""

_REACHED_BY_USE: Final = {
    "immediate": tuple(Answer(use, _DISALLOW) for use in Use),
    "reference": tuple(
        Answer(use, Preference.CONDITIONAL, (REFERENCE,)) for use in (Use.MODEL_INPUT, Use.SEARCH)
    ),
    "full": (),
}
_NAMES: Final = frozenset((*KEYS, *SLIPS))
_REACH: Final = "use"
# In prose "use" is a common word, so that it counts only where a value follows.
_REACH_WITHIN: Final = re.compile(r"(?<![a-z0-9_-])use\s*[=:]")
_GOVERNED: Final = tuple(use for uses in KEYS.values() for use in uses)

_Finding: TypeAlias = tuple[str, Severity, str, str]


@dataclass(frozen=True, slots=True)
class _Said:
    answers: tuple[Answer, ...]
    unreadable: tuple[Use, ...]
    findings: tuple[_Finding, ...]


@dataclass(frozen=True, slots=True)
class ContentSignal:
    """Content Signals; the header has no specification and may only restrict (rule R20)."""

    name: str = "content-signal"
    title: str = "Content Signals"
    specification: str = "https://contentsignals.org/"
    version: str = "2026-07"
    listens: tuple[Listen, ...] = (
        Listen("robots-txt", "content-signal", path=True, aliases=("content-signals",)),
        Listen(_HEADER, "content-signal"),
    )
    site_files: tuple[SiteFile, ...] = ()
    codes: tuple[str, ...] = (
        "content-signal-allow-ignored",
        "content-signal-empty",
        "content-signal-over-cap",
        "content-signal-path",
        "content-signal-repeated-key",
        "content-signal-salvaged",
        "content-signal-slip",
        "content-signal-unknown-key",
        "content-signal-unknown-value",
        "content-signal-unparsable",
    )

    def read(self, unit: tuple[Located, ...], context: Context) -> Reading:
        """Read one line: what each of its signals says, the strictest where one is repeated."""
        declaration = unit[0].declaration
        said = _read(unit[0].value)
        findings = said.findings
        if declaration.scope.path is not None:
            summary = "a path before the signals is no part of their specification; it limits them"
            findings += (("content-signal-path", Severity.INFO, summary, "rule R18"),)
        because = (declaration.id,)
        statement = Statement(
            family=self.name,
            unit=unit,
            declarations=(declaration,),
            answers=tuple([_because(answer, because) for answer in said.answers]),
            unreadable=said.unreadable,
        )
        return Reading(
            (statement,),
            tuple([Note(*finding, because, declaration.position) for finding in findings]),
        )

    def settle(self, statements: Sequence[Statement], context: Context) -> Settled:
        """Every line that reaches the asset counts, by R19's order; no longest match (rule R18)."""
        ordered = sorted(statements, key=_order)
        answers: list[Answer] = []
        notes: list[Note] = []
        unreadable: dict[Use, dict[str, None]] = {}
        for statement in ordered:
            declaration = statement.declarations[0]
            heard = list(statement.answers)
            header = declaration.carrier == _HEADER
            if header or statement.unit[0].reach.restrict_only:
                heard = [answer for answer in heard if answer.preference is not _ALLOW]
            if len(heard) < len(statement.answers):
                notes.append(
                    Note(
                        code="content-signal-allow-ignored",
                        severity=Severity.INFO,
                        summary=(
                            "no specification has this header, so that it counts only where it "
                            "restricts"
                            if header
                            else "a line that is not in our group of this site counts only where "
                            "it restricts"
                        ),
                        clause="rule R20" if header else "rule R13d",
                        because=(declaration.id,),
                        position=declaration.position,
                    )
                )
            answers += heard
            for use in statement.unreadable:
                unreadable.setdefault(use, {})[declaration.id] = None
        return Settled(
            family=self.name,
            answers=prevailing(answers),
            unreadable=tuple((use, tuple(unreadable[use])) for use in Use if use in unreadable),
            notes=tuple(dict.fromkeys(notes)),
        )

    def write(self, statement: Statement) -> bytes | None:
        """The signals that read back to these answers.

        ``None`` where none do: where nothing is said; where the two kinds of training differ;
        where ``other-analysis`` is spoken of alone; where terms are other than those of
        ``use=reference``.
        """
        wanted = {answer.use: (answer.preference, answer.terms) for answer in statement.answers}
        for line in _SPELLINGS if wanted else ():
            said = {a.use: (a.preference, a.terms) for a in _read(line).answers}
            if said == wanted:
                return line
        return None


CONTENT_SIGNAL: Final = ContentSignal()


def _because(answer: Answer, because: tuple[str, ...]) -> Answer:
    overruled = tuple((term, because) for term, _ in answer.overruled)
    return replace(answer, because=because, overruled=overruled)


def _order(statement: Statement) -> tuple[str, str, str, int, str]:
    first = statement.unit[0]
    found = first.declaration
    return found.carrier, found.source, first.reach.bucket, first.reach.index, found.id


@lru_cache(maxsize=4096)
def _read(value: bytes) -> _Said:
    findings: list[_Finding] = []
    if len(value) > MAX_EXPRESSION:
        summary = f"the line is longer than the {MAX_EXPRESSION} octets that are read"
        findings.append(("content-signal-over-cap", Severity.ERROR, summary, "rule R39"))
        return _Said((), tuple(Use), tuple(findings))
    written = dict(_as_written(value))
    answers: list[Answer] = []
    governed: set[Use] = set()
    dark: set[Use] = set()
    strays: list[_Finding] = []
    seen: set[str] = set()
    looked = parts(value)
    if not looked:
        findings.append(("content-signal-empty", Severity.INFO, "no signal", "rule R18"))
    for part in looked:
        head, *behind = map(_with_colon, part.pairs)
        if head.name == _REACH:
            answers += _reach(head, written.get(part.offset), dark, findings)
        elif head.name in _NAMES:
            answers += _signal(head, written.get(part.offset), governed, findings)
        else:
            summary = f"no known signal: {quote.text(head.name, 80)}"
            stray = ("content-signal-unknown-key", Severity.INFO, summary, "rule R18")
            (findings if head.plain else strays).append(stray)
        if head.name in seen:
            summary = f"{quote.text(head.name, 80)} is repeated; the strictest counts"
            findings.append(("content-signal-repeated-key", Severity.WARNING, summary, "rule R18"))
        seen.add(head.name)
        for pair in behind:
            answers += _behind(pair, dark, findings)
        for pair in (head, *behind):
            dark.update(_unheard(pair))
    said = prevailing(answers)
    refused = {answer.use for answer in said if answer.preference is _DISALLOW}
    if answers or dark:
        findings += strays
    elif strays:
        governed.update(_GOVERNED)
    dark.update(() if answers else governed)
    unreadable = tuple(use for use in Use if use in dark and use not in refused)
    if unreadable:
        what = "what it says of some uses" if answers else "the line"
        summary = f"{what} cannot be read, not even at a second look"
        findings.append(("content-signal-unparsable", Severity.ERROR, summary, "rule R11"))
    return _Said(said, unreadable, tuple(dict.fromkeys(findings)))


def _as_written(value: bytes) -> list[tuple[int, tuple[bytes, bytes]]]:
    """Key and value to the letter, by the offset of what stands between two commas.

    Keys ignore case, as record names do; a value does not, for a second look never allows.
    """
    found = []
    for offset, piece in split(value, b","):
        key, _, said = piece.strip(b" \t").partition(b"=")
        found.append((offset + len(piece) - len(piece.lstrip(b" \t")), (key.lower(), said)))
    return found


def _with_colon(pair: Pair) -> Pair:
    """A known signal with a colon in place of the equals sign, read as if it had one."""
    name, colon, value = pair.name.partition(":")
    if pair.value is None and colon and (name.strip() == _REACH or name.strip() in _NAMES):
        return Pair(name.strip(), value.strip(' "'))
    return pair


def _signal(
    pair: Pair,
    written: tuple[bytes, bytes] | None,
    governed: set[Use],
    findings: list[_Finding],
) -> list[Answer]:
    key = SLIPS.get(pair.name, pair.name)
    if pair.name in SLIPS:
        summary = f"{pair.name} is AIPREF's label; the signal here is {key}"
        findings.append(("content-signal-slip", Severity.INFO, summary, "rule R11"))
    elif written == (pair.name.encode(), b"yes"):
        return [Answer(use, _ALLOW) for use in KEYS[key]]
    elif written == (pair.name.encode(), b"no"):
        return [Answer(use, _DISALLOW) for use in KEYS[key]]
    if means_no(pair.value):
        findings.append(_salvaged(pair.name, "no"))
        return [Answer(use, _DISALLOW) for use in KEYS[key]]
    findings.append(_unknown_value(pair.name))
    governed.update(KEYS[key])
    return []


def _reach(
    pair: Pair,
    written: tuple[bytes, bytes] | None,
    dark: set[Use],
    findings: list[_Finding],
) -> list[Answer]:
    value = pair.value or ""
    if value not in _REACHED_BY_USE:
        summary = "the value of use is none of immediate, reference and full"
        findings.append(("content-signal-unknown-value", Severity.WARNING, summary, "rule R11"))
        dark.update(Use)
        return []
    if written != (_REACH.encode(), value.encode()):
        findings.append(_salvaged(_REACH, value))
    return list(_REACHED_BY_USE[value])


def _behind(pair: Pair, dark: set[Use], findings: list[_Finding]) -> list[Answer]:
    """A signal behind a semicolon counts where it restricts (rule R11)."""
    if pair.name == _REACH:
        return _reach(pair, None, dark, findings)
    if pair.name not in _NAMES:
        return []
    if means_no(pair.value):
        key = SLIPS.get(pair.name, pair.name)
        findings.append(_salvaged(key, "no"))
        return [Answer(use, _DISALLOW) for use in KEYS[key]]
    if not pair.understood(_NAMES):
        findings.append(_unknown_value(pair.name))
    return []


def _unheard(pair: Pair) -> tuple[Use, ...]:
    """The uses of the signals that are named in what is not understood."""
    if pair.name == _REACH or pair.understood(_NAMES):
        return ()
    if _REACH_WITHIN.search(pair.text):
        return tuple(Use)
    return tuple(use for name in pair.naming(_NAMES) for use in KEYS[SLIPS.get(name, name)])


def _unknown_value(name: str) -> _Finding:
    summary = f"the value of {name} is neither yes nor no"
    return "content-signal-unknown-value", Severity.WARNING, summary, "rule R11"


def _salvaged(key: str, value: str) -> _Finding:
    summary = f"read at a second look: {key} is {value}"
    return "content-signal-salvaged", Severity.WARNING, summary, "rule R11"


def _spellings() -> tuple[bytes, ...]:
    """Every line there is to write, those with fewest signals first."""
    lines = []
    for search, read, train, reach in product(
        ("", "yes", "no"), ("", "yes", "no"), ("", "yes", "no"), ("", "reference", "immediate")
    ):
        said = (("search", search), ("ai-input", read), ("ai-train", train), ("use", reach))
        lines.append(", ".join(f"{key}={value}" for key, value in said if value).encode())
    return tuple(sorted(lines, key=lambda line: line.count(b"=")))


_SPELLINGS: Final = _spellings()
