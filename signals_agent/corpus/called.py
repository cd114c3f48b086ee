"""What a corpus is called, on every paper that is made of it."""

from collections.abc import Sequence
from typing import Final

from signals_agent.corpus.facts import Facts

_ENDINGS: Final = (".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".db", ".sqlite", ".sqlite3")


def name(facts: Facts, names: Sequence[str]) -> str:
    """Its name: as a person says, else that of what it was read from, without its ending."""
    return facts.name or facts.title or " + ".join(map(_bare, names)) or "corpus"


def title(facts: Facts, names: Sequence[str]) -> str:
    """The same for people to read."""
    return facts.title or name(facts, names)


def titled(facts: Facts, names: Sequence[str]) -> Facts:
    """The facts with the name that it goes by, where nobody says one."""
    if facts.title or facts.name:
        return facts
    return facts.model_copy(update={"title": title(facts, names)})


def _bare(name: str) -> str:
    """The name of a file without its ending; a folder's may have a point in it."""
    ending = next((each for each in _ENDINGS if name.lower().endswith(each)), "")
    return name[: len(name) - len(ending)] or name
