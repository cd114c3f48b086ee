"""Where we refuse to connect: at connection time, whatever name or spelling led there."""

import asyncio
import ipaddress
import socket
from collections.abc import Callable

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire import Wire, html, moved

from signals_agent import url as urls
from signals_agent.fetch import failures, guard
from signals_agent.fetch.client import OUTSIDE, Client
from signals_agent.model.capture import Availability, Role

PUBLIC = ["93.184.215.14", "8.8.8.8", "2606:4700::1111", "2a00:1450:4001::5", "64:ff9b::8.8.8.8"]
LOCAL = [
    "127.0.0.1",
    "127.8.9.10",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.1.2.3",
    "::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "2002:7f00:1::1",
    "2002:c0a8:101::",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "fc00::1",
    "fd12:3456::1",
    "fec0::1",
]
NEVER = [
    "169.254.169.254",
    "169.254.0.1",
    "::ffff:169.254.169.254",
    "::ffff:a9fe:a9fe",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::",
    "fe80::1",
    "fe80::1%eth0",
    "fd00:ec2::254",
    "fd20:ce::254",
    "100.100.100.200",
    "192.0.0.192",
    "168.63.129.16",
    "224.0.0.1",
    "239.255.255.250",
    "ff02::1",
    "0.0.0.0",
    "0.1.2.3",
    "::",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "192.88.99.1",
    "5f00::1",
    "198.51.100.1",
    "2001:db8::1",
    "2001:0:7f00:1::1",
    "100::1",
    "fe80::5efe:169.254.169.254",
    "not an address",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_asked(address: str) -> None:
    assert guard.refusal(address) is None
    assert guard.refusal(address, allow_private=True) is None


@pytest.mark.parametrize("address", LOCAL)
def test_private_addresses_are_asked_only_when_allowed(address: str) -> None:
    assert guard.refusal(address) is not None
    assert guard.refusal(address, allow_private=True) is None


@pytest.mark.parametrize("address", NEVER)
def test_some_addresses_are_never_asked(address: str) -> None:
    assert guard.refusal(address) is not None
    assert guard.refusal(address, allow_private=True) is not None


def test_isatap_is_judged_by_both_its_addresses() -> None:
    assert guard.refusal("2606:4700::5efe:10.0.0.1") == "private address"
    assert guard.refusal("2606:4700::5efe:169.254.169.254", allow_private=True) is not None


@given(st.ip_addresses(v=4))
def test_every_address_is_judged_alike_when_written_in_ipv6(address: ipaddress.IPv4Address) -> None:
    for form in (f"::ffff:{address}", f"64:ff9b::{address}"):
        assert guard.refusal(form) == guard.refusal(str(address))
    if guard.refusal(str(address)) is None:
        assert address.is_global


@given(st.ip_addresses())
def test_allowing_more_never_refuses_more(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if guard.refusal(str(address)) is None:
        assert guard.refusal(str(address), allow_private=True) is None


SPELLINGS = [
    "127.0.0.1",
    "127.1",
    "0x7f.1",
    "0x7f000001",
    "2130706433",
    "017700000001",
    "127.0.0.1.",
    "localhost",
    "LOCALHOST",
    "\uff11\uff12\uff17.0.0.1",
    "127\u30020\u30020\u30021",
    "%31%32%37.0.0.1",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
]


@pytest.mark.parametrize("host", SPELLINGS)
async def test_no_spelling_of_this_machine_gets_a_request_through(
    make_client: Callable[..., Client], site: Wire, host: str
) -> None:
    url = urls.parse(f"http://{host}:{site.port}/")
    capture = await make_client(allow_private=False).get(url, Role.ASSET)
    assert capture.availability is Availability.UNREACHABLE
    assert capture.failure.startswith("refused:")
    assert capture.notes == ("guard-refused",)
    assert (site.asked, site.connections) == ([], 0)


@pytest.mark.parametrize("host", SPELLINGS[:11])
async def test_when_allowed_each_spelling_reaches_it(
    make_client: Callable[..., Client], site: Wire, host: str
) -> None:
    site.on("/", html(b"here"))
    capture = await make_client().get(urls.parse(f"http://{host}:{site.port}/"), Role.ASSET)
    assert (capture.body, capture.notes) == (b"here", ())


async def test_a_name_is_judged_by_the_address_it_leads_to(
    make_client: Callable[..., Client], site: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(monkeypatch, {"inside.example": ["127.0.0.1"], "both.example": ["127.0.0.1", "::1"]})
    client = make_client(allow_private=False)
    for name in ("inside.example", "both.example"):
        capture = await client.get(urls.parse(f"http://{name}:{site.port}/"), Role.ASSET)
        assert capture.notes == ("guard-refused",)
    assert site.connections == 0


@pytest.mark.parametrize(
    "addresses",
    [
        pytest.param(["10.0.0.5", "::1"], id="two that are refused, for two reasons"),
        pytest.param(["10.0.0.5", "169.254.169.254", "::1", "fe80::1"], id="four"),
        pytest.param(["2001:db8::1", "10.0.0.5"], id="two kinds"),
    ],
)
async def test_a_name_with_several_refused_addresses_is_refused_once_for_all(
    make_client: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, addresses: list[str]
) -> None:
    lead(monkeypatch, {"both.example": addresses})
    client = make_client(allow_private=False)
    capture = await client.get(urls.parse("http://both.example/"), Role.ASSET)
    assert capture.notes == ("guard-refused",)
    assert capture.failure.startswith("refused:")
    assert not failures.is_transient(capture)


async def test_one_refused_address_is_told_also_where_another_one_fails(
    make_client: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound and not listening: connecting fails
        port = unused.getsockname()[1]
        lead(monkeypatch, {"both.example": ["169.254.169.254", "::1"]})
        capture = await make_client().get(urls.parse(f"http://both.example:{port}/"), Role.ASSET)
    assert capture.notes == ("guard-refused",)
    assert not failures.is_transient(capture)


async def test_a_link_local_address_is_refused_even_when_private_ones_are_allowed(
    make_client: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(monkeypatch, {"cloud.example": ["169.254.169.254"]})
    client = make_client()
    for host in ("cloud.example", "169.254.169.254", "[fd00:ec2::254]", "0.0.0.0"):
        capture = await client.get(urls.parse(f"http://{host}/latest/meta-data/"), Role.ASSET)
        assert capture.notes == ("guard-refused",)


def lead(monkeypatch: pytest.MonkeyPatch, names: dict[str, list[str]]) -> None:
    """Let names lead to addresses, as a resolver that an attacker owns would."""
    real = asyncio.BaseEventLoop.getaddrinfo

    async def getaddrinfo(self, host, port, **more):
        if host in names:
            found = []
            for address in names[host]:
                found += await real(self, address, port, **more)
            return found
        if host.endswith(".example"):
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return await real(self, host, port, **more)

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)


# Connections that others make


class Recording(httpx.AsyncBaseTransport):
    def __init__(self) -> None:
        self.asked: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        return httpx.Response(200, content=b"here")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "localhost.",
        "a.localhost",
        "[::1]",
        "inside.example",
        "both.example",
    ],
)
async def test_with_a_transport_of_the_callers_the_address_is_looked_at_first(
    make_client: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    lead(monkeypatch, {"inside.example": ["10.0.0.1"], "both.example": ["8.8.8.8", "10.0.0.1"]})
    transport = Recording()
    client = make_client(transport=transport, allow_private=False)
    capture = await client.get(urls.parse(f"http://{host}/"), Role.ASSET)
    assert capture.notes == (OUTSIDE, "guard-refused")
    assert transport.asked == []


@pytest.mark.parametrize("host", ["8.8.8.8", "public.example", "unknown.example"])
async def test_and_the_capture_says_that_the_connection_was_not_ours(
    make_client: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    lead(monkeypatch, {"public.example": ["8.8.8.8"]})
    transport = Recording()
    client = make_client(transport=transport, allow_private=False)
    capture = await client.get(urls.parse(f"http://{host}/"), Role.ASSET)
    assert (capture.body, capture.notes) == (b"here", (OUTSIDE,))
    assert len(transport.asked) == 1


async def test_through_a_proxy_the_target_is_guarded_and_the_proxy_is_not(
    make_client: Callable[..., Client], site: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(monkeypatch, {"public.example": ["8.8.8.8"], "inside.example": ["10.0.0.1"]})
    site.on("http://public.example/a%7Eb", html(b"through"))
    proxy = site.origin.replace("//", "//name:word@")
    client = make_client(proxy=proxy, allow_private=False)
    capture = await client.get(urls.parse("http://public.example/a%7Eb"), Role.ASSET)
    assert (capture.body, capture.notes) == (b"through", (OUTSIDE,))
    assert b"proxy-authorization: basic bmftztp3b3jk" in site.heads[0].lower()
    capture = await client.get(urls.parse("http://inside.example/"), Role.ASSET)
    assert capture.notes == (OUTSIDE, "guard-refused")
    assert len(site.asked) == 1


async def test_each_hop_is_guarded(make_client: Callable[..., Client], site: Wire) -> None:
    site.on("/", moved("http://169.254.169.254/latest/"))
    client = make_client()
    capture = await client.get(urls.parse(site.url("/")), Role.ASSET)
    onward = urls.parse(capture.field_lines(b"location")[0].decode())
    assert (await client.get(onward, Role.ASSET)).notes == ("guard-refused",)
