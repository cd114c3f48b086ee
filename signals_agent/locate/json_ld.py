"""Where declarations stand in JSON-LD, and what they are about."""

import re
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from signals_agent.family import Listen
from signals_agent.locate import json_ld_facts
from signals_agent.locate.found import UNREAD, Fact, Findings, located
from signals_agent.locate.json_ld_graph import Entry, Thing, Things
from signals_agent.locate.json_ld_values import MAX_LENGTH, Values
from signals_agent.locate.subject import UNCLEAR, Page, subject_of
from signals_agent.model.declaration import PAGE, Located, Reach, Subject
from signals_agent.model.note import Note, Severity
from signals_agent.model.position import Position
from signals_agent.syntax import lenient_json
from signals_agent.syntax.lenient_json import Array, Object, TooDeep

CARRIER: Final = "json-ld"
MAX_OCTETS: Final = 2 * 1024 * 1024
"""How long a script may be; a longer one is not read (rule R39)."""
MAX_VALUES: Final = 1000
"""How many values of one page are given; what is beyond is not read (rule R39)."""
MAX_DIFFERENT: Final = 100
"""How many different ones they may be: a result says of each licence all that it asks."""
MAX_OBJECT: Final = 4096
"""Characters of an object or list that are kept as its octets; the rest is cut off."""
MAX_KEPT: Final = 1024 * 1024
"""Octets and characters that are kept of all values of one page (rule R39)."""
MAX_NOTES: Final = 20
"""How many broken scripts of one page are noted one by one."""

_SALVAGED = re.compile(
    r'"(?:[^"\\\s]{0,100}[:/#])?([A-Za-z]{1,40}+)"\s*+:\s*+"((?:[^"\\]++|\\.)*+)"', re.DOTALL
)
_TOO_LONG: Final = f"a value longer than {MAX_LENGTH} characters"


@dataclass(frozen=True, slots=True)
class Script:
    """The content of one script element, or a whole JSON-LD document.

    ``octets`` are UTF-8, or Latin-1 where they are not UTF-8; ``position`` makes of a
    JSON pointer (``""`` for the whole) the position in the capture.
    """

    octets: bytes
    position: Callable[[str], Position]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One value that may be given, before anybody asks what it says and whose it is."""

    script: int
    begin: int
    field: str
    entry: Entry | None = None
    thing: Thing | None = None
    written: str = ""
    end: int | None = None


def read(scripts: Sequence[Script], *, page: Page, base: str) -> "Graph":
    """Read all JSON-LD of a page at once: its scripts may refer to one another.

    ``base`` is the absolute URL that relative ones are resolved against. Never raises,
    whatever the octets.
    """
    return Graph(scripts, page, base)


def locate(
    octets: bytes,
    *,
    page: Page,
    base: str,
    source: str,
    capture_id: str,
    listens: Sequence[tuple[str, Listen]],
    position: Callable[[str], Position],
    carrier: str = CARRIER,
    first_index: int = 0,
) -> Findings:
    """What one script declares; see ``Graph.locate``."""
    graph = read((Script(octets, position),), page=page, base=base)
    return graph.locate(
        source=source,
        capture_id=capture_id,
        listens=listens,
        carrier=carrier,
        first_index=first_index,
    )


def facts(
    octets: bytes,
    *,
    page: Page,
    base: str,
    position: Callable[[str], Position],
    carrier: str = CARRIER,
) -> tuple[Fact, ...]:
    """What one script says of the page for a credit line; see ``Graph.facts``."""
    return read((Script(octets, position),), page=page, base=base).facts(carrier=carrier)


class Graph:
    """What the JSON-LD of one page says; made by ``read``."""

    def __init__(self, scripts: Sequence[Script], page: Page, base: str) -> None:
        self._page = page
        self._scripts = tuple(scripts)
        self._things = Things(base)
        self._decoded: dict[int, tuple[str, str]] = {}
        self._values = Values(self._things, page, base, self._decoded)
        self._broken: list[tuple[int, int]] = []
        self._unread: list[tuple[int, str]] = []
        self._subjects: dict[Thing, Subject] = {}
        for number, script in enumerate(self._scripts):
            self._take_in(number, script.octets)

    def locate(
        self,
        *,
        source: str,
        capture_id: str,
        listens: Sequence[tuple[str, Listen]],
        carrier: str = CARRIER,
        first_index: int = 0,
    ) -> Findings:
        """One unit for each value that a family listens to, in the order of the scripts.

        URLs are absolute; an object is its ``url``, its ``@id`` or its name, with the
        detail ``name``; of its octets no more are kept than ``MAX_OBJECT`` characters.
        From a script that is no JSON, what a plain search finds counts
        as unclear. Where a cap was hit, one more value with the detail ``unread`` says so
        for each family that listens to ``license`` (rule R39).
        """
        heard: dict[str, list[str]] = {}
        for family, listen in listens:
            families = heard.setdefault(listen.field, [])
            if family not in families:
                families.append(family)
        every = [*self._asked(heard.keys()), *self._salvaged(heard.keys())]
        every.sort(key=lambda asked: (asked.script, asked.begin))
        unread = list(self._unread)
        units: list[tuple[Located, ...]] = []
        different: set[tuple[str, str]] = set()
        given = kept = 0
        for asked in every:
            value, called = self._values.said(asked.entry) if asked.entry else (asked.written, "")
            if not value:
                continue
            if len(value) > MAX_LENGTH:
                unread.append((asked.script, _TOO_LONG))
                continue
            different.add((asked.field, value))
            octets = self._octets(asked)
            subject = UNCLEAR if asked.thing is None else self._subject(asked.thing)
            kept += len(octets) + len(value) + len(called) + sum(map(len, subject.parts))
            if over := _over(given, len(different), kept):
                unread.append((asked.script, over))
                break
            given += 1
            units.extend(
                (
                    located(
                        family=family,
                        carrier=carrier,
                        source=source,
                        capture_id=capture_id,
                        position=self._place(asked),
                        octets=octets,
                        value=value.encode("utf-8", "replace"),
                        field=asked.field,
                        reach=Reach(index=first_index + given - 1),
                        subject=subject,
                        details=(("name", called),) if called else (),
                    ),
                )
                for family in heard[asked.field]
            )
        if unread:
            script, why = unread[0]
            units.extend(
                (
                    located(
                        family=family,
                        carrier=carrier,
                        source=source,
                        capture_id=capture_id,
                        position=self._scripts[script].position(""),
                        octets=b"",
                        value=b"",
                        field="license",
                        reach=Reach(index=first_index + given),
                        subject=PAGE,
                        details=((UNREAD, why),),
                    ),
                )
                for family in heard.get("license", ())
            )
        return Findings(tuple(units), tuple(self._notes(unread)))

    def facts(self, *, carrier: str = CARRIER) -> tuple[Fact, ...]:
        """What the things that are the page itself say for a credit line (rule R24)."""
        pages = (
            thing
            for thing in self._things.all
            if json_ld_facts.may_speak(thing) and self._subject(thing) == PAGE
        )
        return json_ld_facts.facts(self._things, tuple(pages), carrier, self._position, self._page)

    def facts_of_file(self, url: str, *, carrier: str = CARRIER) -> tuple[Fact, ...]:
        """What things that are the file at an absolute URL say of it: a picture on the page."""
        file = Page(url)
        things = (t for t in self._things.all if json_ld_facts.is_file(self._things, t, file))
        return json_ld_facts.facts(
            self._things,
            tuple(things),
            carrier,
            self._position,
            self._page,
            ("name", "headline", "caption"),
        )

    def _take_in(self, number: int, octets: bytes) -> None:
        if len(octets) > MAX_OCTETS:
            self._unread.append((number, f"longer than {MAX_OCTETS} octets"))
            return
        try:
            text, encoding = octets.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            text, encoding = octets.decode("latin-1"), "latin-1"
        self._decoded[number] = (text, encoding)
        try:
            document = lenient_json.read(text)
        except TooDeep as reason:
            self._unread.append((number, str(reason)))
            return
        self._things.add(number, document.values)
        if document.broken is not None:
            self._broken.append((number, document.broken))

    def _asked(self, fields: AbstractSet[str]) -> Iterator[_Asked]:
        for thing in self._things.all:
            if not thing.has_any(fields):
                continue
            for name in fields:
                for entry in thing.entries(name):
                    yield _Asked(entry.place.script, entry.begin, name, entry, thing)

    def _octets(self, asked: _Asked) -> bytes:
        text, encoding = self._decoded[asked.script]
        value = asked.entry.value if asked.entry else None
        if isinstance(value, Array | Object):
            end = min(value.end, asked.begin + MAX_OBJECT)
        else:
            end = asked.end or lenient_json.end(text, asked.begin)
        return text[asked.begin : end].encode(encoding)

    def _place(self, asked: _Asked) -> Position:
        pointer = asked.entry.pointer if asked.entry else ""
        return self._scripts[asked.script].position(pointer)

    def _salvaged(self, fields: AbstractSet[str]) -> Iterator[_Asked]:
        """What a plain search finds in scripts that are no JSON."""
        for number, begin in self._broken:
            for found in _SALVAGED.finditer(self._decoded[number][0], begin):
                if found[1] in fields:
                    said = self._values.resolved(lenient_json.unescaped(found[2]).strip())
                    yield _Asked(
                        number, found.start(2) - 1, found[1], written=said, end=found.end(2) + 1
                    )

    def _subject(self, thing: Thing) -> Subject:
        known = self._subjects.get(thing)
        if known is None:
            known = self._subjects[thing] = subject_of(self._things.item(thing), self._page)
        return known

    def _position(self, entry: Entry) -> Position:
        return self._scripts[entry.place.script].position(entry.pointer)

    def _notes(self, unread: Sequence[tuple[int, str]]) -> Iterator[Note]:
        for number, _ in self._broken[:MAX_NOTES]:
            yield Note(
                code="json-ld-broken",
                severity=Severity.WARNING,
                summary="A JSON-LD script is no JSON; only what a plain search finds is read.",
                clause="schema.org JSON-LD",
                position=self._scripts[number].position(""),
            )
        if unread:
            number, why = unread[0]
            more = f" So it is with {len(unread) - 1} more." if len(unread) > 1 else ""
            yield Note(
                code="json-ld-over-cap",
                severity=Severity.WARNING,
                summary=f"JSON-LD was not read to its end: {why}.{more}",
                clause="rule R39",
                position=self._scripts[number].position(""),
            )


def _over(given: int, different: int, kept: int) -> str:
    """Which cap another value would be over, in words; empty where it is over none."""
    if given == MAX_VALUES:
        return f"more than {MAX_VALUES} values"
    if different > MAX_DIFFERENT:
        return f"more than {MAX_DIFFERENT} different values"
    return f"values of more than {MAX_KEPT} octets" if kept > MAX_KEPT else ""
