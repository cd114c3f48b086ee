"""A wild web while a test uses it: its origins, and everything that they were asked."""

import json
import subprocess
import sys
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wild import LEFT, USE, Web


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: when (seconds since the epoch), of which origin, for what.

    ``open`` are the connections to the origin at that moment, ``running`` the requests
    that it was answering, this one included. Where ``target`` is ``LEFT``, nothing was asked
    for, but who had asked before is gone.
    """

    at: float
    origin: int
    open: int
    running: int
    target: str


class Watched:
    """A web that is being served; ``web`` says what is expected of it."""

    def __init__(self, server: "subprocess.Popen[str]", log: Path) -> None:
        assert server.stdout is not None
        self._server = server
        self._log = log
        self.web = Web(json.loads(server.stdout.readline()))

    @property
    def pid(self) -> int:
        """The process that serves it."""
        return self._server.pid

    def asked(self) -> Iterator[Asked]:
        """Every request so far, in the order in which they came."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        print("write", file=self._server.stdin, flush=True)
        assert self._server.stdout.readline() == "written\n"
        with self._log.open(encoding="latin-1", newline="\n") as lines:
            for line in lines:
                at, origin, connections, running, target = line.rstrip("\n").split(" ", 4)
                yield Asked(float(at), int(origin), int(connections), int(running), target)


@contextmanager
def served(count: int, folder: Path) -> Iterator[Watched]:
    """A wild web of so many origins, in a process that ends with the block."""
    log = folder / "asked.log"
    command = [sys.executable, str(Path(__file__).with_name("wild_farm.py")), str(count), str(log)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            yield Watched(server, log)
        finally:
            server.terminate()


LAG = 0.25
"""Seconds that may pass until a server learns that who had asked has left."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What the requests of a run come to."""

    requests: int
    robots: Counter[int]
    """By origin, how often it was asked for ``/robots.txt``."""
    site_files: Counter[int]
    targets: Counter[tuple[int, str]]
    most_running: dict[int, int]
    """By origin, how many requests it was answering at once; those left off, which it had not
    heard of yet, are not among them."""
    starts: dict[int, list[float]]
    """By origin, when requests for anything came, in order."""
    order: list[tuple[int, float]]
    """The origins that were asked, with the time, in order."""


def summary(asked: Iterator[Asked]) -> Summary:
    """The requests, counted by origin."""
    robots: Counter[int] = Counter()
    files: Counter[int] = Counter()
    targets: Counter[tuple[int, str]] = Counter()
    running: dict[int, list[tuple[float, int]]] = defaultdict(list)
    left: dict[int, list[float]] = defaultdict(list)
    order: list[tuple[int, float]] = []
    for each in asked:
        if each.target == LEFT:
            left[each.origin].append(each.at)
            continue
        robots[each.origin] += each.target == "/robots.txt"
        files[each.origin] += each.target == "/.well-known/tdmrep.json"
        targets[each.origin, each.target] += 1
        running[each.origin].append((each.at, each.running))
        order.append((each.origin, each.at))
    most = {
        origin: max(
            count - bisect_right(left[origin], at + LAG) + bisect_left(left[origin], at)
            for at, count in counts
        )
        for origin, counts in running.items()
    }
    starts = {origin: [at for at, _ in counts] for origin, counts in running.items()}
    return Summary(len(order), robots, files, targets, most, starts, order)


def answered(result: Mapping[str, Any]) -> tuple[str, str, str]:
    """The decision of a result, how looking at the asset ended, and the answer on access."""
    looked = next(
        each["availability"] for each in result["coverage"] if each["source"] == result["final_url"]
    )
    return result["uses"][USE]["decision"], looked, result["access"]["answer"]
