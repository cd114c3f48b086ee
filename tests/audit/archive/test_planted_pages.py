"""An archive of real pages in which declarations were planted: each is found, and no other."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from signals_agent.audit import figures, reports
from signals_agent.audit.asked import Asked
from signals_agent.audit.opening import open_run
from signals_agent.limits import DEFAULT_LIMITS
from signals_agent.model.capture import Capture, Role
from signals_agent.recording import Recorder
from signals_agent.store import Ledger, Verification, runs, verify
from signals_agent.store.snapshot import Snapshot
from signals_agent.wishes import Wishes

pytest.importorskip("fastwarc", reason="archives are read with fastwarc")

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PLAIN = b"User-agent: *\nAllow: /\n"
MOST = 60


@dataclass(frozen=True)
class Planted:
    """A declaration: in robots.txt, in a header field or in the head of the page."""

    name: str
    preference: str
    robots: bytes = PLAIN
    field: tuple[str, str] | None = None
    head: bytes = b""
    owed: tuple[str, ...] = ()


KINDS = (
    Planted("nothing", "unknown"),
    Planted(
        "in robots.txt",
        "conditional",
        robots=b"User-agent: *\nAllow: /\nContent-Usage: train-genai=n;exceptions=cc-cr\n",
        owed=("credit",),
    ),
    Planted(
        "in a header",
        "conditional",
        field=("Content-Usage", "train-ai=n;exceptions=cc-cr-ec"),
        owed=("credit", "ecosystem-contribution"),
    ),
    Planted("in the head", "disallow", head=b'<meta name="robots" content="noai">'),
    Planted("by tdmrep", "disallow", head=b'<meta name="tdm-reservation" content="1">'),
)


def planted(page: bytes, head: bytes) -> bytes:
    """The page with something put at the beginning of its head."""
    at = page.lower().find(b"<head")
    if at < 0 or not head:
        return page
    end = page.index(b">", at) + 1
    return page[:end] + head + page[end:]


def silent(page: bytes) -> bool:
    """Whether a page says nothing by itself of what is planted, and has a head to plant it in."""
    low = page.lower()
    said = (b"noai", b"tdm-", b"content-usage", b"content-signal", b"rsl", b"x-robots")
    return b"<head" in low[:5000] and not any(each in low for each in said)


@pytest.fixture(scope="module")
def archive(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each page on a host of its own, its robots.txt an hour before it."""
    folder = tmp_path_factory.mktemp("planted")
    with Recorder(folder, software="test", user_agent="ExampleBot") as recorder:
        for number, (kind, page) in enumerate(pages(real_data)):
            origin = f"https://{kind.name.replace(' ', '-')}-{number}.example"
            fields = [("Content-Type", "text/html"), *([kind.field] if kind.field else [])]
            told = [
                (Role.ROBOTS, "/robots.txt", 200, [("Content-Type", "text/plain")], kind.robots),
                (Role.SITE_FILE, "/.well-known/tdmrep.json", 404, [], b""),
                (Role.ASSET, "/page", 200, fields, planted(page, kind.head)),
            ]
            for hour, (role, path, status, headers, body) in enumerate(told):
                at = NOON + timedelta(minutes=30 * hour)
                capture = Capture(origin + path, status, headers, body, fetched_at=at)
                recorder.take(capture, role)
    (made,) = folder.glob("*.warc.gz")
    return made


def pages(real_data: Path) -> Iterator[tuple[Planted, bytes]]:
    found = (
        gzip.decompress(path.read_bytes())
        for path in sorted((real_data / "pages").glob("*.html.gz"))
    )
    for number, page in enumerate([each for each in found if silent(each)][:MOST]):
        yield KINDS[number % len(KINDS)], page


@pytest.fixture(scope="module")
def store(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "audit.db"
    from signals_agent.audit.archiving import run as run_archives

    asked = Asked((str(archive),), ("ExampleBot",), uses=("train-generative",))
    wishes = Wishes.prepare(
        "ExampleBot", (), None, None, ("train-generative",), "cumulative", "page", None, None
    )
    with Ledger(path) as ledger:
        run, _ = open_run(ledger, runs.ARCHIVE, asked.document(), resume=False)
        told = run_archives(ledger, run, wishes, DEFAULT_LIMITS, 2)
        runs.end(ledger.file, run, runs.COMPLETE)
    assert told["losses"]["count"] == 0
    return path


def results(store: Path) -> Iterator[tuple[Planted, dict[str, Any]]]:
    import json

    named = {kind.name.replace(" ", "-"): kind for kind in KINDS}
    with Snapshot(store) as made:
        for row in made.rows():
            yield named[row.url[8:].rsplit("-", 1)[0]], json.loads(row.result)


def test_each_declaration_that_was_planted_is_found_and_no_other(store: Path) -> None:
    count = 0
    for kind, result in results(store):
        count += 1
        use = result["uses"]["train-generative"]
        assert use["preference"] == kind.preference, result["url"]
        kinds = {each["kind"] for each in result["obligations"] if each["binding"]}
        assert kinds == set(kind.owed), result["url"]
        if kind.name == "nothing":
            assert result["verdict"]["decision"] == "ingest"
        else:
            assert any(each["family"] != "licence" for each in result["declarations"])
    assert count >= 30


def test_every_verdict_is_recomputed_from_the_store(store: Path) -> None:
    counted = Verification()
    with Ledger(store, read_only=True) as ledger:
        assert list(verify(ledger, counted)) == []
    assert counted.assessments >= 30


@pytest.mark.parametrize("name", reports.FORMATS)
def test_it_is_reported_in_every_format(name: str, store: Path, tmp_path: Path) -> None:
    if name == "parquet":
        pytest.importorskip("pyarrow", reason="Parquet is written with pyarrow")
    path = tmp_path / f"report.{name}"
    with Snapshot(store) as made:
        reports.write(made, name, path)
        again = tmp_path / "again"
        reports.write(made, name, again)
    assert path.stat().st_size > 1000
    assert path.read_bytes() == again.read_bytes()


def test_the_figures_count_what_was_planted(store: Path) -> None:
    with Snapshot(store) as made:
        told = figures.of(made)
    found = [kind for kind, _ in results(store)]

    def by_kind(name: str) -> int:
        return sum(kind.name == name for kind in found)

    sources = {(each.family, each.carrier): each.assets for each in told.sources}
    assert sources["aipref", "robots-txt"] == by_kind("in robots.txt")
    assert sources["aipref", "http-header"] == by_kind("in a header")
    assert sources["tdmrep", "html-meta"] == by_kind("by tdmrep")
    assert told.preferences["train-generative"]["conditional"] == (
        by_kind("in robots.txt") + by_kind("in a header")
    )
