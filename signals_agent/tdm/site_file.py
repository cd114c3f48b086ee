"""TDMRep's site file: its entries, in whatever shape they are wrapped, and which reach a URL."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from signals_agent import url
from signals_agent.errors import InvalidURL
from signals_agent.robots.match import pattern
from signals_agent.syntax import json_values
from signals_agent.syntax.json_values import Pairs, Text, Value

WORDS: Final = ("1", "true")
"""What a string, in lower case, can only mean as a reservation."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the file: its pointer and its text, and what it says.

    ``location`` is empty where there is none to read. ``reservation`` is 0, 1, or -1 for
    neither; ``letter`` says that the specification would read location and reservation so.
    ``policies`` are the different addresses of policies, as written: one, if it is as
    specified.
    """

    pointer: str
    text: str
    octets: bytes
    location: str
    reservation: int
    letter: bool
    policies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TdmFile:
    """The entries in order; ``array`` says that they stand in one, as specified.

    ``failure`` is ``unparsable`` where it is no JSON, ``unrelated`` where it is JSON of
    another kind; a page in place of the file has neither entries nor a failure (rule R15).
    """

    entries: tuple[Entry, ...] = ()
    array: bool = True
    failure: str = ""


@lru_cache(maxsize=32)
def read(body: bytes) -> TdmFile:
    """The entries of a site file, in whatever shape they are wrapped; cached by content."""
    source = json_values.decode(body)
    if source.text.lstrip().startswith("<"):
        return TdmFile()
    try:
        whole = json_values.parse(source.text)
    except ValueError:
        return TdmFile(failure="unparsable")
    candidates = list(_candidates(source.text, whole))
    array = isinstance(whole.value, list) and not isinstance(whole.value, Pairs)
    entries = tuple(
        _entry(value, source, letter=array and source.clean)
        for value in candidates
        if isinstance(value.value, Pairs)
        and (value.value.named("tdm-reservation") or value.value.named("location"))
    )
    unrelated = not entries and (bool(candidates) or not array)
    return TdmFile(entries, array, "unrelated" if unrelated else "")


def reaches(entry: Entry, source: str, target: bytes) -> tuple[bool, bool]:
    """Whether an entry reaches a target, and whether its location is as specified.

    ``source`` is the URL of the file, ``target`` path and query as rule R13b normalises them.
    """
    location = entry.location
    if not location:
        return True, True  # the entry is not to the letter: it may only restrict
    exact = location.startswith(("/", "*"))
    if not exact:
        if "://" in location:
            try:
                parsed = url.parse(location)
                if parsed.origin != url.parse(source).origin:
                    return False, False
            except InvalidURL:
                return True, False
            location = parsed.target
        else:
            location = "/" + location
    octets = location.encode("utf-8", "surrogatepass")
    return pattern(octets).matches(target), exact


def _candidates(text: str, whole: Value) -> Iterator[Value]:
    """What may be entries: of the array, of one wrapped in an object, or the object itself."""
    if not isinstance(whole.value, list):
        return
    if not isinstance(whole.value, Pairs):
        yield from json_values.elements(text, whole)
    elif whole.value.named("tdm-reservation"):
        yield whole
    else:
        for name, value in json_values.members(text, whole):
            if name not in ("tdm", "tdmrep"):
                continue
            if isinstance(value.value, list) and not isinstance(value.value, Pairs):
                yield from json_values.elements(text, value)
            else:
                yield value


def _entry(value: Value, source: Text, *, letter: bool) -> Entry:
    locations = [_text(one) for one in value.value.named("location")]
    reservations = value.value.named("tdm-reservation")
    policies = [_text(one).strip() for one in value.value.named("tdm-policy")]
    # JSON's true equals 1, so the type is asked for as well.
    valid = [one for one in reservations if type(one) is int and one in (0, 1)]
    agreed = len(set(valid)) == 1 and len(valid) == len(reservations)
    reservation = valid[-1] if agreed else -1
    if not agreed and any(_reserves(one) for one in reservations):
        reservation = 1
    written = locations[-1] if locations else ""
    location = written.strip()
    return Entry(
        pointer=value.pointer,
        text=_text(source.text[value.begin : value.end]),
        octets=source.octets(value),
        location=location,
        reservation=reservation,
        letter=letter and agreed and len(locations) == 1 and bool(location) and location == written,
        policies=tuple(dict.fromkeys(one for one in policies if one)),
    )


def _text(value: object) -> str:
    """A string without lone surrogates, which no UTF-8 can carry; empty for anything else."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _reserves(value: object) -> bool:
    """Whether a JSON value can only be meant as a reservation: 1, true, or these as a string."""
    if isinstance(value, str):
        return value.strip().lower() in WORDS
    return isinstance(value, int | float) and value == 1
