"""What a TDM policy comes to for one asset: terms, or why the reservation stays."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from signals_agent import party, quote, url
from signals_agent.model.obligation import ObligationKind, Party, Term
from signals_agent.odrl.nouns import Action, Assigner, Duty, Permission, Purpose, TdmPolicy
from signals_agent.robots import match
from signals_agent.robots.match import pattern

_KINDS: Final = {
    Action.ATTRIBUTE: ObligationKind.CREDIT,
    Action.COMPENSATE: ObligationKind.PAYMENT,
    Action.OBTAIN_CONSENT: ObligationKind.PERMISSION,
}
_EASE: Final = tuple(Action)
_LIMITS: Final = {
    Purpose.RESEARCH: (
        "Mine the asset for scientific research only; the TDM policy offers this for no other "
        "purpose."
    ),
    Purpose.NON_RESEARCH: (
        "Mine the asset for purposes other than research; the TDM policy offers this for no other "
        "purpose."
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is to be said about a policy: a note's code without its family's name, and a sentence.

    ``warning`` says that it matters more than for information.
    """

    code: str
    summary: str
    warning: bool = True


@dataclass(frozen=True, slots=True)
class Offer:
    """What is asked in return, and in which permission; no terms: the reservation stays."""

    terms: tuple[Term, ...] = ()
    permission: Permission | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks: the asset's URL, where its policy was named, and the recipient's user type."""

    asset: str
    named_in: str
    user: str = ""


def offer(policy: TdmPolicy, at: str, asking: Asking) -> Offer:
    """What a policy, read from the URL ``at``, offers for an asset.

    Of several permissions the least demanding counts (rule R18): one for every purpose
    first, then the one with the fewest and easiest duties. One that asks for nothing is
    passed over: it contradicts the reservation that names it.
    """
    findings: list[Finding] = []
    if policy.page:
        return _refused("policy-html", "the policy is a page for people; it is kept as a link", at)
    if policy.failure:
        return _refused("policy-unreadable", f"the policy cannot be read: {policy.failure}", at)
    if policy.salvaged:
        summary = "the policy is not quite JSON (a comma, a comment); it is read as it is meant"
        findings.append(Finding("policy-salvaged", summary))
    if policy.prohibits:
        summary = "the policy holds a prohibition, which no permission beside it lifts"
        return Offer(findings=(*findings, Finding("policy-prohibits", summary)))
    fitting: list[Permission] = []
    against: dict[Finding, None] = {}
    for permission in policy.permissions:
        reasons = list(_against(permission, at, asking.asset))
        against.update(dict.fromkeys(reasons))
        if not reasons:
            fitting.append(permission)
    if not fitting:
        none = Finding("policy-no-permission", "the policy permits nothing that is understood")
        return Offer(findings=(*findings, *(against or (none,))))
    chosen = min(fitting, key=lambda one: _demands(one, asking.user))
    if len(fitting) > 1:
        summary = f"of {len(fitting)} permissions that fit, the least demanding counts"
        findings.append(Finding("policy-alternatives", summary, warning=False))
    return Offer(_terms(chosen, at, asking), chosen, tuple(findings))


def _refused(code: str, summary: str, at: str) -> Offer:
    return Offer(findings=(Finding(code, f"{summary}: {quote.text(at, 300)}"),))


def _against(permission: Permission, at: str, asset: str) -> Iterable[Finding]:
    """Why a permission does not count for an asset."""
    if not permission.mines:
        shown = quote.text(", ".join(permission.actions) or "none", 100)
        summary = f"a permission is not for mining; its action: {shown}"
        yield Finding("policy-no-permission", summary)
        return
    if permission.unknown or len(permission.purposes) > 1:
        shown = quote.text(", ".join(permission.unknown) or "two purposes at once", 200)
        summary = f"a permission is limited in a way that is not understood: {shown}"
        yield Finding("policy-unknown-constraint", summary)
    unknown = [duty.written for duty in permission.duties if duty.action is None]
    if unknown:
        summary = f"a permission asks for what is not known: {quote.text(', '.join(unknown), 200)}"
        yield Finding("policy-unknown-duty", summary)
    if permission.targets and not any(_covers(one, at, asset) for one in permission.targets):
        shown = quote.text(permission.targets[0], 200)
        yield Finding("policy-not-covering", f"a permission is for something else: {shown}")
    if not permission.duties and not permission.purposes:
        summary = "a permission asks for nothing, against the reservation that names the policy"
        yield Finding("policy-no-duty", summary)


def _covers(written: str, at: str, asset: str) -> bool:
    """Whether a target is a place on the asset's origin that the asset stands at or below.

    It names a collection, so one that is no place (a URN, a fragment) covers nothing that
    we could know of. ``*`` and ``$`` are read as in the site file.
    """
    meant = url.join(at, written)
    if meant is None or "#" in written or not written.strip():
        return False
    whole = url.parse(asset)
    if meant.origin != whole.origin:
        return False
    if "*" in meant.target or meant.target.endswith("$"):
        return pattern(meant.target.encode()).matches(match.target(whole.target))
    place, path = match.target(meant.target), match.target(whole.target)
    if not path.startswith(place):
        return False
    rest = path[len(place) :]
    below = (b"&",) if b"?" in place else (b"/", b"?")
    return not rest or place.endswith(b"/") or rest.startswith(below)


def _demands(permission: Permission, user: str) -> tuple[bool, bool, int, int]:
    """How much a permission asks, the least first; who mines commercially, for research last."""
    duties = [_EASE.index(duty.action) + 1 for duty in permission.duties if duty.action]
    research = Purpose.RESEARCH in permission.purposes
    return (
        bool(permission.purposes),
        research and user == "commercial",
        max(duties, default=0),
        len(set(duties)),
    )


_ASKING: Final = (Action.OBTAIN_CONSENT, Action.COMPENSATE)


def _terms(permission: Permission, at: str, asking: Asking) -> tuple[Term, ...]:
    assigner = permission.assigner
    page = url.join(at, assigner.licensing) if assigner and assigner.licensing else None
    made = [
        Term(
            kind=_KINDS[action],
            signal=f"tdmrep:{action}",
            text=_text(action, [duty for duty in permission.duties if duty.action is action])
            + (_reached(assigner) if action in _ASKING else ""),
        )
        for action in Action
        if any(duty.action is action for duty in permission.duties)
    ]
    made += [
        Term(ObligationKind.USE_RESTRICTIONS, f"tdmrep:{purpose}", _LIMITS[purpose])
        for purpose in permission.purposes
    ]
    terms_url = page.text if page else at
    return tuple(
        replace(term, terms_url=terms_url, party=_declaring(assigner, at, term, asking.named_in))
        for term in made
    )


def _reached(assigner: Assigner | None) -> str:
    """By which mail the assigner says that it can be asked, behind the text of a duty."""
    mail = assigner.mail.removeprefix("mailto:") if assigner else ""
    return f" Its address: {quote.text(mail, 300)}." if mail else ""


def _declaring(assigner: Assigner | None, at: str, term: Term, named_in: str) -> Party:
    """The assigner; where none is named, who named the policy: it may stand elsewhere."""
    if assigner is None:
        return party.declaring(term, named_in)
    found = url.join(at, assigner.url) if assigner.url else None
    mail = assigner.url if assigner.url.lower().startswith("mailto:") else None
    name = assigner.name
    if found is not None and name == assigner.url:
        name = found.host
    return Party(name, found.text if found else mail, inferred=False)


def _text(action: Action, duties: list[Duty]) -> str:
    if action is Action.OBTAIN_CONSENT:
        return "Obtain the rightsholder's consent before the asset is mined."
    if action is Action.COMPENSATE:
        prices = ", ".join(dict.fromkeys(duty.price for duty in duties if duty.price))
        asked = f" The policy asks for {quote.text(prices, 300)}." if prices else ""
        return f"Agree with the rightsholder on payment before the asset is mined.{asked}"
    names = ", ".join(dict.fromkeys(duty.credited for duty in duties if duty.credited))
    whom = quote.text(names, 300) if names else "the rightsholder"
    return f"Credit {whom} for the use of the asset."
