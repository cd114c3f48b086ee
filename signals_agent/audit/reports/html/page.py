"""The page as a whole: its parts in their order, its style and script, what it may load."""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import Any, Final

from signals_agent.audit import result_json
from signals_agent.audit.figures import Figures
from signals_agent.audit.figures import of as count
from signals_agent.audit.reports.html import (
    decisions,
    declared,
    first_rows,
    made,
    owed,
    packed,
    summary,
)
from signals_agent.audit.reports.html.markup import Markup, element, join
from signals_agent.audit.reports.words import counted
from signals_agent.store.snapshot import Row, Snapshot

_PLACE: Final = re.compile(r"\{\{ ([a-z_]+) \}\}")


def write(figures: Figures, rows: Iterable[Row]) -> Iterator[str]:
    """The page, piece by piece; ``rows`` are read as they are written, up to a limit.

    Nothing that a publisher sent reaches it but through ``quote``. The same figures and rows
    give the same page.
    """
    every = iter(rows)
    first = list(islice(every, first_rows.MOST))
    blocks = packed.Blocks()

    def written() -> Iterator[str]:
        for row in chain(first, every):
            if block := blocks.add(row, result_json.read(row.result) if row.result else None):
                yield block
            if blocks.full:
                break
        yield blocks.last()

    yield from _page(figures, first, written(), blocks)


def write_run(snapshot: Snapshot) -> Iterator[str]:
    """The page of a run: the same as of its figures and rows, but all is read only once.

    The blocks of rows wait in a temporary file until everything is counted.
    """
    first: list[Row] = []
    blocks = packed.Blocks()
    with TemporaryFile("w+", encoding="utf-8", newline="\n") as waiting:

        def seen(row: Row, result: Mapping[str, Any] | None) -> None:
            if len(first) < first_rows.MOST:
                first.append(row)
            if block := blocks.add(row, result):
                waiting.write(f"{block}\n")

        figures = count(snapshot, seen)
        if block := blocks.last():
            waiting.write(f"{block}\n")
        waiting.seek(0)
        yield from _page(figures, first, (line.rstrip("\n") for line in waiting), blocks)


def _page(
    figures: Figures, first: Sequence[Row], written: Iterable[str], blocks: packed.Blocks
) -> Iterator[str]:
    head, tail = _file("page.html").split("{{ rows }}")
    parts = {
        "policy": policy(),
        "style": _file("page.css"),
        "script": _file("page.js"),
        "title": _title(figures),
        "heading": summary.heading(figures),
        "sections": join(
            summary.summary(figures),
            decisions.decisions(figures),
            decisions.costs(figures),
            owed.owed(figures),
            decisions.unfound(figures),
            declared.contradictions(figures),
            declared.adoption(figures),
            decisions.preferences(figures),
            declared.availability(figures),
        ),
        "made": made.made(figures),
    }
    yield _filled(head, parts)
    yield element("div", first_rows.first_rows(first), id="plain")
    yield _plain_note(len(first), figures)
    yield f'<script type="application/json" id="legend">{packed.legend()}</script>\n'
    for block in written:
        if block:
            yield f'<script type="application/json" class="block">{block}</script>\n'
    yield _left_out(blocks.held, figures)
    yield _filled(tail, parts)


def policy() -> str:
    """The content security policy: this style, this script, and nothing from anywhere."""
    return (
        f"default-src 'none'; script-src '{_hash('page.js')}'; style-src '{_hash('page.css')}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


@lru_cache
def _file(name: str) -> str:
    return (files("signals_agent.audit.reports.html") / name).read_text("utf-8")


def _hash(name: str) -> str:
    return f"sha256-{b64encode(sha256(_file(name).encode()).digest()).decode()}"


def _filled(template: str, parts: Mapping[str, str]) -> str:
    # What is put in is never looked at again, so nothing in it can ask for a part.
    return _PLACE.sub(lambda found: parts[found[1]], template)


def _title(figures: Figures) -> Markup:
    return join(
        f"Audit of {counted(figures.counts.listed, 'URL')} "
        f"on {counted(figures.counts.hosts, 'origin')}"
    )


def _plain_note(shown: int, figures: Figures) -> Markup:
    listed = figures.counts.listed
    if not listed:
        return element("p", "The run lists no URL.", class_="note")
    told = (
        f"These are the first {shown:,} of {counted(listed, 'URL')}. "
        if shown < listed
        else f"{'This is the one URL' if listed == 1 else f'These are all {listed:,} URLs'}. "
    )
    return element(
        "noscript",
        element(
            "p",
            told,
            "With scripts allowed the page shows the evidence too, and can be searched and sorted.",
            class_="note",
        ),
    )


def _left_out(held: int, figures: Figures) -> Markup:
    left = figures.counts.listed - held
    return element(
        "p",
        f"The page holds the first {counted(held, 'asset')}; {left:,} more are in the report as "
        "CSV, JSONL or Parquet. The figures above count them all.",
        class_="note",
        id="left-out",
        hidden=left <= 0,
    )
