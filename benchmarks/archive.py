"""Judging an archive of real pages against reading its records and bodies with fastwarc alone."""

import gzip
import os
import tempfile
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import urlsplit

from fastwarc.warc import ArchiveIterator

from benchmarks.measure import Figure, side_by_side
from benchmarks.page import address
from benchmarks.samples import pages, robots_files
from signals_agent.audit.archive import judged
from signals_agent.wishes import Wishes

PAGES_OF_A_SITE = 5
AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
_OK = (
    b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nServer: nginx\r\nCache-Control: max-age=600\r\n"
    b"Date: Sun, 01 Nov 2026 12:00:00 GMT\r\nContent-Length: %d\r\n\r\n"
)
_MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nno"


def record(url: str, block: bytes, number: int, *, packed: bool = False) -> bytes:
    """A record of a response, as it is or as a member of gzip."""
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>\r\n"
        f"WARC-Target-URI: {url}\r\nWARC-Date: 2026-11-01T12:00:00Z\r\n"
        "Content-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    whole = head.encode() + block + b"\r\n\r\n"
    return gzip.compress(whole, 6, mtime=0) if packed else whole


def answer(kind: bytes, body: bytes) -> bytes:
    """An answer as it comes over the wire."""
    return _OK % (kind, len(body)) + body


def build(path: Path) -> str:
    """An archive as a crawler makes it: robots.txt, tdmrep.json and five pages of each site."""
    bodies, what = pages()
    files = sorted(robots_files()[0], key=len)
    files = files[len(files) // 4 : -len(files) // 4]
    number = 0
    with path.open("wb") as out:
        for order, body in enumerate(bodies):
            url = address(body, order)
            origin = "://".join(urlsplit(url)[:2])
            robots = b"User-agent: ExampleBot\nAllow: /\n\n" + files[order % len(files)]
            for at, block in (
                (f"{origin}/robots.txt", answer(b"text/plain", robots)),
                (f"{origin}/.well-known/tdmrep.json", _MISSING),
                *(
                    (f"{url}?{each}", answer(b"text/html; charset=utf-8", body))
                    for each in range(PAGES_OF_A_SITE)
                ),
            ):
                number += 1
                out.write(record(at, block, number, packed=True))
    return f"{what}, {PAGES_OF_A_SITE} times each, with robots.txt and tdmrep.json"


def bare(path: str) -> int:
    """Every record and its body, and nothing else."""
    with Path(path).open("rb") as file:
        return sum(len(each.reader.read()) for each in ArchiveIterator(file, parse_http=False))


def judge(paths: list[str], depth: str, jobs: int = 1) -> int:
    """Every page, judged, ready to be written into a store."""
    run = Wishes.prepare(
        "ExampleBot", (), None, None, ["train-generative"], "cumulative", depth, AT, None
    )
    return sum(1 for _ in judged(paths, run=run, jobs=jobs))


def figures() -> list[Figure]:
    """A core against a core, and all cores against all."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pages.warc.gz"
        what = build(path)
        found = []
        for depth, limit in (("page", 1.8), ("head", 1.3)):
            ours, peer = side_by_side(
                lambda depth=depth: judge([str(path)], depth),  # type: ignore[misc]  # bound here
                lambda: bare(str(path)),
                rounds=5,
            )
            found.append(
                Figure(f"judge an archive, depth {depth}", ours, peer, "bare fastwarc", limit, what)
            )
        cores = os.cpu_count() or 1
        many = [str(path)] * (cores * 12)
        with get_context("spawn").Pool(cores) as pool:
            pool.map(bare, many[:cores])
            ours, peer = side_by_side(
                lambda: judge(many, "page", cores),
                lambda: pool.map(bare, many, chunksize=1),
                rounds=1,
            )
        found.append(
            Figure(
                f"judge {len(many)} archives with {cores} processes, which have to start",
                ours, peer, "as many of fastwarc", None, what,
            )
        )  # fmt: skip
        return found
