"""The command ``report``: what it prints, what it writes, and what it refuses."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from signals_agent.store import Ledger

sys.path.append(str(Path(__file__).parents[2] / "support"))
import audit_stores
import ledgers
from audit_stores import Listed

ROOT = Path(__file__).parents[3]


def report(*arguments: object) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", "signals_agent", "report", *map(str, arguments)],
        capture_output=True,
        check=False,
        cwd=ROOT,
        timeout=60,
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cli") / "audit.db"
    audit_stores.of(path, [ledgers.numbered(each) for each in range(6)])
    listed = [*(ledgers.numbered(each) for each in range(6, 9)), Listed("https://late.example/")]
    return audit_stores.of(path, listed, ended="")


def test_markdown_of_the_last_run_is_printed(store: Path) -> None:
    made = report(store)
    assert made.returncode == 0
    assert made.stdout.decode().startswith("# Audit of 4 URLs on 2 origins\n")


def test_a_run_that_has_not_ended_is_reported_and_says_how_far_it_is(store: Path) -> None:
    assert report(store).stderr.decode() == (
        "signals-agent: run 2 has not ended: audit --resume goes on with it; "
        "1 URL was not asked, of 4\n"
    )
    assert "have no line here" in report(store, "--format", "jsonl").stderr.decode()
    assert report(store, "-q").stderr == b""


@pytest.mark.parametrize(("which", "urls"), [("1", 6), ("2", 4), ("-1", 4), ("-2", 6)])
def test_a_run_is_named_by_its_number_from_either_end(store: Path, which: str, urls: int) -> None:
    assert f"# Audit of {urls} URLs" in report(store, "--run", which).stdout.decode()


@pytest.mark.parametrize("which", ["0", "3", "-3"])
def test_a_run_that_is_not_there_is_refused(store: Path, which: str) -> None:
    made = report(store, "--run", which)
    assert made.returncode == 2
    assert f"has no run {which}: it has 2 runs" in made.stderr.decode()


def test_the_name_of_the_file_says_the_format_unless_one_is_given(
    store: Path, tmp_path: Path
) -> None:
    assert report(store, "--output", tmp_path / "a.csv").returncode == 0
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbfurl,")
    assert report(store, "--output", tmp_path / "a.html").returncode == 0
    assert (tmp_path / "a.html").read_text("utf-8").lower().startswith("<!doctype html>")
    made = report(store, "--format", "jsonl", "--output", tmp_path / "b.csv")
    assert made.stdout == b""
    lines = (tmp_path / "b.csv").read_text("utf-8").splitlines()
    assert len([json.loads(each) for each in lines]) == 3
    assert report(store, "--output", tmp_path / "report").returncode == 0
    assert (tmp_path / "report").read_text("utf-8").startswith("# Audit of ")


def test_a_page_goes_to_standard_output_where_something_takes_it(store: Path) -> None:
    assert report(store, "--format", "html").stdout.lower().startswith(b"<!doctype html>")
    assert report(store, "--format", "csv", "--output", "-").stdout.startswith(b"\xef\xbb\xbfurl,")


def test_parquet_goes_to_a_pipe(store: Path) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    made = report(store, "--format", "parquet")
    assert made.returncode == 0, made.stderr
    assert made.stdout[:4] == made.stdout[-4:] == b"PAR1"


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no pseudo-terminals here")
@pytest.mark.parametrize("name", ["html", "parquet"])
def test_what_is_nothing_to_read_is_not_sent_to_a_terminal(store: Path, name: str) -> None:
    ours, theirs = os.openpty()
    try:
        made = subprocess.run(
            [sys.executable, "-m", "signals_agent", "report", str(store), "--format", name],
            stdout=theirs,
            stderr=subprocess.PIPE,
            check=False,
            cwd=ROOT,
            timeout=60,
        )
    finally:
        os.close(theirs)
        os.close(ours)
    assert made.returncode == 2
    assert b"--output FILE" in made.stderr


def test_a_reader_who_goes_away_is_no_fault(store: Path, tmp_path: Path) -> None:
    path = audit_stores.repeated(tmp_path / "a.db", 400)
    with subprocess.Popen(
        [sys.executable, "-m", "signals_agent", "report", str(path), "--format", "jsonl"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


def test_a_store_that_is_missing_is_told(tmp_path: Path) -> None:
    made = report(tmp_path / "no.db")
    assert made.returncode == 2
    assert b"there is no ledger at" in made.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_ledger_without_an_audit_is_told(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.db") as ledger:
        ledger.append(ledgers.assessed())
    made = report(tmp_path / "l.db")
    assert made.returncode == 2
    assert b"holds no audit: 'signals-agent audit INPUT --store FILE' makes one" in made.stderr


def test_an_output_that_is_empty_is_refused(store: Path) -> None:
    made = report(store, "--output", "")
    assert made.returncode == 2
    assert b"--output is empty" in made.stderr


def test_the_store_is_not_changed(store: Path) -> None:
    before = store.read_bytes()
    report(store)
    assert store.read_bytes() == before


def test_the_formats_are_those_of_the_reports() -> None:
    from signals_agent.audit import reports
    from signals_agent.cli.report import FORMATS

    assert FORMATS == reports.FORMATS
