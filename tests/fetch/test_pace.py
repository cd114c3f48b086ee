"""How far apart and how many at once: nobody is hurried, nobody is passed over."""

import asyncio
import itertools

import pytest
from clockwork import Clock
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.fetch.pace import Pacer

A, B = "https://a.example", "https://b.example"


async def starts(pacer: Pacer, clock: Clock, origins: list[str]) -> list[tuple[str, float]]:
    """When each request to each origin began, asked for all at once."""
    began: list[tuple[str, float]] = []

    async def one(origin: str) -> None:
        async with pacer.slot(origin):
            began.append((origin, clock.seconds))

    await asyncio.gather(*(one(origin) for origin in origins))
    return began


@given(
    st.lists(st.sampled_from([A, B]), max_size=20),
    st.floats(0, 5),
    st.integers(1, 3),
    st.integers(1, 4),
)
def test_starts_at_one_origin_are_never_closer_than_the_delay(
    origins: list[str], delay: float, per_host: int, most: int
) -> None:
    clock = Clock()
    pacer = Pacer(delay=delay, per_host=per_host, most=most, clock=clock.time, sleep=clock.sleep)
    began = asyncio.run(starts(pacer, clock, origins))
    assert sorted(origin for origin, _ in began) == sorted(origins)
    for origin in (A, B):
        times = [at for where, at in began if where == origin]
        assert all(b - a >= delay - 1e-9 for a, b in itertools.pairwise(times))


async def test_without_a_delay_nobody_waits() -> None:
    clock = Clock()
    await starts(Pacer(clock=clock.time, sleep=clock.sleep), clock, [A] * 10)
    assert clock.slept == []


async def test_a_crawl_delay_holds_from_the_robots_txt_that_states_it() -> None:
    clock = Clock()
    pacer = Pacer(clock=clock.time, sleep=clock.sleep)
    await starts(pacer, clock, [A])
    pacer.learn(A, 7.0)
    assert [at for _, at in await starts(pacer, clock, [A, A, A])] == [1007.0, 1014.0, 1021.0]
    pacer.learn(A, 7.0)
    assert [at for _, at in await starts(pacer, clock, [A])] == [1028.0]
    assert [at for _, at in await starts(pacer, clock, [B])] == [1028.0]


async def test_a_crawl_delay_never_shortens_our_own_and_can_be_taken_back() -> None:
    clock = Clock()
    pacer = Pacer(delay=2.0, clock=clock.time, sleep=clock.sleep)
    pacer.learn(A, 0.5)
    assert [at for _, at in await starts(pacer, clock, [A, A])] == [1000.0, 1002.0]
    pacer.learn(A, 9.0)
    pacer.learn(A, 0.0)
    assert [at for _, at in await starts(pacer, clock, [A, A])] == [1004.0, 1006.0]


@pytest.mark.parametrize(("per_host", "most", "expected"), [(1, 9, 1), (3, 9, 3), (9, 2, 2)])
async def test_no_more_run_at_once_than_allowed(per_host: int, most: int, expected: int) -> None:
    pacer = Pacer(per_host=per_host, most=most)
    running = peak = 0

    async def one() -> None:
        nonlocal running, peak
        async with pacer.slot(A):
            running += 1
            peak = max(peak, running)
            await asyncio.sleep(0)
            running -= 1

    await asyncio.gather(*(one() for _ in range(12)))
    assert (running, peak) == (0, expected)


async def test_a_busy_origin_does_not_hold_up_another() -> None:
    pacer = Pacer(per_host=1, most=2)
    done = asyncio.Event()

    async def hold() -> None:
        async with pacer.slot(A):
            await done.wait()

    waiting = [asyncio.ensure_future(hold()) for _ in range(5)]
    await asyncio.sleep(0)
    async with asyncio.timeout(5), pacer.slot(B):
        done.set()
    await asyncio.gather(*waiting)


async def test_who_came_first_goes_first() -> None:
    pacer = Pacer(per_host=1)
    order: list[int] = []

    async def one(number: int) -> None:
        async with pacer.slot(A):
            order.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(*(one(number) for number in range(10)))
    assert order == list(range(10))


async def test_whoever_gives_up_leaves_the_queue_whole() -> None:
    pacer = Pacer(per_host=1, most=1)
    release = asyncio.Event()

    async def hold() -> None:
        async with pacer.slot(A):
            await release.wait()

    first, second = asyncio.ensure_future(hold()), asyncio.ensure_future(hold())
    await asyncio.sleep(0)
    second.cancel()
    first.cancel()
    await asyncio.gather(first, second, return_exceptions=True)
    async with asyncio.timeout(5), pacer.slot(A):
        pass


async def test_origins_that_nobody_asks_any_more_are_forgotten() -> None:
    clock = Clock()
    pacer = Pacer(clock=clock.time, sleep=clock.sleep)
    for number in range(10_000):
        async with pacer.slot(f"https://{number}.example"):
            pass
    assert len(pacer._hosts) < 5000
