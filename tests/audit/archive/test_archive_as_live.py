"""What a live run fetched, recorded into archives, comes to what it came to live."""

import asyncio
import contextlib
import gzip
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest

pytest.importorskip("fastwarc", reason="archives are read with fastwarc")

import signals_agent as sa
from signals_agent.archives import captures
from signals_agent.audit.archive import Told
from signals_agent.demo.publishers import load, policy_text
from signals_agent.demo.server import Servers
from signals_agent.families import FAMILIES
from signals_agent.fetch import redirect
from signals_agent.plan import wanted_files

FILES = ("/robots.txt", *(file.path for file in wanted_files(FAMILIES)))
TIMES = {"checked_at", "valid_until", "fetched_at"}
POLICY = sa.Policy.parse(policy_text(), "demo")


def timeless(told: Any) -> Any:
    match told:
        case dict():
            return {name: timeless(each) for name, each in told.items() if name not in TIMES}
        case list():
            return [timeless(each) for each in told]
    return told


async def octets_of(url: str) -> bytes:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    found = b""
    with contextlib.suppress(ConnectionResetError):
        writer.write(f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
        found = await reader.read()
    writer.close()
    return found


def by_hand(url: str, octets: bytes) -> sa.Capture:
    head, body = octets.split(b"\r\n\r\n", 1)
    status, *lines = head.split(b"\r\n")
    pairs = [tuple(line.split(b": ", 1)) for line in lines]
    return sa.Capture(url, int(status.split()[1]), pairs, body, fetched_at=datetime.now(UTC))


async def recorded() -> tuple[dict[str, bytes], dict[str, dict[str, Any]]]:
    """What the bundled publishers send, by URL, and what each asset comes to live."""
    sent: dict[str, bytes] = {}
    live: dict[str, dict[str, Any]] = {}
    async with (
        Servers(load()) as servers,
        sa.Agent(
            token="ExampleBot", contact="a@b.example", policy=POLICY, allow_private=True
        ) as agent,
    ):
        for publisher in load():
            origin = servers.origins[publisher.name]
            for path in (*FILES, *publisher.files, *(page.path for page in publisher.pages)):
                octets = await octets_of(origin + path)
                if octets:
                    sent[origin + path] = octets
        for url in [url for url in sent if urlsplit(url).path not in FILES]:
            hops = [by_hand(url, sent[url])]
            while redirect.is_redirect(hops[-1]):
                onward = urljoin(hops[-1].url, hops[-1].field_lines(b"location")[0].decode())
                sent.setdefault(onward, await octets_of(onward))
                hops.append(by_hand(onward, sent[onward]))
            *before, asset = hops
            result = await agent.assess_capture(asset, hops=before)
            live[url] = timeless(result.model_dump(mode="json"))
    return sent, live


@pytest.fixture(scope="module")
def run() -> tuple[dict[str, bytes], dict[str, dict[str, Any]]]:
    return asyncio.run(recorded())


def compared(made: list[dict[str, Any]], live: dict[str, dict[str, Any]]) -> None:
    told = {each["url"]: timeless(each) for each in made}
    assert set(live) <= set(told)
    answers, carriers = set(), set()
    for url, expected in live.items():
        assert told[url] == expected
        answers |= {each["preference"] for each in expected["uses"].values()}
        carriers |= {each["carrier"] for each in expected["declarations"]}
    assert answers >= {"allow", "disallow", "conditional"}
    assert carriers >= {"http-header", "robots-txt", "html-meta", "well-known", "json-ld"}
    assert any(len(each["access"]["hops"]) > 1 for each in live.values())
    assert any("attribution" in each for each in live.values())


def written(press: Any, sent: dict[str, bytes]) -> list[bytes]:
    return [press.record(url, octets) for url, octets in sent.items()]


def as_arc(sent: dict[str, bytes]) -> bytes:
    told = b"filedesc://a.arc 0.0.0.0 20261101120000 text/plain 10\n1 0 a\nURL\n\n"
    for url, octets in sent.items():
        head = f"{url} 127.0.0.1 20261101120000 text/html {len(octets)}\n".encode()
        told += head + octets + b"\n"
    return told


def as_zstd(octets: bytes) -> bytes:
    """A frame of blocks that are not compressed (RFC 8878 3.1.1)."""
    told, most = b"\x28\xb5\x2f\xfd\xa0" + len(octets).to_bytes(4, "little"), 100_000
    for at in range(0, len(octets), most):
        block = octets[at : at + most]
        told += (len(block) << 3 | (at + most >= len(octets))).to_bytes(3, "little") + block
    return told


def test_the_octets_of_a_live_run_come_to_the_same(
    run: Any, press: Any, bench: Any, file: Callable[..., str], tmp_path: Path
) -> None:
    sent, live = run
    made = bench.all(file(*written(press, sent)), run=bench.wishes(POLICY))
    compared([bench.result(each) for each in made], live)
    assert bench.verified(made, tmp_path / "ledger.db") == len(made) == len(live)


@pytest.mark.parametrize(
    "kind", ["gzip", "gzip as one", "zstd", "wacz", "wacz packed", "arc", "arc.gz"]
)
def test_so_it_is_from_every_kind_of_archive(
    kind: str, run: Any, press: Any, bench: Any, file: Callable[..., str], tmp_path: Path
) -> None:
    sent, live = run
    records = written(press, sent)
    match kind:
        case "gzip":
            path = file(*(gzip.compress(each) for each in records))
        case "gzip as one":
            path = file(gzip.compress(b"".join(records)))
        case "zstd":
            path = file(*(as_zstd(each) for each in records))
        case "wacz" | "wacz packed":
            path = str(tmp_path / "a.wacz")
            with zipfile.ZipFile(path, "w") as bag:
                how = zipfile.ZIP_DEFLATED if kind == "wacz packed" else zipfile.ZIP_STORED
                for name, part in (("b", records[::2]), ("c", records[1::2])):
                    octets = b"".join(gzip.compress(each) for each in part)
                    bag.writestr(f"archive/{name}.warc.gz", octets, how)
        case "arc":
            path = file(as_arc(sent))
        case _:
            path = file(gzip.compress(as_arc(sent)))
    compared(bench.results(path, run=bench.wishes(POLICY)), live)


def test_how_many_processes_and_files_share_the_work_changes_nothing(
    run: Any, press: Any, bench: Any, file: Callable[..., str]
) -> None:
    sent, live = run
    records = [gzip.compress(each) for each in written(press, sent)]
    files = [file(*records[n::3], name=f"{n}.warc.gz") for n in range(3)]
    told = [Told() for _ in range(2)]
    alone = bench.all(files, run=bench.wishes(POLICY), told=told[0])
    compared([bench.result(each) for each in alone], live)
    assert bench.all(files, run=bench.wishes(POLICY), jobs=2, told=told[1]) == alone
    assert [each.number for each in alone] == list(range(1, len(alone) + 1))
    places = [(each.source, each.offset) for each in alone]
    assert len(set(places)) == len(places)
    assert places == [
        (each.record.file, each.record.offset)
        for path in files
        for each in captures(path)
        if each.kind == "asset"
    ]
    assert told[0].document() == told[1].document()
    assert told[0].records == len(sent)
