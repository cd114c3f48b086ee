"""What was found different, kept on the disk: URL by URL, and grouped by site."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from signals_agent.audit.difference import telling
from signals_agent.audit.difference.nouns import CHANGED, Changed, Verdict
from signals_agent.store.scratch import Scratch
from signals_agent.store.writing import canonical

_SCHEMA: Final = """
CREATE TABLE urls (
    number INTEGER PRIMARY KEY, site TEXT, verdict TEXT, own INTEGER, alike TEXT, record TEXT
);
CREATE TABLE sites (
    site TEXT PRIMARY KEY, urls INTEGER, tightened INTEGER, both INTEGER, loosened INTEGER,
    reworded INTEGER, not_found_out INTEGER, found_out INTEGER, gone INTEGER, back INTEGER,
    lost INTEGER, told INTEGER
);
CREATE TABLE shared (
    site TEXT, name TEXT, source TEXT, item TEXT, urls INTEGER, first TEXT,
    PRIMARY KEY (site, name, source, item)
);
"""

_WORDS: Final = (*CHANGED, *(each for each in Verdict if each not in CHANGED))
_COUNTED: Final = (*(each.value.replace("-", "_") for each in _WORDS), "lost")
_SITE: Final = (
    f"INSERT INTO sites (site, urls, {', '.join(_COUNTED)}, told) "  # noqa: S608  (names of ours)
    f"VALUES (?, 1, {', '.join('?' * len(_COUNTED))}, ?) ON CONFLICT DO UPDATE SET "
    f"urls = urls + 1, {', '.join(f'{each} = {each} + excluded.{each}' for each in _COUNTED)}, "
    "told = max(told, excluded.told)"
)
_SHARED: Final = (
    "INSERT INTO shared VALUES (?, ?, ?, ?, 1, ?) ON CONFLICT DO UPDATE SET urls = urls + 1"
)

_ORDER: Final = " " + "".join(f"{each} " for each in (*CHANGED, *Verdict))


@dataclass(frozen=True, slots=True)
class Site:
    """An origin of which something changed, and what sources that speak for many say of it.

    ``urls`` counts those of which something is told, and ``counts`` each of them by its verdict,
    and besides how many are lost. ``sources`` are such sources; ``outcomes`` what their changes
    come to.
    """

    site: str
    urls: int
    counts: Mapping[str, int]
    sources: tuple[Mapping[str, Any], ...]
    outcomes: tuple[Mapping[str, Any], ...]


class Book:
    """What was found different; memory does not grow with it."""

    def __init__(self) -> None:
        self._scratch = Scratch(_SCHEMA)

    def close(self) -> None:
        """Forget it all."""
        self._scratch.close()

    def fill(self, found: Iterable[Changed]) -> None:
        """Write down what was found, once."""
        with self._scratch.writing():
            for number, each in enumerate(found, 1):
                self._add(number, each)

    def _add(self, number: int, found: Changed) -> None:
        own, shared = telling.parts(found)
        record = telling.record(found, own, bool(shared))
        is_own = telling.is_own(own, bool(shared))
        alike = canonical({**record, "url": ""})
        row = (number, found.site, found.verdict.value, int(is_own), alike, json.dumps(record))
        self._scratch.many("INSERT INTO urls VALUES (?, ?, ?, ?, ?, ?)", [row])
        of = [int(found.verdict is each) for each in _WORDS]
        self._scratch.many(_SITE, [(found.site, *of, int(found.lost), int(bool(shared)))])
        self._scratch.many(
            _SHARED,
            [(found.site, *row, found.url) for row in dict.fromkeys(_shared(shared))],
        )

    def sites(self, limit: int = -1) -> Iterator[Site]:
        """Sites with changes of sources that speak for many, the most pressing first."""
        rows = self._scratch.each(
            f"SELECT site, urls, {', '.join(_COUNTED)} FROM sites WHERE told "  # noqa: S608  (ours)
            "ORDER BY (tightened + both) DESC, loosened DESC, (reworded + lost) DESC, urls DESC, "
            "site LIMIT ?",
            (limit,),
        )
        for site, urls, *counts in rows:
            yield Site(
                site,
                urls,
                dict(zip(_COUNTED, counts, strict=True)),
                tuple(self._sources(site)),
                tuple(self._items(site, "changes")),
            )

    def count_sites(self) -> tuple[int, int]:
        """How many sites something is told of, and of how many in their own right."""
        every, told = self._scratch.one("SELECT count(*), coalesce(sum(told), 0) FROM sites")
        return every, told

    def urls(self) -> Iterator[dict[str, Any]]:
        """What is told of each URL, in their order."""
        for (record,) in self._scratch.each("SELECT record FROM urls ORDER BY number"):
            yield json.loads(record)

    def groups(self, limit: int = -1) -> Iterator[tuple[dict[str, Any], int]]:
        """URLs of which something is told in their own right, those of a site alike as one.

        The first of them and how many they are, the most pressing first.
        """
        rows = self._scratch.each(
            "SELECT u.record, g.alike FROM urls u JOIN (SELECT min(number) AS first, "
            "count(*) AS alike FROM urls WHERE own GROUP BY site, alike) g ON g.first = u.number "
            "ORDER BY instr(?, ' ' || u.verdict || ' '), g.alike DESC, u.number LIMIT ?",
            (_ORDER, limit),
        )
        for record, count in rows:
            yield json.loads(record), count

    def count_groups(self) -> tuple[int, int]:
        """How many groups there are, and how many URLs are in them."""
        groups, urls = self._scratch.one(
            "SELECT count(*), coalesce(sum(n), 0) FROM "
            "(SELECT count(*) AS n FROM urls WHERE own GROUP BY site, alike)"
        )
        return groups, urls

    def _sources(self, site: str) -> Iterator[dict[str, Any]]:
        names = self._scratch.each(
            "SELECT source, urls FROM shared WHERE site = ? AND name = 'source' "
            "ORDER BY urls DESC, source",
            (site,),
        )
        for source, urls in list(names):
            known: dict[bool, list[str]] = {True: [], False: []}
            for each in self._items(site, "known", source):
                known[each["found_out"]].append(each["expression"])
            yield {
                "source": source,
                "urls": urls,
                "declarations": list(self._items(site, "declarations", source)),
                "not_found_out": [
                    {**each, "expressions": known[each["found_out"]]}
                    for each in self._items(site, "not_found_out", source)
                ],
            }

    def _items(self, site: str, name: str, source: str = "") -> Iterator[dict[str, Any]]:
        rows = self._scratch.each(
            "SELECT item, urls, first FROM shared WHERE site = ? AND name = ? AND source = ? "
            "ORDER BY urls DESC, item",
            (site, name, source),
        )
        for item, urls, first in list(rows):
            yield {**json.loads(item), "urls": urls, "first": first}


def _shared(items: telling.Items) -> Iterator[tuple[str, str, str]]:
    """The rows of what comes of sources that speak for many: name, source, item.

    A source that could be looked at only once is one item, whatever it said of each URL.
    """
    for name, told in items.items():
        for each in told:
            item = dict(each)
            source = item.pop("source", "")
            for expression in item.pop("expressions", ()):
                known = {"expression": expression, "found_out": item["found_out"]}
                yield "known", source, canonical(known)
            if source:
                yield "source", source, ""
            yield name, source, canonical(item)
