"""An audit of a web of which a third is broken ends, and accounts for every address once.

It is killed on the way, and resumed.
"""

import itertools
import subprocess
import sys
import time
from pathlib import Path

import pytest
from wild import CRAWL_DELAY, TRAITS, Listed, Web
from wild_audit import SIGNALS_AGENT, Audit, audit, judged
from wild_watch import Summary, served, summary

from signals_agent import url as urls

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(),
    reason="this system does not tell what memory a process took",
)

PER_HOST = 2
AGAIN = 1
"""How often the HTTP client may ask for the same at once."""
FORGOTTEN = 300.0
"""Seconds after which a host that gave no answer is asked for its robots.txt once more."""
LONG_WAITS = ("busy-429-long", "busy-503-date")
"""Pages after which a host is left alone for longer than a quick test may take."""


def _brief(web: Web, count: int) -> list[Listed]:
    return [
        each
        for each in web.listed(count)
        if each.kind not in LONG_WAITS and each.trait != "robots-429"
    ]


def _broken(addresses: list[Listed]) -> float:
    return sum(each.broken for each in addresses) / len(addresses)


def test_six_hundred_addresses_killed_once(tmp_path: Path) -> None:
    with served(len(TRAITS), tmp_path) as watched:
        listed = _brief(watched.web, 640)
        assert len(listed) > 600
        assert 0.3 < _broken(listed) < 0.4
        made = audit(watched, tmp_path, listed, sys.executable, *_options("16", "2"))
        assert made.start_and_kill(200)
        assert 200 <= made.answers() < len(listed)
        assert made.start() == 0
        assert made.peak < 200
        _check_answers(made, late=0.05)
        _check_requests(made, summary(watched.asked()))


@pytest.mark.slow
def test_twenty_thousand_addresses_of_two_hundred_origins_killed_twice(tmp_path: Path) -> None:
    with served(6 * len(TRAITS), tmp_path) as watched:
        listed = list(watched.web.listed(20_000))
        assert len({each.origin for each in listed}) > 200
        assert 0.3 < _broken(listed) < 0.4
        made = audit(watched, tmp_path, listed, sys.executable, *_options("64", "10"))
        assert made.start_and_kill(5_000)
        assert made.start_and_kill(12_000)
        assert made.start() == 0
        _check_answers(made, late=0.02)
        _check_requests(made, summary(watched.asked()))
        assert made.peak < 400
    command = [sys.executable, "-c", SIGNALS_AGENT, "verify", str(made.store)]
    assert subprocess.run(command, check=False).returncode == 0


def _options(concurrency: str, seconds: str) -> tuple[str, ...]:
    return (
        *("--concurrency", concurrency, "--per-host", str(PER_HOST)),
        *("--timeout", seconds, "--connect-timeout", seconds, "--max-retry-after", "1"),
        # A page of nothing but tags takes a hundred times its octets while it is parsed.
        *("--max-body-bytes", "524288"),
    )


def _check_answers(made: Audit, *, late: float) -> None:
    """Each address has one answer, and one that it may have."""
    answers = judged(made.results())
    print(f"{answers.decisions}, {answers.given_up} given up, {answers.late} late")
    assert answers.wrong == []
    assert answers.late <= late * len(made.addresses)
    assert answers.given_up <= 0.1 * len(made.addresses)
    assert min(answers.decisions.values()) > 0.1 * len(made.addresses)


def _check_requests(made: Audit, asked: Summary) -> None:
    """No host was asked for more, more often or faster than it may be, and none waited long."""
    trait = made.watched.web.trait
    starts, lasted = len(made.starts), time.time() - made.starts[0]
    print(f"{asked.requests} requests in {lasted:.0f} s, {made.peak:.0f} MB")
    assert max(asked.most_running.values()) <= PER_HOST

    # Once, and again where a start was killed before it was written down.
    once = starts + int(lasted / FORGOTTEN)
    for number, times in asked.robots.items():
        # Asked, tried again, and all that once more when the host had been left alone.
        tries = 4 if trait(number).broken else 1
        assert times <= once * tries, f"robots.txt of {trait(number).name} was asked {times} times"
    for number, times in asked.site_files.items():
        assert times <= once, f"the site file of {trait(number).name} was asked {times} times"

    repeated = 0
    for url, each in made.addresses.items():
        times = asked.targets[each.origin, urls.parse(url).target]
        assert times <= each.asked_at_most * AGAIN * starts, f"{url} was asked {times} times"
        repeated += times > each.asked_at_most * AGAIN
    # What was under way when it was killed, or not written down yet.
    assert repeated <= 600 * (starts - 1)

    for number, times_of in asked.starts.items():
        if trait(number).name == "crawl-delay":
            _check_pace(times_of, made.starts)

    first: dict[int, int] = {}
    for place, (number, _) in enumerate(asked.order):
        first.setdefault(number, place)
    assert set(first) == {n for n in range(len(made.watched.web.origins)) if _may_log(made, n)}
    assert max(first.values()) < 0.5 * asked.requests


def _may_log(made: Audit, number: int) -> bool:
    """Whether there is a server there that can tell that it was asked."""
    silent = ("port-closed", "name-error", "self-signed", "expired", "no-tls")
    name = made.watched.web.trait(number).name
    return name not in silent and any(each.origin == number for each in made.addresses.values())


def _check_pace(times: list[float], starts: list[float]) -> None:
    """Within each start so many requests took as long as they must."""
    for begin, end in zip(starts, [*starts[1:], float("inf")], strict=True):
        here = [at for at in times if begin <= at < end]
        if len(here) > 2:
            # One that is asked again at once, on a connection that broke, is not apart.
            apart = len(here) - 1 - sum(b - a < 0.02 for a, b in itertools.pairwise(here))
            assert here[-1] - here[0] >= 0.9 * CRAWL_DELAY * (apart - 1)
