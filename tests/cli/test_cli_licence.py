"""The command ``licence``."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from signals_agent.model.licence import Activity

ROOT = Path(__file__).parents[2]
NC_ND = "http://www.creativecommons.org/licenses/by-nc-nd/4.0/deed.de"


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_table_says_everything_in_a_hundred_columns(run: Callable[..., Any]) -> None:
    done = run("licence", NC_ND)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("CC-BY-NC-ND-4.0\n")
    assert max(map(len, done.out.splitlines())) <= 100
    lines = done.out.splitlines()
    found = {line.split()[0]: line.split()[1] for line in lines if line[:1].islower()}
    assert {each.value: found[each.value] for each in Activity} == {
        "research-internal": "ok",
        "publish-metrics": "ok",
        "mirror": "caution",
        "redistribute-modified": "no",
        "release-weights": "caution",
        "commercial-product": "no",
        "publish-samples": "caution",
        "publish-adapted-samples": "caution",
        "merge-checkpoints": "no",
        "share-for-review": "caution",
    }
    for said in (
        "the text: https://creativecommons.org/licenses/by-nc-nd/4.0/legalcode",
        "commercial-product no non-commercial, no-derivatives",
        "The licence grants nothing for commercial advantage.",
        "instead: Publish metrics, hashes or evaluation scripts rather than the weights.",
        "rests on: CC-BY-NC-ND-4.0, section 2(a)(1)",
        "Directive (EU) 2019/790, Article 4",
        "fair use",
        "This is no legal advice.",
    ):
        assert said in flat(done.out)


def test_only_the_activities_asked_for(run: Callable[..., Any]) -> None:
    done = run("licence", "mit", "--activity", "mirror", "--activity", "release-weights")
    assert done.code == 0
    assert "mirror" in done.out
    assert "release-weights" in done.out
    assert "commercial-product" not in done.out


def test_an_unknown_activity_is_wrong_usage_and_lists_the_ten(run: Callable[..., Any]) -> None:
    done = run("licence", "mit", "--activity", "fun")
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert all(each.value in done.err for each in Activity)


@pytest.mark.parametrize("declared", ["https://data.example/terms", "our-own-licence"])
def test_what_is_not_recognised_is_told_and_is_no_mistake(
    declared: str, run: Callable[..., Any]
) -> None:
    done = run("licence", declared)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(declared + "\n")
    assert "Not a licence that is recognised" in done.out
    assert " ok " not in done.out


def test_two_beside_one_another(run: Callable[..., Any]) -> None:
    done = run("licence", "CC-BY-SA-4.0", "--against", NC_ND)
    assert (done.code, done.err) == (0, "")
    assert max(map(len, done.out.splitlines())) <= 100
    out = flat(done.out)
    assert "To make one thing of both and share it: no" in out
    assert "CC-BY-NC-ND-4.0 lets no adapted material be shared" in out
    assert "Research-Only" in out
    assert "asked of the whole: credit, share-alike, non-commercial, no-derivatives" in out
    assert "redistribute-modified ok no no" in out


def test_long_labels_do_not_break_the_table(run: Callable[..., Any]) -> None:
    done = run("licence", "MIT OR (Apache-2.0 AND GPL-3.0-only)", "--against", NC_ND)
    assert max(map(len, done.out.splitlines())) <= 100
    assert "the first" in done.out
    assert "Of licences joined by OR" in done.out


def test_the_json(run: Callable[..., Any]) -> None:
    done = run("licence", NC_ND, "--format", "json")
    made = json.loads(done.out)
    assert set(made) == {"schema", "tool", "licence", "jurisdictions", "notice"}
    assert made["schema"] == "signals-agent/licence/1"
    licence = made["licence"]
    assert (licence["declared"], licence["id"], licence["recognised"]) == (
        NC_ND,
        "CC-BY-NC-ND-4.0",
        True,
    )
    assert licence["licences"] == [
        {
            "id": "CC-BY-NC-ND-4.0",
            "spdx": "CC-BY-NC-ND-4.0",
            "name": "Creative Commons Attribution-NonCommercial-NoDerivatives 4.0 International",
            "url": "https://creativecommons.org/licenses/by-nc-nd/4.0/",
            "kind": "non-commercial-no-derivatives",
            "family": "creativecommons",
            "elements": ["BY", "NC", "ND"],
            "version": "4.0",
        }
    ]
    assert list(licence["activities"]) == [each.value for each in Activity]
    weights = licence["activities"]["release-weights"]
    assert set(weights) == {"answer", "conditions", "reason", "instead", "clause", "terms_url"}
    assert weights["answer"] == "caution"
    assert "null" not in done.out
    assert done.out.isascii()


def test_the_json_of_two_has_what_combining_means(run: Callable[..., Any]) -> None:
    made = json.loads(run("licence", "MIT", "--against", "x\x7fy", "--format", "json").out)
    assert made["against"]["recognised"] is False
    assert made["against"]["licences"][0]["id"] == "unrecognised"
    assert made["together"]["answer"] == "caution"
    assert made["together"]["under"] == []
    assert set(made["together"]["activities"]) == {each.value for each in Activity}


def test_every_member_of_the_json_is_documented(run: Callable[..., Any]) -> None:
    page = (ROOT / "docs" / "licences.md").read_text("utf-8").split("## JSON")[1]
    made = json.loads(run("licence", "MIT", "--against", NC_ND, "--format", "json").out)
    cell = made["against"]["activities"]["release-weights"]
    members = {*made, *made["licence"], *made["against"]["licences"][0], *made["together"], *cell}
    assert [each for each in sorted(members) if f"`{each}`" not in page] == []


def test_the_markdown_is_a_table_that_parses(run: Callable[..., Any]) -> None:
    tokens = (
        MarkdownIt("commonmark")
        .enable("table")
        .parse(run("licence", NC_ND, "--format", "markdown").out)
    )
    assert sum(token.type == "tr_open" for token in tokens) == 1 + len(Activity)
    assert "legal advice" in tokens[-2].content


@pytest.mark.parametrize("format_", ["text", "markdown"])
def test_what_was_given_cannot_break_out(format_: str, run: Callable[..., Any]) -> None:
    evil = "https://a.example/\x1b[31m> | <script>`*"
    done = run("licence", evil, "--against", "a|b\n# c", "--format", format_)
    assert done.code == 0
    assert "\x1b" not in done.out
    if format_ == "markdown":
        assert "<script" not in done.out
        assert "\n# c" not in done.out


def test_colour_when_asked_for(run: Callable[..., Any]) -> None:
    assert "\x1b[31m" in run("licence", NC_ND, "--color", "always").out
    assert "\x1b[" not in run("licence", NC_ND).out


def test_a_plain_licence_loads_no_library_for_expressions() -> None:
    script = (
        "import sys; from signals_agent.cli.app import run; run(['licence', 'mit'])\n"
        "print({'license_expression', 'httpx', 'asyncio', 'can_ada'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.splitlines()[-1] == "set()"
