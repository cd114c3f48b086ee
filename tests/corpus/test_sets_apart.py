"""The sets into which a corpus is parted, and their manifests."""

import json

import pytest
from holding import holdings, member, under
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.corpus.cards import front_matter
from signals_agent.corpus.composition import compose, sets, tags
from signals_agent.corpus.composition.nouns import SetKind
from signals_agent.corpus.member import Debt
from signals_agent.licences.catalogue import ENTRIES
from signals_agent.licences.entry import Element, Entry
from signals_agent.model.licence import Activity
from signals_agent.model.obligation import Basis, ObligationKind, Party

ONE = st.lists(st.sampled_from([each.id for each in ENTRIES]), max_size=3, unique=True)


@pytest.mark.parametrize(
    ("labels", "name", "marked", "tags"),
    [
        pytest.param(
            ["CC0-1.0"], "permissive", None, {"license:cc0-1.0"}, id="public domain is open"
        ),
        pytest.param(
            ["CC-BY-4.0"],
            "permissive",
            None,
            {"license:cc-by-4.0", "obligation:credit"},
            id="attribution is open",
        ),
        pytest.param(
            ["CC-BY-SA-4.0"],
            "share-alike-cc-by-sa-4.0",
            None,
            {"share-alike", "obligation:share-alike"},
            id="share-alike is its own",
        ),
        pytest.param(
            ["CC-BY-ND-4.0"],
            "research-only-no-derivatives",
            "Research-Only",
            {"research-only", "license:cc-by-nd-4.0", "no-derivatives"},
            id="ND is apart",
        ),
        pytest.param(
            ["CC-BY-NC-4.0"],
            "research-only-non-commercial",
            "Research-Only",
            {"research-only", "non-commercial", "obligation:non-commercial"},
            id="NC is apart",
        ),
        pytest.param(
            ["CC-BY-NC-ND-4.0"],
            "research-only-no-derivatives",
            "Research-Only",
            {"non-commercial", "no-derivatives"},
            id="NC and ND is with ND",
        ),
        pytest.param(
            ["CC-BY-NC-SA-4.0"],
            "research-only-cc-by-nc-sa-4.0",
            "Research-Only",
            {"share-alike", "non-commercial"},
            id="NC with share-alike is its own",
        ),
        pytest.param(
            ["openrail"],
            "use-restricted",
            None,
            {"use-restrictions", "license:openrail"},
            id="use restrictions are apart",
        ),
        pytest.param(
            ["https://a.example/x"],
            "needs-review",
            None,
            {"license:other"},
            id="what is not known is read first",
        ),
        pytest.param(
            ["CC-SAMPLING-1.0"],
            "needs-review",
            None,
            {"license:cc-sampling-1.0"},
            id="what is withdrawn is read first",
        ),
        pytest.param(
            ["https://a.example/x", "CC-BY-ND-4.0"],
            "research-only-needs-review",
            "Research-Only",
            {"needs-review", "no-derivatives"},
            id="ND stays marked beside what is not known",
        ),
        pytest.param(
            ["CC-BY-SA-4.0", "GPL-2.0-only"],
            "needs-review",
            None,
            {"needs-review"},
            id="licences that contradict one another are read first",
        ),
        pytest.param(
            [],
            "no-licence",
            None,
            {"no-licence", "license:unknown"},
            id="what has no licence is by itself",
        ),
        pytest.param(
            ["CC-BY-NC-4.0 OR MIT"],
            "permissive",
            None,
            {"license:mit", "obligation:notice"},
            id="of a choice the set that leaves most open",
        ),
    ],
)
def test_where_an_asset_belongs(
    labels: list[str], name: str, marked: str | None, tags: set[str]
) -> None:
    with holdings(under(labels)) as held:
        (one,) = sets.split(held)
    assert (one.name, one.marked, one.extent.assets) == (name, marked, 1)
    assert tags <= set(one.tags)
    assert len(one.tags) == len(set(one.tags))
    if name == "permissive" and " OR " in "".join(labels):
        assert "non-commercial" not in one.tags


@given(st.lists(ONE, max_size=8))
def test_sets_are_disjoint_and_complete(several: list[list[str]]) -> None:
    with holdings(under(*several)) as held:
        found = sets.split(held)
        listed = [json.loads(line)["url"] for one in found for line in sets.manifest(held, one)]
        everything = [each.member.url for each in held.by_url()]
        assert sorted(listed) == everything
        assert sum(one.extent.assets for one in found) == len(everything)
        assert len({one.name for one in found}) == len(found)
        assert compose.make(held, ()).sets == found


@given(st.sampled_from(ENTRIES))
def test_nd_and_nc_are_research_only_and_nothing_else_is(entry: Entry) -> None:
    with holdings(under(entry.id)) as held:
        (one,) = sets.split(held)
    restricted = bool({Element.NC, Element.ND} & {*entry.elements})
    assert (one.kind is SetKind.RESEARCH_ONLY) is restricted
    assert (one.marked == "Research-Only") is restricted


def test_share_alike_that_can_be_met_together_is_one_set() -> None:
    labels = ["CC-BY-SA-3.0", "CC-BY-SA-4.0", "CC-BY-SA-1.0", "GPL-3.0-only"]
    with holdings(under(*labels)) as held:
        found = {one.name: one.labels for one in sets.split(held)}
    assert found == {
        "share-alike-cc-by-sa-4.0": ("CC-BY-SA-3.0", "CC-BY-SA-4.0"),
        "share-alike-cc-by-sa-1.0": ("CC-BY-SA-1.0",),
        "share-alike-gpl-3.0-only": ("GPL-3.0-only",),
    }


def test_what_preferences_ask_is_tagged_too() -> None:
    to = Party("Tern Museum", "https://tern.example")
    debts = tuple(
        Debt(kind, True, Basis.PREFERENCE, "cc-cr-op", to, "Say so.", beneficiary=Party("A fund"))
        for kind in (ObligationKind.OPEN, ObligationKind.CONVEY_PREFERENCES)
    )
    asset = member("https://tern.example/1", ["CC0-1.0"], [Activity.MIRROR], debts=debts, tokens=7)
    with holdings([asset, *under("CC0-1.0")]) as held:
        found = {one.name: one for one in sets.split(held)}
        lines = [json.loads(line) for one in found.values() for line in sets.manifest(held, one)]
    asked = {"obligation:open", "obligation:convey-preferences"}
    assert asked <= set(found["permissive"].tags)
    plain, tern = sorted(lines, key=lambda line: line["url"])
    assert not asked & set(plain["tags"])
    assert asked <= set(tern["tags"])
    assert tern["obligations"]["open"] == [
        {
            "to": "Tern Museum",
            "basis": "preference",
            "signal": "cc-cr-op",
            "binding": True,
            "text": "Say so.",
            "beneficiary": "A fund",
        }
    ]
    assert (tern["bytes"], tern["tokens"], tern["agreed"]) == (10, 7, ["mirror"])
    assert "tokens" not in plain
    assert "marked" not in tern


def test_a_manifest_is_one_line_an_asset_whatever_the_publisher_says() -> None:
    hostile = 'x"\n{"url": "https://evil.example"}\u2028\x7f\x1b[31m'
    asset = member("https://a.example/1", ["CC-BY-ND-4.0"], party=hostile, origin=hostile)
    with holdings([asset]) as held:
        (one,) = sets.split(held)
        (line,) = sets.manifest(held, one)
    assert line.isascii()
    assert line.count("\n") == 1
    assert all(character.isprintable() for character in line[:-1])
    made = json.loads(line)
    assert made["party"] == made["origin"] == hostile
    assert made["marked"] == "Research-Only"
    assert made["licences"] == ["CC-BY-ND-4.0"]


def test_the_whole_carries_only_what_holds_for_every_set_or_restricts_one() -> None:
    with holdings(under("CC0-1.0", "CC-BY-NC-ND-4.0", "", "CC-BY-SA-4.0")) as held:
        found = tags.whole(compose.make(held).sets)
    assert "permissive" not in found
    assert {"research-only", "no-derivatives", "share-alike", "no-licence"} <= {*found}
    assert {"obligation:credit", "obligation:no-derivatives"} <= {*found}
    with holdings(under("CC0-1.0", "MIT")) as held:
        free = compose.make(held)
    assert "permissive" in tags.whole(free.sets)
    assert not {"open", "obligation:open"} & {*found, *tags.whole(free.sets)}
    assert "permissive" in front_matter.tags(free)
