"""Results and evidence are packed; text of older ledgers and hostile octets are read as well."""

import json
import pickle
import sqlite3
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledgers import CREDIT, FREE, NO, assessed, numbered
from tampering import as_text, tamper, without_triggers

import signals_agent as sa
from signals_agent import evidence
from signals_agent.errors import StoreError
from signals_agent.store import Fault, Ledger, packing, unpacked, verify, writing
from signals_agent.store.last_ingested import last_ingested

ROOT = Path(__file__).parents[2]
DICTIONARY = (ROOT / "signals_agent" / "store" / "dictionary-0001.txt").read_bytes()
URL = "https://example.org/a"


@pytest.fixture
def filled(path: Path) -> Path:
    with Ledger(path) as ledger:
        ledger.append_many(numbered(n) for n in range(6))
    return path


def found(path: Path) -> list[tuple[str, int | None, str]]:
    with Ledger(path, read_only=True) as ledger:
        return [(each.fault, each.number, each.text) for each in verify(ledger)]


def kinds(path: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(path) as looking:
        query = "SELECT typeof(result), typeof(evidence) FROM assessments ORDER BY id"
        rows = looking.execute(query).fetchall()
    looking.close()
    return rows


def packed(octets: bytes, level: int = 3, dictionary: bytes | None = DICTIONARY) -> bytes:
    """As somebody packs it who need not be us."""
    packer = (
        zlib.compressobj(level) if dictionary is None else zlib.compressobj(level, zdict=dictionary)
    )
    return packer.compress(octets) + packer.flush()


def test_the_dictionary_that_shipped_is_never_changed() -> None:
    """A ledger that was written with it could not be read any more."""
    assert sha256(DICTIONARY).hexdigest() == (
        "a7deb3d6bb6dcb1a400e8e3badc3d40b5344785538cbf9696afab41f33402693"
    )
    assert packing.DICTIONARIES[zlib.adler32(DICTIONARY)] == "dictionary-0001.txt"


def test_octets_that_were_packed_once_are_read_for_ever() -> None:
    octets = bytes.fromhex("787df8c7d5be031da8474cf1843df9d50200ced41659")
    assert unpacked(octets) == '{"schema":"signals-agent/assessment/1","tokens":["ExampleBot"]}'


def test_new_entries_are_packed_and_much_shorter(filled: Path) -> None:
    assert set(kinds(filled)) == {("blob", "blob")}
    with sqlite3.connect(filled) as looking:
        looking.create_function("plain", 1, packing.unpack)
        ((packed_, plain),) = looking.execute(
            "SELECT sum(length(result) + length(evidence)), "
            "sum(length(plain(result)) + length(plain(evidence))) FROM assessments"
        ).fetchall()
    looking.close()
    assert packed_ < plain / 4


def test_what_is_read_is_what_was_written_byte_for_byte(ledger: Ledger) -> None:
    made = assessed(said=CREDIT)
    held = evidence.of(made)
    ledger.append(made)
    (entry,) = ledger
    assert entry.result == json.dumps(
        made.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=True
    )
    ((kept,),) = ledger.file.rows("SELECT evidence FROM assessments")
    assert unpacked(kept) == json.dumps(
        held.document, sort_keys=True, separators=(",", ":"), ensure_ascii=True
    )
    assert entry.id == writing.key_of(writing.moment(made.checked_at), entry.result, unpacked(kept))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda some: st.lists(some) | st.dictionaries(st.text(), some),
        max_leaves=20,
    )
)
def test_canonical_json_is_that_of_before(value: object) -> None:
    """The digests of older ledgers are of this very spelling."""
    assert writing.canonical(value) == json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=True
    )


@given(st.text(max_size=50), st.integers(0, 200))
def test_any_text_comes_back(text: str, times: int) -> None:
    kept = packing.pack(text * times)
    assert packing.unpack(kept) == text * times
    if isinstance(kept, bytes):
        assert len(kept) < len((text * times).encode())


@given(st.binary(max_size=300))
def test_octets_of_any_kind_are_a_text_or_told(octets: bytes) -> None:
    for each in (octets, packed(b"{}" * 50)[:6] + octets, packed(octets)):
        with suppress(StoreError):
            assert len(unpacked(each).encode()) > len(each)


def test_many_threads_may_pack_and_unpack() -> None:
    texts = [json.dumps({"uses": list(range(n))}) for n in range(200)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(packing.unpack, pool.map(packing.pack, texts))) == texts


def test_a_text_too_long_to_be_unpacked_is_kept_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "LONGEST", 100)
    assert isinstance(packing.pack("a" * 100), bytes)
    assert packing.unpack(packing.pack("a" * 100)) == "a" * 100
    assert packing.pack("a" * 101) == "a" * 101


def test_an_older_ledger_is_read_verified_and_goes_on(filled: Path) -> None:
    with Ledger(filled, read_only=True) as ledger:
        before, chain = [(each.id, each.assessment) for each in ledger], ledger.count().chain
    as_text(filled)
    assert set(kinds(filled)) == {("text", "text")}
    with Ledger(filled) as ledger:
        assert [(each.id, each.assessment) for each in ledger] == before
        assert list(verify(ledger, chain=chain)) == []
        ledger.append(numbered(0))  # which is there
        assert ledger.count().assessments == 6
        assert ledger.count().chain == chain
        ledger.append_many(numbered(n) for n in range(4, 9))
        assert ledger.count().assessments == 9
        assert len(list(last_ingested(ledger))) == 6
    assert kinds(filled) == [("text", "text")] * 6 + [("blob", "blob")] * 3
    assert found(filled) == []


def test_readings_of_a_file_with_both_are_alike(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.append_many((assessed(said=FREE), assessed(said=NO, day=1)))
    tamper(path, "UPDATE assessments SET result = plain(result) WHERE id = 1")
    tamper(path, "UPDATE assessments SET evidence = plain(evidence) WHERE id = 2")
    assert kinds(path) == [("text", "blob"), ("blob", "text")]
    assert found(path) == []
    with Ledger(path, read_only=True) as ledger:
        (tightened,) = ledger.all_tightened()
        assert tightened.before.url == tightened.after.url == URL
        assert ledger.evidence(1).document["asset"]["url"] == URL
        assert ledger.evidence(2).document["asset"]["url"] == URL
        assert ledger.why(URL) is not None


BOMB = packed(b"[" * (packing.LONGEST + 1), 9)
TEXT = b'{"schema":"signals-agent/assessment/1"}' * 20
NONE = "is no text, nor packed as this software packs it"

HOSTILE = [
    pytest.param(BOMB, "is longer than 16777216 octets", id="a bomb"),
    pytest.param(packed(b"[" * packing.LONGEST, 9), "", id="the longest that is unpacked"),
    pytest.param(packed(TEXT, dictionary=None), NONE, id="without a dictionary"),
    pytest.param(packed(TEXT, dictionary=b"another"), NONE, id="with another dictionary"),
    pytest.param(packed(TEXT) + b"x", "beyond its end there are other octets", id="trailing"),
    pytest.param(packed(TEXT) * 2, "beyond its end there are other octets", id="twice"),
    pytest.param(packed(TEXT)[:-1], "its end is missing", id="cut"),
    pytest.param(packed(TEXT)[:6], NONE, id="a header alone"),
    pytest.param(packed(TEXT)[:7], "its end is missing", id="a header and an octet"),
    pytest.param(packed(TEXT)[:-4] + b"sums", "cannot be unpacked", id="of another sum"),
    pytest.param(b"\x78\x00" + packed(TEXT)[2:], NONE, id="a header that is none"),
    pytest.param(b"\x79" + packed(TEXT)[1:], "cannot be unpacked", id="another method"),
    pytest.param(packed(TEXT)[:6] + b"\xff" * 90, "cannot be unpacked", id="garbage"),
    pytest.param(packed(b"\xff\xfe" * 90), "is no text", id="packed octets that are no text"),
    pytest.param(packed(b"{}"), "is packed into more octets than it has", id="longer than it is"),
    pytest.param(packed(TEXT, 0) + b"", "more octets than it has", id="not packed in truth"),
    pytest.param(b"", NONE, id="no octets"),
    pytest.param(b"{}", NONE, id="JSON as octets"),
]


@pytest.mark.parametrize(("octets", "said"), HOSTILE)
@pytest.mark.parametrize("column", ["result", "evidence"])
def test_hostile_octets_are_a_finding_and_a_sentence(
    filled: Path, octets: bytes, said: str, column: str
) -> None:
    with without_triggers(filled) as other:
        other.execute(f"UPDATE assessments SET {column} = ? WHERE id = 2", (octets,))
    told = found(filled)
    assert {number for _, number, _ in told} == {2}
    assert (Fault.DAMAGED if said else Fault.CHANGED) in {fault for fault, _, _ in told}
    assert any(f"its {column} " in text and said in text for _, _, text in told), told
    with Ledger(filled, read_only=True) as ledger:
        assert len(list(ledger)) == 6  # the others are read all the same
        entry = list(ledger)[1]
        if column == "result":
            with pytest.raises(StoreError, match="entry 2 of the ledger is damaged: its result "):
                _ = entry.assessment
        else:
            with pytest.raises(StoreError, match="entry 2 cannot be read"):
                ledger.evidence(entry)


def test_hostile_octets_are_told_by_commands(
    filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from signals_agent.cli import app

    with without_triggers(filled) as other:
        other.execute("UPDATE assessments SET result = ?", (BOMB,))
    url = "https://example.org/page-1"
    for question in (["ledger", str(filled), "--said", url], ["corpus", str(filled)]):
        assert app.run(question) == 2
        told = capsys.readouterr()
        assert told.err.count("\n") == 1
        assert "of the ledger is damaged: its result is damaged: unpacked it is longer" in told.err
    assert app.run(["verify", str(filled)]) == 1
    assert "unpacked it is longer than" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("level", [1, 6, 9])
def test_other_octets_of_the_same_text_are_no_finding(filled: Path, level: int) -> None:
    """Another zlib packs the same text otherwise; whatever unpacks it comes to the same text."""
    with without_triggers(filled) as other:
        rows = other.execute("SELECT id, result FROM assessments").fetchall()
        for number, result in rows:
            again = packed(unpacked(result).encode(), level)
            assert again != result
            other.execute("UPDATE assessments SET result = ? WHERE id = ?", (again, number))
    assert found(filled) == []


@pytest.mark.parametrize(
    ("column", "change", "said"),
    [
        pytest.param(
            "result", ('"skip"', '"ingest"'), "is not what was written", id="another result"
        ),
        pytest.param("evidence", ("train-ai=n", "train-ai=y"), "cannot be recomputed", id="word"),
        pytest.param("result", ('{"acc', '{"url":"","acc'), "another spelling", id="twice"),
        pytest.param("result", ('{"access"', '{ "access"'), "another spelling", id="a space"),
        pytest.param("result", ('{"access"', '["access"'), "is no JSON", id="no JSON"),
    ],
)
def test_what_was_packed_anew_with_other_words_is_found(
    filled: Path, column: str, change: tuple[str, str], said: str
) -> None:
    tamper(
        filled,
        f"UPDATE assessments SET {column} = packed(replace(plain({column}), "
        f"'{change[0]}', '{change[1]}')) WHERE id = 3",
    )
    assert kinds(filled)[2] == ("blob", "blob")
    told = found(filled)
    assert {number for _, number, _ in told} == {3}
    assert any(said in text for _, _, text in told), told


def test_without_the_dictionary_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "DICTIONARIES", {7: "dictionary-0001.txt"})
    for cached in (packing._dictionary, packing._packer):
        cached.cache_clear()
    try:
        with pytest.raises(StoreError, match=r"dictionary-0001\.txt of signals-agent itself"):
            packing.pack("{}" * 9)
    finally:
        packing._dictionary.cache_clear()


def test_the_columns_are_read_as_the_guide_says(
    filled: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = (ROOT / "docs" / "ledger.md").read_text("utf-8").split("```python\n")[2]
    filled.rename(filled.with_name("crawl.db"))
    monkeypatch.chdir(filled.parent)
    exec(compile(code.split("```")[0], "docs/ledger.md", "exec"), {})
    url, result = capsys.readouterr().out.splitlines()[0].split(" ", 1)
    assert url == json.loads(result)["url"] == "https://example.org/page-0"
    octets = packing.pack(result)
    assert isinstance(octets, bytes)
    assert zlib.decompressobj(zdict=DICTIONARY).decompress(octets).decode() == result


def test_a_record_is_made_in_another_process_and_written_in_this_one(path: Path) -> None:
    script = (
        "import pickle, sys\n"
        "from ledgers import numbered\n"
        "from signals_agent import evidence\n"
        "from signals_agent.store import writing\n"
        "for n in range(5):\n"
        "    held = evidence.of(made := numbered(n))\n"
        "    pickle.dump(writing.record(made, held.document, held.blobs), sys.stdout.buffer)\n"
    )
    made = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        check=True,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'tests' / 'support'}", "PATH": ""},
    ).stdout
    records = []
    while made:
        records.append(pickle.loads(made))
        made = made[len(pickle.dumps(records[-1], pickle.DEFAULT_PROTOCOL)) :]
    assert len(records) == 5
    with Ledger(path) as ledger:
        with ledger.file.writing() as connection:
            assert writing.write_many(connection, records) == [1, 2, 3, 4, 5]
        assert [each.id for each in ledger] == [each.key for each in records]
        assert list(verify(ledger)) == []


def records_of(*made: sa.Assessment) -> list[writing.Record]:
    held = [evidence.of(each) for each in made]
    return [
        writing.record(each, kept.document, kept.blobs)
        for each, kept in zip(made, held, strict=True)
    ]


def test_the_numbers_of_entries_are_told_whether_they_are_new_or_not(ledger: Ledger) -> None:
    one, two, three = records_of(numbered(1), numbered(2), numbered(3))
    with ledger.file.writing() as connection:
        assert writing.write(connection, two) == 1
        assert writing.write_many(connection, [one, two, three, one]) == [2, 1, 3, 2]
        assert writing.write_many(connection, []) == []
        assert writing.write(connection, three) == 3
    assert ledger.count().assessments == 3
    assert list(verify(ledger)) == []


def test_written_together_or_one_by_one_the_rows_are_the_same(tmp_path: Path) -> None:
    made = records_of(*(numbered(n) for n in range(20)), assessed(said=CREDIT, day=4))
    nouns = ("blob", "capture", "declaration", "obligation")
    tables = ["assessments", "obligation_declarations"]
    tables += [name for noun in nouns for name in (f"{noun}s", f"assessment_{noun}s")]
    here = []
    for name, size in (("one", 1), ("some", 7), ("all", 21)):
        with Ledger(tmp_path / name) as ledger:
            for start in range(0, len(made), size):
                with ledger.file.writing() as connection:
                    writing.write_many(connection, made[start : start + size])
            assert list(verify(ledger)) == []
            # The numbers of rows that are shared may be others.
            counts = [ledger.file.rows(f"SELECT count(*) FROM {table}") for table in tables]
            chain = ledger.count().chain
            here.append((counts, chain))
    assert here[0] == here[1] == here[2]


def test_what_was_rolled_back_is_written_again(ledger: Ledger) -> None:
    """Nothing is remembered from one transaction to the next."""
    made = records_of(numbered(1), numbered(2))
    with suppress(ZeroDivisionError), ledger.file.writing() as connection:
        writing.write_many(connection, made)
        raise ZeroDivisionError
    assert ledger.count().blobs == 0
    with ledger.file.writing() as connection:
        assert writing.write_many(connection, made) == [1, 2]
    assert list(verify(ledger)) == []
