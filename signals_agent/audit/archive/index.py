"""Which responses an archive holds, by URL and time, on the disk."""

import marshal
import pickle
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final, NamedTuple

from signals_agent import freshness
from signals_agent.archives import Kind, Record
from signals_agent.audit.archive.found import Place
from signals_agent.model.capture import Capture
from signals_agent.store.scratch import Scratch

_SCHEMA: Final = """
CREATE TABLE bodies (sha256 BLOB PRIMARY KEY, octets BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE seen (
    id INTEGER PRIMARY KEY, url TEXT NOT NULL, at INTEGER, kind TEXT NOT NULL,
    apart INTEGER NOT NULL, place BLOB NOT NULL, told BLOB, body BLOB
);
"""
_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_DAY: Final = freshness.CEILING // _MICROSECOND
_REMEMBERED: Final = 4096
"""URLs of which it is remembered when they were captured."""
_FILE: Final = 40
"""So many bits of an id count the responses of a file."""

Times = tuple[tuple[int, ...], tuple[int, ...]]
"""When a URL was captured, in order, and the ids of these captures."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One response: what for, where its octets are, and what is kept of it here.

    ``capture`` is there for robots.txt and site files, and without its body for redirects.
    """

    url: str
    at: datetime | None
    kind: Kind
    apart: bool
    place: Place
    capture: Capture | None


class Row(NamedTuple):
    """The same, on its way to the disk."""

    url: str
    at: int | None
    kind: str
    apart: bool
    place: bytes
    told: bytes | None
    body: bytes | None


def number_of(at: datetime) -> int:
    """A time as the index has it."""
    return (at - _BEGINNING) // _MICROSECOND


def row(kind: Kind, capture: Capture, place: Place, *, apart: bool, keep: bool) -> Row:
    """What is kept of a response: with ``keep`` all of it, else when and where it is."""
    at = capture.fetched_at
    body = capture.body if keep else None
    if body is not None:
        capture = replace(capture, body=None)
    return Row(
        capture.url,
        None if at is None else number_of(at),
        str(kind),
        apart,
        _packed(place),
        pickle.dumps(capture, pickle.HIGHEST_PROTOCOL) if keep else None,
        body,
    )


def _packed(place: Place) -> bytes:
    at = place.record
    told = (at.file, at.offset, at.id, at.original, at.sound, place.file, place.order, place.aside)
    return marshal.dumps(told)


def _unpacked(octets: bytes) -> Place:
    *record, file, order, aside = marshal.loads(octets)  # noqa: S302  # of this run's own making
    return Place(Record(*record), file, order, aside)


class Index:
    """The responses of all archives of a run, as a file that other processes can read."""

    def __init__(self, path: str, *, new: bool = False) -> None:
        """Open the index, or make it; raises ``StoreError`` where the disk is full."""
        self._scratch = Scratch(_SCHEMA if new else "", path)
        self._times: OrderedDict[tuple[str, bool], Times] = OrderedDict()

    def close(self) -> None:
        """Let go of the file."""
        self._scratch.close()

    def add(self, file: int, first: int, rows: Iterable[Row]) -> None:
        """Take in responses of a file, the first of which is its ``first``."""
        bodies: list[tuple[bytes, bytes]] = []
        seen = []
        for number, each in enumerate(rows, file << _FILE | first):
            digest = None
            if each.body is not None:
                digest = sha256(each.body).digest()
                bodies.append((digest, each.body))
            seen.append(
                (
                    number,
                    each.url,
                    each.at,
                    each.kind,
                    int(each.apart),
                    each.place,
                    each.told,
                    digest,
                )
            )
        with self._scratch.writing():
            self._scratch.many("INSERT OR IGNORE INTO bodies VALUES (?, ?)", bodies)
            self._scratch.many("INSERT INTO seen VALUES (?, ?, ?, ?, ?, ?, ?, ?)", seen)

    def finish(self) -> None:
        """All responses are there; from now on they can be looked up."""
        with self._scratch.writing():
            self._scratch.many("CREATE INDEX seen_by_url ON seen (url, at)", [()])

    def nearest(self, url: str, at: datetime, *, apart: bool) -> int | None:
        """The capture nearest before within 24 hours, else after; its id (rule R32).

        With ``apart`` also those of files from which only robots.txt and site files are taken.
        """
        times, ids = self._of(url, apart)
        if not times:
            return None
        moment = number_of(at)
        place = bisect_right(times, moment)
        if place and moment - times[place - 1] <= _DAY:
            return ids[place - 1]
        if place < len(times) and times[place] - moment <= _DAY:
            return ids[place]
        return None

    def closest(self, url: str, at: datetime, but: Collection[int]) -> int | None:
        """The capture nearest in time within 24 hours, of two that are alike the later one."""
        times, ids = self._of(url, False)
        moment = number_of(at)
        found = [
            (abs(time - moment), time < moment, each)
            for time, each in zip(times, ids, strict=True)
            if each not in but and abs(time - moment) <= _DAY
        ]
        return min(found)[2] if found else None

    @staticmethod
    def number(place: Place) -> int:
        """The id of the response of a place."""
        return place.file << _FILE | place.order

    def seen(self, number: int) -> Seen:
        """The response of this id."""
        url, at, kind, apart, place, told, body = self._scratch.one(
            "SELECT url, at, kind, apart, place, told, octets FROM seen "
            "LEFT JOIN bodies ON sha256 = body WHERE id = ?",
            (number,),
        )
        bare: Capture | None = None
        if told is not None:
            bare = pickle.loads(told)  # noqa: S301  # of this run's own making
        if bare is not None and body is not None:
            bare = replace(bare, body=body)
        when = None if at is None else _BEGINNING + at * _MICROSECOND
        return Seen(url, when, Kind(kind), bool(apart), _unpacked(place), bare)

    def _of(self, url: str, apart: bool) -> Times:
        key = (url, apart)
        known = self._times.get(key)
        if known is None:
            rows = list(
                self._scratch.each(
                    "SELECT at, id FROM seen WHERE url = ? AND at IS NOT NULL "
                    "AND apart <= ? ORDER BY at, id",
                    (url, int(apart)),
                )
            )
            known = tuple(each[0] for each in rows), tuple(each[1] for each in rows)
            self._times[key] = known
            if len(self._times) > _REMEMBERED:
                self._times.popitem(last=False)
        else:
            self._times.move_to_end(key)
        return known
