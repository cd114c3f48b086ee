"""What the evidence of a policy comes to, in words: what counts by it, and what does not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from signals_agent import proof, quote
from signals_agent.policy import Policy
from signals_agent.promises import Agreement, Commitment, in_force
from signals_agent.proof import Found, Outcome
from signals_agent.terminal import Screen, pad, wrap

_OUTCOMES: Final = {
    Outcome.HOLDS: "holds",
    Outcome.ASSERTED: "asserted",
    Outcome.NOT_CHECKED: "not checked",
    Outcome.FAILS: "FAILS",
}
_VALUE: Final = 200
"""Characters of a value that are shown."""
_SAID: Final = 1000
"""Characters of a sentence with values in it."""


@dataclass(frozen=True, slots=True)
class _Lacking:
    """A promise that does not count, or evidence that fails beside other evidence."""

    place: str
    label: str
    said: str
    counts: bool


def headline(policy: Policy, now: datetime, screen: Screen) -> Iterator[str]:
    """Whether the policy is as it should be, and everything that does not count, once."""
    found = list(_lacking(policy, now))
    label = quote.text(policy.label, _VALUE)
    if not found:
        yield screen.paint(f"{label} is a valid policy", "bold")
        return
    yield screen.paint(f"{label} can be read, {_how_many(policy, found)}", "bold")
    entry = 2 + max(len(each.place) for each in found)
    outcome = 2 + max(len(each.label) for each in found)
    for each in found:
        before = f"  {pad(each.place, entry)}"
        first, *rest = wrap(
            quote.text(each.said, _SAID),
            screen.columns,
            before + pad(each.label, outcome),
            "      ",
        )
        fails = each.label == _OUTCOMES[Outcome.FAILS]
        painted = screen.paint(each.label, "red" if fails else "yellow")
        yield before + painted + first[len(before) + len(each.label) :]
        yield from rest
    lost = sum(not each.counts for each in found)
    if lost:
        they = "It answers nothing and lifts" if lost == 1 else "They answer nothing and lift"
        yield f"  {they} nothing."


def _how_many(policy: Policy, found: list[_Lacking]) -> str:
    lost = sum(not each.counts for each in found)
    if not lost:
        what = (
            "one piece of its evidence fails its" if len(found) == 1 else "some evidence fails its"
        )
        return f"and every promise counts, but {what} check"
    promises = len(policy.commitment) + len(policy.agreement)
    if promises == 1:
        return "and its only promise does not count"
    if lost == promises:
        return f"and none of its {promises} promises counts"
    return f"and {lost} of its {promises} promises {'does' if lost == 1 else 'do'} not count"


def _lacking(policy: Policy, now: datetime) -> Iterator[_Lacking]:
    for at, commitment in enumerate(policy.commitment, 1):
        beside = [
            each
            for each in policy.commitment
            if each.flaw(now) is None
            and each.kind is commitment.kind
            and each.to in ("*", commitment.to)
        ]
        yield from _one(f"commitment.{at}", commitment, beside, now)
    for at, agreement in enumerate(policy.agreement, 1):
        stand = [
            each
            for each in policy.agreement
            if each.flaw(now) is None and _overlap(each, agreement)
        ]
        yield from _one(f"agreement.{at}", agreement, stand, now)


def _one(
    place: str,
    entry: Commitment | Agreement,
    others: list[Commitment] | list[Agreement],
    now: datetime,
) -> Iterator[_Lacking]:
    found, flaw = entry.found, entry.flaw(now)
    unproven = f"{entry.subject}: {found.text}"
    if flaw is None:
        if not found.counts:
            said = f"{unproven}; it counts all the same, by its osaid"
            yield _Lacking(place, _OUTCOMES[found.outcome], said, counts=True)
        return
    label = _when(entry, now)
    if not found.counts:
        label = _OUTCOMES[found.outcome]
        flaw = unproven if flaw == unproven else f"{flaw}; and {found.text}"
    if others:
        flaw += (
            f"; {others[0].subject} stands beside it and counts: take out the one that is not meant"
        )
    yield _Lacking(place, label, flaw, counts=False)


def _when(entry: Commitment | Agreement, now: datetime) -> str:
    begins = entry.from_ if isinstance(entry, Agreement) else None
    return "not yet" if begins and not in_force(begins, None, now) else "expired"


def shown(found: Found) -> str:
    """How checking a piece of evidence ended, in the fewest words."""
    if found == proof.ASSERTED:
        return f"{_OUTCOMES[found.outcome]}, not fetched"
    return f"{_OUTCOMES[found.outcome]}: {found.text}"


def until(entry: Commitment | Agreement) -> str:
    """Until when an entry counts that does; empty where it is a commitment without an end."""
    if isinstance(entry, Commitment):
        return f"until {entry.expires}" if entry.expires else ""
    return f"in force until {entry.until}" if entry.until else "in force"


def doubts(policy: Policy, now: datetime) -> Iterator[str]:
    """What is there twice."""
    yield from dict.fromkeys(_doubled(policy, now))


def _doubled(policy: Policy, now: datetime) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    for each in policy.commitment:
        if each.flaw(now) is None:
            key = (each.kind.value, each.to)
            if key in seen:
                to = "everyone" if each.to == "*" else each.to
                yield (
                    f"two commitments to {each.kind} for {to} stand side by side; either is enough"
                )
            seen.add(key)


def _overlap(one: Agreement, other: Agreement) -> bool:
    """Whether two agreements cover something in common, as far as their words show it."""
    paths = not one.paths or not other.paths or bool(set(one.paths) & set(other.paths))
    covers = set(one.uses) & set(other.uses) or set(one.activities) & set(other.activities)
    return bool(set(one.origins) & set(other.origins)) and paths and bool(covers)
