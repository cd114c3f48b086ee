"""AIPREF content usage expressions, with the exceptions that CC signals add to them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from signals_agent import cc_signals, expression
from signals_agent.expression import Finding, Said
from signals_agent.family import Context, Listen, SiteFile
from signals_agent.model.declaration import Located
from signals_agent.model.note import Note, Severity
from signals_agent.model.position import LinePosition, Position
from signals_agent.model.statement import (
    Answer,
    Preference,
    Reading,
    Settled,
    Statement,
    prevailing,
    strictness,
)
from signals_agent.model.use import Use
from signals_agent.vocabulary import CUMULATIVE

_ROBOTS: Final = "robots-txt"
_HTML: Final = "html-meta"
_CARD: Final = "dataset-card"
# Carriers for which no specification speaks (rule R20).
_UNSPECIFIED: Final = {_HTML: "HTML", _CARD: "a dataset card"}
_USAGE_INFO: Final = "usageInfo"
_LIKE_AN_EXPRESSION: Final = re.compile(rb"[\s\"']*[A-Za-z*][\w.*-]*\s*=(?!=)")
# What surrounds a field value (RFC 9110 5.5) or stands at the ends of an attribute.
_BLANK: Final = b" \t\r\n\f"

_ALLOW = Preference.ALLOW


@dataclass(frozen=True, slots=True)
class Aipref:
    """The AIPREF vocabulary and its attachment to HTTP and robots.txt, and to HTML (rule R20)."""

    name: str = "aipref"
    title: str = "AIPREF Content-Usage and CC signals"
    specification: str = "https://datatracker.ietf.org/doc/draft-ietf-aipref-vocab/"
    version: str = "vocab-08, attach-05"
    listens: tuple[Listen, ...] = (
        Listen("http-header", "content-usage", joined=True),
        Listen(_ROBOTS, "content-usage", path=True, rule=True),
        Listen(_HTML, "content-usage", attribute="name"),
        Listen(_HTML, "content-usage", attribute="http-equiv"),
        Listen(_CARD, "ai_preference"),
        Listen(_CARD, "ai_use_pref"),
        Listen(_CARD, _USAGE_INFO),
    )
    site_files: tuple[SiteFile, ...] = ()
    codes: tuple[str, ...] = (
        "aipref-allow-ignored",
        "aipref-drafts-disagree",
        "aipref-empty",
        "aipref-exceptions-as-key",
        "aipref-exceptions-case",
        "aipref-exceptions-misspelt",
        "aipref-exceptions-on-allow",
        "aipref-exceptions-repeated",
        "aipref-exceptions-string",
        "aipref-exceptions-unknown",
        "aipref-exceptions-url",
        "aipref-label-as-parameter",
        "aipref-line-overwritten",
        "aipref-not-y-or-n",
        "aipref-over-cap",
        "aipref-overruled-preference",
        "aipref-parse-error",
        "aipref-repeated-key",
        "aipref-salvaged",
        "aipref-shadowed-preference",
        "aipref-slip",
        "aipref-train-ai-narrowed",
        "aipref-unknown-label",
        "aipref-unparsable",
        "cc-signals-exclusive",
    )

    def read(self, unit: tuple[Located, ...], context: Context) -> Reading:
        """Read the field lines of one expression (rules R1 to R11, R22)."""
        lines = tuple([located.value.strip(_BLANK) for located in unit])
        if unit[0].field == _USAGE_INFO and not _LIKE_AN_EXPRESSION.match(lines[0]):
            # It may say anything about usage; most often it is the URL of a page that does.
            return Reading()
        said = expression.read(lines, context.vocabulary)
        ids = tuple([located.declaration.id for located in unit])
        literal = unit[0].reach.literal and unit[0].declaration.carrier not in _UNSPECIFIED
        statement = Statement(
            family=self.name,
            unit=unit,
            declarations=tuple([located.declaration for located in unit]),
            answers=_answers(said.answers, ids),
            literal=_answers(said.literal, ids) if literal else (),
            unreadable=said.unreadable,
        )
        return Reading((statement,), tuple([_note(one, unit, lines) for one in said.findings]))

    def settle(self, statements: Sequence[Statement], context: Context) -> Settled:
        """Longest match within each set of robots rules, then the strictest of all (rule R17)."""
        ordered = sorted(statements, key=_order)
        notes = [_ignored(statement) for statement in ordered if _ignores(statement)]
        answers: list[Answer] = []
        literal: list[Answer] = []
        unreadable: dict[Use, dict[str, None]] = {}
        buckets: dict[str, list[Statement]] = {}
        for statement in ordered:
            if statement.unit[0].declaration.carrier == _ROBOTS:
                buckets.setdefault(statement.unit[0].reach.bucket, []).append(statement)
                continue
            answers += _counting(statement.answers, _restricts_only(statement))
            literal += statement.literal
            for use in statement.unreadable:
                unreadable.setdefault(use, {}).update(dict.fromkeys(_ids(statement)))
        for rules in buckets.values():
            free = [rule for rule in rules if not rule.unit[0].reach.restrict_only]
            # What may only restrict competes for the longest match, but takes no answer away.
            for played, restricts in ((free, False), (rules, True)):
                if restricts and len(free) == len(rules):
                    continue
                match = _play(played)
                answers += _counting(match.answers, restricts)
                notes += match.notes
                for use, ids in match.unreadable:
                    unreadable.setdefault(use, {}).update(dict.fromkeys(ids))
            spoken = [rule for rule in rules if rule.unit[0].reach.literal]
            longest = max((rule.unit[0].reach.length for rule in spoken), default=0)
            for rule in spoken:
                if rule.unit[0].reach.length == longest:
                    literal += rule.literal
        settled = prevailing(answers)
        notes += _exclusive(settled)
        return Settled(
            family=self.name,
            answers=settled,
            literal=prevailing(literal),
            unreadable=tuple((use, tuple(unreadable[use])) for use in Use if use in unreadable),
            notes=tuple(dict.fromkeys(notes)),
        )

    def write(self, statement: Statement) -> bytes | None:
        """The dictionary that reads back to these answers under the cumulative reading (rule R1).

        ``None`` where no dictionary can: where nothing is said; where terms are asked for
        that are not those of exactly one CC signal, or stand on an *allow*; where an answer
        for ``other-analysis`` or ``train-other`` would fall upon a use that is not spoken of.
        """
        wanted = {answer.use: (answer.preference, answer.terms) for answer in statement.answers}
        values = {use: _value(*answer) for use, answer in wanted.items()}
        if not wanted or None in values.values():
            return None
        for labels in _SPELLINGS:
            members = [f"{label}={values[use]}".encode() for use, label in labels if use in values]
            said = expression.read((b", ".join(members),), CUMULATIVE)
            if {use: (one.preference, one.terms) for use, one in said.answers} == wanted:
                return b", ".join(members)
        return None


AIPREF: Final = Aipref()

# Candidates for writing, current labels first: the use whose answer a label carries, and the label.
_TRAINING: Final = (
    ((Use.TRAIN_GENERATIVE, "train-ai"),),
    ((Use.TRAIN_GENERATIVE, "train-genai"),),
    ((Use.TRAIN_GENERATIVE, "train-genai"), (Use.TRAIN_OTHER, "train-ai")),
    ((Use.TRAIN_GENERATIVE, "train-genai"), (Use.TRAIN_OTHER, "ai")),
    ((Use.TRAIN_OTHER, "ai"),),
)
_ELSE: Final = ((Use.MODEL_INPUT, "ai-use"), (Use.SEARCH, "search"), (Use.OTHER_ANALYSIS, "tdm"))
_SPELLINGS: Final = tuple(training + _ELSE for training in _TRAINING)


def _value(preference: Preference, terms: tuple[object, ...]) -> str | None:
    match preference:
        case Preference.ALLOW if not terms:
            return "y"
        case Preference.DISALLOW:
            return "n"
        case Preference.CONDITIONAL:
            for signal in cc_signals.SIGNALS.values():
                if signal.terms == terms:
                    return f"n;exceptions={signal.token}"
    return None


def _answers(said: tuple[tuple[Use, Said], ...], ids: tuple[str, ...]) -> tuple[Answer, ...]:
    return tuple(
        Answer(
            use,
            one.preference,
            one.terms,
            _lines(one.places, ids),
            tuple((term, _lines(places, ids)) for term, places in one.overruled),
        )
        for use, one in said
    )


def _lines(places: tuple[tuple[int, int], ...], ids: tuple[str, ...]) -> tuple[str, ...]:
    """The declarations of the field lines in which something stands."""
    return ids if len(ids) == 1 else tuple({ids[line]: None for line, _ in places})


def _note(finding: Finding, unit: tuple[Located, ...], lines: tuple[bytes, ...]) -> Note:
    index, offset = finding.place
    declaration = unit[index].declaration
    position: Position = declaration.position
    summary = finding.summary
    if isinstance(position, LinePosition):
        # The position is the record's value, which may begin with a path.
        start = declaration.octets.find(lines[index], position.column - 1)
        if start != -1:
            position = LinePosition(position.line, start + offset + 1)
    elif offset:
        summary = f"{summary} (octet {offset + 1} of the value)"
    return Note(
        finding.code, finding.severity, summary, finding.clause, (declaration.id,), position
    )


def _ids(statement: Statement) -> tuple[str, ...]:
    return tuple(declaration.id for declaration in statement.declarations)


def _order(statement: Statement) -> tuple[str, str, str, int, tuple[str, ...]]:
    first = statement.unit[0]
    declaration = first.declaration
    ids = _ids(statement)
    return declaration.carrier, declaration.source, first.reach.bucket, first.reach.index, ids


def _restricts_only(statement: Statement) -> bool:
    first = statement.unit[0]
    return first.reach.restrict_only or first.declaration.carrier in _UNSPECIFIED


def _counting(answers: Iterable[Answer], restricts: bool) -> list[Answer]:
    return [answer for answer in answers if not (restricts and answer.preference is _ALLOW)]


def _ignores(statement: Statement) -> bool:
    return _restricts_only(statement) and any(
        answer.preference is _ALLOW for answer in statement.answers
    )


def _ignored(statement: Statement) -> Note:
    declaration = statement.unit[0].declaration
    carrier = _UNSPECIFIED.get(declaration.carrier)
    return Note(
        code="aipref-allow-ignored",
        severity=Severity.INFO,
        summary=(
            f"no specification lets {carrier} carry this, so that it counts only where it restricts"
            if carrier
            else "a rule that is not in our group of this site counts only where it restricts"
        ),
        clause="rule R20" if carrier else "rule R13d",
        because=(declaration.id,),
        position=declaration.position,
    )


@dataclass(frozen=True, slots=True)
class _Match:
    answers: tuple[Answer, ...]
    unreadable: tuple[tuple[Use, tuple[str, ...]], ...]
    notes: tuple[Note, ...]


def _play(rules: Sequence[Statement]) -> _Match:
    """Longest match among the rules of one bucket, with the fall-back of rule R13c."""
    by_length = sorted(rules, key=lambda rule: -rule.unit[0].reach.length)
    levels = [list(level) for _, level in groupby(by_length, lambda r: r.unit[0].reach.length)]
    heard = [{a.use: a for a in prevailing(_all_answers(level))} for level in levels]
    answers: list[Answer] = []
    unreadable: list[tuple[Use, tuple[str, ...]]] = []
    notes: list[Note] = []
    for use in Use:
        for depth, said in enumerate(heard):
            dark = [rule for rule in levels[depth] if use in rule.unreadable]
            if dark:
                unreadable.append((use, tuple(i for rule in dark for i in _ids(rule))))
            answer = said.get(use)
            if answer is None:
                continue
            if depth == 0:
                answers.append(answer)
            elif answer.preference is not _ALLOW:
                answers.append(answer)
                notes.append(_shadowed(answer, levels[0]))
            notes += _overruled(answer, heard[depth + 1 :])
            break
    return _Match(tuple(answers), tuple(unreadable), tuple(notes))


def _all_answers(statements: Iterable[Statement]) -> Iterable[Answer]:
    for statement in statements:
        yield from statement.answers


def _shadowed(answer: Answer, longest: Sequence[Statement]) -> Note:
    return Note(
        code="aipref-shadowed-preference",
        severity=Severity.WARNING,
        summary=(
            f"the longest matching rule says nothing of {answer.use}; "
            f"a shorter one says {answer.preference}, which counts"
        ),
        clause="rule R13c",
        because=answer.because + tuple(i for rule in longest for i in _ids(rule)),
    )


def _overruled(answer: Answer, shorter: Sequence[dict[Use, Answer]]) -> list[Note]:
    """A note for each shorter rule that is stricter; an absent path is shorter than ``/``."""
    return [
        Note(
            code="aipref-overruled-preference",
            severity=Severity.INFO,
            summary=(
                f"a longer matching rule says {answer.preference} for {answer.use}; "
                f"a shorter one says {other.preference}, which does not count"
            ),
            clause="rule R13b",
            because=answer.because + other.because,
        )
        for said in shorter
        if (other := said.get(answer.use)) is not None
        and strictness(other.preference) > strictness(answer.preference)
    ]


def _exclusive(settled: Sequence[Answer]) -> list[Note]:
    """Where two of CC's exclusive elements meet, both are owed, and a note says so (rule R17)."""
    notes = []
    for answer in settled:
        signals = {term.signal: None for term in answer.terms if term.kind in cc_signals.EXCLUSIVE}
        kinds = {term.kind for term in answer.terms if term.kind in cc_signals.EXCLUSIVE}
        if len(kinds) > 1:
            notes.append(
                Note(
                    code="cc-signals-exclusive",
                    severity=Severity.WARNING,
                    summary=(
                        f"{' and '.join(sorted(signals))} meet for {answer.use}: "
                        "their elements are meant to be exclusive; all are owed"
                    ),
                    clause="rule R17",
                    because=answer.because,
                )
            )
    return notes
