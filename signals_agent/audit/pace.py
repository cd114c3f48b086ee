"""How hard an audit works: so many at once, so far apart, so many in all."""

from dataclasses import dataclass
from typing import Final

from signals_agent import arguments

FAILURES: Final = 5
"""After so many URLs of a host in a row that could not be reached it is left alone."""
COOL_DOWN: Final = 10.0
"""For so many seconds; then one more is tried, and then it is given up."""
TRIPS: Final = 2
URLS: Final = 32
"""How many URLs of a host are taken up at once."""
TURN: Final = 60.0
"""For how many seconds a host is asked while others wait for their turn."""
EACH: Final = 3
"""The requests that a URL of a new host takes: robots.txt, a site file and the page."""
HOSTS: Final = 16
"""How many hosts are asked by turns, for each request that may be under way."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How an audit spares the hosts that it asks, and itself.

    ``concurrency`` and ``per_host`` bound the requests under way in all and to one host;
    ``host_delay`` is the least time between two to one host, in seconds. ``budget`` and
    ``host_budget`` bound the requests of the run and to one host, robots.txt and site files
    included; no URL is begun beyond. Raises ``UsageError`` for what cannot be.
    """

    concurrency: int = 64
    per_host: int = 2
    host_delay: float = 1.0
    budget: int | None = None
    host_budget: int | None = None
    failures: int = FAILURES
    cool_down: float = COOL_DOWN
    trips: int = TRIPS
    urls: int = URLS
    turn: float = TURN

    def __post_init__(self) -> None:
        for name in ("concurrency", "per_host", "failures", "trips", "urls"):
            arguments.check_count(name, getattr(self, name))
        for name in ("budget", "host_budget"):
            if getattr(self, name) is not None:
                arguments.check_count(name, getattr(self, name))
        for name in ("host_delay", "cool_down", "turn"):
            arguments.check_seconds(name, getattr(self, name))
