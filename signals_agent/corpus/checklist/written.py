"""A checklist as Markdown and as JSON."""

import json
from collections.abc import Iterator, Sequence
from typing import Final

from signals_agent.corpus.checklist.nouns import How, Item, State, is_open

SCHEMA: Final = "signals-agent/checklist/1"


def markdown(items: Sequence[Item]) -> Iterator[str]:
    """The list as Markdown, with boxes that are ticked or not."""
    yield "# Checklist\n\n"
    open_ = is_open(items)
    yield f"{open_} of {len(items)} items are open.\n\n" if open_ else "No item is open.\n\n"
    for each in items:
        box = " " if each.state is State.OPEN else "x"
        state = " (not applicable)" if each.state is State.NOT_APPLICABLE else ""
        yield f"- [{box}] **{each.title}**{state}. {each.shown or each.evidence} *{_how(each)}.*\n"
        if each.ask is not None:
            yield f"  To close it: {each.ask}\n"
    yield "\nThis is no legal advice.\n"


def document(items: Sequence[Item]) -> Iterator[str]:
    """The list as JSON (schema ``signals-agent/checklist/1``)."""
    made = {
        "schema": SCHEMA,
        "open": is_open(items),
        "items": [
            {
                "item": each.name,
                "title": each.title,
                "state": each.state.value,
                "how": each.how.value,
                "evidence": each.evidence,
                **({} if each.ask is None else {"ask": each.ask}),
            }
            for each in items
        ],
    }
    yield json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def _how(item: Item) -> str:
    if item.how is How.COMPUTED:
        return "Computed"
    return "Asked of a person" if item.state is State.OPEN else "Stated by a person"
