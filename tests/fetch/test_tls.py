"""TLS is always verified; a bundle of the caller's own is trusted instead of the usual one."""

import asyncio
import json
import ssl
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from wire import Do, Wire, html

from signals_agent import url as urls
from signals_agent.errors import ConfigError
from signals_agent.fetch.client import Client
from signals_agent.limits import Limits
from signals_agent.model.capture import Availability, Role

# A key that everybody may know, for 127.0.0.1 and localhost, signed by itself.
SELF_SIGNED = Path(__file__).parents[1] / "support" / "loopback.pem"


@pytest.fixture
async def secure() -> AsyncIterator[Wire]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(SELF_SIGNED)
    async with Wire(context) as wire:
        wire.on("/", html(b"secret"))
        yield wire


async def test_a_certificate_that_nobody_vouches_for_is_not_taken(
    client: Client, secure: Wire
) -> None:
    capture = await client.get(urls.parse(secure.url("/")), Role.ASSET)
    assert capture.availability is Availability.UNREACHABLE
    assert capture.failure == "the TLS certificate could not be verified"
    assert secure.asked == []


async def test_a_bundle_of_the_callers_own_is_trusted(
    make_client: Callable[..., Client], secure: Wire
) -> None:
    client = make_client(ca_bundle=str(SELF_SIGNED))
    assert (await client.get(urls.parse(secure.url("/")), Role.ASSET)).body == b"secret"


async def test_a_proxy_that_speaks_tls_is_trusted_like_a_site(
    make_client: Callable[..., Client], secure: Wire
) -> None:
    secure.on("http://127.0.0.1:9/", html(b"through"))
    url = urls.parse("http://127.0.0.1:9/")
    client = make_client(proxy=secure.origin, ca_bundle=str(SELF_SIGNED))
    assert (await client.get(url, Role.ASSET)).body == b"through"
    capture = await make_client(proxy=secure.origin).get(url, Role.ASSET)
    assert capture.availability is Availability.UNREACHABLE
    assert len(secure.asked) == 1


@pytest.mark.parametrize("trusted", [True, False])
async def test_the_command_line_trusts_whom_the_client_trusts(secure: Wire, trusted: bool) -> None:
    script = (
        "import os, sys; before = dict(os.environ)\n"
        "from signals_agent.cli.app import run\n"
        "run(sys.argv[1:]); assert os.environ == before and 'rich' not in sys.modules"
    )
    arguments = ["check", secure.url("/"), "--allow-private", "-q", "--format", "jsonl"]
    if trusted:
        arguments += ["--ca-bundle", str(SELF_SIGNED)]
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", script, *arguments), stdout=-1, stderr=-1
    )
    out, err = await running.communicate()
    assert (running.returncode, err) == (0, b"")
    access = json.loads(out)["access"]["answer"]
    assert access == ("allowed" if trusted else "undetermined")


async def test_and_the_name_must_still_be_right(
    make_client: Callable[..., Client], secure: Wire
) -> None:
    client = make_client(ca_bundle=str(SELF_SIGNED))
    other = urls.parse(secure.url("/").replace("127.0.0.1", "127.0.0.2"))
    capture = await client.get(other, Role.ASSET)
    assert capture.availability is Availability.UNREACHABLE


async def test_a_server_that_speaks_no_tls_is_one_urls_outcome(client: Client, site: Wire) -> None:
    site.on("/", b"junk", Do.CLOSE)
    url = urls.parse(site.url("/").replace("http:", "https:"))
    capture = await client.get(url, Role.ASSET, seconds=2.0)
    assert capture.availability is Availability.UNREACHABLE


async def test_the_environment_is_not_asked(
    make_client: Callable[..., Client],
    secure: Wire,
    site: Wire,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(SELF_SIGNED))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9/")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9/")
    site.on("/", html(b"straight"))
    client = make_client()
    assert (await client.get(urls.parse(site.url("/")), Role.ASSET)).body == b"straight"
    capture = await client.get(urls.parse(secure.url("/")), Role.ASSET)
    assert capture.availability is Availability.UNREACHABLE


@pytest.mark.parametrize(
    "wishes",
    [
        {"ca_bundle": "/nowhere/at/all.pem"},
        {"ca_bundle": __file__},
        {"proxy": "socks5://127.0.0.1:1"},
        {"proxy": "nonsense"},
        {"contact": "two\r\nlines"},
        {"contact": "caf\u00e9"},
    ],
    ids=str,
)
def test_a_wish_that_cannot_be_is_the_callers_mistake(wishes: dict[str, str]) -> None:
    with pytest.raises(ConfigError):
        Client(**({"token": "ExampleBot", "limits": Limits()} | wishes))
