"""What a corpus answers for each activity, who stands in the way, and what remains."""

from collections.abc import Iterable

import pytest
from holding import holdings, member, under
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.corpus.composition import compose
from signals_agent.corpus.composition.nouns import ForActivity
from signals_agent.corpus.member import Member
from signals_agent.model.licence import Activity, ActivityAnswer

MODIFIED, WEIGHTS = Activity.REDISTRIBUTE_MODIFIED, Activity.RELEASE_WEIGHTS
PRODUCT, MERGE = Activity.COMMERCIAL_PRODUCT, Activity.MERGE_CHECKPOINTS


def answer(
    members: list[Member], activity: Activity, no_licence: ActivityAnswer | None = None
) -> ForActivity:
    with holdings(members) as held:
        return compose.make(held, (activity,), no_licence).activities[activity]


@pytest.mark.parametrize(
    ("labels", "activity", "said", "left", "goes_under"),
    [
        pytest.param(["CC0-1.0", "CC-BY-4.0"], MODIFIED, "ok", 2, (), id="open material is mixed"),
        pytest.param(
            ["CC-BY-SA-4.0", "CC-BY-NC-ND-4.0"],
            MODIFIED,
            "no",
            1,
            ("CC-BY-SA-4.0",),
            id="ND falls out beside share-alike",
        ),
        pytest.param(
            ["CC-BY-SA-4.0", "CC-BY-NC-ND-4.0"],
            Activity.RESEARCH_INTERNAL,
            "ok",
            2,
            (),
            id="both are experimented with",
        ),
        pytest.param(
            ["CC-BY-SA-4.0", "CC-BY-NC-ND-4.0"],
            Activity.PUBLISH_METRICS,
            "ok",
            2,
            (),
            id="figures of both are published",
        ),
        pytest.param(
            ["CC-BY-SA-4.0", "CC-BY-NC-4.0"],
            MODIFIED,
            "no",
            1,
            ("CC-BY-SA-4.0",),
            id="NC does not go into share-alike",
        ),
        pytest.param(
            ["CC-BY-SA-4.0", "CC-BY-NC-4.0"],
            Activity.MIRROR,
            "ok",
            2,
            (),
            id="side by side each keeps its own licence",
        ),
        pytest.param(
            ["CC-BY-SA-4.0", "openrail"],
            PRODUCT,
            "caution",
            1,
            ("CC-BY-SA-4.0",),
            id="use restrictions beside share-alike in a product are open",
        ),
        pytest.param(
            ["GPL-2.0-only", "Apache-2.0"],
            MODIFIED,
            "no",
            1,
            ("GPL-2.0-only",),
            id="Apache does not go into GPL 2.0",
        ),
        pytest.param(
            ["GPL-2.0-or-later", "Apache-2.0"],
            MODIFIED,
            "ok",
            2,
            {"GPL-3.0-or-later", "GPL-3.0-only", "AGPL-3.0-only", "AGPL-3.0-or-later"},
            id="Apache takes GPL 2.0 or later to version 3",
        ),
        pytest.param(
            ["CC-BY-SA-3.0", "CC-BY-SA-4.0"],
            MODIFIED,
            "ok",
            2,
            ("CC-BY-SA-4.0",),
            id="an earlier share-alike goes out under the later",
        ),
        pytest.param(
            ["CC-BY-SA-3.0", "LAL-1.3"],
            MODIFIED,
            "ok",
            2,
            ("CC-BY-SA-4.0",),
            id="two share-alikes meet in a third",
        ),
        pytest.param(
            ["CC-BY-SA-1.0", "CC-BY-SA-4.0", "CC-BY-SA-4.0"],
            MODIFIED,
            "no",
            2,
            ("CC-BY-SA-4.0",),
            id="the largest class is kept",
        ),
        pytest.param(
            ["ODbL-1.0", "CC-BY-SA-4.0"],
            MODIFIED,
            "no",
            1,
            ("CC-BY-SA-4.0",),
            id="of equal classes the first id is kept",
        ),
        pytest.param(
            ["MIT OR GPL-2.0-only", "Apache-2.0"],
            MODIFIED,
            "ok",
            2,
            (),
            id="of a choice the best for the whole is taken",
        ),
        pytest.param(
            ["CC-BY-SA-4.0 OR GPL-2.0-only", "GPL-2.0-only"],
            MODIFIED,
            "ok",
            2,
            ("GPL-2.0-only",),
            id="a choice follows the others",
        ),
        pytest.param(
            [["CC-BY-SA-4.0", "CC-BY-NC-4.0"]],
            MODIFIED,
            "no",
            0,
            (),
            id="licences of one asset that contradict one another leave nothing",
        ),
        pytest.param(["CC-BY-SA-4.0"], WEIGHTS, "caution", 0, (), id="share-alike weights wait"),
        pytest.param(
            ["CC-BY-SA-4.0", "GPL-2.0-only"],
            MERGE,
            "no",
            0,
            (),
            id="two share-alikes are not merged",
        ),
        pytest.param(
            ["https://a.example/x"],
            Activity.RESEARCH_INTERNAL,
            "caution",
            0,
            (),
            id="what is not known is asked about",
        ),
        pytest.param([], MODIFIED, "caution", 0, (), id="nothing is cleared where nothing is"),
    ],
)
def test_answers(
    labels: list[str], activity: Activity, said: str, left: int, goes_under: Iterable[str]
) -> None:
    found = answer(under(*labels), activity)
    assert found.answer == said
    assert found.remaining.extent.assets == left
    assert set(found.remaining.under) == set(goes_under)


def test_the_groups_in_the_way_are_told_with_reason_and_examples() -> None:
    labels = ["CC-BY-4.0", *["CC-BY-ND-4.0"] * 4, "CC-BY-NC-ND-4.0"]
    found = answer(under(*labels), MODIFIED)
    nd, ncnd = found.in_the_way
    assert (nd.labels, nd.extent.assets, nd.extent.bytes) == (("CC-BY-ND-4.0",), 4, 40)
    assert nd.examples == ("https://a.example/1", "https://a.example/2", "https://a.example/3")
    assert "adapted material" in nd.reason
    assert nd.instead is not None
    assert "scripts" in nd.instead
    assert nd.clause is not None
    assert nd.clause.startswith("CC-BY-ND-4.0, ")
    assert ncnd.labels == ("CC-BY-NC-ND-4.0",)
    assert found.reason == "5 assets stand in the way: 5 rule it out. Without them 1 asset remains."
    assert [str(each) for each in found.conditions] == ["credit", "no-derivatives"]
    assert [str(each) for each in found.remaining.conditions] == ["credit"]


def test_what_is_more_without_share_alike_is_told() -> None:
    found = answer(under("CC-BY-SA-4.0", *["CC-BY-NC-4.0"] * 5, "CC0-1.0"), MODIFIED)
    assert found.remaining.extent.assets == 2
    assert found.otherwise is not None
    assert found.otherwise.extent.assets == 6
    assert "non-commercial" in found.otherwise.conditions
    small = answer(under(*["CC-BY-SA-4.0"] * 3, "CC-BY-NC-4.0"), MODIFIED)
    assert small.otherwise is None


def test_an_agreement_lifts_its_activity_for_those_alone() -> None:
    agreed = member("https://a.example/agreed", ["CC-BY-ND-4.0"], agreed=[MODIFIED])
    plain = member("https://a.example/plain", ["CC-BY-ND-4.0"])
    found = answer([agreed, plain, *under("CC-BY-SA-4.0")], MODIFIED)
    assert found.remaining.extent.assets == 2
    assert found.remaining.under == ("CC-BY-SA-4.0",)
    (blocked,) = found.in_the_way
    assert blocked.examples == ("https://a.example/plain",)
    assert answer([agreed], MODIFIED).answer == "ok"
    assert "credit" in answer([agreed], MODIFIED).conditions
    assert answer([agreed], WEIGHTS).answer == "caution"


def test_an_agreement_over_nc_leaves_nc_where_it_is_not_about_commerce() -> None:
    agreed = member("https://a.example/nc", ["CC-BY-NC-4.0"], agreed=[MODIFIED, PRODUCT])
    shared = under("CC-BY-SA-4.0")
    assert answer([agreed, *shared], MODIFIED).answer == "no"
    assert answer([agreed, *shared], PRODUCT).answer == "ok"


def test_what_the_licensor_permits_goes_into_one_thing() -> None:
    stated = member("https://a.example/nd", ["CC-BY-ND-4.0"], permits=[WEIGHTS])
    found = answer([stated, *under("CC-BY-4.0")], WEIGHTS)
    assert found.answer == "ok"
    assert found.remaining.extent.assets == 2


@pytest.mark.parametrize("activity", list(Activity), ids=str)
def test_assets_without_licence_are_never_silently_well(activity: Activity) -> None:
    found = answer(under("", "", "CC0-1.0"), activity)
    if activity in (Activity.RESEARCH_INTERNAL, Activity.PUBLISH_METRICS):
        assert found.answer == "ok"
        assert found.remaining.extent.assets == 3
        assert "2 of 3 assets declare no licence" in found.reason
    else:
        assert found.answer == "caution"
        assert found.remaining.extent.assets == 1
        (blocked,) = found.in_the_way
        assert (blocked.labels, blocked.extent.assets) == ((), 2)
        assert "beyond the preference" in blocked.reason
    for said in ActivityAnswer:
        assert answer(under("", "CC0-1.0"), activity, said).answer is said


def test_each_corpus_is_asked_by_itself_too() -> None:
    one, other = under("CC-BY-SA-4.0", "CC0-1.0"), under("CC-BY-SA-4.0", "", "CC-BY-NC-ND-4.0")[1:]
    with holdings(one, other, names=("wiki", "photos")) as held:
        whole = compose.make(held)
        first, second = compose.make(held, corpus=0), compose.make(held, corpus=1)
    assert whole.names == ("wiki", "photos")
    assert (first.names, second.names) == (("wiki",), ("photos",))
    assert [each.extent.assets for each in (whole, first, second)] == [4, 2, 2]
    assert first.activities[MODIFIED].answer == "ok"
    assert second.activities[MODIFIED].answer == whole.activities[MODIFIED].answer == "no"
    assert sum(each.extent.assets for each in second.sets) == 2


def test_an_asset_in_two_corpora_counts_once_together() -> None:
    with holdings(under("CC-BY-4.0"), under("CC-BY-4.0")) as held:
        found = compose.make(held, (MODIFIED,))
    assert found.extent.assets == 1
    assert [each.assets for each in found.extents] == [1, 1]


@given(st.sampled_from(["CC-BY-SA", "GPL", "CC-BY-NC-SA", "GFDL"]), st.integers(1, 4))
def test_share_alike_without_a_version_stays_with_itself(label: str, count: int) -> None:
    found = answer(under(*[label] * count), MODIFIED)
    assert found.answer == "ok"
    assert found.remaining.under == (label,)


def test_share_alike_without_a_version_does_not_go_into_a_version() -> None:
    found = answer(under("CC-BY-SA", "CC-BY-SA-4.0", "CC-BY-SA-4.0"), MODIFIED)
    assert found.answer == "caution"
    (blocked,) = found.in_the_way
    assert blocked.labels == ("CC-BY-SA",)
    assert "does not say its version" in blocked.reason


def test_nd_beside_nd_is_edited_into_nothing_that_is_shown() -> None:
    found = answer(under("CC-BY-ND-4.0", "CC-BY-NC-ND-4.0"), Activity.PUBLISH_ADAPTED_SAMPLES)
    assert found.answer == "no"
    assert [each.answer for each in found.in_the_way] == ["no", "no"]
    assert "lets no adapted material be shared" in found.in_the_way[0].reason


def test_what_goes_together_two_by_two_and_not_as_a_whole_is_told() -> None:
    found = answer(under("CC-BY-SA-4.0 OR GPL-2.0-only", ["EUPL-1.2", "CC-BY-3.0"]), MODIFIED)
    assert found.answer == "no"
    (blocked,) = found.in_the_way
    assert "No one licence is left" in blocked.reason
    assert blocked.instead is not None


def test_what_falls_out_anyway_is_told_to_be_against_the_whole() -> None:
    labels = ["CC-BY-3.0", "EUPL-1.2", "CC-BY-SA-4.0 OR GPL-2.0-only"]
    found = answer(under(*labels), MERGE)
    assert found.answer == "no"
    assert "no" in [each.answer for each in found.in_the_way]
    assert found.remaining.extent.assets == 1
