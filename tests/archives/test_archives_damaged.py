"""Archives that are damaged: what can be read is read, and what is lost is stated."""

import gc
import gzip
import random
import tracemalloc
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastwarc", reason="archives are read with fastwarc")

from signals_agent.archives import Archived, Losses, captures, revisit
from signals_agent.archives.streams import ZSTD
from signals_agent.errors import ConfigError, UsageError

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "warc"
NOISE = random.Random(7).randbytes(3000)


def names(read: Iterable[Archived]) -> list[str]:
    """The last segment of each URL, with a mark where it is not whole."""
    return [
        each.capture.url.rpartition("/")[2]
        + ("?" if each.capture.truncated or each.capture.availability else "")
        for each in read
    ]


def broken(octets: bytes, at: int) -> bytes:
    return octets[:at] + bytes([octets[at] ^ 0xFF]) + octets[at + 1 :]


def plain(press: Any) -> dict[str, tuple[bytes, list[str], int]]:
    """Damaged octets, what is to be read of them, and how many losses are stated."""
    a, b, c, d = (press.page(each, NOISE.hex().encode()[:600]) for each in "abcd")
    wrong = {"text": b"y" * 600}
    return {
        "whole": (a + b + c, ["a", "b", "c"], 0),
        "empty": (b"", [], 0),
        "no archive": (NOISE, [], 1),
        "cut in the last block": (a + b[:-200], ["a", "b?"], 1),
        "cut in the last header": (a + b[:60], ["a"], 1),
        "garbage in front": (b"garbage\n" + a + b, ["a", "b"], 1),
        "garbage between": (a + b"garbage\r\n" + b + c, ["a", "b", "c"], 1),
        "garbage twice": (a + NOISE + b + NOISE + c, ["a", "b", "c"], 2),
        "garbage behind": (a + NOISE, ["a"], 1),
        "a length too long": (
            a + press.page("b", **wrong, length=1200) + c + d, ["a", "b?", "c", "d"], 1,
        ),
        "a length too short": (
            a + press.page("b", **wrong, length=100) + c + d, ["a", "b?", "c", "d"], 1,
        ),
        "a length beyond the end": (
            a + press.page("b", **wrong, length=10**9) + c + d, ["a", "b?", "c", "d"], 1,
        ),
        "a header without a length": (
            a + press.page("b", **wrong, Content_Length="") + c, ["a", "c"], 1,
        ),
    }  # fmt: skip


def packed(press: Any) -> dict[str, tuple[bytes, list[str], int]]:
    a, b, c, d = (press.gz(press.page(each, NOISE.hex().encode())) for each in "abcd")
    wrong = {"text": NOISE.hex().encode()}
    return {
        "whole": (a + b + c, ["a", "b", "c"], 0),
        "cut in the last member": (a + b[:-500], ["a", "b?"], 1),
        "cut at the last member's beginning": (a + b[:12], ["a"], 1),
        "garbage in front": (b"garbage" + a + b, ["a", "b"], 1),
        "garbage between": (a + b"garbage" + b + c, ["a", "b", "c"], 1),
        "a member in the way": (a + gzip.compress(b"x" * 999) + b + c, ["a", "b", "c"], 1),
        "zeros behind": (a + b + bytes(5000), ["a", "b"], 1),
        "data damaged": (a + broken(b, len(b) // 2) + c + d, ["a", "b?", "c", "d"], 1),
        "a check sum damaged": (a + broken(b, len(b) - 6) + c + d, ["a", "b?", "c", "d"], 1),
        "a length too long": (
            a + press.gz(press.page("b", **wrong, length=7000)) + c + d, ["a", "b?", "c", "d"], 1,
        ),
        "a length too short": (
            a + press.gz(press.page("b", **wrong, length=100)) + c + d, ["a", "b?", "c", "d"], 1,
        ),
        "all in one member, garbage in it": (
            gzip.compress(press.page("a") + press.page("b") + b"garbage" + press.page("c")),
            ["a", "b?"],
            1,
        ),
    }  # fmt: skip


CASES = ("whole", "empty", "no archive", "cut in the last block", "cut in the last header",
         "garbage in front", "garbage between", "garbage twice", "garbage behind",
         "a length too long", "a length too short", "a length beyond the end",
         "a header without a length")  # fmt: skip
PACKED = ("whole", "cut in the last member", "cut at the last member's beginning",
          "garbage in front", "garbage between", "a member in the way", "zeros behind",
          "data damaged", "a check sum damaged", "a length too long", "a length too short",
          "all in one member, garbage in it")  # fmt: skip


def check(case: tuple[bytes, list[str], int], file: Callable[..., Path]) -> None:
    octets, read, lost = case
    losses = Losses()
    path = file(octets)
    assert names(captures(path, losses=losses)) == read
    assert losses.count == lost == len(losses.kept)
    for each in losses.kept:
        assert each.file == str(path)
        assert 0 <= each.offset <= len(octets)
        assert each.until is None or each.offset < each.until < len(octets)
        assert each.reason


@pytest.mark.parametrize("case", CASES)
def test_a_plain_file_is_read_as_far_as_it_can_be(
    case: str, press: Any, file: Callable[..., Path]
) -> None:
    assert set(CASES) == set(plain(press))
    check(plain(press)[case], file)


@pytest.mark.parametrize("case", PACKED)
def test_a_gzip_file_is_read_as_far_as_it_can_be(
    case: str, press: Any, file: Callable[..., Path]
) -> None:
    assert set(PACKED) == set(packed(press))
    check(packed(press)[case], file)


def test_where_reading_stopped_and_went_on_is_stated(press: Any, file: Callable[..., Path]) -> None:
    a, b = press.gz(press.page("a")), press.gz(press.page("b"))
    losses = Losses()
    read = list(captures(file(a + b"garbage" + b), losses=losses))
    assert [each.record.offset for each in read] == [0, len(a) + 7]
    (loss,) = losses.kept
    assert (loss.offset, loss.until) == (len(a), len(a) + 7)


def test_a_swallowed_record_is_not_part_of_the_one_before(
    press: Any, file: Callable[..., Path]
) -> None:
    octets = press.page("a", b"y" * 50, length=500) + press.page("b", b"z" * 600)
    first, _ = captures(file(octets))
    assert first.capture.body is not None
    assert b"WARC" not in first.capture.body


def test_every_single_octet_may_be_wrong(press: Any, file: Callable[..., Path]) -> None:
    pages = [press.page(each, b"text") for each in "abc"]
    for octets in (b"".join(pages), press.gz(*pages)):
        for at in range(0, len(octets), 3):
            read = names(captures(file(broken(octets, at))))
            assert len(read) <= 4
            # Damage reaches one record, and where its length is meant, what says so.
            assert len({"a", "b", "c"} & set(read)) >= 2, at


def test_zstd_is_read_and_goes_on_behind_damage(press: Any, file: Callable[..., Path]) -> None:
    zstd = pytest.importorskip("backports.zstd", reason="zstd archives are written with it")
    a, b, c = (zstd.compress(press.page(each)) for each in "abc")
    assert a.startswith(ZSTD)
    assert names(captures(file(a + b + c, "a.warc.zst"))) == ["a", "b", "c"]
    losses = Losses()
    read = names(captures(file(a + b"garbage" + b + c, "b.warc.zst"), losses=losses))
    # Whether the record before was whole cannot be told.
    assert read == ["a?", "b", "c"]
    assert losses.count == 1


def wacz(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", method) as bag:
        for name, octets in members.items():
            bag.writestr(name, octets)
    return path


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_archives_of_a_wacz_file_are_read(press: Any, tmp_path: Path, method: int) -> None:
    members = {
        "archive/one.warc.gz": press.gz(press.page("a"), press.page("b")),
        "pages/pages.jsonl": b"{}",
        "archive/two.warc": press.page("c"),
    }
    path = wacz(tmp_path / "a.wacz", members, method)
    losses = Losses()
    read = list(captures(path, losses=losses))
    assert names(read) == ["a", "b", "c"]
    assert {each.record.file for each in read} == {
        f"{path}!archive/one.warc.gz",
        f"{path}!archive/two.warc",
    }
    assert losses.count == 0


def test_a_wacz_file_without_its_directory_still_tells(press: Any, tmp_path: Path) -> None:
    members = {"archive/one.warc.gz": press.gz(press.page("a"), press.page("b"))}
    path = wacz(tmp_path / "a.wacz", members)
    path.write_bytes(path.read_bytes()[:-60])
    losses = Losses()
    assert names(captures(path, losses=losses)) == ["a", "b"]
    assert losses.count >= 1


def arc(name: str, text: bytes, length: int | None = None) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>" + text
    size = len(block) if length is None else length
    return b"http://a.example/%s 192.0.2.1 20261101120000 text/html %d\n%s\n" % (
        name.encode(),
        size,
        block,
    )


HEAD = b"filedesc://a.arc 0.0.0.0 20261101120000 text/plain 9\n1 0 Said\n\n"


@pytest.mark.parametrize(
    ("octets", "read", "lost"),
    [
        pytest.param(HEAD + arc("a", b"x") + arc("b", b"x"), ["a", "b"], 0, id="whole"),
        pytest.param(HEAD + arc("a", b"x") + b"junk\n" + arc("b", b"x"), ["a", "b"], 1, id="junk"),
        pytest.param(HEAD + arc("a", b"x" * 90)[:-40], ["a?"], 1, id="cut"),
        pytest.param(
            HEAD + arc("a", b"x" * 90, 190) + arc("b", b"x" * 90) + arc("c", b"x"),
            ["a?", "b", "c"],
            1,
            id="a length too long",
        ),
        pytest.param(
            HEAD + arc("a", b"x" * 90, 60) + arc("b", b"x"), ["a?", "b"], 1, id="a length too short"
        ),
        pytest.param(
            gzip.compress(HEAD) + gzip.compress(arc("a", b"x")) + gzip.compress(arc("b", b"x")),
            ["a", "b"],
            0,
            id="gzip",
        ),
        pytest.param(
            gzip.compress(HEAD) + b"junk" + gzip.compress(arc("a", b"x")), ["a"], 1, id="gzip, junk"
        ),
        pytest.param(
            gzip.compress(HEAD)
            + gzip.compress(arc("a", NOISE.hex().encode()))[:900]
            + gzip.compress(arc("b", b"x")),
            ["a?", "b"],
            2,
            id="gzip, a member cut",
        ),
    ],
)
def test_arc_files_are_read_as_far_as_they_can_be(
    octets: bytes, read: list[str], lost: int, file: Callable[..., Path]
) -> None:
    losses = Losses()
    found = list(captures(file(octets), losses=losses))
    assert names(found) == read
    assert losses.count == lost
    assert all(str(each.capture.fetched_at) == "2026-11-01 12:00:00+00:00" for each in found)


@pytest.mark.skipif(not DATA.is_dir(), reason="no archives beside the checkout in ../shared/data")
def test_no_archive_of_other_software_raises() -> None:
    whole = 0
    for path in sorted(DATA.iterdir()):
        losses = Losses()
        read = list(captures(path, losses=losses))
        assert read or losses.left_out or losses.count, path.name
        whole += sum(b"<html" in (each.capture.body or b"") for each in read)
    assert whole >= 10


def test_memory_stays_flat_over_a_large_archive(
    press: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is remembered for revisit records is bounded, like the cache of parsed URLs.
    monkeypatch.setattr(revisit, "_REMEMBERED", 20)

    def peak(many: int) -> int:
        path = tmp_path / f"{many}.warc.gz"
        with path.open("wb") as out:
            for number in range(many):
                out.write(press.gz(press.page(str(number % 10), NOISE * 30)))
        tracemalloc.start()
        read = 0
        for read, _ in enumerate(captures(path), 1):
            if read % 20 == 0:
                gc.collect()  # what waits for it is not what is held
        assert read == many
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(5)
    assert peak(600) < 1.2 * peak(60)


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read"):
        captures(tmp_path / "none.warc")
    with pytest.raises(UsageError, match="headers, head, page"):
        captures(tmp_path, depth="all")
