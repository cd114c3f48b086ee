"""Where licences and preferences stand in the front matter of a dataset card (YAML)."""

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from signals_agent.family import Listen
from signals_agent.locate.found import UNREAD, Findings, located, text
from signals_agent.locate.references import absolute, absolute_if_url
from signals_agent.model.declaration import Located, Reach
from signals_agent.model.note import Note, Severity
from signals_agent.model.position import LinePosition

if TYPE_CHECKING:
    import yaml

CARRIER = "dataset-card"
MAX_OCTETS = 64 * 1024
MAX_DECLARATIONS = 1000

_BEGIN = re.compile(rb"(?:\xef\xbb\xbf)?---[ \t]*+(?:\r\n|\n|\r)")
_END = re.compile(rb"[\r\n](?:---|\.\.\.)[ \t]*+(?=[\r\n]|\Z)")
# The first line that is neither empty nor a comment is a key: a thematic break of Markdown,
# or a horizontal rule of plain text, is followed by something else. So is a key that is
# written with its mark, or the mapping in braces that all may stand in.
_KEY = re.compile(
    rb"(?:[ \t]*+(?:#[^\r\n]*+)?(?:\r\n|\r|\n))*+"
    rb"[ \t]*+(?:[\"']?[A-Za-z_][\w .-]{0,80}[\"']?:(?=[ \t\r\n]|\Z)|<<[ \t]*+:"
    rb"|\?[ \t]|[{](?![{%]))"
)
# What front matter that is never closed is known by: a text may begin with a rule.
_KEYED = re.compile(rb"licen[cs]e(?:_name|_link)?[\"']?[ \t]*+:", re.IGNORECASE)
_LINE_END = re.compile(rb"\r\n|\r|\n")
_SALVAGED = re.compile(rb"(?:\A|(?<=[\r\n]))([A-Za-z_]{1,40})[ \t]*+:[ \t]*+([^\r\n]*+)")
_LISTED = re.compile(rb"(?:\r\n|\r|\n)[ \t]*+-[ \t]++([^\r\n]*+)")
_COMMENT = re.compile(rb"(?:\A|[ \t])#.*+", re.DOTALL)
_ENTRY = re.compile(rb"[^,\[\]]++")
_UNTOLD = frozenset({"other", "unknown"})
_LICENSED = frozenset({"license", "license_link", "license_name"})
_MERGE = "tag:yaml.org,2002:merge"
_NULLS = ("", "~", "null", "Null", "NULL")

Heard = Sequence[tuple[str, Listen]]


@dataclass(frozen=True, slots=True)
class Matter:
    """The octets between the two lines of hyphens, from ``begin`` to ``end`` of the body.

    ``whole`` is false where no closing line was seen within the cap, ``closed`` where there
    is none at all.
    """

    begin: int
    end: int
    whole: bool
    closed: bool = True


@dataclass(frozen=True, slots=True)
class _Entry:
    """One value of one key: where it stands, and what it says."""

    field: str
    begin: int
    end: int
    value: str


def matter(body: bytes, *, truncated: bool = False) -> Matter | None:
    """The front matter with which a text begins; ``None`` where it has none.

    One that is not closed is none either, unless it goes beyond what is read, or has a
    licence in it.
    """
    begin = _BEGIN.match(body)
    if begin is None or _KEY.match(body, begin.end()) is None:
        return None
    limit = begin.end() + MAX_OCTETS
    # From the end of the first line, since front matter may hold nothing at all.
    end = _END.search(body, begin.end() - 1, limit + 8)
    if end is not None and end.start() <= limit:
        return Matter(begin.end(), end.start() + 1, whole=True)
    if len(body) > limit or truncated:
        return Matter(begin.end(), min(limit, len(body)), whole=False)
    if _KEYED.search(body, begin.end()):
        return Matter(begin.end(), len(body), whole=False, closed=False)
    return None


def locate(body: bytes, found: Matter, *, source: str, capture_id: str, listens: Heard) -> Findings:
    """Every licence and preference in front matter, each value of a list as a unit of its own.

    A field is a key of the outermost mapping, in any case. A licence has the details
    ``license_name`` and ``license_link`` where they are given; they speak alone where no
    licence does. Front matter that is no YAML is read line by line. Never raises.
    """
    starts = [0, *(each.end() for each in _LINE_END.finditer(body, 0, found.end))]

    def units(entry: _Entry, details: tuple[tuple[str, str], ...]) -> list[tuple[Located, ...]]:
        line = bisect.bisect_right(starts, entry.begin)
        position = LinePosition(line, entry.begin - starts[line - 1] + 1)
        return [
            (
                located(
                    family=family,
                    carrier=CARRIER,
                    source=source,
                    capture_id=capture_id,
                    position=position,
                    octets=body[entry.begin : entry.end],
                    value=entry.value.encode("utf-8", "replace"),
                    field=listen.field,
                    reach=Reach(index=entry.begin),
                    details=details,
                ),
            )
            for family, listen in listens
            if listen.field.lower() == entry.field
        ]

    def unread(why: str) -> list[tuple[Located, ...]]:
        return units(_Entry("license", found.begin, found.begin, ""), ((UNREAD, why),))

    if not found.closed:
        why = "its front matter is never closed"
        return Findings(tuple(unread(why)), (broken(source, why),))
    if not found.whole:
        why = f"its front matter is longer than {MAX_OCTETS} octets"
        return Findings(tuple(unread(why)), (over_cap(source, why),))
    octets = body[found.begin : found.end]
    lowered = octets.lower()
    fields = {listen.field.lower() for _, listen in listens} | {"license_name", "license_link"}
    if not any(field.encode() in lowered for field in fields):
        return Findings()
    notes = []
    lost = ""
    try:
        entries = list(_composed(octets, found.begin, fields))
    except ValueError as error:
        entries = list(_salvaged(octets, found.begin, fields))
        notes.append(broken(source, str(error)))
        if b"licen" in lowered and not any(each.field in _LICENSED for each in entries):
            lost = f"its front matter is no YAML: {error}"
    located_units: list[tuple[Located, ...]] = []
    beside = _beside(entries, source)
    for number, entry in enumerate(_licensed(entries, dict(beside))):
        if number == MAX_DECLARATIONS:
            why = f"it holds more than {MAX_DECLARATIONS} declarations"
            located_units += unread(why)
            notes.append(over_cap(source, why))
            break
        absolute_entry = _Entry(
            entry.field, entry.begin, entry.end, absolute_if_url(source, entry.value)
        )
        located_units += units(absolute_entry, beside if entry.field == "license" else ())
    if lost:
        located_units += unread(lost)
    return Findings(tuple(located_units), tuple(notes))


def _beside(entries: list[_Entry], source: str) -> tuple[tuple[str, str], ...]:
    """Name and link of a licence that Hugging Face does not list; a link may be a file's name."""
    given = {each.field: each.value for each in reversed(entries)}
    details = []
    if "license_name" in given:
        details.append(("license_name", given["license_name"]))
    if "license_link" in given:
        link = given["license_link"]
        details.append(("license_link", link if " " in link else absolute(source, link)))
    return tuple(details)


def _licensed(entries: list[_Entry], beside: dict[str, str]) -> Iterator[_Entry]:
    """The entries that declare; where no licence is named its link, else its name, stands for it.

    Hugging Face's ``other`` names none: what decides, and is shown, is what stands beside it.
    """
    named = {each.field: each for each in reversed(entries) if each.field in _LICENSED}
    telling = next((each for each in ("license_link", "license_name") if each in named), None)
    stand_in: list[_Entry] = []
    if telling is not None:
        one = named[telling]
        stand_in = [_Entry("license", one.begin, one.end, beside[telling])]
    for each in entries:
        if each.field in ("license_name", "license_link"):
            continue
        if each.field == "license" and stand_in and each.value.strip().lower() in _UNTOLD:
            yield from stand_in
        else:
            yield each
    if "license" not in named:
        yield from stand_in


def _composed(octets: bytes, shift: int, fields: set[str]) -> Iterator[_Entry]:
    """The values of the fields by YAML; raises ``ValueError`` where it is none.

    Nodes are only composed, so that no tag makes an object, and an alias is the node that
    it names; what is merged (``<<``) is looked up by ``_merged``.
    """
    import yaml

    characters = text(octets)
    encoding = "utf-8" if len(characters) != len(octets) or characters.isascii() else "latin-1"
    try:
        outermost = yaml.compose(characters, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())[:200]) from None
    except RecursionError:
        raise ValueError("values nest too deep") from None
    except ArithmeticError as error:
        # An escape of a character that cannot be.
        raise ValueError(str(error)) from None
    if not isinstance(outermost, yaml.MappingNode):
        raise ValueError("it is no mapping")

    def at(index: int) -> int:
        return len(characters[:index].encode(encoding))

    for field, held in _merged(outermost, fields):
        nodes = held.value if isinstance(held, yaml.SequenceNode) else [held]
        for node in nodes[: MAX_DECLARATIONS + 1]:
            begin = at(node.start_mark.index)
            raw = octets[begin : at(node.end_mark.index)].rstrip()
            said = _said(node, raw)
            if said:
                yield _Entry(field, shift + begin, shift + begin + len(raw), said)


def _merged(outermost: "yaml.MappingNode", fields: set[str]) -> Iterator[tuple[str, "yaml.Node"]]:
    """The values of the fields in a mapping, else in the mappings that it merges, in order.

    Each mapping is looked at once, so that one that merges itself ends. Raises
    ``ValueError`` where something else is merged.
    """
    import yaml

    given: set[str] = set()
    looked_at: set[int] = set()
    waiting: list[yaml.Node] = [outermost]
    while waiting:
        mapping = waiting.pop()
        if id(mapping) in looked_at:
            continue
        looked_at.add(id(mapping))
        if isinstance(mapping, yaml.SequenceNode):
            waiting += reversed(mapping.value)
            continue
        if not isinstance(mapping, yaml.MappingNode):
            raise ValueError("what it merges is no mapping")
        keyed = [
            (key.value.lower(), held)
            for key, held in mapping.value
            if isinstance(key, yaml.ScalarNode) and key.tag != _MERGE
        ]
        yield from (each for each in keyed if each[0] in fields - given)
        given.update(field for field, _ in keyed)
        waiting += [held for key, held in reversed(mapping.value) if key.tag == _MERGE]


def _said(node: "yaml.Node", raw: bytes) -> str:
    """The text of a scalar, empty where it is null; of anything else how it is written."""
    import yaml

    value: Any = node.value
    if isinstance(node, yaml.ScalarNode):
        return "" if node.style is None and value in _NULLS else str(value).strip()
    return " ".join(text(raw).split())


def _salvaged(octets: bytes, shift: int, fields: set[str]) -> Iterator[_Entry]:
    """The values of fields whose key begins a line, so that no licence is lost to a slip."""
    for found in _SALVAGED.finditer(octets):
        field = found[1].decode().lower()
        if field not in fields:
            continue
        # What stands behind the key, or the list on the lines below it.
        behind = found.span(2)
        written = _COMMENT.sub(b"", octets[behind[0] : behind[1]])
        if written.strip():
            begins = written.lstrip().startswith(b"[")
            spans = [each.span() for each in _ENTRY.finditer(written)] if begins else []
            for begin, end in spans or [(0, len(written))]:
                yield from _plain(field, written[begin:end], shift + behind[0] + begin)
            continue
        at = found.end()
        while (listed := _LISTED.match(octets, at)) is not None:
            yield from _plain(field, _COMMENT.sub(b"", listed[1]), shift + listed.start(1))
            at = listed.end()


def _plain(field: str, written: bytes, at: int) -> Iterator[_Entry]:
    raw = written.strip()
    begin = at + len(written) - len(written.lstrip())
    value = text(raw.strip(b"\"'")).strip()
    if value not in _NULLS:
        yield _Entry(field, begin, begin + len(raw), value)


def over_cap(source: str, why: str) -> Note:
    """The note of a card that was not read to its end."""
    return Note(
        code="dataset-card-over-cap",
        severity=Severity.WARNING,
        summary=f"the dataset card {source} was not read whole: {why}; it may hold a licence there",
        clause="rule R39",
    )


def broken(source: str, why: str) -> Note:
    """The note of a card that is not what it should be."""
    return Note(
        code="dataset-card-broken",
        severity=Severity.WARNING,
        summary=f"the dataset card {source} cannot be read as it should be: {why}",
        clause="rule R11",
    )
