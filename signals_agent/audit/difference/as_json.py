"""A difference as one JSON document, written piece by piece."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from signals_agent.audit.difference.book import Book, Site


def write(account: Mapping[str, Any], book: Book) -> Iterator[str]:
    """The account with ``sites`` and ``urls``, each site and each URL that changed; ASCII."""
    head = json.dumps(account, indent=2)
    yield head.removesuffix("\n}")
    yield from _member("sites", (site(each) for each in book.sites()))
    yield from _member("urls", book.urls())
    yield "\n}\n"


def site(each: Site) -> dict[str, Any]:
    """A site as JSON has it."""
    return {
        "site": each.site,
        "urls": each.urls,
        "counts": dict(each.counts),
        "sources": [dict(source) for source in each.sources],
        "changes": [dict(outcome) for outcome in each.outcomes],
    }


def _member(name: str, items: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield f',\n  "{name}": ['
    between = "\n    "
    for item in items:
        # No text of the document holds a line break: JSON escapes it.
        yield between + json.dumps(item, indent=2).replace("\n", "\n    ")
        between = ",\n    "
    yield "\n  ]" if between.startswith(",") else "]"
