"""Servers and agents for the tests of the live agent."""

from collections.abc import AsyncIterator, Callable

import pytest
from wire import Wire

from signals_agent.agent import Agent


@pytest.fixture
async def site() -> AsyncIterator[Wire]:
    async with Wire() as wire:
        yield wire


@pytest.fixture
async def other() -> AsyncIterator[Wire]:
    async with Wire() as wire:
        yield wire


@pytest.fixture
def make_agent() -> Callable[..., Agent]:
    """Agents that may ask this machine, for the test to enter."""

    def make(**wishes: object) -> Agent:
        return Agent(**({"token": "ExampleBot", "allow_private": True} | wishes))

    return make


@pytest.fixture
async def agent(make_agent: Callable[..., Agent]) -> AsyncIterator[Agent]:
    async with make_agent() as made:
        yield made
