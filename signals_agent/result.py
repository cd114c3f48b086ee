"""How answers, obligations and decisions become the document that is handed out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from signals_agent import gate, vocabulary
from signals_agent.gathered import AssetFindings, Gathered, Inputs
from signals_agent.model.assessment import Assessment, Tool, UseAssessment
from signals_agent.model.attribution import Attribution
from signals_agent.model.capture import Availability
from signals_agent.model.declaration import Declaration
from signals_agent.model.later import Later
from signals_agent.model.licence import Activity, Licence, SeparateLicence
from signals_agent.model.note import Note
from signals_agent.model.obligation import Obligation, ObligationKind
from signals_agent.model.resolution import UseResolution
from signals_agent.model.statement import Settled
from signals_agent.model.use import Use
from signals_agent.model.verdict import Decision, Verdict
from signals_agent.version import TABLES, VERSION
from signals_agent.wishes import Wishes

_MANY = 8
"""Declarations behind a note; of more, a declaration's copy of it names that one alone."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a result rests on: wishes, captures, and what octets came to (rules R29, R30)."""

    run: Wishes
    inputs: Inputs
    looked: AssetFindings
    looked_around: AssetFindings | None


def make(
    run: Wishes,
    inputs: Inputs,
    found: Gathered,
    settled: Sequence[Settled],
    licensed: tuple[Licence, ...],
    resolutions: Sequence[UseResolution],
    decisions: Mapping[Use, gate.UseDecision],
    carried: Mapping[Use, tuple[str, ...]],
    owed: tuple[Obligation, ...],
    declarations: tuple[Declaration, ...],
    notes: tuple[Note, ...],
    verdict: Verdict | None,
) -> Assessment:
    """The result; whom to credit and whom to ask is worked out when it is looked at."""
    ends = [each.valid_until for each in settled if each.valid_until is not None]
    if found.valid_until is not None:
        ends.append(found.valid_until)
    credits_owed = [each for each in owed if each.kind is ObligationKind.CREDIT]
    governing = tuple(licence for licence in licensed if licence.governs)
    naming = (*(due.because for due in credits_owed), *(one.because for one in governing))
    because = tuple(dict.fromkeys(each for ids in naming for each in ids))
    asset = inputs.asset

    def make_credit() -> Attribution:
        # What reads credit is not loaded for those who never look at it.
        from signals_agent.credit import credit

        return credit(asset, because, governing, declarations, inputs.found_on)

    planned = run.policy.activities
    agreed = verdict.agreed if verdict is not None else ()
    open_ = tuple(each for each in planned if each not in agreed)
    wanting = open_ and run.policy.on.no_licence is not Decision.INGEST
    asking = (governing and not (planned and not open_)) or wanting

    def make_separate() -> tuple[SeparateLicence, ...]:
        return _separate(open_, inputs, settled, governing)

    def make_evidence() -> Basis:
        return Basis(run, inputs, found.looked, found.looked_around)

    asked: dict[str, Any] = {}
    if asking and found.asset is Availability.PRESENT:
        asked["separate_licences"] = Later(make_separate)
    return Assessment(
        tool=Tool(VERSION, TABLES),
        url=found.chain[0].text,
        final_url=found.chain[-1].text,
        tokens=run.tokens,
        acquired_by=run.acquired_by,
        # As they are written, so that a result that is read back equals what it was.
        checked_at=run.now.replace(microsecond=0),
        valid_until=min(ends).replace(microsecond=0) if ends else None,
        vocabulary=run.vocabulary,
        literal_draft=vocabulary.CURRENT_DRAFT,
        access=found.access,
        coverage=tuple(found.coverage),
        uses={
            resolution.use: UseAssessment(
                preference=resolution.preference,
                literal=resolution.literal,
                decision=decisions[resolution.use].decision,
                reasons=decisions[resolution.use].reasons,
                obligations=carried[resolution.use],
                because=resolution.because,
            )
            for resolution in resolutions
        },
        obligations=owed,
        attribution=cast("Attribution", Later(make_credit)) if because else None,
        licences=licensed,
        **asked,
        declarations=declarations,
        captures=tuple(found.captures.values()),
        notes=notes,
        verdict=verdict,
    ).with_makers(make_credit, make_evidence)


def _separate(
    planned: tuple[Activity, ...],
    inputs: Inputs,
    settled: Sequence[Settled],
    governing: tuple[Licence, ...],
) -> tuple[SeparateLicence, ...]:
    """Whom to ask where no licence plainly permits what is planned; else nothing."""
    from signals_agent import licensing

    found = licensing.separate(governing, planned, ())
    if not found:
        return ()
    from signals_agent.credit import licensors

    named = [contact for each in settled for contact in each.contacts]
    ask = tuple(dict.fromkeys((*named, *licensors(inputs.asset, inputs.found_on))))
    return tuple(replace(each, ask=ask) for each in found)


def with_notes(
    declarations: Mapping[str, Declaration], notes: Sequence[Note]
) -> tuple[Declaration, ...]:
    """The declarations, each with the notes that are about it."""
    about: dict[str, list[Note]] = {}
    for note in notes:
        many = len(note.because) > _MANY
        for each in note.because:
            # What is said of hundreds at once would be written out for each of them.
            about.setdefault(each, []).append(replace(note, because=(each,)) if many else note)
    return tuple(
        replace(each, notes=tuple(about[each.id])) if each.id in about else each
        for each in declarations.values()
    )
