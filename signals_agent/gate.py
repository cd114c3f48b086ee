"""The only place that says yes or no: what a policy makes of a resolution (rule R27)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from signals_agent import contracts
from signals_agent.model.asset import Asset
from signals_agent.model.capture import Availability
from signals_agent.model.licence import Activity, ActivityAnswer
from signals_agent.model.obligation import Obligation, ObligationKind
from signals_agent.model.resolution import Access, AccessAnswer, UseResolution
from signals_agent.model.statement import Preference
from signals_agent.model.use import Use
from signals_agent.model.verdict import Decision, PolicyRecord, Reason, ReasonCode, Verdict
from signals_agent.policy import Policy
from signals_agent.promises import Agreement

_SHOWN = 3
"""Sources that a reason names."""
_WORST = {Decision.SKIP: 2, Decision.HOLD: 1, Decision.INGEST: 0}

NOT_FOUND_OUT = frozenset(
    {
        ReasonCode.ACCESS_UNDETERMINED,
        ReasonCode.ASSET_UNREACHABLE,
        ReasonCode.UNDETERMINED,
    }
)
"""The reasons that mean that we could not find out (exit code 3)."""


@dataclass(frozen=True, slots=True)
class UseDecision:
    """The decision for one use, its reasons in order, and what remains unmet."""

    decision: Decision
    reasons: tuple[Reason, ...]
    unmet: tuple[str, ...] = ()


def decide(
    resolution: UseResolution,
    obligations: Sequence[Obligation],
    access: Access,
    asset: Asset,
    policy: Policy,
) -> UseDecision:
    """The decision for one use: the first row of rule R27 that fits."""
    use = resolution.use
    if (
        resolution.preference is Preference.UNKNOWN
        and access.answer is AccessAnswer.ALLOWED
        and asset.availability is Availability.PRESENT
        and not (obligations or resolution.unreadable or resolution.dark)
        and not (asset.terms or asset.training_refused or asset.planned or policy.agreement)
        and (asset.licensed or policy.on.no_licence is Decision.INGEST)
    ):
        # Most pages: only row 8 can fit.
        return _nobody_spoke(use, policy.on.unknown)
    agreements = contracts.covering(policy, use, asset.url, asset.now)
    permitting = (
        each
        for planned in asset.planned
        for each in contracts.permitting(policy, planned.activity, use, asset.url, asset.now)
    )
    first = tuple(_agreed(each) for each in dict.fromkeys((*agreements, *permitting)))

    def decided(decision: Decision, *reasons: Reason, unmet: tuple[str, ...] = ()) -> UseDecision:
        return UseDecision(decision, (*first, *reasons), unmet)

    refused = (
        [hop for hop in access.hops if hop.answer is AccessAnswer.DISALLOWED]
        if access.answer is AccessAnswer.DISALLOWED
        else []
    )
    if refused and not all(contracts.covering(policy, use, hop.url, asset.now) for hop in refused):
        rules = "; ".join(hop.rule or "its rules" for hop in refused)
        text = f"robots.txt refuses access ({rules})"
        text = _but(text, contracts.lapsed(policy, use, (hop.url for hop in refused), asset.now))
        return decided(Decision.SKIP, Reason(ReasonCode.ACCESS_REFUSED, text))
    if resolution.preference is Preference.DISALLOW and not _lifted(resolution, asset, policy):
        at = (asset.url, *_speakers(resolution, asset))
        text = _but(f"{use} is disallowed", contracts.lapsed(policy, use, at, asset.now))
        return decided(Decision.SKIP, Reason(ReasonCode.DISALLOW, text, resolution.because))
    nobody = resolution.preference in (Preference.UNKNOWN, Preference.UNDETERMINED)
    if not agreements and nobody and _refused_like_others(use, asset, policy):
        text = "robots.txt refuses training crawlers, and the policy counts that as a disallow"
        text = _but(text, contracts.lapsed(policy, use, (asset.url,), asset.now))
        return decided(Decision.SKIP, Reason(ReasonCode.DISALLOW, text))
    if access.answer is not AccessAnswer.ALLOWED and any(
        hop.answer is AccessAnswer.UNDETERMINED for hop in access.hops
    ):
        text = "robots.txt could not be looked at, so access is undetermined"
        return decided(Decision.HOLD, Reason(ReasonCode.ACCESS_UNDETERMINED, text))
    if asset.terms:
        unmet = _unmet(obligations, use, asset, policy)
        reason = _on_terms(obligations, unmet, _lapsed(unmet, use, asset, policy), asset)
        return decided(Decision.HOLD, reason, unmet=tuple(due.id for due in unmet))
    missing = _no_asset(asset)
    if missing is not None:
        return decided(*missing)
    forbidden = _by_licence(ActivityAnswer.NO, use, asset, policy)
    cautious = _by_licence(ActivityAnswer.CAUTION, use, asset, policy)
    if forbidden:
        return decided(Decision.SKIP, *forbidden, *cautious)
    waiting = _in_the_dark(resolution, cautious, asset, policy)
    if waiting is not None:
        return decided(*waiting)
    unmet = _unmet(obligations, use, asset, policy)
    if unmet:
        text = f"not committed to: {_named(unmet)}"
        text = _but(text, _lapsed(unmet, use, asset, policy))
        reason = Reason(ReasonCode.UNMET, text, _behind(unmet))
        return decided(Decision.HOLD, reason, unmet=tuple(due.id for due in unmet))
    if resolution.preference is Preference.UNKNOWN and not agreements:
        silence = _unknown(use, policy.on.unknown)
        if policy.on.unknown is not Decision.INGEST:
            flaws = contracts.lapsed(policy, use, (asset.url,), asset.now)
            silence = replace(silence, text=_but(silence.text, flaws))
        return decided(policy.on.unknown, silence, *cautious)
    if agreements and resolution.preference in (Preference.DISALLOW, Preference.UNKNOWN):
        return decided(Decision.INGEST, *cautious)
    met = any(obligation.binding for obligation in obligations)
    text = f"{use} is allowed" + (" on conditions that are committed to" if met else "")
    return decided(Decision.INGEST, Reason(ReasonCode.CLEAR, text, resolution.because), *cautious)


def verdict(
    decisions: dict[Use, UseDecision],
    obligations: dict[Use, tuple[str, ...]],
    uses: Sequence[Use],
    policy: Policy,
    contracted: Sequence[Activity] = (),
) -> Verdict:
    """The overall verdict over the intended uses: the worst wins (rule R27).

    ``contracted`` are the planned activities that ``agreed`` gives.
    """
    worst = max((decisions[use].decision for use in uses), key=_WORST.__getitem__)
    ordered = sorted(uses, key=lambda use: -_WORST[decisions[use].decision])
    reasons = dict.fromkeys(reason for use in ordered for reason in decisions[use].reasons)
    first = [reason for reason in reasons if reason.code is ReasonCode.AGREEMENT]
    rest = [reason for reason in reasons if reason.code is not ReasonCode.AGREEMENT]
    return Verdict(
        decision=worst,
        uses=tuple(uses),
        policy=PolicyRecord(policy.label, policy.sha256),
        reasons=(*first, *rest),
        obligations=tuple(dict.fromkeys(due for use in uses for due in obligations.get(use, ()))),
        unmet=tuple(dict.fromkeys(due for use in uses for due in decisions[use].unmet)),
        activities=tuple(policy.activities),
        agreed=tuple(contracted),
    )


@lru_cache
def _nobody_spoke(use: Use, says: Decision) -> UseDecision:
    return UseDecision(says, (_unknown(use, says),))


@lru_cache
def _unknown(use: Use, says: Decision) -> Reason:
    text = f"nobody has stated a preference about {use}; the policy says {says}"
    return Reason(ReasonCode.UNKNOWN, text)


def _agreed(agreement: Agreement) -> Reason:
    until = f", until {agreement.until}" if agreement.until else ""
    document = f" ({agreement.document})" if agreement.document else ""
    text = f"agreement with {agreement.party}{document}{until}"
    return Reason(ReasonCode.AGREEMENT, text)


def _lifted(resolution: UseResolution, asset: Asset, policy: Policy) -> bool:
    """Whether agreements cover every URL of the chain from which the *disallow* speaks."""
    speakers = (*_speakers(resolution, asset), asset.url)
    return all(contracts.covering(policy, resolution.use, url, asset.now) for url in speakers)


def _speakers(resolution: UseResolution, asset: Asset) -> tuple[str, ...]:
    """The URLs of the chain from which the answer for a use speaks."""
    return tuple(dict.fromkeys(asset.sources.get(each, asset.url) for each in resolution.because))


def _but(text: str, flaws: Sequence[str]) -> str:
    """A reason together with why what would have answered it does not count (rule R27, row 7)."""
    if not flaws:
        return text
    said = "; ".join(flaws)
    return f"{text} But {said}." if text.endswith(".") else f"{text}; {said}"


def _lapsed(unmet: Sequence[Obligation], use: Use, asset: Asset, policy: Policy) -> tuple[str, ...]:
    """Why what would have answered these obligations does not count, each once."""
    flaws = (each for due in unmet for each in contracts.lapsed_answers(policy, due, use, asset))
    return tuple(dict.fromkeys(flaws))


def _refused_like_others(use: Use, asset: Asset, policy: Policy) -> bool:
    """Whether the policy counts the refusal of training crawlers, and the use is training."""
    training = use in (Use.TRAIN_GENERATIVE, Use.TRAIN_OTHER)
    return training and asset.training_refused and policy.training_crawlers_refused == "disallow"


def _unmet(
    obligations: Sequence[Obligation], use: Use, asset: Asset, policy: Policy
) -> tuple[Obligation, ...]:
    """The binding obligations that neither an agreement nor a commitment answers."""
    return tuple(
        each
        for each in obligations
        if each.binding and not contracts.meets(policy, each, use, asset)
    )


def _named(owed: Sequence[Obligation]) -> str:
    return ", ".join(dict.fromkeys(f"{due.kind} to {due.to.name}" for due in owed))


def _behind(owed: Sequence[Obligation]) -> tuple[str, ...]:
    """The declarations behind obligations, each once."""
    return tuple(dict.fromkeys(each for due in owed for each in due.because))


def _on_terms(
    obligations: Sequence[Obligation],
    unmet: Sequence[Obligation],
    flaws: Sequence[str],
    asset: Asset,
) -> Reason:
    """Row 4: the asset is to be had on terms only. Agreed terms bring no asset yet (R28)."""
    owed = tuple(each for each in obligations if each.binding)
    text = f"the site states terms: {asset.terms}"
    if unmet:
        payments = (due.text for due in unmet if due.kind is ObligationKind.PAYMENT)
        owing = _but(f"{text}; owed: {_named(unmet)}", flaws)
        text = " ".join((f"{owing}.", *dict.fromkeys(payments)))
    elif owed:
        text = f"the site's terms are agreed to ({_named(owed)}), but no asset came: {asset.terms}"
    return Reason(ReasonCode.ACCESS_TERMS, text, _behind(owed))


def _no_asset(asset: Asset) -> tuple[Decision, Reason] | None:
    """Row 4: there is no asset to take."""
    said = f" (status {asset.status})" if asset.status is not None else ""
    match asset.availability:
        case Availability.ABSENT | Availability.UNAVAILABLE:
            return Decision.SKIP, Reason(ReasonCode.NO_ASSET, f"there is no asset here{said}")
        case Availability.UNREACHABLE:
            text = f"the asset could not be reached{said}"
            if asset.challenged:
                text = f"a gateway answered with a challenge in place of the asset{said}"
            return Decision.HOLD, Reason(ReasonCode.ASSET_UNREACHABLE, text)
        case _:
            return None


_REFUSALS = {
    ActivityAnswer.NO: (ReasonCode.LICENCE_FORBIDS, "is not permitted by"),
    ActivityAnswer.CAUTION: (ReasonCode.LICENCE_CAUTION, "needs review under"),
}


def _by_licence(
    answer: ActivityAnswer, use: Use, asset: Asset, policy: Policy
) -> tuple[Reason, ...]:
    """Rows 5 and 6: the planned activities with this answer that no agreement covers."""
    code, says = _REFUSALS[answer]
    return tuple(
        Reason(
            code,
            _but(
                f"{each.activity} {says} {' and '.join(each.licences)}: {each.terms.reason}"
                + (f" Instead: {each.terms.instead}" if each.terms.instead else ""),
                contracts.lapsed_permits(policy, each.activity, use, asset.url, asset.now),
            ),
            each.because,
        )
        for each in asset.planned
        if each.terms.answer is answer
        and not contracts.permitting(policy, each.activity, use, asset.url, asset.now)
    )


def _in_the_dark(
    resolution: UseResolution, cautious: tuple[Reason, ...], asset: Asset, policy: Policy
) -> tuple[Decision, *tuple[Reason, ...]] | None:
    """Row 6: what could not be found out, could not be read, or no licence plainly permits."""
    found: list[tuple[Decision, Reason]] = []
    if resolution.undetermined:
        which = f": {', '.join(asset.missing[:_SHOWN])}" if asset.missing else ""
        text = f"a required source could not be looked at{which}"
        found.append(
            (
                Decision(policy.on.undetermined),
                Reason(ReasonCode.UNDETERMINED, text, resolution.because),
            )
        )
    if resolution.unreadable or resolution.dark:
        what = "source" if resolution.dark else "declaration"
        text = f"a {what} that governs {resolution.use} could not be read"
        found.append(
            (
                Decision(policy.on.unreadable),
                Reason(ReasonCode.UNREADABLE, text, resolution.unreadable),
            )
        )
    if policy.on.caution is not Decision.INGEST:
        found.extend((policy.on.caution, reason) for reason in cautious)
    if not asset.licensed and policy.on.no_licence is not Decision.INGEST:
        found.append(
            (policy.on.no_licence, Reason(ReasonCode.LICENCE_CAUTION, "no licence was found"))
        )
    if not found:
        return None
    worst = max((decision for decision, _ in found), key=_WORST.__getitem__)
    return (worst, *(reason for _, reason in found))
