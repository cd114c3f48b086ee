"""A live run asks each URL once, spares hosts, and can be stopped and gone on with."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable

import pytest
from wire import Do, Wire, answer, html, moved, text

import signals_agent as sa
from signals_agent import Agent, Limits
from signals_agent.audit.live import BUDGET, STOPPED
from signals_agent.audit.pace import Pace
from signals_agent.errors import StoreError
from signals_agent.store import queue as queues
from signals_agent.store import runs

Sites = Callable[[int], Awaitable[list[Wire]]]
TDMREP = "/.well-known/tdmrep.json"
IMPATIENT = Limits(timeout=0.4, connect_timeout=0.4)


def pages(site: Wire, count: int) -> list[str]:
    for number in range(count):
        site.on(f"/{number}", html(b"<p>%d" % number))
    return [site.url(f"/{number}") for number in range(count)]


async def test_each_url_is_answered_once_and_site_files_are_asked_for_once(
    audit, sites: Sites
) -> None:
    made = await sites(3)
    urls = [url for site in made for url in pages(site, 7)]
    assert await audit.go(urls) == runs.COMPLETE
    assert audit.answered_once()
    assert audit.decided() == {"ingest": 21}
    for site in made:
        assert sorted(site.asked) == sorted(["/robots.txt", TDMREP, *(f"/{n}" for n in range(7))])
    assert audit.tally.answered == 21
    assert audit.again().requests == 27


async def test_no_more_than_allowed_run_at_once_to_one_host(audit, sites: Sites) -> None:
    (site,) = await sites(1)
    held = [site.hold(f"/{number}") for number in range(3)]
    arrivals = [site.arrival(f"/{number}") for number in range(3)]
    going = asyncio.ensure_future(audit.go(pages(site, 20), Pace(host_delay=0, per_host=3)))
    async with asyncio.timeout(20):
        await asyncio.gather(*(each.wait() for each in arrivals))
    assert site.running == 3
    for each in held:
        each.set()
    assert await going == runs.COMPLETE
    assert site.most_running == 3


async def test_requests_to_one_host_lie_apart(audit, sites: Sites) -> None:
    (site,) = await sites(1)
    began = time.monotonic()
    await audit.go(pages(site, 3), Pace(host_delay=0.1))
    assert time.monotonic() - began >= 0.4  # five requests, four gaps
    assert len(site.asked) == 5


async def test_a_host_that_hangs_keeps_no_other_waiting(audit, sites: Sites) -> None:
    slow, *others = await sites(5)
    slow.on("/robots.txt", Do.HANG)
    urls = [slow.url(f"/{n}") for n in range(50)]
    urls += [url for site in others for url in pages(site, 3)]
    run = audit.begin(urls)
    live = audit.start(run, Pace(host_delay=0, concurrency=1 + len(others)))
    going = asyncio.ensure_future(live.run())
    await audit.until(12)
    live.stop()
    assert await going == STOPPED


async def test_where_hosts_are_many_each_has_its_turn(
    audit, sites: Sites, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two hosts at a time, and a huge one first: the others do not wait until it is done."""
    monkeypatch.setattr("signals_agent.audit.live.HOSTS", 1)
    huge, *others = await sites(4)
    urls = pages(huge, 60) + [url for site in others for url in pages(site, 2)]
    await audit.go(urls, Pace(host_delay=0, concurrency=1, per_host=1, urls=4))
    order = audit.rows("SELECT url FROM assessments ORDER BY id")
    last_of_others = max(n for n, (url,) in enumerate(order) if not url.startswith(huge.origin))
    assert last_of_others < 15
    assert audit.answered_once()


async def test_a_host_that_fails_again_and_again_is_given_up(audit, sites: Sites) -> None:
    bad, good = await sites(2)
    bad.on("/robots.txt", text(b"User-agent: *\nAllow: /\n"))
    for number in range(30):
        bad.on(f"/{number}", Do.RESET)
    urls = [bad.url(f"/{n}") for n in range(30)] + pages(good, 3)
    pace = Pace(host_delay=0, failures=3, cool_down=0.2, per_host=1)
    assert await audit.go(urls, pace, limits=IMPATIENT) == runs.COMPLETE
    assert audit.answered_once()
    assert audit.decided() == {"hold": 30, "ingest": 3}
    tried = {path for path in bad.asked if path[1:].isdigit()}
    assert len(tried) == 4  # three in a row, and one when it had cooled down
    entry = audit.ledger.said(bad.url("/29"))
    assert entry is not None
    (reason,) = entry.assessment.uses[sa.Use("train-generative")].reasons
    assert reason.code == "undetermined"
    assert "not asked for: the host could not be reached again and again" in entry.result


async def test_a_robots_txt_that_comes_late_is_asked_for_once_more(audit, sites: Sites) -> None:
    late, dead, good = await sites(3)
    late.on("/robots.txt", Do.RESET)
    late.on("/robots.txt", Do.RESET)
    late.on("/robots.txt", text(b"User-agent: *\nAllow: /\n"))
    dead.on("/robots.txt", Do.RESET)
    urls = pages(late, 5) + pages(dead, 5) + pages(good, 2)
    pace = Pace(host_delay=0, cool_down=0.1)
    assert await audit.go(urls, pace, limits=Limits(timeout=5)) == runs.COMPLETE
    assert audit.answered_once()
    assert audit.decided() == {"ingest": 7, "hold": 5}
    assert [path for path in dead.asked if path[1:].isdigit()] == []
    assert dead.times("/robots.txt") <= 6


async def test_a_host_that_has_recovered_is_asked_on(audit, sites: Sites) -> None:
    (site,) = await sites(1)
    urls = pages(site, 10)
    for number in range(10):
        site._scripts[f"/{number}"].insert(0, (Do.RESET,))
    third = site.arrival("/2")

    async def mend() -> None:
        async with asyncio.timeout(20):
            await third.wait()
        for scripts in site._scripts.values():
            if len(scripts) > 1:
                scripts.pop(0)

    mending = asyncio.ensure_future(mend())
    pace = Pace(host_delay=0, failures=3, cool_down=0.1, per_host=1)
    assert await audit.go(urls, pace, limits=IMPATIENT) == runs.COMPLETE
    await mending
    assert audit.decided()["ingest"] >= 7
    assert audit.answered_once()


async def test_a_retry_after_is_heeded_for_the_whole_host(audit, sites: Sites) -> None:
    (site,) = await sites(1)
    urls = pages(site, 4)
    site._scripts["/1"].insert(0, (answer(b"", (b"Retry-After", b"1"), status=503),))
    stamps: list[tuple[float, str]] = []
    usual = site._one

    async def stamped(reader, writer):  # type: ignore[no-untyped-def]  # as the server's own
        told = await usual(reader, writer)
        stamps.append((time.monotonic(), site.asked[-1]))
        return told

    site._one = stamped  # type: ignore[method-assign]  # to see when each was answered
    await audit.go(urls, Pace(host_delay=0, per_host=1))
    gaps = [later - earlier for (earlier, _), (later, _) in itertools.pairwise(stamps)]
    assert max(gaps) >= 0.9
    assert audit.decided() == {"ingest": 4}


async def test_a_host_that_asks_twice_for_too_long_a_wait_is_given_up(audit, sites: Sites) -> None:
    (site,) = await sites(1)
    site.on("/robots.txt", text(b""))
    for number in range(9):
        site.on(f"/{number}", answer(b"", (b"Retry-After", b"86400"), status=429))
    urls = [site.url(f"/{n}") for n in range(9)]
    limits = Limits(max_retry_after=0.05)
    await audit.go(urls, Pace(host_delay=0, per_host=1, cool_down=0.1), limits=limits)
    assert audit.decided() == {"hold": 9}
    assert len([path for path in site.asked if path[1:].isdigit()]) == 2


async def test_errors_of_a_well_host_do_not_give_it_up(audit, sites: Sites) -> None:
    (site,) = await sites(1)
    for number in range(7):
        site.on(f"/bad{number}", answer(b"", status=500))
        site.on(f"/loop{number}", moved(f"/loop{number}"))
    urls = [site.url(f"/{kind}{n}") for kind in ("bad", "loop") for n in range(7)]
    pace = Pace(host_delay=0, failures=3, per_host=1, cool_down=0.05)
    await audit.go(urls + pages(site, 5), pace, limits=Limits(timeout=0.4, max_redirects=2))
    assert audit.decided() == {"ingest": 5, "hold": 14}
    assert all(site.times(f"/{number}") == 1 for number in range(5))


async def test_a_budget_is_kept_however_many_hosts_there_are(audit, sites: Sites) -> None:
    made = await sites(12)
    urls = [url for site in made for url in pages(site, 3)]
    assert await audit.go(urls, Pace(host_delay=0, budget=7)) == BUDGET
    assert sum(len(site.asked) for site in made) <= 9
    assert audit.tally.answered >= 2
    live = audit.start(audit.again(), Pace(host_delay=0))
    assert await live.run() == runs.COMPLETE
    assert audit.answered_once()


async def test_a_budget_that_is_just_enough_is_complete(audit, sites: Sites) -> None:
    (site,) = await sites(1)
    assert await audit.go(pages(site, 3), Pace(host_delay=0, per_host=1, budget=5)) == runs.COMPLETE


async def test_a_site_file_that_fails_is_not_asked_for_again_and_again(audit, sites: Sites) -> None:
    (site,) = await sites(1)
    site.on(TDMREP, answer(b"", status=500))
    pace = Pace(host_delay=0.02, cool_down=0.02)
    await audit.go(pages(site, 20), pace, limits=Limits(max_retry_after=0))
    assert site.times(TDMREP) <= 2


async def test_a_write_that_fails_once_ends_the_run_and_loses_nothing(
    audit, sites: Sites, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await sites(3)
    urls = [url for site in made for url in pages(site, 10)]
    usual, failures = queues.Queue.write, []

    def once(self: queues.Queue, answered, *rest, **more):  # type: ignore[no-untyped-def]  # as its own
        if answered and not failures:
            failures.append(len(answered))
            raise StoreError("the ledger has no room left to grow")
        return usual(self, answered, *rest, **more)

    monkeypatch.setattr(queues.Queue, "write", once)
    async with asyncio.timeout(20):
        with pytest.raises(StoreError, match="no room"):
            await audit.go(urls)
        live = audit.start(audit.again(), Pace(host_delay=0))
        assert await live.run() == runs.COMPLETE
    assert audit.answered_once()
    assert audit.decided() == {"ingest": 30}


async def test_a_fault_that_a_robots_txt_causes_holds_its_host_and_no_other(
    audit, sites: Sites, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = await sites(2)
    bad.on("/robots.txt", text(b"User-agent: *\n# never seen before\n"))
    usual = Agent._consider

    def broken(self: Agent, known):  # type: ignore[no-untyped-def]  # as the agent's own
        if any(b"never seen" in (each.body or b"") for each in known.robots.values()):
            raise TypeError("never seen before")
        return usual(self, known)

    monkeypatch.setattr(Agent, "_consider", broken)
    assert await audit.go(pages(bad, 4) + pages(good, 3)) == runs.COMPLETE
    assert audit.answered_once()
    assert audit.decided() == {"hold": 4, "ingest": 3}
    assert audit.live is not None
    assert audit.live.faults == 4


async def test_the_budget_ends_a_run_that_can_go_on(audit, sites: Sites) -> None:
    made = await sites(2)
    urls = [url for site in made for url in pages(site, 10)]
    assert await audit.go(urls, Pace(host_delay=0, per_host=1, budget=9)) == BUDGET
    done = audit.tally.answered
    assert 4 <= done <= 8
    assert len([each for site in made for each in site.asked]) <= 12
    live = audit.start(audit.again(), Pace(host_delay=0, budget=100))
    assert await live.run() == runs.COMPLETE
    assert audit.answered_once()
    assert all(site.times("/robots.txt") == 1 for site in made)


async def test_the_budget_of_a_host_closes_it_and_no_other(audit, sites: Sites) -> None:
    first, second = await sites(2)
    urls = pages(first, 10) + pages(second, 3)
    pace = Pace(host_delay=0, per_host=1, host_budget=6)
    assert await audit.go(urls, pace) == BUDGET
    assert len(first.asked) == 6
    assert len(second.asked) == 5
    assert audit.rows("SELECT closed, waiting FROM hosts ORDER BY id") == [("budget", 6), ("", 0)]
    live = audit.start(audit.again(), Pace(host_delay=0))
    assert await live.run() == runs.COMPLETE
    assert audit.answered_once()


async def test_a_run_that_was_stopped_goes_on_and_asks_no_site_file_again(
    audit, sites: Sites
) -> None:
    made = await sites(3)
    urls = [url for site in made for url in pages(site, 12)]
    run = audit.begin(urls)
    live = audit.start(run, Pace(host_delay=0, per_host=1))
    going = asyncio.ensure_future(live.run())
    await audit.until(5)
    live.stop()
    assert await going == STOPPED
    half = len(audit.rows("SELECT 1 FROM assessments"))
    assert 5 <= half < 36
    again = audit.start(audit.again(), Pace(host_delay=0))
    assert await again.run() == runs.COMPLETE
    assert audit.answered_once()
    for site in made:
        assert site.times("/robots.txt") == 1
        assert site.times(TDMREP) == 1


async def test_a_store_that_takes_no_more_stops_the_run(
    audit, sites: Sites, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site,) = await sites(1)

    def full(*_: object, **__: object) -> None:
        raise StoreError("the ledger has no room left to grow")

    monkeypatch.setattr(queues.Queue, "write", full)
    with pytest.raises(StoreError, match="no room"):
        await audit.go(pages(site, 5))
    assert not audit.rows("SELECT 1 FROM assessments")


async def test_a_fault_of_ours_holds_one_url_and_stops_no_other(
    audit, sites: Sites, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site,) = await sites(1)
    usual = Agent.assess

    async def broken(self: Agent, url: str):  # type: ignore[no-untyped-def]  # as the agent's own
        if url.endswith("/2"):
            raise TypeError("never seen before")
        return await usual(self, url)

    monkeypatch.setattr(Agent, "assess", broken)
    assert await audit.go(pages(site, 5)) == runs.COMPLETE
    assert audit.live is not None
    assert audit.live.faults == 1
    assert audit.decided() == {"ingest": 4, "hold": 1}


async def test_an_answer_can_be_recomputed_from_the_store(audit, sites: Sites) -> None:
    from signals_agent.store import Verification, verify

    made = await sites(2)
    made[0].on("/robots.txt", text(b"User-agent: *\nContent-Usage: train-ai=n\nAllow: /\n"))
    await audit.go([url for site in made for url in pages(site, 4)])
    counted = Verification()
    assert list(verify(audit.ledger, counted)) == []
    assert counted.assessments == 8
