"""What is appended is there, whole and once, and is never changed."""

import json
import sqlite3
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from threading import Thread

import pytest
from ledgers import CREDIT, FREE, NO, POLICY, ROBOTS, START, assessed, numbered

import signals_agent as sa
from signals_agent import evidence
from signals_agent.errors import EvidenceError, StoreError, UsageError
from signals_agent.store import Ledger, verify

TABLES = (
    "assessments",
    "blobs",
    "captures",
    "declarations",
    "obligations",
    "assessment_blobs",
    "assessment_captures",
    "assessment_declarations",
    "assessment_obligations",
    "obligation_declarations",
)


def test_what_is_appended_reads_back_equal(ledger: Ledger) -> None:
    made = assessed(said=CREDIT)
    id_ = ledger.append(made)
    (entry,) = ledger
    assert (entry.id, entry.number, entry.url) == (id_, 1, "https://example.org/a")
    assert entry.assessment == sa.Assessment.model_validate_json(made.model_dump_json())
    assert entry.decision == "ingest"
    assert entry.policy == made.verdict.policy
    assert entry.checked_at == START


def test_the_same_assessment_is_written_once(ledger: Ledger) -> None:
    ids = {ledger.append(assessed(said=CREDIT)) for _ in range(3)}
    assert len(ids) == 1
    assert ledger.count().assessments == 1


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(assessed(said=CREDIT, day=1), id="another time"),
        pytest.param(assessed(said=FREE), id="another declaration"),
        pytest.param(assessed("https://example.org/b", said=CREDIT), id="another page"),
        pytest.param(
            assessed(said=CREDIT, policy=sa.Policy.make({"uses": ["search"]})),
            id="another policy",
        ),
        pytest.param(assessed(said=CREDIT, policy=None), id="no policy"),
        pytest.param(
            assessed(said=CREDIT, robots=ROBOTS + b"# no more than a remark\n"),
            id="another robots.txt that says the same",
        ),
    ],
)
def test_what_differs_in_anything_is_another_entry(ledger: Ledger, other: sa.Assessment) -> None:
    assert ledger.append(assessed(said=CREDIT)) != ledger.append(other)
    assert ledger.count().assessments == 2


def test_without_a_policy_there_is_no_decision(ledger: Ledger) -> None:
    ledger.append(assessed(policy=None))
    (entry,) = ledger
    assert (entry.decision, entry.policy) == (None, None)


def test_a_site_file_of_many_pages_is_stored_once(ledger: Ledger) -> None:
    ids = ledger.append_many(numbered(number) for number in range(0, 150, 5))
    assert len(set(ids)) == len(ids) == 30
    held = ledger.count()
    assert (held.assessments, held.urls, held.blobs, held.octets) == (30, 30, 1, len(ROBOTS))
    # One capture for each page, and one of robots.txt, of the one day on which all were seen.
    assert held.captures == 31
    assert (held.ingested, held.held, held.skipped) == (20, 0, 10)


def test_evidence_comes_back_as_it_was(ledger: Ledger) -> None:
    made = assessed(said=CREDIT)
    ledger.append(made)
    (entry,) = ledger
    held, given = ledger.evidence(entry), evidence.of(made)
    assert held.document == json.loads(json.dumps(given.document))
    assert held.blobs == given.blobs == {sha256(ROBOTS).hexdigest(): ROBOTS}
    assert ledger.evidence(1) == held
    with pytest.raises(StoreError, match="has no entry 2"):
        ledger.evidence(2)


def test_every_part_has_rows_and_links(ledger: Ledger, path: Path) -> None:
    made = assessed(said=CREDIT)
    ledger.append(made)
    looking = sqlite3.connect(path)
    try:
        declared = looking.execute(
            "SELECT d.declaration, expression, octets, rests FROM declarations d "
            "JOIN assessment_declarations l ON l.declaration = d.id"
        ).fetchall()
        assert {row[:3] for row in declared} == {
            (each.id, each.expression, each.octets) for each in made.declarations
        }
        assert all(rests for *_, rests in declared)
        owed = looking.execute(
            "SELECT o.obligation, d.declaration FROM obligations o "
            "JOIN obligation_declarations l ON l.obligation = o.id "
            "JOIN declarations d ON d.id = l.declaration"
        ).fetchall()
        assert set(owed) == {(o.id, each) for o in made.obligations for each in o.because}
        captured = looking.execute("SELECT capture, role, sha256 FROM captures").fetchall()
        assert {row[:2] for row in captured} == {(each.id, each.role) for each in made.captures}
        (verdict,) = looking.execute("SELECT verdict FROM assessments").fetchone()
        assert json.loads(verdict) == made.model_dump(mode="json")["verdict"]
    finally:
        looking.close()


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("how", ["UPDATE", "DELETE", "REPLACE"])
def test_nothing_written_is_changed_later(ledger: Ledger, path: Path, table: str, how: str) -> None:
    ledger.append(assessed(said=CREDIT))
    other = sqlite3.connect(path)  # one that does not know our settings
    try:
        columns = [row[1] for row in other.execute(f"PRAGMA table_info({table})")]
        before = other.execute(f"SELECT * FROM {table}").fetchall()
        assert before, "the table is empty, and the test would show nothing"
        kept = columns[0] if columns[0] == "id" else ", ".join(columns[:2])
        rest = [each for each in columns if each not in kept.split(", ")]
        changed = ", ".join(
            [kept, *(f"{each} || 'x'" if each != "octets" else "x'00'" for each in rest)]
        )
        statement = {
            "UPDATE": f"UPDATE {table} SET {columns[-1]} = {columns[-1]}",
            "DELETE": f"DELETE FROM {table}",
            "REPLACE": f"INSERT OR REPLACE INTO {table} SELECT {changed} FROM {table}",
        }[how]
        if how == "REPLACE":
            other.execute(statement)  # passed over
        else:
            with pytest.raises(sqlite3.IntegrityError, match="nothing written is changed later"):
                other.execute(statement)
        assert other.execute(f"SELECT * FROM {table}").fetchall() == before
    finally:
        other.close()


def test_a_result_that_was_read_back_has_no_evidence_and_is_refused(ledger: Ledger) -> None:
    back = sa.Assessment.model_validate_json(assessed().model_dump_json())
    with pytest.raises(EvidenceError, match="read back"):
        ledger.append(back)
    with pytest.raises(EvidenceError):
        ledger.append_many([assessed(), back])
    assert ledger.count().assessments == 0


def test_what_is_no_assessment_is_refused(ledger: Ledger) -> None:
    with pytest.raises(UsageError, match="takes an Assessment, not dict"):
        ledger.append({})  # type: ignore[arg-type]  # no assessment is the mistake


def test_a_batch_is_written_in_transactions_of_its_own(ledger: Ledger) -> None:
    def until_it_breaks() -> object:
        for number in range(100):
            yield numbered(number)
        raise RuntimeError("the pipeline broke")

    with pytest.raises(RuntimeError, match="the pipeline broke"):
        ledger.append_many(until_it_breaks())
    assert ledger.count().assessments == 64


def test_threads_share_a_ledger(ledger: Ledger) -> None:
    made = [numbered(number) for number in range(40)]
    threads = [
        Thread(target=lambda part=part: [ledger.append(each) for each in made[part::4]])
        for part in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {entry.url for entry in ledger} == {each.url for each in made}
    assert [entry.number for entry in ledger] == list(range(1, 41))


def test_a_closed_ledger_says_so(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.append(assessed())
    ledger.close()
    with pytest.raises(StoreError, match="was closed"):
        ledger.append(assessed())
    assert list(path.parent.iterdir()) == [path]


def test_the_time_a_policy_and_the_software_stand_beside_each_result(
    ledger: Ledger, path: Path
) -> None:
    made = assessed(said=NO)
    ledger.append(made)
    other = sqlite3.connect(path)
    try:
        (row,) = other.execute(
            "SELECT url, final_url, checked_at, decision, policy_name, policy_sha256, "
            "tool_version, tool_tables FROM assessments"
        ).fetchall()
    finally:
        other.close()
    url = "https://example.org/a"
    tool = made.tool
    assert row == (
        *(url, url, "2026-11-01T12:00:00.000000Z", "skip"),
        *(POLICY.label, POLICY.sha256, tool.version, tool.tables),
    )


def test_the_name_of_a_policy_may_hold_what_is_no_text(ledger: Ledger) -> None:
    # As of a file whose name is no UTF-8, which Python hands over with surrogates.
    ledger.append(assessed(policy=sa.Policy.make({"name": "caf\udce9.toml"})))
    (entry,) = ledger
    assert entry.policy is not None
    assert entry.policy.name == "caf\\udce9.toml"
    verdict = entry.assessment.verdict
    assert verdict is not None
    assert verdict.policy.name == "caf\udce9.toml"
    assert list(verify(ledger)) == []


def test_a_number_that_no_column_holds_is_told_in_a_sentence(ledger: Ledger) -> None:
    with pytest.raises(StoreError, match="cannot hold a number of this size"):
        ledger.append(assessed(status=10**20))
    assert ledger.count().assessments == 0
    assert ledger.append(assessed())


def test_a_zone_with_seconds_in_its_offset_comes_out_equal(ledger: Ledger) -> None:
    now = datetime(2026, 11, 1, 12, tzinfo=timezone(timedelta(hours=1, seconds=1)))
    page = sa.Capture("https://example.org/a", 200, (), b"<p>", fetched_at=now)
    ledger.append(sa.assess(page, robots=b"", now=now))
    assert list(verify(ledger)) == []


@pytest.mark.parametrize("how", ["removed", "replaced", "moved"])
def test_what_nobody_would_find_is_not_said_to_be_written(path: Path, how: str) -> None:
    with Ledger(path) as ledger:
        ledger.append(assessed())
        other = path.with_name("other.db")
        if how == "removed":
            path.unlink()
        elif how == "replaced":
            with Ledger(other) as another:
                another.append(assessed(day=1))
            other.rename(path)
        else:
            path.rename(other)
        with pytest.raises(StoreError, match="was removed, or another file was put in its place"):
            ledger.append(assessed(day=2))


def test_another_folder_is_no_other_ledger(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Ledger(path.name) as ledger:
        (tmp_path / "sub").mkdir()
        monkeypatch.chdir(tmp_path / "sub")
        assert ledger.append(assessed())
