"""The lines of progress, and what they say of the time that is left."""

import pytest

import signals_agent as sa
from signals_agent.audit.progress import Progress, Seen, duration
from signals_agent.audit.tally import Tally

SEEN = Seen(listed=1000, before=100, hosts=7, longest=10, spacing=1.0)


class Clock:
    now = 50.0

    def __call__(self) -> float:
        return self.now


def after(seconds: float, answered: int) -> tuple[Progress, Tally]:
    clock, tally = Clock(), Tally()
    progress = Progress(tally, clock)
    clock.now += seconds
    tally.answered = answered
    progress.mark()
    return progress, tally


def test_the_time_left_is_what_is_left_at_the_rate_of_late() -> None:
    progress, _ = after(10, 100)
    assert progress.rate == 10
    assert progress.left(SEEN) == 80


def test_it_is_no_less_than_the_longest_queue_takes() -> None:
    progress, _ = after(10, 100)
    assert progress.left(Seen(1000, 100, 7, longest=600, spacing=1.0)) == 600


@pytest.mark.parametrize(("seconds", "answered"), [(1, 100), (10, 0)], ids=["early", "nothing yet"])
def test_nothing_is_said_while_nobody_can_know(seconds: float, answered: int) -> None:
    progress, _ = after(seconds, answered)
    assert progress.left(SEEN) is None
    assert "left" not in progress.bar(SEEN, 200)


def test_the_rate_forgets_what_is_more_than_a_minute_ago() -> None:
    clock, tally = Clock(), Tally()
    progress = Progress(tally, clock)
    for _ in range(100):
        clock.now += 1
        tally.answered += 100
        progress.mark()
    for _ in range(70):
        clock.now += 1
        tally.answered += 1
        progress.mark()
    assert progress.rate == pytest.approx(1)


@pytest.mark.parametrize("columns", [20, 40, 60, 80, 200])
def test_the_bar_fits_into_the_terminal(columns: int) -> None:
    progress, tally = after(10, 100)
    tally.has_verdict = True
    assert len(progress.bar(SEEN, columns)) < columns


def test_the_bar_tells_everything_where_there_is_room() -> None:
    progress, tally = after(10, 150)
    tally.has_verdict = True
    tally.decisions.update(["ingest"] * 120 + ["skip"] * 30)
    assert progress.bar(SEEN, 200) == (
        "[#####...............] 250 of 1,000  50 s left  15/s  ingest 120 hold 0 skip 30  7 hosts"
    )


def test_the_line_of_a_log_says_it_in_words() -> None:
    progress, tally = after(10, 5)
    tally.declared = 2
    assert progress.line(SEEN) == (
        "105 of 1,000 URLs answered, 0.5 a second, 7 hosts being asked, 2 with declarations, "
        "30 min left"
    )


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1, "0 s"),
        (0.4, "0 s"),
        (99, "99 s"),
        (100, "2 min"),
        (5940, "99 min"),
        (6100, "1 h 42 min"),
        (7200, "2 h 00 min"),
        (200_000, "2 d 7 h"),
    ],
)
def test_a_time_is_told_as_people_say_it(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_a_tally_counts_verdicts_or_uses_and_what_could_not_be_found_out() -> None:
    refused = sa.Capture("https://a.example/", 200, [("Content-Usage", "train-ai=n")], b"")
    one, several = Tally(), Tally()
    one.add(sa.assess(refused, robots=b"", token="B", uses=["train-generative"]))
    one.add(sa.assess(refused, robots=sa.UNREACHABLE, token="B", uses=["search"]))
    several.add(sa.assess(refused, robots=b"", token="B"))
    assert (one.decisions, one.declared, one.not_found_out) == ({"skip": 1, "hold": 1}, 2, 1)
    assert one.has_verdict
    assert several.decisions == {"skip": 2, "ingest": 3}
    assert not several.has_verdict
