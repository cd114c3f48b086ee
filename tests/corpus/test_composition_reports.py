"""A composition as Markdown, JSON and a table for a terminal."""

import json
import re
from typing import Any

import pytest
from holding import holdings, member, stated, under
from markdown_it import MarkdownIt

from signals_agent.corpus.composition import as_json, compose, markdown, text, weights
from signals_agent.corpus.composition.nouns import Composition
from signals_agent.licences.catalogue import ENTRIES
from signals_agent.model.licence import Activity
from signals_agent.terminal import Screen

HOSTILE = 'x|<script>alert(1)</script> [l](javascript:x) `c` \x1b[31m **b** "'


def composition(*labels: str, names: tuple[str, ...] = ("wiki",)) -> Composition:
    with holdings(under(*labels), names=names) as held:
        return compose.make(held)


def test_mixing_share_alike_with_nc_and_nd_is_explained() -> None:
    found = composition("CC-BY-SA-4.0", "CC-BY-SA-4.0", "CC-BY-NC-ND-4.0")
    (clash,) = found.clashes
    assert (clash.one, clash.other, clash.assets) == ("CC-BY-SA-4.0", "CC-BY-NC-ND-4.0", (2, 1))
    assert clash.answer == "no"
    assert clash.text == (
        "CC BY-SA 4.0 lets anybody use the material and share what is made from it, even for "
        "money. It asks that the result goes out under CC BY-SA 4.0 again and with credit, and "
        "that nothing more is forbidden with it. CC BY-NC-ND 4.0 lets anybody pass the material "
        "on as it is, with credit, and for no commercial advantage. Nothing that was made by "
        "changing it may be shared. One thing made of both (one cleaned set, say, or a text put "
        "together from two) is a changed version of each. By CC BY-SA 4.0 it has to be free for "
        "everybody to change again and to sell; by CC BY-NC-ND 4.0 it must not be shared at all. "
        "Crediting everybody does not mend that, nor does giving it away: it must not be shared. "
        "Whether a model trained on both is such a thing is not settled; until it is, treat it "
        "as one."
    )
    assert clash.still == (
        (
            "Experiment with both together, as long as nothing leaves your group, for research "
            "only and not for commercial advantage."
        ),
        "Publish figures computed from both: scores, counts, error rates.",
        (
            "Keep them as two sets, each under its own licence, what is under CC BY-NC-ND 4.0 "
            "marked Research-Only."
        ),
        (
            "Build what you will release from the CC BY-SA 4.0 set alone, and release it under "
            "CC BY-SA 4.0, with credit."
        ),
        (
            "To release more, ask those who hold the rights in the CC BY-NC-ND 4.0 material for a "
            "licence that permits what you plan."
        ),
    )
    told = "".join(markdown.render(found))
    assert clash.text in told
    assert all(f"- {each}\n" in told for each in clash.still)


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        pytest.param(
            ["CC-BY-SA-4.0", "GPL-2.0-only"], "neither accepts the other", id="two share-alikes"
        ),
        pytest.param(
            ["CC-BY-SA-4.0", "CC-BY-NC-4.0"], "free for commercial use", id="share-alike and NC"
        ),
        pytest.param(
            ["CC-BY-SA-4.0", "openrail"],
            "lets nothing more be forbidden",
            id="share-alike and use restrictions",
        ),
        pytest.param(
            ["CC0-1.0", "CC-BY-ND-4.0"],
            "changed version of the CC BY-ND 4.0 material",
            id="ND and anything",
        ),
        pytest.param(
            ["GPL-2.0-only", "Apache-2.0"], "further terms of Apache-2.0", id="the GPL and Apache"
        ),
        pytest.param(
            ["CC-BY-SA", "CC-BY-SA-4.0"],
            "does not say its version",
            id="a version that is not said",
        ),
        pytest.param(["MIT OR ISC", "CC-BY-ND-4.0"], "leaves you the choice", id="a choice"),
        pytest.param(
            ["CC-BY-NC-SA-4.0", "CC-BY-NC-ND-4.0"],
            "free for everybody to change again;",
            id="nothing is sold where both forbid it",
        ),
    ],
)
def test_other_pairs_are_explained(labels: list[str], words: str) -> None:
    (clash,) = composition(*labels).clashes
    assert words in clash.text
    assert len(clash.still) == 5
    assert "ND" not in clash.one


def test_every_two_kinds_of_licence_can_be_explained() -> None:
    labels = [each.id for each in ENTRIES if each.version in (None, "4.0", "1.0", "3.0")]
    for start in range(0, len(labels), 12):
        for clash in composition(*labels[start : start + 12], "CC-BY-NC-ND-4.0").clashes:
            assert clash.text.endswith((".", "!"))
            assert "{" not in clash.text
            assert "  " not in clash.text


def test_versions_that_are_meant_are_named_and_counted() -> None:
    found = composition(*["CC-BY-SA-4.0"] * 4, *["CC-BY-NC-ND-2.0"] * 4, "CC-BY-NC-ND-4.0")
    (clash,) = found.clashes
    assert clash.labels == (("CC-BY-SA-4.0",), ("CC-BY-NC-ND-2.0", "CC-BY-NC-ND-4.0"))
    assert clash.text.endswith("What is said of CC BY-NC-ND 2.0 holds for CC BY-NC-ND 4.0 too.")
    both = "CC BY-NC-ND 2.0 / CC BY-NC-ND 4.0"
    assert f"### CC BY-SA 4.0 (4 assets) and {both} (5 assets)\n" in "".join(markdown.render(found))
    assert f"CC BY-SA 4.0 and {both}: no" in "".join(text.render(found))


TEN = ("CC-BY-SA-4.0", "CC-BY-NC-ND-4.0", "CC-BY-NC-ND-2.0", "CC-BY-NC-SA-4.0", "CC-BY-NC-4.0")
TEN += ("GPL-3.0-only", "CC-BY-4.0", "ODbL-1.0", "MIT", "CC-BY-ND-4.0")


def test_thirty_works_under_ten_licences_are_told_shortly() -> None:
    found = composition(*TEN * 3)
    told = "".join(markdown.render(found))
    assert len(told) < 18_000
    assert len(found.clashes) > 20
    assert told.count("lets anybody pass the material on") == 2
    assert told.count("What you still can do:") == 1
    assert "### Share-alike and no derivatives: 8 pairs" in told
    assert "| GPL-3.0-only (3) | CC BY-NC-ND 2.0 / CC BY-NC-ND 4.0 (6), CC BY-ND 4.0 (3) |" in told
    # Every pair is in a table, and the JSON explains each.
    made = json.loads("".join(as_json.composition(found)))["clashes"]
    assert len({each["text"] for each in made}) == len(found.clashes)
    assert {each["group"] for each in made} == {each.group for each in found.clashes}


def test_terms_that_have_nothing_in_common_each_have_their_reason() -> None:
    found = composition("GPL-2.0-only", "Apache-2.0", "CC-BY-SA", "CC-BY-SA-4.0")
    told = "".join(markdown.render(found))
    others = [each for each in found.clashes if each.group == "Other terms that do not go together"]
    assert {each.answer for each in others} == {"no", "caution"}
    assert all(each.why in told for each in others)
    assert "| GPL-2.0-only (1) | Apache-2.0 (1) | **no** | " in told


def test_one_reason_for_several_licences_is_one_row() -> None:
    found = composition("CC-BY-ND-4.0", "CC-BY-NC-ND-4.0", "CC-BY-NC-ND-2.0", "MIT")
    told = "".join(markdown.render(found))
    row = (
        "| **no** | CC BY-NC-ND 2.0 (1), CC BY-NC-ND 4.0 (1), CC BY-ND 4.0 (1) | 3 | This licence "
        "lets no adapted material be shared,"
    )
    assert row in told


def test_what_licensors_and_agreements_say_is_shown() -> None:
    weights_ = Activity.RELEASE_WEIGHTS
    members = [
        stated("https://a.example/1", "CC-BY-NC-2.0", weights_, "ok", "https://a.example/faq|x"),
        stated("https://a.example/2", "MIT", Activity.MIRROR, "no", "https://a.example/no"),
        member("https://a.example/3", ["CC-BY-ND-4.0"], agreed=[Activity.MIRROR]),
    ]
    with holdings(members) as held:
        found = compose.make(held)
    told = "".join(markdown.render(found))
    html = MarkdownIt("commonmark").enable("table").render(told)
    assert "<td>https://a.example/faq|x</td>" in html
    assert "| `release-weights` | CC BY-NC 2.0 | 1 | caution | **ok** |" in told
    assert "| `mirror` | MIT | 1 | ok | **no** |" in told
    assert "- `mirror`: an agreement covers 1 asset of which" in told
    made = json.loads("".join(as_json.composition(found)))
    assert [(each["activity"], each["url"]) for each in made["statements"]] == [
        ("mirror", "https://a.example/no"),
        ("release-weights", "https://a.example/faq|x"),
    ]
    assert made["agreements"] == [{"activity": "mirror", "assets": 1, "bytes": 10, "measured": 1}]
    assert composition("MIT").statements == ()


def test_an_empty_corpus_is_cleared_for_nothing() -> None:
    found = composition()
    assert {each.answer for each in found.activities.values()} == {"caution"}
    told = "".join(markdown.render(found))
    assert "There is nothing in it, so nothing is cleared." in told
    assert "###" not in told


def test_what_is_most_of_the_corpus_is_said_first() -> None:
    found = composition("MIT", "MIT", *[""] * 16).activities[Activity.RESEARCH_INTERNAL]
    assert found.reason == (
        "16 of 18 assets declare no licence: nothing is known of them beyond the preference. The "
        "licences of the other 2 permit this."
    )


def test_what_goes_together_does_not_clash() -> None:
    assert composition("CC-BY-4.0", "MIT", "CC-BY-SA-4.0", "CC0-1.0").clashes == ()
    assert composition("https://a.example/x", "CC-BY-SA-4.0").clashes == ()


def test_markdown_tells_all_activities_sets_and_notes() -> None:
    found = composition("CC-BY-SA-4.0", "CC-BY-NC-ND-4.0", "ODbL-1.0", "", "CC-BY-4.0")
    told = "".join(markdown.render(found))
    html = MarkdownIt("commonmark").enable("table").render(told)
    assert html.count("<table>") >= 4
    for activity in Activity:
        assert f"| `{activity}` |" in told
    assert "1 asset declares no licence: nothing is known" in told
    assert "| `research-only-no-derivatives` | 1 |" in told
    assert "**Research-Only**" in told
    assert "Share-alike material, by what can be met together:" in told
    assert "- CC BY-SA 4.0: 1 asset, the largest; goes out under CC BY-SA 4.0." in told
    assert "This is no legal advice." in told
    assert "Law may permit more" in told


def test_several_corpora_stand_beside_one_another() -> None:
    with holdings(
        under("CC-BY-SA-4.0", "CC0-1.0"),
        under("CC-BY-SA-4.0", "", "CC-BY-NC-4.0")[2:],
        names=("wiki", "photos"),
    ) as held:
        whole = compose.make(held)
        apart = [compose.make(held, corpus=number) for number in range(2)]
    told = "".join(markdown.render(whole, apart))
    assert told.startswith("# Composition of wiki and photos\n")
    assert "| activity | what it is | wiki | photos | together |" in told
    assert re.search(r"\| `redistribute-modified` \|[^|]*\| ok \| ok \| \*\*no\*\* \|", told)
    made = json.loads("".join(as_json.composition(whole, apart)))
    assert [each["corpora"][0]["name"] for each in made["apart"]] == ["wiki", "photos"]
    assert [each["assets"] for each in made["corpora"]] == [2, 1]
    shown = "".join(text.render(whole, apart))
    assert "photos by itself: 1 asset" in shown


def _nothing_is_null(value: Any) -> None:
    assert value is not None
    if isinstance(value, dict):
        for each in value.values():
            _nothing_is_null(each)
    elif isinstance(value, list):
        for each in value:
            _nothing_is_null(each)


def test_json_holds_what_was_found() -> None:
    found = composition("CC-BY-SA-4.0", "CC-BY-NC-ND-4.0", "", "https://a.example/\x7f")
    octets = "".join(as_json.composition(found))
    assert octets.isascii()
    assert "\x7f" not in octets
    made = json.loads(octets)
    _nothing_is_null(made)
    assert made["schema"] == "signals-agent/composition/1"
    assert list(made["activities"]) == [each.value for each in Activity]
    modified = made["activities"]["redistribute-modified"]
    assert modified["answer"] == "no"
    assert modified["remaining"]["under"] == ["CC-BY-SA-4.0"]
    assert {tuple(each["labels"]) for each in modified["in_the_way"]} >= {("CC-BY-NC-ND-4.0",), ()}
    assert made["clashes"][0]["licences"] == ["CC-BY-SA-4.0", "CC-BY-NC-ND-4.0"]
    assert {each["name"] for each in made["sets"]} == {each.name for each in found.sets}
    assert made["extent"] == {"assets": 4, "bytes": 40, "measured": 4}


def test_the_table_fits_eighty_columns() -> None:
    with holdings(under("CC-BY-SA-4.0", "CC-BY-NC-ND-4.0", "", HOSTILE), names=(HOSTILE,)) as held:
        found = compose.make(held)
        policy = weights.make(found, held)
    shown = "".join(text.render(found, [found], policy))
    lines = shown.splitlines()
    assert max(map(len, lines)) <= 80
    assert all(line.isprintable() for line in lines)
    (row,) = [line for line in lines if line.startswith("redistribute-modified ")]
    assert row.split() == ["redistribute-modified", "no", "3", "1"]
    assert "Weights: do-not-release" in shown
    coloured = "".join(text.render(found, screen=Screen(80, colour=True)))
    assert "\x1b[31mno" in coloured


def test_large_numbers_fit_too() -> None:
    assert len("research-internal".ljust(34) + "1,000,000,000".rjust(15) * 2) <= 80


def test_what_publishers_say_stays_text_in_markdown() -> None:
    found = composition(HOSTILE, "CC-BY-4.0", "CC-BY-ND-4.0", names=(HOSTILE,))
    told = "".join(markdown.render(found))
    html = MarkdownIt("commonmark").enable("table").render(told)
    assert "<script" not in html
    assert "javascript:" not in re.findall(r'href="([^"]*)"', html)
    assert "\x1b" not in told
    assert not [link for link in re.findall(r'href="([^"]*)"', html) if "example" in link]
    rows = [line for line in told.splitlines() if line.startswith("|")]
    assert all(line.endswith("|") for line in rows)


def test_many_licences_are_cut_with_a_word_about_the_rest() -> None:
    labels = [f"https://a.example/terms/{number}" for number in range(60)]
    told = "".join(markdown.render(composition(*labels)))
    assert "And 10 more licences with 10 assets; the JSON has them all." in told
    assert "40 more with 40 assets, which the JSON has | 60 |" in told


def test_the_same_corpus_gives_the_same_octets() -> None:
    labels = ("CC-BY-SA-4.0", "CC-BY-NC-ND-4.0", "ODbL-1.0", "", "MIT OR GPL-2.0-only")
    one, other = (composition(*labels) for _ in range(2))
    assert [*markdown.render(one)] == [*markdown.render(other)]
    assert [*as_json.composition(one)] == [*as_json.composition(other)]
