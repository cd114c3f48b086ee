"""The assertion on training and data mining that a C2PA manifest holds (CAWG, once C2PA)."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from signals_agent import quote
from signals_agent.family import Context, Listen, SiteFile
from signals_agent.limits import MAX_EXPRESSION
from signals_agent.model.declaration import Located
from signals_agent.model.note import Note, Severity
from signals_agent.model.obligation import ObligationKind, Term
from signals_agent.model.statement import (
    Answer,
    Preference,
    Reading,
    Settled,
    Statement,
    prevailing,
)
from signals_agent.model.use import USES, Use
from signals_agent.syntax import json_values
from signals_agent.syntax.json_values import Pairs

FIELD: Final = "cawg.training-mining"
SIGNAL: Final = "cawg:constrained"
ENTRIES: Final[Mapping[str, Use]] = {
    "ai_generative_training": Use.TRAIN_GENERATIVE,
    "ai_training": Use.TRAIN_OTHER,
    "ai_inference": Use.MODEL_INPUT,
    "data_mining": Use.OTHER_ANALYSIS,
}
"""Which use each entry is about, by its name behind ``cawg.`` or ``c2pa.``."""

GOVERNED: Final = tuple(ENTRIES.values())
"""The uses that an assertion may speak of."""

_MINING: Final = "data_mining"
_ALLOW, _DISALLOW, _CONDITIONAL = Preference.ALLOW, Preference.DISALLOW, Preference.CONDITIONAL
_PREFERENCES: Final = {
    "allowed": _ALLOW,
    "notAllowed": _DISALLOW,
    "constrained": _CONDITIONAL,
}
_SQUASHED: Final = {key.lower(): key for key in _PREFERENCES}
_NAME: Final = re.compile(r"(?:cawg|c2pa)\.([a-z_]+)")
_INFO: Final = ("constraint_info", "constraints_info")
_WEB: Final = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_ASKED: Final = "The file says that this is constrained: read by what, and ask for permission."
_SAYS: Final = " It says: "
_SHOWN: Final = 500


@dataclass(frozen=True, slots=True)
class Cawg:
    """Training and data mining: of several assertions the most restrictive, for each use."""

    name: str = "cawg"
    title: str = "CAWG training and data mining (C2PA)"
    specification: str = "https://cawg.io/training-and-data-mining/1.1/"
    version: str = "1.1"
    listens: tuple[Listen, ...] = (Listen("embedded", FIELD),)
    site_files: tuple[SiteFile, ...] = ()
    codes: tuple[str, ...] = (
        "cawg-allow-ignored",
        "cawg-assertions-disagree",
        "cawg-no-constraints",
        "cawg-over-cap",
        "cawg-spelling",
        "cawg-unknown-entry",
        "cawg-unknown-use",
        "cawg-unparsable",
        "cawg-unread",
        "cawg-unverified",
    )

    def read(self, unit: tuple[Located, ...], context: Context) -> Reading:
        """Read each assertion, which is JSON by now, as a statement of its own."""
        readings = [_Reader(one) for one in unit]
        return Reading(
            tuple(each.statement() for each in readings),
            tuple(note for each in readings for note in each.notes),
        )

    def settle(self, statements: Sequence[Statement], context: Context) -> Settled:
        """The most restrictive of all that is said; what is refused is in no dark (rule R18)."""
        ordered = sorted(statements, key=_order)
        notes: list[Note] = []
        counting: list[Statement] = []
        kept: list[Answer] = []
        for statement in ordered:
            answers = statement.answers
            if statement.unit[0].reach.restrict_only:
                answers = tuple(one for one in answers if one.preference is not _ALLOW)
            kept += answers
            if len(answers) < len(statement.answers):
                notes.append(_allow_ignored(statement))
            elif answers:
                counting.append(statement)
        if len({_said(statement) for statement in counting}) > 1:
            notes.append(_disagree(counting))
        settled = prevailing(kept)
        refused = {answer.use for answer in settled if answer.preference is _DISALLOW}
        dark: dict[Use, dict[str, None]] = {}
        for statement in ordered:
            for use in statement.unreadable:
                if use not in refused:
                    dark.setdefault(use, {})[statement.declarations[0].id] = None
        return Settled(
            family=self.name,
            answers=settled,
            unreadable=tuple((use, tuple(dark[use])) for use in USES if use in dark),
            notes=tuple(notes),
        )

    def write(self, statement: Statement) -> bytes | None:
        """The assertion as JSON that reads back to these answers; ``None`` where none does."""
        entries = {}
        for name, use in ENTRIES.items():
            for answer in statement.answers:
                if answer.use is use:
                    entries[f"cawg.{name}"] = _entry(answer)
        written = json.dumps({"entries": entries}, ensure_ascii=False, separators=(",", ":"))
        again = _Reader(statement.unit[0], written.encode()).statement()
        same = _said(again, terms=True) == _said(statement, terms=True)
        return written.encode() if same and entries else None


CAWG: Final = Cawg()


@dataclass(slots=True)
class _Reader:
    """What one assertion says, and what is to be noted of it."""

    one: Located
    octets: bytes | None = None
    notes: list[Note] = field(default_factory=list)

    def statement(self) -> Statement:
        declaration = self.one.declaration
        answers: list[Answer] = []
        dark: set[Use] = set()
        members = self._members()
        if members is None:
            dark.update(GOVERNED)
        for name, value in members or ():
            known = _NAME.fullmatch(name)
            if known is None or known[1] not in ENTRIES:
                summary = f"an entry that is not known says nothing of our uses: {_shown(name)}"
                self._note("cawg-unknown-entry", Severity.WARNING, summary, "rule R11")
                continue
            entry = known[1]
            # Whoever mines for nothing else may still train: it is any automated analysis.
            wide = GOVERNED if entry == _MINING else ()
            read = self._preference(name, value)
            if read is None:
                dark.update((ENTRIES[entry], *wide))
                continue
            preference, terms = read
            uses = dict.fromkeys((ENTRIES[entry], *(wide if preference is not _ALLOW else ())))
            answers += (Answer(use, preference, terms, (declaration.id,)) for use in uses)
        return Statement(
            family=CAWG.name,
            unit=(self.one,),
            declarations=(declaration,),
            answers=prevailing(answers),
            unreadable=tuple(use for use in USES if use in dark),
        )

    def _members(self) -> Iterable[tuple[str, Any]] | None:
        """The entries in their order, repeated ones included; ``None`` where they are not read."""
        octets = self.one.value if self.octets is None else self.octets
        if why := self.one.detail("unread") if self.octets is None else "":
            summary = f"a manifest that may speak of training and mining was not read: {why}"
            self._note("cawg-unread", Severity.WARNING, summary, "rule R39")
            return None
        if len(octets) > MAX_EXPRESSION:
            summary = f"it is longer than the {MAX_EXPRESSION} octets that are read"
            self._note("cawg-over-cap", Severity.ERROR, summary, "rule R39")
            return None
        found: list[tuple[str, Any]] = []
        for entries in _entries(octets):
            if not isinstance(entries, Pairs):
                summary = f"no assertion with a map of entries: {_shown(octets)}"
                self._note("cawg-unparsable", Severity.ERROR, summary, "rule R27")
                return None
            found += entries
        return found

    def _preference(self, name: str, value: Any) -> tuple[Preference, tuple[Term, ...]] | None:
        """What an entry says, and on which terms; ``None`` where that is not understood."""
        said = value.named("use") if isinstance(value, Pairs) else []
        word = said[0] if len(said) == 1 and isinstance(said[0], str) else ""
        key = _SQUASHED.get(re.sub(r"[\s_-]", "", word).lower())
        if key is None:
            summary = f"what {_shown(name)} says of its use is not known: {_shown(word)}"
            self._note("cawg-unknown-use", Severity.ERROR, summary, "rule R27")
            return None
        if key != word:
            summary = f"not as the specification spells it; read as {key}: {_shown(word)}"
            self._note("cawg-spelling", Severity.INFO, summary, "rule R11")
        if key == "allowed":
            summary = f"{_shown(name)} is allowed by a manifest whose signature was not verified"
            self._note("cawg-unverified", Severity.INFO, summary, "rule R19")
            return _ALLOW, ()
        if key == "notAllowed":
            return _DISALLOW, ()
        info = [each for name in _INFO for each in value.named(name) if isinstance(each, str)]
        words = "; ".join(dict.fromkeys(each.strip() for each in info if each.strip()))
        if not words:
            summary = f"{_shown(name)} is constrained by nothing that is said: not allowed"
            self._note("cawg-no-constraints", Severity.WARNING, summary, "rule R18")
            return _DISALLOW, ()
        return _CONDITIONAL, (_term(words),)

    def _note(self, code: str, severity: Severity, summary: str, clause: str) -> None:
        declaration = self.one.declaration
        because = (declaration.id,)
        note = Note(code, severity, summary, clause, because, declaration.position)
        if note not in self.notes:
            self.notes.append(note)


def _entries(octets: bytes) -> Iterator[Any]:
    """The value of each ``entries`` of an assertion; ``None`` once where there is none."""
    text = json_values.decode(octets)
    try:
        value = json_values.parse(text.text).value if text.clean else None
    except ValueError:
        value = None
    named = value.named("entries") if isinstance(value, Pairs) else []
    yield from named or [None]


def _term(words: str) -> Term:
    """Permission, by the words of the file and at the first address among them."""
    tidy = _WEB.sub(lambda found: quote.without_userinfo(found[0]), words)
    address = _WEB.search(tidy)
    return Term(
        kind=ObligationKind.PERMISSION,
        signal=SIGNAL,
        text=f"{_ASKED}{_SAYS}{quote.text(tidy, _SHOWN)}",
        terms_url=address[0] if address else None,
    )


def _entry(answer: Answer) -> dict[str, str]:
    use = next(key for key, said in _PREFERENCES.items() if said is answer.preference)
    words = [term.text.partition(_SAYS)[2] for term in answer.terms]
    return {"use": use} | ({"constraint_info": "; ".join(words)} if words else {})


def _shown(value: str | bytes) -> str:
    return quote.text(value, 100)


def _order(statement: Statement) -> tuple[str, int, str]:
    first = statement.declarations[0]
    return first.source, statement.unit[0].reach.index, first.id


def _said(statement: Statement, *, terms: bool = False) -> frozenset[tuple[object, ...]]:
    return frozenset(
        (answer.use, answer.preference, answer.terms if terms else ())
        for answer in statement.answers
    )


def _allow_ignored(statement: Statement) -> Note:
    declaration = statement.declarations[0]
    return Note(
        code="cawg-allow-ignored",
        severity=Severity.INFO,
        summary="it is about a part of the asset, or a source of it, and counts only to restrict",
        clause="rule R36",
        because=(declaration.id,),
        position=declaration.position,
    )


def _disagree(statements: Sequence[Statement]) -> Note:
    return Note(
        code="cawg-assertions-disagree",
        severity=Severity.WARNING,
        summary="the assertions of one asset differ; the most restrictive counts",
        clause="rule R18",
        because=tuple(statement.declarations[0].id for statement in statements),
    )
