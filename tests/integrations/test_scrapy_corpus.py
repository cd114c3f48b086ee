"""The corpus of a real Scrapy crawl of the bundled publishers: every output, from its ledger."""

import asyncio
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytest.importorskip("scrapy", reason="Scrapy is not installed")

from scrapy_crawls import crawl

from signals_agent.corpus.folder import SUMS
from signals_agent.demo.publishers import load, policy_text
from signals_agent.demo.server import Servers
from signals_agent.preference_manifest import Manifest
from signals_agent.store import Ledger

PUBLISHERS = load()


@dataclass(frozen=True)
class Ran:
    """What was ingested, by URL, and the folder of the corpus."""

    items: dict[str, dict[str, Any]]
    ledger: Path
    out: Path
    code: int
    said: str

    def json(self, name: str) -> Any:
        return json.loads((self.out / name).read_text("utf-8"))

    def read(self, name: str) -> str:
        return (self.out / name).read_text("utf-8")


async def _crawled(folder: Path, ledger: Path) -> dict[str, dict[str, Any]]:
    async with Servers(PUBLISHERS) as servers:
        policy = folder / "policy.toml"
        policy.write_text(servers.placed(policy_text()))
        (folder / "contracts").mkdir()
        (folder / "contracts" / "harbour-times.pdf").write_bytes(b"%PDF-1.4 signed")
        urls = [
            servers.origins[publisher.name] + page.path
            for publisher in PUBLISHERS
            for page in publisher.pages
        ]
        made = await crawl(
            folder,
            urls,
            {"SIGNALS_AGENT_POLICY": str(policy), "SIGNALS_AGENT_LEDGER": str(ledger)},
        )
    return {item["signals_agent"]["url"]: item for item in made.items}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("crawl")
    ledger, out = folder / "crawl.db", folder / "corpus"
    items = asyncio.run(_crawled(folder, ledger))
    done = subprocess.run(
        [sys.executable, "-m", "signals_agent", "corpus", str(ledger), "--output", str(out)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return Ran(items, ledger, out, done.returncode, done.stderr)


@pytest.fixture(scope="module")
def sources(ran: Ran) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ran.read("sources.jsonl").splitlines()]


def test_the_corpus_is_what_the_crawl_handed_to_its_callbacks(
    ran: Ran, sources: list[dict[str, Any]]
) -> None:
    assert (ran.code, "items of the checklist are open" in ran.said) == (1, True), ran.said
    assert {each["url"] for each in sources} == set(ran.items)
    assert len(ran.items) > 10
    with Ledger(ran.ledger, read_only=True) as ledger:
        assert {entry.final_url for entry in ledger.ingested()} == set(ran.items)


def test_every_file_is_there_with_its_sum(ran: Ran) -> None:
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", SUMS], cwd=ran.out, check=False
    )
    assert done.returncode == 0
    for file in ran.out.rglob("*.json"):
        assert json.loads(file.read_text("utf-8"))


def test_whoever_is_owed_credit_is_in_the_credits(ran: Ran) -> None:
    """Each item's own credit line, by its address."""
    credits_ = ran.read("credits.json")
    owed = {
        url
        for url, item in ran.items.items()
        if any(
            each["kind"] == "credit" and each["binding"]
            for each in item["signals_agent"]["obligations"]
        )
    }
    assert owed
    assert all(url in credits_ for url in owed)


def test_what_an_item_carries_is_what_its_source_is_owed(ran: Ran) -> None:
    manifest = Manifest.open(ran.out)
    manifest.verify()
    for url, item in ran.items.items():
        carried = sorted(
            {(each["kind"], each["text"]) for each in item["signals_agent"]["obligations"]}
        )
        told = sorted({(each["kind"], each["text"]) for each in manifest.obligations(url)})
        assert told == carried, url


def test_contributions_owed_by_the_crawl_have_a_record(ran: Ran) -> None:
    kinds = {
        each["kind"] for item in ran.items.values() for each in item["signals_agent"]["obligations"]
    } & {"direct-contribution", "ecosystem-contribution", "payment"}
    assert kinds
    records = ran.json("contributions.json")["records"]
    assert kinds <= {each["kind"] for each in records}
    assert not any(each.get("given") for each in records)


def test_the_sets_split_the_corpus(ran: Ran, sources: list[dict[str, Any]]) -> None:
    lines = [
        json.loads(line)["url"]
        for file in sorted((ran.out / "sets").iterdir())
        for line in file.read_text("utf-8").splitlines()
    ]
    assert sorted(lines) == sorted(each["url"] for each in sources)


def test_the_same_ledger_gives_the_same_folder(ran: Ran, tmp_path: Path) -> None:
    subprocess.run(
        [
            *(sys.executable, "-m", "signals_agent", "corpus", str(ran.ledger)),
            *("--output", str(tmp_path / "again"), "--quiet"),
        ],
        check=False,
        timeout=120,
    )
    assert (tmp_path / "again" / SUMS).read_text() == ran.read(SUMS)


def test_the_croissant_of_the_crawl_is_valid(ran: Ran, mlcroissant: ModuleType) -> None:
    dataset = mlcroissant.Dataset(jsonld=str(ran.out / "croissant.json"))
    assert set(dataset.metadata.ctx.issues.errors) == set()
