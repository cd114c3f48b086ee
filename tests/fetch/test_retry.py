"""What is tried again, how often and after how long."""

from datetime import timedelta
from email.utils import format_datetime

import pytest
from clockwork import START, Clock
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.fetch.retry import Retry, retry_after
from signals_agent.fetch.stopwatch import Stopwatch
from signals_agent.model.capture import Availability, Capture, Role

URL = "http://a.example/"
DOWN = Capture(
    URL, availability=Availability.UNREACHABLE, failure="the connection was reset or closed"
)
GOOD = Capture(URL, status=200)


def status(code: int, after: str | None = None) -> Capture:
    return Capture(URL, status=code, headers=[] if after is None else [("Retry-After", after)])


class Attempts:
    """A server that gives these answers, one after the other."""

    def __init__(self, *answers: Capture) -> None:
        self.answers = list(answers)
        self.made = 0

    async def __call__(self) -> Capture:
        self.made += 1
        return self.answers.pop(0)


async def run(
    *answers: Capture, role: Role = Role.ASSET, budget: float = 60.0, longest: float = 30.0
) -> tuple[Capture, int, list[float], float]:
    clock = Clock()
    watch = Stopwatch(budget, clock.time)
    attempts = Attempts(*answers)
    retry = Retry(longest, sleep=clock.sleep, now=clock.now, jitter=lambda: 1.0)
    capture = await retry.run(attempts, role, watch)
    return capture, attempts.made, clock.slept, watch.left


async def test_a_good_answer_is_asked_for_once() -> None:
    assert await run(GOOD) == (GOOD, 1, [], 60.0)


@pytest.mark.parametrize("first", [DOWN, status(429), status(502), status(503), status(504)])
async def test_what_may_pass_is_tried_again_with_growing_waits(first: Capture) -> None:
    assert (await run(first, GOOD))[:3] == (GOOD, 2, [0.5])
    assert (await run(first, first, GOOD))[:3] == (GOOD, 3, [0.5, 1.0])


async def test_the_last_answer_stands_when_trying_does_not_help() -> None:
    last = status(503)
    capture, made, _, _ = await run(DOWN, DOWN, last)
    assert capture is last
    assert made == 3


@pytest.mark.parametrize("role", [Role.ROBOTS, Role.SITE_FILE])
async def test_robots_txt_and_site_files_are_tried_once_more_only(role: Role) -> None:
    assert (await run(DOWN, status(503), role=role))[1] == 2


@pytest.mark.parametrize("code", [200, 302, 403, 404, 500])
async def test_other_answers_are_taken_as_they_are(code: int) -> None:
    assert (await run(status(code)))[1] == 1


async def test_retry_after_is_kept_to_the_second() -> None:
    assert (await run(status(503, "12"), GOOD))[1:3] == (2, [12.0])
    date = format_datetime(START + timedelta(seconds=20), usegmt=True)
    assert (await run(status(429, date), GOOD))[1:3] == (2, [20.0])


@pytest.mark.parametrize("after", ["31", "86400", "999999999"])
async def test_who_is_told_to_stay_away_stays_away(after: str) -> None:
    assert (await run(status(503, after)))[1:3] == (1, [])


async def test_waiting_counts_as_time_spent_on_the_url() -> None:
    assert (await run(status(503, "20"), GOOD))[3] == 40.0


async def test_nobody_waits_longer_than_the_time_that_is_left() -> None:
    assert (await run(status(503, "20"), budget=20.0))[1:3] == (1, [])
    assert (await run(DOWN, budget=0.4))[1:3] == (1, [])


@pytest.mark.parametrize("after", ["soon", "-5", "1.5", "", "\u0661"])
async def test_a_retry_after_that_says_nothing_is_not_obeyed(after: str) -> None:
    assert (await run(status(503, after), GOOD))[2] == [0.5]


async def test_a_date_that_has_passed_asks_for_no_wait() -> None:
    date = format_datetime(START - timedelta(days=1), usegmt=True)
    assert (await run(status(503, date), GOOD))[2] == [0.0]


@given(st.binary(max_size=60))
def test_no_retry_after_raises(octets: bytes) -> None:
    found = retry_after(Capture(URL, status=503, headers=[(b"Retry-After", octets)]), START)
    assert found is None or found >= 0


@given(st.floats(0, 1))
async def test_chance_takes_off_half_of_a_wait_at_most(chance: float) -> None:
    clock = Clock()
    retry = Retry(30, sleep=clock.sleep, now=clock.now, jitter=lambda: chance)
    await retry.run(Attempts(DOWN, GOOD), Role.ASSET, Stopwatch(60, clock.time))
    assert 0.25 <= clock.slept[0] <= 0.5


# The stopwatch


def test_time_is_counted_only_while_something_runs_and_once_where_it_overlaps() -> None:
    clock = Clock()
    watch = Stopwatch(10, clock.time)
    clock.seconds += 5
    assert (watch.spent, watch.left) == (0, 10)
    with watch.running():
        clock.seconds += 1
        with watch.running():
            clock.seconds += 2
            assert watch.spent == 3
    clock.seconds += 50
    assert (watch.spent, watch.left) == (3, 7)
    watch.charge(5)
    watch.charge(5)
    watch.charge(4)
    assert watch.spent == 5
    watch.charge(100)
    assert watch.left == 0
