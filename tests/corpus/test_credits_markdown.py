"""CREDITS.md: what it says, and that nothing that a publisher says can change its shape."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from signals_agent.corpus import of_list
from signals_agent.corpus.credits import markdown
from signals_agent.corpus.facts import Facts
from signals_agent.corpus.holdings import Holdings
from signals_agent.corpus.member import Debt, Footing, Member
from signals_agent.model import citation
from signals_agent.model.attribution import Attribution, LicenceName
from signals_agent.model.obligation import Basis, ObligationKind, Party

BY = "https://creativecommons.org/licenses/by/4.0/"
FACTS = Facts.make(
    {
        "title": "Field notes",
        "version": "2.1",
        "url": "https://notes.example/",
        "doi": "10.5281/zenodo.1",
        "licence": "CC-BY-4.0",
        "description": "What grows where.",
        "creator": [{"name": "Ada Fern", "affiliation": "Botany", "url": "https://ada.example/"}],
    }
)

HOSTILE = (
    "# heading",
    "trailing #",
    "- item",
    "1. one",
    "](https://evil.example) [x",
    "![x](https://evil.example/x.png)",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</li></ul><h1>x</h1>",
    "<https://evil.example>",
    "https://evil.example",
    "`code` ```",
    "a\n\n# b\n\n- c",
    "a\r\n---\r\n",
    "| a | b |",
    "\u202egnp.exe",
    "*bold* _it_ ~~no~~",
    "&lt;b&gt; &amp;copy;",
    "\\",
    "[x]: https://evil.example",
    "=SUM(A1)",
    "\x00\x1b[31m",
    "---",
    "> quoted",
)


def listed(tmp_path: Path, *rows: dict[str, object]) -> Holdings:
    sheet = tmp_path / "list.jsonl"
    sheet.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    made, unread = Holdings(["list.jsonl"]), of_list.Unread()
    made.add(of_list.members(sheet, unread))
    assert not unread.count, unread.first
    return made


def text(holdings: Holdings, facts: Facts = FACTS, changes: str = "") -> str:
    return "".join(markdown.render(holdings, facts, changes))


def test_a_work_is_named_with_everything_that_its_licence_asks_for(tmp_path: Path) -> None:
    credit = Attribution(
        url="https://fern.example/fronds",
        text="unused",
        collection="Ferns",
        title="Fronds",
        creators=("Ada",),
        licence="CC BY 4.0",
        licence_url=BY,
        credit_text="Photo: Ada Fern",
        credit_url="https://ada.example/",
        copyright_notice="\u00a9 2024 Ada Fern",
        licences=(LicenceName("CC BY 4.0", BY),),
    )
    party = Party("Fern Press", "https://fern.example", inferred=False)
    with Holdings() as holdings:
        holdings.add([Member(credit.url, party, Footing(), "by hand", (), credit)])
        lines = text(holdings).splitlines()
    assert "## [Fern Press](<https://fern.example>)" in lines
    assert "### Ferns" in lines
    (line,) = [each for each in lines if "Fronds" in each]
    assert line == "- " + citation.cite(credit, "markdown")
    for part in ("Fronds", credit.url, "Photo: Ada Fern", "https://ada.example/", BY, "2024"):
        assert part in line


def test_what_the_set_is_and_what_is_owed_stands_above_the_works(tmp_path: Path) -> None:
    with listed(
        tmp_path,
        {"url": "https://a.example/1", "licence": "CC-BY-4.0", "title": "One"},
        {"url": "https://a.example/2", "licence": "CC-BY-4.0", "title": "Two"},
        {"url": "https://b.example/3", "licence": "MIT"},
        {"url": "https://b.example/4"},
        {"url": "https://b.example/5"},
    ) as holdings:
        said = text(holdings)
    assert said.startswith("# Credits: Field notes\n\nWhat grows where.\n")
    for line in (
        "- Version: 2.1",
        "- DOI: 10.5281/zenodo.1",
        "- Licence of the set itself: CC-BY-4.0",
        "- Made by: [Ada Fern (Botany)](<https://ada.example/>)",
        (
            "The set holds 5 assets. 3 of them are named here: 2 collections of 2 declaring "
            "parties, and 1 asks for credit, 1 more only to keep notices."
        ),
        "2 further assets ask for no credit.",
        "`sources.jsonl` has every source, with whatever else it asks for.",
        "Owed by licence, to 1 party, and to 1 more for notices alone:",
        "Credit is owed by licence: CC-BY-4.0 (for all 2).",
        "Credit is owed by licence: MIT, its notices (for the one).",
        "*Inferred from the address.*",
        "3 works named, of 3 assets.",
        "This is no legal advice.",
    ):
        assert line in said.splitlines(), line


def test_licence_and_preference_are_shown_side_by_side_and_to_whom() -> None:
    press, site = Party("Fern Press", None, False), Party("fern.example", "https://fern.example")
    debts = (
        Debt(ObligationKind.CREDIT, True, Basis.PREFERENCE, "cc-cr", press, "Cite it.", "0.1"),
        Debt(ObligationKind.CREDIT, False, Basis.LICENCE, "CC-BY-4.0", site, "Name it.", "4.0"),
    )
    credit = Attribution("https://fern.example/a", "line", "Ferns", "Fronds")
    with Holdings() as holdings:
        holdings.add([Member(credit.url, press, Footing(), "by hand", debts, credit)])
        said = text(holdings).splitlines()
    assert "Credit is owed by licence: CC-BY-4.0 (for the one, to fern.example)." in said
    assert "Credit is owed by preference: cc-cr 0.1 (for the one)." in said
    assert "- cc-cr 0.1, for 1 asset (binding for all as used): Cite it." in said
    assert "- CC-BY-4.0, for 1 asset: Name it." in said


@pytest.mark.parametrize(
    ("licence", "said"),
    [("CC-BY-4.0", True), ("CC-BY-NC-ND-4.0", True), ("CC0-1.0", False), ("MIT", False)],
)
def test_changes_stand_where_the_licence_asks_for_them(
    tmp_path: Path, licence: str, said: bool
) -> None:
    with listed(tmp_path, {"url": "https://a.example/1", "licence": licence}) as holdings:
        told, silent = text(holdings, changes="cut to 512 tokens"), text(holdings)
    assert ("Changes: cut to 512 tokens." in told) is said
    assert ("Nothing is said of changes here" in silent) is said


def test_more_addresses_of_a_work_are_told_at_the_end_of_its_line(tmp_path: Path) -> None:
    rows = [{"url": f"https://a.example/{n}", "title": "One"} for n in range(3)]
    with listed(tmp_path, *rows) as holdings:
        (line,) = [each for each in text(holdings).splitlines() if each.startswith("- [One]")]
    assert line == "- [One](<https://a.example/0>), in a.example. Also at 2 more addresses."


def test_a_set_of_which_nobody_asks_credit_says_so(tmp_path: Path) -> None:
    with listed(tmp_path, {"url": "https://a.example/1"}) as holdings:
        said = text(holdings, Facts())
    assert said.startswith("# Credits: list\n\nThe set holds 1 asset.\n")
    assert "Nobody asks for credit.\n" in said
    assert "1 further asset asks for no credit; 1 party is not named here for that.\n" in said


def test_works_that_ask_for_no_credit_are_named_all_the_same(tmp_path: Path) -> None:
    row = {"url": "https://a.example/1", "licence": "CC0-1.0", "title": "Free"}
    with listed(tmp_path, row) as holdings:
        said = text(holdings)
    assert "Nobody asks for credit here; the works are named all the same.\n" in said
    assert "- [Free](<https://a.example/1>)" in said


def parsed(said: str) -> list[Token]:
    return MarkdownIt("commonmark", {"linkify": False}).enable(["table"]).parse(said)


def inside(tokens: Sequence[Token]) -> list[Token]:
    return [child for token in tokens for child in token.children or ()]


def shape(tokens: Sequence[Token]) -> list[str]:
    return [token.type for token in tokens]


def markup(tokens: Sequence[Token]) -> list[str]:
    """What is more than text within the lines."""
    more = ("text", "text_special", "softbreak")
    return [token.type for token in inside(tokens) if token.type not in more]


@pytest.mark.parametrize("said", HOSTILE)
def test_nothing_that_a_publisher_says_changes_the_document(tmp_path: Path, said: str) -> None:
    def rows(word: str) -> dict[str, object]:
        return {
            "url": "https://a.example/1",
            "licence": "CC-BY-4.0",
            **dict.fromkeys(("title", "creator", "collection", "publisher"), f"{word}"),
        }

    # A collection of the same name as its party has no heading of its own, so one differs.
    plain_row, row = rows("plain"), rows(said)
    plain_row["collection"], row["collection"] = "plain too", f"{said} too"
    with listed(tmp_path, plain_row) as holdings:
        plain = parsed(text(holdings, changes="plain"))
    with listed(tmp_path, row) as holdings:
        written = text(holdings, changes=said.strip() or "x")
    found = parsed(written)
    assert shape(found) == shape(plain)
    links = [token.attrs["href"] for token in inside(found) if token.type == "link_open"]
    assert links == [token.attrs["href"] for token in inside(plain) if token.type == "link_open"]
    assert markup(found) == markup(plain)
    shown = [token for token in found if token.type == "inline"]
    assert all(character not in written for character in "\x00\x1b\u202e\r")
    if said in ("# heading", "trailing #", "---", "\\"):
        headings = ["".join(c.content for c in each.children or ()) for each in shown]
        assert said in headings
        assert f"{said} too" in headings


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_title_and_party_leave_headings_and_items_as_they_are(title: str, name: str) -> None:
    def document(title: str, name: str) -> list[Token]:
        credit = Attribution("https://a.example/1", "line", "Some collection", title)
        party = Party(name, None, inferred=False)
        with Holdings() as holdings:
            holdings.add([Member(credit.url, party, Footing(), "by hand", (), credit)])
            return parsed(text(holdings))

    title, name = f"t{title}", f"n{name}"
    assert shape(document(title, name)) == shape(document("title", "name"))


def test_the_same_corpus_gives_the_same_document_whatever_the_order_of_its_lines(
    tmp_path: Path,
) -> None:
    rows: list[dict[str, object]] = [
        {"url": f"https://{site}.example/{n}", "licence": "CC-BY-4.0", "title": f"T{n % 3}"}
        for site in "ab"
        for n in range(6)
    ]
    with listed(tmp_path, *rows) as one, listed(tmp_path, *reversed(rows)) as other:
        assert text(one) == text(one) == text(other)
