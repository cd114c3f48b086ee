"""The bundled publishers on loopback, for tools that run in threads and processes of their own."""

import asyncio
import re
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from wire import Wire
from wrapped import ALLOWED

from signals_agent.demo.publishers import Publisher, load
from signals_agent.demo.server import Servers

ROOT = Path(__file__).parents[2]


class Sites:
    """The publishers, and every path that each was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.origins: dict[str, str] = {}

    def url(self, name: str, path: str) -> str:
        return self.origins[name] + path

    def paths(self, name: str) -> list[str]:
        return [path for asked, path in self.asked if asked == name]


@pytest.fixture
async def site() -> AsyncIterator[Wire]:
    """A site whose robots.txt closes one folder."""
    async with Wire() as wire:
        wire.on("/robots.txt", ALLOWED)
        yield wire


@pytest.fixture
async def other() -> AsyncIterator[Wire]:
    """Another one."""
    async with Wire() as wire:
        wire.on("/robots.txt", ALLOWED)
        yield wire


@pytest.fixture
def sites(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sites]:
    """The bundled publishers, served by a thread while the test runs."""
    found = Sites()
    respond = Publisher.respond

    def noted(self: Publisher, path: str) -> object:
        found.asked.append((self.name, path))
        return respond(self, path)

    monkeypatch.setattr(Publisher, "respond", noted)
    ready, done = threading.Event(), threading.Event()

    async def serve() -> None:
        async with Servers(load()) as servers:
            found.origins = servers.origins
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        assert ready.wait(30)
        yield found
    finally:
        done.set()
        thread.join()


@pytest.fixture
def run_example(tmp_path: Path) -> Callable[..., str]:
    """Runs the example of a page of the documents as it stands, and gives what it prints."""

    def run(page: str, number: int = 0, *arguments: str) -> str:
        code = re.findall(
            r"^```python\n(.*?)^```$",
            (ROOT / "docs" / page).read_text("utf-8"),
            re.MULTILINE | re.DOTALL,
        )[number]
        assert sum(bool(line.strip()) for line in code.splitlines()) < 30
        file = tmp_path / "example.py"
        file.write_text(code, "utf-8")
        done = subprocess.run(
            [sys.executable, str(file), *arguments],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    return run
