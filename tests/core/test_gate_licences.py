"""The gate where licences speak: rows five and six of rule R27, and agreements on activities."""

import pytest
from gates import AGREED, NOW, URL, USE, access, asset, resolution

from signals_agent import contracts, gate
from signals_agent.model.asset import Asset
from signals_agent.model.capture import Availability
from signals_agent.model.licence import Activity, ActivityAnswer, ActivityTerms, Planned
from signals_agent.model.obligation import Basis, Obligation, ObligationKind, Party
from signals_agent.model.resolution import UseResolution
from signals_agent.model.statement import Preference
from signals_agent.model.verdict import Decision, ReasonCode
from signals_agent.policy import Policy


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
