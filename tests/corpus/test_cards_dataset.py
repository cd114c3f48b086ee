"""The dataset card: front matter as the hub reads it, and sections a researcher understands."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import travelling
import yaml
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import signals_agent as sa
from signals_agent.corpus.cards import dataset_card, front_matter
from signals_agent.corpus.cards.provenance import Provenance
from signals_agent.corpus.composition import compose, weights
from signals_agent.corpus.composition.nouns import Clash
from signals_agent.corpus.facts import Facts
from signals_agent.corpus.held import Extent
from signals_agent.corpus.member import Footing, Member, Stated
from signals_agent.model.licence import ActivityAnswer
from signals_agent.model.obligation import Party
from signals_agent.model.statement import Preference
from signals_agent.model.use import Use

SECTIONS = [
    "Licensing",
    "Attribution",
    "Preferences and obligations",
    "Uses",
    "Segregated sets",
    "Weights",
    "Provenance",
    "Contact",
]
HOSTILE = (
    "---\nlicense: mit\n---",
    "title: 'x\"\n- y\nlicense: cc0-1.0",
    "no",
    "null",
    "~",
    "2026-11-22",
    "!!python/object:os.system",
    "&anchor *alias",
    "a: b # c",
    '\\" \\n',
    "\x00\x1b\u2028\u0085\ufeff\u202e",
    "\U0001f426 \u4e2d",
    "</h1><script>alert(1)</script>",
    "](javascript:alert(1)) | cell\n\n# heading",
    "```\nfence",
)


def card(text: str, tmp_path: Path, facts: Facts = travelling.FACTS, **more: object) -> str:
    with travelling.held(text, tmp_path) as holdings:
        composition = travelling.composed(holdings)
        composition = replace(composition, **more)  # type: ignore[arg-type]  # any fact may be given
        return "".join(dataset_card.markdown(holdings, composition, travelling.WEIGHTS, facts))


def matter(text: str) -> dict[str, object]:
    found = re.match(r"---\n(.*?)\n---\n", text, re.DOTALL)
    assert found is not None
    made = yaml.safe_load(found[1])
    assert isinstance(made, dict)
    return made


def body(text: str) -> str:
    return text.split("\n---\n", 1)[1]


def section(text: str, title: str) -> str:
    (found,) = re.findall(rf"^## {title}\n\n(.*?)(?=^## |\Z)", body(text), re.DOTALL | re.MULTILINE)
    return str(found)


def test_the_front_matter_is_what_the_hub_knows(tmp_path: Path) -> None:
    made = matter(card(travelling.LIST, tmp_path))
    assert made["pretty_name"] == "The Fen corpus"
    assert made["license"] == ["cc-by-nc-nd-4.0", "cc-by-sa-4.0", "other", "unknown"]
    assert made["license_name"] == "archive.example-terms-of-use"
    assert made["license_link"] == "https://archive.example/terms-of-use"
    assert (made["language"], made["language_details"]) == (["en", "nb"], ["nb-NO"])
    assert made["tags"] == ["no-derivatives", "obligation:credit", "research-only"]
    assert made["size_categories"] == ["n<1K"]


@pytest.mark.parametrize(
    ("licences", "expected"),
    [
        pytest.param(["CC-BY-4.0"], {"license": "cc-by-4.0"}, id="one"),
        pytest.param(
            ["ODbL-1.0", "GPL-3.0-or-later"],
            {"license": ["gpl-3.0", "odbl"]},
            id="several, by the hub's own ids",
        ),
        pytest.param([""], {"license": "unknown"}, id="none"),
        pytest.param(
            ["CC-BY-4.0", ""], {"license": ["cc-by-4.0", "unknown"]}, id="some without one"
        ),
        pytest.param(
            ["https://creativecommons.org/licenses/by-sa/2.0/de/"],
            {
                "license": "other",
                "license_name": "cc-by-sa-2.0-de",
                "license_link": "https://creativecommons.org/licenses/by-sa/2.0/de/",
            },
            id="one that the hub does not list",
        ),
        pytest.param(
            ["https://a.example/terms", "my own words"],
            {
                "license": "other",
                "license_name": "several-licences",
                "license_link": "https://fen.example/corpus",
            },
            id="several that the hub does not list",
        ),
        pytest.param(
            ["my own words"],
            {
                "license": "other",
                "license_name": "my-own-words",
                "license_link": "https://fen.example/corpus",
            },
            id="one without a text",
        ),
    ],
)
def test_the_licences_of_the_front_matter(
    tmp_path: Path, licences: list[str], expected: dict[str, object]
) -> None:
    rows = "".join(f"https://a.example/{n},{each}\n" for n, each in enumerate(licences))
    made = matter(card("url,licence\n" + rows, tmp_path))
    assert {key: value for key, value in made.items() if key.startswith("license")} == expected


def test_we_read_our_own_card_as_it_is_meant(tmp_path: Path) -> None:
    text = card(travelling.LIST, tmp_path)
    read = sa.assess(
        sa.Capture(
            "https://huggingface.co/datasets/fen/corpus/raw/main/README.md",
            status=200,
            headers=[(b"Content-Type", b"text/markdown")],
            body=text.encode(),
        ),
        robots=sa.ABSENT,
        token="ExampleBot",
    )
    assert {each["label"] for each in read.model_dump(mode="json")["licences"]} == {
        "CC-BY-NC-ND-4.0",
        "CC-BY-SA-4.0",
        "https://archive.example/terms-of-use",
    }


@pytest.mark.parametrize(
    ("assets", "category"),
    [
        (0, "n<1K"),
        (999, "n<1K"),
        (1000, "1K<n<10K"),
        (9999, "1K<n<10K"),
        (10_000, "10K<n<100K"),
        (1_000_000, "1M<n<10M"),
        (10**12 - 1, "100B<n<1T"),
        (10**12, "n>1T"),
    ],
)
def test_the_size_category(assets: int, category: str) -> None:
    assert front_matter.size(assets) == category
    assert yaml.safe_load(category) == category


@given(st.sampled_from(HOSTILE) | st.text(max_size=40))
def test_a_text_in_yaml_is_one_line_of_text(said: str) -> None:
    written = front_matter.scalar(said)
    assert "\n" not in written
    assert isinstance(yaml.safe_load(written), str)
    assert yaml.safe_load(f"a: {written}\nb: [{written}]\n{written}: c") is not None
    if said.isascii() and said.isprintable():
        assert yaml.safe_load(written) == said


@pytest.mark.parametrize("said", HOSTILE)
def test_nothing_breaks_out_of_the_card(tmp_path: Path, said: str) -> None:
    facts = Facts.make(
        {
            "title": said,
            "name": said,
            "description": said,
            "language": [said, "no", "code"],
            "licence": said,
            "access": "on-request",
            "creator": [{"name": said, "affiliation": said, "url": said}],
        }
    )
    clash = Clash(said, said, ActivityAnswer.NO, said, said, (1, 1))
    text = card(travelling.LIST, tmp_path, facts, clashes=(clash,))
    made = matter(text)
    assert set(made) == {
        "pretty_name",
        "language",
        "language_details",
        "license",
        "license_name",
        "license_link",
        "tags",
        "size_categories",
        "extra_gated_prompt",
        "extra_gated_fields",
    } - (set() if "language_details" in made else {"language_details"})
    assert made["license"] == ["cc-by-nc-nd-4.0", "cc-by-sa-4.0", "other", "unknown"]
    assert {"no", "code"} <= set(made["language"])  # type: ignore[call-overload]  # a list
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(body(text))
    assert re.findall(r"<h2>(.*?)</h2>", html) == SECTIONS
    assert len(re.findall("<h1>", html)) == 1
    assert "<script" not in html
    assert "javascript:" not in " ".join(re.findall(r'href="([^"]*)"', html))
    assert len(re.findall("<code class=", html)) == 1


def test_a_hostile_party_stays_in_its_cell(tmp_path: Path) -> None:
    rows = 'url,licence,party\nhttps://a.example/,CC-BY-4.0,"| x\n\n# heading <script> ](//evil)"\n'
    text = card(rows, tmp_path)
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(body(text))
    assert re.findall(r"<h2>(.*?)</h2>", html) == SECTIONS
    assert "<script" not in html
    rows = [each for each in section(text, "Attribution").splitlines() if each.startswith("|")]
    assert len(rows) == 3
    assert all(each.count("|") - each.count("\\|") == 3 for each in rows)


def test_the_sections_say_what_a_reader_needs(tmp_path: Path) -> None:
    text = card(travelling.LIST, tmp_path)
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == SECTIONS
    licensing = section(text, "Licensing")
    assert "[CC BY-SA 4.0](<https://creativecommons.org/licenses/by-sa/4.0/>) | 2 |" in licensing
    assert "no licence declared | 1 |" in licensing
    assert "under CC0-1.0; that changes no asset's licence" in licensing
    assert "| [press.example](<https://press.example>) | 2 |" in section(text, "Attribution")
    owed = section(text, "Preferences and obligations")
    assert "| `credit` | credit the source | 4 | 2 |" in owed
    uses = section(text, "Uses")
    assert uses.index("In scope") < uses.index("`research-internal`") < uses.index("Only after")
    assert uses.index("Out of scope") < uses.index("`commercial-product`")
    assert (
        "- `commercial-product`: use it, or a model trained on it, for commercial advantage. "
        "2 assets stand in the way, 4 assets left, to go out under CC BY-SA 4.0; asked: `credit`.\n"
    ) in uses
    assert uses.count("\n- ") == 3
    assert "| `research-only` | **Research-Only** | 2 |" in section(text, "Segregated sets")
    assert "**do-not-release**. Part of it is" in section(text, "Weights")
    assert ("**ask**. Share-alike remains.\n") in section(text, "Weights")
    assert (
        "[CREDITS.md](CREDITS.md) names 5 of 6 assets with their credit lines, of 3 declaring "
        "parties, and 2 ask for credit.\n1 asset asks for no credit.\n"
    ) in section(text, "Attribution")
    assert "Ada Fen" in section(text, "Contact")
    assert text.endswith("\nThis is no legal advice.\n")


def test_the_preferences_for_every_use_stand_on_the_card(tmp_path: Path) -> None:
    uses = ((Use.TRAIN_GENERATIVE, Preference.CONDITIONAL), (Use.MODEL_INPUT, Preference.DISALLOW))
    members = [
        Member(
            f"https://a.example/{number}",
            Party("A"),
            Footing(),
            "a test",
            stated=Stated(uses[: 1 + number % 2]),
        )
        for number in range(3)
    ]
    with travelling.of_members(members) as holdings:
        composition = travelling.composed(holdings)
        text = "".join(
            dataset_card.markdown(holdings, composition, travelling.WEIGHTS, travelling.FACTS)
        )
    told = section(text, "Preferences and obligations")
    assert "| use | `disallow` | `undetermined` | `conditional` | `allow` | `unknown` |" in told
    assert "(`train-generative`) |  |  | 3 |  |  |" in told
    assert "(`model-input`) | 1 |  |  |  | 2 |" in told


def test_the_gate_stands_only_where_access_is_on_request(tmp_path: Path) -> None:
    gated = matter(card(travelling.LIST, tmp_path))
    assert "research only" in str(gated["extra_gated_prompt"])
    assert "checkbox" in gated["extra_gated_fields"].values()  # type: ignore[attr-defined]  # YAML
    for access in ("public", "private", None):
        facts = travelling.FACTS.model_copy(update={"access": access})
        assert not [key for key in matter(card(travelling.LIST, tmp_path, facts)) if "gated" in key]


def test_more_parties_than_it_names_are_counted(tmp_path: Path) -> None:
    rows = "".join(f"https://p{n}.example/,CC-BY-4.0\n" for n in range(25))
    text = card("url,licence\n" + rows, tmp_path)
    assert "| 15 more, each in sources.jsonl | 15 |" in section(text, "Attribution")


def test_of_clashes_the_pairs_are_named_and_no_more_than_ten(tmp_path: Path) -> None:
    clash = Clash("CC-BY-SA-4.0", "GPL-3.0-only", ActivityAnswer.NO, "x" * 900, "y" * 300, (1, 1))
    told = section(card(travelling.LIST, tmp_path, clashes=(clash,) * 14), "Licensing")
    assert told.count("- CC BY-SA 4.0 and GPL-3.0-only: no\n") == 10
    assert "- 4 more, each in composition.md\n" in told
    assert "xxx" not in told


def test_more_licences_than_it_names_are_counted(tmp_path: Path) -> None:
    rows = "".join(f"https://a.example/{n},https://a.example/terms/{n}\n" for n in range(60))
    text = card("url,licence\n" + rows, tmp_path)
    more = "| 10 more, each in [preferences.json](preferences.json) | 10 |"
    assert more in section(text, "Licensing")


def test_what_was_looked_at_and_is_not_in_it_is_told(tmp_path: Path) -> None:
    provenance = Provenance(
        True, held=1200, skipped=7, tightened=2, policy="strict", policy_sha256="ab" * 32
    )
    with travelling.held(travelling.LIST, tmp_path) as holdings:
        text = "".join(
            dataset_card.markdown(
                holdings,
                travelling.composed(holdings),
                travelling.WEIGHTS,
                travelling.FACTS,
                provenance,
            )
        )
    told = section(text, "Provenance")
    assert "- 7 skipped: a publisher refuses" in told
    assert "- 1,200 held: " in told
    assert "- 2 dropped: " in told
    assert "left out" not in told
    assert f"The policy that decided is strict (SHA-256 `{'ab' * 32}`)" in told


def test_a_corpus_of_nothing_has_a_card_too(tmp_path: Path) -> None:
    text = card("url\n", tmp_path, Facts())
    assert matter(text)["license"] == "unknown"
    assert "0 assets." in text
    assert "Nobody is named" in section(text, "Contact")


def test_a_real_composition_goes_onto_the_card(tmp_path: Path) -> None:
    with travelling.held(travelling.LIST, tmp_path) as holdings:
        composition = compose.make(holdings)
        made = weights.make(composition, holdings)
        text = "".join(dataset_card.markdown(holdings, composition, made, travelling.FACTS))
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == SECTIONS
    assert set(re.findall(r"^- `([a-z-]+)`:", section(text, "Uses"), re.MULTILINE)) == {
        str(each) for each in composition.activities
    }
    (model,) = re.findall(r"```yaml\n(.*?)```", section(text, "Weights"), re.DOTALL)
    read = yaml.safe_load(model)
    assert read["license"]
    assert not [each for each in read["tags"] if each.startswith("license:")]
    assert "Research-Only" in section(text, "Segregated sets")


def test_a_million_assets_cost_no_more_text(tmp_path: Path) -> None:
    with travelling.held(travelling.LIST, tmp_path) as holdings:
        composition = replace(travelling.composed(holdings), extent=Extent(1_000_000))
        text = "".join(
            dataset_card.markdown(holdings, composition, travelling.WEIGHTS, travelling.FACTS)
        )
    assert matter(text)["size_categories"] == ["1M<n<10M"]
    assert "1,000,000 assets." in text
