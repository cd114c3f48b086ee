"""A bundled page under CC BY-NC-ND, checked over HTTP by who plans a release."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from signals_agent.cli import app
from signals_agent.demo import table
from signals_agent.demo.publishers import folder, load
from signals_agent.demo.run import Demo
from signals_agent.demo.server import Servers
from signals_agent.model.licence import Activity

PLAN = folder() / "planned-release.toml"
PAGE = "/plates/lighthouse-1911"
BY_NC_ND = "https://creativecommons.org/licenses/by-nc-nd/4.0/"

Check = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def archive() -> Iterator[str]:
    """The loopback origin of the photographic archive, served in a thread."""
    ready, done = threading.Event(), threading.Event()
    found: dict[str, str] = {}

    async def serve() -> None:
        async with Servers(load()) as servers:
            found.update(servers.origins)
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    yield found["puffin-plates"]
    done.set()
    thread.join()


@pytest.fixture
def check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Check:
    """Runs ``signals-agent check`` with the bundled plan; the exit code and what it prints."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        code = app.run(["check", "--allow-private", "--policy", str(PLAN), *arguments])
        said = capsys.readouterr()
        assert said.err == ""
        return code, said.out

    return call


def test_it_is_skipped_for_both_reasons_and_says_what_to_do_instead(
    check: Check, archive: str
) -> None:
    code, out = check(archive + PAGE)
    assert code == 1
    said = " ".join(out.split()).lower()
    assert said.startswith("skip ")
    for part in (
        "commercial-product is not permitted by CC-BY-NC-ND-4.0",
        "Instead: Use a permissively licensed alternative in the product",
        "(licence-forbids)",
        "release-weights needs review under CC-BY-NC-ND-4.0",
        "Instead: Publish metrics, hashes or evaluation scripts rather than the weights.",
        "(licence-caution)",
        "prints-and-permissions",
    ):
        assert part.lower() in said


def test_as_json_it_names_the_licence_and_whom_to_ask(check: Check, archive: str) -> None:
    code, out = check("--format", "json", archive + PAGE)
    assert code == 1
    (result,) = json.loads(out)["results"]
    verdict = result["verdict"]
    assert [reason["code"] for reason in verdict["reasons"]] == [
        "licence-forbids",
        "licence-caution",
    ]
    assert verdict["activities"] == ["release-weights", "commercial-product"]
    (licence,) = result["licences"]
    assert (licence["spdx"], licence["scope"], licence["governs"]) == (
        "CC-BY-NC-ND-4.0",
        "page",
        True,
    )
    carriers = {each["id"]: each["carrier"] for each in result["declarations"]}
    named = [carriers[each] for each in licence["because"]]
    assert named == ["html-anchor", "html-link", "json-ld"]
    assert set(verdict["reasons"][0]["because"]) == set(licence["because"])
    (asked,) = result["separate_licences"]
    assert asked["activities"] == verdict["activities"]
    assert [(each["kind"], each["url"]) for each in asked["ask"]] == [
        ("acquire-licence", archive + "/prints-and-permissions"),
        ("licensor", archive + "/"),
        ("origin", archive + "/"),
    ]


def test_a_markdown_citation_is_ready_to_paste(check: Check, archive: str) -> None:
    code, out = check("--cite", "markdown", archive + PAGE)
    assert code == 1
    assert out.replace("\\", "") == (
        f"[The lighthouse in fog, 1911](<{archive}{PAGE}>), by Mabel Tarn / Puffin Plates, "
        f"in Puffin Plates, [CC BY-NC-ND 4.0](<{BY_NC_ND}>)\n"
    )


def test_the_page_whose_figure_is_under_another_licence_is_its_own(
    check: Check, archive: str
) -> None:
    code, out = check("--format", "json", archive + "/plates/keeper")
    assert code == 0
    (result,) = json.loads(out)["results"]
    assert {(one["spdx"], one["scope"], one["governs"]) for one in result["licences"]} == {
        ("CC-BY-4.0", "page", True),
        ("CC-BY-NC-4.0", "part", False),
    }
    assert result.get("separate_licences", []) == []


def test_a_page_comes_to_what_it_promises_of_the_plan(demo: Demo) -> None:
    asked = [each for each in demo.checked if each.page.planned is not None]
    assert len(asked) >= 2
    for each in asked:
        assert each.planned is not None
        assert each.page.planned is not None
        assert each.planned.verdict is not None
        codes = tuple(reason.code for reason in each.planned.verdict.reasons)
        assert (each.planned.verdict.decision, codes) == (
            each.page.planned.decision,
            each.page.planned.reasons,
        )


def test_only_what_promises_something_of_the_plan_is_asked_again(demo: Demo) -> None:
    for each in demo.checked:
        assert (each.planned is None) is (each.page.planned is None)
    assert demo.planned.activities == (Activity.RELEASE_WEIGHTS, Activity.COMMERCIAL_PRODUCT)


def test_the_demo_shows_the_plan_below_its_table(demo: Demo) -> None:
    said = " ".join(table.text(demo).split())
    assert f"{PAGE} skip commercial-product is not permitted by CC-BY-NC-ND-4.0" in said
    assert "/plates/keeper ingest credit gen and train:" in said
    document = json.loads(table.document(demo))
    planned = {
        page["path"]: page["planned"]["verdict"]["decision"]
        for each in document["publishers"]
        for page in each["pages"]
        if "planned" in page
    }
    assert planned == {PAGE: "skip", "/plates/keeper": "ingest"}
