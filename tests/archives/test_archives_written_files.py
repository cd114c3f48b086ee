"""The files that a recorder writes: one after the other, whole up to any sudden end."""

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

import signals_agent as sa
from signals_agent.model.capture import Capture, Role
from signals_agent.recording import Recorder

AT = datetime(2026, 11, 22, 10, 11, 12, 345678, tzinfo=UTC)
URL = "https://a.example/"
Open = Callable[..., Recorder]


def page(number: int, size: int = 200) -> Capture:
    body = random.Random(number).randbytes(size)
    return Capture(f"https://a.example/{number}", 200, [(b"X", b"y")], body, fetched_at=AT)


@pytest.fixture
def recorder(tmp_path: Path) -> Open:
    def make(folder: Path = tmp_path / "kept", **more: object) -> Recorder:
        return Recorder(folder, software="t/1", user_agent="T/1", **more)

    return make


def urls(path: Path) -> list[str]:
    archives = pytest.importorskip(
        "signals_agent.archives", exc_type=sa.MissingExtra, reason="archives need fastwarc"
    )
    losses = archives.Losses()
    found = [each.capture.url for each in archives.captures(path, losses=losses)]
    assert losses.count == 0
    return found


def test_thirty_threads_lose_nothing(recorder: Open) -> None:
    threads, each = 30, 40
    with recorder(max_bytes=60_000) as kept:

        def bring(base: int) -> None:
            for number in range(base, base + each):
                kept.take(page(number), Role.ASSET)

        running = [threading.Thread(target=bring, args=(n * each,)) for n in range(threads)]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()
        kept.flush()
        assert kept.written == threads * each
    assert len(kept.files) > 5
    found = [url for path in kept.files for url in urls(path)]
    assert sorted(found) == sorted(page(number).url for number in range(threads * each))


def test_files_follow_each_other_and_none_is_longer_than_it_may_be(recorder: Open) -> None:
    with recorder(max_bytes=10_000) as kept:
        for number in range(60):
            kept.take(page(number), Role.ASSET)
        kept.take(page(60, 50_000), Role.ASSET)
        kept.take(page(61), Role.ASSET)
    names = [path.name for path in kept.files]
    assert names == [f"signals-{number:05d}.warc.gz" for number in range(1, len(names) + 1)]
    sizes = [path.stat().st_size for path in kept.files]
    assert all(5_000 < size <= 10_000 for size in sizes[:-3])
    # What is longer than a file may be has one of its own.
    assert sizes[-2] > 50_000
    assert [urls(path) for path in kept.files][-2:] == [[page(60).url], [page(61).url]]
    assert [url for path in kept.files for url in urls(path)] == [page(n).url for n in range(62)]


def test_a_new_start_leaves_what_is_there_alone(recorder: Open, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    for number in range(2):
        with recorder() as kept:
            kept.take(page(number), Role.ASSET)
    cut = folder / "signals-00007.warc.gz"
    cut.write_bytes(b"\x1f\x8b")
    (folder / "signals-99.warc").write_bytes(b"")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with recorder() as kept, recorder() as beside:
        kept.take(page(2), Role.ASSET)
        beside.take(page(3), Role.ASSET)
    assert [path.name for path in (*kept.files, *beside.files)] == [
        "signals-00008.warc.gz",
        "signals-00009.warc.gz",
    ]
    assert {path: path.read_bytes() for path in before} == before


def test_a_run_that_fetches_nothing_leaves_no_file(recorder: Open, tmp_path: Path) -> None:
    with recorder() as kept:
        kept.flush()
    assert list((tmp_path / "kept").iterdir()) == []
    assert kept.files == ()


KILLED = """
import sys
from signals_agent.recording import Recorder
from signals_agent.model.capture import Capture, Role
import random
kept = Recorder(sys.argv[1], software="t", user_agent="T", max_bytes=300_000)
number = 0
while True:
    body = random.Random(number).randbytes(20_000)
    kept.take(Capture(f"https://a.example/{number}", 200, [], body), Role.ASSET)
    number += 1
    if number % 10 == 0:
        kept.flush()
        print(number, flush=True)
"""


@pytest.mark.parametrize("after", [1, 3, 7])
def test_what_was_flushed_is_there_after_kill_9(tmp_path: Path, recorder: Open, after: int) -> None:
    archives = pytest.importorskip(
        "signals_agent.archives", exc_type=sa.MissingExtra, reason="archives need fastwarc"
    )
    folder = tmp_path / "kept"
    command = [sys.executable, "-c", KILLED, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(after):
            flushed = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
    losses = archives.Losses()
    files = sorted(folder.iterdir())
    read = [each.capture for path in files for each in archives.captures(path, losses=losses)]
    whole = [each.url for each in read if not each.truncated]
    assert whole[:flushed] == [page(number).url for number in range(flushed)]
    # No more than the record that was being written is lost.
    assert losses.count <= 1
    before = {path: path.read_bytes() for path in files}
    with recorder(folder) as kept:
        kept.take(page(0), Role.ASSET)
    assert kept.files[0].name > files[-1].name
    assert {path: path.read_bytes() for path in files} == before


@pytest.mark.parametrize("cut", [1, 5, 60, 300])
def test_a_file_that_ends_within_a_record_is_read_up_to_there(
    recorder: Open, tmp_path: Path, cut: int
) -> None:
    archives = pytest.importorskip(
        "signals_agent.archives", exc_type=sa.MissingExtra, reason="archives need fastwarc"
    )
    with recorder() as kept:
        for number in range(5):
            kept.take(page(number), Role.ASSET)
    octets = kept.files[0].read_bytes()
    part = tmp_path / "part.warc.gz"
    part.write_bytes(octets[:-cut])
    read = [each.capture for each in archives.captures(part)]
    assert [each.url for each in read[:4]] == [page(number).url for number in range(4)]
    assert not any(each.truncated for each in read[:4])


FULL = """
import resource, sys
from signals_agent.recording import Recorder
from signals_agent.model.capture import Capture, Role
import random
import signals_agent
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
taken = 0
try:
    with Recorder(sys.argv[1], software="t", user_agent="T") as kept:
        for taken in range(1, 101):
            body = random.Random(taken).randbytes(20_000)
            kept.take(Capture(f"https://a.example/{taken}", 200, [], body), Role.ASSET)
            kept.flush()
except signals_agent.StoreError as error:
    print(taken, kept.written)
    print(error)
    try:
        kept.take(Capture("https://a.example/", 200), Role.ASSET)
    except signals_agent.StoreError as again:
        print(again)
"""


def test_a_disk_without_room_ends_the_run_with_a_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    ran = subprocess.run(
        [sys.executable, "-c", FULL, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        # What measures coverage writes a file of its own, for which there is no room either.
        env={name: value for name, value in os.environ.items() if "COVERAGE" not in name},
    )
    assert ran.stderr == ""
    counts, words, again = ran.stdout.splitlines()
    taken, written = map(int, counts.split())
    (path,) = folder.iterdir()
    assert words == again
    assert words.startswith(f"cannot record what is fetched in {path}: File too large")
    assert words.endswith(f"the last 1 of {taken} exchanges are not in it")
    assert written == taken - 1
    # The record for which there was no room has left nothing behind.
    assert urls(path) == [f"https://a.example/{number}" for number in range(1, taken)]


def test_whoever_waits_for_room_is_told_too(
    recorder: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    kept = recorder()

    def fail(octets: bytes) -> None:
        go.wait()
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(kept, "_append", fail)
    said: list[str] = []

    def bring() -> None:
        try:
            for _ in range(100):
                kept.take(Capture(URL, 200, [], bytes(5_000_000)), Role.ASSET)
        except sa.StoreError as error:
            said.append(str(error))

    bringing = [threading.Thread(target=bring) for _ in range(3)]
    for thread in bringing:
        thread.start()
    go.set()
    for thread in bringing:
        thread.join()
    with pytest.raises(sa.StoreError, match="No space left on device"):
        kept.flush()
    with pytest.raises(sa.StoreError, match="No space left on device"):
        kept.close()
    assert len(said) == 3
    assert all("No space left on device" in each for each in said)


def test_a_mistake_of_ours_does_not_pass_in_silence(recorder: Open) -> None:
    kept = recorder()
    kept.take(Capture("https://a.example/", 200), "no role")
    with pytest.raises(sa.StoreError, match="AttributeError") as told:
        kept.flush()
    assert isinstance(told.value.__cause__, AttributeError)
    with pytest.raises(sa.StoreError):
        kept.close()


def test_an_error_of_the_run_is_not_covered_by_one_of_the_record(
    recorder: Open,
) -> None:
    def run() -> None:
        with recorder() as kept:
            kept.take(Capture("https://a.example/", 200), "no role")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run()


def test_a_closed_recorder_takes_nothing(recorder: Open) -> None:
    with recorder() as kept:
        kept.take(page(1), Role.ASSET)
    with pytest.raises(sa.StoreError, match="is closed"):
        kept.take(page(2), Role.ASSET)
    kept.close()


@pytest.mark.parametrize("sort", ["a file", "no permission"])
def test_a_folder_that_cannot_be_written_is_told_at_once(
    recorder: Open, tmp_path: Path, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = tmp_path / "there"
    if sort == "a file":
        where.write_bytes(b"")
    else:
        # A superuser may write everywhere.
        monkeypatch.setattr(
            "signals_agent.recording.recorder.FileIO",
            lambda *_: (_ for _ in ()).throw(PermissionError(13, "Permission denied")),
        )
    with pytest.raises(sa.StoreError, match=r"cannot record .*there: (File exists|Perm)"):
        recorder(where)


def test_the_loop_waits_only_while_the_disk_is_far_behind(
    recorder: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    kept = recorder()
    append = kept._append

    def slow(octets: bytes) -> None:
        go.wait()
        append(octets)

    monkeypatch.setattr(kept, "_append", slow)
    big = Capture("https://a.example/", 200, [], bytes(5_000_000), fetched_at=AT)
    for _ in range(12):
        kept.take(big, Role.ASSET)
    assert kept.written == 0
    waiting = threading.Thread(target=lambda: [kept.take(big, Role.ASSET) for _ in range(5)])
    waiting.start()
    waiting.join(timeout=0.05)
    assert waiting.is_alive()
    go.set()
    waiting.join()
    kept.close()
    assert kept.written == 17


def test_recording_needs_no_extra(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['fastwarc'] = None; sys.modules['warcio'] = None\n"
        "from signals_agent.recording import Recorder\n"
        "from signals_agent.model.capture import Capture, Role\n"
        "with Recorder(sys.argv[1], software='t', user_agent='T') as kept:\n"
        "    kept.take(Capture('https://a.example/', 200, [], b'x'), Role.ASSET)\n"
        "print(kept.files[0].stat().st_size > 500)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "True\n"
