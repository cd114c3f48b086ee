"""What in a policy is valid and probably not meant, in sentences."""

from collections.abc import Iterator
from datetime import datetime

from signals_agent import quote, wording
from signals_agent.cli import evidence_consequences, licence_consequences
from signals_agent.contradictions import BREAKING, to_everyone
from signals_agent.licences.activities import AGAINST
from signals_agent.model.obligation import ObligationKind
from signals_agent.model.use import Use
from signals_agent.model.verdict import Decision
from signals_agent.policy import Policy
from signals_agent.promises import Commitment

_PAID = (ObligationKind.DIRECT_CONTRIBUTION, ObligationKind.ECOSYSTEM_CONTRIBUTION)


def doubts(policy: Policy, now: datetime) -> Iterator[str]:
    """Every doubt: evidence, commitments, agreements, licences, then the keys at the top."""
    yield from evidence_consequences.doubts(policy, now)
    yield from _commitments(policy, now)
    yield from _agreements(policy)
    yield from licence_consequences.doubts(policy)
    yield from _top(policy)


def _commitments(policy: Policy, now: datetime) -> Iterator[str]:
    currencies: dict[str, None] = {}
    for commitment in policy.commitment:
        if commitment.to != "*" and commitment.kind is ObligationKind.OPEN:
            yield "openness belongs to a system, not to a party: should 'to' be \"*\"?"
        if commitment.ceiling:
            currencies[commitment.ceiling.split()[0]] = None
            if commitment.kind not in _PAID:
                yield f"{commitment.subject} has a ceiling, which says something of payments only"
        if commitment.flaw(now) is None:
            yield from _at_odds(commitment, policy)
    if len(currencies) > 1:
        named = wording.series(list(currencies))
        yield f"ceilings are in {named}: each is shown as it is, and none is converted"


def _at_odds(commitment: Commitment, policy: Policy) -> Iterator[str]:
    """Planned activities beside which a commitment is odd; what breaks it is an error."""
    planned = [each for each in policy.activities if each in AGAINST.get(commitment.kind, ())]
    if planned:
        breaks = [each for each in planned if each in BREAKING[commitment.kind]]
        says = "breaks it" if breaks else "may break it"
        whom = "everyone" if to_everyone(commitment) else quote.text(commitment.to, 100)
        yield (
            f"{commitment.subject} binds you towards {whom}, and {wording.series(planned)}, which "
            f"is planned, {says} there unless it is agreed"
        )
    if commitment.kind is ObligationKind.NON_COMMERCIAL and policy.recipient.user == "commercial":
        yield f'{commitment.subject} stands beside recipient.user = "commercial"'


def _agreements(policy: Policy) -> Iterator[str]:
    intended = set(policy.uses or tuple(Use))
    for agreement in policy.agreement:
        if agreement.uses and not intended & set(agreement.uses):
            covers = wording.series([use.value for use in agreement.uses])
            yield (
                f"the agreement with {agreement.party} covers {covers}, "
                "and none of that is intended"
            )
        if not agreement.uses:
            yield (
                f"the agreement with {agreement.party} names no use: it lifts no disallow "
                "and answers nothing that a use owes"
            )
        if not agreement.document:
            yield (
                f"the agreement with {agreement.party} names no document: nothing but this "
                "policy shows that there is one"
            )
        unplanned = [each.value for each in agreement.activities if each not in policy.activities]
        if unplanned:
            yield (
                f"the agreement with {agreement.party} covers {wording.series(unplanned)}, "
                "which activities does not list as planned"
            )


def _top(policy: Policy) -> Iterator[str]:
    if not policy.tokens:
        yield "no token is given: publishers cannot address us by name"
    ours = [each.casefold() for each in policy.tokens]
    for token in dict.fromkeys(each for each in ours if ours.count(each) > 1):
        yield f"the token {policy.tokens[ours.index(token)]} is given twice"
    if policy.acquired_by and policy.acquired_by.casefold() in ours:
        yield (
            f'acquired_by = "{policy.acquired_by}" is one of our own tokens; leave it out '
            "where the bytes are our own crawl's"
        )
    if not policy.uses and "uses" in policy.model_fields_set:
        yield "uses is empty, which is read as if it were left out: all five are intended"
    if policy.preset == "strict":
        if policy.on.unknown is Decision.INGEST:
            yield (
                'preset = "strict" holds where nobody spoke, and on.unknown = "ingest" undoes that'
            )
        if policy.training_crawlers_refused == "note":
            yield (
                'preset = "strict" counts refused training crawlers as a no, and '
                'training_crawlers_refused = "note" undoes that'
            )
