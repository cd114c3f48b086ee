"""Which agreements and commitments of a policy answer what is owed for a URL (rules R26, R34)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from signals_agent import url as urls
from signals_agent.errors import InvalidURL
from signals_agent.model.asset import Asset
from signals_agent.model.licence import Activity
from signals_agent.model.obligation import Basis, Obligation
from signals_agent.model.use import Use
from signals_agent.policy import Policy
from signals_agent.promises import Agreement, Commitment
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
    """The agreements for a URL that count: in force, and what shows them is as they say."""
    return tuple(each for each in _about(policy, url) if each.flaw(now) is None)


def _about(policy: Policy, url: str) -> Iterator[Agreement]:
    """The agreements whose scope holds a URL, whether they count or not."""
    if not policy.agreement:
        return
    origin = urls.parse(url).origin
    for agreement in policy.agreement:
        if origin in agreement.origins and (
            not agreement.paths or any(_on_path(path, url) for path in agreement.paths)
        ):
            yield agreement


def lapsed(policy: Policy, use: Use, at: Iterable[str], now: datetime) -> tuple[str, ...]:
    """Why agreements that would cover this use of any of these URLs do not count."""
    return _flaws((each for url in at for each in _about(policy, url) if use in each.uses), now)


def lapsed_permits(
    policy: Policy, activity: Activity, use: Use, url: str, now: datetime
) -> tuple[str, ...]:
    """Why agreements that would cover an activity do not count."""
    return _flaws(
        (
            each
            for each in _about(policy, url)
            if activity in each.activities and (use in each.uses or not each.uses)
        ),
        now,
    )


def lapsed_answers(
    policy: Policy, obligation: Obligation, use: Use, asset: Asset
) -> tuple[str, ...]:
    """Why agreements and commitments that would answer an obligation do not count."""
    of_licence = obligation.basis is Basis.LICENCE
    speakers = _speakers(obligation, asset)
    agreements = (
        each
        for url in dict.fromkeys((*speakers, asset.url))
        for each in _about(policy, url)
        if obligation.kind in each.answers and (use in each.uses or (of_licence and not each.uses))
    )
    commitments = (
        each
        for each in policy.commitment
        if each.kind is obligation.kind
        and any(_addressed(each, obligation, url) for url in speakers)
    )
    activities_agreed = (
        each
        for activity in _triggers(obligation, asset)
        for each in lapsed_permits(policy, activity, use, asset.url, asset.now)
    )
    flaws = (*_flaws((*agreements, *commitments), asset.now), *activities_agreed)
    return tuple(dict.fromkeys(flaws))


def _flaws(entries: Iterable[Agreement | Commitment], now: datetime) -> tuple[str, ...]:
    found = (each.flaw(now) for each in entries)
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _speakers(obligation: Obligation, asset: Asset) -> tuple[str, ...]:
    """The URLs of the chain from which an obligation is asked."""
    from_ = dict.fromkeys(asset.sources.get(each, asset.url) for each in obligation.because)
    return tuple(from_) or (asset.url,)


def meets(policy: Policy, obligation: Obligation, use: Use, asset: Asset) -> bool:
    """Whether an agreement or a commitment that counts answers an obligation.

    What an earlier hop of a redirect asks is answered only by who is bound to that hop.
    """
    if _by_contract(policy, obligation, use, asset):
        return True
    speakers = _speakers(obligation, asset)
    answered = all(
        any(obligation.kind in each.answers for each in _answering(policy, obligation, use, *at))
        for at in ((url, asset.now) for url in (*speakers, asset.url))
    )
    return answered or any(
        commitment.kind is obligation.kind
        and commitment.flaw(asset.now) is None
        and all(_addressed(commitment, obligation, url) for url in speakers)
        for commitment in policy.commitment
    )


def _by_contract(policy: Policy, obligation: Obligation, use: Use, asset: Asset) -> bool:
    """Whether what speaks against activities does so only against those that are agreed."""
    triggers = _triggers(obligation, asset)
    return bool(triggers) and all(
        permitting(policy, each, use, asset.url, asset.now) for each in triggers
    )


def _triggers(obligation: Obligation, asset: Asset) -> tuple[Activity, ...]:
    """The planned activities that call for what a licence asks, where it speaks against one."""
    if obligation.basis is not Basis.LICENCE:
        return ()
    from signals_agent.licences import activities

    triggers = [each.activity for each in asset.planned if obligation.kind in each.terms.conditions]
    if not any(activities.against(obligation.kind, each) for each in triggers):
        return ()
    return tuple(triggers)


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
