"""Servers and clients for the tests of fetching."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import pytest
from wire import Wire

from signals_agent.fetch.client import Client
from signals_agent.limits import Limits


@pytest.fixture
async def site() -> AsyncIterator[Wire]:
    async with Wire() as wire:
        yield wire


@pytest.fixture
async def other() -> AsyncIterator[Wire]:
    async with Wire() as wire:
        yield wire


Open = Callable[..., "Client"]


@pytest.fixture
async def make_client() -> AsyncIterator[Open]:
    """Clients that may ask this machine, closed when the test ends."""
    async with AsyncExitStack() as stack:

        def make(**wishes: object) -> Client:
            settings = {"token": "ExampleBot", "limits": Limits(), "allow_private": True} | wishes
            client = Client(**settings)
            stack.push_async_exit(client)
            return client

        yield make


@pytest.fixture
def client(make_client: Open) -> Client:
    return make_client()
