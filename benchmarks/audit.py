"""An audit against a bare loop of the same requests, its memory at a million URLs, its reports.

``python -m benchmarks.audit [URLS]``, or ``make bench-audit``, measures all of it, and the
archives of ``benchmarks.archive`` too; ``make bench`` takes the bare loop alone, for the rest
takes some fifteen minutes. A million URLs need some 300 MB of disk for a while, in the folder
for temporary files.
"""

import asyncio
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from benchmarks import archive, bare
from benchmarks.fetch import served
from benchmarks.measure import Figure, side_by_side
from signals_agent.cli.audit import audit

ORIGINS = 200
FEW = 10_000
MANY = 1_000_000
ROWS = 100_000
SITES = 400
"""Of so many sites are the pages whose report is timed."""

_COMMAND = Path(sys.executable).with_name("signals-agent")
_ASKING = ("--allow-private", "--host-delay", "0", "--token", "ExampleBot", "-q")
_SITE_FILES = ("robots.txt", ".well-known/tdmrep.json")
_FORMATS = ("html", "markdown", "csv", "jsonl", "parquet")
_DECLARED = (
    "",
    "<link rel=license href='https://creativecommons.org/licenses/by-nc/4.0/'>",
    "<meta name=robots content=noai>",
    "<meta name=tdm-reservation content=1>",
    "<link rel=license href='https://creativecommons.org/licenses/by-sa/4.0/'>",
)
_ROBOTS = (
    b"User-agent: *\nAllow: /\n",
    b"User-agent: *\nAllow: /\nContent-Usage: train-genai=n;exceptions=cc-cr\n",
    b"User-agent: *\nContent-Signal: ai-train=no, search=yes\nAllow: /\n",
    b"User-agent: *\nDisallow: /private/\n\nUser-agent: ExampleBot\nDisallow: /\n",
)


def figures() -> list[Figure]:
    """An audit of a page, robots.txt and tdmrep.json of each of 200 origins."""
    with served(ORIGINS) as origins, tempfile.TemporaryDirectory() as folder:
        pages = [f"{origin}/page/1" for origin in origins]
        # So the loop has the connection of its origin at hand again, which suits it best.
        every = [f"{origin}/{path}" for path in _SITE_FILES for origin in origins] + pages
        listed = _written(Path(folder, "pages.txt"), pages)
        all_of_them = _written(Path(folder, "all.txt"), every)
        numbers = count()

        def store() -> list[str]:
            # Each time a new one: in one that is there robots.txt would be at hand.
            return ["--store", str(Path(folder, f"{next(numbers)}.db"))]

        def ours() -> None:
            subprocess.run([_COMMAND, "audit", listed, *_ASKING, *store()], check=True)

        def peer() -> None:
            subprocess.run([sys.executable, "-m", "benchmarks.bare", all_of_them], check=True)

        def ours_here() -> None:
            audit.main([listed, *_ASKING, *store()], standalone_mode=False)

        def peer_here() -> None:
            asyncio.run(bare.main(every))

        whole, loop = side_by_side(ours, peer, rounds=5)
        here, loop_here = side_by_side(ours_here, peer_here, rounds=5)
    requests = f"{len(pages)} URLs, {len(every)} requests"
    name = f"audit over {ORIGINS} origins"
    return [
        Figure(name, whole, loop, "bare loop", 1.25, requests),
        Figure(
            f"{name}, both without starting and imports", here, loop_here, "bare loop", None,
            requests,
        ),
    ]  # fmt: skip


def memory(many: int = MANY) -> list[Figure]:
    """The most memory of a run over many URLs, against one over few; both ask as many."""
    found = []
    with served(ORIGINS) as origins, tempfile.TemporaryDirectory() as folder:
        requests = FEW + len(_SITE_FILES) * ORIGINS
        few_seconds, few = _asked(Path(folder), origins, FEW, ("--budget", str(requests)))
        for name, option in (
            ("budget", ("--budget", str(requests))),
            ("sample", ("--sample", str(FEW // ORIGINS))),
        ):
            seconds, most = _asked(Path(folder), origins, many, option)
            detail = f"{most / 2**20:.0f} MiB, {seconds:.0f} s; of {FEW:,}: {few_seconds:.0f} s"
            # Seconds stand for bytes here: only the ratio means anything.
            found.append(
                Figure(
                    f"audit of {many:,} listed URLs with a {name}: peak memory",
                    most / 1e9, few / 1e9, f"{FEW:,} listed", 1.2, detail,
                )
            )  # fmt: skip
    return found


def _asked(
    folder: Path, origins: Sequence[str], listed: int, option: Sequence[str]
) -> tuple[float, int]:
    """Seconds, and octets of memory at most, of an audit of so many URLs that are listed."""
    print(f"  auditing {listed:,} listed URLs with {' '.join(option)} ...", file=sys.stderr)
    urls = (f"{origins[n % ORIGINS]}/collection/page-{n}.html" for n in range(listed))
    listing = _written(folder / "urls.txt", urls)
    store = folder / "audit.db"
    seconds, most = _run("audit", listing, *_ASKING, "--store", str(store), *option)
    for each in folder.glob("audit.db*"):
        each.unlink()
    return seconds, most


def reports() -> list[Figure]:
    """Each report of a store of 100,000 rows, in seconds."""
    found = []
    formats = [
        each for each in _FORMATS if each != "parquet" or importlib.util.find_spec("pyarrow")
    ]
    with tempfile.TemporaryDirectory() as folder:
        print(f"  auditing an archive of {ROWS:,} pages ...", file=sys.stderr)
        pages, store = Path(folder, "pages.warc"), str(Path(folder, "audit.db"))
        _build(pages)
        use = ("--use", "train-generative", "--token", "ExampleBot", "-q")
        seconds, _ = _run("audit", str(pages), "--store", store, *use)
        print(f"  which took {seconds:.0f} s; writing its reports ...", file=sys.stderr)
        for each in formats:
            out = Path(folder, f"report.{each}")
            seconds, most = _run("report", store, "--format", each, "--output", str(out))
            detail = f"{out.stat().st_size / 1e6:.1f} MB, {most / 2**20:.0f} MiB of memory"
            found.append(
                Figure(f"report of {ROWS:,} rows: {each}", seconds, 1.0, "a second", 20, detail)
            )
    return found


def _build(path: Path) -> None:
    """Small pages of many sites, of which some declare something in one place or another."""
    numbers = count(1)
    with path.open("wb") as out:
        for site in range(SITES):
            origin = f"https://site{site}.example"
            robots = archive.answer(b"text/plain", _ROBOTS[site % len(_ROBOTS)])
            out.write(archive.record(f"{origin}/robots.txt", robots, next(numbers)))
            for page in range(ROWS // SITES):
                declared = _DECLARED[(page + site) % len(_DECLARED)] if site % 2 else ""
                body = f"<title>Page {page}</title>{declared}<p>Words, words, words." * 20
                block = archive.answer(b"text/html; charset=utf-8", body.encode())
                out.write(archive.record(f"{origin}/page/{page}", block, next(numbers)))


def _run(*arguments: str) -> tuple[float, int]:
    """Run the command; seconds, and octets of memory at most."""
    command = [str(_COMMAND), *arguments]
    start = time.perf_counter()
    child = os.posix_spawn(command[0], command, dict(os.environ))
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError(f"the command failed: {arguments}")
    return seconds, usage.ru_maxrss * 1024


def _written(path: Path, lines: "Sequence[str] | Iterator[str]") -> str:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
    return str(path)


def main() -> int:
    """Measure, print the table; exit 1 where a promise is not kept."""
    many = int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else MANY
    found: list[Figure] = []
    print("| what | ratio | at most | against | on |\n|---|---|---|---|---|")
    for part in (figures, archive.figures, lambda: memory(many), reports):
        for figure in part():
            found.append(figure)
            mark = "" if figure.kept else " (!)"
            limit = "" if figure.limit is None else f"{figure.limit:g}"
            print(
                f"| {figure.name} | {figure.ratio:.2f}{mark} | {limit} | {figure.peer_name} "
                f"| {figure.detail} |",
                flush=True,
            )
    return 0 if all(figure.kept for figure in found) else 1


if __name__ == "__main__":
    sys.exit(main())
