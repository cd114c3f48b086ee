"""Whatever is changed in a ledger's file, table by table and column by column, is found."""

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from ledgers import CREDIT, FREE, NO, POLICY, START, assessed
from tampering import as_text, tamper, without_triggers

import signals_agent as sa
from signals_agent import version
from signals_agent.store import Fault, Finding, Ledger, migrations, verify, writing
from signals_agent.store.differences import differences

PAYS = "train-genai=n;exceptions=cc-cr-dc"
ODD = START + timedelta(hours=7, microseconds=123_457)
PREPAY = (
    b'<rsl xmlns="https://rslstandard.org/rsl"><content url="/">'
    b'<license><permits type="usage">ai-train</permits>'
    b'<payment type="attribution"><standard>https://example.org/terms</standard></payment>'
    b"</license></content></rsl>"
)


def schema() -> list[tuple[str, str]]:
    """Every column of every table."""
    made = sqlite3.connect(":memory:", isolation_level=None)
    migrations.migrate(made, 0)
    tables = made.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return [
        (table, column)
        for (table,) in tables
        for _, column, *_ in made.execute(f"PRAGMA table_info({table})").fetchall()
    ]


COLUMNS = schema()
TABLES = list(dict.fromkeys(table for table, _ in COLUMNS))


def licensed() -> sa.Assessment:
    """A page whose licence document asks for credit, at a time with microseconds."""
    robots = b"User-agent: *\nAllow: /\nLicense: https://example.org/license.xml\n"
    page = sa.Capture("https://example.org/licensed", 200, (), b"<html></html>", fetched_at=ODD)
    return sa.assess(
        page,
        robots=sa.Capture("https://example.org/robots.txt", 200, (), robots, fetched_at=ODD),
        site_files={"/.well-known/tdmrep.json": sa.ABSENT},
        documents={"https://example.org/license.xml": PREPAY},
        policy=POLICY,
        now=ODD,
    )


@pytest.fixture(scope="module", params=[False, True], ids=["packed", "of before it was packed"])
def whole(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A ledger in which every column holds something somewhere."""
    path = tmp_path_factory.mktemp("whole") / "ledger.db"
    hop = sa.Capture("https://example.org/old", 301, [("Location", "/new")], b"", fetched_at=START)
    with Ledger(path) as ledger:
        ledger.append_many(
            (
                assessed("https://example.org/a", said=CREDIT),
                assessed("https://example.org/new", said=FREE, hops=(hop,), day=1),
                licensed(),
                assessed("https://example.org/b", said=PAYS, policy=None),
                assessed("https://example.org/c", said=NO, status=503, robots=sa.UNREACHABLE),
            )
        )
    if request.param:
        as_text(path)
    assert found(path) == []
    return path


@pytest.fixture
def ledger_file(whole: Path, tmp_path: Path) -> Path:
    """A copy of it, to be tampered with."""
    return Path(shutil.copy(whole, tmp_path / "ledger.db"))


def found(path: Path) -> list[Finding]:
    with Ledger(path, read_only=True) as ledger:
        return list(verify(ledger))


def key_columns(connection: sqlite3.Connection, table: str) -> str:
    info = connection.execute(f"PRAGMA table_info({table})").fetchall()
    return ", ".join(name for _, name, _, _, _, primary in info if primary)


def others(value: object, column: str) -> list[object]:
    """What may be written in place of a value."""
    if value is None:
        return ["x", 7]
    if isinstance(value, int):
        return [1 - value] if column in ("rests", "binding") else [value + 1000, -value, None]
    if isinstance(value, bytes):
        return [value + b"x", b"", str(value), None]
    text = str(value)
    return [text[:-1] + ("0" if text[-1:] != "0" else "1"), "", text.upper() + " ", None]


@pytest.mark.parametrize(
    ("table", "column"), COLUMNS, ids=[f"{table}, {column}" for table, column in COLUMNS]
)
def test_every_column_of_every_table(whole: Path, tmp_path: Path, table: str, column: str) -> None:
    """Each in the first and last row, and where it is filled, and empty."""
    reading = sqlite3.connect(whole)
    keys = key_columns(reading, table)
    chosen = dict.fromkeys(
        row
        for order in ("ASC", "DESC")
        for what in ("IS NULL", "IS NOT NULL")
        for row in reading.execute(
            f"SELECT {column}, {keys} FROM {table} WHERE {column} {what} "
            f"ORDER BY {keys.replace(',', f' {order},')} {order} LIMIT 1"
        )
    )
    reading.close()
    tried = 0
    for value, *key in chosen:
        for other in others(value, column):
            path = Path(shutil.copy(whole, tmp_path / "changed.db"))
            where = " AND ".join(f"{name} = ?" for name in keys.split(", "))
            try:
                with without_triggers(path) as connection:
                    connection.execute(
                        f"UPDATE {table} SET {column} = ? WHERE {where}", (other, *key)
                    )
                    (now,) = connection.execute(
                        f"SELECT count(*) FROM {table} WHERE {column} IS ?", (value,)
                    ).fetchone()
            except sqlite3.Error:  # a column that may not be empty, a number that must be one
                continue
            tried += 1
            assert found(path), (table, column, key, value, other, now)
    assert tried


@pytest.mark.parametrize("table", TABLES)
def test_every_row_that_is_taken_out_of_any_table(whole: Path, tmp_path: Path, table: str) -> None:
    reading = sqlite3.connect(whole)
    keys = key_columns(reading, table)
    rows = reading.execute(f"SELECT {keys} FROM {table}").fetchall()
    reading.close()
    assert rows
    for row in rows:
        path = Path(shutil.copy(whole, tmp_path / "changed.db"))
        with without_triggers(path) as connection:
            where = " AND ".join(f"{name} = ?" for name in keys.split(", "))
            connection.execute(f"DELETE FROM {table} WHERE {where}", row)
        assert found(path), (table, row)


def pairs(path: Path, table: str) -> Iterator[tuple[object, ...]]:
    """Rows that a table of links does not hold, and could."""
    reading = sqlite3.connect(path)
    first, second = key_columns(reading, table).split(", ")
    more = ", 1" if table == "assessment_declarations" else ""
    yield from reading.execute(
        f"SELECT a.id, b.id{more} FROM {first}s a, {second}s b WHERE NOT EXISTS "
        f"(SELECT 1 FROM {table} WHERE {first} = a.id AND {second} = b.id)"
    ).fetchall()
    reading.close()


@pytest.mark.parametrize("table", [table for table in TABLES if (table, "id") not in COLUMNS])
def test_every_link_that_is_put_in(whole: Path, tmp_path: Path, table: str) -> None:
    rows = [*pairs(whole, table), (900, 1, 1)[: 3 if table == "assessment_declarations" else 2]]
    assert len(rows) > 1
    for row in rows:
        path = Path(shutil.copy(whole, tmp_path / "changed.db"))
        with without_triggers(path) as connection:
            connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
        told = found(path)
        assert told, (table, row)
        assert {each.fault for each in told} <= {Fault.CHANGED, Fault.DAMAGED}
        # Of what no entry owes, no entry can be named.
        assert all(each.number is not None for each in told) or row == (900, 1)


@pytest.mark.parametrize("table", [table for table in TABLES if (table, "id") in COLUMNS])
def test_a_row_that_is_put_in(ledger_file: Path, table: str) -> None:
    """A copy of the last row that differs in what must be there once."""
    with without_triggers(ledger_file) as connection:
        names = [name for of, name in COLUMNS if of == table]
        once = {"id": "id + 1", "key": "'f' || substr(key, 2)", "digest": "'f' || digest"}
        once["sha256"] = "'f' || substr(sha256, 2)" if table == "blobs" else "sha256"
        chosen = ", ".join(once.get(name, name) for name in names)
        connection.execute(
            f"INSERT INTO {table} SELECT {chosen} FROM {table} ORDER BY id DESC LIMIT 1"
        )
    told = found(ledger_file)
    assert {each.fault for each in told} <= {Fault.CHANGED, Fault.DAMAGED}
    assert told
    if table != "assessments":
        (finding,) = told
        assert "no entry refers to row " in finding.text
        assert f" of {table}: " in finding.text


LINKS = [
    pytest.param(
        "UPDATE assessment_declarations SET rests = 1 - rests WHERE assessment = 1",
        "the declarations it rests on are not those of its result",
        id="what rests",
    ),
    pytest.param(
        "DELETE FROM obligation_declarations WHERE obligation = (SELECT min(obligation) "
        "FROM assessment_obligations WHERE assessment = 1)",
        "the declarations behind its obligations are not those of its result",
        id="what is behind an obligation",
    ),
    pytest.param(
        "DELETE FROM assessment_obligations WHERE assessment = 1",
        "its obligations are not those of its result",
        id="what is owed",
    ),
    pytest.param(
        "DELETE FROM assessment_captures WHERE assessment = 1",
        "its captures are not those of its result",
        id="what was captured",
    ),
    pytest.param(
        "DELETE FROM assessment_blobs WHERE assessment = 1",
        "its octets are not those that its evidence names",
        id="octets",
    ),
    pytest.param(
        "INSERT INTO obligation_declarations SELECT (SELECT min(obligation) FROM "
        "assessment_obligations WHERE assessment = 1), 900",
        "which stand together in no entry",
        id="a reason that is none",
    ),
]


@pytest.mark.parametrize(("statement", "said"), LINKS)
def test_a_link_that_is_changed_is_told_of_its_entry(
    ledger_file: Path, statement: str, said: str
) -> None:
    tamper(ledger_file, statement)
    told = [(each.fault, each.number) for each in found(ledger_file) if said in each.text]
    assert told[0] == (Fault.CHANGED, 1)


def test_a_time_that_is_changed_within_its_second_is_found(ledger_file: Path) -> None:
    tamper(
        ledger_file,
        "UPDATE assessments SET valid_until = replace(valid_until, '.000000', '.123458') "
        "WHERE id = 3",
    )
    (finding,) = found(ledger_file)
    assert finding.text == "beside its result it says something else: valid_until"


@pytest.mark.parametrize("number", [-1, 0, 6, 99])
def test_the_number_of_the_last_entry(ledger_file: Path, number: int) -> None:
    nouns = ("blob", "capture", "declaration", "obligation")
    tamper(
        ledger_file,
        f"UPDATE assessments SET id = {number} WHERE id = 5",
        *(
            f"UPDATE assessment_{noun}s SET assessment = {number} WHERE assessment = 5"
            for noun in nouns
            if rows_of(ledger_file, noun)
        ),
    )
    assert any(
        each.fault is Fault.CHANGED and each.number is not None for each in found(ledger_file)
    )


def rows_of(path: Path, noun: str) -> int:
    reading = sqlite3.connect(path)
    (count,) = reading.execute(
        f"SELECT count(*) FROM assessment_{noun}s WHERE assessment = 5"
    ).fetchone()
    reading.close()
    return int(count)


SCHEMA = [
    pytest.param(
        ["DROP TRIGGER captures_no_delete"],
        ["the trigger captures_no_delete is missing"],
        id="a trigger",
    ),
    pytest.param(
        [
            "DROP TRIGGER blobs_no_update",
            "CREATE TRIGGER blobs_no_update BEFORE UPDATE ON blobs BEGIN SELECT 1; END",
        ],
        ["the trigger blobs_no_update was changed"],
        id="a trigger that does nothing any more",
    ),
    pytest.param(
        [
            "CREATE TRIGGER more AFTER INSERT ON assessments BEGIN SELECT 1; END",
            "CREATE TABLE notes (text)",
            "CREATE VIEW looks AS SELECT url FROM assessments",
        ],
        ["the trigger more was added", "the table notes was added", "the view looks was added"],
        id="more than there was",
    ),
    pytest.param(
        ["DROP INDEX assessments_by_url"],
        ["the index assessments_by_url is missing"],
        id="an index",
    ),
    pytest.param(
        ["ALTER TABLE captures ADD COLUMN more"],
        ["the table captures was changed"],
        id="a column that was added",
    ),
]


@pytest.mark.parametrize(("statements", "said"), SCHEMA)
def test_a_schema_that_is_not_as_it_was_made_is_one_finding(
    ledger_file: Path, statements: list[str], said: list[str]
) -> None:
    other = sqlite3.connect(ledger_file)
    for statement in statements:
        other.execute(statement)
    other.commit()
    other.close()
    (finding,) = found(ledger_file)
    assert (finding.fault, finding.number) == (Fault.CHANGED, None)
    assert finding.text.startswith("the schema is not as it was made: ")
    assert all(each in finding.text for each in said)


@pytest.mark.parametrize("table", TABLES)
def test_a_table_that_is_gone_is_found_and_the_rest_is_looked_at(
    ledger_file: Path, table: str
) -> None:
    other = sqlite3.connect(ledger_file)
    other.execute(f"DROP TABLE {table}")
    other.commit()
    other.close()
    first, *rest = found(ledger_file)
    assert f"the table {table} is missing" in first.text
    assert any("no such table" in each.text for each in rest)


def test_a_column_that_is_gone_is_found(ledger_file: Path) -> None:
    other = sqlite3.connect(ledger_file)
    other.execute("ALTER TABLE obligations RENAME COLUMN terms_url TO terms")
    other.commit()
    other.close()
    told = found(ledger_file)
    assert "the table obligations was changed" in told[0].text
    assert {each.number for each in told[1:]} >= {1, 2, 3, 4, 5}


def test_what_sqlite_notes_down_for_itself_is_no_change(ledger_file: Path) -> None:
    other = sqlite3.connect(ledger_file)
    other.execute("ANALYZE")
    other.execute("VACUUM")
    other.close()
    assert found(ledger_file) == []


def test_an_index_that_says_what_its_table_does_not_is_found(ledger_file: Path) -> None:
    """As whoever wants an entry to be found no more may do, and leave it where it is."""
    other = sqlite3.connect(ledger_file)
    rows = other.execute(
        "SELECT name, rootpage FROM sqlite_master WHERE name IN "
        "('assessments_by_url', 'assessments_by_final_url')"
    )
    pages = dict(rows.fetchall())
    other.execute("PRAGMA writable_schema = ON")
    one, two = pages
    for name, root in ((one, pages[two]), (two, pages[one])):
        other.execute("UPDATE sqlite_master SET rootpage = ? WHERE name = ?", (root, name))
    other.commit()
    other.close()
    told = found(ledger_file)
    assert [each.fault for each in told] == [Fault.DAMAGED]
    assert "SQLite's check of the file says: " in told[0].text


def test_what_other_software_wrote_is_counted_and_its_difference_explained(
    tmp_path: Path,
) -> None:
    from signals_agent import evidence
    from signals_agent.model.assessment import Tool
    from signals_agent.store import Verification, writing

    earlier = Tool("0.0.9", "2026.10")
    so_far = Verification()
    with Ledger(tmp_path / "ledger.db") as ledger:
        for day, loosened in enumerate((False, True)):
            made = assessed(said=NO, day=day)
            verdict = made.verdict
            assert verdict is not None
            if loosened:
                verdict = replace(verdict, decision=sa.Decision.INGEST)
            old = made.model_copy(update={"tool": earlier, "verdict": verdict})
            held = evidence.of(old)
            with ledger.file.writing() as connection:
                writing.write(connection, writing.record(old, held.document, held.blobs))
        ledger.append(assessed(said=FREE, day=2))
        (finding,) = verify(ledger, so_far)
    assert (finding.fault, finding.number) == (Fault.DIFFERS, 2)
    assert "0.0.9 with tables 2026.10 wrote it" in finding.text
    assert so_far.tools == {earlier: 2, Tool(version.VERSION, version.TABLES): 1}


def forged(path: Path, result: str, document: str) -> list[Finding]:
    """What is found where a forger wrote the last entry anew, its key and chain with it."""
    with without_triggers(path) as other:
        number, at, chain = other.execute(
            "SELECT a.id, a.checked_at, coalesce((SELECT chain FROM assessments WHERE id = "
            "a.id - 1), ?) FROM assessments a ORDER BY id DESC LIMIT 1",
            (writing.FIRST,),
        ).fetchone()
        key = writing.key_of(at, result, document)
        other.execute(
            "UPDATE assessments SET result = ?, evidence = ?, key = ?, chain = ? WHERE id = ?",
            (result, document, key, writing.chained(chain, key), number),
        )
    with Ledger(path, read_only=True) as ledger:
        return list(verify(ledger))


def test_a_forged_entry_that_others_would_read_otherwise_is_found(ledger_file: Path) -> None:
    with Ledger(ledger_file, read_only=True) as ledger:
        *_, last = ledger
        document = writing.canonical(ledger.evidence(last).document)
    # SQLite's own functions take the first of two members of one name, and we the last one.
    (finding,) = forged(ledger_file, '{"url":"https://else.example/",' + last.result[1:], document)
    assert (finding.fault, finding.number) == (Fault.CHANGED, last.number)
    assert "in another spelling of JSON" in finding.text
    assert forged(ledger_file, last.result, document) == []
    (finding,) = forged(ledger_file, last.result, '{"schema":"",' + document[1:])
    assert "in another spelling of JSON" in finding.text


def test_a_forged_entry_says_one_truth_about_its_software(ledger_file: Path) -> None:
    with Ledger(ledger_file, read_only=True) as ledger:
        *_, last = ledger
        document = writing.canonical(ledger.evidence(last).document)
    other = last.result.replace(f'"version":"{version.VERSION}"', '"version":"0.0.1"')
    assert other != last.result
    told = [each.text for each in forged(ledger_file, other, document)]
    assert "its result and its evidence name different software" in told


def test_true_is_no_one() -> None:
    for stored, recomputed in ((True, 1), ([1], [1.0]), ({"b": 0}, {"b": False})):
        (place,) = differences({"a": stored, "notes": []}, {"a": recomputed, "notes": []})
        assert place.stored != place.recomputed
    same = {"a": [True, 1, None], "notes": []}
    assert not differences(same, same)
