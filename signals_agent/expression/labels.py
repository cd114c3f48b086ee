"""What the labels of an expression come to for our uses (rules R1, R2, R4)."""

from collections.abc import Collection, Mapping
from typing import Final

from signals_agent.expression.said import Finding, Said, prevailing
from signals_agent.model.note import Severity
from signals_agent.model.statement import Preference
from signals_agent.model.use import Use
from signals_agent.vocabulary import CUMULATIVE, CURRENT_DRAFT, UseTable, table

_ALLOW: Final = Preference.ALLOW


def answers(labels: Mapping[str, Said], uses: UseTable, vocabulary: str) -> dict[Use, Said]:
    """One answer for each use: the first tier that speaks, and the current draft (rule R2)."""
    said = _tiered(labels, uses)
    if vocabulary == CUMULATIVE:
        for use, current in _tiered(labels, table(CURRENT_DRAFT)).items():
            said[use] = prevailing([said[use], current])
    return said


def _tiered(labels: Mapping[str, Said], uses: UseTable) -> dict[Use, Said]:
    answers = {}
    for use, tiers in uses.tiers.items():
        for tier in tiers:
            heard = [
                said
                for label in tier
                if (said := labels.get(label)) is not None
                and not (_narrowed(label, use, uses) and said.preference is _ALLOW)  # rule R4
            ]
            if heard:
                answers[use] = prevailing(heard)
                break
    return answers


def governed(dark: Collection[str], heard: Collection[str], vocabulary: str) -> set[Use]:
    """The uses that labels in the dark govern, unless a nearer tier was heard (rule R2)."""
    tables = [table(vocabulary)]
    if vocabulary == CUMULATIVE:
        tables.append(table(CURRENT_DRAFT))
    found = set()
    for uses in tables:
        for use, tiers in uses.tiers.items():
            for tier in tiers:
                if any(label in dark for label in tier):
                    found.add(use)
                    break
                if any(label in heard for label in tier):
                    break
    return found


def _narrowed(label: str, use: Use, uses: UseTable) -> bool:
    return uses.narrow_train_ai and label == "train-ai" and use is Use.TRAIN_OTHER


def annotate(
    labels: Mapping[str, Said], uses: UseTable, vocabulary: str, findings: list[Finding]
) -> None:
    """Note where the drafts disagree (rule R2), and where ``train-ai`` is read widely (rule R4)."""
    if vocabulary == CUMULATIVE:
        current = _tiered(labels, table(CURRENT_DRAFT))
        for use, said in _tiered(labels, uses).items():
            other = current.get(use)
            if other is not None and (other.preference, set(other.terms)) != (
                said.preference,
                set(said.terms),
            ):
                summary = (
                    f"{use} is {said.preference} by the labels of all drafts and "
                    f"{other.preference} by those of draft {CURRENT_DRAFT} alone; both count"
                )
                findings.append(
                    Finding(
                        "aipref-drafts-disagree",
                        Severity.WARNING,
                        summary,
                        "rule R2",
                        said.places[0],
                    )
                )
    narrow = labels.get("train-ai")
    if narrow is not None and uses.narrow_train_ai and narrow.preference is not _ALLOW:
        summary = (
            f"later drafts narrow train-ai; its {narrow.preference} is still read for "
            f"{Use.TRAIN_OTHER}"
        )
        findings.append(
            Finding("aipref-train-ai-narrowed", Severity.INFO, summary, "rule R4", narrow.places[0])
        )
