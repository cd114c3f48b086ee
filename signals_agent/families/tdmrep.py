"""The W3C community group's TDM Reservation Protocol: site file, header, HTML, and policies."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from signals_agent import quote
from signals_agent.family import Context, Listen, SiteFile
from signals_agent.model.declaration import Located, Scope
from signals_agent.model.ids import identify
from signals_agent.model.note import Severity
from signals_agent.model.position import PointerPosition
from signals_agent.model.statement import (
    Answer,
    Preference,
    Reading,
    Settled,
    Statement,
    prevailing,
)
from signals_agent.model.use import Use
from signals_agent.tdm import policies, site_file
from signals_agent.tdm.policies import FIELD, Remark, rank
from signals_agent.tdm.site_file import Entry, TdmFile

_RESERVATION: Final = "tdm-reservation"
_GOVERNED: Final = (
    Use.TRAIN_GENERATIVE,
    Use.TRAIN_OTHER,
    Use.MODEL_INPUT,
    Use.OTHER_ANALYSIS,
)
_ANSWERS: Final = {
    1: tuple((use, Preference.DISALLOW) for use in _GOVERNED),
    # 0 speaks of mining, not of showing what was mined.
    0: tuple((use, Preference.ALLOW) for use in _GOVERNED if use is not Use.MODEL_INPUT),
}
_BLANK: Final = b" \t\r\n\f"


@dataclass(frozen=True, slots=True)
class Tdmrep:
    """TDMRep: first match in the file, and file, header and HTML superseding each other.

    A policy that is named makes a statement of its own, which counts only where the
    reservation is 1.
    """

    name: str = "tdmrep"
    title: str = "TDM Reservation Protocol"
    specification: str = "https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/"
    version: str = "2024-05-10"
    listens: tuple[Listen, ...] = (
        Listen("http-header", _RESERVATION, joined=True),
        Listen("http-header", FIELD),
        Listen("html-meta", _RESERVATION),
        Listen("html-meta", FIELD),
        Listen("embedded", _RESERVATION),
        Listen("embedded", FIELD),
    )
    site_files: tuple[SiteFile, ...] = (
        SiteFile("/.well-known/tdmrep.json", "json", governs=_GOVERNED),
    )
    codes: tuple[str, ...] = (
        "tdmrep-allow-ignored",
        "tdmrep-location-invalid",
        "tdmrep-not-an-array",
        "tdmrep-policies-united",
        "tdmrep-policy-alternatives",
        "tdmrep-policy-declared",
        "tdmrep-policy-html",
        "tdmrep-policy-invalid",
        "tdmrep-policy-missing",
        "tdmrep-policy-no-duty",
        "tdmrep-policy-no-permission",
        "tdmrep-policy-not-covering",
        "tdmrep-policy-prohibits",
        "tdmrep-policy-salvaged",
        "tdmrep-policy-superseded",
        "tdmrep-policy-unknown-constraint",
        "tdmrep-policy-unknown-duty",
        "tdmrep-policy-unreadable",
        "tdmrep-protocol-error",
        "tdmrep-repeated",
        "tdmrep-salvaged",
        "tdmrep-superseded",
        "tdmrep-unparsable",
        "tdmrep-unrelated",
    )

    def read(self, unit: tuple[Located, ...], context: Context) -> Reading:
        """Read a site file, the field lines of a header, a meta, or embedded metadata.

        By rules R18 and R27; a policy that is named is read along (R15a).
        """
        first = unit[0]
        if isinstance(first.declaration.position, PointerPosition) and first.field != FIELD:
            return self._file(first, context)
        if first.field == FIELD:
            written = first.value.strip(_BLANK + b"\"'<>").decode("utf-8", "replace")
            return _policy(first, (written,), context)
        values = [located.value.strip(_BLANK) for located in unit]
        findings: list[Remark] = []
        if len(values) > 1:
            summary = "the field is repeated; where its lines differ, the reservation counts"
            findings.append(("tdmrep-repeated", Severity.WARNING, summary, "rule R18"))
        if all(value == values[0] for value in values) and values[0] in (b"0", b"1"):
            return self._reading(unit, int(values[0]), findings)
        listed = [part.strip(_BLANK + b"\"'") for value in values for part in value.split(b",")]
        if any(part.lower().decode("latin-1") in site_file.WORDS for part in listed):
            return self._reading(unit, 1, [*findings, _salvaged()])
        return self._reading(unit, -1, [*findings, _protocol_error()])

    def settle(self, statements: Sequence[Statement], context: Context) -> Settled:
        """What is embedded supersedes HTML, that the header, that the file (rule R18).

        Reservation and policy do so each for itself; the absence of one resets nothing.
        """
        ordered = sorted(statements, key=_order)
        naming = [one for one in ordered if policies.is_about_policy(one)]
        ordered = [one for one in ordered if not policies.is_about_policy(one)]
        notes = [policies.ignored(statement) for statement in ordered if _ignores(statement)]
        counting: dict[int, list[Statement]] = {}
        for statement in ordered:
            if statement.answers and not _ignores(statement):
                counting.setdefault(rank(statement), []).append(statement)
        highest = max(counting, default=-1)
        answers = prevailing(a for one in counting.get(highest, ()) for a in one.answers)
        notes += [
            policies.superseded(lower, counting[highest], _RESERVATION)
            for rank in sorted(counting)
            for lower in counting[rank]
            if rank < highest and _reserved(lower.answers) != _reserved(answers)
        ]
        if _reserved(answers):
            # A carrier that says 0 names no policy that is to be processed.
            lifted = {
                rank
                for rank, ones in counting.items()
                if not any(_reserved(one.answers) for one in ones)
            }
            heard = [one for one in naming if rank(one) not in lifted]
            answers, found = policies.together(answers, heard)
            notes += found
        unreadable: dict[Use, dict[str, None]] = {}
        for statement in ordered:
            # What supersedes a declaration answers also for one that cannot be read.
            for use in statement.unreadable if rank(statement) >= highest else ():
                unreadable.setdefault(use, {})[statement.declarations[0].id] = None
        return Settled(
            family=self.name,
            answers=answers,
            unreadable=tuple((use, tuple(unreadable[use])) for use in Use if use in unreadable),
            notes=tuple(dict.fromkeys(notes)),
        )

    def write(self, statement: Statement) -> bytes | None:
        """The value of a ``tdm-reservation`` header; ``None`` where neither 0 nor 1 says it."""
        said = {(answer.use, answer.preference, answer.terms) for answer in statement.answers}
        for value, answers in _ANSWERS.items():
            if said == {(use, preference, ()) for use, preference in answers}:
                return b"%d" % value
        return None

    def _reading(
        self,
        unit: tuple[Located, ...],
        reservation: int,
        findings: Iterable[Remark],
        *,
        governs: bool = True,
    ) -> Reading:
        declarations = tuple(one.declaration for one in unit)
        because = tuple(one.id for one in declarations)
        statement = Statement(
            family=self.name,
            unit=unit,
            declarations=declarations,
            answers=tuple(
                Answer(use, preference, (), because)
                for use, preference in _ANSWERS.get(reservation, ())
            ),
            unreadable=_GOVERNED if reservation < 0 and governs else (),
        )
        return Reading((statement,), policies.notes(findings, declarations[0]))

    def _file(self, located: Located, context: Context) -> Reading:
        """The first entry that matches; a broken one before it may still restrict."""
        found = site_file.read(located.value)
        whole = _about_file(found)
        if not found.entries:
            # An empty array, or HTML in place of the file, declares nothing.
            return (
                self._reading((located,), -1, whole, governs=bool(found.failure))
                if whole
                else Reading()
            )
        readings: list[Reading] = []
        stray: Reading | None = None
        for entry in found.entries:
            matches, exact = site_file.reaches(entry, located.declaration.source, context.target)
            if not matches:
                continue
            narrowed = _narrowed(located, entry)
            findings = list(whole)
            if not exact:
                summary = f"the location is no path of this site: {quote.text(entry.location, 200)}"
                findings.append(("tdmrep-location-invalid", Severity.WARNING, summary, "rule R18"))
            letter = entry.letter and exact
            if letter and not readings:
                readings.append(self._reading((narrowed,), entry.reservation, findings))
                if entry.reservation == 1 and entry.policies:
                    readings.append(_policy(narrowed, entry.policies, context))
                break
            if entry.reservation == 1:
                # Behind a broken entry, or broken itself: it may still restrict.
                first = not readings
                readings.append(self._reading((narrowed,), 1, [*findings, _salvaged()]))
                if first and entry.policies:
                    readings.append(_policy(narrowed, entry.policies, context))
                break
            if letter:
                break
            broken = self._reading((narrowed,), -1, [*findings, _protocol_error()])
            if entry.location:
                readings.append(broken)
            else:
                stray = stray or broken
        if stray is not None and not readings:
            readings.append(stray)
        return Reading(
            tuple(statement for reading in readings for statement in reading.statements),
            tuple(note for reading in readings for note in reading.notes),
            tuple(naming for reading in readings for naming in reading.names),
        )


TDMREP: Final = Tdmrep()


def _policy(located: Located, written: tuple[str, ...], context: Context) -> Reading:
    # Few declarations name a policy, and what reads one is not loaded for the others.
    from signals_agent.tdm import naming

    return naming.named(located, written, _GOVERNED, context)


def _about_file(found: TdmFile) -> tuple[Remark, ...]:
    if found.failure == "unparsable":
        summary = "the file is not JSON"
        return (("tdmrep-unparsable", Severity.ERROR, summary, "rule R27"),)
    if found.failure:
        summary = "the file is JSON, but not a file of this protocol"
        return (("tdmrep-unrelated", Severity.ERROR, summary, "rule R27"),)
    if not found.array:
        summary = "the file must be an array; in another shape it counts only where it reserves"
        return (("tdmrep-not-an-array", Severity.WARNING, summary, "rule R11"),)
    return ()


def _salvaged() -> Remark:
    summary = "not as the specification writes it; read as a reservation"
    return "tdmrep-salvaged", Severity.WARNING, summary, "rule R11"


def _protocol_error() -> Remark:
    summary = "the reservation is neither 0 nor 1, or its place is not as specified: it is unset"
    return "tdmrep-protocol-error", Severity.ERROR, summary, "rule R27"


def _order(statement: Statement) -> tuple[str, str, int, str, str]:
    first = statement.declarations[0]
    return (
        first.carrier,
        first.source,
        statement.unit[0].reach.index,
        first.id,
        policies.address(statement),
    )


def _reserved(answers: Sequence[Answer]) -> bool:
    return any(answer.preference is Preference.DISALLOW for answer in answers)


def _ignores(statement: Statement) -> bool:
    restricts_only = statement.unit[0].reach.restrict_only
    return restricts_only and bool(statement.answers) and not _reserved(statement.answers)


def _narrowed(located: Located, entry: Entry) -> Located:
    """The entry as a declaration of its own."""
    whole = located.declaration
    declaration = replace(
        whole,
        id=identify("dec", whole.family, whole.carrier, whole.source, entry.pointer, entry.octets),
        position=PointerPosition(entry.pointer),
        expression=entry.text,
        octets=entry.octets,
        scope=Scope(path=entry.location or None),
    )
    return replace(located, declaration=declaration, value=entry.octets)
