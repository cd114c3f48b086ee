"""JSONL, Markdown, and how any report reaches its file."""

import io
import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import signals_agent as sa
from signals_agent.audit import figures, reports
from signals_agent.audit.figures.nouns import (
    Contradiction,
    Cost,
    Figures,
    NotFoundOut,
    Party,
    Source,
)
from signals_agent.audit.reports import jsonl, markdown
from signals_agent.errors import ConfigError, StoreError, UsageError
from signals_agent.store.snapshot import Snapshot

sys.path.append(str(Path(__file__).parents[2] / "support"))
import audit_stores
import ledgers
from audit_stores import Listed

TEXTS = ("markdown", "csv", "jsonl")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("documents") / "audit.db"
    return audit_stores.of(
        path,
        [*audit_stores.varied(), Listed("https://late.example/a")],
        ended="budget",
        left_out=7,
    )


def text(store: Path, name: str) -> str:
    with Snapshot(store) as snapshot:
        return "".join(reports.text(snapshot, name))


def test_jsonl_has_each_result_as_it_was(store: Path) -> None:
    lines = text(store, "jsonl").splitlines()
    found = [json.loads(line) for line in lines]
    assert found == [each.model_dump(mode="json") for each in audit_stores.varied()]
    assert {each["schema"] for each in found} == {"signals-agent/assessment/1"}
    assert all(list(each["uses"]) == [use.value for use in sa.Use] for each in found)
    assert all(line.isascii() for line in lines)


def test_a_line_of_jsonl_is_read_back_as_a_result(store: Path) -> None:
    line = text(store, "jsonl").splitlines()[40]
    assert sa.Assessment.model_validate_json(line) == audit_stores.varied()[40]


@pytest.mark.parametrize(
    "trap",
    ['","uses":{"search":1}', '\\","uses":{', "\x7f\x1b", "\u2028\U0001f600", ',"uses":{'],
)
def test_nothing_that_stands_in_a_string_is_taken_for_a_member(trap: str) -> None:
    result = {
        "attribution": {"text": trap, "title": f"x{trap}"},
        "tool": {"version": trap},
        "uses": {use.value: {"text": trap} for use in reversed(sa.Use)},
        "verdict": {"uses": ["search"]},
    }
    line = jsonl.line(json.dumps(result, sort_keys=True, separators=(",", ":")))
    assert json.loads(line) == result
    assert list(json.loads(line)["uses"]) == [use.value for use in sa.Use]
    assert line.isascii()
    assert "\x7f" not in line


def test_a_result_that_is_spelled_otherwise_has_its_uses_in_order_too() -> None:
    line = jsonl.line('{ "uses": {"search": {}, "train-generative": {}}, "url": "x" }')
    assert line == '{"uses":{"train-generative":{},"search":{}},"url":"x"}\n'


def test_markdown_tells_the_whole_in_short_tables(store: Path) -> None:
    found = text(store, "markdown")
    decided = {
        name: sum(each.verdict.decision == name for each in audit_stores.varied() if each.verdict)
        for name in ("ingest", "hold", "skip")
    }
    for name, count in decided.items():
        assert f"**{name} {count:,}**" in found
    headings = re.findall(r"^## (.+)$", found, re.MULTILINE)
    assert headings == [
        "Decisions",
        "What is owed",
        "What each rule cost",
        "What could not be found out",
        "Contradictions",
        "What is declared, and where",
        "Preferences by use",
        "How this was made",
        "What became of the inputs",
    ]
    assert "da1fc617152475f2dee97f6a9bf48fe0674a6eb1bb6cb0022b74441265c91c21" in found
    assert "ExampleBot" in found
    assert "nothing here is legal advice" in found


def test_markdown_tells_what_became_of_the_inputs(store: Path) -> None:
    found = text(store, "markdown")
    assert "Duplicates, folded: 3" in found
    assert "- urls.txt, line 7: no URL: 'see &lt;b&gt;above&lt;/b&gt;'" in found
    assert "sitemap.xml, line 3" in found
    assert "7 URLs left out by the sample" in found
    assert "1 URL not asked: the budget was used up" in found
    assert "**1 URL of 408 was not asked**" in found


@pytest.mark.parametrize(
    ("ended", "why"),
    [
        ("", "the run has not ended"),
        ("budget", "with a greater `--budget`"),
        ("complete", "with a greater `--host-budget`"),
        ("deadline", "the run ended early (deadline)"),
    ],
)
def test_markdown_says_why_something_was_not_asked(tmp_path: Path, ended: str, why: str) -> None:
    listed = [ledgers.assessed(), Listed("https://late.example/")]
    assert why in text(audit_stores.of(tmp_path / "a.db", listed, ended=ended), "markdown")


def test_an_archive_tells_what_was_lost_of_it(tmp_path: Path) -> None:
    told = {
        "inputs": ["a.warc.gz"],
        "files": 1,
        "records": 12,
        "losses": {
            "count": 9,
            "kept": [{"file": "a.warc.gz", "offset": 1234, "reason": "cut", "until": 99}],
        },
        "left_out": {"request": 12},
    }
    found = text(
        audit_stores.of(tmp_path / "a.db", [ledgers.assessed()], kind="archive", told=told),
        "markdown",
    )
    assert "Lost in archives: 9" in found
    assert "- a.warc.gz, octet 1,234: cut" in found
    assert "and 8 more" in found
    assert "left out: request 12" in found


def test_a_run_of_nothing_is_told(tmp_path: Path) -> None:
    found = text(audit_stores.of(tmp_path / "a.db", [], ended=""), "markdown")
    assert found.startswith("# Audit of 0 URLs on 0 origins")
    assert "Nothing has been looked at yet." in found


def test_a_run_without_a_policy_is_told(tmp_path: Path) -> None:
    answers = audit_stores.varied(policy=False)
    found = text(audit_stores.of(tmp_path / "a.db", answers), "markdown")
    assert "each use is decided for itself" in found
    assert "all that is intended" not in found
    assert "with any use so decided" in found


EVIL = "<script>x</script>|`**[a](javascript:x)](\n# " + "\u202e\x1b[31m" + "w|" * 4000


def hostile(made: Figures) -> Figures:
    """As long and as bad as anything can be that somebody else has a say in."""
    many = {f"{EVIL}{n}": 10**9 for n in range(400)}
    examples = (f"https://example.org/{EVIL}",) * 5
    kept = [{"source": EVIL, "line": 10**9, "reason": EVIL, "file": EVIL} for _ in range(100)]
    lost: Any = {"count": 10**9, "kept": kept}
    return replace(
        made,
        run=replace(
            made.run,
            ended="",
            asked={"column": EVIL, "shard": EVIL, "depth": EVIL},
            told={
                "inputs": [EVIL] * 1000,
                "left_out": many,
                **dict.fromkeys(("skipped", "lost", "not_fetched", "losses"), lost),
            },
        ),
        policy=EVIL,
        tokens=(EVIL,) * 20,
        acquired_by=EVIL,
        software=many,
        policies=many,
        signals=many,
        licences=many,
        more_licences=10**6,
        sources=tuple(Source(EVIL, EVIL, 10**9, 10**9) for _ in range(100)),
        parties=tuple(
            Party(f"{EVIL}{n}", EVIL, False, 10**9, many, many, 10**9) for n in range(200)
        ),
        more_parties=10**9,
        contradictions=tuple(
            Contradiction("x" * 60, EVIL, 10**9, 10**9, examples) for _ in range(100)
        ),
        not_found_out=tuple(
            NotFoundOut(EVIL, "declaration", 10**9, 10**9, examples) for _ in range(500)
        ),
        costs=tuple(Cost("unmet", EVIL, EVIL, 10**9, 10**9, 10**9, examples) for _ in range(100)),
    )


def test_markdown_stays_short_and_means_nothing_else_whatever_is_said(store: Path) -> None:
    with Snapshot(store) as snapshot:
        made = figures.of(snapshot)
    found = "".join(markdown.write(hostile(made)))
    assert len(found.encode()) < 15_000
    assert "<script" not in found
    assert "\x1b" not in found
    assert "\u202e" not in found
    for line in found.splitlines():
        if line.startswith("|"):
            # A bar that somebody else wrote is escaped, so that every row has its columns.
            bars = len(re.findall(r"(?<!\\)\|", line))
            assert bars in (5, 6, 7), line
        assert not re.search(r"(?<!\\)\]\(", line)
    headings = re.findall(r"^#+ (.+)$", found, re.MULTILINE)
    assert not any("w|" in each for each in headings)


@pytest.mark.parametrize("name", reports.FORMATS)
def test_the_same_run_gives_the_same_octets(store: Path, tmp_path: Path, name: str) -> None:
    if name == "parquet":
        pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    for place in ("one", "two"):
        with Snapshot(store) as snapshot:
            reports.write(snapshot, name, tmp_path / place)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize("name", reports.FORMATS)
def test_an_open_file_gets_the_octets_of_a_file(store: Path, tmp_path: Path, name: str) -> None:
    if name == "parquet":
        pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    out = io.BytesIO()
    with Snapshot(store) as snapshot:
        reports.write(snapshot, name, str(tmp_path / "file"))
        reports.write(snapshot, name, out)
    assert out.getvalue() == (tmp_path / "file").read_bytes()


def test_a_report_that_fails_leaves_what_was_there(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tmp_path / "report.csv"
    before.write_text("mine")

    def fail(*_: object) -> object:
        yield "half"
        raise StoreError("the store is damaged")

    monkeypatch.setattr("signals_agent.audit.reports.csv.write", fail)
    with Snapshot(store) as snapshot:
        with pytest.raises(StoreError):
            reports.write(snapshot, "csv", before)
        assert before.read_text() == "mine"
        assert [each.name for each in tmp_path.iterdir()] == ["report.csv"]
        monkeypatch.undo()
        before.chmod(0o640)
        reports.write(snapshot, "csv", before)
    assert before.read_bytes().startswith(b"\xef\xbb\xbfurl,")
    assert before.stat().st_mode & 0o777 == 0o640


def test_what_a_link_leads_to_is_replaced(store: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "report.md").symlink_to(tmp_path / "there" / "report.md")
    with Snapshot(store) as snapshot:
        reports.write(snapshot, "markdown", tmp_path / "report.md")
    assert (tmp_path / "report.md").is_symlink()
    assert (tmp_path / "there" / "report.md").read_text("utf-8").startswith("# Audit of ")


@pytest.mark.parametrize(
    ("place", "message"),
    [("", "it is a folder"), ("no/report.md", "there is no folder")],
    ids=["a folder", "in a folder that is not there"],
)
def test_where_nothing_can_be_written_is_told(
    store: Path, tmp_path: Path, place: str, message: str
) -> None:
    with (
        Snapshot(store) as snapshot,
        pytest.raises(ConfigError, match=f"cannot write .*{message}"),
    ):
        reports.write(snapshot, "markdown", tmp_path / place)


def test_what_is_no_format_is_refused(store: Path, tmp_path: Path) -> None:
    with Snapshot(store) as snapshot, pytest.raises(UsageError, match="accepted: markdown, html"):
        reports.write(snapshot, "pdf", tmp_path / "report.pdf")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("report.html", "html"),
        ("REPORT.HTM", "html"),
        ("a.b/c.csv", "csv"),
        ("x.jsonl", "jsonl"),
        ("x.parquet", "parquet"),
        ("x.md", "markdown"),
        ("x.txt", "jsonl"),
        ("csv", "jsonl"),
    ],
)
def test_the_ending_of_a_name_asks_for_a_format(path: str, name: str) -> None:
    assert reports.by_ending(path, "jsonl") == name


def test_a_report_is_of_one_moment_while_the_run_goes_on(tmp_path: Path) -> None:
    path = audit_stores.of(tmp_path / "a.db", [ledgers.numbered(each) for each in range(4)])
    with Snapshot(path) as snapshot:
        parts = reports.text(snapshot, "csv")
        first = next(parts)
        with sa_writer(path) as connection:
            connection.execute("DELETE FROM listed WHERE id > 1")
            connection.commit()
        whole = first + "".join(parts)
    assert whole.count("\r\n") == 5


def sa_writer(path: Path) -> Any:
    import sqlite3
    from contextlib import closing

    return closing(sqlite3.connect(path))


def test_markdown_says_what_each_software_and_licence_counts(store: Path) -> None:
    found = text(store, "markdown")
    count = len(audit_stores.varied())
    assert re.search(
        rf"^- Software: signals-agent \S+ \(tables \S+\): {count} assets$", found, re.M
    )
    assert re.search(r"^Licences, by assets: ", found, re.M)


def test_families_go_by_their_names_where_they_could_not_be_read(store: Path) -> None:
    found = text(store, "markdown")
    assert "what is declared of AIPREF could not be read" in found
    assert "what is declared of aipref" not in found
