"""The bundled publishers as an agent finds them, as they are or with some answers exchanged."""

import asyncio
from collections.abc import Callable, Mapping
from unittest.mock import patch

import httpx

import signals_agent as sa
from signals_agent.demo import publishers
from signals_agent.demo.publishers import Publisher, Response

Edit = Callable[[Response], Response]

TRYING = frozenset({"cold-kettle.example", "loose-wire.example"})
"""Publishers of whom something fails in a way that is worth trying again, which takes its time."""

POLICY = sa.Policy.parse(publishers.policy_text(), "the bundled policy")


def found(
    edits: Mapping[str, Edit] | None = None, policy: sa.Policy = POLICY
) -> list[sa.Assessment]:
    """What every page of most publishers comes to; ``edits`` exchange answers, by URL."""
    # Names under .example lead nowhere, and asking for them can take seconds.
    with patch("signals_agent.fetch.guard._resolve", _nowhere):
        return asyncio.run(_found(edits or {}, policy))


async def _nowhere(name: str, port: int, seconds: float) -> list[str]:
    return []


async def _found(edits: Mapping[str, Edit], policy: sa.Policy) -> list[sa.Assessment]:
    sites = {each.host: each for each in publishers.load() if each.host not in TRYING}
    urls = [each.origin + page.path for each in sites.values() for page in each.pages]

    def answer(request: httpx.Request) -> httpx.Response:
        response = _respond(sites[request.url.host], str(request.url), edits)
        if response.reset:
            raise httpx.ReadError("reset", request=request)
        headers = list(response.headers)
        return httpx.Response(response.status, headers=headers, content=response.body)

    async with sa.Agent(
        token="ExampleBot",
        contact="https://us.example/bot",
        policy=policy,
        transport=httpx.MockTransport(answer),
        allow_private=True,
    ) as agent:
        return [await agent.assess(url) for url in urls]


def _respond(site: Publisher, url: str, edits: Mapping[str, Edit]) -> Response:
    response = site.respond(url.removeprefix(site.origin) or "/")
    return edits[url](response) if url in edits else response
