"""Spawning's ai.txt: the lines of a robots.txt, said of training in place of fetching."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from signals_agent import quote
from signals_agent.family import Context, Listen, SiteFile
from signals_agent.model.declaration import Located, Scope
from signals_agent.model.ids import identify
from signals_agent.model.note import Note, Severity
from signals_agent.model.position import LinePosition
from signals_agent.model.statement import (
    Answer,
    Preference,
    Reading,
    Settled,
    Statement,
    prevailing,
)
from signals_agent.model.use import Use
from signals_agent.robots import groups, match
from signals_agent.robots.groups import EVERYONE, Group
from signals_agent.robots.keys import trimmed
from signals_agent.robots.parse import FileKind, Record, RobotsFile, parse_cached
from signals_agent.robots.rules import RuleIndex
from signals_agent.salvage import NO

_GOVERNED: Final = (Use.TRAIN_GENERATIVE, Use.TRAIN_OTHER)
_RULES: Final = ("allow", "disallow")

# What other formats of the same name call a refusal of training, and whom it is said to:
# draft-car-ai-txt-wellknown, and what is met in files. Only refusals are taken from them.
_PATH_REFUSED: Final = ("disallow-training", "training-deny")
_ELSEWHERE: Final = (b"agent", b"training", b"training-deny", b"disallow-training")
_SITE: Final = b"/"

# "*.jpg", the way in which the file's generator names a type of file. "/.git" is a path.
_TYPE: Final = re.compile(rb"(?:/?\*+)?\.([A-Za-z0-9]+)")
_LIST: Final = re.compile(rb"[\s,;]+")
_ENDINGS: Final = re.compile(rb"\.([A-Za-z0-9]+)")


@dataclass(frozen=True, slots=True)
class _Rule:
    """A line that allows or refuses: ``length`` plays for the longest match (rule R13b)."""

    record: Record
    length: int
    refuses: bool
    salvaged: bool


@dataclass(slots=True)
class _Rules:
    """The rules of one group, so that an asset is not compared with each of them."""

    paths: RuleIndex[_Rule]
    types: dict[bytes, list[_Rule]] = field(default_factory=dict)

    def deciding(self, target: bytes) -> _Rule | None:
        """The longest rule that matches; of equal ones a refusal, and the first of these."""
        heard = [rule for _, rule in self.paths.matching(target)]
        for ending in {found.lower() for found in _ENDINGS.findall(target)}:
            heard += [rule for rule in self.types.get(ending, ()) if rule.refuses]
        heard += [rule for rule in self.types.get(_type(target), ()) if not rule.refuses]
        return max(heard, key=_weight, default=None)


@dataclass(frozen=True, slots=True)
class AiTxt:
    """ai.txt: a Disallow whose path or file type is the asset's reserves training."""

    name: str = "ai-txt"
    title: str = "ai.txt (Spawning)"
    specification: str = "https://site.spawning.ai/spawning-ai-txt"
    version: str = "2023-05-30"
    listens: tuple[Listen, ...] = ()
    site_files: tuple[SiteFile, ...] = (
        SiteFile("/ai.txt", "text", sources="extended", governs=_GOVERNED),
    )
    codes: tuple[str, ...] = (
        "ai-txt-allow-says-nothing",
        "ai-txt-not-text",
        "ai-txt-not-this-form",
        "ai-txt-over-cap",
        "ai-txt-salvaged",
    )

    def read(self, unit: tuple[Located, ...], context: Context) -> Reading:
        """The lines that decide for this asset; of another's groups nothing (rule R13a)."""
        whole = unit[0]
        file = _in_one_form(parse_cached(whole.value))
        if file.kind is FileKind.BINARY:
            return _in_the_dark(whole, "ai-txt-not-text", "the file is not text", "rule R15")
        if file.kind is not FileKind.ROBOTS:
            return Reading()  # a page in place of the file declares nothing (rule R15)
        if not file.truncated and not any(_is_of_this_form(one) for one in file.records):
            return _unlike(whole)
        readings = [_ruled(whole, *decided) for decided in _decided(file, context)]
        refused = [one for one in readings if one.statements[0].answers]
        if file.truncated:
            summary = "the file is over the cap: the lines behind it were not read"
            if not refused:
                return _in_the_dark(whole, "ai-txt-over-cap", summary, "rule R39")
            refused.append(_noted(refused[0].statements[0], "ai-txt-over-cap", summary, "rule R39"))
            readings = refused
        return Reading(
            tuple(statement for one in readings for statement in one.statements),
            tuple(note for one in readings for note in one.notes),
        )

    def settle(self, statements: Sequence[Statement], context: Context) -> Settled:
        """What one of our tokens is refused is refused; the rest may be in the dark (R18)."""
        ordered = sorted(statements, key=lambda one: one.declarations[0].id)
        answers = prevailing(answer for one in ordered for answer in one.answers)
        refused = {answer.use for answer in answers}
        dark: dict[Use, dict[str, None]] = {}
        for statement in ordered:
            for use in statement.unreadable:
                if use not in refused:
                    dark.setdefault(use, {})[statement.declarations[0].id] = None
        return Settled(
            family=self.name,
            answers=answers,
            unreadable=tuple((use, tuple(dark[use])) for use in Use if use in dark),
        )

    def write(self, statement: Statement) -> bytes | None:
        """The file that refuses training where the statement's path pattern matches.

        ``None`` where the statement says anything else, for a file of this form can say
        no more, and where a comment would cut its pattern.
        """
        said = {(answer.use, answer.preference, answer.terms) for answer in statement.answers}
        if said != {(use, Preference.DISALLOW, ()) for use in _GOVERNED}:
            return None
        scope = statement.declarations[0].scope.path or "/"
        written = scope.encode("utf-8", "replace")
        path = written if _types(written, refuses=True) else match.normalise(written)
        return None if b"#" in path else b"User-Agent: *\nDisallow: " + path + b"\n"


AI_TXT: Final = AiTxt()


def _in_one_form(file: RobotsFile) -> RobotsFile:
    """The file with the refusals of other formats as lines of this one; kept with it."""
    kept: RobotsFile | None = file.memo.get("ai.txt in one form")
    if kept is None:
        records = tuple(_translated(record) for record in file.records)
        kept = file if records == file.records else replace(file, records=records)
        file.memo["ai.txt in one form"] = kept
    return kept


def _translated(record: Record) -> Record:
    """The line as one of this form, where another format's says the same (rule R11)."""
    value = record.value.lower()
    if record.key == "agent":
        return replace(record, key="user-agent")
    if record.key in _PATH_REFUSED and value.startswith((b"/", b"*")):
        return replace(record, key="disallow")
    if (
        (record.key == "training" and value.decode("latin-1") in NO)
        or (record.key == "disallow-training" and value in (b"true", b"yes"))
        or (record.key == "disallow" and value == b"training")
    ):
        return replace(record, key="disallow", value=_SITE)
    if record.key == "training" and value == b"allow":
        return replace(record, key="allow", value=_SITE)
    return record


def _is_of_this_form(record: Record) -> bool:
    if record.key == "disallow":
        return True
    return record.key in ("user-agent", "allow") and not _of_another_form(record)


def _decided(file: RobotsFile, context: Context) -> list[tuple[_Rule, str, bool]]:
    """The rules that decide, each once, with whom they name and whether a group holds them.

    Each token is read for itself, so that what any of them is refused is refused (rule
    R31). Rules before any group count as everyone's, and only refuse (rule R13d).
    """
    found: dict[int, tuple[_Rule, str, bool]] = {}
    before = _before_any_group(file)
    for token in context.tokens or (EVERYONE,):
        group = groups.choose(file, (token,), groups.Reading.LEGACY)
        rule = _rules(group).deciding(context.target)
        if rule is not None:
            found.setdefault(rule.record.line, (rule, group.tokens[0], True))
        orphan = None if group.named else _rules(before).deciding(context.target)
        if orphan is not None and orphan.refuses:
            found.setdefault(orphan.record.line, (orphan, EVERYONE, False))
    return [found[line] for line in sorted(found)]


def _before_any_group(file: RobotsFile) -> Group:
    group: Group | None = file.memo.get("ai.txt before any group")
    if group is None:
        group = Group((EVERYONE,), named=False, records=groups.orphans(file))
        file.memo["ai.txt before any group"] = group
    return group


def _rules(group: Group) -> _Rules:
    """The rules of a group, kept with it."""
    kept: _Rules | None = group.memo.get("ai.txt")
    if kept is None:
        kept = group.memo["ai.txt"] = _indexed(group.records)
    return kept


def _indexed(records: Iterable[Record]) -> _Rules:
    paths: list[tuple[match.Pattern, _Rule]] = []
    types: dict[bytes, dict[bool, _Rule]] = {}
    for record in records:
        if record.key not in _RULES or not record.value:
            continue  # an empty Disallow refuses nothing (RFC 9309 2.2.2)
        refuses = record.key == "disallow"
        plain = record.value.startswith((b"/", b"*"))
        if not plain and not refuses:
            continue  # by the letter it matches nothing, and only a refusal is salvaged
        salvaged = not plain or _of_another_form(record)
        named = _types(record.value, refuses=refuses)
        salvaged |= len(named) > 1
        for kind, length in named.items():
            rule = _Rule(record, length, refuses, salvaged)
            same = types.setdefault(kind, {})
            same[refuses] = max(same.get(refuses, rule), rule, key=_weight)
        if not named:
            compiled = match.pattern(record.value if plain else b"/" + record.value)
            paths.append((compiled, _Rule(record, compiled.length, refuses, salvaged)))
    return _Rules(RuleIndex(paths), {each: list(rules.values()) for each, rules in types.items()})


def _types(value: bytes, *, refuses: bool) -> dict[bytes, int]:
    """The file types that a value names, with their length; a refusal may list several."""
    pieces = [each for each in _LIST.split(value) if each] if refuses else [value]
    found = [_TYPE.fullmatch(each) for each in pieces]
    if not all(found):
        return {}
    return {each[1].lower(): len(each[0]) for each in found if each is not None}


def _of_another_form(record: Record) -> bool:
    if record.key_as_written.lower() in _ELSEWHERE:
        return True
    return record.value == _SITE and _SITE not in record.octets.partition(b"#")[0]


def _weight(rule: _Rule) -> tuple[int, bool, int]:
    return rule.length, rule.refuses, -rule.record.line


def _type(target: bytes) -> bytes:
    """The file type that the path ends with, lower-case; empty where it has none."""
    segment = target.partition(b"?")[0].rpartition(b"/")[2]
    return segment.rpartition(b".")[2].lower() if b"." in segment else b""


def _ruled(whole: Located, rule: _Rule, token: str, grouped: bool) -> Reading:
    """A line as a declaration of its own, and what it says."""
    record, source = rule.record, whole.declaration
    written = record.octets.partition(b"#")[0]
    value = trimmed(written)
    position = LinePosition(record.line, written.find(value) + 1)
    place = f"line {position.line} column {position.column}"
    declaration = replace(
        source,
        id=identify("dec", source.family, source.carrier, source.source, place, record.octets),
        position=position,
        expression=value.decode("utf-8", "replace"),
        octets=record.octets,
        scope=Scope(token=token, path=record.value.decode("utf-8", "replace")),
    )
    because = (declaration.id,)
    statement = Statement(
        family=source.family,
        unit=(replace(whole, declaration=declaration, value=value),),
        declarations=(declaration,),
        answers=tuple(Answer(use, Preference.DISALLOW, (), because) for use in _GOVERNED)
        if rule.refuses
        else (),
    )
    if not rule.refuses:
        summary = "the line takes a Disallow back where it is longer, and is no permission to train"
        said = (("ai-txt-allow-says-nothing", Severity.INFO, summary, "rule R18"),)
    elif not grouped:
        summary = "the line stands before any User-agent; read as everyone's"
        said = (("ai-txt-salvaged", Severity.WARNING, summary, "rule R13d"),)
    elif rule.salvaged:
        shown = quote.text(record.value, 100)
        summary = f"a path begins with / and a file type with *; read as a refusal: {shown}"
        if _of_another_form(record):
            shown = quote.text(value, 100)
            summary = f"a line of another format of this name; read as a refusal: {shown}"
        said = (("ai-txt-salvaged", Severity.WARNING, summary, "rule R11"),)
    else:
        return Reading((statement,))
    return Reading((statement,), tuple(Note(*one, because, position) for one in said))


def _noted(statement: Statement, code: str, summary: str, clause: str) -> Reading:
    one = statement.declarations[0]
    return Reading((), (Note(code, Severity.WARNING, summary, clause, (one.id,), one.position),))


def _in_the_dark(whole: Located, code: str, summary: str, clause: str) -> Reading:
    """The file as a whole, which governs training and was not read (rules R15a, R27)."""
    declared = (whole.declaration,)
    statement = Statement(whole.declaration.family, (whole,), declared, unreadable=_GOVERNED)
    return Reading((statement,), _noted(statement, code, summary, clause).notes)


def _unlike(whole: Located) -> Reading:
    """Another format of the same name: it is kept as evidence, and says nothing here."""
    summary = "no line of the file is of Spawning's form; several formats go by this name"
    statement = Statement(whole.declaration.family, (whole,), (whole.declaration,))
    return Reading(
        (statement,), _noted(statement, "ai-txt-not-this-form", summary, "rule R15a").notes
    )
