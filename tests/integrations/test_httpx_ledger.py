"""Every answer of the httpx transports, written to a ledger and verified."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from wire import Wire, html
from wrapped import NO, client_of, settings, written

import signals_agent as sa
from signals_agent.integrations.httpx import SignalsTransport, SyncSignalsTransport
from signals_agent.store import Ledger


async def test_every_answer_can_be_written_to_a_ledger(site: Wire, tmp_path: Path) -> None:
    site.on("/fine", html(b"<p>x"))
    site.on("/page", html(b"<p>x", NO))
    with Ledger(tmp_path / "crawl.db") as ledger:
        async with client_of(SignalsTransport(settings(), on_assessment=ledger.append)) as client:
            await asyncio.gather(
                *(client.get(site.url("/fine")) for _ in range(10)),
                *(client.get(site.url("/page")) for _ in range(10)),
                return_exceptions=True,
            )
    found = written(tmp_path / "crawl.db")
    assert len(found) == 20
    assert set(found) == {(site.url("/fine"), "ingest"), (site.url("/page"), "skip")}


async def test_a_ledger_that_fails_hands_nothing_on(site: Wire, tmp_path: Path) -> None:
    site.on("/page", html(b"<p>x"))
    ledger = Ledger(tmp_path / "crawl.db")
    ledger.close()
    transport = SignalsTransport(settings(), on_assessment=ledger.append)
    async with client_of(transport) as client:
        with pytest.raises(sa.StoreError, match="was closed") as raised:
            await client.get(site.url("/page"))
    assert not isinstance(raised.value, httpx.HTTPError)
    assert transport.tally.total == 0


async def test_threads_share_a_sync_client_and_a_ledger(sites: Any, tmp_path: Path) -> None:
    urls = [sites.url("wrenfield-library", "/"), sites.url("fenwiki", "/wiki/heron")] * 10

    def run(ledger: Ledger) -> None:
        transport = SyncSignalsTransport(settings(), on_hold="pass", on_assessment=ledger.append)
        with httpx.Client(transport=transport) as client, ThreadPoolExecutor(8) as pool:
            assert {each.status_code for each in pool.map(client.get, urls)} == {200}

    with Ledger(tmp_path / "crawl.db") as ledger:
        await asyncio.to_thread(run, ledger)
    assert sorted(url for url, _ in written(tmp_path / "crawl.db")) == sorted(urls)
