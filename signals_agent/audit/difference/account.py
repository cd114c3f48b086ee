"""What is told above a difference: which two states, how they were asked for, and how many."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, Final

from signals_agent.audit.difference import states
from signals_agent.audit.difference.differ import Asked, Differ
from signals_agent.audit.difference.nouns import Some
from signals_agent.audit.difference.phrases import counted
from signals_agent.audit.difference.states import State
from signals_agent.store.runs import COMPLETE
from signals_agent.version import TABLES, VERSION

SCHEMA: Final = "signals-agent/diff/1"
"""The name of the schema of what is written as JSON; within ``/1`` fields are only added."""

_WAYS: Final = {
    "policies": "policy",
    "uses": "uses",
    "tokens": "tokens",
    "vocabularies": "vocabulary",
    "software": "software",
}


def account(differ: Differ) -> dict[str, Any]:
    """The head of a difference, as JSON has it; whole once the differ is done."""
    counts = differ.counts
    return {
        "schema": SCHEMA,
        "tool": {"version": VERSION, "tables": TABLES},
        "before": _state(differ.before, differ.asked[0]),
        "after": _state(differ.after, differ.asked[1]),
        "uses": [use.value for use in differ.uses],
        **({} if differ.policy is None else {"policy": _policy(differ)}),
        "remarks": list(remarks(differ)),
        "counts": {
            "urls_before": counts.before,
            "urls_after": counts.after,
            "urls_in_both": counts.both,
            "changed": counts.changed,
            "unchanged": counts.unchanged,
            "asked_neither_time": counts.neither,
            "not_asked_before": counts.unasked_before.count,
            "not_asked_after": counts.unasked.count,
            **{verdict.value.replace("-", "_"): n for verdict, n in counts.verdicts.items()},
            "lost": counts.lost,
        },
        "only_before": _some(counts.only_before),
        "only_after": _some(counts.only_after),
        "not_asked_before": _some(counts.unasked_before),
        "not_asked_after": _some(counts.unasked),
    }


def remarks(differ: Differ) -> Iterator[str]:
    """What somebody has to know to read the figures, a sentence each."""
    if (words := differ.counts.incomparable) is not None:
        yield words
    for state, unasked in (
        (differ.before, differ.counts.unasked_before),
        (differ.after, differ.counts.unasked),
    ):
        run = state.run
        if run is not None and run.ended != COMPLETE:
            how = f"stopped ({run.ended})" if run.ended else "has not ended"
            yield (
                f"{state.label}, {how}: of {counted(unasked.count)} that the other one answers it "
                "has no answer"
            )
    if differ.before.label == differ.after.label:
        yield "both are the same state, so that nothing can differ"
    different = [
        told
        for name, told in _WAYS.items()
        if set(getattr(differ.asked[0], name)) != set(getattr(differ.asked[1], name))
    ]
    if different:
        yield f"the two were asked for differently: {', '.join(different)}"
    if differ.policy is not None:
        yield (
            f"both are weighed by the policy {_policy(differ)['name']}, and not by those that "
            "decided them"
        )
    elif differ.weighed:
        yield (
            f"{counted(differ.weighed)} of which the words differ "
            f"{'was' if differ.weighed == 1 else 'were'} weighed anew, both answers by the wishes "
            "of each: what only another policy or other software makes of the same "
            "words is not told"
        )
    if differ.counts.unweighed:
        yield (
            f"{counted(differ.counts.unweighed)} could not be weighed anew, for what they rest on "
            "is missing or damaged: compared is what was decided"
        )


def _policy(differ: Differ) -> dict[str, str]:
    policy = differ.policy
    return {} if policy is None else {"name": policy.label, "sha256": policy.sha256}


def _state(state: State, asked: Asked) -> dict[str, Any]:
    run = state.run
    ways = {each.name: list(getattr(asked, each.name)) for each in fields(asked)}
    if run is None:
        return {"label": state.label, "asked": ways}
    times = {"started_at": run.started_at, "ended_at": run.ended_at}
    return {
        "label": state.label,
        "run": run.number,
        "kind": run.kind,
        **{name: states.told(time) for name, time in times.items() if time is not None},
        "ended": run.ended,
        "asked": ways,
    }


def _some(some: Some) -> dict[str, Any]:
    return {"count": some.count, "first": list(some.first)}
