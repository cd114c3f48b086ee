"""The command ``audit`` from end to end, on the bundled publishers."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from signals_agent.demo.publishers import load
from signals_agent.store.snapshot import Snapshot

ROOT = Path(__file__).parents[2]
MAIN = [sys.executable, "-m", "signals_agent"]
LIVE = (
    *("--allow-private", "--host-delay", "0", "--token", "ExampleBot"),
    *("--max-retry-after", "0", "--timeout", "20"),
)
TRAINING = ("--use", "train-generative")


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


@pytest.fixture(scope="module")
def served() -> Iterator[list[str]]:
    """The bundled publishers in a process of their own; the URLs of their pages."""
    with subprocess.Popen(
        [*MAIN, "demo", "--serve", "-q"], stdout=subprocess.PIPE, text=True, env=environment()
    ) as process:
        assert process.stdout is not None
        pages = sum(len(publisher.pages) for publisher in load())
        urls = [process.stdout.readline().strip() for _ in range(pages)]
        yield urls
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


@pytest.fixture
def listed(place: Path, served: list[str]) -> Path:
    """A list of their pages."""
    path = place / "urls.txt"
    path.write_text("\n".join(served) + "\n", "utf-8")
    return path


def results(store: Path, run: int = -1) -> dict[str, dict[str, Any]]:
    with Snapshot(store, run) as made:
        return {row.url: json.loads(row.result) for row in made.rows() if row.result}


def test_a_list_becomes_a_store_that_is_reported_on_verified_and_compared(
    run: Callable[..., Any], listed: Path, place: Path, served: list[str]
) -> None:
    done = run("audit", "urls.txt", *LIVE, *TRAINING, "--output", "rows.csv")
    assert done.code == 0
    assert f"{len(served)} URLs listed" in done.err
    assert f"{len(served)} URLs of 18 hosts answered" in done.err
    assert "signals-agent report audit.db --format html" in done.err
    assert "signals-agent: ingest 8, hold 20, skip 12" in done.err
    assert len((place / "rows.csv").read_text("utf-8-sig").splitlines()) == 1 + len(served)
    assert results(place / "audit.db").keys() == set(served)
    assert run("verify", "audit.db").code == 0
    assert "# Audit of" in run("report", "audit.db").out
    assert run("report", "audit.db", "--output", "report.html").code == 0
    assert (place / "report.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    assert run("corpus", "audit.db").code in (0, 1)
    again = run("audit", "urls.txt", *LIVE, *TRAINING, "-q")
    assert (again.code, again.err) == (0, "")
    compared = run("diff", "audit.db")
    assert compared.code == 0


def test_what_was_recorded_gives_the_answers_of_the_live_run(
    run: Callable[..., Any], listed: Path, place: Path
) -> None:
    pytest.importorskip("fastwarc", reason="archives are read with fastwarc")
    assert run("audit", "urls.txt", *LIVE, *TRAINING, "--record", "kept").code == 0
    files = sorted(str(each) for each in (place / "kept").glob("*.warc.gz"))
    done = run("audit", *files, "--store", "old.db", "--token", "ExampleBot", *TRAINING)
    assert done.code == 0
    assert "1 archive read" in done.err
    live, archived = results(place / "audit.db"), results(place / "old.db")
    both = live.keys() & archived.keys()
    # What was not fetched is in no archive; documents that were named are assets there.
    unasked = {
        url for url, told in live.items() if not any(c["role"] == "asset" for c in told["captures"])
    }
    assert live.keys() - both <= unasked
    assert len(both) >= 30
    for url in sorted(both):
        assert meant(live[url]) == meant(archived[url]), url
    assert run("verify", "old.db").code == 0


def meant(result: dict[str, Any]) -> dict[str, Any]:
    """A result without what tells of times; ids hash what was found and where."""
    kept = {
        name: value
        for name, value in result.items()
        if name not in ("checked_at", "valid_until", "captures", "notes")
    }
    captures = [
        {name: value for name, value in each.items() if name != "fetched_at"}
        for each in result["captures"]
    ]
    notes = [note for note in result["notes"] if note["code"] != "source-captured-later"]
    return {**kept, "captures": captures, "notes": notes}


def start(*arguments: str, place: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*MAIN, *arguments],
        cwd=place,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )


def answered(store: Path) -> int:
    import sqlite3

    if not store.exists():
        return 0
    try:
        with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as other:
            (count,) = other.execute("SELECT count(assessment) FROM listed").fetchone()
    except sqlite3.Error:
        return 0  # it is being made
    finally:
        if "other" in locals():
            other.close()
    return int(count)


@pytest.mark.parametrize(
    ("how", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 130), (signal.SIGKILL, -9)]
)
def test_a_run_that_is_ended_goes_on_and_answers_each_url_once(
    run: Callable[..., Any], listed: Path, place: Path, served: list[str], how: int, code: int
) -> None:
    # Slow enough to be ended in the middle: a second between the requests to one host.
    slow = (*LIVE[:1], *LIVE[3:], "--host-delay", "0.5")
    process = start("audit", "urls.txt", *slow, *TRAINING, place=place)
    end = time.monotonic() + 30
    while answered(place / "audit.db") < 3 and time.monotonic() < end:
        time.sleep(0.02)
    process.send_signal(how)
    _, told = process.communicate(timeout=20)
    assert process.returncode == code
    if how == signal.SIGINT:
        assert "the same command with --resume goes on" in told
    half = answered(place / "audit.db")
    assert 3 <= half < len(served)
    refused = run("audit", "urls.txt", *LIVE, *TRAINING)
    assert refused.code == 2
    assert "--resume goes on with it" in refused.err
    assert run("audit", "urls.txt", *LIVE, *TRAINING, "--resume").code == 0
    assert results(place / "audit.db").keys() == set(served)
    with Snapshot(place / "audit.db") as made:
        assert made.ledger.count().assessments == len(served)
    assert run("verify", "audit.db").code == 0


@pytest.mark.parametrize(
    ("fail_on", "code"), [("skip", 1), ("hold", 1), ("undetermined", 3)], ids=str
)
def test_the_exit_code_is_what_was_asked_for(
    run: Callable[..., Any], listed: Path, fail_on: str, code: int
) -> None:
    assert run("audit", "urls.txt", *LIVE, *TRAINING, "--fail-on", fail_on).code == code


def test_a_budget_is_told_with_what_goes_on(run: Callable[..., Any], listed: Path) -> None:
    done = run("audit", "urls.txt", *LIVE, *TRAINING, "--budget", "9")
    assert done.code == 0
    assert "URLs not asked: the budget is used up; --resume with a greater --budget" in done.err
    assert "were not asked" in run("report", "audit.db", "--format", "csv").err
    assert run("audit", "urls.txt", *LIVE, *TRAINING, "--resume").code == 0


def test_lines_that_are_no_url_are_told_with_their_place(
    run: Callable[..., Any], place: Path
) -> None:
    (place / "bad.txt").write_text("# a comment\nnot a url\nftp://a.example/\n", "utf-8")
    done = run("audit", "bad.txt", *LIVE)
    assert done.code == 2
    assert "nothing to audit: bad.txt holds no URL" in done.err
    assert "holds no audit" in run("report", "audit.db").err
    assert "2 lines are no URL:" in done.err
    assert "bad.txt:2: " in done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "nothing to audit"),
        (("none.txt",), "cannot read none.txt: No such file or directory"),
        (("urls.txt", "a.warc.gz"), "a.warc.gz is an archive and urls.txt is none"),
        (("urls.txt", "--robots-warc", "r.warc.gz"), "--robots-warc goes with archives"),
        (("a.warc.gz", "--sample", "3"), "--sample goes with lists, not with archives"),
        (("a.warc.gz", "--record", "kept"), "--record goes with lists"),
        (("urls.txt", "--shard", "9/8"), "there is no shard 9/8"),
        (("urls.txt", "--format", "csv"), "--format says how --output is written"),
        (("urls.txt", "--output", ""), "--output is empty"),
        (("urls.txt", "--output", "no/where.csv"), "there is no folder for --output"),
        (("-", "--policy", "-"), "standard input"),
        (("urls.txt", "--store", "no/where.db"), "there is no folder"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_a_mistake_is_a_sentence_and_leaves_nothing_behind(
    run: Callable[..., Any], listed: Path, place: Path, arguments: tuple[str, ...], said: str
) -> None:
    before = {each.name for each in place.iterdir()}
    done = run("audit", *arguments)
    assert done.code == 2
    assert said in done.err
    assert {each.name for each in place.iterdir()} == before


def test_a_list_that_is_being_read_is_read_anew_when_it_was_stopped(
    run: Callable[..., Any], listed: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from signals_agent.audit import filling

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(filling, "fill", stopped)
        done = run("audit", "urls.txt", *LIVE, *TRAINING)
    assert done.code == 130
    assert "the same command with --resume goes on" in done.err
    assert run("audit", "urls.txt", *LIVE, *TRAINING, "--resume").code == 0


def test_a_list_on_standard_input_that_was_not_read_to_its_end_is_begun_anew(
    run: Callable[..., Any], place: Path
) -> None:
    from signals_agent.audit.asked import Asked
    from signals_agent.audit.opening import open_run
    from signals_agent.audit.pace import Pace
    from signals_agent.store import Ledger, runs
    from signals_agent.store.listing import Listing

    class Url:
        url, origin, input, line = "https://a.example/", "https://a.example", "-", 1

    asked = Asked(("-",), ("ExampleBot",), pace=Pace())
    with Ledger(place / "audit.db") as ledger:
        made, _ = open_run(ledger, runs.LIST, asked.document(), resume=False)
        list(Listing(ledger.file, made).take([Url()]))
    done = run("audit", "-", *LIVE, "--resume", stdin=b"")
    assert done.code == 2
    assert "the list came from standard input" in done.err
