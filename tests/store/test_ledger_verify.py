"""Verifying recomputes every verdict, and tells whatever is not as it was written."""

import asyncio
import gc
import gzip
import json
import sqlite3
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from ledgers import CREDIT, FREE, NO, assessed, numbered
from tampering import as_text, cut, tamper, without_triggers

import signals_agent as sa
from signals_agent import evidence
from signals_agent.demo import run
from signals_agent.store import Fault, Ledger, Verification, verify, writing
from signals_agent.version import VERSION


@pytest.fixture
def filled(path: Path) -> Path:
    """Seven pages of one site."""
    with Ledger(path) as ledger:
        ledger.append_many(numbered(n) for n in range(7))
    return path


def found(path: Path) -> list[tuple[str, int | None, str]]:
    with Ledger(path, read_only=True) as ledger:
        return [(each.fault, each.number, each.text) for each in verify(ledger)]


def test_the_bundled_publishers_come_out_equal(path: Path) -> None:
    demo = asyncio.run(run.run())
    results = [each.result for each in demo.checked]
    assert len({each.verdict.decision for each in results if each.verdict}) > 1
    so_far = Verification()
    with Ledger(path) as ledger:
        ledger.append_many(results)
        assert list(verify(ledger, so_far)) == []
        assert so_far.assessments == so_far.equal == len(results) > 5
        assert so_far.chain == ledger.count().chain


def test_real_pages_come_out_equal(path: Path, real_data: Path) -> None:
    files = sorted((real_data / "pages").glob("*.html.gz"))[:40]
    assert files
    with Ledger(path) as ledger:
        for file in files:
            url = f"https://{file.name[:12]}.example/"
            page = sa.Capture(
                url, 200, [("Content-Type", "text/html")], gzip.decompress(file.read_bytes())
            )
            ledger.append(
                sa.assess(
                    page,
                    robots=b"User-agent: *\nAllow: /\n",
                    site_files={"/.well-known/tdmrep.json": sa.ABSENT},
                    uses=["train-generative"],
                )
            )
        assert ledger.count().assessments == len(files)
        assert list(verify(ledger)) == []


def test_an_empty_ledger_has_nothing_to_find(ledger: Ledger) -> None:
    assert list(verify(ledger)) == []


def test_another_reading_of_the_same_octets_is_told_place_by_place(filled: Path) -> None:
    def stricter(document: object, blobs: object) -> sa.Assessment:
        made = evidence.recompute(document, blobs)  # type: ignore[arg-type]  # JSON as it was read back
        if not made.url.endswith("page-3"):
            return made
        verdict = made.verdict
        assert verdict is not None
        return made.model_copy(
            update={"verdict": replace(verdict, decision=sa.Decision.SKIP), "valid_until": None}
        )

    so_far = Verification()
    with Ledger(filled, read_only=True) as ledger:
        (finding,) = verify(ledger, so_far, recompute=stricter)
    assert (finding.fault, finding.number, finding.url) == (
        Fault.DIFFERS,
        4,
        "https://example.org/page-3",
    )
    assert {each.pointer: (each.stored, each.recomputed) for each in finding.differences} == {
        "/verdict/decision": ('"ingest"', '"skip"'),
        "/valid_until": ('"2026-11-05T12:00:00Z"', ""),
    }
    assert (so_far.assessments, so_far.equal, so_far.findings) == (7, 6, 1)


def test_another_version_may_choose_other_words_but_not_another_answer(filled: Path) -> None:
    def reworded(version: str, decision: str | None) -> Callable[..., sa.Assessment]:
        def made(document: object, blobs: object) -> sa.Assessment:
            result = evidence.recompute(document, blobs).model_dump(mode="json")  # type: ignore[arg-type]  # JSON as it was read back
            result["tool"]["version"] = version
            for reason in result["verdict"]["reasons"]:
                reason["text"] = "in other words"
            result["verdict"]["decision"] = decision or result["verdict"]["decision"]
            return sa.Assessment.model_validate(result)

        return made

    with Ledger(filled, read_only=True) as ledger:
        assert list(verify(ledger, recompute=reworded("99.0", None))) == []
        assert len(list(verify(ledger, recompute=reworded(VERSION, None)))) == 7
        assert len(list(verify(ledger, recompute=reworded("99.0", "hold")))) == 7


@pytest.mark.parametrize(
    ("statement", "fault", "said"),
    [
        pytest.param(
            "UPDATE assessments SET result = replace(plain(result), 'skip', 'ingest') WHERE id = 3",
            Fault.CHANGED,
            "its time, result or evidence is not what was written",
            id="a result",
        ),
        pytest.param(
            "UPDATE assessments SET result = replace(plain(result), 'skip', 'ingest') WHERE id = 3",
            Fault.DIFFERS,
            "what it rests on comes to another result",
            id="a result, which does not come out again",
        ),
        pytest.param(
            "UPDATE assessments SET evidence = "
            "replace(plain(evidence), 'train-ai=n', 'train-ai=y') WHERE id = 3",
            Fault.DAMAGED,
            "it cannot be recomputed: the evidence was changed",
            id="evidence",
        ),
        pytest.param(
            "UPDATE assessments SET evidence = '[' WHERE id = 3",
            Fault.DAMAGED,
            "its evidence is no JSON",
            id="evidence that is no JSON",
        ),
        pytest.param(
            "UPDATE assessments SET evidence = '[]' WHERE id = 3",
            Fault.DAMAGED,
            "it cannot be recomputed",
            id="evidence that is no document",
        ),
        pytest.param(
            "UPDATE assessments SET result = '{}' WHERE id = 3",
            Fault.DAMAGED,
            "its result is none: /tool is missing (and 8 more)",
            id="a result that is none",
        ),
        pytest.param(
            "UPDATE assessments SET result = replace(plain(result), '\"skip\"', '\"sk\"') "
            "WHERE id = 3",
            Fault.DAMAGED,
            "its result is none: /uses/train-generative/decision is not what stands there",
            id="a result of which a part is none",
        ),
        pytest.param(
            "UPDATE assessments SET result = '[' || plain(result) || ']' WHERE id = 3",
            Fault.DAMAGED,
            "its result is none: it is not what stands there in a result",
            id="a list of a result",
        ),
        pytest.param(
            "UPDATE assessments SET result = substr(plain(result), 2) WHERE id = 3",
            Fault.DAMAGED,
            "its result is no JSON",
            id="a result that is cut",
        ),
        pytest.param(
            "UPDATE assessments SET result = x'00ff' WHERE id = 3",
            Fault.DAMAGED,
            "its result is no text, nor packed as this software packs it",
            id="octets in place of a result",
        ),
        pytest.param(
            "UPDATE assessments SET result = CAST(x'7b22ff22' AS TEXT) WHERE id = 3",
            Fault.DAMAGED,
            "entry 3 cannot be read: ",
            id="text that is no UTF-8",
        ),
        pytest.param(
            "UPDATE assessments SET decision = 'ingest', url = 'https://example.org/x' "
            "WHERE id = 3",
            Fault.CHANGED,
            "beside its result it says something else: url, decision",
            id="what it is found by",
        ),
        pytest.param(
            "UPDATE assessments SET checked_at = '2020-01-01T00:00:00.000000Z' WHERE id = 3",
            Fault.CHANGED,
            "its time, result or evidence is not what was written",
            id="the time",
        ),
        pytest.param(
            "UPDATE declarations SET expression = 'train-ai=y' WHERE id IN (SELECT declaration "
            "FROM assessment_declarations WHERE assessment = 3) AND carrier = 'http-header'",
            Fault.CHANGED,
            "its declarations are not those of its result",
            id="a declaration",
        ),
        pytest.param(
            "DELETE FROM assessment_captures WHERE assessment = 3",
            Fault.CHANGED,
            "its captures are not those of its result",
            id="links that are gone",
        ),
    ],
)
@pytest.mark.parametrize("older", [False, True], ids=["packed", "of before it was packed"])
def test_what_was_tampered_with_is_found(
    filled: Path, statement: str, fault: Fault, said: str, older: bool
) -> None:
    # Entry 3 is one that is skipped; what it shares with others may be told of them too.
    if older:
        as_text(filled)
    tamper(filled, statement)
    told = found(filled)
    assert any(each == fault and number == 3 and said in text for each, number, text in told), told
    assert {number for _, number, _ in told} <= {3, None}


def test_octets_that_are_others_by_now_are_told_of_every_entry(filled: Path) -> None:
    tamper(filled, "UPDATE blobs SET octets = x'41'")
    told = found(filled)
    assert [number for _, number, _ in told] == list(range(1, 8))
    assert all("are others by now" in text for _, _, text in told)


def test_octets_that_are_gone_are_told(filled: Path) -> None:
    tamper(filled, "DELETE FROM assessment_blobs WHERE assessment = 2")
    (first, (fault, number, text)) = found(filled)
    assert first == (Fault.CHANGED, 2, "its octets are not those that its evidence names")
    assert (fault, number) == (Fault.DAMAGED, 2)
    assert "it cannot be recomputed: " in text


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        pytest.param(
            ["DELETE FROM assessments WHERE id = 3"], (4, ": entry 3 is missing"), id="taken out"
        ),
        pytest.param(
            ["DELETE FROM assessments WHERE id < 3"], (3, "entries 1 to 2 are"), id="the first"
        ),
        pytest.param(
            ["UPDATE assessments SET id = 99 WHERE id = 3"], (4, ": entry 3 is missing"), id="moved"
        ),
    ],
)
def test_a_row_that_is_taken_out_breaks_the_chain(
    filled: Path, statements: list[str], expected: tuple[int, str]
) -> None:
    tamper(filled, *statements)
    fault, number, text = found(filled)[0]
    assert (fault, number) == (Fault.CHANGED, expected[0])
    assert expected[1] in text


def test_a_row_that_was_put_in_breaks_the_chain(filled: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with Ledger(other) as ledger:
        ledger.append(assessed("https://example.org/page-2", said=FREE, day=2))
    columns = "key, chain, url, final_url, checked_at, tool_version, tool_tables, result, evidence"
    with without_triggers(filled) as connection:
        connection.execute("ATTACH ? AS other", (str(other),))
        connection.execute(
            f"INSERT INTO main.assessments ({columns}) SELECT {columns} FROM other.assessments"
        )
    told = found(filled)
    assert told[0][:2] == (Fault.CHANGED, 8)
    assert "does not follow what was written before" in told[0][2]


def chain_of(path: Path) -> str:
    so_far = Verification()
    with Ledger(path, read_only=True) as ledger:
        assert list(verify(ledger, so_far)) == []
    return so_far.chain


def noted(path: Path, chain: str) -> tuple[list[str], int | None]:
    so_far = Verification()
    with Ledger(path, read_only=True) as ledger:
        texts = [each.text for each in verify(ledger, so_far, chain=chain)]
    assert so_far.findings == len(texts)
    return texts, so_far.noted


def test_rows_taken_from_the_end_show_only_against_a_chain_that_was_noted(filled: Path) -> None:
    chain = chain_of(filled)
    cut(filled, 6)
    assert chain_of(filled) != chain
    (text,), place = noted(filled, chain)
    assert f"the chain {chain} that was noted earlier stands at none of its entries" in text
    assert place is None


def test_a_ledger_that_was_written_anew_shows_only_against_a_chain_that_was_noted(
    filled: Path, tmp_path: Path
) -> None:
    chain = chain_of(filled)
    anew = tmp_path / "anew.db"
    with Ledger(anew) as ledger:
        ledger.append_many(numbered(n) for n in (0, 1, 3, 4, 5, 6, 7))
    chain_of(anew)
    assert len(noted(anew, chain)[0]) == 1


def test_a_chain_that_was_noted_stands_where_it_stood_after_more_was_appended(
    filled: Path,
) -> None:
    chain = chain_of(filled)
    assert noted(filled, chain) == ([], 7)
    with Ledger(filled) as ledger:
        ledger.append(numbered(7))
    assert noted(filled, chain) == ([], 7)
    assert noted(filled, writing.FIRST) == ([], 0)


def test_a_file_with_any_page_destroyed_is_told_of_and_never_a_traceback(
    filled: Path, tmp_path: Path
) -> None:
    """Each page in turn: a finding, or a sentence where the file as a whole is of no use."""
    whole = filled.read_bytes()
    size = int.from_bytes(whole[16:18], "big")
    broken = tmp_path / "broken.db"
    ends, refused = {"found": 0, "unused": 0}, []
    for start in range(size, len(whole), size):
        broken.write_bytes(whole[:start] + b"\xa5" * size + whole[start + size :])
        try:
            # The page of an index that verifying does not need is no finding.
            ends["found" if found(broken) else "unused"] += 1
        except sa.SignalsAgentError as error:
            refused.append(str(error))
    assert all("is damaged" in each for each in refused)
    assert ends["found"] > 5, ends
    assert len(refused) < ends["found"], refused


def test_a_table_that_breaks_off_is_read_as_far_as_it_goes(path: Path, tmp_path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.append_many(numbered(n) for n in range(60))
    looking = sqlite3.connect(path)
    try:
        leaves = looking.execute(
            "SELECT DISTINCT pageno FROM dbstat WHERE name = 'assessments' AND pagetype = 'leaf'"
        ).fetchall()
    except sqlite3.OperationalError:
        pytest.skip("this SQLite has no dbstat")
    finally:
        looking.close()
    whole = path.read_bytes()
    size = int.from_bytes(whole[16:18], "big")
    start = (leaves[len(leaves) // 2][0] - 1) * size
    path.write_bytes(whole[:start] + b"\xa5" * size + whole[start + size :])
    told = found(path)
    damaged = [number for fault, number, _ in told if fault == Fault.DAMAGED]
    assert 0 < len(damaged) < 30
    so_far = Verification()
    with Ledger(path, read_only=True) as ledger:
        list(verify(ledger, so_far))
    assert so_far.equal >= 60 - len(damaged) - 1


def drain(walk: Callable[[], Iterable[object]]) -> int:
    return sum(1 for _ in walk())


def peak_of(work: Callable[[], object]) -> int:
    gc.freeze()  # so that looking for cycles looks at what the work makes
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.unfreeze()


def test_twenty_thousand_entries_are_walked_in_flat_memory(tmp_path: Path) -> None:
    made = assessed(said=CREDIT)
    held = evidence.of(made)
    one = writing.record(made, held.document, held.blobs)
    peaks = []
    for count in (2_000, 20_000):
        with Ledger(tmp_path / f"{count}.db") as ledger:
            with ledger.file.writing() as connection:
                writing.write(connection, one)
                names = [row[1] for row in connection.execute("PRAGMA table_info(assessments)")]
                connection.executemany(
                    f"INSERT INTO assessments ({', '.join(names[1:])}) "
                    f"SELECT :key, {', '.join(names[2:-2])}, '{{}}', '{{}}' FROM assessments "
                    "WHERE id = 1",
                    ({"key": f"{number:064x}"} for number in range(count - 1)),
                )
                (declaration,) = connection.execute(
                    "SELECT declaration FROM declarations WHERE id = 1"
                ).fetchone()
                connection.execute(
                    "INSERT INTO assessment_declarations "
                    "SELECT id, 1, 1 FROM assessments WHERE id > 1"
                )
            walks = (ledger.ingested, partial(ledger.resting_on, declaration))
            assert [drain(walk) for walk in walks] == [count, count]
            peaks.append([peak_of(partial(drain, walk)) for walk in walks])
    few, many = peaks
    assert all(large < 1.5 * small for small, large in zip(few, many, strict=True)), peaks


def test_verifying_and_appending_need_memory_that_does_not_grow(tmp_path: Path) -> None:
    def made(count: int) -> Iterator[sa.Assessment]:
        for number in range(count):
            if number % 16 == 0:
                gc.collect()  # when Python looks for cycles by itself is not what is measured
            # The same pages on other days, so that what is cached by URL does not count.
            url = f"https://example.org/{number % 64}"
            yield assessed(url, CREDIT, day=number // 64)

    def measured(count: int) -> tuple[int, int]:
        so_far = Verification()
        with Ledger(tmp_path / f"{count}.db") as ledger:
            appending = peak_of(lambda: ledger.append_many(made(count)))
            verifying = peak_of(lambda: drain(lambda: verify(ledger, so_far, gc.collect)))
        assert so_far.equal == count
        return appending, verifying

    assert drain(lambda: made(8)) == 8  # what is loaded late is loaded
    few, many = measured(64), measured(192)
    assert all(large < 1.5 * small for small, large in zip(few, many, strict=True)), (few, many)


def test_a_finding_is_json(filled: Path) -> None:
    from dataclasses import asdict

    tamper(filled, "UPDATE assessments SET decision = 'hold' WHERE id = 3")
    with Ledger(filled, read_only=True) as ledger:
        (finding,) = verify(ledger)
    assert json.loads(json.dumps(asdict(finding)))["number"] == 3
    assert NO in numbered(2).declarations[0].expression
