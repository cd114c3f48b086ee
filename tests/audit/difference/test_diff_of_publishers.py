"""The bundled publishers, looked at twice, and in between some of them changed their minds."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import audit_stores
import pytest
import travelled_publishers
from travelled_publishers import Edit

from signals_agent.audit.difference import Book, Changed, Differ, Verdict, opened, read
from signals_agent.demo.publishers import Response
from signals_agent.store import Ledger, verify


def words(old: bytes, new: bytes) -> Edit:
    def edit(response: Response) -> Response:
        return replace(response, body=response.body.replace(old, new))

    return edit


def field(new: bytes | None) -> Edit:
    def edit(response: Response) -> Response:
        kept = [line for line in response.headers if line[0] != b"Content-Usage"]
        return replace(
            response, headers=(*kept, *([(b"Content-Usage", new)] if new is not None else []))
        )

    return edit


def status(code: int) -> Edit:
    # Such a wait is longer than anybody allows, so that nothing is asked for again.
    wait = ((b"Retry-After", b"86400"),)
    return lambda response: replace(response, status=code, headers=wait, body=b"")


def file(body: bytes) -> Edit:
    kind = (b"Content-Type", b"application/json" if body.startswith(b"[") else b"text/plain")
    return lambda response: Response(200, (kind,), body)


FERRY = "https://wrenfield-library.example/local-history/ferry"
PLEASE = "https://mudlark.example/2026/please-do"
LIGHTHOUSE = "https://puffin-plates.example/plates/lighthouse-1911"
MINUTES = "https://old-bridge.example/council/minutes-1803"
SOUP = "https://copper-pot.example/soup/leek"
LARKS, FEN = "https://two-larks.example", "https://fenwiki.example"
SALT, TERN = "https://saltmarsh.example", "https://tern-museum.example"
BRIDGE = "https://old-bridge.example"

EDITS: dict[str, Edit] = {
    FERRY: field(b"train-ai=n"),
    PLEASE: words(b"train-ai=y", b"train-ai=n;exceptions=cc-cr"),
    LIGHTHOUSE: words(b"licenses/by-nc-nd/4.0", b"licenses/by/4.0"),
    MINUTES: field(None),
    f"{BRIDGE}/robots.txt": file(
        b"User-agent: *\nAllow: /\nContent-Usage: /council/ train-ai=n;exceptions=cc-cr\n"
    ),
    SOUP: status(404),
    f"{LARKS}/.well-known/tdmrep.json": file(b'[{"location": "/", "tdm-reservation": 1}]'),
    f"{FEN}/robots.txt": status(404),
    f"{SALT}/robots.txt": status(503),
    f"{TERN}/robots.txt": file(b"User-agent: *\nDisallow: /\n"),
    # The page changes, and what it declares stands elsewhere in it.
    "https://mudlark.example/2025/clay-pipes": words(b"<head>", b"<head>\n<!-- new -->"),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("publishers") / "audit.db"
    audit_stores.of(path, travelled_publishers.found())
    return audit_stores.of(path, travelled_publishers.found(EDITS))


@pytest.fixture(scope="module")
def found(store: Path) -> dict[str, Changed]:
    with ExitStack() as until:
        states = [opened(read(f"{store}@{run}"), False, until) for run in (1, 2)]
        return {each.url: each for each in Differ(states[0], states[1]).changes()}


def test_each_change_of_mind_is_found_and_nothing_else(found: dict[str, Changed]) -> None:
    verdicts = {url: each.verdict for url, each in found.items()}
    assert verdicts == {
        FERRY: Verdict.TIGHTENED,
        PLEASE: Verdict.TIGHTENED,
        LIGHTHOUSE: Verdict.LOOSENED,
        MINUTES: Verdict.REWORDED,
        SOUP: Verdict.GONE,
        f"{LARKS}/issue-9/low-water": Verdict.TIGHTENED,
        f"{FEN}/wiki/heron": Verdict.LOOSENED,
        f"{FEN}/talk/heron": Verdict.LOOSENED,
        f"{SALT}/theses/eel-navigation": Verdict.NOT_FOUND_OUT,
        f"{SALT}/datasets/tides": Verdict.NOT_FOUND_OUT,
        f"{SALT}/preprints/mud": Verdict.NOT_FOUND_OUT,
        f"{TERN}/collection/thimble": Verdict.TIGHTENED,
        f"{TERN}/media/thimble.png": Verdict.TIGHTENED,
    }
    assert {url for url, each in found.items() if each.lost} == {
        url for url in verdicts if url.startswith(SALT)
    }


def test_what_stood_in_a_page_is_told_with_both_expressions(found: dict[str, Changed]) -> None:
    (ferry,) = found[FERRY].declared
    assert (ferry.before, ferry.after) == ("train-genai=n;exceptions=cc-cr-ec", "train-ai=n")
    (please,) = found[PLEASE].declared
    assert (please.before, please.after) == ("train-ai=y", "train-ai=n;exceptions=cc-cr")
    assert {each.said.carrier for each in found[LIGHTHOUSE].declared} == {
        "html-link",
        "html-anchor",
        "json-ld",
    }


def test_what_a_file_of_the_site_says_is_told_once(found: dict[str, Changed]) -> None:
    book = Book()
    book.fill(found.values())
    sites = {each.site: each for each in book.sites()}
    own = {record["url"] for record, _ in book.groups()}
    book.close()
    assert own == {FERRY, PLEASE, LIGHTHOUSE, MINUTES, SOUP}
    assert set(sites) == {LARKS, FEN, SALT, TERN, BRIDGE}
    (robots,) = sites[FEN].sources
    assert (robots["source"], robots["urls"]) == (f"{FEN}/robots.txt", 2)
    assert [(each["kind"], each["before"], each["urls"]) for each in robots["declarations"]] == [
        ("withdrawn", "Allow: /", 2),
        ("withdrawn", "train-ai=n;exceptions=cc-cr, ai-use=n;exceptions=cc-cr", 2),
        ("withdrawn", "train-ai=n, ai-use=n", 1),
    ]
    (robots,) = sites[SALT].sources
    assert (robots["urls"], robots["declarations"]) == (3, [])
    (unseen,) = robots["not_found_out"]
    assert (unseen["before"], unseen["after"]) == ("present", "unreachable")
    assert unseen["expressions"] == ["train-ai=n;exceptions=cc-cr-ec"]


def test_turned_round_the_same_urls_changed(store: Path, found: dict[str, Changed]) -> None:
    with ExitStack() as until:
        states = [opened(read(f"{store}@{run}"), False, until) for run in (2, 1)]
        turned = {each.url: each.verdict for each in Differ(states[0], states[1]).changes()}
    assert set(turned) == set(found)
    assert turned[FERRY] is Verdict.LOOSENED
    assert turned[LIGHTHOUSE] is Verdict.TIGHTENED
    assert turned[SOUP] is Verdict.BACK
    assert turned[f"{FEN}/talk/heron"] is Verdict.TIGHTENED


def test_the_store_verifies(store: Path) -> None:
    with Ledger(store, read_only=True) as ledger:
        assert list(verify(ledger)) == []
