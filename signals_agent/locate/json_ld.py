"""Where declarations stand in JSON-LD, and what they are about."""

import re
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from signals_agent import url as urls
from signals_agent.family import Listen
from signals_agent.locate import json_ld_facts, lenient_json
from signals_agent.locate.found import UNREAD, Fact, Findings, located
from signals_agent.locate.json_ld_graph import Entry, Thing, Things
from signals_agent.locate.lenient_json import Object, TooDeep
from signals_agent.locate.subject import UNCLEAR, Page, subject_of
from signals_agent.model.declaration import PAGE, Located, Reach, Subject
from signals_agent.model.note import Note, Severity
from signals_agent.model.position import Position

CARRIER: Final = "json-ld"
MAX_OCTETS: Final = 2 * 1024 * 1024
"""How long a script may be; a longer one is not read (rule R39)."""
MAX_VALUES: Final = 1000
"""How many values of one page are given; what is beyond is not read (rule R39)."""
MAX_NOTES: Final = 20
"""How many broken scripts of one page are noted one by one."""

_REFERENCE = re.compile(r"(?:https?:)?//|/|\.\.?/|[?#]", re.IGNORECASE)
_SPACE = re.compile(r"\s")
_WEB = re.compile("https?:", re.IGNORECASE)
_SALVAGED = re.compile(
    r'"(?:[^"\\\s]{0,100}[:/#])?([A-Za-z]{1,40}+)"\s*+:\s*+"((?:[^"\\]++|\\.)*+)"', re.DOTALL
)
_NAME_FIELDS = ("name", "headline", "alternateName", "identifier", "text", "description")
_MAX_NAME = 500


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
        self._base = base
        self._scripts = tuple(scripts)
        self._things = Things(base)
        self._decoded: dict[int, tuple[str, str]] = {}
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
        detail ``name``. From a script that is no JSON, what a plain search finds counts
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
        given = 0
        for asked in every:
            value, called = self._value(asked.entry) if asked.entry else (asked.written, "")
            if not value:
                continue
            if given == MAX_VALUES:
                unread.append((asked.script, f"more than {MAX_VALUES} values"))
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
                        octets=self._octets(asked.script, asked.begin, asked.end),
                        value=value.encode("utf-8", "replace"),
                        field=asked.field,
                        reach=Reach(index=first_index + given - 1),
                        subject=UNCLEAR if asked.thing is None else self._subject(asked.thing),
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
        return json_ld_facts.facts(self._things, tuple(pages), carrier, self._position)

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

    def _value(self, entry: Entry) -> tuple[str, str]:
        """What a value says, a URL if it can, and the name that it gives."""
        if text := self._things.text(entry):
            return self._resolved(text), ""
        if not isinstance(entry.value, Object):
            return "", ""
        thing = self._things.of(entry.value)
        if thing is None:
            return self._as_written(entry), ""
        called = ""
        for name in _NAME_FIELDS:
            if (found := self._things.first(thing, name)) and self._things.text(found):
                called = " ".join(self._things.text(found)[: 8 * _MAX_NAME].split())[:_MAX_NAME]
                break
        value = self._url(thing, called) or called
        if value or not thing.described:
            return value, called
        return self._as_written(entry), ""

    def _as_written(self, entry: Entry) -> str:
        """An object that says nothing we know: a licence that nobody knows, not none."""
        return self._octets(entry.place.script, entry.begin).decode("utf-8", "replace")

    def _url(self, thing: Thing, called: str) -> str:
        found = self._things.first(thing, "url")
        if found and (url := self._things.url(found)):
            return self._resolved(url)
        # #licence names a place in the page, and says less than the name that stands there.
        if thing.address and not (called and self._page.is_named_by(thing.address)):
            return self._resolved(thing.address)
        found = self._things.first(thing, "sameAs")
        return self._resolved((found and self._things.url(found)) or "")

    def _octets(self, script: int, begin: int, end: int | None = None) -> bytes:
        text, encoding = self._decoded[script]
        return text[begin : end or lenient_json.end(text, begin)].encode(encoding)

    def _place(self, asked: _Asked) -> Position:
        pointer = asked.entry.pointer if asked.entry else ""
        return self._scripts[asked.script].position(pointer)

    def _resolved(self, text: str) -> str:
        """A URL in normal form, relative ones that look like one made absolute; else as written."""
        if not _REFERENCE.match(text) or (_SPACE.search(text) and not _WEB.match(text)):
            return text
        joined = urls.join(self._base, text)
        return joined.text if joined is not None else text

    def _salvaged(self, fields: AbstractSet[str]) -> Iterator[_Asked]:
        """What a plain search finds in scripts that are no JSON."""
        for number, begin in self._broken:
            for found in _SALVAGED.finditer(self._decoded[number][0], begin):
                if found[1] in fields:
                    said = self._resolved(lenient_json.unescaped(found[2]).strip())
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
