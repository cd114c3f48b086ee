"""When a host is left alone, and when it is given up."""

import pytest

import signals_agent as sa
from signals_agent.audit.breaker import Breaker
from signals_agent.audit.pace import Pace
from signals_agent.model.assessment import Assessment

ORIGIN = "https://a.example"
URL = "https://a.example/"


def looked(how: sa.Capture) -> Assessment:
    return sa.assess(how, robots=b"", token="ExampleBot")


REACHED = looked(sa.Capture(URL, 200, [], b"<p>"))
MISSING = looked(sa.Capture(URL, 404, [], b""))
FAILED = looked(sa.Capture(URL, availability=sa.UNREACHABLE, failure="reset"))
BUSY = looked(sa.Capture(URL, 503, [], b""))
ELSEWHERE = sa.assess(
    sa.Capture("https://b.example/", availability=sa.UNREACHABLE, failure="reset"),
    hops=[sa.Capture(URL, 302, [("Location", "https://b.example/")], b"")],
    robots={ORIGIN: b"", "https://b.example": b""},
    token="ExampleBot",
)
NOT_TRIED = sa.assess(
    sa.Capture(URL, availability=sa.NOT_LOOKED),
    robots=sa.Capture(ORIGIN + "/robots.txt", availability=sa.UNREACHABLE, failure="reset"),
    token="ExampleBot",
)


@pytest.mark.parametrize(
    ("ended", "opens"),
    [
        ([FAILED] * 3, True),
        ([BUSY] * 3, True),
        ([FAILED, FAILED, REACHED, FAILED, FAILED], False),
        ([FAILED, MISSING, FAILED, FAILED], False),
        ([NOT_TRIED] * 3, True),
        ([ELSEWHERE] * 9, False),
        ([FAILED, FAILED], False),
    ],
    ids=[
        "three failures",
        "three times busy",
        "a success starts the count anew",
        "a 404 is an answer",
        "a robots.txt that could not be reached is a failure",
        "what a redirect leads to is another host's",
        "two failures",
    ],
)
def test_it_opens_after_so_many_failures_in_a_row(ended: list[Assessment], opens: bool) -> None:
    breaker = Breaker(ORIGIN, Pace(failures=3))
    for each in ended:
        breaker.note(each)
    assert breaker.open is opens
    assert not breaker.given_up


def test_one_failure_is_enough_where_it_has_opened_before() -> None:
    breaker = Breaker(ORIGIN, Pace(failures=3), trips=1)
    breaker.note(FAILED)
    assert breaker.open
    assert breaker.given_up


def test_a_success_after_cooling_down_forgives_everything() -> None:
    breaker = Breaker(ORIGIN, Pace(failures=3), trips=1)
    breaker.note(REACHED)
    assert (breaker.open, breaker.trips) == (False, 0)


def test_what_is_open_is_opened_no_second_time() -> None:
    breaker = Breaker(ORIGIN, Pace(failures=1))
    breaker.trip()
    breaker.note(FAILED)
    breaker.note(REACHED)
    assert breaker.trips == 1


def test_a_robots_txt_that_could_not_be_reached_is_tried_again_once() -> None:
    breaker = Breaker(ORIGIN, Pace())
    assert breaker.wants_another_try(NOT_TRIED)
    assert breaker.wants_another_try(NOT_TRIED)  # what was under way beside it
    assert (breaker.open, breaker.given_up) == (True, False)
    later = Breaker(ORIGIN, Pace(), trips=1)
    assert not later.wants_another_try(NOT_TRIED)
    later.note(NOT_TRIED)
    assert later.given_up


def test_an_asset_that_could_not_be_reached_is_an_answer() -> None:
    assert not Breaker(ORIGIN, Pace()).wants_another_try(FAILED)
