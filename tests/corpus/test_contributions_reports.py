"""The valuation records as Markdown and as JSON."""

import json
from pathlib import Path
from typing import Any

import owing
import pytest
from markdown_it import MarkdownIt
from owing import but

from signals_agent.corpus import contributions
from signals_agent.corpus.contributions import Books
from signals_agent.corpus.contributions import json as as_json
from signals_agent.corpus.contributions import markdown as as_markdown
from signals_agent.corpus.facts import Facts
from signals_agent.model.obligation import ObligationKind
from signals_agent.policy import Policy

FACTS = Facts.make(
    {"name": "Marsh", "means": {"stated": "A laboratory of six", "ceiling": "EUR 1000"}}
)
POLICY = Policy(
    commitment=[
        {"kind": "direct-contribution", "ceiling": "EUR 1200"},
        {"kind": "ecosystem-contribution", "evidence": "https://us.example/giving"},
    ]
)


@pytest.fixture
def recorded(tmp_path: Path) -> Books:
    path = tmp_path / "sheet.csv"
    held = owing.three()
    cells = {
        "Tern Museum": owing.FILLED,
        "wren.example": but(beneficiary_confirmed_by=""),
        "fen.example": {**owing.FILLED, "id": "con-000000000000"},
    }
    owing.filled(owing.books(held), path, cells)
    return owing.books(held, contributions.read(path), POLICY, FACTS)


def markdown(made: Books) -> str:
    return "".join(as_markdown.render(made))


def document(made: Books) -> Any:
    return json.loads("".join(as_json.render(made)))


def nulls(value: Any) -> bool:
    if isinstance(value, dict):
        return any(nulls(each) for each in value.values())
    if isinstance(value, list):
        return any(nulls(each) for each in value)
    return value is None


def test_the_markdown_says_what_was_given_what_was_not_and_what_it_comes_to(
    recorded: Books,
) -> None:
    written = markdown(recorded)
    for said in (
        "# Contributions owed for Marsh\n",
        "Given in money: EUR 1500.50.\n",
        (
            "3 records of parties, 2 of them open; and 1 record of an ecosystem, which gathers "
            "what several parties ask for the same.\n"
        ),
        "The most that it can give: EUR 1000.\n",
        "**What is recorded is above that by EUR 500.50.**",
        (
            "direct contribution to everyone, at most EUR 1200: a gift is recorded for 1 of 1 "
            "that ask for it; given EUR 1500.50; **above its ceiling by EUR 300.50**.\n"
        ),
        "## Recorded, and not counted\n",
        "beneficiary\\_confirmed\\_by is empty: a person has to confirm the beneficiary",
        "## Rows of no record here\n",
        "fen.example is not in this corpus. It is kept, and counts for nothing.\n",
        "the ecosystem that is meant by cc-cr-ec, for which 2 parties ask",
        (
            "- **Given** on 2026-10-02: EUR 1500.50, to Friends of the Tern Museum (confirmed by "
            "Ada Fen on 2026-10-01). Receipt: R-1.\n"
        ),
        "No price was computed for anyone",
    ):
        assert said in written, said


def test_what_is_not_known_is_not_shown_as_none(recorded: Books) -> None:
    written = markdown(recorded)
    assert "- Use: 1 asset, 25.0 % of the corpus; 100 bytes; tokens not known." in written
    assert "- Use: 2 assets, 50.0 % of the corpus; bytes not known; 12 tokens." in written
    assert (
        "3 assets, 75.0 % of the corpus; bytes not known; 12 tokens (of 2 assets; of the rest they "
        "are not known)." in written
    )
    uses = {each["id"]: each["use"] for each in document(recorded)["records"]}
    with owing.three() as held:
        known = owing.ids(owing.books(held))
    assert "bytes" not in uses[known["wren.example"]]
    assert "tokens" not in uses[known["Tern Museum"]]


def test_the_json_has_its_shape_and_no_nulls(recorded: Books) -> None:
    found = document(recorded)
    assert found["schema"] == "signals-agent/contributions/1"
    assert not nulls(found)
    assert found["as_of"] == "2026-11-22"
    assert found["corpus"]["assets"] == 4
    assert found["account"]["given"] == [{"currency": "EUR", "amount": "1500.50", "gifts": 1}]
    assert found["account"]["over_means"]["amount"] == "500.50"
    assert [each["over"]["amount"] for each in found["account"]["commitments"][:1]] == ["300.50"]
    assert len(found["account"]["not_counted"]) == 1
    ((left,)) = found["account"]["left_over"]
    assert left["cells"]["receipt"] == "R-1"
    records = found["records"]
    assert [each["kind"] for each in records] == [
        "ecosystem-contribution",
        "ecosystem-contribution",
        "direct-contribution",
        "ecosystem-contribution",
    ]
    for each in records:
        assert ("ecosystem" in each) is not ("to" in each)
        for name in ("asked", "declared_beneficiaries", "commitments", "agreements", "given"):
            assert isinstance(each[name], list)
    (given,) = records[2]["given"]
    assert given["amount"] == "1500.50"
    assert given["beneficiary_confirmed_by"] == "Ada Fen"


def test_a_declared_beneficiary_is_shown_as_a_claim() -> None:
    debt = owing.owed(ObligationKind.DIRECT_CONTRIBUTION, owing.TERN, beneficiary=owing.TERN)
    with owing.holding(owing.asset("https://tern.example/", owing.TERN, debt)) as held:
        made = owing.books(held)
        assert (
            "- Beneficiary: [Tern Museum](<https://tern.example>) (as declared; a person has to "
            "confirm it before anything is given).\n"
        ) in markdown(made)
        (record,) = document(made)["records"]
    assert record["declared_beneficiaries"] == [
        {"name": "Tern Museum", "url": "https://tern.example", "inferred": False}
    ]
    assert record["given"] == []


def test_a_corpus_that_owes_nothing_says_so() -> None:
    with owing.holding(owing.asset("https://a.example/", owing.WREN)) as held:
        made = owing.books(held)
        assert "Nobody asks for a contribution or a payment" in markdown(made)
        assert document(made)["records"] == []


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "# heading\n\n- list",
        "](javascript:alert(1)) [x",
        "![x](https://evil.example/x.png)",
        "**bold** `code` www.evil.example",
        "a\u202eb\x00\x1b[31m",
    ],
)
def test_what_a_publisher_calls_itself_is_only_ever_text(name: str, tmp_path: Path) -> None:
    evil = owing.Party(name, "javascript:alert(1)", inferred=False)
    debt = owing.owed(ObligationKind.DIRECT_CONTRIBUTION, evil, name, name, beneficiary=evil)
    with owing.holding(owing.asset("https://e.example/", evil, debt)) as held:
        path = owing.filled(owing.books(held), tmp_path / "s.csv", {})
        made = owing.books(held, contributions.read(path), POLICY)
        written = markdown(made)
        assert document(made)["records"][0]["to"]["name"] == name
    page = MarkdownIt("commonmark", {"html": True})
    tokens = [inner for token in page.parse(written) for inner in (token, *(token.children or ()))]
    assert not [each for each in tokens if each.type in ("html_block", "html_inline", "image")]
    assert {str(each.attrs["href"]) for each in tokens if each.type == "link_open"} <= {
        "https://e.example/",
        "https://us.example/giving",
    }
    headings = [each.tag for each in tokens if each.type == "heading_open"]
    assert headings == ["h1", "h2", "h2", "h3"]


def test_the_same_input_gives_the_same_octets(recorded: Books) -> None:
    again = Books(
        recorded.holdings, recorded.facts, recorded.policy, recorded.worksheet, owing.TODAY
    )
    assert markdown(again) == markdown(recorded)
    assert "".join(as_json.render(again)) == "".join(as_json.render(recorded))


def test_a_corpus_without_a_name_is_called_after_what_it_was_read_from() -> None:
    with owing.three() as held:
        held.names[:] = ["fens.csv", "crawl.db"]
        assert markdown(owing.books(held)).startswith("# Contributions owed for fens + crawl\n")
