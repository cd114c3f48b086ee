"""Which run a start goes on with, and what it refuses."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import signals_agent as sa
from signals_agent.audit.asked import Asked
from signals_agent.audit.opening import open_run
from signals_agent.audit.pace import Pace
from signals_agent.errors import UsageError
from signals_agent.store import Ledger, runs

ASKED = Asked(("urls.txt",), ("ExampleBot",), sample=3, pace=Pace())


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "audit.db") as made:
        yield made


def start(ledger: Ledger, asked: Asked = ASKED, *, kind: str | None = runs.LIST, resume: bool):
    return open_run(ledger, kind, asked.document(), resume=resume)


def test_what_is_asked_for_stands_in_the_store_without_what_was_not(ledger: Ledger) -> None:
    start(ledger, resume=False)
    (run,) = runs.all_of(ledger.file)
    assert run.asked["inputs"] == ["urls.txt"]
    assert run.asked["policy"]["name"] == "standard"
    assert run.asked["pace"] == {"concurrency": 64, "per_host": 2, "host_delay": 1.0}
    assert not run.asked.keys() & {"column", "shard", "robots", "record", "acquired_by"}


def test_a_run_that_was_not_finished_is_not_left_behind(ledger: Ledger) -> None:
    start(ledger, resume=False)
    with pytest.raises(UsageError, match=r"not finished \(run 1\); --resume goes on with it"):
        start(ledger, resume=False)
    run, goes_on = start(ledger, resume=True)
    assert (run.number, goes_on) == (1, True)


def test_a_run_goes_on_without_its_inputs_being_named_again(ledger: Ledger) -> None:
    start(ledger, resume=False)
    run, _ = start(ledger, Asked((), ("ExampleBot",), sample=3), kind=None, resume=True)
    assert run.asked["inputs"] == ["urls.txt"]


def test_the_pace_may_be_another_when_it_goes_on(ledger: Ledger) -> None:
    start(ledger, resume=False)
    faster = Asked(("urls.txt",), ("ExampleBot",), sample=3, pace=Pace(concurrency=9))
    run, _ = start(ledger, faster, resume=True)
    assert run.asked["pace"]["concurrency"] == 9


@pytest.mark.parametrize(
    ("other", "named"),
    [
        (Asked(("more.txt",), ("ExampleBot",), sample=3), r"inputs urls\.txt and not more\.txt"),
        (
            Asked(("urls.txt",), ("OtherBot",), sample=3),
            r"product tokens \(--token\) ExampleBot and not Other",
        ),
        (Asked(("urls.txt",), ("ExampleBot",)), r"sample \(--sample\) 3 and not none"),
        (Asked(("urls.txt",), ("ExampleBot",), sample=3, depth="head"), r"depth \(--depth\)"),
        (
            Asked(("urls.txt",), ("ExampleBot",), sample=3, policy=sa.Policy(preset="strict")),
            r"policy \(--policy\)",
        ),
    ],
    ids=["inputs", "tokens", "sample", "depth", "policy"],
)
def test_what_a_run_means_stays_the_same_while_it_goes_on(
    ledger: Ledger, other: Asked, named: str
) -> None:
    start(ledger, resume=False)
    with pytest.raises(UsageError, match=named):
        start(ledger, other, resume=True)


@pytest.mark.parametrize("resume", [True, False])
def test_a_complete_run_is_followed_by_another(ledger: Ledger, resume: bool) -> None:
    first, _ = start(ledger, resume=False)
    runs.end(ledger.file, first, runs.COMPLETE)
    second, goes_on = start(ledger, resume=resume)
    assert (second.number, goes_on) == (2, False)


def test_a_complete_run_cannot_go_on_without_inputs(ledger: Ledger) -> None:
    first, _ = start(ledger, resume=False)
    runs.end(ledger.file, first, runs.COMPLETE)
    with pytest.raises(UsageError, match="is complete; name inputs, and another one begins"):
        start(ledger, kind=None, resume=True)


def test_a_run_whose_budget_was_used_up_goes_on_or_is_left(ledger: Ledger) -> None:
    first, _ = start(ledger, resume=False)
    runs.end(ledger.file, first, "budget")
    assert start(ledger, resume=True)[0].number == 1
    runs.end(ledger.file, first, "budget")
    assert start(ledger, resume=False)[0].number == 2


def test_without_inputs_there_is_nothing_to_begin(ledger: Ledger) -> None:
    with pytest.raises(UsageError, match="nothing to audit"):
        start(ledger, kind=None, resume=False)
    with pytest.raises(UsageError, match="holds no run that could go on"):
        start(ledger, kind=None, resume=True)


def test_resume_begins_where_there_is_nothing_to_go_on_with(ledger: Ledger) -> None:
    """So that a job that always says --resume needs no first time of its own."""
    assert start(ledger, resume=True)[1] is False


def test_lists_do_not_go_on_as_archives(ledger: Ledger) -> None:
    start(ledger, resume=False)
    with pytest.raises(UsageError, match=r"run 1 of .* is one of lists of URLs"):
        start(ledger, kind=runs.ARCHIVE, resume=True)
