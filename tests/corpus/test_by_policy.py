"""The policy of today: what it adds to what was ingested, and what it takes back."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from signals_agent.corpus.by_policy import applied
from signals_agent.corpus.member import Footing, Member
from signals_agent.licences import claims, declared
from signals_agent.model.licence import Activity, ActivityAnswer
from signals_agent.model.obligation import Party
from signals_agent.policy import Policy

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WEIGHTS = Activity.RELEASE_WEIGHTS
STATEMENT = {
    "licence": "CC-BY-ND-4.0",
    "activity": "release-weights",
    "answer": "ok",
    "origins": ["https://a.example"],
    "url": "https://a.example/faq",
}
AGREEMENT = {
    "party": "A",
    "origins": ["https://a.example"],
    "activities": ["release-weights"],
    "document": "https://you.example/deal",
}


def _seen(member: Member, **keys: Any) -> Member:
    (found,) = applied([member], Policy.make(keys), NOW)
    return found


@pytest.fixture
def member() -> Member:
    licence = declared.make(claims.read("CC-BY-ND-4.0"))
    return Member("https://a.example/1", Party("a.example"), Footing((licence,)), "a list")


def _weights(member: Member) -> ActivityAnswer:
    (licence,) = member.footing.licences
    return licence.activities[WEIGHTS].answer


def test_a_statement_counts_while_the_policy_has_it(member: Member) -> None:
    """Whoever withdraws one finds the licence as it is, and not as the ledger last saw it."""
    stated = _seen(member, statement=[STATEMENT])
    assert _weights(stated) is ActivityAnswer.OK
    assert _seen(stated) == member
    assert _weights(_seen(stated, statement=[{**STATEMENT, "answer": "no"}])) is ActivityAnswer.NO
    elsewhere = {**STATEMENT, "origins": ["https://b.example"]}
    assert _seen(stated, statement=[elsewhere]) == member
    other = {**STATEMENT, "activity": "mirror"}
    mirrored = _seen(stated, statement=[other])
    assert _weights(mirrored) is ActivityAnswer.CAUTION
    assert mirrored.footing.licences[0].activities[Activity.MIRROR].answer is ActivityAnswer.OK


@pytest.mark.parametrize(
    ("changed", "counts"),
    [
        ({}, True),
        ({"until": "2026-11-21"}, False),
        ({"from": "2026-11-23"}, False),
        ({"paths": ["/archive/"]}, False),
    ],
    ids=["in force", "run out", "to come", "for another path"],
)
def test_an_agreement_counts_while_it_holds(
    member: Member, changed: Mapping[str, Any], counts: bool
) -> None:
    """For whatever it covers: a composition answers all activities, planned or not."""
    agreed = (WEIGHTS,) if counts else ()
    assert _seen(member, agreement=[{**AGREEMENT, **changed}]).footing.agreed == agreed


def test_an_agreement_that_the_policy_has_no_more_is_gone(member: Member) -> None:
    assert _seen(_seen(member, agreement=[AGREEMENT])) == member
