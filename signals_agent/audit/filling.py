"""How lists of URLs become the list of a run, and what is told of them."""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, BinaryIO

from signals_agent.errors import UsageError
from signals_agent.sources import lists
from signals_agent.sources.listed import Firsts, Told
from signals_agent.sources.shards import shard
from signals_agent.store import Ledger, runs
from signals_agent.store.listing import Listing
from signals_agent.store.runs import Run


def fill(
    ledger: Ledger,
    run: Run,
    step: Callable[[int], None] | None = None,
    stdin: BinaryIO | None = None,
) -> Mapping[str, Any]:
    """Read the inputs of a run into its store; what became of them, as JSON.

    A list that a start before this one had begun to read is read anew. Raises as
    ``sources.lists.read`` does, and ``UsageError`` where standard input was read before.
    """
    asked = run.asked
    inputs: Sequence[str] = asked["inputs"]
    listing = Listing(ledger.file, run)
    if listing.is_begun():
        if "-" in inputs:
            raise UsageError(
                "the list came from standard input and had not been read to its end; begin anew "
                "with another --store"
            )
        listing.clear()
    told = Told()
    urls = lists.read(
        inputs,
        column=asked.get("column"),
        shard=shard(asked["shard"]) if "shard" in asked else None,
        stdin=stdin if stdin is not None else getattr(sys.stdin, "buffer", None),
        told=told,
    )
    for count in listing.take(urls, sample=asked.get("sample")):
        if step is not None:
            step(count)
    document = _document(inputs, told)
    runs.note_listed(ledger.file, run, document)
    return document


def _document(inputs: Sequence[str], told: Told) -> dict[str, Any]:
    return {
        "inputs": list(inputs),
        "listed": told.listed,
        "duplicates": told.duplicates,
        "variants": told.variants,
        "bare": told.bare,
        "international": told.international,
        "elsewhere": told.elsewhere,
        "skipped": _firsts(told.skipped),
        "lost": _firsts(told.lost),
        "not_fetched": _firsts(told.not_fetched),
    }


def _firsts(given: Firsts) -> dict[str, Any]:
    kept = [{"source": each.input, "line": each.line, "reason": each.what} for each in given]
    return {"count": given.count, "kept": kept}
