"""An audit of a wild web as its user runs it: begun, killed, gone on with, and what came of it."""

import json
import os
import sqlite3
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wild import BROKEN, FINE, TOKEN, USE, Listed, Told
from wild_watch import Watched, answered

from signals_agent import url as urls
from signals_agent.store.snapshot import Snapshot

SIGNALS_AGENT = "import sys; from signals_agent.cli import main; sys.exit(main())"
TRUSTED = Path(__file__).with_name("loopback.pem")
MEASURED = (
    # What the system tells on its ending counts in the process that started it.
    "import atexit, os, pathlib, re\n"
    "at, told = pathlib.Path('/proc/self/status'), pathlib.Path(os.environ['PEAK'])\n"
    "peak = lambda: told.write_text(re.search(r'VmHWM:\\s*(\\d+)', at.read_text())[1])\n"
    "atexit.register(peak)\n"
) + SIGNALS_AGENT
GIVEN_UP = "not asked for: the host could not be reached again and again"
BUSY = (
    "no answer came in time",
    "the time for this URL ran out",
    "no connection was made in time",
)
"""How a page that works ends where this machine has too much to do."""
SITE_FILE = "/.well-known/tdmrep.json"


@dataclass
class Audit:
    """One store, and the starts of its run. Times are seconds since the epoch."""

    watched: Watched
    folder: Path
    addresses: dict[str, Listed]
    options: tuple[str, ...]
    python: str
    starts: list[float] = field(default_factory=list)
    peak: float = 0.0
    """Megabytes that the start which came to its end took at most."""

    @property
    def _told(self) -> Path:
        return self.folder / "peak.txt"

    @property
    def store(self) -> Path:
        return self.folder / "audit.db"

    def start(self) -> int:
        """Carry it out to its end; the exit code."""
        with self._process() as process:
            return self._end(process)

    def start_and_kill(self, answers: int) -> bool:
        """Kill it once so many URLs in all are answered; whether it was still at work."""
        with self._process() as process:
            while process.poll() is None and self.answers() < answers:
                try:
                    process.wait(0.1)
                except subprocess.TimeoutExpired:
                    continue
            process.kill()
            return self._end(process) == -9

    def answers(self) -> int:
        """How many URLs are answered in the store by now."""
        if not self.store.exists():
            return 0
        with closing(sqlite3.connect(f"file:{self.store}?mode=ro", uri=True)) as store:
            try:
                ((count,),) = store.execute("SELECT count(assessment) FROM listed")
            except sqlite3.OperationalError:
                return 0
        return int(count)

    def _process(self) -> "subprocess.Popen[bytes]":
        listed = self.folder / "urls.txt"
        if not listed.exists():
            listed.write_text("".join(f"{url}\n" for url in self.addresses), "utf-8")
        command = [self.python, "-c", MEASURED, "audit", str(listed), *self.options]
        command += ["--store", str(self.store), "--token", TOKEN, "--use", USE, "--allow-private"]
        command += ["--ca-bundle", str(TRUSTED), "--host-delay", "0"]
        command += ["--resume"] if self.starts else []
        self.starts.append(time.time())
        return subprocess.Popen(command, env={**os.environ, "PEAK": str(self._told)})

    def _end(self, process: "subprocess.Popen[bytes]") -> int:
        code = process.wait()
        if code == 0:
            self.peak = int(self._told.read_text()) / 1024
        return code

    def results(self) -> Iterator[tuple[Listed, dict[str, Any]]]:
        """Each address with its answer; raises where one has none, or is there twice."""
        left = dict(self.addresses)
        entries = set()
        with Snapshot(self.store) as made:
            assert made.run.ended == "complete"
            counts = made.counts()
            assert (counts.listed, counts.waiting) == (len(left), 0)
            for row in made.rows():
                entries.add(row.entry)
                yield left.pop(row.url), json.loads(row.result)
            assert not left
            assert len(entries) == len(self.addresses)
            assert sum(1 for _ in made.ledger) == len(self.addresses)


def audit(
    watched: Watched, folder: Path, listed: Iterable[Listed], python: str, *options: str
) -> Audit:
    """An audit of these addresses, which begins with ``start`` or ``start_and_kill``."""
    by_url = {urls.parse(each.url).text: each for each in listed}
    return Audit(watched, folder, by_url, options, python)


@dataclass(frozen=True, slots=True)
class Answers:
    """What the answers of a run come to; ``wrong`` are those that nothing explains."""

    decisions: dict[str, int]
    given_up: int
    late: int
    wrong: list[str]


def judged(results: Iterable[tuple[Listed, dict[str, Any]]]) -> Answers:
    """Every answer held against what may be answered.

    A host that failed again and again may have been given up: then nothing was asked, and it
    says so. And a machine that has too much to do may have been late, which is told as well.
    """
    decisions: dict[str, int] = {}
    given_up = late = 0
    wrong = []
    for address, result in results:
        given = answered(result)
        decisions[given[0]] = decisions.get(given[0], 0) + 1
        if address.allows(*given):
            continue
        words = " ".join(note["summary"] for note in result["notes"])
        decision, asset, _ = given
        if GIVEN_UP in words and asset == "not-looked" and decision in ("hold", "skip"):
            given_up += 1
        elif _was_late(address, given, words):
            late += 1
        else:
            wrong.append(f"{address.trait}, {address.kind}: {' '.join(given)} ({address.url})")
    return Answers(decisions, given_up, late, wrong)


def _was_late(address: Listed, given: tuple[str, str, str], words: str) -> bool:
    """Whether this is what comes of a page, its robots.txt or its site file not coming in time.

    A site file is optional (rule R15a): without it a page counts as what it is by itself.
    """
    if given[0] == "hold" and any(each in words for each in BUSY):
        return True
    alone = Told.row((FINE | BROKEN)[address.kind])
    lost = f"{SITE_FILE} is unreachable" in words or address.kind.startswith("elsewhere")
    return (
        lost
        and address.trait.startswith(("tdm-", "soft-404"))
        and given[0] in alone.decisions
        and given[1] in alone.asset
    )
