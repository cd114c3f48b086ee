"""What a second look finds where the letter gives nothing, and what it leaves in the dark."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final, TypeAlias

from signals_agent import cc_signals
from signals_agent.expression.exceptions import EXCEPTIONS, signals, words
from signals_agent.expression.said import Finding, Place, Said, prevailing
from signals_agent.limits import MAX_EXPRESSION
from signals_agent.model.note import Severity
from signals_agent.model.statement import Preference
from signals_agent.salvage import Part, means_no, parts

SLIPS: Final = {"ai-train": "train-ai", "ai-input": "ai-use"}
"""Content-Signal's words, written in Content-Usage for the labels beside them (rule R11)."""

Look: TypeAlias = Sequence[tuple[int, Sequence[Part]]]
"""The parts of each field line that is under the cap, with the line's index."""


def look(lines: Sequence[bytes]) -> Look:
    """The parts of each field line alone (rule R11)."""
    return [(i, parts(line)) for i, line in enumerate(lines) if len(line) <= MAX_EXPRESSION]


def salvaged(
    looked: Look,
    known: frozenset[str],
    letter: Mapping[str, Said],
    findings: list[Finding],
) -> dict[str, Said]:
    """What a second look finds for labels that the letter leaves unknown (rule R11)."""
    heard: dict[str, list[Said]] = {}
    for index, line in looked:
        for at, part in enumerate(line):
            place = (index, part.offset)
            if part.key in SLIPS:
                summary = (
                    f"{part.key} is Content-Signal's word; the label here is {SLIPS[part.key]}"
                )
                findings.append(Finding("aipref-slip", Severity.INFO, summary, "rule R11", place))
            for label, named in _negations(part, line[at + 1 :], known):
                if label in letter:
                    continue
                terms, unknown = signals(named or [None], [])
                said = Said(
                    Preference.DISALLOW if unknown else Preference.CONDITIONAL,
                    () if unknown else terms,
                    (place,),
                )
                heard.setdefault(label, []).append(said)
    answers = {label: prevailing(saids) for label, saids in heard.items()}
    for label, said in answers.items():
        summary = f"read at a second look: {label} is {said.preference}"
        findings.append(
            Finding("aipref-salvaged", Severity.WARNING, summary, "rule R11", said.places[0])
        )
    return answers


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


def unheard(looked: Look, known: frozenset[str], heard: Collection[str]) -> dict[str, Place]:
    """The labels named only where nothing is understood, and where each is named first.

    What says a plain no or yes to a label is understood, and so is a member of another
    name. ``heard`` are the labels of which something was salvaged; they are left out.
    """
    names = known | {slip for slip, label in SLIPS.items() if label in known}
    found: dict[str, Place] = {}
    for index, line in looked:
        for part in line:
            for pair in part.pairs:
                for name in () if pair.understood(names) else pair.naming(names):
                    label = SLIPS.get(name, name)
                    if label not in heard:
                        found.setdefault(label, (index, part.offset))
    return found
