"""What a policy comes to, in words."""

from collections.abc import Iterator
from datetime import datetime

from signals_agent import quote, wording
from signals_agent.cli import evidence_consequences, licence_consequences, policy_doubts
from signals_agent.model.obligation import ObligationKind
from signals_agent.model.use import Use
from signals_agent.model.verdict import Decision
from signals_agent.policy import Policy
from signals_agent.promises import Commitment
from signals_agent.terminal import PLAIN, Screen, pad, wrap

_COLOURS = {Decision.INGEST: "green", Decision.HOLD: "yellow", Decision.SKIP: "red"}
_LABEL = 54
_VALUE = 200
"""Characters of a value that are shown."""
_VENDORS = {
    "bing": "noarchive and nocache for training and input, as Bing means them",
    "google": "nosnippet for input, as Google means it",
}


def lines(policy: Policy, now: datetime, screen: Screen = PLAIN) -> Iterator[str]:
    """The lines to print: what does not count, situations, promises, licences, doubts."""
    yield from evidence_consequences.headline(policy, now, screen)
    yield from _who(policy, screen)
    yield ""
    yield from _situations(policy, now, screen)
    yield ""
    yield from _commitments(policy, now, screen)
    yield from _agreements(policy, now, screen)
    yield from licence_consequences.lines(policy, now, screen)
    doubts = list(policy_doubts.doubts(policy, now))
    if doubts:
        yield ""
        yield screen.paint("To look at again", "bold")
        for doubt in doubts:
            yield from wrap(doubt, screen.columns, "  - ")


def _who(policy: Policy, screen: Screen) -> Iterator[str]:
    yield f"  preset {policy.preset}, sha256 {policy.sha256[:12]}"
    if policy.preset == "observe":
        yield from wrap(
            "verdicts are those below, told and counted; wrappers drop nothing by them",
            screen.columns,
            "  only observes: ",
        )
    tokens = wording.series(policy.tokens) or "SignalsAgent, unless --token says otherwise"
    crawl = f"; the bytes come from {policy.acquired_by}" if policy.acquired_by else ""
    yield from wrap(tokens + crawl, screen.columns, "  known to robots.txt as: ")
    uses = policy.uses or tuple(Use)
    unsaid = "" if policy.uses else " (none is named, so all are intended)"
    means = [f"{use} ({wording.USES[use]})" for use in uses]
    yield from wrap(wording.series(means) + unsaid, screen.columns, "  intends: ")
    if policy.activities:
        planned = wording.series([activity.value for activity in policy.activities])
        yield from wrap(planned, screen.columns, "  plans: ")
    if policy.vendor_semantics:
        means = [_VENDORS[vendor] for vendor in policy.vendor_semantics]
        yield from wrap(wording.series(means), screen.columns, "  counts as a no: ")
    who = [each for each in (policy.recipient.user, policy.recipient.country) if each]
    said = ", ".join(who) or "not said, so what is offered to some recipients only is not for us"
    yield from wrap(said, screen.columns, "  recipient: ")


def _situations(policy: Policy, now: datetime, screen: Screen) -> Iterator[str]:
    """One line for each row of rule R27, in its order."""
    agreed = any(each.flaw(now) is None for each in policy.agreement)
    lifted = " unless an agreement lifts it" if agreed else ""
    rows: list[tuple[str, Decision, str]] = [
        ("robots.txt refuses access", Decision.SKIP, lifted),
        ("the publisher says no to an intended use", Decision.SKIP, lifted),
        ("robots.txt could not be looked at", Decision.HOLD, ""),
        ("there is no asset (404, 410, other 4xx)", Decision.SKIP, ""),
        ("the site states terms of access (402, 401, 403)", Decision.HOLD, ""),
        ("the asset could not be reached", Decision.HOLD, ""),
        *licence_consequences.situations(policy, lifted),
        ("a required source could not be looked at", Decision(policy.on.undetermined), ""),
        ("a declaration is there and cannot be read", Decision(policy.on.unreadable), ""),
        ("something is owed and not committed to", Decision.HOLD, " naming it"),
        ("everyone was asked and nobody spoke", policy.on.unknown, ""),
        ("the use is allowed, or all that is owed is met", Decision.INGEST, ""),
    ]
    if policy.training_crawlers_refused == "disallow":
        rows.insert(
            2, ("training is meant, and training crawlers are refused", Decision.SKIP, lifted)
        )
    if policy.on.no_licence is not Decision.INGEST:
        rows.insert(-3, ("no licence was found", policy.on.no_licence, ""))
    yield screen.paint("What happens where", "bold")
    for situation, decision, more in rows:
        shown = screen.paint(decision, _COLOURS[decision])
        yield f"  {pad(situation, _LABEL)}{shown}{more}".rstrip()
    yield from wrap(
        "The first that fits decides a use, and the worst use decides the asset. A site that "
        "answered nothing is never ingested.",
        screen.columns,
        "  ",
    )
    meant = "kept" if policy.on.tightened == "keep" else "dropped"
    yield from wrap(
        f"What was ingested and has stricter declarations by now is {meant}, and reported with "
        "both readings.",
        screen.columns,
        "  ",
    )


def _commitments(policy: Policy, now: datetime, screen: Screen) -> Iterator[str]:
    yield screen.paint("Committed to", "bold")
    for commitment in policy.commitment:
        if commitment.flaw(now) is None:
            yield from _commitment(commitment, screen)
    kinds = {each.kind for each in policy.commitment if each.flaw(now) is None}
    kinds |= {kind for each in policy.agreement if each.flaw(now) is None for kind in each.answers}
    never = [
        kind.value
        for kind in ObligationKind
        if kind not in kinds and kind is not ObligationKind.CONVEY_PREFERENCES
    ]
    if never:
        yield from wrap(
            f"Whatever asks for {wording.series(never)} is held: nothing here answers it.",
            screen.columns,
            "  ",
        )


def _commitment(commitment: Commitment, screen: Screen) -> Iterator[str]:
    to = "everyone" if commitment.to == "*" else quote.text(commitment.to, _VALUE)
    facts = [f"to {to}"]
    facts += [f"up to {commitment.ceiling}"] if commitment.ceiling else []
    proofs = [
        f"{quote.text(value, _VALUE)} ({evidence_consequences.shown(found)})"
        for key, value, found in commitment.checks()
        # That a ceiling is an amount needs no saying, and what fails stands above.
        if key != "ceiling" and found.counts
    ]
    facts += [f"shown by {wording.series(proofs)}"] if proofs else []
    facts += filter(None, [evidence_consequences.until(commitment)])
    yield from wrap(
        f"{wording.DUTIES[commitment.kind]}; {', '.join(facts)}",
        screen.columns,
        f"  {commitment.kind}: ",
        "      ",
    )


def _agreements(policy: Policy, now: datetime, screen: Screen) -> Iterator[str]:
    standing = [each for each in policy.agreement if each.flaw(now) is None]
    if not standing:
        return
    yield ""
    yield screen.paint("Agreements", "bold")
    for agreement in standing:
        where = wording.series(agreement.origins)
        where += f" ({wording.series(agreement.paths)})" if agreement.paths else ""
        covers = [use.value for use in agreement.uses]
        covers += [activity.value for activity in agreement.activities]
        facts = [f"{where}, for {wording.series(covers)}"]
        if agreement.answers:
            facts.append("answers " + wording.series([kind.value for kind in agreement.answers]))
        facts += [
            f"{key} {quote.text(value, _VALUE)} ({evidence_consequences.shown(found)})"
            for key, value, found in agreement.checks()
        ]
        facts.append(evidence_consequences.until(agreement))
        party = quote.text(agreement.party, _VALUE)
        yield from wrap("; ".join(facts), screen.columns, f"  {party}: ", "      ")
