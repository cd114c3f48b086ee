"""A difference as lines of JSON: the account, then the sites, then the URLs."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from signals_agent.audit.difference.as_json import site
from signals_agent.audit.difference.book import Book


def write(account: Mapping[str, Any], book: Book) -> Iterator[str]:
    """One line each; ``line`` says which of the three it is, and each has its ``schema``."""
    head = {"schema": account["schema"]}
    yield json.dumps({"line": "account", **account}) + "\n"
    for each in book.sites():
        yield json.dumps({"line": "site", **head, **site(each)}) + "\n"
    for url in book.urls():
        yield json.dumps({"line": "url", **head, **url}) + "\n"
