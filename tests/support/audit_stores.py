"""Stores that hold an audit, made by hand: real answers, as many of them as are wanted."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import signals_agent as sa
from signals_agent.evidence import as_stored
from signals_agent.store import Ledger, packing, runs
from signals_agent.store.file import File
from signals_agent.store.runs import Run
from signals_agent.url import parse

_FILE = Path(__file__).parents[1] / "test_vectors.py"
_LABORATORY = Path(__file__).parents[2] / "fixtures" / "publishers" / "policy.toml"

TOLD: dict[str, Any] = {
    "inputs": ["urls.txt"],
    "duplicates": 3,
    "variants": 2,
    "bare": 1,
    "international": 1,
    "elsewhere": 0,
    "skipped": {
        "count": 2,
        "kept": [
            {"source": "urls.txt", "line": 7, "reason": "no URL: 'see <b>above</b>'"},
            {"source": "urls.txt", "line": 9, "reason": "neither http nor https: 'ftp://x'"},
        ],
    },
    "lost": {"count": 0, "kept": []},
    "not_fetched": {
        "count": 1,
        "kept": [{"source": "sitemap.xml", "line": 3, "reason": "not beside the index"}],
    },
}
"""What became of the inputs of a list; ``listed`` is put in."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A URL of a run with its answer, or without one where it was not asked."""

    url: str
    answer: sa.Assessment | None = None
    source: str = "urls.txt"
    line: int = 0


@lru_cache
def laboratory() -> sa.Policy:
    """The policy of the bundled publishers: every use, some commitments, an agreement."""
    return sa.Policy.load(_LABORATORY)


@lru_cache
def _vectors() -> Any:
    spec = spec_from_file_location("vectors_of_stores", _FILE)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@lru_cache
def varied(policy: bool = True) -> tuple[sa.Assessment, ...]:
    """What every bundled vector comes to, under the laboratory's policy, or under none."""
    found = []
    rules = json.loads(json.dumps(_toml(), default=str)) if policy else None
    for vector in _vectors().VECTORS:
        given = {k: v for k, v in vector.get("input", {}).items() if k not in ("policy", "uses")}
        if rules is not None:
            given["policy"] = rules
        found.append(_vectors().run(given))
    return tuple(found)


def _toml() -> dict[str, Any]:
    import tomllib

    return {
        key: value
        for key, value in tomllib.loads(_LABORATORY.read_text("utf-8")).items()
        if key != "tokens"
    }


def of(
    path: Path,
    listed: Iterable[Listed | sa.Assessment],
    *,
    kind: str = runs.LIST,
    asked: Mapping[str, Any] | None = None,
    told: Mapping[str, Any] | None = None,
    ended: str = runs.COMPLETE,
    left_out: int = 0,
) -> Path:
    """A store with one more run, whose answers are appended to its ledger as they should be.

    An ``Assessment`` stands for its own URL. ``ended`` is empty for a run that goes on, and
    ``left_out`` counts URLs of the first origin that the sample left out.
    """
    rows = [
        each if isinstance(each, Listed) else Listed(each.url, each, line=place)
        for place, each in enumerate(listed, 1)
    ]
    with Ledger(path) as ledger:
        answers = [each.answer for each in rows if each.answer is not None]
        keys = iter(ledger.append_many(answers))
        numbers = {
            key: number for number, key in ledger.file.rows("SELECT id, key FROM assessments")
        }
        entries = [None if each.answer is None else numbers[next(keys)] for each in rows]
        run = _begin(ledger.file, kind, asked)
        _list(
            ledger.file,
            run,
            (
                (each.url, each.source, each.line, entry)
                for each, entry in zip(rows, entries, strict=True)
            ),
            left_out,
        )
        _end(ledger.file, run, told, len(rows), ended)
    return path


def repeated(
    path: Path,
    rows: int,
    *,
    origins: int = 200,
    answers: Sequence[sa.Assessment] = (),
    waiting: int = 0,
    kind: str = runs.LIST,
    asked: Mapping[str, Any] | None = None,
    told: Mapping[str, Any] | None = None,
    ended: str = runs.COMPLETE,
) -> Path:
    """A store of many rows in little time: real answers, each with a URL and origin of its own.

    The rows are written straight into the tables, so the ledger does not verify. ``answers``
    are repeated over ``origins`` copies of their sites, the bundled vectors where none are
    given; the last ``waiting`` rows were not asked.
    """
    with Ledger(path) as ledger:
        run = _begin(ledger.file, kind, asked)
        made = _copies(answers or varied(), rows, origins)
        (before,) = ledger.file.rows("SELECT coalesce(max(id), 0) FROM assessments")[0]
        with ledger.file.writing() as connection:
            connection.executemany(
                "INSERT INTO assessments (id, key, chain, url, final_url, checked_at, decision, "
                "policy_name, policy_sha256, tool_version, tool_tables, verdict, result, "
                "evidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (before + place, *_row(run.number, place, text, result))
                    for place, (_, text, result) in enumerate(made, 1)
                    if place <= rows - waiting
                ),
            )
        _list(
            ledger.file,
            run,
            (
                (url, "urls.txt", place, before + place if place <= rows - waiting else None)
                for place, (url, _, _) in enumerate(_copies(answers or varied(), rows, origins), 1)
            ),
            0,
        )
        _end(ledger.file, run, told, rows, ended)
    return path


def _row(run: int, place: int, text: str, result: Mapping[str, Any]) -> tuple[Any, ...]:
    key = sha256(f"{run}/{place}".encode()).hexdigest()
    verdict = result.get("verdict")
    return (
        key,
        key,
        result["url"],
        result["final_url"],
        result["checked_at"],
        verdict["decision"] if verdict else None,
        verdict["policy"]["name"] if verdict else None,
        verdict["policy"]["sha256"] if verdict else None,
        result["tool"]["version"],
        result["tool"]["tables"],
        json.dumps(verdict) if verdict else None,
        packing.pack(text),
        result["evidence"],
    )


def _wishes(answer: sa.Assessment) -> Any:
    return as_stored(answer).document["wishes"]


_HOST = re.compile(r"\.example\b")


def _copies(
    answers: Sequence[sa.Assessment], rows: int, origins: int
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The URL, the result as canonical JSON, and what of it stands in columns."""
    texts = [
        json.dumps(each.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        for each in answers
    ]
    # Of the evidence only what was asked for, with the policy.
    wishes = [packing.pack(json.dumps({"wishes": _wishes(each)})) for each in answers]
    # Sites that come back with all their answers, one after the other.
    for place in range(rows):
        which, site = place % len(texts), place // len(texts) % origins
        answer = answers[which]
        url = _HOST.sub(f".s{site}.example", answer.url)
        own = f"{url}{'&' if '?' in url else '?'}row={place + 1}"
        text = _HOST.sub(f".s{site}.example", texts[which]).replace(
            json.dumps(url), json.dumps(own)
        )
        text = text.replace(f'"{url} ', f'"{own} ')  # as notes tell it
        result: dict[str, Any] = {
            "url": own,
            "final_url": _HOST.sub(f".s{site}.example", answer.final_url),
            "checked_at": answer.checked_at.isoformat(timespec="microseconds")[:26] + "Z",
            "evidence": wishes[which],
            "tool": {"version": answer.tool.version, "tables": answer.tool.tables},
        }
        if answer.verdict is not None:
            result["verdict"] = {
                "decision": str(answer.verdict.decision),
                "policy": {
                    "name": answer.verdict.policy.name,
                    "sha256": answer.verdict.policy.sha256,
                },
            }
        yield own, text, result


def _begin(file: File, kind: str, asked: Mapping[str, Any] | None) -> Run:
    runs.prepare(file)
    return runs.begin(file, kind, {} if asked is None else asked)


def _list(
    file: File, run: Run, rows: Iterable[tuple[str, str, int, int | None]], left_out: int
) -> None:
    with file.writing() as connection:
        hosts: dict[str, int] = {}
        inputs: dict[str, int] = {}

        def numbered() -> Iterator[tuple[Any, ...]]:
            for rank, (url, source, line, entry) in enumerate(rows):
                origin = parse(url).origin
                if origin not in hosts:
                    hosts[origin] = _inserted(
                        connection.execute(
                            "INSERT INTO hosts (run, origin, left_out) VALUES (?, ?, ?)",
                            (run.number, origin, 0 if hosts else left_out),
                        ).lastrowid
                    )
                if source not in inputs:
                    inputs[source] = _inserted(
                        connection.execute(
                            "INSERT INTO inputs (run, name) VALUES (?, ?)", (run.number, source)
                        ).lastrowid
                    )
                yield run.number, hosts[origin], url, inputs[source], line, rank, entry

        insert = (
            "INSERT INTO listed (run, host, url, input, line, rank, assessment) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)"
        )
        for row in numbered():
            connection.execute(insert, row)


def _inserted(number: int | None) -> int:
    assert number is not None
    return number


def _end(file: File, run: Run, told: Mapping[str, Any] | None, listed: int, ended: str) -> None:
    runs.note_listed(file, run, {**TOLD, "listed": listed} if told is None else told)
    if ended:
        runs.end(file, run, ended)
    # The same store from the same arguments, whenever it is made.
    with file.writing() as connection:
        connection.execute(
            "UPDATE runs SET started_at = ?, listed_at = ?, ended_at = ? WHERE id = ?",
            (
                "2026-11-22T11:00:00.000000Z",
                "2026-11-22T11:00:01.000000Z",
                "2026-11-22T13:00:00.000000Z" if ended else None,
                run.number,
            ),
        )
