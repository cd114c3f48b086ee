"""The gate: the first row of rule R27 that fits, and agreements (rule R34)."""

import pytest
from gates import AGREED, USE, access, asset, due, resolution

from signals_agent import contracts, gate
from signals_agent.model.asset import Asset
from signals_agent.model.capture import Availability
from signals_agent.model.obligation import Obligation, ObligationKind
from signals_agent.model.resolution import Access, AccessAnswer, UseResolution
from signals_agent.model.statement import Preference
from signals_agent.model.use import Use
from signals_agent.model.verdict import Decision, ReasonCode
from signals_agent.policy import Policy

CREDITS = "[[commitment]]\nkind='credit'\nevidence='https://us.example/card'\n"


@pytest.mark.parametrize(
    ("said", "reached", "looked", "owed", "toml", "decision", "codes"),
    [
        pytest.param(
            resolution(Preference.ALLOW),
            access(AccessAnswer.DISALLOWED),
            asset(),
            (),
            "",
            Decision.SKIP,
            [ReasonCode.ACCESS_REFUSED],
            id="refused access beats an allowed use",
        ),
        pytest.param(
            resolution(Preference.DISALLOW),
            access(AccessAnswer.UNDETERMINED),
            asset(),
            (),
            "",
            Decision.SKIP,
            [ReasonCode.DISALLOW],
            id="disallow beats undetermined access",
        ),
        pytest.param(
            resolution(Preference.UNDETERMINED),
            access(AccessAnswer.UNDETERMINED),
            asset(),
            (),
            "",
            Decision.HOLD,
            [ReasonCode.ACCESS_UNDETERMINED],
            id="undetermined access holds",
        ),
        pytest.param(
            resolution(Preference.UNKNOWN),
            access(),
            asset(Availability.ABSENT, 404),
            (),
            "",
            Decision.SKIP,
            [ReasonCode.NO_ASSET],
            id="nothing there is skipped",
        ),
        pytest.param(
            resolution(Preference.UNDETERMINED),
            access(),
            asset(Availability.UNAVAILABLE, 402, "pay"),
            (),
            "",
            Decision.HOLD,
            [ReasonCode.ACCESS_TERMS],
            id="terms of access hold",
        ),
        pytest.param(
            resolution(Preference.UNDETERMINED),
            access(),
            asset(Availability.UNREACHABLE, 503),
            (),
            "",
            Decision.HOLD,
            [ReasonCode.ASSET_UNREACHABLE],
            id="unreachable holds",
        ),
        pytest.param(
            resolution(Preference.UNDETERMINED),
            access(),
            asset(),
            (),
            "[on]\nundetermined='skip'",
            Decision.SKIP,
            [ReasonCode.UNDETERMINED],
            id="undetermined as the policy says",
        ),
        pytest.param(
            resolution(Preference.ALLOW, ("dec-9",)),
            access(),
            asset(),
            (),
            "",
            Decision.HOLD,
            [ReasonCode.UNREADABLE],
            id="unreadable holds even beside an allow",
        ),
        pytest.param(
            resolution(Preference.CONDITIONAL),
            access(),
            asset(),
            (due(ObligationKind.CREDIT),),
            "",
            Decision.HOLD,
            [ReasonCode.UNMET],
            id="an unmet condition holds",
        ),
        pytest.param(
            resolution(Preference.CONDITIONAL),
            access(),
            asset(),
            (due(ObligationKind.CREDIT),),
            CREDITS,
            Decision.INGEST,
            [ReasonCode.CLEAR],
            id="a met condition clears",
        ),
        pytest.param(
            resolution(Preference.ALLOW),
            access(),
            asset(),
            (due(ObligationKind.OPEN),),
            "",
            Decision.HOLD,
            [ReasonCode.UNMET],
            id="a binding condition on an allow counts (R10)",
        ),
        pytest.param(
            resolution(Preference.ALLOW),
            access(),
            asset(),
            (due(ObligationKind.OPEN, False),),
            "",
            Decision.INGEST,
            [ReasonCode.CLEAR],
            id="an advisory one does not hold",
        ),
        pytest.param(
            resolution(Preference.UNKNOWN),
            access(),
            asset(),
            (),
            "",
            Decision.INGEST,
            [ReasonCode.UNKNOWN],
            id="unknown ingests by default",
        ),
        pytest.param(
            resolution(Preference.UNKNOWN),
            access(),
            asset(),
            (),
            "preset='strict'",
            Decision.HOLD,
            [ReasonCode.UNKNOWN],
            id="unknown holds when strict",
        ),
        pytest.param(
            resolution(Preference.DISALLOW),
            access(),
            asset(),
            (),
            AGREED,
            Decision.INGEST,
            [ReasonCode.AGREEMENT],
            id="an agreement lifts a disallow",
        ),
        pytest.param(
            resolution(Preference.ALLOW),
            access(AccessAnswer.DISALLOWED),
            asset(),
            (),
            AGREED,
            Decision.INGEST,
            [ReasonCode.AGREEMENT, ReasonCode.CLEAR],
            id="and refused access",
        ),
        pytest.param(
            resolution(Preference.CONDITIONAL),
            access(),
            asset(),
            (due(ObligationKind.PAYMENT),),
            AGREED,
            Decision.INGEST,
            [ReasonCode.AGREEMENT, ReasonCode.CLEAR],
            id="and answers what it names",
        ),
        pytest.param(
            resolution(Preference.CONDITIONAL),
            access(),
            asset(),
            (due(ObligationKind.CREDIT),),
            AGREED,
            Decision.HOLD,
            [ReasonCode.AGREEMENT, ReasonCode.UNMET],
            id="and nothing that it does not name",
        ),
        pytest.param(
            resolution(Preference.DISALLOW),
            access(),
            asset(),
            (),
            AGREED.replace("2026-12-31", "2026-10-31"),
            Decision.SKIP,
            [ReasonCode.DISALLOW],
            id="an agreement that has ended lifts nothing",
        ),
        pytest.param(
            resolution(Preference.DISALLOW),
            access(),
            asset(),
            (),
            AGREED.replace("/archive/*", "/other/"),
            Decision.SKIP,
            [ReasonCode.DISALLOW],
            id="nor one for other paths",
        ),
        pytest.param(
            resolution(Preference.ALLOW),
            access(),
            asset(),
            (),
            "[on]\nno_licence='hold'",
            Decision.HOLD,
            [ReasonCode.LICENCE_CAUTION],
            id="no licence where one is wanted holds",
        ),
    ],
)
def test_the_first_row_that_fits_decides(
    said: UseResolution,
    reached: Access,
    looked: Asset,
    owed: tuple[Obligation, ...],
    toml: str,
    decision: Decision,
    codes: list[ReasonCode],
) -> None:
    decided = gate.decide(said, owed, reached, looked, Policy.parse(toml))
    assert decided.decision is decision
    assert [reason.code for reason in decided.reasons] == codes


@pytest.mark.parametrize(
    ("to", "met"),
    [
        ("*", True),
        ("press.example", True),
        ("Press.Example", True),
        ("https://press.example", True),
        ("https://press.example/archive/*", True),
        ("/archive/", True),
        ("https://other.example", False),
        ("https://press.example/blog/", False),
        ("/blog/", False),
        ("other.example", False),
    ],
)
def test_a_commitment_counts_for_whom_it_is_made(to: str, met: bool) -> None:
    policy = Policy.parse(
        f"[[commitment]]\nkind='credit'\nto={to!r}\nevidence='https://us.example/x'"
    )
    assert contracts.meets(policy, due(ObligationKind.CREDIT), USE, asset()) is met


def test_an_expired_commitment_does_not_count() -> None:
    policy = Policy.parse(CREDITS + "expires=2026-10-31")
    assert not contracts.meets(policy, due(ObligationKind.CREDIT), USE, asset())


def test_over_uses_the_worst_wins_and_its_reasons_come_first() -> None:
    policy = Policy.parse("")
    decisions = {
        use: gate.decide(
            UseResolution(use, preference, Preference.UNKNOWN), (), access(), asset(), policy
        )
        for use, preference in (
            (Use.SEARCH, Preference.ALLOW),
            (Use.TRAIN_GENERATIVE, Preference.DISALLOW),
        )
    }
    verdict = gate.verdict(decisions, {}, tuple(decisions), policy)
    assert verdict.decision is Decision.SKIP
    assert [r.code for r in verdict.reasons] == [ReasonCode.DISALLOW, ReasonCode.CLEAR]
    assert verdict.policy.sha256 == policy.sha256
