"""The httpx transports, between real clients and real sites on loopback."""

import asyncio
import gzip
import pickle
import random
import threading
from pathlib import Path

import httpx
import pytest
from wire import Do, Wire, answer, endless, html, moved
from wrapped import CREDIT, MUSEUM, NO, client_of, settings, written

import signals_agent as sa
from signals_agent.demo.publishers import load
from signals_agent.demo.server import Servers
from signals_agent.integrations.httpx import (
    Refused,
    SignalsTransport,
    SyncSignalsTransport,
)
from signals_agent.store import Ledger


async def test_what_robots_refuses_is_never_asked_for(site: Wire) -> None:
    async with client_of(SignalsTransport(settings())) as client:
        with pytest.raises(Refused) as refused:
            await client.get(site.url("/closed/door"))
    assert refused.value.decision == "skip"
    assert refused.value.reasons == ("access-refused",)
    assert isinstance(refused.value.answer, sa.Permit)
    assert str(refused.value.request.url) == site.url("/closed/door")
    assert "/closed/door" not in site.asked


async def test_a_robots_that_cannot_be_had_lets_nothing_through(site: Wire) -> None:
    async with Wire() as dark:
        dark.on("/robots.txt", answer(b"", status=503))
        dark.on("/page", html(b"<p>Hello"))
        short = sa.Limits(max_retry_after=0.0)
        async with client_of(
            SignalsTransport(settings() | {"limits": short}, on_hold="pass")
        ) as client:
            with pytest.raises(Refused) as refused:
                await client.get(dark.url("/page"))
    assert refused.value.decision == "hold"
    assert "/page" not in dark.asked


async def test_a_response_that_refuses_is_fetched_once_and_not_handed_on(site: Wire) -> None:
    site.on("/page", html(b"<p>Hello", NO))
    async with client_of(SignalsTransport(settings())) as client:
        with pytest.raises(Refused) as refused:
            await client.get(site.url("/page"))
    assert refused.value.reasons == ("disallow",)
    assert isinstance(refused.value.answer, sa.Assessment)
    assert site.times("/page") == site.times("/robots.txt") == 1


async def test_a_refusal_is_ours_and_httpx_s_and_no_transport_error(site: Wire) -> None:
    site.on("/page", html(b"<p>Hello", NO))
    async with client_of(SignalsTransport(settings())) as client:
        with pytest.raises(httpx.HTTPError) as refused:
            await client.get(site.url("/page"))
    assert isinstance(refused.value, sa.Refused)
    assert not isinstance(refused.value, httpx.TransportError)
    again = pickle.loads(pickle.dumps(refused.value))
    assert (again.url, again.reasons, str(again)) == (
        refused.value.url,
        refused.value.reasons,
        str(refused.value),
    )


async def test_an_answer_can_take_the_place_of_an_exception(site: Wire) -> None:
    site.on("/page", html(b"<p>Hello", NO))
    transport = SignalsTransport(settings(), on_refused="respond")
    async with client_of(transport) as client:
        closed = await client.get(site.url("/closed/door"))
        page = await client.get(site.url("/page"))
    assert [closed.status_code, page.status_code] == [403, 403]
    assert page.headers["signals-agent"] == 'skip; reasons="disallow"'
    assert b"Hello" not in page.content
    assert page.extensions["signals_agent"].verdict.decision == "skip"
    assert "signals_agent" not in closed.extensions
    assert transport.tally.decisions["skip"] == 2


async def test_what_is_taken_carries_its_assessment(site: Wire) -> None:
    site.on("/page", html(b"<title>Tides</title>", CREDIT))
    credit = {"kind": "credit", "evidence": "https://u.example/c"}
    seen: list[sa.Assessment] = []
    transport = SignalsTransport(settings(commitment=[credit]), on_assessment=seen.append)
    async with client_of(transport) as client:
        response = await client.get(site.url("/page"))
    told = response.extensions["signals_agent"]
    assert response.text == "<title>Tides</title>"
    assert [each.kind for each in told.obligations_for("train-generative") if each.binding] == [
        "credit"
    ]
    assert "Tides" in told.citation("text")
    assert seen == [told]


async def test_held_is_refused_or_handed_on_as_asked(site: Wire) -> None:
    site.on("/page", html(b"<p>x", CREDIT))
    async with client_of(SignalsTransport(settings())) as client:
        with pytest.raises(Refused, match="not committed to"):
            await client.get(site.url("/page"))
    async with client_of(SignalsTransport(settings(), on_hold="pass")) as client:
        response = await client.get(site.url("/page"))
    assert response.extensions["signals_agent"].verdict.decision == "hold"


async def test_each_hop_of_a_redirect_is_asked_and_counts(site: Wire, other: Wire) -> None:
    site.on("/go", moved(other.url("/closed/it")))
    async with client_of(SignalsTransport(settings()), follow_redirects=True) as client:
        with pytest.raises(Refused) as refused:
            await client.get(site.url("/go"))
    assert refused.value.url == other.url("/closed/it")
    assert "/closed/it" not in other.asked
    assert "/go" in site.asked


async def test_what_a_hop_s_robots_says_of_use_is_not_left_behind(site: Wire, other: Wire) -> None:
    async with Wire() as museum:
        museum.on("/robots.txt", MUSEUM)
        museum.on("/media/it", moved(other.url("/it")))
        other.on("/it", html(b"<p>it"))
        async with client_of(SignalsTransport(settings()), follow_redirects=True) as client:
            assert (await client.get(other.url("/it"))).status_code == 200
            with pytest.raises(Refused) as refused:
                await client.get(museum.url("/media/it"))
            assert (await client.get(other.url("/it"))).status_code == 200
    assert refused.value.reasons == ("unmet",)
    assert isinstance(refused.value.answer, sa.Assessment)
    assert len(refused.value.answer.access.hops) == 2


async def test_a_request_that_is_sent_again_is_no_hop_of_its_own(site: Wire) -> None:
    site.on("/go", moved("/page"))
    site.on("/page", html(b"<p>x"))
    async with client_of(SignalsTransport(settings()), follow_redirects=True) as client:
        request = client.build_request("GET", site.url("/go"))
        for _ in range(2):
            response = await client.send(request)
            assert len(response.extensions["signals_agent"].access.hops) == 2


@pytest.mark.parametrize("coding", [b"identity", b"gzip"], ids=["as it is", "compressed"])
async def test_a_body_is_handed_on_to_the_last_octet(site: Wire, coding: bytes) -> None:
    page = b"<p>" + random.Random(1).randbytes(100_000).hex().encode()
    sent = gzip.compress(page) if coding == b"gzip" else page
    site.on("/page", html(sent, (b"Content-Encoding", coding)))
    async with client_of(SignalsTransport(settings())) as client:
        assert (await client.get(site.url("/page"))).content == page
        async with client.stream("GET", site.url("/page")) as response:
            raw = b"".join([chunk async for chunk in response.aiter_raw()])
    assert raw == sent


async def test_a_stream_without_end_is_judged_by_its_beginning(site: Wire) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n\r\n"
    site.on("/log", head, endless(b"1,2,3\n" * 1000))
    limits = sa.Limits(max_body_bytes=20_000, max_other_bytes=20_000)
    transport = SignalsTransport(settings() | {"limits": limits})
    async with client_of(transport) as client, client.stream("GET", site.url("/log")) as response:
        got = 0
        async for chunk in response.aiter_bytes():
            got += len(chunk)
            if got > 100_000:
                break
    assert response.extensions["signals_agent"].verdict.decision == "ingest"
    assert got > 100_000


async def test_a_page_behind_the_cap_is_unreadable_and_not_let_through(site: Wire) -> None:
    site.on("/page", html(b"<p>" + b"x" * 50_000))
    limits = sa.Limits(max_body_bytes=20_000)
    async with client_of(SignalsTransport(settings() | {"limits": limits})) as client:
        with pytest.raises(Refused) as refused:
            await client.get(site.url("/page"))
    assert refused.value.decision == "hold"
    async with client_of(
        SignalsTransport(settings() | {"limits": limits, "depth": "head"})
    ) as client:
        response = await client.get(site.url("/page"), headers={"x": "head is complete"})
        assert len(response.content) == 50_003


async def test_codings_that_cannot_be_read_are_not_asked_for(site: Wire) -> None:
    site.on("/page", html(b"\x0b\x02\x80<p>\x03", (b"Content-Encoding", b"br")))
    async with client_of(SignalsTransport(settings())) as client:
        with pytest.raises(Refused):
            await client.get(site.url("/page"), headers={"Accept-Encoding": "br, gzip;q=0.5, zstd"})
    sent = next(head for head in site.heads if b"GET /page" in head)
    assert b"accept-encoding: gzip;q=0.5\r\n" in sent.lower()


async def test_the_path_that_was_judged_is_the_one_that_is_asked_for(site: Wire) -> None:
    async with client_of(SignalsTransport(settings())) as client:
        with pytest.raises(Refused):
            await client.get(site.url("/open/%2e%2e/closed/door"))
        await client.get(site.url("/open/%2e%2e/other"))
    assert [path for path in site.asked if "robots" not in path and "well-known" not in path] == [
        "/other"
    ]


@pytest.mark.parametrize("status", [404, 401, 402, 429, 500])
async def test_an_error_is_handed_on_with_what_it_comes_to(site: Wire, status: int) -> None:
    site.on("/page", answer(b"no", status=status))
    async with client_of(SignalsTransport(settings())) as client:
        response = await client.get(site.url("/page"))
    assert response.status_code == status
    assert response.extensions["signals_agent"].verdict.decision != "ingest"


async def test_a_304_is_judged_by_what_it_says_and_else_held(site: Wire) -> None:
    site.on("/no", answer(b"", (b"ETag", b'"1"'), NO, status=304))
    site.on("/page", answer(b"", (b"ETag", b'"1"'), status=304))
    known = {"If-None-Match": '"1"'}
    async with client_of(SignalsTransport(settings())) as client:
        with pytest.raises(Refused) as refused:
            await client.get(site.url("/no"), headers=known)
        with pytest.raises(Refused, match="put the cache beneath the transport") as held:
            await client.get(site.url("/page"), headers=known)
        assert (await client.head(site.url("/page"), headers=known)).status_code == 304
    assert (refused.value.decision, refused.value.reasons) == ("skip", ("disallow",))
    assert held.value.decision == "hold"
    assert "If-None-Match" in held.value.text
    async with client_of(SignalsTransport(settings(), on_hold="pass")) as client:
        with pytest.raises(Refused):
            await client.get(site.url("/no"), headers=known)
        assert (await client.get(site.url("/page"), headers=known)).status_code == 304


class Cache(httpx.AsyncBaseTransport):
    """A cache such as hishel's: what it has stored it asks for on a condition."""

    def __init__(self) -> None:
        self._beneath = httpx.AsyncHTTPTransport()
        self._stored: dict[str, tuple[list[tuple[bytes, bytes]], bytes]] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        key = str(request.url)
        if key in self._stored:
            request.headers["if-none-match"] = '"1"'
        response = await self._beneath.handle_async_request(request)
        body = await response.aread()
        if response.status_code == 304:
            fields, body = self._stored[key]
            new = {name.lower() for name, _ in response.headers.raw}
            fields = [each for each in fields if each[0].lower() not in new]
            return httpx.Response(200, headers=[*fields, *response.headers.raw], content=body)
        self._stored[key] = response.headers.raw, body
        return response

    async def aclose(self) -> None:
        await self._beneath.aclose()


async def test_a_cache_beneath_is_judged_as_a_whole_response_each_time(site: Wire) -> None:
    site.on("/page", html(b"<p>x", (b"ETag", b'"1"')))
    site.on("/page", b'HTTP/1.1 304 Said\r\nETag: "1"\r\n\r\n')
    site.on("/page", b'HTTP/1.1 304 Said\r\nETag: "1"\r\nContent-Usage: train-ai=n\r\n\r\n')
    async with client_of(SignalsTransport(settings(), Cache())) as client:
        for _ in range(2):
            assert (await client.get(site.url("/page"))).text == "<p>x"
        with pytest.raises(Refused, match="disallow"):
            await client.get(site.url("/page"))
    assert site.times("/page") == 3


async def test_redirects_that_nobody_follows_come_without_an_assessment(site: Wire) -> None:
    site.on("/go", moved("/closed/door"))
    transport = SignalsTransport(settings())
    async with client_of(transport) as client:
        response = await client.get(site.url("/go"))
        assert response.status_code == 302
        assert "signals_agent" not in response.extensions
        assert response.next_request is not None
        with pytest.raises(Refused):
            await client.send(response.next_request)
    assert "/closed/door" not in site.asked


async def test_of_head_only_the_header_section_counts(site: Wire) -> None:
    site.on("/page", html(b"", NO))
    async with client_of(SignalsTransport(settings())) as client:
        response = await client.head(site.url("/page"))
    assert response.extensions["signals_agent"].verdict.decision == "skip"


async def test_observe_hands_on_everything_and_says_what_it_would_have_cost(
    site: Wire, capsys: pytest.CaptureFixture[str]
) -> None:
    site.on("/page", html(b"<p>x", NO))
    site.on("/closed/door", html(b"<p>x"))
    site.on("/fine", html(b"<p>x"))
    async with client_of(SignalsTransport(settings(preset="observe"))) as client:
        for path in ("/page", "/closed/door", "/fine"):
            assert (await client.get(site.url(path))).text == "<p>x"
    told = capsys.readouterr().err
    assert "What enforcement would have cost, for 3 assets:" in told
    for row in ("ingest", "skip"):
        assert row in told
    assert "skip: disallow" in told
    assert "skip: R27 row 1: access refused" in told
    assert "skip: aipref in http-header" in told
    assert told.count("What enforcement") == 1


async def test_an_agent_of_the_caller_s_own_stays_open(site: Wire) -> None:
    site.on("/page", html(b"<p>x"))
    async with sa.Agent(**settings()) as agent:
        async with client_of(SignalsTransport(agent)) as client:
            await client.get(site.url("/page"))
        assert (await agent.permit(site.url("/page"))).answer == "fetch"
    assert site.times("/robots.txt") == 1


async def test_many_at_once_share_what_is_kept_of_a_site(site: Wire) -> None:
    for number in range(20):
        site.on(f"/p{number}", html(b"<p>x"))
    async with client_of(SignalsTransport(settings())) as client:
        await asyncio.gather(*(client.get(site.url(f"/p{number}")) for number in range(20)))
    assert site.times("/robots.txt") == 1
    assert all(site.times(f"/p{number}") == 1 for number in range(20))


async def test_a_transport_that_reads_ahead_itself_is_judged_too(site: Wire) -> None:
    inner = httpx.MockTransport(lambda _: httpx.Response(200, headers=[NO], content=b"x"))
    async with client_of(SignalsTransport(settings(), inner)) as client:
        with pytest.raises(Refused):
            await client.get(site.url("/page"))


def broken(site: Wire) -> list[str]:
    """A page that breaks off, one that never comes, and a redirect to it."""
    site.on("/page", answer(b"<p>x", (b"Content-Type", b"text/html"), length=99))
    site.on("/nothing", Do.RESET)
    site.on("/go", moved("/nothing"))
    return [site.url(path) for path in ("/page", "/nothing", "/go")]


async def test_a_connection_that_breaks_is_httpx_s_own_error_and_counts(
    site: Wire, tmp_path: Path
) -> None:
    urls = broken(site)
    with Ledger(tmp_path / "crawl.db") as ledger:
        transport = SignalsTransport(settings(), on_assessment=ledger.append)
        async with client_of(transport, follow_redirects=True) as client:
            for url in urls:
                with pytest.raises(httpx.TransportError):
                    await client.get(url, timeout=0.5)
    assert dict(transport.tally.reasons) == {("hold", "asset-unreachable"): 3}
    found = written(tmp_path / "crawl.db")
    assert found == [(urls[0], "hold"), (urls[1], "hold"), (urls[2], "hold")]


async def test_so_it_is_with_a_sync_client(site: Wire, tmp_path: Path) -> None:
    urls = broken(site)

    def run() -> SyncSignalsTransport:
        with Ledger(tmp_path / "crawl.db") as ledger:
            transport = SyncSignalsTransport(settings(), on_assessment=ledger.append)
            with httpx.Client(transport=transport, follow_redirects=True) as client:
                for url in urls:
                    with pytest.raises(httpx.TransportError):
                        client.get(url, timeout=0.5)
        return transport

    transport = await asyncio.to_thread(run)
    assert dict(transport.tally.reasons) == {("hold", "asset-unreachable"): 3}
    assert len(written(tmp_path / "crawl.db")) == 3


async def test_a_ledger_that_fails_is_told_before_the_transport_s_error(site: Wire) -> None:
    def full(_: sa.Assessment) -> None:
        raise sa.StoreError("no room left")

    transport = SignalsTransport(settings(), on_assessment=full)
    async with client_of(transport) as client:
        with pytest.raises(sa.StoreError, match="no room left"):
            await client.get(broken(site)[1], timeout=0.5)
    assert transport.tally.total == 0


async def test_a_refusal_says_what_robots_txt_answered() -> None:
    async with Wire() as dark:
        dark.on("/robots.txt", answer(b"", status=503))
        short = sa.Limits(max_retry_after=0.0)
        async with client_of(SignalsTransport(settings() | {"limits": short})) as client:
            with pytest.raises(Refused) as refused:
                await client.get(dark.url("/page"))
        origin = dark.origin
    assert str(refused.value) == (
        f"hold {origin}/page: access-undetermined: robots.txt could not be looked at, so access "
        f"is undetermined ({origin}/robots.txt: could not be reached, answered 503)"
    )


async def test_observe_says_in_the_log_what_it_passes_on(
    site: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "signals_agent")
    site.on("/page", html(b"<p>x", NO))
    site.on("/fine", html(b"<p>x"))
    async with client_of(SignalsTransport(settings(preset="observe"))) as client:
        await client.get(site.url("/page"))
        await client.get(site.url("/fine"))
    assert "observe: every asset is judged and told of, and none is dropped" in caplog.text
    assert f"would skip {site.url('/page')}, passed on under observe: disallow: " in caplog.text
    assert site.url("/fine") not in caplog.text


async def test_observe_warns_once_where_our_own_setting_holds_everything(
    site: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    private = settings(preset="observe") | {"allow_private": False}
    async with client_of(SignalsTransport(private)) as client:
        for path in ("/a", "/b"):
            await client.get(site.url(path))
    assert caplog.text.count("only where the agent is given allow_private=True") == 1


async def test_a_sync_client_is_refused_as_an_async_one() -> None:
    def run(origins: dict[str, str]) -> tuple[str, list[str], int]:
        transport = SyncSignalsTransport(settings())
        with httpx.Client(transport=transport, follow_redirects=True) as client:
            taken = client.get(origins["wrenfield-library"] + "/").text
            refused = []
            for url in (
                origins["harbour-times"] + "/subscribers/crossword",
                origins["tern-museum"] + "/media/thimble.png",
            ):
                with pytest.raises(Refused) as why:
                    client.get(url)
                refused += why.value.reasons
        left = sum(each.name == "signals-agent" for each in threading.enumerate())
        with pytest.raises(sa.ClosedAgent):
            transport.handle_request(httpx.Request("GET", origins["fenwiki"] + "/"))
        return taken, refused, left

    async with Servers(load()) as servers:
        taken, refused, left = await asyncio.to_thread(run, servers.origins)
    assert "<html" in taken
    assert refused == ["access-refused", "disallow"]
    assert left == 0
