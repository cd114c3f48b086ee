"""The lines of a robots.txt, each as a record with its place."""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from signals_agent.limits import DEFAULT_LIMITS
from signals_agent.model.note import Note, Severity
from signals_agent.model.position import LinePosition
from signals_agent.robots import keys

READ_TO = DEFAULT_LIMITS.max_robots_bytes
"""Every whole line that begins before this octet is read (RFC 9309 2.5: at least 500 KiB)."""
READ_AT_MOST = 1024 * 1024
"""Where even a line that began in time is given up: it has no end within this."""
LONG_PATTERN = 8 * 1024
"""Octets of a path pattern above which a note says so; it is matched in full all the same."""


@dataclass(frozen=True, slots=True)
class Record:
    """One line that has a key.

    ``line`` and ``column`` count from 1, the column in octets: that of the value's first
    octet, or one past the line's end where there is no value. ``key`` is canonical and
    lower-case, ``value`` is without comment and the white space around it, ``octets`` is
    the whole line without its end.
    """

    line: int
    column: int
    key: str
    value: bytes
    octets: bytes
    key_as_written: bytes


class FileKind(StrEnum):
    """What the octets turned out to be; only ``ROBOTS`` has records (rule R15)."""

    ROBOTS = "robots"
    EMPTY = "empty"
    HTML = "html"
    BINARY = "binary"


@dataclass(frozen=True, slots=True, eq=False)
class RobotsFile:
    """A robots.txt that has been read; two of them are equal only if they are the same one.

    ``truncated`` says that it went on after the cap. ``octets`` are those that were read for
    its lines. ``memo`` holds what ``groups`` has worked out, so that a file is grouped once
    however many URLs are asked about.
    """

    kind: FileKind
    records: tuple[Record, ...] = ()
    truncated: bool = False
    notes: tuple[Note, ...] = ()
    octets: bytes = field(default=b"", repr=False)
    memo: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)


def parse_cached(body: bytes, *, cut: bool = False) -> RobotsFile:
    """The same as ``parse``, remembered by the octets; of large files only the last few."""
    remembering = _parse_small if len(body) <= 64 * 1024 else _parse_large
    return remembering(body, cut=cut)


def parse(body: bytes, *, cut: bool = False) -> RobotsFile:
    """Read the octets of a robots.txt; never raises, and is linear in them (rules R13b, R15).

    ``cut`` says that the octets are the beginning of a longer file: a last line without
    an end is then not read.
    """
    notes: list[Note] = []
    octets = _transcoded(body, notes)
    not_robots = _other_kind(octets)
    octets, truncated = _within_cap(octets, cut, notes)
    if not truncated and not octets.strip(keys.BLANK):
        return RobotsFile(FileKind.EMPTY, (), truncated, tuple(notes))
    if not_robots and b"agent" not in octets.lower():
        records: list[Record] = []
    else:
        records = _records(octets, notes)
    if not_robots and not any(record.key == "user-agent" for record in records):
        notes.append(
            Note(
                "robots-not-robots",
                Severity.WARNING,
                f"This robots.txt is {_KIND_WORDS[not_robots]}, so it holds no rules.",
                "rule R15",
            )
        )
        return RobotsFile(not_robots, (), truncated, tuple(notes))
    return RobotsFile(FileKind.ROBOTS, tuple(records), truncated, tuple(notes), octets)


def blank_lines(octets: bytes) -> tuple[int, ...]:
    """The numbers of the lines that hold nothing but white space; a comment is something."""
    rest = ((number, line.strip(keys.BLANK)) for number, line in enumerate(_lines(octets), 1))
    return tuple(
        number
        for number, line in rest
        if not line or (keys.EDGE[line[0]] and not keys.trimmed(line))
    )


def _lines(octets: bytes) -> list[bytes]:
    """The lines: CR, LF and CRLF end one, nothing else does (rule R13b)."""
    if b"\r" in octets:
        octets = octets.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return octets.split(b"\n")


_parse_small = lru_cache(maxsize=256)(parse)
_parse_large = lru_cache(maxsize=4)(parse)

_KIND_WORDS = {FileKind.HTML: "an HTML or XML document", FileKind.BINARY: "not text"}


def _records(octets: bytes, notes: list[Note]) -> list[Record]:
    """The lines that have a key."""
    records: list[Record] = []
    known = dict(keys.USUAL)
    noted: set[str] = set()
    edge = keys.EDGE
    for number, line in enumerate(_lines(octets), 1):
        if not line:
            continue
        mark = line.find(b"#")
        if mark == 0:
            continue
        content = line if mark < 0 else line[:mark]
        colon = content.find(b":")
        written = content[:colon] if colon > 0 else b""
        key = known.get(written)
        start = colon + 1
        if key is None:
            found = keys.split(content, colon)
            if "colon" not in noted and keys.lacks_colon(content, found):
                noted.add("colon")
                notes.append(_colon_missing(number))
            if found is None:
                continue
            key, written, start, forgiven = found
            if forgiven and key not in noted:
                noted.add(key)
                notes.append(_spelling_forgiven(number, key))
            elif not forgiven and key in keys.KNOWN:
                known[content[:colon]] = key
        raw = content[start:]
        value = raw.strip()
        if value and (edge[value[0]] or edge[value[-1]]):
            value = keys.trimmed(value, keep_nul=key == "allow")
        column = start + raw.find(value) + 1 if value else len(line) + 1
        if len(value) > LONG_PATTERN and key in _WITH_PATTERN and "long" not in noted:
            noted.add("long")
            notes.append(_long_pattern(number, column))
        records.append(Record(number, column, key, value, line, written))
    return records


_WITH_PATTERN = frozenset({"allow", "disallow", "content-usage"})


def _transcoded(body: bytes, notes: list[Note]) -> bytes:
    """The octets as UTF-8 where they are UTF-16, by their byte order mark or by their zeros."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif body[1:4:2] == b"\0\0" and b"\0" not in body[0:4:2]:
        encoding = "utf-16-le"
    elif body[0:4:2] == b"\0\0" and b"\0" not in body[1:4:2]:
        encoding = "utf-16-be"
    else:
        return body
    notes.append(
        Note(
            "robots-utf16",
            Severity.WARNING,
            "This robots.txt is in UTF-16, which most crawlers cannot read; it was read as "
            "UTF-8, and lines and columns count in that.",
            "RFC 9309 2.3",
        )
    )
    # Twice the cap and a unit: UTF-16 needs at most two octets where UTF-8 needs one.
    return body[: 2 * READ_AT_MOST + 2].decode(encoding, "replace").encode()


def _within_cap(octets: bytes, cut: bool, notes: list[Note]) -> tuple[bytes, bool]:
    """The whole lines that begin before the cap, and whether anything was left out."""
    whole = octets
    if len(octets) > READ_TO:
        ends = (octets.find(end, READ_TO - 1, READ_AT_MOST) for end in (b"\n", b"\r"))
        end = min((at for at in ends if at >= 0), default=-1)
        if end >= 0:
            octets = octets[:end]
        elif cut or len(octets) > READ_AT_MOST:
            octets = octets[: _last_end(octets, READ_TO) + 1]
    elif cut:
        octets = octets[: _last_end(octets, len(octets)) + 1]
    if not cut and not whole[len(octets) :].strip():
        return octets, False
    line = octets.count(b"\n") + octets.count(b"\r") - octets.count(b"\r\n") + 1
    if not octets.endswith((b"\n", b"\r")):
        line += 1  # The first line that was not read.
    notes.append(
        Note(
            "robots-over-cap",
            Severity.WARNING,
            "This robots.txt is over the cap: what stands after it was not read.",
            "RFC 9309 2.5",
            position=LinePosition(line, 1),
        )
    )
    return octets, True


def _last_end(octets: bytes, before: int) -> int:
    return max(octets.rfind(b"\n", 0, before), octets.rfind(b"\r", 0, before))


_MAGIC = (b"\x1f\x8b", b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"RIFF")


def _other_kind(octets: bytes) -> FileKind | None:
    """What these octets look like when they do not look like lines of text."""
    if octets[:READ_AT_MOST].lstrip(keys.BLANK).startswith(b"<"):
        return FileKind.HTML
    if octets.startswith(_MAGIC) or b"\0" in octets[:1024]:
        return FileKind.BINARY
    return None


def _colon_missing(line: int) -> Note:
    return Note(
        "robots-colon-missing",
        Severity.WARNING,
        "A line begins like a declaration but has no colon after its name, so it declares nothing.",
        "RFC 9309 2.2",
        position=LinePosition(line, 1),
    )


def _spelling_forgiven(line: int, key: str) -> Note:
    return Note(
        "robots-spelling-forgiven",
        Severity.WARNING,
        f"A line was read as {key.capitalize()} though it is not written so; "
        "not every crawler forgives this.",
        "RFC 9309 2.2",
        position=LinePosition(line, 1),
    )


def _long_pattern(line: int, column: int) -> Note:
    return Note(
        "robots-pattern-over-cap",
        Severity.WARNING,
        "A path pattern of more than 8 KiB: it was matched in full here, but other crawlers "
        "cut or skip such a line.",
        "rule R39",
        position=LinePosition(line, column),
    )
