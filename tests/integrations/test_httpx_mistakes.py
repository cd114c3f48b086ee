"""What is got wrong at first with the httpx transports, and the sentence that it gets."""

from typing import Any

import httpx
import pytest
from wire import Wire, html
from wrapped import client_of, settings

import signals_agent as sa
from signals_agent.integrations.httpx import Refused, SignalsTransport, SyncSignalsTransport


async def test_a_host_on_this_machine_names_the_setting_that_lets_it_be_asked(site: Wire) -> None:
    async with client_of(SignalsTransport(settings() | {"allow_private": False})) as client:
        with pytest.raises(Refused, match="given allow_private=True"):
            await client.get(site.url("/page"))
    assert site.asked == []


async def test_another_site_s_name_in_the_host_field_is_a_mistake(site: Wire, other: Wire) -> None:
    site.on("/page", html(b"<p>x"))
    async with client_of(SignalsTransport(settings())) as client:
        with pytest.raises(sa.UsageError, match="ask for a site by its own URL"):
            await client.get(site.url("/page"), headers={"Host": f"127.0.0.1:{other.port}"})
        with pytest.raises(sa.UsageError, match="the field Host"):
            await client.get(site.url("/page"), headers={"Host": "no host"})
        assert (await client.get(site.url("/page"))).text == "<p>x"
    assert site.times("/page") == 1


async def test_a_client_of_another_name_is_told_once(
    site: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    site.on("/page", html(b"<p>x"))
    async with client_of(SignalsTransport(settings())) as client:
        for _ in range(2):
            await client.get(site.url("/page"))
    assert caplog.text.count("robots.txt is read for ExampleBot: give the client") == 1
    caplog.clear()
    named = {"User-Agent": "ExampleBot/1.0"}
    async with client_of(SignalsTransport(settings()), headers=named) as client:
        await client.get(site.url("/page"))
    assert "User-Agent" not in caplog.text


async def test_who_gives_no_token_is_told(caplog: pytest.LogCaptureFixture) -> None:
    SignalsTransport({"policy": {"uses": ["search"]}})
    assert "give a token and a contact of your own" in caplog.text


async def test_a_client_that_goes_around_the_transport_is_told(
    site: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    proxy = f"http://127.0.0.1:{site.port}"
    site.on("http://site.example/page", html(b"<p>x"))
    async with client_of(SignalsTransport(settings()), proxy=proxy) as client:
        assert (await client.get("http://site.example/page")).text == "<p>x"
    assert "a client's proxy= and mounts= go around it" in caplog.text


async def test_a_transport_in_mounts_asks_for_what_it_is_mounted_on(site: Wire) -> None:
    mounts = {"all://": SignalsTransport(settings())}
    async with httpx.AsyncClient(mounts=mounts) as client:
        with pytest.raises(Refused):
            await client.get(site.url("/closed/door"))
    assert "/closed/door" not in site.asked


async def test_a_transport_of_the_other_kind_says_which_one_belongs_here(site: Wire) -> None:
    synchronous: Any = SyncSignalsTransport(settings())
    asynchronous: Any = SignalsTransport(settings())
    with pytest.raises(sa.UsageError, match=r"give an httpx\.AsyncClient a SignalsTransport"):
        await httpx.AsyncClient(transport=synchronous).get(site.url("/page"))
    with pytest.raises(sa.UsageError, match=r"give an httpx\.AsyncClient a SignalsTransport"):
        async with httpx.AsyncClient(transport=synchronous):
            pass
    with pytest.raises(sa.UsageError, match=r"give an httpx\.Client a SyncSignalsTransport"):
        httpx.Client(transport=asynchronous).get(site.url("/page"))
    with pytest.raises(sa.UsageError, match=r"give an httpx\.Client a SyncSignalsTransport"):
        httpx.Client(transport=asynchronous).__enter__()
    assert site.asked == []


def test_what_is_wrapped_makes_requests() -> None:
    wrong: Any = httpx.HTTPTransport()
    with pytest.raises(sa.UsageError, match=r"such as httpx\.AsyncHTTPTransport\(\), not HTTPTr"):
        SignalsTransport(settings(), wrong)
    wrong = httpx.AsyncHTTPTransport()
    with pytest.raises(sa.UsageError, match=r"such as httpx\.HTTPTransport\(\), not AsyncHTTPTr"):
        SyncSignalsTransport(settings(), wrong)


def test_without_asyncio_it_says_what_to_use() -> None:
    work = SignalsTransport(settings()).handle_async_request(
        httpx.Request("GET", "https://a.example")
    )
    with pytest.raises(sa.UsageError, match="runs on asyncio alone"):
        work.send(None)


async def test_a_sync_client_beside_a_running_loop_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    transport = SyncSignalsTransport(settings())
    # Nothing is to be had of a loop that waits; this host is not asked at all.
    with pytest.raises(Refused):
        transport.handle_request(httpx.Request("GET", "http://169.254.169.254/"))
    transport.close()
    assert "is used on the thread of an event loop, which waits with it" in caplog.text


async def test_http2_and_other_choices_belong_to_the_wrapped_transport(site: Wire) -> None:
    site.on("/page", html(b"<p>x"))
    wrapped = httpx.AsyncHTTPTransport(http2=True, retries=1)
    async with client_of(SignalsTransport(settings(), wrapped)) as client:
        assert (await client.get(site.url("/page"))).text == "<p>x"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"on_refused": "shrug"}, "on_refused is 'raise' or 'respond'"),
        ({"on_hold": "maybe"}, "on_hold is 'refuse' or 'pass'"),
    ],
)
def test_a_mistake_is_told_at_once(wrong: dict[str, str], said: str) -> None:
    with pytest.raises(sa.UsageError, match=said):
        SignalsTransport(settings(), **wrong)  # type: ignore[arg-type]  # settings as a mapping, or wrong on purpose
    with pytest.raises(sa.UsageError, match="not str"):
        SignalsTransport("ExampleBot")  # type: ignore[arg-type]  # settings as a mapping, or wrong on purpose
    with pytest.raises(sa.PolicyError):
        SignalsTransport({"policy": {"presett": "strict"}})
