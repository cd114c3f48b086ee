"""All outputs of a corpus of a million assets against those of ten thousand: time and memory.

``python -m benchmarks.corpus [ASSETS]``, or ``make bench-corpus``. A million assets need some
fifteen gigabytes of disk for a while, in the folder for temporary files.
"""

import os
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

import signals_agent as sa
from benchmarks.measure import Figure
from signals_agent.store import Ledger

FEW = 10_000
MANY = 1_000_000
_HOSTS = 400
"""How many declaring parties the made-up corpus has."""

_LICENCES = ("by/4.0", "by-sa/4.0", "by-nc/4.0", "by-nc-nd/4.0", "by-nd/4.0", None)
_PLACE = "0123456789012"
"""What stands in a template's URL where the number of the copy goes."""


def figures(many: int = MANY) -> list[Figure]:
    """Time for each asset, and peak memory, of many against few."""
    with tempfile.TemporaryDirectory() as folder:
        few_seconds, few_memory = _measured(Path(folder), FEW)
        many_seconds, many_memory = _measured(Path(folder), many)
    what = f"corpus of {many:,} assets"
    detail = f"{many_seconds:.0f} s in all, {many_memory / 2**20:.0f} MiB at most"
    return [
        Figure(
            f"{what}: time an asset", many_seconds / many, few_seconds / FEW, f"of {FEW:,}", 1.5
        ),
        # Seconds stand for bytes here: only the ratio means anything.
        Figure(
            f"{what}: peak memory", many_memory / 1e9, few_memory / 1e9, f"of {FEW:,}", 1.2, detail
        ),
    ]


def synthetic(path: Path, assets: int) -> None:
    """A ledger of so many assets: a few real entries, and copies of them under other URLs."""
    policy = sa.Policy.make(
        {
            "uses": ["train-generative"],
            "commitment": [
                {"kind": "credit", "evidence": "https://you.example/card"},
                {"kind": "ecosystem-contribution", "evidence": "https://you.example/card"},
            ],
        }
    )
    with Ledger(path) as ledger:
        ledger.append_many(_template(number, policy) for number in range(_HOSTS))
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("PRAGMA synchronous = OFF")
        # What it rests on is left out: nothing here is recomputed.
        connection.execute(
            "WITH RECURSIVE copies (n) AS "
            "(SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < ?) "
            "INSERT INTO assessments (key, chain, url, final_url, checked_at, valid_until, "
            "decision, policy_name, policy_sha256, tool_version, tool_tables, verdict, result, "
            "evidence) "
            "SELECT lower(hex(randomblob(32))), chain, replace(url, ?, n), "
            "replace(final_url, ?, n), checked_at, valid_until, decision, policy_name, "
            "policy_sha256, tool_version, tool_tables, verdict, replace(result, ?, n), '{}' "
            "FROM copies, assessments a WHERE a.id = 1 + (n % ?)",
            (assets - _HOSTS, _PLACE, _PLACE, _PLACE, _HOSTS),
        )
    connection.close()


def _template(number: int, policy: sa.Policy) -> sa.Assessment:
    licence = _LICENCES[number % len(_LICENCES)]
    link = (
        f"<link rel=license href='https://creativecommons.org/licenses/{licence}/'>"
        if licence
        else ""
    )
    page = (
        f"<title>Page {_PLACE}</title>{link}<meta name=author content='Author {number % 97}'>"
        f"<meta property=og:site_name content='Collection {number % 7}'>"
    )
    wish = "cc-cr-ec" if number % 3 else "cc-cr"
    return sa.assess(
        sa.Capture(
            f"https://site{number}.example/{_PLACE}",
            200,
            [("Content-Type", "text/html"), ("Content-Usage", f"train-ai=n;exceptions={wish}")],
            page.encode(),
        ),
        robots=b"User-agent: *\nAllow: /\n",
        site_files={"/.well-known/tdmrep.json": sa.ABSENT},
        token="ExampleBot",
        policy=policy,
    )


def _measured(folder: Path, assets: int) -> tuple[float, float]:
    """The seconds and the most octets of memory that writing all outputs takes."""
    ledger, outputs = folder / f"{assets}.db", folder / f"out-{assets}"
    print(f"  making a ledger of {assets:,} assets ...", file=sys.stderr)
    synthetic(ledger, assets)
    print("  writing all of its outputs ...", file=sys.stderr)
    command = Path(sys.executable).with_name("signals-agent")
    arguments = [str(command), "corpus", str(ledger), "--output", str(outputs), "-q"]
    start = time.perf_counter()
    child = os.posix_spawn(command, arguments, {**os.environ, "TMPDIR": str(folder)})
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) not in (0, 1):  # 1: items of the checklist are open
        raise RuntimeError(f"the command failed: {arguments}")
    ledger.unlink()
    return seconds, usage.ru_maxrss * 1024.0


def main() -> int:
    """Measure, print the table; exit 1 where a promise is not kept."""
    found = figures(int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else MANY)
    for figure in found:
        mark = "" if figure.kept else " (!)"
        print(
            f"| {figure.name} | {figure.ratio:.2f}{mark} | {figure.limit:g} | {figure.peer_name} "
            f"| {figure.detail} |"
        )
    return 0 if all(figure.kept for figure in found) else 1


if __name__ == "__main__":
    sys.exit(main())
