"""What a content usage expression says, to the letter and at a second look (rules R1 to R11)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from signals_agent import quote
from signals_agent.expression import labels, second_look
from signals_agent.expression.exceptions import LENIENCES, signals
from signals_agent.expression.members import Member, is_preference, members, over_cap
from signals_agent.expression.said import Finding, Said, prevailing
from signals_agent.expression.second_look import SLIPS
from signals_agent.model.note import Severity
from signals_agent.model.statement import Preference
from signals_agent.model.use import Use
from signals_agent.vocabulary import CUMULATIVE, DRAFTS, LABELS, LITERAL, UseTable, table

_ALLOW = Preference.ALLOW
_DISALLOW = Preference.DISALLOW
_CONDITIONAL = Preference.CONDITIONAL
_INFO = Severity.INFO
_WARNING = Severity.WARNING


@dataclass(frozen=True, slots=True)
class Expression:
    """What one expression comes to: an answer for each use that it speaks of, in order of ``Use``.

    ``literal`` is the letter of the current draft (rule R22), ``unreadable`` the uses that
    the expression governs and leaves in the dark (rules R11, R27, R39).
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
    looked = second_look.look(lines)
    salvaged = second_look.salvaged(looked, known, letter, findings)
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
    refused = {use for use, said in answers.items() if said.preference is _DISALLOW}
    dark: Collection[Use] = ()
    if not both:
        dark = _unreadable(lines, found, uses, findings)
    elif over_cap(lines):
        dark = uses.tiers.keys() - refused
    elif not found:
        unheard = second_look.unheard(looked, known, salvaged)
        dark = labels.governed(unheard, salvaged, vocabulary) - refused
        if dark:
            summary = f"what stands there of {', '.join(unheard)} cannot be read"
            place = min(unheard.values())
            findings.append(
                Finding("aipref-unparsable", Severity.ERROR, summary, "rule R11", place)
            )
    return Expression(
        answers=tuple((use, answers[use]) for use in Use if use in answers),
        literal=_literal(found),
        unreadable=tuple(use for use in Use if use in dark),
        findings=tuple(findings),
    )


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
    terms, unknown = signals(member.exceptions, member.leniences)
    findings += [
        Finding(code, _INFO, LENIENCES[code], "rule R8", member.place)
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
