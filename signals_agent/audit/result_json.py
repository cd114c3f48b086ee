"""How a stored result is read: fast, and whatever half characters somebody put into it."""

import json
from typing import Any

from pydantic_core import from_json


def read(text: str) -> dict[str, Any]:
    """A result as JSON has it.

    JSON can spell half a surrogate pair, which is no character, and a publisher may say it;
    only Python's own reader takes that, which is half as fast.
    """
    try:
        found: dict[str, Any] = from_json(text)
    except ValueError:
        found = json.loads(text)
    return found
