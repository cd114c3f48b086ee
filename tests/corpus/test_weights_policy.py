"""Whether checkpoints may be released, under which licence, and with which tags."""

import json

import pytest
import yaml
from holding import holdings, member, stated, under

from signals_agent.corpus.composition import as_json, compose, weights, weights_markdown
from signals_agent.corpus.composition.nouns import Release, Weights
from signals_agent.corpus.composition.tags import hub
from signals_agent.corpus.member import Debt, Member
from signals_agent.licences.catalogue import ENTRIES
from signals_agent.model.licence import Activity
from signals_agent.model.obligation import Basis, ObligationKind, Party

WEIGHTS = Activity.RELEASE_WEIGHTS


def policy(*corpora: list[Member]) -> Weights:
    with holdings(*corpora) as held:
        return weights.make(compose.make(held), held)


@pytest.mark.parametrize(
    ("labels", "release", "goes_under", "card"),
    [
        pytest.param(["CC0-1.0", "MIT"], "release", (), None, id="permissive data is free"),
        pytest.param(
            ["CC-BY-4.0", "CC-BY-ND-4.0"], "do-not-release", (), "other", id="ND is not released"
        ),
        pytest.param(
            ["CC-BY-NC-ND-4.0"], "do-not-release", (), "other", id="NC and ND is not released"
        ),
        pytest.param(
            ["CC-BY-NC-4.0", "MIT"],
            "ask",
            ("CC-BY-NC-4.0",),
            "cc-by-nc-4.0",
            id="NC is noncommercial at most",
        ),
        pytest.param(
            ["CC-BY-SA-4.0", "CC-BY-4.0"],
            "ask",
            ("CC-BY-SA-4.0",),
            "cc-by-sa-4.0",
            id="share-alike asks for the same licence",
        ),
        pytest.param(
            ["CC-BY-NC-SA-4.0", "CC-BY-NC-4.0"],
            "ask",
            ("CC-BY-NC-SA-4.0",),
            "cc-by-nc-sa-4.0",
            id="NC goes into NC with share-alike",
        ),
        pytest.param(
            ["CC-BY-SA-4.0", "CC-BY-NC-4.0"],
            "ask",
            (),
            "other",
            id="no one licence meets share-alike and NC",
        ),
        pytest.param(
            ["openrail", "MIT"],
            "release",
            ("openrail",),
            "openrail",
            id="use restrictions are passed on",
        ),
        pytest.param(
            ["openrail", "bigcode-openrail-m"],
            "release",
            (),
            None,
            id="two kinds of use restrictions bind together",
        ),
        pytest.param(
            ["https://a.example/x", "MIT"],
            "ask",
            (),
            "other",
            id="what is not known is asked about",
        ),
        pytest.param([""], "ask", (), "other", id="no licence is asked about"),
        pytest.param(["CC-BY-ND-4.0 OR MIT"], "release", (), None, id="a choice opens it"),
    ],
)
def test_policies(
    labels: list[str], release: str, goes_under: tuple[str, ...], card: str | None
) -> None:
    found = policy(under(*labels))
    assert (found.release, found.under) == (release, goes_under)
    assert f"weights:{release}" in found.tags
    made = weights.card(found)
    assert made.get("license") == card
    assert made["tags"] == list(found.tags)
    assert "base_model" not in made
    assert ("not-for-release" in found.tags) is (release == "do-not-release")


def test_leaving_out_what_stands_in_the_way_is_told_step_by_step() -> None:
    found = policy(under(*["CC-BY-SA-4.0"] * 3, *["CC-BY-NC-ND-4.0"] * 2, "CC-BY-4.0"))
    assert found.release is Release.DO_NOT_RELEASE
    assert "2 assets are under licences that let no adapted material be shared" in found.text
    second = found.without
    assert second is not None
    assert (second.release, named(second)) == (Release.ASK, [("CC-BY-NC-ND-4.0", 2)])
    assert second.under == ("CC-BY-SA-4.0",)
    third = second.without
    assert third is not None
    assert third.release is Release.RELEASE
    assert named(third) == [("CC-BY-SA-4.0", 3), ("CC-BY-NC-ND-4.0", 2)]
    assert third.without is None
    assert [each.extent.assets for each in (found, second, third)] == [6, 4, 1]


def named(found: Weights) -> list[tuple[str, int]]:
    return [(" ".join(labels), extent.assets) for labels, extent in found.left_out]


def test_a_release_names_all_that_is_left_out_for_it() -> None:
    found = policy(under("CC-BY-NC-ND-4.0", "MIT", "", "CC-BY-SA-4.0"))
    *_, last = weights.levels(found)
    assert last.release is Release.RELEASE
    assert last.text.startswith(
        "Trained on 1 of 4 assets, without CC BY-NC-ND 4.0 (1 asset), CC BY-SA 4.0 (1 asset) and "
        "what declares no licence (1 asset). Checkpoints may be released"
    )
    told = "".join(weights_markdown.render(found))
    assert f"## Trained on 1 of 4 assets: release\n\n{last.text}\n" in told
    made = json.loads("".join(as_json.weights(found)))["without"]["without"]
    assert [(each["labels"], each["assets"]) for each in made["left_out"]] == [
        (["CC-BY-NC-ND-4.0"], 1),
        (["CC-BY-SA-4.0"], 1),
        ([], 1),
    ]


def test_very_many_that_are_left_out_are_counted_where_they_are_not_named() -> None:
    labels = [f"https://a.example/terms/{number}" for number in range(60)]
    *_, last = weights.levels(policy(under("MIT", "", *labels)))
    assert "10 more licences (10 assets), which the JSON names and what declares" in last.text
    assert len(last.left_out) == 61


def test_nothing_clears_nothing() -> None:
    found = policy([])
    assert found.release is Release.ASK
    assert "nothing is cleared" in found.text
    assert found.without is None


def test_a_statement_of_the_licensor_and_an_agreement_are_told() -> None:
    faq = "https://a.example/faq"
    found = policy(
        [
            stated("https://a.example/1", "CC-BY-NC-2.0", WEIGHTS, "ok", faq),
            stated("https://a.example/2", "CC-BY-NC-2.0", WEIGHTS, "ok", faq),
            member("https://a.example/3", ["CC-BY-ND-4.0"], agreed=[WEIGHTS]),
            member("https://a.example/4", ["MIT"], agreed=[WEIGHTS]),
        ]
    )
    assert found.release is Release.RELEASE
    (said,) = found.statements
    assert (said.label, said.answer, said.before) == ("CC-BY-NC-2.0", "ok", "caution")
    assert (said.url, said.extent.assets, found.agreed.assets) == (faq, 2, 1)
    assert any(faq in each and "(2 assets)" in each for each in found.reasons)
    assert any(each.startswith("An agreement covers 1 asset ") for each in found.reasons)
    made = json.loads("".join(as_json.weights(found)))
    assert (made["statements"][0]["url"], made["agreed"]["assets"]) == (faq, 1)


@pytest.mark.parametrize("other", ["MIT", "CC-BY-SA-4.0", "openrail"])
def test_a_limit_to_noncommercial_purposes_is_in_the_licence_that_is_named(other: str) -> None:
    free = [
        stated("https://a.example/1", "CC-SAMPLING+-1.0", WEIGHTS, "ok"),
        stated("https://a.example/2", "CC-NC-SAMPLING+-1.0", WEIGHTS, "ok"),
        stated("https://a.example/3", other, WEIGHTS, "ok"),
    ]
    found = policy(free)
    assert "non-commercial" in found.conditions
    assert "of your choice" not in found.text
    assert "under CC BY-SA 4.0" not in found.text


def test_a_withdrawn_licence_that_is_asked_about_limits_the_choice_too() -> None:
    found = policy(under("CC-NC-SAMPLING+-1.0", "CC-BY-SA-4.0"))
    assert (found.release, found.under) == (Release.ASK, ())
    assert any("no one licence meets both" in each for each in found.reasons)
    assert policy(under("CC-NC-SAMPLING+-1.0", "MIT")).under == ("CC-BY-NC-4.0",)


def test_restrictions_that_no_one_licence_has_are_not_left_to_choice() -> None:
    found = policy(under("openrail", "bigcode-openrail-m"))
    assert "under a licence that asks the same of whoever receives them: " in found.text


def test_nothing_is_left_where_all_stands_in_the_way() -> None:
    assert policy(under("CC-BY-ND-4.0")).without is None


def test_what_the_licensor_or_an_agreement_permits_is_released() -> None:
    agreed = member("https://a.example/1", ["CC-BY-NC-ND-4.0"], agreed=[WEIGHTS])
    stated = member("https://a.example/2", ["CC-BY-ND-4.0"], permits=[WEIGHTS])
    found = policy([agreed, stated])
    assert found.release is Release.RELEASE
    assert "non-commercial" in found.tags
    assert found.under == ("CC-BY-NC-4.0",)


def _open(url: str, label: str) -> Member:
    debt = Debt(ObligationKind.OPEN, True, Basis.PREFERENCE, "cc-cr-op", Party("A"), "Be open.")
    return member(url, [label], debts=(debt,))


@pytest.mark.parametrize(
    ("label", "said"),
    [
        pytest.param("CC0-1.0", "MOF class", id="openness is asked"),
        pytest.param("CC-BY-ND-4.0", "must stay inside", id="openness and ND contradict"),
        pytest.param("CC-BY-NC-4.0", "is not open", id="openness and NC contradict"),
    ],
)
def test_what_asks_for_openness_is_told_and_tagged(label: str, said: str) -> None:
    found = policy([_open("https://a.example/o", "CC0-1.0"), *under(label)])
    assert "open-model-required" in found.tags
    assert "obligation:open" in found.tags
    assert any(said in each for each in found.reasons)
    assert "open-model-required" not in policy(under(label)).tags


def test_merging_checkpoints_of_two_models_is_answered_too() -> None:
    one, other = under("CC-BY-SA-4.0"), under("", "GPL-2.0-only")[1:]
    found = policy(one, other)
    assert found.reasons[-1].startswith(
        "To merge checkpoints of models that were trained on each: no. "
    )
    assert not any("merge" in each for each in policy(one + other).reasons)


def test_the_hub_knows_these_licences() -> None:
    assert [hub(each) for each in ("CC-BY-NC-4.0", "GPL-3.0-or-later", "ODbL-1.0", "PDDL-1.0")] == [
        "cc-by-nc-4.0",
        "gpl-3.0",
        "odbl",
        "pddl",
    ]
    assert [hub(each) for each in ("GFDL-1.3-only", "openrail++", "CC-BY-SA-2.0")] == [
        "gfdl",
        "openrail++",
        None,
    ]
    known = {hub(each.id) for each in ENTRIES} - {None}
    assert len(known) > 50


@pytest.mark.parametrize(
    "labels",
    [["CC-BY-SA-4.0", "CC-BY-NC-ND-4.0", "CC0-1.0"], ["openrail"], [], ["", "x<b>|y`\n# z"]],
    ids=["ND and share-alike", "use restrictions", "nothing", "hostile words"],
)
def test_the_documents_say_the_same(labels: list[str]) -> None:
    found = policy(under(*labels))
    made = json.loads("".join(as_json.weights(found)))
    assert made["schema"] == "signals-agent/weights/1"
    assert None not in made.values()
    text = "".join(weights_markdown.render(found))
    assert "no legal advice" in text
    assert "<b>" not in text
    assert "\n# z" not in text
    level: Weights | None = found
    blocks = text.split("```yaml\n")[1:]
    for block in blocks:
        assert level is not None
        assert yaml.safe_load(block.partition("```")[0]) == weights.card(level) == made["card"]
        level, made = level.without, made.get("without", {})
    assert level is None


@pytest.mark.parametrize("unknown", [["all rights reserved"], ["https://a.example/x"], []])
def test_no_card_names_a_licence_while_terms_are_unknown(unknown: list[str]) -> None:
    """Whoever reads the tag alone must not take the whole for licensed (licences, *Labels*)."""
    found = policy([*under("CC-BY-NC-4.0"), member("https://b.example/", unknown)])
    assert (found.release, found.under) == (Release.ASK, ())
    assert weights.card(found)["license"] == "other"
    assert not any(each.startswith("license:") for each in found.tags)
    assert "no licence for the checkpoints can be named" in " ".join(found.reasons).lower()
