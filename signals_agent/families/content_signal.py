"""Cloudflare's Content Signals, in robots.txt and in a header."""

from collections.abc import Sequence
from dataclasses import dataclass
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
from signals_agent.salvage import Part, means_no, parts, split

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
            answers=tuple([Answer(a.use, a.preference, a.terms, because) for a in said.answers]),
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
    seen: set[str] = set()
    broken = False
    looked = parts(value)
    if not looked:
        findings.append(("content-signal-empty", Severity.INFO, "no signal", "rule R18"))
    for part in looked:
        if not part.plain:
            broken = True
        elif part.key == "use":
            answers += _reach(part, written.get(part.offset), governed, findings)
        elif part.key in KEYS or part.key in SLIPS:
            answers += _signal(part, written.get(part.offset), governed, findings)
        else:
            summary = f"no known signal: {quote.text(part.key, 80)}"
            findings.append(("content-signal-unknown-key", Severity.INFO, summary, "rule R18"))
        if part.key in seen:
            summary = f"{quote.text(part.key, 80)} is repeated; the strictest counts"
            findings.append(("content-signal-repeated-key", Severity.WARNING, summary, "rule R18"))
        seen.add(part.key)
        answers += _parameters(part, findings)
    unreadable: tuple[Use, ...] = ()
    if not answers:
        unreadable = tuple(u for u in Use if u in governed or (broken and u in _GOVERNED))
    if unreadable:
        summary = "nothing in the line can be read, not even at a second look"
        findings.append(("content-signal-unparsable", Severity.ERROR, summary, "rule R11"))
    return _Said(prevailing(answers), unreadable, tuple(dict.fromkeys(findings)))


def _as_written(value: bytes) -> list[tuple[int, tuple[bytes, bytes]]]:
    """Key and value to the letter, by the offset of what stands between two commas.

    Keys ignore case, as record names do; a value does not, for a second look never allows.
    """
    found = []
    for offset, piece in split(value, b","):
        key, _, said = piece.strip(b" \t").partition(b"=")
        found.append((offset + len(piece) - len(piece.lstrip(b" \t")), (key.lower(), said)))
    return found


def _signal(
    part: Part,
    written: tuple[bytes, bytes] | None,
    governed: set[Use],
    findings: list[_Finding],
) -> list[Answer]:
    key = SLIPS.get(part.key, part.key)
    if part.key in SLIPS:
        summary = f"{part.key} is AIPREF's label; the signal here is {key}"
        findings.append(("content-signal-slip", Severity.INFO, summary, "rule R11"))
    elif written == (part.key.encode(), b"yes"):
        return [Answer(use, _ALLOW) for use in KEYS[key]]
    elif written == (part.key.encode(), b"no"):
        return [Answer(use, _DISALLOW) for use in KEYS[key]]
    if means_no(part.value):
        findings.append(_salvaged(part.key, "no"))
        return [Answer(use, _DISALLOW) for use in KEYS[key]]
    summary = f"the value of {part.key} is neither yes nor no"
    findings.append(("content-signal-unknown-value", Severity.WARNING, summary, "rule R11"))
    governed.update(KEYS[key])
    return []


def _reach(
    part: Part,
    written: tuple[bytes, bytes] | None,
    governed: set[Use],
    findings: list[_Finding],
) -> list[Answer]:
    value = part.value or ""
    if value not in _REACHED_BY_USE:
        summary = "the value of use is none of immediate, reference and full"
        findings.append(("content-signal-unknown-value", Severity.WARNING, summary, "rule R11"))
        governed.update(Use)
        return []
    if written != (b"use", value.encode()):
        findings.append(_salvaged("use", value))
    return list(_REACHED_BY_USE[value])


def _parameters(part: Part, findings: list[_Finding]) -> list[Answer]:
    """A signal behind a semicolon counts where it says no (rule R11)."""
    answers = []
    for parameter in part.parameters:
        key = SLIPS.get(parameter.name, parameter.name)
        if key in KEYS and means_no(parameter.value):
            findings.append(_salvaged(key, "no"))
            answers += [Answer(use, _DISALLOW) for use in KEYS[key]]
    return answers


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
