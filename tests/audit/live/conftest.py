"""Live runs on servers of this machine."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from wire import Wire

from signals_agent import Limits
from signals_agent.audit.asked import Asked
from signals_agent.audit.filling import fill
from signals_agent.audit.live import Live
from signals_agent.audit.opening import open_run
from signals_agent.audit.pace import Pace
from signals_agent.audit.tally import Tally
from signals_agent.model.assessment import Assessment
from signals_agent.store import Ledger, runs
from signals_agent.store.runs import Run


class Audit:
    """One store on the disk, and starts of its last run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ledger = Ledger(folder / "audit.db")
        self.tally = Tally()
        self.live: Live | None = None
        self.ended = ""
        self._wanted = 1 << 60
        self._there = asyncio.Event()

    def _answered(self, answer: Assessment) -> None:
        self.tally.add(answer)
        if self.tally.answered >= self._wanted:
            self._there.set()

    async def until(self, count: int) -> None:
        """Wait until so many URLs are answered."""
        self._wanted = count
        async with asyncio.timeout(20):
            await self._there.wait()

    def begin(self, urls: Sequence[str], **asked: Any) -> Run:
        listed = self.folder / "urls.txt"
        listed.write_text("\n".join(urls) + "\n", "utf-8")
        wanted = Asked((str(listed),), ("ExampleBot",), **asked)
        run, _ = open_run(self.ledger, runs.LIST, wanted.document(), resume=False)
        fill(self.ledger, run)
        return run

    def again(self) -> Run:
        """The run, to go on with."""
        return runs.all_of(self.ledger.file)[-1]

    def start(self, run: Run, pace: Pace, **settings: Any) -> Live:
        known = {"token": "ExampleBot", "allow_private": True, "limits": Limits()}
        self.live = Live(
            self.ledger,
            run,
            known | {"uses": ("train-generative",)} | settings,
            pace,
            answered=self._answered,
        )
        return self.live

    async def go(self, urls: Sequence[str], pace: Pace | None = None, **settings: Any) -> str:
        """Begin a run and carry it out; why it ended."""
        run = self.begin(urls)
        live = self.start(run, pace or Pace(host_delay=0), **settings)
        self.ended = await live.run()
        return self.ended

    def rows(self, query: str, *values: Any) -> list[Any]:
        return self.ledger.file.rows(query, values)

    def decided(self) -> Counter[str]:
        """How many entries have which decision."""
        return Counter(each for (each,) in self.rows("SELECT decision FROM assessments"))

    def answered_once(self) -> bool:
        """Whether each URL has exactly one entry, of its own, and the other way round."""
        (found,) = self.rows(
            "SELECT count(*), count(l.assessment), count(DISTINCT l.assessment), "
            "sum(a.url = l.url), (SELECT count(*) FROM assessments) FROM listed l "
            "LEFT JOIN assessments a ON a.id = l.assessment"
        )
        return len(set(found)) == 1


@pytest.fixture
def audit(tmp_path: Path) -> Iterator[Audit]:
    made = Audit(tmp_path)
    yield made
    made.ledger.close()


@pytest.fixture
async def sites() -> AsyncIterator[Callable[[int], Awaitable[list[Wire]]]]:
    """Makes so many servers."""
    made: list[Wire] = []

    async def make(count: int) -> list[Wire]:
        made.extend([await Wire().__aenter__() for _ in range(count)])
        return made[-count:]

    yield make
    for each in made:
        await each.__aexit__(None, None, None)
