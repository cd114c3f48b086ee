"""Each origin's robots.txt and site files: once at a time, and kept as long as they serve."""

import asyncio
import itertools
from collections.abc import Callable

import pytest
from clockwork import Clock

from signals_agent.fetch import site_store
from signals_agent.fetch.site_store import SiteStore
from signals_agent.fetch.stopwatch import Stopwatch
from signals_agent.limits import Limits
from signals_agent.model.capture import Availability, Capture, Role
from signals_agent.url import Url

A = "https://a.example/robots.txt"
B = "https://b.example/robots.txt"
FILE = "https://a.example/.well-known/tdmrep.json"
HOUR = 3600


class Site:
    """Answers by URL, remembers what was asked, and may be held up."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.asked: list[str] = []
        self.answers: dict[str, Capture] = {}
        self.release = asyncio.Event()
        self.release.set()
        self.takes = 0.0
        self.queues = 0.0

    async def get(self, url: Url, role: Role, watch: Stopwatch) -> Capture:
        assert role is (Role.ROBOTS if url.text.endswith("robots.txt") else Role.SITE_FILE)
        self.asked.append(url.text)
        self.clock.seconds += self.queues
        with watch.running():
            self.clock.seconds += self.takes
            await self.release.wait()
        return self.answers.get(url.text, Capture(url.text, status=404))

    def moved(self, url: str, to: str) -> None:
        self.answers[url] = Capture(url, status=301, headers=[("Location", to)])


Made = tuple[Site, SiteStore, Clock]


@pytest.fixture
def made() -> Made:
    return make(lambda url, robots: True)


def make(permitted: Callable[[Url, Capture], bool]) -> Made:
    clock = Clock()
    site = Site(clock)
    store = SiteStore(site.get, permitted, Limits(), now=clock.now, clock=clock.time)
    return site, store, clock


def watch(clock: Clock, seconds: float = 60) -> Stopwatch:
    return Stopwatch(seconds, clock.time)


async def test_many_who_ask_at_once_share_one_fetch(made: Made) -> None:
    site, store, clock = made
    site.release.clear()
    askers = [asyncio.ensure_future(store.robots(A, watch(clock))) for _ in range(50)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    site.release.set()
    answers = await asyncio.gather(*askers)
    assert site.asked == [A]
    assert all(answer is answers[0] for answer in answers)


async def test_who_gives_up_does_not_take_it_from_the_others(made: Made) -> None:
    site, store, clock = made
    site.release.clear()
    first, second = (asyncio.ensure_future(store.robots(A, watch(clock))) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    site.release.set()
    assert (await second).status == 404
    assert site.asked == [A]


@pytest.mark.parametrize(
    ("fields", "status", "lifetime"),
    [
        pytest.param([], 200, 24 * HOUR, id="says nothing"),
        pytest.param([("Cache-Control", "max-age=7200")], 200, 2 * HOUR, id="two hours"),
        pytest.param([("Cache-Control", "max-age=60")], 200, HOUR, id="a minute"),
        pytest.param([("Cache-Control", "no-store")], 200, HOUR, id="no-store"),
        pytest.param([("Cache-Control", "max-age=999999")], 200, 24 * HOUR, id="days"),
        pytest.param([], 404, 24 * HOUR, id="absent"),
        pytest.param([], 403, 24 * HOUR, id="unavailable"),
        pytest.param([], 503, 300, id="busy"),
        pytest.param([], 429, 300, id="too many requests"),
        pytest.param([("CF-Mitigated", "challenge")], 403, 300, id="a challenge"),
        pytest.param([("Cache-Control", "max-age=7200")], 304, 300, id="not modified"),
        pytest.param([("Content-Range", "bytes 0-0/9")], 206, 300, id="a part"),
        pytest.param([("Content-Encoding", "br")], 200, 24 * HOUR, id="a coding already off"),
    ],
)
@pytest.mark.parametrize("url", [A, FILE], ids=["robots.txt", "a site file"])
async def test_a_copy_serves_for_its_time_and_no_longer(
    made: Made, url: str, fields: list[tuple[str, str]], status: int, lifetime: float
) -> None:
    made[0].answers[url] = Capture(url, status=status, headers=fields, body=b"x")
    await lasts(made, url, lifetime)


@pytest.mark.parametrize(("octets", "lifetime"), [(500, 300), (600_000, 24 * HOUR)])
async def test_a_copy_that_was_cut_serves_as_one_only_where_our_own_cap_cut_it(
    made: Made, octets: int, lifetime: float
) -> None:
    made[0].answers[A] = Capture(A, status=200, body=b"x" * octets, truncated=True)
    await lasts(made, A, lifetime)


async def lasts(made: Made, url: str, lifetime: float) -> None:
    """See that a copy serves for its time and no longer."""
    site, store, clock = made
    get = store.robots if url == A else store.site_file
    await get(url, watch(clock))
    clock.seconds += lifetime - 1
    await get(url, watch(clock))
    assert site.asked == [url]
    clock.seconds += 2
    await get(url, watch(clock))
    assert site.asked == [url, url]


async def test_a_dead_host_is_left_alone_for_five_minutes(made: Made) -> None:
    site, store, clock = made
    site.answers[A] = Capture(A, availability=Availability.UNREACHABLE, failure="x")
    for _ in range(3):
        assert (await store.robots(A, watch(clock))).availability is Availability.UNREACHABLE
    assert site.asked == [A]


async def test_five_redirects_of_robots_txt_are_followed_and_six_are_not(made: Made) -> None:
    site, store, clock = made
    chain = [A, *(f"https://{n}.example/r/robots.txt" for n in range(6))]
    for here, there in itertools.pairwise(chain):
        site.moved(here, there)
    site.answers[chain[5]] = Capture(chain[5], status=200, body=b"rules")
    capture = await store.robots(A, watch(clock))
    assert (capture.body, capture.url) == (b"rules", A)
    site.moved(chain[5], chain[6])
    clock.seconds += 25 * HOUR
    capture = await store.robots(A, watch(clock))
    assert capture.availability is Availability.UNAVAILABLE
    assert site.asked[-1] == chain[5]


@pytest.mark.parametrize(
    "to", ["", "ftp://a.example/robots.txt", "javascript:x", "http://", "http://[/"]
)
async def test_a_redirect_to_nowhere_is_not_finding_out(made: Made, to: str) -> None:
    site, store, clock = made
    site.moved(A, to)
    assert (await store.robots(A, watch(clock))).availability is Availability.UNREACHABLE


@pytest.mark.parametrize(
    "to", ["/r/robots.txt", "//a.example/r/robots.txt", "r/robots.txt#x", " /r/robots.txt "]
)
async def test_a_relative_redirect_is_read_against_where_it_stands(made: Made, to: str) -> None:
    site, store, clock = made
    site.moved(A, to)
    await store.robots(A, watch(clock))
    assert site.asked == [A, "https://a.example/r/robots.txt"]


async def test_a_site_file_elsewhere_is_asked_for_only_where_its_robots_txt_lets_us() -> None:
    site, store, clock = make(lambda url, robots: robots.body == b"yes")
    site.moved(FILE, "https://b.example/tdm.json")
    site.answers[B] = Capture(B, status=200, body=b"yes")
    site.answers["https://b.example/tdm.json"] = Capture("x", status=200, body=b"[]")
    capture = await store.site_file(FILE, watch(clock))
    assert (capture.body, capture.url) == (b"[]", FILE)
    assert site.asked == [FILE, B, "https://b.example/tdm.json"]

    site, store, clock = make(lambda url, robots: False)
    site.moved(FILE, "https://b.example/tdm.json")
    capture = await store.site_file(FILE, watch(clock))
    assert capture.availability is Availability.NOT_LOOKED
    assert site.asked == [FILE, B]


async def test_a_site_file_that_redirects_for_ever_is_unreachable(made: Made) -> None:
    site, store, clock = made
    site.moved(FILE, FILE)
    assert (await store.site_file(FILE, watch(clock))).availability is Availability.UNREACHABLE
    assert site.asked.count(FILE) == 11


async def test_an_asker_waits_no_longer_than_its_own_time(made: Made) -> None:
    site, store, clock = made
    site.takes = 50.0
    spent = watch(clock)
    await store.robots(A, spent)
    assert spent.left == 10
    late = watch(clock, 0)
    capture = await store.robots(B, late)
    assert capture.availability is Availability.UNREACHABLE
    assert "ran out" in capture.failure


async def test_the_time_that_the_fetch_spends_in_a_queue_is_not_the_askers(made: Made) -> None:
    site, store, clock = made
    site.queues = 500.0
    spent = watch(clock)
    await store.robots(A, spent)
    assert spent.left == 60


async def test_memory_is_bounded_and_what_was_used_last_stays(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site_store, "_MOST_COPIES", 3)
    monkeypatch.setattr(site_store, "_MOST_OCTETS", 1000)
    site, store, clock = made
    hosts = [f"https://{n}.example/robots.txt" for n in range(4)]
    for host in hosts[:3]:
        await store.robots(host, watch(clock))
    await store.robots(hosts[0], watch(clock))
    await store.robots(hosts[3], watch(clock))
    site.asked.clear()
    await store.robots(hosts[0], watch(clock))
    assert site.asked == []
    await store.robots(hosts[1], watch(clock))
    assert site.asked == [hosts[1]]
    site.answers[A] = Capture(A, status=200, body=b"x" * 5000)
    await store.robots(A, watch(clock))
    assert len(store._copies) == 1
    site.asked.clear()
    await store.robots(A, watch(clock))
    assert site.asked == []


async def test_closing_gives_up_what_is_under_way(made: Made) -> None:
    site, store, clock = made
    site.release.clear()
    asker = asyncio.ensure_future(store.robots(A, watch(clock)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await store.aclose()
    with pytest.raises(asyncio.CancelledError):
        await asker
    assert store._flights == {}
