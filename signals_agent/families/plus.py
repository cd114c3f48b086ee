"""The PLUS property Data Mining, as IPTC has it in the metadata of photographs."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from signals_agent import quote
from signals_agent.family import Context, Listen, SiteFile
from signals_agent.limits import MAX_EXPRESSION
from signals_agent.model.declaration import Declaration, Located
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

_CARRIER: Final = "embedded"
_MINING: Final = "plus:DataMining"
_CONSTRAINTS: Final = "plus:OtherConstraints"
_LINKED: Final = "Iptc4xmpExt:LinkedEncRightsExpr"
_EMBEDDED: Final = "Iptc4xmpExt:EmbdEncRightsExpr"
VOCABULARY: Final = "http://ns.useplus.org/ldf/vocab/"
"""What the key of a value stands behind, in its URI."""

_ALLOW, _DISALLOW, _CONDITIONAL = Preference.ALLOW, Preference.DISALLOW, Preference.CONDITIONAL
_TRAINING: Final = (Use.TRAIN_GENERATIVE, Use.TRAIN_OTHER)
KEYS: Final[Mapping[str, Mapping[Use, Preference]]] = {
    "DMI-UNSPECIFIED": {},
    "DMI-ALLOWED": dict.fromkeys(USES, _ALLOW),
    "DMI-PROHIBITED-AIMLTRAINING": dict.fromkeys(_TRAINING, _DISALLOW),
    "DMI-PROHIBITED-GENAIMLTRAINING": {Use.TRAIN_GENERATIVE: _DISALLOW},
    "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING": {
        use: _ALLOW if use is Use.SEARCH else _DISALLOW for use in USES
    },
    "DMI-PROHIBITED": dict.fromkeys(USES, _DISALLOW),
    "DMI-PROHIBITED-SEECONSTRAINT": dict.fromkeys(USES, _CONDITIONAL),
    "DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR": dict.fromkeys(USES, _CONDITIONAL),
    "DMI-PROHIBITED-SEELINKEDRIGHTSEXPR": dict.fromkeys(USES, _CONDITIONAL),
}
"""What each value of the vocabulary answers (rules, section 3)."""

# What the values are called, where that is written in place of them; letters and digits only.
_CALLED: Final = {
    "unspecifiednoprohibitiondefined": "DMI-UNSPECIFIED",
    "prohibitedforaimltraining": "DMI-PROHIBITED-AIMLTRAINING",
    "prohibitedforgenerativeaimltraining": "DMI-PROHIBITED-GENAIMLTRAINING",
    "prohibitedforgenaimltraining": "DMI-PROHIBITED-GENAIMLTRAINING",
    "prohibitedexceptforsearchengineindexing": "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING",
    "prohibitedseeconstraints": "DMI-PROHIBITED-SEECONSTRAINT",
    "prohibitedseeotherconstraints": "DMI-PROHIBITED-SEECONSTRAINT",
    "prohibitedseeotherconstraintsproperty": "DMI-PROHIBITED-SEECONSTRAINT",
    "prohibitedseeplusotherconstraints": "DMI-PROHIBITED-SEECONSTRAINT",
    "prohibitedseeembeddedencodedrightsexpressionproperty": "DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR",
    "prohibitedseeiptcextembdencrightsexpr": "DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR",
    "prohibitedseelinkedencodedrightsexpressionproperty": "DMI-PROHIBITED-SEELINKEDRIGHTSEXPR",
    "prohibitedseeiptcextlinkedencrightsexpr": "DMI-PROHIBITED-SEELINKEDRIGHTSEXPR",
}
_SQUASHED: Final = (
    {re.sub("[^a-z]", "", key.lower()): key for key in KEYS}
    | {re.sub("[^a-z]", "", key.lower().removeprefix("dmi-")): key for key in KEYS}
    | _CALLED
)
_URI: Final = re.compile(r"https?://(?:www\.)?ns\.useplus\.org/ldf/vocab[/#]", re.IGNORECASE)
_PREFIX: Final = re.compile(r"(?:plus|iptc4xmpext|iptcext):", re.IGNORECASE)
_WEB: Final = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_SEE: Final = {
    "DMI-PROHIBITED-SEECONSTRAINT": "the constraints that are stated with the file",
    "DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR": "the rights expression that is embedded in the file",
    "DMI-PROHIBITED-SEELINKEDRIGHTSEXPR": "the rights expression that the file links to",
}


@dataclass(frozen=True, slots=True)
class _Value:
    """A value of the vocabulary; ``exact`` where it is written as its URI or its key."""

    key: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Plus:
    """Data Mining: of several values, and of several packets, the most restrictive."""

    name: str = "plus"
    title: str = "PLUS Data Mining (IPTC)"
    specification: str = "https://www.iptc.org/std/photometadata/specification/IPTC-PhotoMetadata"
    version: str = "IPTC Photo Metadata 2023.1"
    listens: tuple[Listen, ...] = (
        Listen(_CARRIER, _MINING, joined=True),
        Listen(_CARRIER, _CONSTRAINTS, joined=True),
        Listen(_CARRIER, _LINKED, joined=True),
        Listen(_CARRIER, _EMBEDDED, joined=True),
    )
    site_files: tuple[SiteFile, ...] = ()
    codes: tuple[str, ...] = (
        "plus-allow-ignored",
        "plus-allowed",
        "plus-spelling",
        "plus-unknown-value",
        "plus-unread",
        "plus-values-disagree",
    )

    def read(self, unit: tuple[Located, ...], context: Context) -> Reading:
        """Read what one packet says: a statement for each value of the property.

        What the other properties say is of interest only where a value points to them.
        """
        readings = [_read(one, unit) for one in unit if one.field == _MINING]
        return Reading(
            tuple(statement for statement, _ in readings),
            tuple(note for _, notes in readings for note in notes),
        )

    def settle(self, statements: Sequence[Statement], context: Context) -> Settled:
        """The most restrictive of all that is said; what is refused is in no dark (rule R18)."""
        ordered = sorted(statements, key=_order)
        notes: list[Note] = []
        counting: list[Statement] = []
        for statement in ordered:
            kept = statement.answers
            if statement.unit[0].reach.restrict_only:
                kept = tuple(one for one in kept if one.preference is not _ALLOW)
            if len(kept) < len(statement.answers):
                notes.append(_allow_ignored(statement))
            elif statement.answers:
                counting.append(statement)
        if len({_said(statement) for statement in counting}) > 1:
            notes.append(_disagree(counting))
        answers = prevailing(
            answer
            for statement in ordered
            for answer in statement.answers
            if answer.preference is not _ALLOW or not statement.unit[0].reach.restrict_only
        )
        refused = {answer.use for answer in answers if answer.preference is _DISALLOW}
        dark: dict[Use, dict[str, None]] = {}
        for statement in ordered:
            for use in statement.unreadable:
                if use not in refused:
                    dark.setdefault(use, {})[statement.declarations[0].id] = None
        return Settled(
            family=self.name,
            answers=answers,
            unreadable=tuple((use, tuple(dark[use])) for use in USES if use in dark),
            notes=tuple(notes),
        )

    def write(self, statement: Statement) -> bytes | None:
        """The URI of the value that reads back to these answers; ``None`` where none does."""
        wanted = {answer.use: (answer.preference, answer.terms) for answer in statement.answers}
        for key, answers in KEYS.items():
            terms = (_term(key, ()),) if key in _SEE else ()
            if wanted and wanted == {use: (said, terms) for use, said in answers.items()}:
                return (VOCABULARY + key).encode()
        return None


PLUS: Final = Plus()


def _read(one: Located, unit: tuple[Located, ...]) -> tuple[Statement, tuple[Note, ...]]:
    declaration = one.declaration
    because: tuple[str, ...] = (declaration.id,)
    declarations: tuple[Declaration, ...] = (declaration,)
    answers: tuple[Answer, ...] = ()
    unreadable: tuple[Use, ...] = ()
    notes = []

    def note(code: str, severity: Severity, summary: str, clause: str) -> None:
        notes.append(Note(code, severity, summary, clause, because, declaration.position))

    shown = quote.text(one.value, 100)
    value = _value(one.value) if len(one.value) <= MAX_EXPRESSION else None
    if why := one.detail("unread"):
        unreadable = USES
        summary = f"metadata that may speak of data mining was not read: {why}"
        note("plus-unread", Severity.WARNING, summary, "rule R39")
    elif value is None:
        unreadable = USES
        summary = f"no value of the vocabulary, so every use is in the dark: {shown}"
        note("plus-unknown-value", Severity.ERROR, summary, "rule R27")
    else:
        pointed = tuple(_pointed(value.key, unit))
        terms = (_term(value.key, pointed),) if value.key in _SEE else ()
        declarations += tuple(each.declaration for each in pointed)
        because += tuple(each.declaration.id for each in pointed)
        answers = tuple(
            Answer(use, preference, terms, because) for use, preference in KEYS[value.key].items()
        )
        if not value.exact:
            summary = f"not as the vocabulary spells it; read as {value.key}: {shown}"
            note("plus-spelling", Severity.INFO, summary, "rule R11")
        if value.key == "DMI-ALLOWED":
            summary = "the file says that data mining is allowed; copies keep what is embedded"
            note("plus-allowed", Severity.INFO, summary, "rule R19")
    statement = Statement(
        family=PLUS.name,
        unit=(one, *(each for each in unit if each is not one)),
        declarations=declarations,
        answers=answers,
        unreadable=unreadable,
    )
    return statement, tuple(notes)


@lru_cache(maxsize=1024)
def _value(octets: bytes) -> _Value | None:
    """The value that is meant: by its URI, its key, or what it is called, in any case."""
    text = octets.decode("utf-8", "replace").strip(" \t\r\n\"'")
    if not text:
        return _Value("DMI-UNSPECIFIED", exact=True)
    key = _PREFIX.sub("", _URI.sub("", text, count=1), count=1).rstrip("/")
    found = _SQUASHED.get(re.sub("[^a-z0-9]", "", key.lower()))
    if found is None:
        return None
    return _Value(found, exact=text in (found, VOCABULARY + found))


def _pointed(key: str, unit: Sequence[Located]) -> Iterator[Located]:
    """The properties that a value points to."""
    wanted = {
        "DMI-PROHIBITED-SEECONSTRAINT": _CONSTRAINTS,
        "DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR": _EMBEDDED,
        "DMI-PROHIBITED-SEELINKEDRIGHTSEXPR": _LINKED,
    }.get(key)
    return (one for one in unit if one.field == wanted)


def _term(key: str, pointed: Sequence[Located]) -> Term:
    """What must be met: permission, by the words or at the address that the file gives."""
    text = f"Data mining is prohibited but for {_SEE[key]}: read it, and ask for permission."
    said = [
        quote.text(_WEB.sub(_without_userinfo, _text(one)), 500) for one in pointed if one.value
    ]
    if said:
        text += f" It says: {'; '.join(said)}"
    found = (_WEB.search(_text(one)) for one in pointed if one.field != _EMBEDDED)
    addresses = [_without_userinfo(each) for each in found if each is not None]
    return Term(
        kind=ObligationKind.PERMISSION,
        signal=f"plus:{key}",
        text=text,
        terms_url=addresses[0] if addresses else None,
    )


def _text(one: Located) -> str:
    return one.value.decode("utf-8", "replace")


def _without_userinfo(address: re.Match[str]) -> str:
    return quote.without_userinfo(address[0])


def _order(statement: Statement) -> tuple[str, int, str]:
    first = statement.declarations[0]
    return first.source, statement.unit[0].reach.index, first.id


def _said(statement: Statement) -> frozenset[tuple[Use, Preference]]:
    return frozenset((answer.use, answer.preference) for answer in statement.answers)


def _allow_ignored(statement: Statement) -> Note:
    declaration = statement.declarations[0]
    return Note(
        code="plus-allow-ignored",
        severity=Severity.INFO,
        summary="it is about a part of the asset, or a source of it, and counts only to restrict",
        clause="rule R36",
        because=(declaration.id,),
        position=declaration.position,
    )


def _disagree(statements: Sequence[Statement]) -> Note:
    return Note(
        code="plus-values-disagree",
        severity=Severity.WARNING,
        summary="the metadata of one asset differ; the most restrictive counts",
        clause="rule R18",
        because=tuple(statement.declarations[0].id for statement in statements),
    )
