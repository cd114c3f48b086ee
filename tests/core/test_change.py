"""What became stricter between two answers, and what is relaxed (rule R38)."""

from datetime import timedelta
from typing import Any

import pytest
from press import NOW, PAGE, URL, page, robots

import signals_agent as sa
from signals_agent import change
from signals_agent.change import Aspect, Change
from signals_agent.model.use import Use

TRAIN = Use.TRAIN_GENERATIVE
SILENT = robots(b"User-agent: *\nAllow: /\n")


def answer(
    capture: sa.Capture | None = None, rules: Any = SILENT, later: int = 0, **options: Any
) -> sa.Assessment:
    """One answer for the page; ``later`` is in days."""
    return sa.assess(
        capture or page(),
        robots=rules,
        token="ExampleBot",
        now=NOW + timedelta(days=later),
        **options,
    )


def says(signal: str) -> sa.Capture:
    return page(PAGE, ("Content-Usage", signal))


def licensed(licence: str) -> sa.Capture:
    return page(PAGE, ("Link", f'<https://creativecommons.org/licenses/{licence}/>; rel="license"'))


def facts(changes: tuple[Change, ...]) -> set[tuple[str, str | None, str, str, bool]]:
    return {
        (each.aspect.value, each.use and each.use.value, each.before, each.after, each.declared)
        for each in changes
    }


def test_the_same_answer_on_another_day_has_changed_in_nothing() -> None:
    before = answer(says("train-ai=n;exceptions=cc-cr"), uses=["train-generative"])
    after = answer(says("train-ai=n;exceptions=cc-cr"), later=9, uses=["train-generative"])
    assert change.stricter(before, after) == ()
    assert change.relaxed(before, after) == ()
    assert not change.tightened(before, after)


def test_a_declaration_that_only_moved_is_no_change() -> None:
    before = answer(says("train-ai=n;exceptions=cc-cr"))
    moved = b"# A new line\n\nUser-agent: *\nContent-Usage: train-ai=n;exceptions=cc-cr\n"
    after = answer(page(), robots(moved), later=1)
    assert {each.id for each in before.declarations} != {each.id for each in after.declarations}
    assert change.stricter(before, after, [TRAIN]) == ()
    assert change.relaxed(before, after, [TRAIN]) == ()


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        pytest.param(
            page(),
            says("train-ai=n"),
            {("preference", "unknown", "disallow"), ("decision", "ingest", "skip")},
            id="silence becomes a no",
        ),
        pytest.param(
            says("train-ai=y"),
            says("train-ai=n"),
            {("preference", "allow", "disallow"), ("decision", "ingest", "skip")},
            id="a yes becomes a no",
        ),
        pytest.param(
            says("train-ai=y"),
            page(),
            {("preference", "allow", "unknown")},
            id="a permission is taken back",
        ),
        pytest.param(
            says("train-ai=n;exceptions=cc-cr"),
            says("train-ai=n"),
            {("preference", "conditional", "disallow"), ("decision", "hold", "skip")},
            id="a condition becomes a plain no",
        ),
    ],
)
def test_both_readings_of_a_preference_that_became_stricter(
    earlier: sa.Capture, later: sa.Capture, expected: set[tuple[str, str, str]]
) -> None:
    before, after = answer(earlier), answer(later)
    found = change.stricter(before, after, [TRAIN])
    assert {(each.aspect.value, each.before, each.after) for each in found} == expected
    assert all(each.use is TRAIN for each in found)
    assert change.tightened(before, after, [TRAIN])
    # The same change seen from the other end, with the readings in the order of time.
    back = change.relaxed(after, before, [TRAIN])
    assert {(each.aspect.value, each.after, each.before) for each in back} == expected
    assert change.stricter(after, before, [TRAIN]) == ()


def test_the_declarations_behind_a_change_are_those_of_the_stricter_answer() -> None:
    after = answer(says("train-ai=n"))
    (preference, *_) = change.stricter(answer(), after, [TRAIN])
    assert preference.because == after.uses[TRAIN].because
    assert preference.because
    assert preference.text == "train-generative preference: unknown, now disallow"


def test_an_obligation_that_was_added_is_named_with_its_words() -> None:
    before = answer(says("train-ai=n;exceptions=cc-cr"))
    after = answer(says("train-ai=n;exceptions=cc-cr-dc"))
    found = change.stricter(before, after, [TRAIN])
    (added,) = found
    assert (added.aspect, added.subject) == (
        Aspect.OBLIGATION,
        "direct-contribution to press.example",
    )
    assert added.before == "none"
    assert "valuation" in added.after
    assert added.declared
    (gone,) = change.relaxed(after, before, [TRAIN])
    assert (gone.subject, gone.before, gone.after) == (added.subject, added.after, "none")


RSL = (
    '<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license>'
    '<permits type="usage">all</permits><payment type="{kind}">{inner}</payment>'
    "</license></content></rsl>"
)


def priced(amount: str) -> sa.Assessment:
    inner = f'<amount currency="USD">{amount}</amount>'
    document = RSL.format(kind="training", inner=inner).encode()
    return answer(
        rules=robots(b"License: https://press.example/l.xml\n"),
        documents={"https://press.example/l.xml": document},
    )


def test_a_higher_price_is_stricter_and_the_same_price_is_not() -> None:
    before, after = priced("5"), priced("50")
    (found, *_) = change.stricter(before, after, [TRAIN])
    assert found.aspect is Aspect.OBLIGATION
    assert "5 USD" in found.before
    assert "50 USD" in found.after
    assert change.relaxed(before, after, [TRAIN]) == ()
    assert change.stricter(before, priced("5"), [TRAIN]) == ()


def test_refused_access_is_stricter_for_every_use() -> None:
    before, after = answer(), answer(rules=robots(b"User-agent: *\nDisallow: /\n"))
    found = facts(change.stricter(before, after))
    assert ("access", None, "allowed", "disallowed", True) in found
    assert {use for aspect, use, *_ in found if aspect == "decision"} == {
        *(use.value for use in Use)
    }


@pytest.mark.parametrize(
    ("later", "rules", "aspects"),
    [
        pytest.param(
            page(), sa.UNREACHABLE, {"access", "decision", "preference"}, id="robots.txt is away"
        ),
        pytest.param(page(b"", status=503), SILENT, {"decision", "preference"}, id="503"),
        pytest.param(page(b"", status=404), SILENT, {"decision", "preference"}, id="404"),
    ],
)
def test_what_could_not_be_found_out_again_has_tightened_nothing(
    later: sa.Capture, rules: Any, aspects: set[str]
) -> None:
    before = answer(page(PAGE, ("Content-Usage", "train-ai=y")))
    after = answer(later, rules)
    found = change.stricter(before, after, [TRAIN])
    assert found
    assert {each.aspect.value for each in found} <= aspects
    assert not any(each.declared for each in found)
    assert not change.tightened(before, after, [TRAIN])


def test_a_condition_that_is_out_of_sight_is_not_said_to_be_given_up() -> None:
    before = answer(says("train-ai=n;exceptions=cc-cr"))
    after = answer(page(b"", status=503))
    found = change.relaxed(before, after, [TRAIN])
    assert not any(each.declared for each in found)
    again = change.relaxed(before, answer(), [TRAIN])
    assert any(each.declared for each in again)


@pytest.mark.parametrize(
    ("planned", "expected"),
    [
        pytest.param(["commercial-product"], {("commercial-product", "ok", "no")}, id="planned"),
        pytest.param(["publish-metrics"], set(), id="what is planned is answered as before"),
    ],
)
def test_a_licence_that_became_stricter(
    planned: list[str], expected: set[tuple[str, str, str]]
) -> None:
    policy = sa.Policy.make({"uses": ["train-generative"], "activities": planned})
    before = answer(licensed("by/4.0"), policy=policy)
    after = answer(licensed("by-nc/4.0"), policy=policy)
    found = {
        (each.subject, each.before, each.after)
        for each in change.stricter(before, after)
        if each.aspect is Aspect.LICENCE
    }
    assert found == expected


def test_a_licence_that_was_taken_away_is_stricter_and_one_out_of_sight_is_not() -> None:
    policy = sa.Policy.make({"activities": ["mirror"]})
    before = answer(licensed("by/4.0"), policy=policy)
    for after, declared in ((answer(policy=policy), True), (answer(page(b"", status=503)), False)):
        (found,) = [
            each for each in change.stricter(before, after) if each.aspect is Aspect.LICENCE
        ]
        assert (found.subject, found.before, found.after) == ("mirror", "ok", "none")
        assert found.declared is declared


def test_a_policy_that_became_stricter_tightens_no_declaration() -> None:
    before = answer(policy=sa.Policy())
    after = answer(policy=sa.Policy(preset="strict"))
    found = change.stricter(before, after)
    assert {each.aspect for each in found} == {Aspect.DECISION}
    assert not change.tightened(before, after)


def test_a_commitment_that_expired_tightens_no_declaration() -> None:
    policy = sa.Policy.parse(
        f"[[commitment]]\nkind='credit'\nevidence='https://x.example'\nexpires={NOW.date()}\n"
    )
    signal = says("train-ai=n;exceptions=cc-cr")
    before = answer(signal, policy=policy)
    after = answer(signal, later=1, policy=policy)
    found = change.stricter(before, after)
    assert facts(change.stricter(before, after, [TRAIN])) == {
        ("decision", "train-generative", "ingest", "hold", False)
    }
    assert found
    assert not change.tightened(before, after)


CRAWLERS = b"".join(
    b"User-agent: %s\nDisallow: /\n\n" % name for name in (b"GPTBot", b"CCBot", b"ClaudeBot")
)


@pytest.mark.parametrize(("preset", "declared"), [("strict", True), ("standard", False)])
def test_refused_training_crawlers_tighten_where_the_policy_counts_them(
    preset: str, declared: bool
) -> None:
    policy = sa.Policy.make(
        {"preset": preset, "uses": ["train-generative"], "on": {"unknown": "ingest"}}
    )
    rules = robots(CRAWLERS + b"User-agent: *\nAllow: /\n")
    before, after = answer(policy=policy), answer(rules=rules, policy=policy)
    assert change.tightened(before, after) is declared


def test_terms_in_place_of_the_page_tighten() -> None:
    before, after = answer(), answer(page(b"pay", status=402))
    assert change.tightened(before, after)


def test_only_the_uses_of_the_earlier_verdict_count_unless_others_are_named() -> None:
    before = answer(uses=["search"])
    after = answer(says("train-ai=n"))
    assert change.stricter(before, after) == ()
    assert change.tightened(before, after, [TRAIN])
    assert change.tightened(answer(), after)


def test_a_stored_answer_that_was_read_back_gives_the_same_changes() -> None:
    before = answer(says("train-ai=y"))
    after = answer(says("train-ai=n;exceptions=cc-cr-op"))
    kept = sa.Assessment.model_validate_json(before.model_dump_json())
    assert change.stricter(kept, after) == change.stricter(before, after) != ()


def test_the_policy_says_keep_unless_it_says_drop() -> None:
    assert sa.Policy().on.tightened == "keep"
    assert sa.Policy.parse("[on]\ntightened = 'drop'").on.tightened == "drop"
    with pytest.raises(sa.PolicyError, match="'keep' or 'drop'"):
        sa.Policy.parse("[on]\ntightened = 'hold'")
    assert URL
