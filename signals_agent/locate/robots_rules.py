"""Where declarations stand in a robots.txt, and which of them reach a target (R13b to R14)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from signals_agent.family import Listen
from signals_agent.locate.found import UNREAD, located, text
from signals_agent.model.declaration import Located, Reach, Scope
from signals_agent.model.note import Note, Severity
from signals_agent.model.position import LinePosition
from signals_agent.robots import groups, rules
from signals_agent.robots.groups import EVERYONE, Group, Reading
from signals_agent.robots.parse import Record, RobotsFile

CARRIER = "robots-txt"

MAX_SITE_WIDE = 100
"""Different ones of one kind of site-wide record that are given for one asset (rule R39)."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the lines in hand come from, and for whom they are read."""

    source: str
    capture_id: str
    bucket: str
    token: str | None
    restrict_only: bool
    literal: bool


@dataclass(slots=True)
class _Given:
    """What was given of one family's site-wide records, so that nothing is given twice."""

    said: set[tuple[str, bytes]]
    over: bool = False


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
    group, or where their path matches, and stand once.

    A site-wide record (RSL's ``License``) says in its details at which ``level`` it stands:
    ``group``, or ``global`` before the first group, where it counts in full, and, only to
    restrict, in any other group after a blank or Sitemap line (rule R13d). Both levels are
    given: that the group's go before the global ones is the family's to know (rule R18), for
    each bucket by itself. Of those that say the same at one level the first is given; after
    ``MAX_SITE_WIDE`` one more stands for the rest and says that it was not read. Of an
    earlier hop they also say in their details about which ``target`` of it they are asked.

    ``hop`` says that the file is that
    of an earlier hop: its lines only restrict (rule R16). Nothing of a hop, of another
    token (``other_token``, rule R31), of the second reading or before the first group
    (rule R13d) counts for the literal answer (rule R22).
    """
    spoken = [(family, listen) for family, listen in listens if _spoken_of(file, listen)]
    if not spoken:
        return []
    units: list[tuple[Located, ...]] = []
    seen: set[tuple[str, int]] = set()
    site_wide: dict[tuple[str, str], _Given] = {}
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
        for family, listen in spoken:
            if listen.site_wide:
                given = site_wide.setdefault((family, listen.field), _Given(set()))
                asked = (("target", text(target)),) if hop else ()
                units += _site_wide(file, group, own, family, listen, given, asked)
                continue
            for lines, place in parts:
                for found in _located(lines, target, family, listen, place):
                    position = found.declaration.position
                    line = position.line if isinstance(position, LinePosition) else 0
                    if not listen.rule and (family, line) in seen:
                        continue
                    seen.add((family, line))
                    units.append((found,))
    return units


def unread_notes(units: Sequence[tuple[Located, ...]]) -> tuple[Note, ...]:
    """The notes that there were more records in a robots.txt than are read (rule R39)."""
    unread = dict.fromkeys(
        (found.declaration.id, found.declaration.source, found.declaration.position, found.field)
        for unit in units
        for found in unit
        if found.detail(UNREAD)
    )
    return tuple(
        Note(
            code="robots-records-over-cap",
            severity=Severity.WARNING,
            summary=(
                f"{source} holds more different {field.capitalize()} lines for one asset than "
                "are read; what the others say counts as not known"
            ),
            clause="rule R39",
            because=(declaration,),
            position=position,
        )
        for declaration, source, position, field in unread
    )


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


def _site_wide(
    file: RobotsFile,
    group: Group,
    own: _Place,
    family: str,
    listen: Listen,
    given: _Given,
    asked: tuple[tuple[str, str], ...],
) -> Iterator[tuple[Located, ...]]:
    """The group's own records, and those that count for the whole site (rules R13d, R18)."""
    everywhere = replace(own, token=None, literal=False)
    ours = _kept(group, listen)
    held = {record.line for record in ours}
    loose = [record for key in _keys(listen) for record in groups.loose(file, key)]
    loose = sorted((each for each in loose if each.line not in held), key=lambda each: each.line)
    for records, place, level in (
        (ours, own, "group"),
        (_kept(_before_any_group(file), listen), everywhere, "global"),
        (loose, replace(everywhere, restrict_only=True), "global"),
    ):
        for record in records:
            if given.over:
                return
            said = (level, record.value)
            if said in given.said:
                continue
            given.over = len(given.said) == MAX_SITE_WIDE
            given.said.add(said)
            made = _made((0, b"", record, record.value), family, listen, place)
            made = replace(made, details=(("level", level), *asked))
            if given.over:
                why = f"more than {MAX_SITE_WIDE} different {listen.field.capitalize()} lines"
                made = replace(made, value=b"", details=(*made.details, (UNREAD, why)))
            yield (made,)


def _kept(group: Group, listen: Listen) -> tuple[Record, ...]:
    """The group's records of the listened keys; worked out once for each group."""
    keys = _keys(listen)
    kept: tuple[Record, ...] | None = group.memo.get(("records", keys))
    if kept is None:
        kept = group.memo["records", keys] = tuple(_of(group, listen))
    return kept


def _located(
    group: Group, target: bytes, family: str, listen: Listen, place: _Place
) -> Iterator[Located]:
    for match in _matching(group, target, listen):
        yield _made(match, family, listen, place)


def _made(match: rules.Match, family: str, listen: Listen, place: _Place) -> Located:
    length, path, record, value = match
    return located(
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
