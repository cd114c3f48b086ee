"""What a content usage expression says, to the letter and at a second look (rules R1 to R11)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from signals_agent import cc_signals, quote
from signals_agent.expression import labels
from signals_agent.expression.members import EXCEPTIONS, Member, is_preference, members, words
from signals_agent.expression.said import Finding, Said, prevailing
from signals_agent.limits import MAX_EXPRESSION
from signals_agent.model.note import Severity
from signals_agent.model.obligation import Term
from signals_agent.model.statement import Preference
from signals_agent.model.use import Use
from signals_agent.salvage import Part, means_no, parts
from signals_agent.vocabulary import CUMULATIVE, DRAFTS, LABELS, LITERAL, UseTable, table

SLIPS: Final = {"ai-train": "train-ai", "ai-input": "ai-use"}
"""Content-Signal's words, written in Content-Usage for the labels beside them (rule R11)."""

_ALLOW = Preference.ALLOW
_DISALLOW = Preference.DISALLOW
_CONDITIONAL = Preference.CONDITIONAL
_INFO = Severity.INFO
_WARNING = Severity.WARNING


@dataclass(frozen=True, slots=True)
class Expression:
    """What one expression comes to: an answer for each use that it speaks of, in order of ``Use``.

    ``literal`` is the letter of the current draft (rule R22), ``unreadable`` the uses that
    the expression governs and leaves in the dark (rules R11, R27).
    """

    answers: tuple[tuple[Use, Said], ...]
    literal: tuple[tuple[Use, Said], ...]
    unreadable: tuple[Use, ...]
    findings: tuple[Finding, ...]


@lru_cache(maxsize=4096)
def read(lines: tuple[bytes, ...], vocabulary: str) -> Expression:
    """Read the field lines of one expression; raises ``UnknownVocabulary``, never for octets."""
    uses = table(vocabulary)
    known = LABELS if vocabulary == CUMULATIVE else frozenset(DRAFTS[vocabulary])
    findings: list[Finding] = []
    found = members(lines, findings)
    letter = _letter(found, known, findings)
    salvaged = _salvaged(lines, known, letter, findings)
    both = {**salvaged, **letter}
    answers = labels.answers(letter, uses, vocabulary)
    if salvaged:
        # Salvage only restricts: a salvaged label never takes the place of a stricter letter.
        merged = labels.answers(both, uses, vocabulary)
        answers = {
            use: prevailing([said[use] for said in (answers, merged) if use in said])
            for use in merged
        }
    labels.annotate(both, uses, vocabulary, findings)
    return Expression(
        answers=tuple((use, answers[use]) for use in Use if use in answers),
        literal=_literal(found),
        unreadable=() if both else _unreadable(lines, found, uses, findings),
        findings=tuple(findings),
    )


_LENIENCES: Final = {
    "aipref-exceptions-string": "the value of exceptions is a String where a Token should stand",
    "aipref-exceptions-as-key": "a CC signal after a comma is read as a further exception",
    "aipref-exceptions-repeated": "exceptions is repeated: the letter keeps the last, all are read",
    "aipref-exceptions-misspelt": "the parameter exception is read as exceptions",
    "aipref-exceptions-case": "a CC signal's token is written in another case",
    "aipref-exceptions-url": "a CC signal is named by its URL",
}


def _signals(named: Iterable[str | None], leniences: list[str]) -> tuple[tuple[Term, ...], bool]:
    """The terms of the CC signals named, and whether anything else was named (rule R9)."""
    terms: dict[Term, None] = {}
    unknown = False
    for word in named:
        signal = cc_signals.find(word) if word is not None else None
        if signal is None:
            unknown = True
            continue
        if word != signal.token:
            url = "://" in (word or "")
            leniences.append("aipref-exceptions-url" if url else "aipref-exceptions-case")
        terms.update(dict.fromkeys(signal.terms))
    return tuple(terms), unknown


def _letter(
    found: Sequence[Member], known: frozenset[str], findings: list[Finding]
) -> dict[str, Said]:
    """What each known label says to the letter, with R6 to R10; labels left unknown are absent."""
    by_key: dict[str, list[Member]] = {}
    for member in found:
        if member.key:
            by_key.setdefault(member.key, []).append(member)
        for name in member.parameters:
            if name in known or name in SLIPS:
                summary = f"{name} stands behind a semicolon, so it is a parameter, not a label"
                findings.append(
                    Finding(
                        "aipref-label-as-parameter", _WARNING, summary, "rule R11", member.place
                    )
                )
    said_of: dict[str, Said] = {}
    strangers = []
    for key, repeated in by_key.items():
        if key not in known:
            if key not in SLIPS:
                strangers.append(key)
            continue
        said = _label(key, repeated, findings)
        if said is not None:
            said_of[key] = said
    if strangers:
        named = ", ".join(strangers[:8]) + (", ..." if len(strangers) > 8 else "")
        summary = f"no label of the vocabulary that is read: {quote.text(named, 200)}"
        place = by_key[strangers[0]][0].place
        findings.append(Finding("aipref-unknown-label", _INFO, summary, "rule R5", place))
    return said_of


def _label(key: str, repeated: Sequence[Member], findings: list[Finding]) -> Said | None:
    last = repeated[-1]
    if not is_preference(last.value):
        summary = f"the value of {key} is neither the Token y nor the Token n"
        findings.append(Finding("aipref-not-y-or-n", _WARNING, summary, "rule R5", last.place))
        return None
    of_line = {member.place[0]: member for member in repeated if is_preference(member.value)}
    heard = [_said(member, findings) for member in of_line.values()]
    said = prevailing(heard)
    if said.preference is not heard[-1].preference or set(said.terms) != set(heard[-1].terms):
        summary = f"a later field line says otherwise of {key}; the more restrictive counts"
        findings.append(
            Finding("aipref-line-overwritten", _WARNING, summary, "rule R6", last.place)
        )
    elif len(repeated) > 1:
        summary = f"{key} is repeated; its last value counts"
        findings.append(Finding("aipref-repeated-key", _WARNING, summary, "rule R5", last.place))
    return said


def _said(member: Member, findings: list[Finding]) -> Said:
    allowed = str(member.value) == "y"
    places = (member.place,)
    if not member.exceptions:
        return Said(_ALLOW if allowed else _DISALLOW, (), places)
    terms, unknown = _signals(member.exceptions, member.leniences)
    findings += [
        Finding(code, _INFO, _LENIENCES[code], "rule R8", member.place)
        for code in dict.fromkeys(member.leniences)
    ]
    if unknown:
        findings.append(
            Finding(
                "aipref-exceptions-unknown",
                _WARNING,
                "exceptions names something that is no known CC signal",
                "rule R9",
                member.place,
            )
        )
    if allowed:
        summary = f"{member.key} is y and has exceptions: allowed, and the CC signal is owed"
        findings.append(
            Finding("aipref-exceptions-on-allow", _WARNING, summary, "rule R10", member.place)
        )
        return Said(_ALLOW, terms, places)
    return Said(_DISALLOW, (), places) if unknown else Said(_CONDITIONAL, terms, places)


def _salvaged(
    lines: Sequence[bytes],
    known: frozenset[str],
    letter: Mapping[str, Said],
    findings: list[Finding],
) -> dict[str, Said]:
    """What a second look finds for labels that the letter leaves unknown (rule R11)."""
    heard: dict[str, list[Said]] = {}
    for index, line in enumerate(lines):
        if len(line) > MAX_EXPRESSION:
            continue
        looked = parts(line)
        for at, part in enumerate(looked):
            place = (index, part.offset)
            if part.key in SLIPS:
                summary = (
                    f"{part.key} is Content-Signal's word; the label here is {SLIPS[part.key]}"
                )
                findings.append(Finding("aipref-slip", _INFO, summary, "rule R11", place))
            for label, named in _negations(part, looked[at + 1 :], known):
                if label in letter:
                    continue
                terms, unknown = _signals(named or [None], [])
                said = Said(
                    _DISALLOW if unknown else _CONDITIONAL, () if unknown else terms, (place,)
                )
                heard.setdefault(label, []).append(said)
    salvaged = {label: prevailing(saids) for label, saids in heard.items()}
    for label, said in salvaged.items():
        summary = f"read at a second look: {label} is {said.preference}"
        findings.append(Finding("aipref-salvaged", _WARNING, summary, "rule R11", said.places[0]))
    return salvaged


def _negations(
    part: Part, following: Sequence[Part], known: frozenset[str]
) -> list[tuple[str, list[str | None]]]:
    """The labels to which a part says no, each with the words of the ``exceptions`` on it."""
    negations: list[tuple[str, list[str | None]]] = []
    candidates = [(-1, part.key, part.value)]
    candidates += [(i, p.name, p.value) for i, p in enumerate(part.parameters)]
    for index, name, value in candidates:
        label = SLIPS.get(name, name)
        if label not in known or not means_no(value):
            continue
        named: list[str | None] = []
        for parameter in part.parameters[index + 1 :]:
            if parameter.name in EXCEPTIONS:
                named.extend(words(parameter.value or "") or [None])
        if named:
            for after in following:
                if after.key not in cc_signals.SIGNALS or after.value is not None:
                    break
                named.append(after.key)
        negations.append((label, named))
    return negations


def _literal(found: Sequence[Member]) -> tuple[tuple[Use, Said], ...]:
    """The current draft's labels, last value of each, parameters ignored (rule R22)."""
    last = {member.key: member for member in found}
    return tuple(
        (use, Said(_ALLOW if str(member.value) == "y" else _DISALLOW, (), (member.place,)))
        for use, label in LITERAL.items()
        if (member := last.get(label)) is not None and is_preference(member.value)
    )


def _unreadable(
    lines: Sequence[bytes],
    found: Sequence[Member],
    uses: UseTable,
    findings: list[Finding],
) -> tuple[Use, ...]:
    """The uses of which the expression should have spoken, where nothing in it can be read."""
    if found:
        named = {member.key for member in found}
        governed = tuple(use for use in Use if named.intersection(uses.labels(use)))
    else:
        governed = tuple(use for use in Use if use in uses.tiers) if any(lines) else ()
    if governed:
        summary = "nothing in the expression can be read, not even at a second look"
        findings.append(Finding("aipref-unparsable", Severity.ERROR, summary, "rule R11", (0, 0)))
    return governed
