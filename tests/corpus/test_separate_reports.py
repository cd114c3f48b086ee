"""Requests for separate licences as Markdown, JSON and a list of assets."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import owing
import pytest
from markdown_it import MarkdownIt

from signals_agent.corpus import by_policy, of_list
from signals_agent.corpus.composition import compose
from signals_agent.corpus.holdings import Holdings
from signals_agent.corpus.separate import Separate, sheet
from signals_agent.corpus.separate import json as as_json
from signals_agent.corpus.separate import markdown as as_markdown
from signals_agent.model.licence import Activity
from signals_agent.policy import LicensorStatement, Policy

PLAN = (Activity.RELEASE_WEIGHTS, Activity.COMMERCIAL_PRODUCT)


def corpus(folder: Path, *rows: dict[str, str]) -> Holdings:
    path = folder / "list.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in rows), "utf-8")
    return owing.holding(*of_list.members(path, of_list.Unread()))


def nd(number: int, **more: str) -> dict[str, str]:
    return {"url": f"https://a.example/{number}", "licence": "CC-BY-NC-ND-4.0", **more}


def table(separate: Separate) -> list[dict[str, str]]:
    text = "".join(sheet.render(separate))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def document(separate: Separate, **more: Any) -> Any:
    return json.loads("".join(as_json.render(separate, **more)))


def test_the_list_has_a_row_for_each_asset_and_reason(tmp_path: Path) -> None:
    with corpus(tmp_path, nd(1, contact="Ada"), {"url": "https://b.example/"}) as held:
        found = table(Separate(held, PLAN))
    assert [(each["url"], each["activities"], each["answer"]) for each in found] == [
        ("https://a.example/1", "release-weights", "caution"),
        ("https://a.example/1", "commercial-product", "no"),
        ("https://b.example/", "release-weights commercial-product", "caution"),
    ]
    assert found[1] == {
        "url": "https://a.example/1",
        "licences": "CC-BY-NC-ND-4.0",
        "activities": "commercial-product",
        "answer": "no",
        "contact_kind": "contact",
        "contact_name": "Ada",
        "contact_url": "",
        "contact_inferred": "no",
        "reason": "The licence grants nothing for commercial advantage.",
        "instead": (
            "Use a permissively licensed alternative in the product, or obtain a separate licence."
        ),
    }
    assert (found[2]["contact_inferred"], found[2]["contact_url"]) == ("yes", "https://b.example/")


def test_a_long_url_stands_in_the_list_in_full(tmp_path: Path) -> None:
    url = "https://a.example/" + "x" * 5000
    with corpus(tmp_path, {"url": url, "licence": "CC-BY-NC-4.0"}) as held:
        assert [each["url"] for each in table(Separate(held, PLAN))] == [url] * 2


def test_the_markdown_shows_a_few_examples_and_says_where_the_rest_is(tmp_path: Path) -> None:
    with corpus(tmp_path, *(nd(n, contact="https://ada.example/ask") for n in range(5))) as held:
        written = "".join(as_markdown.render(Separate(held, PLAN), 2, "separate.csv"))
    for said in (
        "For what is planned: `release-weights`, `commercial-product`.\n",
        "Every asset stands in `separate.csv`; here are a few of each.\n",
        "| `commercial-product` | 0 | 0 | 5 | 0 | 0 |\n",
        "## Ask [https\\://ada.example/ask (contact, as the page says)](<https://ada.example/ask>)",
        "### 5 assets under CC-BY-NC-ND-4.0\n",
        "Ask for a licence to release weights trained on it and use it in a commercial product.\n",
        (
            "- **no** for `commercial-product`: The licence grants nothing for commercial "
            "advantage. Instead: Use a permissively licensed"
        ),
        (
            "- Assets: [https\\://a.example/0](<https://a.example/0>), "
            "[https\\://a.example/1](<https://a.example/1>), and 3 more.\n"
        ),
        "- Else ask [the publisher of https\\://a.example/ (inferred from the address)]",
        "This is no legal advice.\n",
    ):
        assert said in written, said


def test_an_agreement_and_an_undeclared_licence_are_told_where_they_are_not_listed(
    tmp_path: Path,
) -> None:
    with corpus(tmp_path, {"url": "https://b.example/"}, nd(1)) as held:
        unplanned = "".join(as_markdown.render(Separate(held)))
        inside = "".join(as_markdown.render(Separate(held, (Activity.RESEARCH_INTERNAL,))))
    assert "Nobody said what is planned, so all ten activities are looked at.\n" in unplanned
    assert "No licence is declared for 1 asset, not listed here: name what is planned" in unplanned
    assert "No licence stands against it that an agreement does not answer.\n" in inside
    assert "not listed here: nothing that is planned hands them on.\n" in inside


def test_the_json_has_its_shape(tmp_path: Path) -> None:
    with corpus(tmp_path, nd(1, contact="Ada"), nd(2, contact="Ada", bytes="5")) as held:
        separate = Separate(held, PLAN)
        found = document(separate, full="separate.csv")
        assert "null" not in "".join(as_json.render(separate))
    assert found["schema"] == "signals-agent/separate-licences/1"
    assert found["planned"] == ["release-weights", "commercial-product"]
    assert found["assets_file"] == "separate.csv"
    assert [each["activity"] for each in found["overview"]] == found["planned"]
    (request,) = found["requests"]
    assert request["ask"] == {"kind": "contact", "inferred": False, "name": "Ada"}
    assert [each["kind"] for each in request["otherwise"]] == ["origin"]
    assert (request["assets"], request["bytes"], request["assets_with_bytes"]) == (2, 5, 1)
    assert "tokens" not in request
    assert [each["answer"] for each in request["needs"]] == ["caution", "no"]
    assert request["examples"] == ["https://a.example/1", "https://a.example/2"]


def test_a_corpus_in_which_everything_is_permitted_asks_for_nothing(tmp_path: Path) -> None:
    with corpus(tmp_path, {"url": "https://a.example/", "licence": "CC0-1.0"}) as held:
        separate = Separate(held, PLAN)
        assert (table(separate), document(separate)["requests"]) == ([], [])
        assert "No licence stands against it" in "".join(as_markdown.render(separate))


@pytest.mark.parametrize(
    "hostile",
    [
        '=HYPERLINK("https://evil.example")',
        "+1",
        "-1",
        "@x",
        "\t=1",
        "\r=1",
        "a;=1",
        "a\nb;@x",
        "<script>alert(1)</script>",
        "](https://evil.example) [x",
        "![x](https://evil.example/x.png)",
        "# x\n\n- y",
    ],
)
def test_hostile_names_are_only_ever_text(tmp_path: Path, hostile: str) -> None:
    row = {"url": "https://a.example/", "licence": hostile, "publisher": hostile}
    with corpus(tmp_path, row) as held:
        separate = Separate(held, (Activity.MIRROR,))
        written = "".join(as_markdown.render(separate))
        listed = "".join(sheet.render(separate)).removeprefix("\ufeff")
    for delimiter in (",", ";", "\t"):
        for cells in csv.reader(io.StringIO(listed, newline=""), delimiter=delimiter):
            assert not [each for each in cells if each.startswith(tuple("=+-@\t\r\n"))]
    tokens = [
        inner
        for token in MarkdownIt("commonmark", {"html": True}).parse(written)
        for inner in (token, *(token.children or ()))
    ]
    assert not [each for each in tokens if each.type in ("html_block", "html_inline", "image")]
    assert {str(each.attrs["href"]) for each in tokens if each.type == "link_open"} == {
        "https://a.example/"
    }
    assert [each.tag for each in tokens if each.type == "heading_open"] == ["h1", "h2", "h3"]


def test_words_that_may_mean_the_public_domain_mark_are_told_how_to_say_it(tmp_path: Path) -> None:
    rows = ({"url": "https://a.example/", "licence": "US Government Work"}, nd(1))
    with corpus(tmp_path, *rows) as held:
        government, other = document(Separate(held, (Activity.MIRROR,)))["requests"]
    if other["licences"] != ["CC-BY-NC-ND-4.0"]:
        government, other = other, government
    assert government["text"] == (
        "Ask for a licence to redistribute it unaltered. If the Public Domain Mark is meant, name "
        "it by its URL: https://creativecommons.org/publicdomain/mark/1.0/."
    )
    assert "Public Domain" not in other["text"]


def test_what_a_licensor_says_itself_is_shown_with_its_address(tmp_path: Path) -> None:
    url = "https://a.example/faq?a=1&b=2"
    said = [
        LicensorStatement(
            licence="CC-BY-NC-ND-4.0",
            activity=activity,
            answer="ok",
            origins=["https://a.example"],
            url=url,
        )
        for activity in (Activity.RELEASE_WEIGHTS, Activity.MIRROR)
    ]
    with corpus(tmp_path, nd(1), nd(2)) as listed:
        members = [each.member for each in listed.by_url()]
    policy = Policy(statement=said)
    now = datetime(2026, 11, 22, tzinfo=UTC)
    with owing.holding(*by_policy.applied(members, policy, now)) as held:
        made = Separate(held, PLAN, compose.make(held))
        written, found = "".join(as_markdown.render(made)), document(made)
    assert found["statements"] == [
        {
            "activity": "release-weights",
            "licence": "CC-BY-NC-ND-4.0",
            "answer": "ok",
            "before": "caution",
            "url": url,
            "assets": 2,
            "assets_with_bytes": 0,
            "assets_with_tokens": 0,
        }
    ]
    assert "`release-weights`: the licensor of 2 assets under CC-BY-NC-ND-4.0 answers" in written
    assert "(<https://a.example/faq?a=1&amp;b=2>)" in written
