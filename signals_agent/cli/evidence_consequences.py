"""What the evidence of a policy comes to, in words: every check, and what does not count."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from signals_agent import quote
from signals_agent.policy import Policy
from signals_agent.promises import Agreement, Commitment
from signals_agent.proof import Outcome
from signals_agent.terminal import Screen, pad, wrap

_SHOWN: Final = {
    Outcome.HOLDS: ("holds", "green"),
    Outcome.ASSERTED: ("asserted", "yellow"),
    Outcome.NOT_CHECKED: ("not checked", "yellow"),
    Outcome.FAILS: ("FAILS", "red"),
}
_OUTCOME: Final = 13
_VALUE: Final = 200
"""Characters of a value that are shown."""


def lines(policy: Policy, screen: Screen) -> Iterator[str]:
    """Every piece of evidence, and how checking it ended; nothing where there is none."""
    if not policy.checks:
        return
    yield ""
    yield screen.paint("Evidence", "bold")
    for each in policy.checks:
        shown, colour = _SHOWN[each.outcome]
        counts = "" if each.counts else "; it does not count"
        label = pad(shown, _OUTCOME)
        value = quote.text(each.value, _VALUE)
        said = f"{quote.text(each.about, _VALUE)}, {each.key} {value}: {each.text}{counts}"
        first, *rest = wrap(said, screen.columns, "  " + label, "      ")
        yield "  " + screen.paint(shown, colour) + first[2 + len(shown) :]
        yield from rest


def force(entry: Commitment | Agreement, now: datetime) -> str:
    """From when and until when an entry counts, or in capitals that it does not."""
    if not entry.found.counts and entry.flaw(now) is not None:
        failed = entry.found.outcome is Outcome.FAILS
        return "FAILS ITS CHECK" if failed else "CANNOT BE CHECKED"
    if isinstance(entry, Commitment):
        if entry.expires is None:
            return ""
        over = entry.flaw(now) is not None
        return f"EXPIRED {entry.expires}" if over else f"until {entry.expires}"
    if entry.flaw(now) is None:
        return f"in force until {entry.until}" if entry.until else "in force"
    if entry.until and now.date() > entry.until:
        return f"NO LONGER IN FORCE, ended {entry.until}"
    return f"NOT YET IN FORCE, from {entry.from_}"


def doubts(policy: Policy, now: datetime) -> Iterator[str]:
    """What does not count, what stands in its place, and what is there twice."""
    for commitment in policy.commitment:
        if flaw := commitment.flaw(now):
            others = [
                each
                for each in policy.commitment
                if each.flaw(now) is None
                and each.kind is commitment.kind
                and each.to in ("*", commitment.to)
            ]
            yield f"{flaw}, so it does not count{_instead(others)}"
    for agreement in policy.agreement:
        if flaw := agreement.flaw(now):
            stand = [
                each
                for each in policy.agreement
                if each.flaw(now) is None and _overlap(each, agreement)
            ]
            yield f"{flaw}, so it does not count{_instead(stand)}"
    yield from dict.fromkeys(_doubled(policy, now))


def _instead(others: list[Commitment] | list[Agreement]) -> str:
    if not others:
        return ", and nothing else here takes its place"
    return f"; {others[0].subject} stands beside it and does: take out the one that is not meant"


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
