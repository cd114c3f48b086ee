"""CSV and Parquet: a row for every URL, safe in a spreadsheet, the same facts in both."""

import csv
import io
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import signals_agent as sa
from signals_agent.audit import reports
from signals_agent.audit.reports import csv as as_csv
from signals_agent.audit.reports import rows as table
from signals_agent.errors import MissingExtra
from signals_agent.store.snapshot import Row, Snapshot

sys.path.append(str(Path(__file__).parents[2] / "support"))
import audit_stores
import ledgers
from audit_stores import Listed

_COLUMNS = """
url final_url origin status availability access decision reasons train-generative train-other
model-input search other-analysis families carriers declarations obligations parties licences
terms notes source line checked_at valid_until entry
"""
COLUMNS = _COLUMNS.split()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tables") / "audit.db"
    return audit_stores.of(
        path, [*audit_stores.varied(), Listed("https://late.example/a?b", line=9)], ended=""
    )


def written(store: Path, name: str, tmp_path: Path) -> Path:
    with Snapshot(store) as snapshot:
        reports.write(snapshot, name, tmp_path / f"report.{name}")
    return tmp_path / f"report.{name}"


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def of(row: Row) -> dict[str, str]:
    (found,) = read("".join(as_csv.write([row])))
    return found


def crafted(**changed: Any) -> Row:
    """A row whose result says something that no honest site would."""
    import json

    answer = ledgers.assessed("https://example.org/a", ledgers.CREDIT).model_dump(mode="json")
    return Row(1, "https://example.org/a", "urls.txt", 3, 1, json.dumps({**answer, **changed}))


def test_the_columns_are_stable() -> None:
    assert list(table.NAMES) == COLUMNS
    assert all(each.says for each in table.COLUMNS)


def test_csv_is_what_a_spreadsheet_program_expects(store: Path, tmp_path: Path) -> None:
    octets = written(store, "csv", tmp_path).read_bytes()
    assert octets.startswith(b"\xef\xbb\xbfurl,final_url,")
    assert octets.endswith(b"\r\n")
    assert octets.count(b"\n") == octets.count(b"\r\n") == len(audit_stores.varied()) + 2


def test_every_url_has_a_row_in_the_order_of_the_run(store: Path, tmp_path: Path) -> None:
    found = read(written(store, "csv", tmp_path).read_text("utf-8"))
    urls = [each.url for each in audit_stores.varied()]
    assert [each["url"] for each in found] == [*urls, "https://late.example/a?b"]


def test_a_row_says_what_the_result_says(store: Path, tmp_path: Path) -> None:
    found = read(written(store, "csv", tmp_path).read_text("utf-8"))
    for cells, answer in zip(found, audit_stores.varied(), strict=False):
        assert answer.verdict is not None
        assert cells["decision"] == answer.verdict.decision
        assert cells["reasons"].split("; ") == list(
            dict.fromkeys(each.code.value for each in answer.deciding)
        )
        assert cells["access"] == answer.access.answer
        assert cells["final_url"] == answer.final_url
        for use in sa.Use:
            said = answer.uses[use]
            assert cells[use] == f"{said.preference}, {said.decision}"
        families = sorted({each.family for each in answer.declarations})
        assert cells["families"] == "; ".join(families)
        kinds = dict.fromkeys(
            each.kind.value
            for each in answer.obligations
            if each.id in answer.verdict.obligations and answer.verdict.decision != "skip"
        )
        told = [each.removesuffix(" (binding)") for each in cells["obligations"].split("; ")]
        assert told == (list(kinds) or [""])
        assert cells["notes"].split("; ") == (
            list(dict.fromkeys(each.code for each in answer.notes)) or [""]
        )
        assert datetime.fromisoformat(cells["checked_at"]) == answer.checked_at


def test_what_was_not_asked_says_so_and_nothing_else(store: Path, tmp_path: Path) -> None:
    found = read(written(store, "csv", tmp_path).read_text("utf-8"))[-1]
    assert {name: cell for name, cell in found.items() if cell} == {
        "url": "https://late.example/a?b",
        "origin": "https://late.example",
        "decision": "not-asked",
        "source": "urls.txt",
        "line": "9",
    }


def test_without_a_verdict_each_use_has_its_own_decision(tmp_path: Path) -> None:
    answer = ledgers.assessed(said=ledgers.NO, policy=None)
    store = audit_stores.of(tmp_path / "a.db", [answer])
    (found,) = read(written(store, "csv", tmp_path).read_text("utf-8"))
    assert found["decision"] == "no-verdict"
    assert found["train-generative"] == "disallow, skip"
    assert found["search"] == "unknown, ingest"
    assert found["reasons"] == "disallow; unknown"


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"])
def test_no_cell_is_a_formula(mark: str) -> None:
    evil = f'{mark}HYPERLINK("https://evil.example";"x")'
    owed = [
        {
            "id": "obl-1",
            "kind": "credit",
            "binding": True,
            "basis": "preference",
            "signal": "cc-cr",
            "to": {"name": evil, "inferred": False},
            "text": evil,
            "terms_url": evil,
            "because": [],
        }
    ]
    answer = ledgers.assessed("https://example.org/a", ledgers.CREDIT).model_dump(mode="json")
    verdict = {**answer["verdict"], "obligations": ["obl-1"]}
    row = crafted(
        obligations=owed,
        verdict=verdict,
        final_url=evil,
        checked_at=evil,
        licences=[{"name": evil, "activities": {}}, {"name": evil + "2", "activities": {}}],
        notes=[{"code": evil, "summary": ""}],
    )
    found = of(Row(row.number, evil, evil, row.line, row.entry, row.result))
    for name in ("url", "final_url", "source", "parties", "licences", "terms", "notes"):
        assert evil[1:10] in found[name], name
    for cell in found.values():
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"))
        # Where the semicolon parts cells, one begins behind it.
        assert "; =" not in cell
        assert f"; {mark}" not in cell


@given(st.text(max_size=40))
def test_whatever_a_name_holds_is_one_cell_of_one_line(name: str) -> None:
    row = crafted(licences=[{"name": name or "x", "activities": {}}])
    text = "".join(as_csv.write([row]))
    assert text.count("\n") == 2
    assert text.encode("utf-8")
    assert not any(character < " " for character in text if character not in "\r\n")


def test_long_lists_are_cut_and_say_so() -> None:
    row = crafted(licences=[{"name": f"licence {n}", "activities": {}} for n in range(50)])
    licences = of(row)["licences"].split("; ")
    assert licences[-1] == "and 30 more"
    assert len(licences) == 21


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://example.org/a?b=https://other.example/", "https://example.org"),
        ("http://example.org:8080", "http://example.org:8080"),
        ("https://example.org?a", "https://example.org"),
        ("https://user@example.org/", "https://example.org"),
    ],
)
def test_the_origin_is_that_of_the_listed_url(url: str, origin: str) -> None:
    assert table.cells(Row(1, url, "urls.txt", 0, 0, ""), None)["origin"] == origin


def test_parquet_has_the_facts_of_the_csv_with_types(store: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    import pyarrow as pa

    found = parquet.read_table(written(store, "parquet", tmp_path))
    assert found.column_names == COLUMNS
    assert found.schema.field("checked_at").type == pa.timestamp("us", tz="UTC")
    assert found.schema.field("reasons").type == pa.list_(pa.string())
    assert found.schema.field("status").type == pa.int64()
    rows = found.to_pylist()
    cells = read(written(store, "csv", tmp_path).read_text("utf-8"))
    for row, cell in zip(rows, cells, strict=True):
        assert row["url"] == cell["url"]
        assert row["decision"] == cell["decision"]
        assert "; ".join(row["reasons"] or ()) == cell["reasons"]
        assert ("" if row["status"] is None else str(row["status"])) == cell["status"]
        if cell["checked_at"]:
            assert row["checked_at"] == datetime.fromisoformat(cell["checked_at"])
            assert row["checked_at"].tzinfo is not None
    assert rows[0]["checked_at"].astimezone(UTC) == audit_stores.varied()[0].checked_at
    late = {name: value for name, value in rows[-1].items() if value is not None}
    assert late == {
        "url": "https://late.example/a?b",
        "origin": "https://late.example",
        "decision": "not-asked",
        "source": "urls.txt",
        "line": 9,
    }


def test_parquet_is_written_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    monkeypatch.setattr("signals_agent.audit.reports.parquet._TOGETHER", 4)
    store = audit_stores.of(tmp_path / "a.db", [ledgers.numbered(each) for each in range(10)])
    with parquet.ParquetFile(written(store, "parquet", tmp_path)) as file:
        assert file.num_row_groups == 3
        assert file.metadata.num_rows == 10


def test_parquet_takes_half_a_character(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    from signals_agent.audit.reports import parquet as as_parquet

    out = io.BytesIO()
    as_parquet.write([crafted(licences=[{"name": "\ud800", "activities": {}}])], out)
    assert parquet.read_table(io.BytesIO(out.getvalue())).to_pylist()[0]["licences"] == ["?"]


def test_without_pyarrow_one_sentence_says_what_to_install(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r"pip install 'signals-agent\[parquet\]'"):
        written(store, "parquet", tmp_path)
    assert list(tmp_path.iterdir()) == []
