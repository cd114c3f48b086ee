"""Runs of datatrove in several tasks and processes: counted as one, repeated never, on record."""

import json
import warnings
from pathlib import Path
from typing import Any

import pytest
from wrapped import written

import signals_agent as sa

# What datatrove brings warns when it is loaded, and as it runs.
pytestmark = pytest.mark.filterwarnings("ignore")
pytest.importorskip("datatrove", reason="the filter for datatrove needs datatrove")

with warnings.catch_warnings(action="ignore"):
    from datatrove.data import Document
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers.jsonl import JsonlReader
    from datatrove.pipeline.writers.jsonl import JsonlWriter

    from signals_agent.integrations.datatrove import SignalsFilter

POLICY = {"uses": ["train-generative"]}
ROBOTS = {"https://a.example": b"User-agent: *\nAllow: /\nDisallow: /closed\n"}
HEADERS = [["Content-Type", "text/html"]]
NO = [*HEADERS, ["Content-Usage", "train-ai=n"]]
DOCUMENTS: dict[str, dict[str, object]] = {
    "fine": {"url": "https://a.example/fine", "headers": HEADERS},
    "more": {"url": "https://a.example/more", "headers": HEADERS},
    "no": {"url": "https://a.example/no", "headers": NO},
    "closed": {"url": "https://a.example/closed/door", "headers": HEADERS},
    "without a URL": {"headers": HEADERS},
    "without headers": {"url": "https://a.example/bare"},
    "without robots.txt": {"url": "https://b.example/page", "headers": HEADERS},
}
REASONS = {
    "no": "skip-disallow",
    "closed": "skip-access-refused",
    "without a URL": "hold-no-url",
    "without headers": "hold-undetermined",
    "without robots.txt": "hold-access-undetermined",
}


def executor(folder: Path, **policy: object) -> LocalPipelineExecutor:
    """Two files, two tasks, two processes."""
    if not (folder / "in").exists():
        (folder / "in").mkdir()
        for name in ("one", "two"):
            lines = [
                json.dumps({"text": "<p>x", "id": f"{name} {key}", "metadata": metadata})
                for key, metadata in DOCUMENTS.items()
            ]
            (folder / "in" / f"{name}.jsonl").write_text("\n".join(lines))
    return LocalPipelineExecutor(
        pipeline=[
            JsonlReader(str(folder / "in"), compression=None),
            SignalsFilter(
                POLICY | policy,
                robots=ROBOTS,
                ledger=folder / "run.db",
                exclusion_writer=JsonlWriter(str(folder / "dropped"), compression=None),
            ),
            JsonlWriter(str(folder / "kept"), compression=None),
        ],
        logging_dir=str(folder / "logs"),
        tasks=2,
        workers=2,
        start_method="spawn",
    )


def rows(folder: Path) -> dict[str, dict[str, Any]]:
    found = [
        json.loads(line)
        for file in sorted(folder.glob("*.jsonl"))
        for line in file.read_text("utf-8").splitlines()
    ]
    return {row["id"]: row["metadata"] for row in found}


def test_two_tasks_come_to_one_count_and_are_not_repeated(tmp_path: Path) -> None:
    executor(tmp_path).run()
    assert set(rows(tmp_path / "kept")) == {
        f"{file} {name}" for file in ("one", "two") for name in ("fine", "more")
    }
    assert {
        name: metadata["filter_reason"] for name, metadata in rows(tmp_path / "dropped").items()
    } == {f"{file} {name}": why for file in ("one", "two") for name, why in REASONS.items()}
    counted = next(
        step["stats"]
        for step in json.loads((tmp_path / "logs" / "stats.json").read_text())
        if "Signals" in step["name"]
    )
    total = {
        name: value["total"] if isinstance(value, dict) else value
        for name, value in counted.items()
    }
    assert total["ingest"] == total["skip"] == total["hold"] == 4
    assert total["unjudged"] == total["headers_missing"] == total["robots_missing"] == 2
    assert {name: total[f"dropped_{name}"] for name in REASONS.values()} == dict.fromkeys(
        REASONS.values(), 2
    )
    logged = "".join(file.read_text("utf-8") for file in (tmp_path / "logs").rglob("*.log"))
    assert logged.count("no header section under 'headers'") == 2
    assert logged.count("there is no robots.txt of https://b.example") == 2
    found = written(tmp_path / "run.db")
    assert len(found) == 12
    assert ("https://a.example/no", "skip") in found

    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "kept").iterdir()}
    assert executor(tmp_path).run() is None
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "kept").iterdir()} == before
    assert len(written(tmp_path / "run.db")) == 12

    (tmp_path / "logs" / "completions" / "00001").unlink()
    executor(tmp_path).run()
    after = {file: file.stat().st_mtime_ns for file in (tmp_path / "kept").iterdir()}
    assert [file.name for file in before if after[file] != before[file]] == ["00001.jsonl"]
    # The task was run again, at another time: its answers are on record once more.
    assert len(written(tmp_path / "run.db")) == 18
    assert len(rows(tmp_path / "kept")) == 4


def test_observe_passes_on_what_cannot_be_judged_and_says_why(tmp_path: Path) -> None:
    executor(tmp_path, preset="observe").run()
    kept = rows(tmp_path / "kept")
    assert len(kept) == 2 * len(DOCUMENTS)
    for name, why in REASONS.items():
        told = kept[f"one {name}"]["signals_agent"]
        assert f"{told['decision']}-{told['reasons'][0]['code']}" == why
    logged = "".join(file.read_text("utf-8") for file in (tmp_path / "logs").rglob("*.log"))
    assert logged.count("What enforcement would have cost, for 6 assets:") == 2


def test_a_ledger_that_fails_ends_the_task(tmp_path: Path) -> None:
    run = executor(tmp_path)
    (tmp_path / "run.db").write_bytes(b"no ledger " * 1000)
    with pytest.raises(sa.StoreError):
        run.run()
    assert rows(tmp_path / "kept") == {}
    assert not list((tmp_path / "logs").glob("completions/*"))


def test_a_ledger_that_cannot_be_is_told_when_the_step_is_made(tmp_path: Path) -> None:
    with pytest.raises(sa.StoreError):
        SignalsFilter(POLICY, robots=ROBOTS, ledger=tmp_path / "nowhere" / "run.db")


def test_a_step_that_is_asked_by_hand_writes_too(tmp_path: Path) -> None:
    step = SignalsFilter(POLICY, robots=ROBOTS, ledger=tmp_path / "run.db")
    metadata = {"url": "https://a.example/p", "headers": NO}
    assert step.filter(Document(text="<p>x", id="1", metadata=metadata)) == (
        False,
        "skip-disallow",
    )
    assert written(tmp_path / "run.db") == [("https://a.example/p", "skip")]
