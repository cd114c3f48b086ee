"""Row 4 of rule R27: an asset that is to be had on terms only is held, and says which."""

import pytest
from press import NOW, URL

import signals_agent as sa
from signals_agent import gate
from signals_agent.model.asset import Asset
from signals_agent.model.capture import Availability
from signals_agent.model.obligation import Basis, Obligation, ObligationKind, Party
from signals_agent.model.resolution import Access, AccessAnswer, HopAccess, UseResolution
from signals_agent.model.statement import Preference
from signals_agent.model.use import Use
from signals_agent.policy import Policy

USE = Use.TRAIN_GENERATIVE
AGREED = {"party": "Press", "origins": ["https://press.example"], "uses": ["train-generative"]}
CREDITS = {"kind": "credit", "to": "*", "evidence": "https://us.example/card"}
TERMS = "402 Payment Required"


def due(kind: ObligationKind, text: str = "Do it.", *, binding: bool = True) -> Obligation:
    to = Party("press.example", "https://press.example")
    return Obligation(
        f"obl-{kind}", kind, binding, Basis.PREFERENCE, "x", to, text, (f"dec-{kind}",)
    )


PAY = due(ObligationKind.PAYMENT, "Pay USD 0.01 per request.")
CREDIT = due(ObligationKind.CREDIT)


def decide(*owed: Obligation, terms: str = TERMS, **policy: object) -> gate.UseDecision:
    return gate.decide(
        UseResolution(USE, Preference.CONDITIONAL, Preference.UNDETERMINED),
        owed,
        Access(AccessAnswer.ALLOWED, (HopAccess(URL, AccessAnswer.ALLOWED),)),
        Asset(URL, Availability.UNAVAILABLE, 402, terms, NOW, {}),
        Policy.make(policy),
    )


def told(decided: gate.UseDecision) -> list[tuple[str, str, tuple[str, ...]]]:
    assert decided.decision is sa.Decision.HOLD
    return [(str(each.code), each.text, each.because) for each in decided.reasons]


def test_what_is_owed_is_named_with_its_price() -> None:
    decided = decide(PAY, CREDIT)
    assert told(decided) == [
        (
            "access-terms",
            (
                "the site states terms: 402 Payment Required; owed: payment to press.example, "
                "credit to press.example. Pay USD 0.01 per request."
            ),
            ("dec-payment", "dec-credit"),
        )
    ]
    assert decided.unmet == ("obl-payment", "obl-credit")


def test_what_is_committed_to_is_not_named_as_owed() -> None:
    decided = decide(PAY, CREDIT, commitment=[CREDITS])
    (reason,) = told(decided)
    assert "owed: payment to press.example. Pay" in reason[1]
    assert reason[2] == ("dec-payment", "dec-credit")
    assert decided.unmet == ("obl-payment",)


def test_agreed_terms_are_told_after_the_agreement_and_bring_no_asset() -> None:
    decided = decide(PAY, agreement=[AGREED | {"answers": ["payment"]}])
    assert told(decided) == [
        ("agreement", "agreement with Press", ()),
        (
            "access-terms",
            (
                "the site's terms are agreed to (payment to press.example), but no asset came: "
                "402 Payment Required"
            ),
            ("dec-payment",),
        ),
    ]
    assert decided.unmet == ()


@pytest.mark.parametrize(
    "agreement",
    [
        AGREED,
        AGREED | {"answers": ["credit"]},
        AGREED | {"answers": ["payment"], "paths": ["/other/"]},
        AGREED | {"answers": ["payment"], "until": "2020-01-01"},
        AGREED | {"answers": ["payment"], "uses": ["search"]},
        AGREED | {"answers": ["payment"], "origins": ["https://other.example"]},
    ],
    ids=["nothing", "something else", "other paths", "ended", "another use", "another origin"],
)
def test_an_agreement_that_does_not_answer_leaves_the_payment(agreement: dict) -> None:
    decided = decide(PAY, agreement=[agreement])
    assert decided.unmet == ("obl-payment",)
    assert told(decided)[-1][1].endswith("Pay USD 0.01 per request.")


def test_terms_that_ask_for_nothing_are_named_as_they_are() -> None:
    advisory = due(ObligationKind.CREDIT, binding=False)
    for owed in ((), (advisory,)):
        decided = decide(*owed, terms="401 with a link to an RSL licence")
        assert told(decided) == [
            ("access-terms", "the site states terms: 401 with a link to an RSL licence", ())
        ]
        assert decided.unmet == ()


def assessed(status: int, *headers: tuple[str, str], body: bytes = b"", **more: object):
    asset = sa.Capture(URL, status, headers, body)
    more = {"robots": sa.ABSENT, "token": "ExampleBot", "now": NOW} | more
    return sa.assess(asset, **more)


def test_the_price_reaches_the_verdict_and_its_obligation() -> None:
    result = assessed(402, ("crawler-price", "USD 0.01"), uses=["train-generative"])
    (owed,) = result.obligations
    assert owed.signal == "http:402"
    assert owed.to == Party("press.example", "https://press.example", inferred=True)
    assert "USD 0.01" in owed.text
    assert result.verdict is not None
    assert result.verdict.unmet == (owed.id,)
    (reason,) = result.verdict.reasons
    assert "USD 0.01" in reason.text
    assert set(reason.because) == {each.id for each in result.declarations} == set(owed.because)


@pytest.mark.parametrize("value", ["cheap", "", "USD", "\x1b[31mUSD 1", "USD 1" * 4000])
def test_a_402_is_never_less_than_a_payment(value: str) -> None:
    for name in ("crawler-price", "payment-required", "www-authenticate", "crawler-error"):
        result = assessed(402, (name, value))
        assert {answer.decision for answer in result.uses.values()} == {sa.Decision.HOLD}
        assert [each.kind for each in result.obligations] == ["payment"]


def test_taking_the_terms_away_never_relaxes() -> None:
    free = assessed(403)
    priced = assessed(403, ("crawler-price", "USD 0.01"))
    for use in Use:
        assert free.uses[use].decision is sa.Decision.SKIP
        assert priced.uses[use].decision is sa.Decision.HOLD
        assert priced.uses[use].literal == free.uses[use].literal
