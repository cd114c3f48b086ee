"""The pure pipeline: from captures to a result; it wires the stages and decides nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from signals_agent import (
    contracts,
    gate,
    obligations,
    reading,
    result,
    vocabulary,
)
from signals_agent.family import Context, Family
from signals_agent.gather import gather
from signals_agent.gathered import Gathered, Inputs
from signals_agent.model.assessment import Assessment, UseAssessment
from signals_agent.model.asset import Asset
from signals_agent.model.capture import Availability, Capture, CaptureRecord, Coverage
from signals_agent.model.declaration import Declaration
from signals_agent.model.document import Naming
from signals_agent.model.licence import Activity, Licence, Planned
from signals_agent.model.note import Note
from signals_agent.model.obligation import Obligation, Term
from signals_agent.model.resolution import AccessAnswer, UseResolution
from signals_agent.model.statement import Settled
from signals_agent.model.use import Use
from signals_agent.model.verdict import Decision, Reason, ReasonCode
from signals_agent.policy import Policy
from signals_agent.resolve.access import Given
from signals_agent.resolve.combine import combine
from signals_agent.wishes import RobotsInput, Wishes, inputs_of

LICENCE = "licence"
"""The family whose declarations are no preferences (rule R25)."""


class PermitAnswer(StrEnum):
    """What to do before the fetch."""

    FETCH = "fetch"
    HOLD = "hold"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Permit:
    """The answer before the fetch, from robots.txt, site files and what they name alone."""

    answer: PermitAnswer
    reasons: tuple[Reason, ...]
    obligations: tuple[Obligation, ...]
    coverage: tuple[Coverage, ...]
    notes: tuple[Note, ...] = ()
    captures: tuple[CaptureRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class Considered:
    """A result, and the documents that declarations name and nobody has looked for yet."""

    assessment: Assessment
    wants: tuple[Naming, ...]


def assess(
    capture: Capture,
    *,
    robots: RobotsInput = Availability.NOT_LOOKED,
    hops: Sequence[Capture] = (),
    site_files: Mapping[str, Given] | None = None,
    documents: Mapping[str, Given] | None = None,
    found_on: Capture | None = None,
    token: str | None = None,
    tokens: Iterable[str] = (),
    acquired_by: str | None = None,
    policy: Policy | None = None,
    uses: Iterable[Use | str] | None = None,
    vocabulary: str = vocabulary.CUMULATIVE,
    depth: str = "page",
    now: datetime | None = None,
    families: Sequence[Family] | None = None,
) -> Assessment:
    """What was declared about an asset, what is owed, and what the policy makes of it.

    Pure: nothing is fetched. What is not given is *not-looked*. ``robots`` speaks for
    the asset's origin, or is a mapping from origins; ``site_files`` maps a path or a URL
    to what was found there, ``documents`` the URL of what declarations name (RSL licences,
    TDM policies). ``hops`` are the redirects that led to ``capture``, first
    one first. ``now`` defaults to the time of the call. Raises ``UsageError`` for a
    caller's mistake (an invalid URL, use, token, vocabulary or depth), never for what a
    publisher sent.
    """
    run = Wishes.prepare(token, tokens, acquired_by, policy, uses, vocabulary, depth, now, families)
    inputs = inputs_of(run, capture, robots, hops, site_files, documents, found_on)
    return consider(run, inputs).assessment


def consider(run: Wishes, inputs: Inputs) -> Considered:
    """The result for what was captured, and which documents to look for besides."""
    found = gather(inputs)
    settled, declarations, notes = reading.read(
        run.families, _context(run, inputs, found), inputs, found
    )
    resolutions, disagreements = combine(
        settled,
        undetermined=found.undetermined,
        literal_undetermined=found.literal_undetermined,
        dark=frozenset(found.dark),
    )
    licensed = _licensed(run, found, settled)
    wanted = run.policy.activities
    here = found.chain[-1].text
    contracted = (
        contracts.agreed(run.policy, run.uses or tuple(Use), here, run.now) if wanted else ()
    )
    terms, planned = _asked(licensed, wanted, contracted)
    by_use, owed = obligations.owed(resolutions, declarations, terms)
    asset = Asset(
        url=here,
        availability=found.asset,
        status=inputs.asset.status,
        terms=found.looked.terms,
        now=run.now,
        sources=found.speaks_from,
        training_refused=found.training_refused,
        licensed=any(licence.governs for licence in licensed),
        planned=planned,
        missing=found.missing,
        challenged=found.challenged,
    )
    due = {obligation.id: obligation for obligation in owed}
    decisions = {
        resolution.use: gate.decide(
            resolution,
            [due[each] for each in by_use[resolution.use]],
            found.access,
            asset,
            run.policy,
        )
        for resolution in resolutions
    }
    carried, travelling = _carried(resolutions, decisions, by_use, declarations)
    kept = dict.fromkeys(each for ids in carried.values() for each in ids)
    shown = tuple(each for each in (*owed, *travelling) if each.id in kept)
    verdict = (
        gate.verdict(decisions, carried, run.uses, run.policy, contracted)
        if run.uses is not None
        else None
    )
    all_notes = tuple(dict.fromkeys((*found.notes, *notes, *disagreements)))
    made = result.make(
        run,
        inputs,
        found,
        settled,
        licensed,
        resolutions,
        decisions,
        carried,
        shown,
        result.with_notes(declarations, all_notes),
        all_notes,
        verdict,
    )
    return Considered(made, tuple(found.wants))


def permit(
    url: str,
    *,
    robots: RobotsInput = Availability.NOT_LOOKED,
    site_files: Mapping[str, Given] | None = None,
    documents: Mapping[str, Given] | None = None,
    token: str | None = None,
    tokens: Iterable[str] = (),
    acquired_by: str | None = None,
    policy: Policy | None = None,
    uses: Iterable[Use | str] | None = None,
    vocabulary: str = vocabulary.CUMULATIVE,
    now: datetime | None = None,
    families: Sequence[Family] | None = None,
) -> Permit:
    """Whether to fetch at all, from robots.txt, site files and the documents that they name.

    The asset may still refuse.

    *skip* where every intended use is already refused, *hold* where access could not be
    found out, else *fetch*. Raises as ``assess`` does.
    """
    result = assess(
        Capture(url, availability=Availability.NOT_LOOKED),
        robots=robots,
        site_files=site_files,
        documents=documents,
        token=token,
        tokens=tokens,
        acquired_by=acquired_by,
        policy=policy,
        uses=uses,
        vocabulary=vocabulary,
        now=now,
        families=families,
    )
    return permit_of(result)


def permit_of(result: Assessment) -> Permit:
    """The permit that a result without its asset comes to."""
    intended = result.verdict.uses if result.verdict is not None else tuple(result.uses)
    answers = [result.uses[use] for use in intended]
    if all(_refused_already(answer) for answer in answers):
        decision = PermitAnswer.SKIP
    elif result.access.answer is AccessAnswer.UNDETERMINED:
        decision = PermitAnswer.HOLD
    else:
        decision = PermitAnswer.FETCH
    wanted = {each for answer in answers for each in answer.obligations}
    return Permit(
        answer=decision,
        reasons=tuple(
            dict.fromkeys(
                reason
                for answer in answers
                for reason in answer.reasons
                if decision is not PermitAnswer.FETCH or reason.code is not ReasonCode.UNDETERMINED
            )
        ),
        obligations=tuple(each for each in result.obligations if each.id in wanted),
        coverage=result.coverage,
        notes=result.notes,
        captures=result.captures,
    )


def _refused_already(answer: UseAssessment) -> bool:
    """Whether a use is skipped for good, and not just because the asset is still to come."""
    unseen = (ReasonCode.UNDETERMINED, ReasonCode.LICENCE_CAUTION)
    return answer.decision is Decision.SKIP and not any(
        reason.code in unseen for reason in answer.reasons
    )


def _context(run: Wishes, inputs: Inputs, found: Gathered) -> Context:
    """What families may know while they read."""
    return Context(
        url=found.chain[-1].text,
        target=found.targets[-1],
        tokens=tuple(token for tokens in inputs.sets for token in tokens),
        vocabulary=run.vocabulary,
        media=found.looked.media,
        now=run.now,
        vendors=run.policy.vendor_semantics,
        user=run.policy.recipient.user or "",
        country=run.policy.recipient.country or "",
        status=inputs.asset.status,
    )


def _carried(
    resolutions: Sequence[UseResolution],
    decisions: Mapping[Use, gate.UseDecision],
    by_use: Mapping[Use, tuple[str, ...]],
    declarations: Mapping[str, Declaration],
) -> tuple[dict[Use, tuple[str, ...]], tuple[Obligation, ...]]:
    """What each use carries: nothing where it is skipped, and preferences where it is ingested."""
    preferences = tuple(each for each in declarations.values() if each.family != LICENCE)
    travelling = obligations.convey(preferences) if preferences else None
    carried: dict[Use, tuple[str, ...]] = {}
    for resolution in resolutions:
        use = resolution.use
        decision = decisions[use].decision
        ids = () if decision is Decision.SKIP else by_use[use]
        if travelling is not None and decision is Decision.INGEST:
            ids = (*ids, travelling.id)
        carried[use] = ids
    return carried, (travelling,) if travelling is not None else ()


def _asked(
    licensed: tuple[Licence, ...], wanted: Sequence[Activity], agreed: Sequence[Activity]
) -> tuple[tuple[tuple[Term, tuple[str, ...]], ...], tuple[Planned, ...]]:
    """What the licences ask, and what they answer for the planned activities."""
    if not licensed:
        return (), ()
    from signals_agent import licensing

    owed = licensing.owed(licensed, wanted, agreed)
    return owed, licensing.planned(licensed, wanted) if wanted else ()


def _once(licences: Iterable[Licence]) -> tuple[Licence, ...]:
    """Each licence once, though several families name it; it counts where one says so."""
    made: dict[str, Licence] = {}
    for each in licences:
        known = made.get(each.id, each)
        because = tuple(dict.fromkeys((*known.because, *each.because)))
        made[each.id] = replace(known, because=because, governs=known.governs or each.governs)
    return tuple(made.values())


def _licensed(run: Wishes, found: Gathered, settled: Sequence[Settled]) -> tuple[Licence, ...]:
    """The licences that were found, as their licensors' own statements change them."""
    if not settled:
        return ()
    licences = _once(licence for each in settled for licence in each.licences)
    if not licences or not run.policy.statement:
        return licences
    from signals_agent import licensing

    return licensing.stated(licences, run.policy.statement, found.chain[-1].text)
