"""Which agreements and commitments of a policy answer what is owed for a URL (rules R26, R34)."""

from collections.abc import Sequence
from datetime import datetime

from signals_agent import url as urls
from signals_agent.errors import InvalidURL
from signals_agent.model.asset import Asset
from signals_agent.model.licence import Activity
from signals_agent.model.obligation import Basis, Obligation
from signals_agent.model.use import Use
from signals_agent.policy import Agreement, Commitment, Policy, in_force
from signals_agent.robots import match


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
        if policy.agreement and all(permitting(policy, activity, use, url, now) for use in uses)
    )


def permitting(
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
        permitting(policy, each, use, asset.url, asset.now) for each in triggers
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
        party = _origin(obligation.to.url)
        if parsed.target == "/" and party is not None:
            return party == parsed.origin
        here = urls.parse(url)
        return here.origin == parsed.origin and _on_path(parsed.target, url)
    return to.casefold() == obligation.to.name.casefold()


def _origin(address: str | None) -> str | None:
    """The origin of a party's address; ``None`` where it has none (of mail, say)."""
    try:
        return urls.parse(address).origin if address else None
    except InvalidURL:
        return None


def _on_path(path: str, url: str) -> bool:
    pattern = match.pattern(path.encode())
    return pattern.matches(match.target(urls.parse(url).target))
