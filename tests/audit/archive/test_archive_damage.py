"""Archives that are damaged, runs that are cut short, and what is left of both."""

import gzip
import os
import random
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastwarc", reason="archives are read with fastwarc")

from signals_agent.archives import captures
from signals_agent.audit.archive import Progress, Told, judged
from signals_agent.errors import ConfigError, SignalsAgentError, UsageError

A = "https://a.example"
LETS = b"User-agent: *\nAllow: /\nContent-Usage: train-ai=n;exceptions=cc-cr\n"
NOISE = random.Random(7).randbytes(3000)


@pytest.fixture
def many(press: Any, file: Callable[..., str]) -> Callable[..., str]:
    def write(count: int, name: str = "a.warc.gz", first: int = 0) -> str:
        pages = [press.page(f"{A}/{n}", 0, b"<title>%d</title><p>x" % n)
                 for n in range(first, first + count)]  # fmt: skip
        records = (press.robots(A, LETS), *pages)
        return file(*(gzip.compress(each) for each in records), name=name)

    return write


@pytest.fixture(autouse=True)
def working(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where working files are made."""
    place = tmp_path / "working"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


def test_what_is_lost_is_told_and_the_rest_judged(
    press: Any, bench: Any, file: Callable[..., str]
) -> None:
    records = [press.robots(A, LETS), *(press.page(f"{A}/{n}") for n in range(4))]
    packed = [gzip.compress(each) for each in records]
    packed[2] = packed[2][:60] + b"\xff" + packed[2][61:]
    broken = file(*packed, name="broken.warc.gz")
    other = file(press.page(f"{A}/other"), press.record(f"{A}/x", b"", WARC_Type="request"))
    told = Told()
    made = bench.results([broken, other], told=told)
    assert {f"{A}/{n}" for n in (0, 2, 3, "other")} <= {each["url"] for each in made}
    document = told.document()
    assert document["files"] == 2
    assert document["left_out"] == {"request": 1}
    assert document["losses"]["count"] == 1
    (loss,) = document["losses"]["kept"]
    assert loss["file"] == broken
    assert loss["offset"] == len(b"".join(packed[:2]))
    assert loss["until"] == len(b"".join(packed[:3]))
    assert loss["reason"] == "the compressed data are damaged"


def test_a_page_of_which_a_part_is_lost_is_never_ingested(
    press: Any, bench: Any, file: Callable[..., str], tmp_path: Path
) -> None:
    page = press.page(f"{A}/page", 0, b"<title>T</title>" + NOISE.hex().encode())
    path = file(press.robots(A, b"User-agent: *\nAllow: /\n"), page[:-800])
    made = bench.all(path)
    (result,) = map(bench.result, made)
    assert bench.looked(result)[f"{A}/page"] == "unreadable"
    assert result["verdict"]["decision"] == "hold"
    assert bench.verified(made, tmp_path / "l.db") == 1


@pytest.mark.parametrize("cut", [0, 1, 100, 2000])
def test_noise_is_no_archive_and_raises_nothing(
    cut: int, bench: Any, file: Callable[..., str]
) -> None:
    told = Told()
    assert bench.all(file(NOISE[:cut]), told=told) == []
    assert told.losses.count == (cut > 0)


def test_whom_to_credit_is_read_from_octets_that_no_offset_leads_to(
    press: Any, bench: Any, file: Callable[..., str], tmp_path: Path
) -> None:
    page = press.page(f"{A}/page", 0, b"<title>Rain</title><meta name=author content=Ada><p>x")
    records = press.robots(A, LETS) + page
    results = []
    for order, path in enumerate((file(records), file(gzip.compress(records), name="one.warc.gz"))):
        made = bench.all(path)
        results += [bench.result(each) for each in made]
        assert (made[0].offset is None) == bool(order)
        assert bench.verified(made, tmp_path / f"{order}.db") == 1
    assert results[0] == results[1]
    assert results[0]["attribution"]["title"] == "Rain"
    assert results[0]["attribution"]["creators"] == ["Ada"]


def test_a_revisit_is_credited_by_the_body_of_its_original(
    press: Any, bench: Any, file: Callable[..., str], tmp_path: Path
) -> None:
    digest = "sha1:ABC"
    page = press.page(f"{A}/page", 0, b"<title>Rain</title><p>x", WARC_Payload_Digest=digest)
    again = press.record(f"{A}/page", press.OK, 1, WARC_Type="revisit", WARC_Payload_Digest=digest)
    made = bench.all(file(press.robots(A, LETS), page, again))
    assert [bench.result(each)["attribution"]["title"] for each in made] == ["Rain", "Rain"]
    assert bench.verified(made, tmp_path / "l.db") == 2


def test_an_archive_that_changes_while_it_is_read_is_told(
    bench: Any, many: Callable[..., str]
) -> None:
    path = many(3)

    def spoil(far: Progress) -> None:
        if far.files_read:
            Path(path).write_bytes(b"gone")

    with pytest.raises(ConfigError, match="was changed while it was read"):
        bench.all(path, progress=spoil)


def test_what_was_handed_out_before_is_left_out(many: Callable[..., str], bench: Any) -> None:
    files = [many(100), many(70, "b.warc.gz", 100)]
    everything = bench.all(files)
    assert len(everything) == 170
    for after in (1, 63, 64, 65, 99, 100, 101, 169, 170, 500):
        assert bench.all(files, after=after) == everything[after:]


def test_progress_tells_what_was_read_and_judged(many: Callable[..., str], bench: Any) -> None:
    for jobs in (1, 2):
        heard: list[Progress] = []
        bench.all([many(100), many(30, "b.warc.gz")], jobs=jobs, progress=heard.append)
        assert heard[-1] == Progress(2, 2, 132, 130, 130)
        read = [each for each in heard if not each.assets]
        assert [each.files_read for each in read][-1] == 2
        assert [each.judged for each in heard] == sorted(each.judged for each in heard)


@pytest.mark.parametrize(
    ("more", "error", "words"),
    [
        ({"jobs": 0}, UsageError, "jobs is a whole number from 1"),
        ({"after": -1}, UsageError, "after is a whole number from 0"),
        ({"depth": "deep"}, UsageError, "unknown depth"),
        ({"robots_files": ["missing.warc"]}, ConfigError, "cannot read missing.warc"),
        ({"place": "/nowhere/at/all"}, ConfigError, "no working folder"),
    ],
)
def test_mistakes_are_told_before_anything_is_read(
    more: dict[str, Any], error: type[Exception], words: str, many: Callable[..., str], bench: Any
) -> None:
    with pytest.raises(error, match=words):
        bench.all(many(1), **more)


@pytest.mark.parametrize("jobs", [1, 2])
def test_nothing_is_left_behind(
    jobs: int, many: Callable[..., str], bench: Any, working: Path
) -> None:
    files = [many(200), many(200, "b.warc.gz")]
    made = judged(files, run=bench.wishes(), jobs=jobs)
    next(made)
    assert len(list(working.iterdir())) == 1
    made.close()  # type: ignore[attr-defined]  # it is a generator
    assert list(working.iterdir()) == []
    bench.all(files, jobs=jobs)
    assert list(working.iterdir()) == []


def children() -> set[int]:
    """The processes that this one has started and that are there."""
    task = Path(f"/proc/self/task/{os.getpid()}/children")
    if not task.exists():
        pytest.skip("which processes were started is asked of Linux")
    return {int(each) for each in task.read_text().split()}


@pytest.mark.parametrize("when", ["while files are read", "while responses are judged"])
def test_a_process_that_is_killed_ends_the_run_with_a_sentence(
    when: str, many: Callable[..., str], bench: Any, working: Path
) -> None:
    files = [many(400), many(400, "b.warc.gz")]
    before = children()

    def kill() -> None:
        for each in children() - before:
            if b"spawn_main" in Path(f"/proc/{each}/cmdline").read_bytes():
                os.kill(each, signal.SIGKILL)

    made: Iterator[Any] = judged(
        files, run=bench.wishes(), jobs=2,
        progress=(lambda _: kill()) if when == "while files are read" else None,
    )  # fmt: skip
    count = 0

    def take() -> None:
        nonlocal count
        for _ in made:
            count += 1
            kill()

    with pytest.raises(SignalsAgentError, match=r"ended by signal 9.*--jobs"):
        take()
    assert count < 800
    assert list(working.iterdir()) == []
    # What was handed out is not handed out again.
    assert len(bench.all(files, after=count)) == 800 - count


PROGRAM = """
import sys
from signals_agent.audit.archive import judged
from signals_agent.wishes import Wishes
if __name__ == "__main__":
    run = Wishes.prepare("ExampleBot", (), None, None, None, "cumulative", "page", None, None)
    made = judged(sys.argv[2:], run=run, jobs=2, place=sys.argv[1])
    next(made)
    print("begun", flush=True)
    sys.stdin.read()
"""


def test_a_run_that_is_killed_ends_its_processes_and_the_next_takes_its_files_away(
    many: Callable[..., str], bench: Any, working: Path, tmp_path: Path
) -> None:
    if not hasattr(os, "pidfd_open"):
        pytest.skip("that a process of another one has ended is asked of Linux")
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    run = subprocess.Popen(
        [sys.executable, str(program), str(working), many(300)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert run.stdin is not None
    assert run.stdout is not None
    with run, run.stdin, run.stdout:
        assert run.stdout.readline() == b"begun\n"
        task = Path(f"/proc/{run.pid}/task/{run.pid}/children")
        if not task.exists():
            pytest.skip("which processes were started is asked of Linux")
        started = [os.pidfd_open(int(each)) for each in task.read_text().split()]
        run.kill()
        run.wait()
    # The descriptor of a process can be read once it has ended.
    for each in started:
        assert select.select([each], [], [], 20)[0]
        os.close(each)
    assert len(list(working.iterdir())) == 1
    assert len(bench.all(many(3), place=str(working))) == 3
    assert list(working.iterdir()) == []


def test_the_numbers_and_places_are_those_of_the_archive(
    many: Callable[..., str], bench: Any
) -> None:
    path = many(5)
    there = [each for each in captures(path) if each.kind == "asset"]
    made = bench.all(path)
    assert [(each.url, each.offset, each.at) for each in made] == [
        (each.capture.url, each.record.offset, each.capture.fetched_at) for each in there
    ]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_disk_that_is_full_ends_the_run_with_a_sentence(
    jobs: int, many: Callable[..., str], working: Path, tmp_path: Path
) -> None:
    resource = pytest.importorskip("resource", reason="what a file may grow to is told to POSIX")
    program = tmp_path / "program.py"
    program.write_text(
        PROGRAM.replace("jobs=2", f"jobs={jobs}").replace(
            "    next(made)", "    for _ in made: pass"
        )
    )
    run = subprocess.run(
        [sys.executable, str(program), str(working), many(600)],
        capture_output=True, check=False, text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000)),
        # What measures coverage writes a file of its own, for which there is no room either.
        env={name: value for name, value in os.environ.items() if "COVERAGE" not in name},
    )  # fmt: skip
    assert run.stderr.splitlines()[-1].startswith("signals_agent.errors.StoreError: ")
    assert "the archive" not in run.stderr.splitlines()[-1]
    assert list(working.iterdir()) == []
