"""Where standard output takes no more, every command ends with one sentence and exit code 2."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import audit_stores
import pytest
from audit_stores import Listed
from ledgers import numbered

from signals_agent.cli import app
from signals_agent.store import Ledger

ROOT = Path(__file__).parents[2]
FULL = Path("/dev/full")
SENTENCE = b"signals-agent: standard output cannot be written: No space left on device\n"

COMMANDS = [
    ("--version",),
    ("--help",),
    ("check", "--help"),
    ("check", "--no-robots", "--status", "503", "https://a.example/"),
    ("check", "--no-robots", "--status", "503", "--format", "json", "https://a.example/"),
    ("check", "--no-robots", "--status", "503", "--format", "jsonl", "https://a.example/"),
    ("check", "--no-robots", "--status", "503", "--cite", "text", "https://a.example/"),
    ("audit", "none.txt", "--shard", "1/2", "--output", "-", "--format", "csv"),
    ("report", "kept.db"),
    ("report", "kept.db", "--format", "parquet"),
    ("diff", "kept.db@1", "kept.db@1"),
    ("diff", "kept.db@1", "kept.db@1", "--format", "json"),
    ("demo",),
    ("policy", "init"),
    ("policy", "check", "policy.toml"),
    ("licence", "MIT"),
    ("ledger", "ledger.db"),
    ("ledger", "ledger.db", "--said", "https://example.org/page-1"),
    ("ledger", "ledger.db", "--why", "https://example.org/page-1", "--format", "json"),
    ("verify", "ledger.db"),
    ("verify", "ledger.db", "--format", "json"),
    ("corpus", "list.csv"),
    ("corpus", "list.csv", "--format", "json"),
    ("corpus", "list.csv", "--part", "credits"),
    ("openness", "model.yml"),
    ("openness", "model.yml", "--format", "json"),
]


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A folder with what the commands read."""
    (tmp_path / "policy.toml").write_text("")
    (tmp_path / "list.csv").write_text("url,licence\nhttps://a.example/,MIT\n")
    (tmp_path / "model.yml").write_text("release:\n  name: M\n  version: '1'\n  components: []\n")
    (tmp_path / "none.txt").write_text(
        "https://a.example/\nhttps://b.example/\nhttps://c.example/\n"
    )
    audit_stores.of(tmp_path / "kept.db", [Listed("https://a.example/")])
    with Ledger(tmp_path / "ledger.db") as ledger:
        ledger.append_many(numbered(n) for n in range(3))
    return tmp_path


def program(folder: Path, *arguments: str, unbuffered: str = "", **options: Any) -> Any:
    return subprocess.run(
        [sys.executable, "-m", "signals_agent", *arguments],
        check=False,
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": unbuffered},
        timeout=60,
        **options,
    )


def test_the_table_has_every_command() -> None:
    assert {name for name, *_ in COMMANDS} >= set(app.COMMANDS)


@pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_full_disk_is_one_sentence_and_2(
    filled: Path, arguments: tuple[str, ...], unbuffered: str
) -> None:
    with FULL.open("wb") as full:
        done = program(
            filled, *arguments, unbuffered=unbuffered, stdout=full, stderr=subprocess.PIPE
        )
    assert done.returncode == 2
    assert done.stderr.endswith(SENTENCE)
    assert done.stderr.count(b"standard output") == 1
    assert b"fault of ours" not in done.stderr
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


@pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")
def test_what_goes_wrong_besides_is_told_too(filled: Path) -> None:
    (filled / "policy.toml").write_text("tokns = []")
    with FULL.open("wb") as full:
        done = program(
            filled, "policy", "check", "policy.toml", stdout=full, stderr=subprocess.PIPE
        )
    assert done.returncode == 2
    assert b"unknown key" in done.stderr
    assert b"standard output" not in done.stderr  # nothing was to be printed there


@pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize(
    "arguments", [("verify", "ledger.db"), ("verify", "none.db")], ids=" ".join
)
def test_a_full_standard_error_changes_nothing(filled: Path, arguments: tuple[str, ...]) -> None:
    told = program(filled, *arguments, capture_output=True)
    with FULL.open("wb") as full:
        done = program(filled, *arguments, stdout=subprocess.PIPE, stderr=full)
    assert (done.returncode, done.stdout) == (told.returncode, told.stdout)


@pytest.mark.skipif(os.name != "posix", reason="limits of a process are those of POSIX")
@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
def test_a_file_that_takes_a_part_only_is_no_whole_answer(filled: Path, unbuffered: str) -> None:
    import resource

    def small() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    with (filled / "out.toml").open("wb") as out:
        done = program(
            filled,
            "policy",
            "init",
            unbuffered=unbuffered,
            stdout=out,
            stderr=subprocess.PIPE,
            preexec_fn=small,
        )
    assert done.returncode == 2
    assert done.stderr == b"signals-agent: standard output cannot be written: File too large\n"
    assert (filled / "out.toml").stat().st_size == 1000


@pytest.mark.skipif(os.name != "posix", reason="streams that do not wait are those of POSIX")
@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
def test_a_pipe_that_does_not_wait_gets_everything(filled: Path, unbuffered: str) -> None:
    text = "x" * 300_000
    script = (
        "import sys; from signals_agent.cli import streams; streams.prepare(); "
        f"sys.stdout.write('x' * {len(text)}); sys.stdout.flush()"
    )
    read, write = os.pipe()
    os.set_blocking(write, False)
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=write,
        stderr=subprocess.PIPE,
        cwd=filled,
        env={"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": unbuffered},
    )
    os.close(write)
    with os.fdopen(read, "rb") as reading:
        got = reading.read()
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err, got) == (0, b"", text.encode())


def test_no_room_for_what_waits_in_a_file_is_a_sentence(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    import click

    def full() -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(app, "command", lambda name: click.Command("demo", callback=full))
    done = run("demo")
    assert (done.code, done.out) == (2, "")
    assert done.err == "signals-agent: a file cannot be written: No space left on device\n"
