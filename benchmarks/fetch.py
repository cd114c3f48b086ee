"""Checking 500 URLs over 50 loopback origins against a bare loop of the same requests."""

import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Figure, side_by_side

ORIGINS = 50
PAGES = 10


@contextlib.contextmanager
def served(count: int) -> Iterator[list[str]]:
    """So many origins in a process of their own, each on a free loopback port."""
    server = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.site", str(count)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        yield server.stdout.readline().split()
    finally:
        server.terminate()
        server.wait()


def figures() -> list[Figure]:
    """Both as whole processes on the same transport, robots.txt and site files included."""
    with served(ORIGINS) as origins, tempfile.TemporaryDirectory() as folder:
        urls = [f"{origin}/page/{n}" for n in range(PAGES) for origin in origins]
        extra = [
            f"{origin}/{path}"
            for origin in origins
            for path in ("robots.txt", ".well-known/tdmrep.json")
        ]
        listed = Path(folder, "urls.txt")
        listed.write_text("\n".join(urls) + "\n", "utf-8")
        every = Path(folder, "all.txt")
        every.write_text("\n".join(extra + urls) + "\n", "utf-8")
        command = Path(sys.executable).with_name("signals-agent")
        answer = Path(folder, "answer.jsonl")

        def ours() -> None:
            with answer.open("wb") as out, listed.open("rb") as read:
                subprocess.run(
                    [command, "check", "-", "--allow-private", "-q", "--format", "jsonl"],
                    check=True,
                    stdin=read,
                    stdout=out,
                )

        def bare() -> None:
            subprocess.run([sys.executable, "-m", "benchmarks.bare", every], check=True)

        mine, theirs = side_by_side(ours, bare, rounds=5)
        answered = len(answer.read_bytes().splitlines())
        if answered != len(urls):
            raise SystemExit(f"{answered} of {len(urls)} URLs were answered")
    requests = f"{len(urls)} URLs, {len(urls) + len(extra)} requests"
    return [Figure("check of 500 URLs over 50 origins", mine, theirs, "bare loop", 1.5, requests)]
