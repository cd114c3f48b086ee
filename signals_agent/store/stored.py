"""How a stored result and its evidence are read back, and in which words they are unreadable."""

import json
from typing import Any

from signals_agent import quote
from signals_agent.errors import StoreError
from signals_agent.model.assessment import Assessment
from signals_agent.model.use import USES
from signals_agent.store.packing import Unreadable, unpack


def result_text(stored: object, number: int) -> str:
    """The result of an entry as canonical JSON, of what the file has of it.

    Raises ``StoreError`` where it is damaged.
    """
    try:
        return unpack(stored, "result")
    except Unreadable as error:
        raise damaged(number, error) from None


def damaged(number: int, error: Exception) -> StoreError:
    """The sentence for an entry whose result cannot be read."""
    return StoreError(
        f"entry {number} of the ledger is damaged: {error}; signals-agent verify tells more"
    )


def result(text: str) -> tuple[dict[str, Any], Assessment]:
    """A result as JSON has it, and as a noun; raises ``Unreadable``.

    The noun has the uses in their order; where a result is stored, names are sorted.
    """
    told = document(text, "result")
    try:
        made = Assessment.model_validate(told)
        uses = {use: made.uses[use] for use in USES if use in made.uses}
        return told, made.model_copy(update={"uses": uses})
    except (RecursionError, TypeError, ValueError) as error:
        raise Unreadable(_told(error)) from None


def document(text: str, name: str = "evidence") -> Any:
    """A JSON document; raises ``Unreadable``, with the name of what it is."""
    try:
        return json.loads(text)
    except (RecursionError, TypeError, ValueError):
        raise Unreadable(f"its {name} is no JSON") from None


def _told(error: Exception) -> str:
    """What is wrong with a result: the first place, and how many more there are."""
    listed = getattr(error, "errors", None)  # as pydantic, which stands at the edges, tells them
    if listed is None:
        return "its result is none"
    first, *more = listed(include_url=False, include_context=False, include_input=False)
    where = quote.text("/" + "/".join(map(str, first["loc"])), 200) if first["loc"] else "it"
    wrong = "is missing" if first["type"] == "missing" else "is not what stands there in a result"
    others = f" (and {len(more)} more)" if more else ""
    return f"its result is none: {where} {wrong}{others}"
