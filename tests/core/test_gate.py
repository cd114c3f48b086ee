"""The gate: the first row of rule R27 that fits, and agreements (rule R34)."""

from datetime import UTC, datetime

import pytest

from signals_agent import contracts, gate
from signals_agent.model.asset import Asset
from signals_agent.model.capture import Availability
from signals_agent.model.licence import Activity, ActivityAnswer, ActivityTerms, Planned
from signals_agent.model.obligation import Basis, Obligation, ObligationKind, Party
from signals_agent.model.resolution import Access, AccessAnswer, HopAccess, UseResolution
from signals_agent.model.statement import Preference
from signals_agent.model.use import Use
from signals_agent.model.verdict import Decision, ReasonCode
from signals_agent.policy import Policy

URL = "https://press.example/archive/1"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
USE = Use.TRAIN_GENERATIVE


def access(answer: AccessAnswer = AccessAnswer.ALLOWED) -> Access:
    return Access(answer, (HopAccess(URL, answer),))


def asset(state: Availability = Availability.PRESENT, status: int = 200, terms: str = "") -> Asset:
    return Asset(URL, state, status, terms, NOW, {})


def resolution(preference: Preference, unreadable: tuple[str, ...] = ()) -> UseResolution:
    return UseResolution(
        USE,
        preference,
        Preference.UNKNOWN,
        unreadable=unreadable,
        undetermined=preference is Preference.UNDETERMINED,
    )


def due(kind: ObligationKind, binding: bool = True) -> Obligation:
    to = Party("press.example", "https://press.example")
    return Obligation("obl-1", kind, binding, Basis.PREFERENCE, "cc-cr", to, "text", ("dec-1",))


AGREED = (
    "[[agreement]]\nparty='Press'\norigins=['https://press.example']\npaths=['/archive/*']\n"
    "uses=['train-generative']\nanswers=['payment']\nuntil=2026-12-31\n"
)
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
    policy = Policy.parse(f"[[commitment]]\nkind='credit'\nto={to!r}\nevidence='x'")
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


def plan(
    answer: ActivityAnswer, activity: Activity = Activity.MIRROR, instead: str | None = None
) -> Planned:
    terms = ActivityTerms(answer, (), "So it is.", instead)
    return Planned(activity, terms, ("CC-BY-ND-4.0", "CC-BY-NC-4.0"), ("dec-1", "dec-2"))


def licensed(*planned: Planned) -> Asset:
    return Asset(
        URL, Availability.PRESENT, 200, "", NOW, {}, licensed=bool(planned), planned=planned
    )


COVERED = "[[agreement]]\nparty='P'\norigins=['https://press.example']\nactivities=['mirror']\n"
FOR_SEARCH = COVERED + "uses=['search']\n"
NO, CAUTION, OK = ActivityAnswer.NO, ActivityAnswer.CAUTION, ActivityAnswer.OK
UNKNOWN, ALLOW = resolution(Preference.UNKNOWN), resolution(Preference.ALLOW)


@pytest.mark.parametrize(
    ("said", "answers", "toml", "decision", "codes"),
    [
        pytest.param(
            ALLOW,
            [OK],
            "",
            Decision.INGEST,
            [ReasonCode.CLEAR],
            id="what is permitted gives no reason of its own",
        ),
        pytest.param(
            resolution(Preference.UNDETERMINED),
            [NO],
            "",
            Decision.SKIP,
            [ReasonCode.LICENCE_FORBIDS],
            id="a licence that forbids comes before what could not be found out",
        ),
        pytest.param(
            resolution(Preference.UNDETERMINED, ("dec-9",)),
            [CAUTION],
            "[on]\ncaution='ingest'\nundetermined='skip'",
            Decision.SKIP,
            [ReasonCode.UNDETERMINED, ReasonCode.UNREADABLE],
            id="of row 6 the worst wins, and caution that is ingested is not among it",
        ),
        pytest.param(
            ALLOW,
            [CAUTION],
            "[on]\ncaution='ingest'",
            Decision.INGEST,
            [ReasonCode.CLEAR, ReasonCode.LICENCE_CAUTION],
            id="it is told all the same beside a clear answer",
        ),
        pytest.param(
            UNKNOWN,
            [NO],
            COVERED,
            Decision.INGEST,
            [ReasonCode.AGREEMENT, ReasonCode.UNKNOWN],
            id="an agreement on the activity covers it for any use",
        ),
        pytest.param(
            UNKNOWN,
            [CAUTION],
            COVERED,
            Decision.INGEST,
            [ReasonCode.AGREEMENT, ReasonCode.UNKNOWN],
            id="and what needs review",
        ),
        pytest.param(
            UNKNOWN,
            [NO],
            FOR_SEARCH,
            Decision.SKIP,
            [ReasonCode.LICENCE_FORBIDS],
            id="one for another use does not",
        ),
        pytest.param(
            UNKNOWN,
            [NO],
            COVERED + "until=2026-10-31\n",
            Decision.SKIP,
            [ReasonCode.LICENCE_FORBIDS],
            id="nor one that has ended",
        ),
        pytest.param(
            UNKNOWN,
            [NO],
            COVERED.replace("'mirror'", "'release-weights'"),
            Decision.SKIP,
            [ReasonCode.LICENCE_FORBIDS],
            id="nor one on another activity",
        ),
        pytest.param(
            resolution(Preference.DISALLOW),
            [NO],
            COVERED,
            Decision.SKIP,
            [ReasonCode.AGREEMENT, ReasonCode.DISALLOW],
            id="an agreement on activities alone lifts no disallow",
        ),
        pytest.param(
            resolution(Preference.DISALLOW),
            [CAUTION],
            AGREED + "activities=['mirror']\n",
            Decision.INGEST,
            [ReasonCode.AGREEMENT],
            id="one on use and activity is told once, and lifts both",
        ),
        pytest.param(
            resolution(Preference.DISALLOW),
            [CAUTION],
            AGREED + "[on]\ncaution='ingest'\n",
            Decision.INGEST,
            [ReasonCode.AGREEMENT, ReasonCode.LICENCE_CAUTION],
            id="caution that is ingested is told beside the agreement that decides",
        ),
    ],
)
def test_licences_stand_in_rows_five_and_six(
    said: UseResolution,
    answers: list[ActivityAnswer],
    toml: str,
    decision: Decision,
    codes: list[ReasonCode],
) -> None:
    looked = licensed(*(plan(answer) for answer in answers))
    decided = gate.decide(said, (), access(), looked, Policy.parse(toml))
    assert decided.decision is decision
    assert [reason.code for reason in decided.reasons] == codes


def test_a_reason_names_activity_licences_and_what_to_do_instead() -> None:
    looked = licensed(
        plan(NO, instead="Link to it."), plan(CAUTION, Activity.RELEASE_WEIGHTS), plan(OK)
    )
    decided = gate.decide(UNKNOWN, (), access(), looked, Policy.parse(""))
    assert [(reason.text, reason.because) for reason in decided.reasons] == [
        (
            (
                "mirror is not permitted by CC-BY-ND-4.0 and CC-BY-NC-4.0: So it is. "
                "Instead: Link to it."
            ),
            ("dec-1", "dec-2"),
        ),
        (
            "release-weights needs review under CC-BY-ND-4.0 and CC-BY-NC-4.0: So it is.",
            ("dec-1", "dec-2"),
        ),
    ]


@pytest.mark.parametrize(
    ("basis", "toml", "met"),
    [
        pytest.param(Basis.LICENCE, COVERED + "answers=['credit']", True, id="of a licence"),
        pytest.param(Basis.PREFERENCE, COVERED + "answers=['credit']", False, id="of a preference"),
        pytest.param(Basis.LICENCE, COVERED, False, id="that it does not name"),
        pytest.param(Basis.LICENCE, FOR_SEARCH + "answers=['credit']", False, id="for another use"),
    ],
)
def test_an_agreement_on_activities_answers_what_a_licence_asks(
    basis: Basis, toml: str, met: bool
) -> None:
    to = Party("press.example", "https://press.example")
    owed = Obligation("obl-1", ObligationKind.CREDIT, True, basis, "x", to, "text", ("dec-1",))
    assert contracts.meets(Policy.parse(toml), owed, USE, asset()) is met
