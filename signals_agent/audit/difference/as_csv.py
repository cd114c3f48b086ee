"""A difference as a table: a line for each change, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any, Final

from signals_agent import quote
from signals_agent.audit.difference.as_json import site
from signals_agent.audit.difference.book import Book

COLUMNS: Final = (
    "level",
    "site",
    "url",
    "urls",
    "verdict",
    "what",
    "family",
    "carrier",
    "source",
    "scope",
    "use",
    "aspect",
    "subject",
    "before",
    "after",
)
"""The columns, in order; ``url`` of a line about a site is the first one concerned."""


def write(account: Mapping[str, Any], book: Book) -> Iterator[str]:
    """The table with its head, sites before URLs.

    A URL of which something is told with its site alone has one line, whose ``what`` is
    ``of-site``. The account has no place in a table.
    """
    del account
    yield _line(dict(zip(COLUMNS, COLUMNS, strict=True)))
    for each in book.sites():
        told = site(each)
        for source in told["sources"]:
            for line in _items({**source, "changes": []}):
                yield _line(
                    {"level": "site", "site": each.site, "source": source["source"], **line}
                )
        for line in _items({"declarations": [], "not_found_out": [], **told}):
            yield _line({"level": "site", "site": each.site, **line})
    for url in book.urls():
        head = {"level": "url", "urls": 1, **{name: url[name] for name in ("site", "verdict")}}
        for line in _items(url):
            yield _line({**head, **line, "url": url["url"]})
        if url.get("of_site"):
            yield _line({**head, "url": url["url"], "what": "of-site"})


def _items(of: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The lines of a site's source, or of a URL."""
    for each in of["declarations"]:
        scope = " ".join(f"{name}={value}" for name, value in each["scope"].items())
        yield {**_named(each), "what": each["kind"], "scope": scope}
    for each in of["not_found_out"]:
        what = "found-out" if each["found_out"] else "not-found-out"
        yield {**_named(each), "what": what, "subject": "; ".join(each["expressions"])}
    for each in of["changes"]:
        yield {**_named(each), "what": each["direction"]}


def _named(item: Mapping[str, Any]) -> dict[str, Any]:
    named = {name: item[name] for name in COLUMNS if name in item}
    return {**named, **({"url": item["first"]} if "first" in item else {})}


def _line(cells: Mapping[str, Any]) -> str:
    written = io.StringIO()
    row = [cells.get(name, "") for name in COLUMNS]
    csv.writer(written).writerow(
        [each if isinstance(each, int) else quote.cell(str(each)) for each in row]
    )
    return written.getvalue()
