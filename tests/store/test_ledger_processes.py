"""Many processes write to one ledger, and some of them are killed."""

import signal
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from ledgers import assessed, numbered

from signals_agent.errors import StoreError
from signals_agent.store import Ledger, verify

Start = Callable[..., "subprocess.Popen[str]"]

WRITER = """
import sys
from ledgers import numbered
from signals_agent.store import Ledger
path, first, end, batch = sys.argv[1], *map(int, sys.argv[2:])
with Ledger(path) as ledger:
    for start in range(first, end, batch):
        for each in ledger.append_many(numbered(n) for n in range(start, min(start + batch, end))):
            print(each, flush=True)
"""


def acknowledged(done: str) -> list[str]:
    """The ids that a process told whole, each after it was written."""
    return [line for line in done.split("\n") if len(line) == 64]


def whole(path: Path) -> bool:
    """Whether SQLite finds nothing wrong with the file, and we neither."""
    looking = sqlite3.connect(path)
    try:
        assert looking.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert looking.execute("PRAGMA foreign_key_check").fetchall() == []
    finally:
        looking.close()
    with Ledger(path, read_only=True) as ledger:
        return list(verify(ledger)) == []


@pytest.mark.parametrize(
    ("batch", "after"),
    [
        pytest.param(1, 1, id="killed after the first"),
        pytest.param(1, 13, id="killed among single appends"),
        pytest.param(16, 20, id="killed among batches"),
    ],
)
def test_killed_in_the_middle_and_started_again_loses_and_repeats_nothing(
    path: Path, process: Start, batch: int, after: int
) -> None:
    writer = process(WRITER, path, 0, 3000, batch)
    assert writer.stdout is not None
    seen = [writer.stdout.readline() for _ in range(after)]
    writer.kill()
    # What was read ahead of the last line is in the stream, where communicate() does not look.
    rest = writer.stdout.read()
    writer.wait()
    assert writer.returncode == -signal.SIGKILL
    told = acknowledged("".join(seen) + rest)
    assert len(told) >= after

    with Ledger(path) as ledger:
        there = [entry.id for entry in ledger]
    assert there[: len(told)] == told  # nothing that was acknowledged is lost
    assert len(there) - len(told) <= batch  # and of one transaction all or nothing
    assert len(there) % batch == 0
    assert whole(path)

    second = process(WRITER, path, 0, len(there) + 20, batch)
    _, faults = second.communicate(timeout=60)
    assert (second.returncode, faults) == (0, "")
    with Ledger(path) as ledger:
        urls = [entry.url for entry in ledger]
    assert urls == [f"https://example.org/page-{n}" for n in range(len(there) + 20)]
    assert whole(path)


def test_killed_while_the_ledger_is_made_leaves_one_that_opens(path: Path, process: Start) -> None:
    script = """
import os, signal, sys
from signals_agent.store import migrations, Ledger
split = migrations.statements
def until(script):
    for number, each in enumerate(split(script)):
        if number == 9:
            os.kill(os.getpid(), signal.SIGKILL)
        yield each
migrations.statements = until
Ledger(sys.argv[1])
"""
    maker = process(script, path)
    maker.communicate(timeout=60)
    assert maker.returncode == -signal.SIGKILL
    assert path.exists()
    with Ledger(path) as ledger:
        ledger.append(assessed())
    assert whole(path)


def test_four_writers_at_once_make_and_fill_one_ledger(path: Path, process: Start) -> None:
    # They overlap by half: what two of them write is there once.
    writers = [process(WRITER, path, 15 * n, 15 * n + 30, 1) for n in range(4)]
    ended = [writer.communicate(timeout=120) for writer in writers]
    assert [(writer.returncode, err) for writer, (_, err) in zip(writers, ended, strict=True)] == [
        (0, "")
    ] * 4
    told = [acknowledged(out) for out, _ in ended]
    assert [len(each) for each in told] == [30] * 4
    with Ledger(path) as ledger:
        there = [entry.id for entry in ledger]
        assert sorted(there) == sorted({id_ for each in told for id_ in each})
        assert len(there) == 75
        assert [entry.number for entry in ledger] == list(range(1, 76))
    assert whole(path)


def test_readers_are_not_held_up_by_a_writer(path: Path, process: Start) -> None:
    with Ledger(path) as ledger:
        ledger.append_many(numbered(n) for n in range(10))
    holder = process(
        """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
""",
        path,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with Ledger(path, read_only=True, timeout=0.01) as reading:
        assert reading.count().assessments == 10
        assert list(verify(reading)) == []
    with (
        Ledger(path, timeout=0.01) as waiting,
        pytest.raises(StoreError, match=r"is locked by another process; waited 0\.01 s"),
    ):
        waiting.append(numbered(11))
    holder.communicate("", timeout=60)
    with Ledger(path) as ledger:
        ledger.append(numbered(11))
        assert ledger.count().assessments == 11


def test_a_ledger_does_not_cross_a_fork(path: Path, process: Start) -> None:
    script = """
import os, sys
from ledgers import numbered
from signals_agent.errors import StoreError
from signals_agent.store import Ledger
ledger = Ledger(sys.argv[1])
ledger.append(numbered(0))
child = os.fork()
if not child:
    try:
        ledger.append(numbered(1))
    except StoreError as error:
        print(error, flush=True)
    with Ledger(sys.argv[1]) as own:
        own.append(numbered(2))
    ledger.close()
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
ledger.append(numbered(3))
print(sorted(entry.url[-1] for entry in ledger))
"""
    forking = process(script, path)
    out, err = forking.communicate(timeout=60)
    assert err == ""
    assert "was opened by another process; open it in this one" in out
    assert out.endswith("['0', '2', '3']\n")
    assert whole(path)


def test_entries_are_read_while_others_write(path: Path, process: Start) -> None:
    """No lock is held between two entries, and what is written meanwhile is seen."""
    with Ledger(path) as ledger:
        ledger.append_many(numbered(n) for n in range(70))
        reading = iter(ledger)
        next(reading)
        writer = process(WRITER, path, 70, 90, 1)
        _, err = writer.communicate(timeout=60)
        assert err == ""
        assert [entry.number for entry in reading] == list(range(2, 91))
