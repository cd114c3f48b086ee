"""What is owed for an asset is the same in the figures, the CSV, and both tables of the page."""

import csv
import io
import json
import re
import sys
from collections import Counter
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import signals_agent as sa
from signals_agent.audit import figures, result_json
from signals_agent.audit.figures.nouns import Figures
from signals_agent.audit.figures.owing import ADVICE, owed_for
from signals_agent.audit.reports import csv as as_csv
from signals_agent.audit.reports.html import first_rows, packed, write_run
from signals_agent.store.snapshot import Row, Snapshot

sys.path.append(str(Path(__file__).parents[2] / "support"))
import audit_stores

Kinds = dict[str, bool]
"""Kinds of obligation, and whether one of the kind binds."""


class Run(NamedTuple):
    figures: Figures
    rows: list[Row]
    results: list[dict[str, Any]]
    page: str


@lru_cache
def one_use() -> tuple[sa.Assessment, ...]:
    """What every bundled vector comes to where only training is intended."""
    vectors = audit_stores._vectors()
    return tuple(
        vectors.run(
            {
                **{k: v for k, v in each.get("input", {}).items() if k != "uses"},
                "policy": {"uses": ["train-generative"]},
            }
        )
        for each in vectors.VECTORS
    )


@pytest.fixture(scope="module", params=["every use", "one use", "no verdict"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    answers = {
        "every use": audit_stores.varied,
        "one use": one_use,
        "no verdict": lambda: audit_stores.varied(policy=False),
    }[request.param]()
    store = audit_stores.of(tmp_path_factory.mktemp("owed") / "audit.db", answers)
    with Snapshot(store) as snapshot:
        rows = list(snapshot.rows())
        results = [result_json.read(row.result) for row in rows]
        assert all(("verdict" in each) is (request.param != "no verdict") for each in results)
        return Run(figures.of(snapshot), rows, results, "".join(write_run(snapshot)))


def told(texts: list[str], mark: str, binds: bool) -> Kinds:
    return {each.removesuffix(mark): each.endswith(mark) is binds for each in texts if each}


def of_csv(run: Run) -> tuple[list[Kinds], list[list[str]]]:
    text = "".join(as_csv.write(run.rows)).removeprefix("\ufeff")
    cells = list(csv.DictReader(io.StringIO(text, newline="")))
    return (
        [told(each["obligations"].split("; "), " (binding)", True) for each in cells],
        [each["parties"].split("; ") for each in cells],
    )


def of_plain_table(run: Run) -> list[Kinds]:
    found = []
    for row in run.rows:
        (cell,) = re.findall(r'data-label="Owed">(.*?)</td>', first_rows.first_rows([row]))
        texts = unescape(cell).split(", ")
        found.append({} if texts == ["nothing"] else told(texts, " (advisory)", False))
    return found


def blocks(page: str) -> tuple[list[Any], list[list[Any]]]:
    """What is owed for each row, with its flag, and the duties that they name."""
    duties: list[Any] = []
    answers: list[Any] = []
    numbers: list[int] = []
    for text in re.findall(r'class="block">(.*?)</script>', page):
        block = json.loads(text)
        duties += block["duties"]
        answers += block["answers"]
        numbers += block["rows"][1]
    return duties, [answers[each][4] for each in numbers]


def of_script_table(run: Run) -> list[Kinds]:
    duties, rows = blocks(run.page)
    found = []
    for row in rows:
        kinds: Kinds = {}
        for duty, mask, *_ in row:
            if mask & packed.OWED:
                kind, binds = duties[duty][:2]
                kinds[kind] = kinds.get(kind, False) or bool(binds)
        found.append(kinds)
    return found


def test_every_table_says_the_same_of_each_row(run: Run) -> None:
    in_csv, _ = of_csv(run)
    assert in_csv == of_plain_table(run) == of_script_table(run)
    assert sum(map(bool, in_csv)) > 20


def test_the_figures_count_what_the_rows_say(run: Run) -> None:
    in_csv, _ = of_csv(run)
    assert run.figures.owed == Counter(kind for each in in_csv for kind in each)
    assert run.figures.binding == Counter(
        kind for each in in_csv for kind, binds in each.items() if binds
    )
    assert run.figures.bound == sum(any(each.values()) for each in in_csv)


def test_what_is_skipped_owes_nothing_in_any_of_them(run: Run) -> None:
    asked = [
        (row, result)
        for row, result in enumerate(run.results)
        if result["obligations"]
        and (
            result["verdict"]["decision"] == "skip"
            if "verdict" in result
            else all(each["decision"] == "skip" for each in result["uses"].values())
        )
    ]
    in_csv, parties = of_csv(run)
    in_page = of_script_table(run)
    for row, _ in asked:
        assert in_csv[row] == in_page[row] == {}
        assert parties[row] == [""]
    assert asked or not run.figures.has_verdict


def test_only_the_uses_of_the_verdict_owe(run: Run) -> None:
    in_csv, _ = of_csv(run)
    for kinds, result in zip(in_csv, run.results, strict=True):
        if "verdict" in result:
            uses = [result["uses"][each] for each in result["verdict"]["uses"]]
        else:
            uses = [each for each in result["uses"].values() if each["decision"] != "skip"]
        asked = {one for each in uses for one in each["obligations"]}
        assert kinds.keys() <= {
            each["kind"] for each in result["obligations"] if each["id"] in asked
        }


def test_parties_are_counted_as_the_rows_name_them(run: Run) -> None:
    _, parties = of_csv(run)
    counted: Counter[str] = Counter()
    for each in run.figures.parties:
        counted[each.name + (" (inferred)" if each.inferred else "")] += each.assets
    named = Counter(
        name for row in parties for name in row if name and not re.fullmatch(r"and \d+ more", name)
    )
    # Parties of one name and two addresses are two, and may both be owed for one asset.
    assert counted.keys() == named.keys()
    assert all(counted[name] >= count for name, count in named.items())


def test_the_page_shows_what_is_asked_and_not_owed_in_the_evidence_all_the_same(run: Run) -> None:
    duties, rows = blocks(run.page)
    for row, result in zip(rows, run.results, strict=True):
        assert Counter(duties[each[0]][0] for each in row) == Counter(
            each["kind"] for each in result["obligations"]
        )
        owed = Counter(duties[each[0]][0] for each in row if each[1] & packed.OWED)
        assert owed == Counter(each["kind"] for each in owed_for(result))


def test_no_party_is_lost_among_very_many() -> None:
    """Each of what is owed is in the page, so that a party leads to all of its rows."""
    answer = next(each for each in audit_stores.varied() if each.verdict and each.obligations)
    result = json.loads(answer.model_dump_json())
    one = {**result["obligations"][0], "kind": "credit"}
    result["obligations"] = [
        {**one, "id": f"obl-{n}", "to": {"name": f"party {n}", "inferred": False}}
        for n in range(300)
    ]
    result["verdict"] |= {"decision": "hold", "obligations": [f"obl-{n}" for n in range(100, 200)]}
    packer = packed.Packer()
    packer.add(Row(1, result["url"], "urls.txt", 1, 1, ""), result)
    block = json.loads(packer.block())
    (owed,) = [each[4] for each in block["answers"]]
    names = [block["duties"][each[0]][4] for each in owed if each[1] & packed.OWED]
    assert names == [f"party {n}" for n in range(100, 200)]
    assert len(owed) == 140
    assert ADVICE in packed.legend()
