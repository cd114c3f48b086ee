"""The only place that says yes or no: what a policy makes of a resolution (rule R27)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from signals_agent import url as urls
from signals_agent.model.capture import Availability
from signals_agent.model.licence import Activity, ActivityAnswer, Planned
from signals_agent.model.obligation import Basis, Obligation, ObligationKind
from signals_agent.model.resolution import Access, AccessAnswer, UseResolution
from signals_agent.model.statement import Preference
from signals_agent.model.use import Use
from signals_agent.model.verdict import Decision, PolicyRecord, Reason, ReasonCode, Verdict
from signals_agent.policy import Agreement, Commitment, Policy, in_force
from signals_agent.robots import match

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
class Asset:
    """How looking at the asset ended, as far as the gate cares.

    ``terms`` is a few words where the response states terms of access (402, or 401 and
    403 with terms), else empty. ``sources`` maps a declaration id to the URL on the
    chain from which it speaks. ``training_refused`` says that rule R37 holds.
    ``licensed`` says whether a licence counts for it, and ``planned`` what those that do
    answer for the planned activities.
    """

    url: str
    availability: Availability
    status: int | None
    terms: str
    now: datetime
    sources: dict[str, str]
    training_refused: bool = False
    licensed: bool = False
    planned: tuple[Planned, ...] = ()


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
    agreements = covering(policy, use, asset.url, asset.now)
    permitting = (
        each
        for planned in asset.planned
        for each in _permitting(policy, planned.activity, use, asset.url, asset.now)
    )
    first = tuple(_agreed(each) for each in dict.fromkeys((*agreements, *permitting)))

    def decided(decision: Decision, *reasons: Reason, unmet: tuple[str, ...] = ()) -> UseDecision:
        return UseDecision(decision, (*first, *reasons), unmet)

    refused = (
        [hop for hop in access.hops if hop.answer is AccessAnswer.DISALLOWED]
        if access.answer is AccessAnswer.DISALLOWED
        else []
    )
    if refused and not all(covering(policy, use, hop.url, asset.now) for hop in refused):
        rules = "; ".join(hop.rule or "its rules" for hop in refused)
        text = f"robots.txt refuses access ({rules})"
        return decided(Decision.SKIP, Reason(ReasonCode.ACCESS_REFUSED, text))
    if resolution.preference is Preference.DISALLOW and not _lifted(resolution, asset, policy):
        text = f"{use} is disallowed"
        return decided(Decision.SKIP, Reason(ReasonCode.DISALLOW, text, resolution.because))
    nobody = resolution.preference in (Preference.UNKNOWN, Preference.UNDETERMINED)
    if not agreements and nobody and _refused_like_others(use, asset, policy):
        text = "robots.txt refuses training crawlers, and the policy counts that as a disallow"
        return decided(Decision.SKIP, Reason(ReasonCode.DISALLOW, text))
    if access.answer is not AccessAnswer.ALLOWED and any(
        hop.answer is AccessAnswer.UNDETERMINED for hop in access.hops
    ):
        text = "robots.txt could not be looked at, so access is undetermined"
        return decided(Decision.HOLD, Reason(ReasonCode.ACCESS_UNDETERMINED, text))
    if asset.terms:
        unmet = _unmet(obligations, use, asset, policy)
        reason = _on_terms(obligations, unmet, asset)
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
        reason = Reason(ReasonCode.UNMET, f"not committed to: {_named(unmet)}", _behind(unmet))
        return decided(Decision.HOLD, reason, unmet=tuple(due.id for due in unmet))
    if resolution.preference is Preference.UNKNOWN and not agreements:
        return decided(policy.on.unknown, _unknown(use, policy.on.unknown), *cautious)
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


def covering(policy: Policy, use: Use, url: str, now: datetime) -> tuple[Agreement, ...]:
    """The agreements in force whose scope holds this use of this URL (rule R34)."""
    return tuple(each for each in _in_scope(policy, url, now) if use in each.uses)


def agreed(policy: Policy, uses: Sequence[Use], url: str, now: datetime) -> tuple[Activity, ...]:
    """The planned activities that agreements cover for every one of the uses (rule R34).

    For these the contract holds, and no longer what a licence has against them.
    """
    return tuple(
        activity
        for activity in policy.activities
        if policy.agreement and all(_permitting(policy, activity, use, url, now) for use in uses)
    )


def _permitting(
    policy: Policy, activity: Activity, use: Use, url: str, now: datetime
) -> tuple[Agreement, ...]:
    """The agreements that cover an activity, for this use or for whatever use (rule R34)."""
    return tuple(
        each
        for each in _in_scope(policy, url, now)
        if activity in each.activities and (use in each.uses or not each.uses)
    )


def _answering(
    policy: Policy, obligation: Obligation, use: Use, url: str, now: datetime
) -> tuple[Agreement, ...]:
    """The agreements that may answer an obligation for this use (rule R34).

    One that names activities and no uses answers what a licence asks of them, and no
    condition of a preference: that was stated for a use.
    """
    of_licence = obligation.basis is Basis.LICENCE
    return tuple(
        each
        for each in _in_scope(policy, url, now)
        if use in each.uses or (of_licence and not each.uses)
    )


def _in_scope(policy: Policy, url: str, now: datetime) -> tuple[Agreement, ...]:
    if not policy.agreement:
        return ()
    origin = urls.parse(url).origin
    return tuple(
        agreement
        for agreement in policy.agreement
        if in_force(agreement.from_, agreement.until, now)
        and origin in agreement.origins
        and (not agreement.paths or any(_on_path(path, url) for path in agreement.paths))
    )


def meets(policy: Policy, obligation: Obligation, use: Use, asset: Asset) -> bool:
    """Whether an agreement or a commitment in force answers an obligation.

    What an earlier hop of a redirect asks is answered only by who is bound to that hop.
    """
    if _by_contract(policy, obligation, use, asset):
        return True
    speakers = {asset.sources.get(each, asset.url) for each in obligation.because} or {asset.url}
    answered = all(
        any(obligation.kind in each.answers for each in _answering(policy, obligation, use, *at))
        for at in ((url, asset.now) for url in (*speakers, asset.url))
    )
    return answered or any(
        commitment.kind is obligation.kind
        and in_force(None, commitment.expires, asset.now)
        and all(_addressed(commitment, obligation, url) for url in speakers)
        for commitment in policy.commitment
    )


def _by_contract(policy: Policy, obligation: Obligation, use: Use, asset: Asset) -> bool:
    """Whether what speaks against activities does so only against those that are agreed."""
    if obligation.basis is not Basis.LICENCE:
        return False
    from signals_agent.licences import activities

    triggers = [each.activity for each in asset.planned if obligation.kind in each.terms.conditions]
    return any(activities.against(obligation.kind, each) for each in triggers) and all(
        _permitting(policy, each, use, asset.url, asset.now) for each in triggers
    )


def _addressed(commitment: Commitment, obligation: Obligation, url: str) -> bool:
    """Whether a commitment is made to whom the obligation is owed, or for this URL's path."""
    to = commitment.to
    if to == "*":
        return True
    if to.startswith("/"):
        return _on_path(to, url)
    if "://" in to:
        parsed = urls.parse(to)
        if parsed.target == "/" and obligation.to.url is not None:
            return urls.parse(obligation.to.url).origin == parsed.origin
        here = urls.parse(url)
        return here.origin == parsed.origin and _on_path(parsed.target, url)
    return to.casefold() == obligation.to.name.casefold()


def _on_path(path: str, url: str) -> bool:
    pattern = match.pattern(path.encode())
    return pattern.matches(match.target(urls.parse(url).target))


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
    speakers = {asset.sources.get(each, asset.url) for each in resolution.because} or {asset.url}
    return all(covering(policy, resolution.use, url, asset.now) for url in (*speakers, asset.url))


def _refused_like_others(use: Use, asset: Asset, policy: Policy) -> bool:
    """Whether the policy counts the refusal of training crawlers, and the use is training."""
    training = use in (Use.TRAIN_GENERATIVE, Use.TRAIN_OTHER)
    return training and asset.training_refused and policy.training_crawlers_refused == "disallow"


def _unmet(
    obligations: Sequence[Obligation], use: Use, asset: Asset, policy: Policy
) -> tuple[Obligation, ...]:
    """The binding obligations that neither an agreement nor a commitment answers."""
    return tuple(
        each for each in obligations if each.binding and not meets(policy, each, use, asset)
    )


def _named(owed: Sequence[Obligation]) -> str:
    return ", ".join(dict.fromkeys(f"{due.kind} to {due.to.name}" for due in owed))


def _behind(owed: Sequence[Obligation]) -> tuple[str, ...]:
    """The declarations behind obligations, each once."""
    return tuple(dict.fromkeys(each for due in owed for each in due.because))


def _on_terms(
    obligations: Sequence[Obligation], unmet: Sequence[Obligation], asset: Asset
) -> Reason:
    """Row 4: the asset is to be had on terms only. Agreed terms bring no asset yet (R28)."""
    owed = tuple(each for each in obligations if each.binding)
    text = f"the site states terms: {asset.terms}"
    if unmet:
        payments = (due.text for due in unmet if due.kind is ObligationKind.PAYMENT)
        text = " ".join((f"{text}; owed: {_named(unmet)}.", *dict.fromkeys(payments)))
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
            f"{each.activity} {says} {' and '.join(each.licences)}: {each.terms.reason}"
            + (f" Instead: {each.terms.instead}" if each.terms.instead else ""),
            each.because,
        )
        for each in asset.planned
        if each.terms.answer is answer
        and not _permitting(policy, each.activity, use, asset.url, asset.now)
    )


def _in_the_dark(
    resolution: UseResolution, cautious: tuple[Reason, ...], asset: Asset, policy: Policy
) -> tuple[Decision, *tuple[Reason, ...]] | None:
    """Row 6: what could not be found out, could not be read, or no licence plainly permits."""
    found: list[tuple[Decision, Reason]] = []
    if resolution.undetermined:
        text = "a required source could not be looked at"
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
