"""Whom agreements and commitments bind, for what, and how long (rules R26, R34)."""

from datetime import datetime

import pytest
from press import NOW, PAGE, URL, decide, page

import signals_agent as sa

AGREED = {"party": "P", "origins": ["https://press.example"], "uses": ["train-generative"]}


def test_an_agreement_lifts_a_disallow_and_nothing_else() -> None:
    rules = b"User-agent: *\nContent-Usage: train-ai=n\n"
    policy = sa.Policy.make({"agreement": [AGREED]})
    unseen = sa.Capture(URL, availability=sa.NOT_LOOKED)
    assert decide(page(), rules, policy=policy) is sa.Decision.INGEST
    assert decide(unseen, rules, policy=policy) is sa.Decision.HOLD
    assert decide(page(), rules, policy=policy, depth="headers") is sa.Decision.HOLD


def test_a_plain_no_does_not_take_conditions_off_an_agreement() -> None:
    signal = ("Content-Usage", "train-ai=n;exceptions=cc-cr-dc")
    rules = b"User-agent: *\nContent-Usage: train-ai=n\n"
    policy = sa.Policy.make({"agreement": [AGREED]})
    answered = sa.Policy.make(
        {"agreement": [{**AGREED, "answers": ["credit", "direct-contribution"]}]}
    )
    assert decide(page(PAGE, signal), policy=policy) is sa.Decision.HOLD
    assert decide(page(PAGE, signal), rules, policy=policy) is sa.Decision.HOLD
    assert decide(page(PAGE, signal), rules, policy=answered) is sa.Decision.INGEST


def test_every_agreement_in_force_answers() -> None:
    signal = ("Content-Usage", "train-ai=n;exceptions=cc-cr-op")
    policy = sa.Policy.make(
        {"agreement": [{**AGREED, "answers": ["credit"]}, {**AGREED, "answers": ["open"]}]}
    )
    assert decide(page(PAGE, signal), policy=policy) is sa.Decision.INGEST


@pytest.mark.parametrize(
    "keys",
    [
        {"agreement": [{**AGREED, "answers": ["credit", "direct-contribution"]}]},
        {
            "commitment": [
                {
                    "kind": kind,
                    "to": "https://press.example/new/",
                    "evidence": "https://us.example/x",
                }
                for kind in ("credit", "direct-contribution")
            ]
        },
    ],
    ids=["agreement", "commitment"],
)
def test_who_is_bound_to_the_last_host_is_not_bound_to_an_earlier_one(
    keys: dict[str, object],
) -> None:
    hop = sa.Capture("https://pub.example/x", status=302)
    sources = {
        "https://pub.example": b"User-agent: *\nContent-Usage: train-ai=n;exceptions=cc-cr-dc\n",
        "https://press.example": sa.ABSENT,
    }
    policy = sa.Policy.make(keys)
    result = sa.assess(page(), hops=[hop], robots=sources, policy=policy, now=NOW)
    assert result.uses["train-generative"].decision is sa.Decision.HOLD


def test_an_agreement_answers_silence_too() -> None:
    policy = sa.Policy.make({"preset": "strict", "agreement": [AGREED]})
    assert decide(page(), policy=policy) is sa.Decision.INGEST
    assert decide(page(PAGE, ("X-Robots-Tag", "noai")), policy=policy) is sa.Decision.INGEST


@pytest.mark.parametrize("toml", ["to='/'", "to='/*'", "to=' * '", "ceiling=' '"])
def test_no_spelling_makes_an_open_purse(toml: str) -> None:
    with pytest.raises(sa.PolicyError):
        sa.Policy.parse(
            f"[[commitment]]\nkind='direct-contribution'\nevidence='https://us.example/x'\n{toml}"
        )


def test_only_a_contribution_is_shown_by_its_ceiling() -> None:
    with pytest.raises(sa.PolicyError, match="needs evidence"):
        sa.Policy.parse("[[commitment]]\nkind='open'\nceiling='EUR 5'")


def test_days_are_days_in_utc() -> None:
    signal = page(PAGE, ("Content-Usage", "train-ai=n;exceptions=cc-cr"))
    policy = sa.Policy.parse(
        "[[commitment]]\nkind='credit'\nevidence='https://us.example/x'\nexpires=2027-01-01\n"
    )
    evening = datetime.fromisoformat("2027-01-01T20:00:00-10:00")
    result = sa.assess(signal, robots=sa.ABSENT, policy=policy, now=evening)
    assert result.uses["train-generative"].decision is sa.Decision.HOLD


@pytest.mark.parametrize("named", ['contactEmail="rights@press.example"', 'contactUrl="ftp://x"'])
def test_a_party_that_is_reached_otherwise_is_met_at_the_origin_that_names_it(named: str) -> None:
    document = (
        '<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license>'
        '<permits type="usage">all</permits><payment type="attribution"/></license>'
        f"<copyright {named}>A press</copyright></content></rsl>"
    ).encode()
    for to, expected in (("https://press.example", "ingest"), ("https://other.example", "hold")):
        policy = sa.Policy.make(
            {
                "uses": ["search"],
                "commitment": [{"kind": "credit", "to": to, "evidence": "https://us.example/x"}],
            }
        )
        result = sa.assess(
            sa.Capture("https://press.example/a", 200, [("Content-Type", "text/html")], b"<p>"),
            robots=b"License: https://press.example/l.xml\n",
            documents={"https://press.example/l.xml": document},
            policy=policy,
        )
        assert result.verdict is not None
        assert result.verdict.decision.value == expected
