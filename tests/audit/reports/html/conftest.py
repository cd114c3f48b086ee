"""Pages of runs made by hand: varied answers, hostile ones, and a browser to look at them."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import audit_stores
import pytest

import signals_agent as sa
from signals_agent.audit import figures
from signals_agent.audit.reports.html import write
from signals_agent.store.snapshot import Snapshot

NOW = datetime(2026, 11, 22, 11, 5, tzinfo=UTC)
SCRIPT = "</script><img src=x onerror=alert(1)>"
BIDI = "\u202e"
SEPARATOR = "\u2028"


def hostile() -> sa.Assessment:
    """A page of which everything tries to be more than text."""
    body = (
        f"<html><head><title>{SCRIPT}{BIDI}{SEPARATOR}</title>"
        '<script type="application/ld+json">{"@context":"https://schema.org","@type":"Article",'
        '"license":"https://x.example/</style><b>","author":{"name":"<img src=//evil.example/x>"}}'
        f"</script></head><a rel=license href='https://creativecommons.org/licenses/by/4.0/'>{BIDI}"
        "</a></html>"
    ).encode()
    robots = (
        f'User-agent: *\nContent-Usage: / train-ai=n;x="{SCRIPT}"\n'
        f"Content-Signal: ai-train={SCRIPT}\nContent-Usage: /{'a' * 9000}* train-ai=n\n"
    ).encode()
    said = f'train-ai=n;exceptions="{SCRIPT}";long="{"y" * 3000}"'.encode()
    return sa.assess(
        sa.Capture(
            "https://hostile.example/page?x=</script>",
            200,
            [
                (b"Content-Type", b"text/html"),
                (b"Content-Usage", said),
                (b"Content-Usage", b"\xff\xed\xa0\x80 \xe2\x80\xae"),
                (b"Link", b"<javascript:alert(1)>; rel=license"),
            ],
            body + b"\xff\xed\xa0\x80",
            fetched_at=NOW,
        ),
        robots=robots,
        token="ExampleBot",
        policy=audit_stores.laboratory(),
        now=NOW,
    )


def listed() -> list[Any]:
    """Varied answers, each with an address of its own, a hostile one, and one not asked."""
    rows: list[Any] = [
        audit_stores.Listed(each.url, each, line=place)
        for place, each in enumerate(audit_stores.varied()[::4], 1)
    ]
    return [
        *rows,
        audit_stores.Listed(f"https://late.example/{SCRIPT}{BIDI}", line=900),
        hostile(),
    ]


@pytest.fixture(scope="session")
def page_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Makes the page of a run of the answers that are given."""

    def made(rows: list[Any], **told: Any) -> str:
        store = audit_stores.of(tmp_path_factory.mktemp("page") / "audit.db", rows, **told)
        with Snapshot(store) as snapshot:
            return "".join(write(figures.of(snapshot), snapshot.rows()))

    return made


@pytest.fixture(scope="session")
def page(page_of: Callable[..., str]) -> str:
    """The page of varied and hostile answers."""
    return page_of(listed(), left_out=4, asked={"inputs": ["urls.txt"], "sample": 20})


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A real Chromium; while it runs so does an event loop, which other tests cannot have."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="looking at the page needs playwright"
    )
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("no Chromium is on this machine")
    with playwright.sync_playwright() as run:
        # The sandbox wants rights that a build machine need not have.
        browser = run.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def file_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Writes a page to a file."""

    def written(page: str) -> Path:
        path = tmp_path_factory.mktemp("file") / "report.html"
        path.write_text(page, "utf-8", newline="\n")
        return path

    return written
