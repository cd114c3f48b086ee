"""The texts for a paper, a README and a demo page."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from signals_agent.corpus import of_list
from signals_agent.corpus.credits import bibtex, templates
from signals_agent.corpus.facts import Facts
from signals_agent.corpus.holdings import Holdings
from signals_agent.corpus.member import Debt, Footing, Member
from signals_agent.licences import claims, declared
from signals_agent.model.attribution import Attribution
from signals_agent.model.obligation import Basis, ObligationKind, Party

FACTS = Facts(title="Field notes", version="2.1")
Template = Callable[..., Iterator[str]]
ALL = (templates.paper_latex, templates.paper_markdown, templates.readme, templates.demo_page)
each_template = pytest.mark.parametrize("template", ALL, ids=lambda each: each.__name__)


def corpus(tmp_path: Path, parties: int = 4) -> Holdings:
    """Parties a, b, c ... with 1, 2, 3 ... assets, and one asset of which nobody asks."""
    sheet = tmp_path / "list.jsonl"
    rows = [
        {"url": f"https://{'abcdefgh'[n]}.example/{m}", "licence": "CC-BY-4.0", "title": f"T{m}"}
        for n in range(parties)
        for m in range(n + 1)
    ]
    rows.append({"url": "https://silent.example/"})
    sheet.write_text("".join(json.dumps(row) + "\n" for row in rows))
    made = Holdings()
    made.add(of_list.members(sheet, of_list.Unread()))
    return made


def named(said: str) -> Holdings:
    party = Party(said, "https://a.example", inferred=False)
    debt = Debt(ObligationKind.CREDIT, True, Basis.PREFERENCE, said, party, "Cite it.", "0.1")
    licence = replace(declared.make(claims.read("CC-BY-4.0")), governs=True)
    credit = Attribution("https://a.example/1", "line", said, said)
    made = Holdings()
    made.add([Member(credit.url, party, Footing((licence,)), "by hand", (debt,), credit)])
    return made


@each_template
def test_the_biggest_parties_are_named_and_the_others_counted(
    tmp_path: Path, template: Template
) -> None:
    with corpus(tmp_path) as holdings:
        said = "".join(template(holdings, FACTS, "cut", most=2))
    assert "Field notes 2.1" in said
    assert (
        "holds 11 assets, 10 of them credited (1 asks for no credit): 4 collections of 4 declaring "
        "parties, all of which ask for it."
    ) in said
    assert "every credited party and work, with creators, source and licence, is named in" in said
    assert said.index("d.example") < said.index("c.example")
    assert "a.example" not in said
    assert "2 further parties, with 3 assets, are not named here" in said
    assert "CREDITS.md" in said
    assert "Credit is owed by licence to 4 parties (CC-BY-4.0)." in said
    assert "Changes to the works: cut." in said


@each_template
def test_the_last_party_is_named_rather_than_counted(tmp_path: Path, template: Template) -> None:
    """It takes no more room than to say that one is not named."""
    with corpus(tmp_path) as holdings:
        said = "".join(template(holdings, FACTS, most=3))
    assert all(f"{each}.example" in said for each in "abcd")
    assert "further" not in said


@each_template
def test_a_set_without_a_name_is_called_after_its_file(tmp_path: Path, template: Template) -> None:
    with corpus(tmp_path) as holdings:
        holdings.names.append("works.v2.csv")
        assert "works.v2 holds" in "".join(template(holdings, Facts())).replace("*", "").replace(
            "\\emph{works.v2}~\\cite{works-v2-", "works.v2 holds"
        ).replace("\\.", ".")


@each_template
def test_where_all_are_named_nothing_is_said_of_others(tmp_path: Path, template: Template) -> None:
    with corpus(tmp_path) as holdings:
        said = "".join(template(holdings, FACTS))
    assert all(f"{each}.example" in said for each in "abcd")
    assert "further" not in said
    assert "say what you changed" in said


@each_template
def test_a_corpus_of_which_nobody_asks_credit(tmp_path: Path, template: Template) -> None:
    with corpus(tmp_path, 0) as holdings:
        said = "".join(template(holdings, FACTS))
    assert "holds 1 asset, none of which asks for credit." in said
    assert "CREDITS.md" not in said


@each_template
def test_the_full_credits_may_stand_elsewhere(tmp_path: Path, template: Template) -> None:
    with corpus(tmp_path) as holdings:
        said = "".join(template(holdings, FACTS, where="https://notes.example/a{b}.md"))
    assert "https://notes.example/a%7Bb%7D.md" in said
    assert "{https://notes.example/a{b}.md}" not in said


def test_the_paper_cites_what_the_bibliography_has(tmp_path: Path) -> None:
    with corpus(tmp_path) as holdings:
        said = "".join(templates.paper_latex(holdings, FACTS))
        entries = "".join(bibtex.render(holdings, FACTS))
    keys = [key for part in said.split("\\cite{")[1:] for key in part.split("}")[0].split(",")]
    assert len(keys) == 5
    assert all(f"@misc{{{key}," in entries for key in keys)


HOSTILE = (
    "\\input{/etc/passwd}",
    "}{\\x",
    "100% of $x_1$ & #2 ^~",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "--> <b>",
    "](javascript:alert(1)) [x",
    "![x](https://evil.example/x.png)",
    "a\n\n# b",
    "*b* `c`",
)


@pytest.mark.parametrize("said", HOSTILE)
def test_no_name_is_a_command_of_latex(said: str) -> None:
    with named(said) as holdings:
        written = "".join(templates.paper_latex(holdings, Facts(title=said), said))
    for word in ("\\input", "\\x"):
        assert word not in written
    body = [line for line in written.split("\n") if not line.startswith("%")]
    assert not [line for line in body if "%" in line.replace("\\%", "")]
    depth = 0
    for at, character in enumerate(written):
        if written[at - 1] != "\\":
            depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0


@pytest.mark.parametrize("said", HOSTILE)
@pytest.mark.parametrize("template", [templates.paper_markdown, templates.readme])
def test_no_name_is_markup_of_markdown(said: str, template: Template) -> None:
    with named(said) as holdings:
        written = "".join(template(holdings, Facts(title=said), said))
    with named("plain") as holdings:
        plain = "".join(template(holdings, Facts(title="plain"), "plain"))

    def shape(text: str) -> list[str]:
        tokens = MarkdownIt("commonmark").parse(text)
        inline = [each for token in tokens for each in token.children or ()]
        return [
            each.type for each in (*tokens, *inline) if each.type not in ("text", "text_special")
        ]

    def trim(shapes: list[str]) -> list[str]:
        return [each for each in shapes if each != "softbreak"]

    assert trim(shape(written)) == trim(shape(plain))


class Footer(HTMLParser):
    """The elements of a page in order, with their attributes, and what is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.shown = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.shown += data


@pytest.mark.parametrize("said", HOSTILE)
def test_the_footer_is_plain_html_that_can_be_read_aloud(said: str) -> None:
    with named(said) as holdings:
        written = "".join(templates.demo_page(holdings, Facts(title=said), said))
    page = Footer()
    page.feed(written)
    page.close()
    assert not page.open
    assert {tag for tag, _ in page.elements} == {"footer", "h2", "p", "ul", "li", "a"}
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    labels = [attrs["aria-labelledby"] for _, attrs in page.elements if "aria-labelledby" in attrs]
    assert len(ids) == len(set(ids))
    assert labels
    assert set(labels) <= set(ids)
    # Nothing is loaded: there are links to follow, and no other address.
    used = {name for _, attrs in page.elements for name in attrs}
    assert used == {"lang", "id", "aria-labelledby", "href"}
    links = [attrs["href"] for tag, attrs in page.elements if tag == "a"]
    assert links == ["https://a.example", "CREDITS.md"]
    if "\n" not in said:
        assert page.shown.count(said) == 4


def test_a_footer_says_what_cc_signals_ask_where_they_ask(tmp_path: Path) -> None:
    with named("Press") as holdings:
        assert "CC signals ask" in "".join(templates.demo_page(holdings, FACTS))
    with corpus(tmp_path) as holdings:
        assert "CC signals ask" not in "".join(templates.demo_page(holdings, FACTS))
