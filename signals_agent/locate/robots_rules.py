"""Where declarations stand in a robots.txt, and which of them reach a target (R13b to R14)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from signals_agent.family import Listen
from signals_agent.locate.found import located, text
from signals_agent.model.declaration import Located, Reach, Scope
from signals_agent.model.note import Note, Severity
from signals_agent.model.position import LinePosition
from signals_agent.robots import groups, rules
from signals_agent.robots.groups import EVERYONE, Group, Reading
from signals_agent.robots.parse import Record, RobotsFile

CARRIER = "robots-txt"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the lines in hand come from, and for whom they are read."""

    source: str
    capture_id: str
    bucket: str
    token: str | None
    restrict_only: bool
    literal: bool


def locate(
    file: RobotsFile,
    tokens: tuple[str, ...],
    *,
    source: str,
    capture_id: str,
    target: bytes,
    listens: Sequence[tuple[str, Listen]],
    hop: bool = False,
    other_token: bool = False,
) -> list[tuple[Located, ...]]:
    """The lines that speak to these tokens about a target, each a unit of its own.

    ``target`` comes from ``robots.match.target``. Rules (Content-Usage) keep the length
    of their pattern, and a bucket that names source, tokens and reading, for longest
    match is played among those; where a reader unaware of Content-Usage has other lines
    for us, its reading is a second bucket (rule R14). Other records hold for the whole
    group, or where their path matches, and stand once. ``hop`` says that the file is that
    of an earlier hop: its lines only restrict (rule R16). Nothing of a hop, of another
    token (``other_token``, rule R31), of the second reading or before the first group
    (rule R13d) counts for the literal answer (rule R22).
    """
    if not any(_spoken_of(file, listen) for _, listen in listens):
        return []
    units: list[tuple[Located, ...]] = []
    seen: set[tuple[str, int]] = set()
    readings = groups.both(file, tokens)
    for reading, group in zip(Reading, readings, strict=True):
        if reading is Reading.LEGACY and group is readings[0]:
            break
        # One longest match for each hop: its rules are about its own path.
        about = target.hex() if hop else ""
        bucket = f"{source} {' '.join(tokens)} {reading} {about}"
        literal = reading is Reading.AIPREF and not hop and not other_token
        token = text(group.tokens[0].encode("utf-8", "replace")) if group.tokens else None
        own = _Place(source, capture_id, bucket, token, hop, literal)
        parts = [(group, own)]
        if not group.named and (before := _before_any_group(file)).records:
            parts.append(
                (
                    before,
                    _Place(source, capture_id, bucket, None, restrict_only=True, literal=False),
                )
            )
        for family, listen in listens:
            for lines, place in parts:
                for found in _located(lines, target, family, listen, place):
                    position = found.declaration.position
                    line = position.line if isinstance(position, LinePosition) else 0
                    if not listen.rule and (family, line) in seen:
                        continue
                    seen.add((family, line))
                    units.append((found,))
    return units


def hop_notes(units: Sequence[tuple[Located, ...]]) -> tuple[Note, ...]:
    """The note that an earlier hop's robots.txt speaks about use, where it does (rule R16)."""
    ids = dict.fromkeys(found.declaration.id for unit in units for found in unit)
    if not ids:
        return ()
    return (
        Note(
            code="redirect-hop-preference",
            severity=Severity.INFO,
            summary=(
                "the robots.txt of an address that redirected here speaks about use; "
                "what it restricts counts"
            ),
            clause="rule R16",
            because=tuple(ids),
        ),
    )


def _keys(listen: Listen) -> tuple[str, ...]:
    return (listen.field, *listen.aliases)


def _spoken_of(file: RobotsFile, listen: Listen) -> bool:
    """Whether the file holds such a record at all; most files hold none."""
    present: frozenset[str] | None = file.memo.get("keys")
    if present is None:
        present = file.memo["keys"] = frozenset(record.key for record in file.records)
    return not present.isdisjoint(_keys(listen))


def _before_any_group(file: RobotsFile) -> Group:
    """The lines before any User-agent line, which count as everyone's (rule R13d)."""
    group: Group | None = file.memo.get("before any group")
    if group is None:
        group = Group((EVERYONE,), named=False, records=groups.orphans(file))
        file.memo["before any group"] = group
    return group


def _located(
    group: Group, target: bytes, family: str, listen: Listen, place: _Place
) -> Iterator[Located]:
    for length, path, record, value in _matching(group, target, listen):
        yield located(
            family=family,
            carrier=CARRIER,
            source=place.source,
            capture_id=place.capture_id,
            position=LinePosition(record.line, record.column + len(record.value) - len(value)),
            octets=record.octets,
            value=value,
            field=listen.field,
            reach=Reach(
                bucket=place.bucket,
                length=length,
                restrict_only=place.restrict_only,
                literal=place.literal,
                index=record.line,
            ),
            scope=Scope(token=place.token, path=text(path) if path else None),
        )


def _matching(group: Group, target: bytes, listen: Listen) -> list[rules.Match]:
    """Records of the listened keys in file order, where they have a path only the matching."""
    if listen.path:
        found = [match for key in _keys(listen) for match in rules.matching(group, key, target)]
    else:
        found = [(0, b"", record, record.value) for record in _of(group, listen)]
    found.sort(key=lambda match: match[2].line)
    return found


def _of(group: Group, listen: Listen) -> Iterator[Record]:
    keys = _keys(listen)
    return (record for record in group.records if record.key in keys)
