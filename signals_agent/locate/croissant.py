"""Where licences and preferences stand in the JSON that describes a dataset (Croissant)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from signals_agent import url as urls
from signals_agent.family import Listen
from signals_agent.locate.found import ANYWHERE, UNREAD, Findings, located
from signals_agent.locate.front_matter import CARRIER, MAX_DECLARATIONS, broken, over_cap
from signals_agent.locate.references import absolute_if_url
from signals_agent.model.declaration import PAGE, Located, Reach, Scope, Subject
from signals_agent.model.licence import LicenceScope
from signals_agent.model.note import Note
from signals_agent.model.position import PointerPosition
from signals_agent.syntax import json_values
from signals_agent.syntax.json_values import Pairs, Text, TooDeep, Value

_CROISSANT = "mlcommons.org/croissant"
_SCHEMA = "schema.org"
_PARTS = frozenset({"distribution", "recordSet", "field", "subField"})
_MAX_NESTED = 6
_MAX_TEXT = 4096
_NAME_ENDS = re.compile(r"[:/#]")
# What an object says goes before what it is called: a PropertyValue has both.
_SAYING = {
    "license": ("url", "@id", "@value", "value", "name"),
    "": ("@value", "value", "url", "@id", "name"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """A document that describes datasets; ``deep`` and ``wrong`` say why it was not read."""

    text: Text
    datasets: tuple[Value, ...] = ()
    deep: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    """One value of one property, and what it is about."""

    field: str
    value: Value
    subject: Subject
    unread: str = ""


def card(body: bytes) -> Card | None:
    """The datasets that a JSON document describes; ``None`` where it describes none.

    A dataset is an object that conforms to Croissant, or has the type ``Dataset`` where
    the context names schema.org: the document itself, or of an array or ``@graph``.
    Where the JSON cannot be read it is a card if it names either.
    """
    beginning = body.replace(b"\x00", b"") if b"\x00" in body else body
    if _CROISSANT.encode() not in beginning and not (
        _SCHEMA.encode() in beginning and b"Dataset" in beginning
    ):
        return None
    source = json_values.decode(body)
    try:
        whole = json_values.parse(source.text)
    except TooDeep as error:
        return Card(source, deep=str(error))
    except (ValueError, RecursionError) as error:
        return Card(source, wrong=str(error)[:200])
    datasets = tuple(_datasets(source.text, whole))
    return Card(source, datasets) if datasets else None


def locate(
    read: Card,
    *,
    source: str,
    capture_id: str,
    listens: Sequence[tuple[str, Listen]],
    truncated: bool = False,
) -> Findings:
    """Every licence and preference of the datasets, each value of a list as a unit of its own.

    A property goes by its last name (``sc:license``, ``https://schema.org/license``). What
    stands in a ``distribution``, ``recordSet`` or a field of one is about that part.
    """
    notes: list[Note] = []
    fields = {listen.field for _, listen in listens}
    why = read.deep or ("its body was cut" if read.wrong and truncated else "")
    found: list[_Found] = []
    if read.wrong and not why:
        notes.append(broken(source, read.wrong))
    for each in _each(read, source, fields):
        if len(found) == MAX_DECLARATIONS:
            why = f"it holds more than {MAX_DECLARATIONS} declarations"
            break
        if each.unread:
            why = each.unread
        else:
            found.append(each)
    if why:
        nothing = Value("", "", 0, 0)
        found.append(_Found("license", nothing, PAGE, why))
        notes.append(over_cap(source, why))
    units = [
        (_located(each, read.text, index, source, capture_id, family),)
        for index, each in enumerate(found)
        for family, listen in listens
        if listen.field == each.field and not _is_blank(each.value.value)
    ]
    return Findings(tuple(units), tuple(notes))


def _located(
    found: _Found, text: Text, index: int, source: str, capture_id: str, family: str
) -> Located:
    said, details = _said(found, text)
    within = found.subject.within
    return located(
        family=family,
        carrier=CARRIER,
        source=source,
        capture_id=capture_id,
        position=PointerPosition(found.value.pointer),
        octets=text.octets(found.value),
        value=absolute_if_url(source, said).encode("utf-8", "replace"),
        field=found.field,
        reach=Reach(index=index),
        scope=Scope(element=within) if within else ANYWHERE,
        subject=found.subject,
        details=((UNREAD, found.unread),) if found.unread else details,
    )


def _datasets(text: str, whole: Value) -> Iterator[Value]:
    """The datasets among a document's outermost objects, and in the ``@graph`` of one."""
    for outer in _objects(text, whole):
        schema = _names_schema(outer.value, around=False)
        if _is_dataset(outer.value, schema=schema):
            yield outer
            continue
        for name, inner in json_values.members(text, outer):
            if name == "@graph":
                for node in _objects(text, inner):
                    if _is_dataset(node.value, schema=_names_schema(node.value, around=schema)):
                        yield node


def _objects(text: str, value: Value) -> Iterator[Value]:
    """A value that is an object, or the objects of an array."""
    if isinstance(value.value, Pairs):
        yield value
    elif isinstance(value.value, list):
        yield from (
            each for each in json_values.elements(text, value) if isinstance(each.value, Pairs)
        )


def _names_schema(members: Pairs, *, around: bool) -> bool:
    return around or any(_mentions(each, _SCHEMA) for each in members.named("@context"))


def _is_dataset(members: Pairs, *, schema: bool) -> bool:
    named = _named(members)
    if any(_mentions(each, _CROISSANT) for each in named.get("conformsTo", ())):
        return True
    types = [each for one in named.get("@type", ()) for each in _strings(one)]
    typed = [each for each in types if _last(each) == "Dataset"]
    return bool(typed) and (schema or any(_SCHEMA in each for each in typed))


def _each(read: Card, source: str, fields: set[str]) -> Iterator[_Found]:
    for dataset in read.datasets:
        yield from _of(read.text.text, dataset, PAGE, source, fields, 0)


def _of(
    text: str, parent: Value, subject: Subject, source: str, fields: set[str], nested: int
) -> Iterator[_Found]:
    """What an object says in the fields, and what its parts say."""
    for name, value in json_values.members(text, parent):
        last = _last(name)
        if last in fields:
            yield from (_Found(last, each, subject) for each in _single(text, value))
        elif last in _PARTS:
            for each in _single(text, value):
                if not isinstance(each.value, Pairs) or not _speaks(text, each, fields):
                    continue
                if nested == _MAX_NESTED:
                    yield _Found("license", each, PAGE, f"parts nest deeper than {_MAX_NESTED}")
                    return
                part = _part(each.value, last, subject, source)
                yield from _of(text, each, part, source, fields, nested + 1)


def _part(members: Pairs, within: str, around: Subject, source: str) -> Subject:
    """What a part is: its ``contentUrl``, which within an archive is a path and no URL."""
    named = _named(members)
    written = [each for each in named.get("contentUrl", ()) if isinstance(each, str)]
    contained = "containedIn" in named
    joined = [
        urls.join(source, each)
        for each in written[:1]
        if not contained or each.lower().startswith(("http:", "https:"))
    ]
    parts = tuple(each.text for each in joined if each is not None)
    return Subject(LicenceScope.PART, parts or around.parts, within)


def _speaks(text: str, value: Value, fields: set[str]) -> bool:
    written = text[value.begin : value.end]
    # An escape may hide a name.
    return "\\" in written or any(field in written for field in fields)


def _single(text: str, value: Value) -> Iterator[Value]:
    """A value that says something, or each of a list of them."""
    several = isinstance(value.value, list) and not isinstance(value.value, Pairs)
    for each in json_values.elements(text, value) if several else [value]:
        if each.value is not None and each.value not in ("", []):
            yield each


def _said(found: _Found, text: Text) -> tuple[str, tuple[tuple[str, str], ...]]:
    """What a value says as text, and what else its object says of it.

    An object without a word of its own, and a list within a list, are as they are written.
    """
    value = found.value.value
    if not isinstance(value, list):
        return _text(value), ()
    named = {}
    for name, held in _named(value).items() if isinstance(value, Pairs) else ():
        first = held[0][0] if type(held[0]) is list and held[0] else held[0]
        if isinstance(first, str | int | float):
            named[name] = _text(first)
    saying = _SAYING.get(found.field, _SAYING[""])
    chosen = next((name for name in saying if named.get(name)), "")
    kept = {"name": named.get("name"), "url": named.get("url"), "type": named.get("@type")}
    details = tuple((name, held) for name, held in kept.items() if held and name != chosen)
    written = " ".join(text.text[found.value.begin : found.value.end].split())[:_MAX_TEXT]
    return named.get(chosen) or written, details


def _is_blank(value: Any) -> bool:
    """A text of nothing but white space says nothing; what was not read has none at all."""
    return isinstance(value, str) and bool(value) and not value.strip()


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip()


def _named(members: Pairs) -> dict[str, list[Any]]:
    """The values of an object's members by their last names."""
    named: dict[str, list[Any]] = {}
    for name, value in members:
        named.setdefault(_last(name), []).append(value)
    return named


def _last(name: str) -> str:
    return _NAME_ENDS.split(name)[-1]


def _strings(value: Any) -> Iterator[str]:
    """The strings of a value, of its members' values and elements."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Pairs):
        for _, held in value:
            yield from _strings(held)
    elif isinstance(value, list):
        for held in value:
            yield from _strings(held)


def _mentions(value: Any, part: str) -> bool:
    return any(part in each for each in _strings(value))
