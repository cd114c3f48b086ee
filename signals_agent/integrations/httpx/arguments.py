"""What both transports are given, checked."""

from collections.abc import Mapping
from typing import Any

from signals_agent.errors import UsageError
from signals_agent.policy import Policy


def settings_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """An agent's arguments, with the policy that decides where none is given."""
    return {**given, "policy": Policy() if given.get("policy") is None else given["policy"]}


def check_wrapped(wrapped: object, needed: str, such: str) -> None:
    """Raise ``UsageError`` for what cannot make requests in a transport's place."""
    if not callable(getattr(wrapped, needed, None)):
        raise UsageError(
            f"wrapped is the transport that makes the requests, such as {such}, "
            f"not {type(wrapped).__name__}"
        )
