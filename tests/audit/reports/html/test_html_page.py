"""What the page is made of, read as a parser reads it."""

import json
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import audit_stores
import pytest

from signals_agent.audit import figures
from signals_agent.audit.reports.html import packed, write, write_run
from signals_agent.audit.reports.html.interned import Interned
from signals_agent.audit.reports.html.markup import element, join, link
from signals_agent.audit.reports.words import counted, share
from signals_agent.model.use import Use
from signals_agent.model.verdict import ReasonCode
from signals_agent.store.snapshot import Row, Snapshot

VOID = {"meta", "link", "input", "br", "hr"}
OURS = {
    *("html", "head", "meta", "title", "link", "style", "script", "noscript", "body"),
    *("header", "nav", "main", "section", "footer", "div", "h1", "h2", "h3", "p", "span"),
    *("a", "strong", "code", "ul", "li", "dl", "dt", "dd", "details", "summary"),
    *("svg", "defs", "pattern", "rect", "circle", "path"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td"),
    *("form", "fieldset", "legend", "label", "input", "select", "option", "button"),
}


class Parsed(HTMLParser):
    """The elements of a page, with what is not closed, and the texts of scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.inside: dict[str, list[str]] = {"script": [], "style": []}
        self.text: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag in self.inside:
            self.inside[tag].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in self.inside:
            self.inside[self.open[-1]][-1] += data
        else:
            self.text.append(data)

    def of(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


@pytest.fixture(scope="session")
def parsed(page: str) -> Parsed:
    return Parsed(page)


def data_of(parsed: Parsed) -> tuple[dict[str, list[Any]], list[list[Any]]]:
    """The tables and the columns of the page, put together as its script does."""
    tables: dict[str, list[Any]] = {}
    columns: list[list[Any]] = [[] for _ in range(10)]
    for attributes, text in zip(parsed.of("script"), parsed.inside["script"], strict=True):
        if attributes.get("class") != "block":
            continue
        block = json.loads(text)
        for into, values in zip(columns, block.pop("rows"), strict=True):
            into.extend(values)
        for name, entries in block.items():
            tables.setdefault(name, []).extend(entries)
    return tables, columns


def test_every_element_is_closed_in_its_order(parsed: Parsed) -> None:
    assert not parsed.wrong
    assert not parsed.open


def test_there_are_no_elements_but_our_own(parsed: Parsed) -> None:
    assert {tag for tag, _ in parsed.elements} <= OURS


def test_no_element_has_a_handler_or_a_style_of_its_own(parsed: Parsed) -> None:
    names = {name for _, attributes in parsed.elements for name in attributes}
    assert not {name for name in names if name.startswith("on")}
    assert "style" not in names
    assert "src" not in names


def test_nothing_is_loaded_from_anywhere(parsed: Parsed) -> None:
    assert [each["href"][:5] for each in parsed.of("link")] == ["data:"]
    assert not parsed.of("img", "iframe", "object", "embed", "audio", "video", "base")
    style = parsed.inside["style"][0]
    assert "@import" not in style
    assert re.findall(r"url\((?!#)", style) == []


def test_the_policy_admits_this_script_and_this_style_alone(parsed: Parsed) -> None:
    (policy,) = [
        each["content"]
        for each in parsed.of("meta")
        if each.get("http-equiv") == "Content-Security-Policy"
    ]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy
    run = [
        text
        for attributes, text in zip(parsed.of("script"), parsed.inside["script"], strict=True)
        if attributes.get("type") != "application/json"
    ]
    for name, texts in (("script-src", run), ("style-src", parsed.inside["style"])):
        digests = [b64encode(sha256(each.encode()).digest()).decode() for each in texts]
        assert rules[name] == " ".join(f"'sha256-{each}'" for each in digests)


def test_the_policy_stands_before_anything_that_it_is_about(page: str) -> None:
    policy = page.index("Content-Security-Policy")
    assert all(policy < page.index(each) for each in ("<style", "<script", "<link", "<svg"))


def test_links_lead_to_the_web_or_into_the_page(parsed: Parsed) -> None:
    ids = [each["id"] for _, each in parsed.elements if "id" in each]
    assert not [each for each, count in Counter(ids).items() if count > 1]
    for each in parsed.of("a"):
        href = each["href"]
        if href.startswith("#"):
            assert href[1:] in ids
        else:
            assert href.startswith(("https://", "http://"))
            assert {"noreferrer", "noopener"} <= set(each["rel"].split())


def test_what_is_named_for_a_screen_reader_is_there(parsed: Parsed) -> None:
    ids = {each["id"] for _, each in parsed.elements if "id" in each}
    for tag, each in parsed.elements:
        assert each.get("aria-labelledby", next(iter(ids))) in ids
        if tag == "label" and "for" in each:
            assert each["for"] in ids
    assert len(parsed.of("main")) == len(parsed.of("header")) == len(parsed.of("footer")) == 1
    assert len(parsed.of("h1")) == 1
    assert all(each.get("aria-label") for each in parsed.of("nav"))
    assert [each["lang"] for each in parsed.of("html")] == ["en-GB"]
    (status,) = [each for each in parsed.of("p") if each.get("role") == "status"]
    assert status["aria-live"] == "polite"


def test_every_head_of_a_table_says_of_what(parsed: Parsed) -> None:
    assert {each.get("scope") for each in parsed.of("th")} == {"col", "row", "rowgroup"}
    assert len(parsed.of("caption")) == len(parsed.of("table"))


def test_headings_leave_no_step_out(parsed: Parsed) -> None:
    steps = [int(tag[1]) for tag, _ in parsed.elements if tag in ("h1", "h2", "h3")]
    assert steps[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(steps))


def test_no_character_of_a_publisher_turns_the_text_round_or_ends_a_line(page: str) -> None:
    assert "\\u{202e}" in page
    assert not [each for each in "\u202e\u2028\u2029\u0000\ufeff\u200f" if each in page]
    page.encode("utf-8")


def test_scripts_hold_no_sign_that_could_end_them(parsed: Parsed) -> None:
    for attributes, text in zip(parsed.of("script"), parsed.inside["script"], strict=True):
        if attributes.get("type") == "application/json":
            assert "<" not in text


def test_the_hostile_expression_is_told_as_it_was_written(parsed: Parsed) -> None:
    tables, _ = data_of(parsed)
    expressions = [each[4] for each in tables["declarations"]]
    assert any("</script><img src=x onerror=alert(1)>" in each for each in expressions)


def test_a_long_expression_is_shortened_and_says_how_long_it_is(parsed: Parsed) -> None:
    tables, _ = data_of(parsed)
    long = [each for each in tables["declarations"] if each[5]]
    assert long
    for each in long:
        assert each[4].endswith("...")
        assert each[5] > len(each[4]) - 3 or "\\" in each[4]


def test_each_row_unfolds_to_what_its_result_says(
    tmp_path: Path, page_of: Callable[..., str]
) -> None:
    answers = list(audit_stores.varied()[1::5])
    parsed = Parsed(page_of(answers))
    tables, columns = data_of(parsed)
    url, answer, members, look, *_ = columns
    assert url == [each.url for each in answers]
    for row, each in enumerate(answers):
        decision, _, _, uses, owed, notes = tables["answers"][answer[row]]
        assert list(packed.DECISIONS)[decision] == each.verdict.decision
        told = [(list(packed.PREFERENCES)[use[0]], list(packed.DECISIONS)[use[1]]) for use in uses]
        assert told == [(each.uses[use].preference, each.uses[use].decision) for use in Use]
        assert Counter(tables["duties"][one[0]][0] for one in owed) == Counter(
            str(one.kind) for one in each.obligations
        )
        assert [tables["notes"][one[0]][1] for one in notes] == [n.code for n in each.notes][:20]
        found = tables["sets"][members[row]] if members[row] >= 0 else []
        assert [tuple(tables["declarations"][one][:2]) for one in found] == [
            (one.family, one.carrier) for one in each.declarations[:40]
        ]
        coverage = tables["looks"][look[row]][2]
        assert len(coverage) == len(each.coverage)


def test_an_origins_declaration_is_written_once(page_of: Callable[..., str]) -> None:
    one = next(
        each
        for each in audit_stores.varied()
        if [d.carrier for d in each.declarations] == ["robots-txt"]
    )
    rows = [audit_stores.Listed(f"{one.url}?{n}", one, line=n) for n in range(1, 300)]
    tables, columns = data_of(Parsed(page_of(rows)))
    assert len(columns[0]) == 299
    assert len(tables["declarations"]) == 1


def test_figures_stand_in_the_page_as_they_are_counted(tmp_path: Path) -> None:
    store = audit_stores.of(tmp_path / "audit.db", audit_stores.varied())
    with Snapshot(store) as snapshot:
        found = figures.of(snapshot)
        text = " ".join("".join(Parsed("".join(write(found, snapshot.rows()))).text).split())
    for decision, words in (("ingest", "may be ingested"), ("hold", "held"), ("skip", "skipped")):
        assert found.decided[decision]
        assert f"{found.decided[decision]:,}" in text
        assert words in text
    for party in found.parties[:10]:
        assert party.name in text
    assert found.policy in text
    assert found.policy_sha256 in text
    for cost in found.costs:
        assert f"{cost.alone:,}" in text


def test_the_page_of_a_run_read_once_is_the_same(tmp_path: Path) -> None:
    store = audit_stores.of(tmp_path / "audit.db", audit_stores.varied())
    with Snapshot(store) as snapshot:
        twice = "".join(write(figures.of(snapshot), snapshot.rows()))
        once = "".join(write_run(snapshot))
        again = "".join(write_run(snapshot))
    assert once == twice == again


def test_a_run_without_a_policy_is_told_by_use(page_of: Callable[..., str]) -> None:
    parsed = Parsed(page_of(list(audit_stores.varied(policy=False)[:40])))
    text = " ".join("".join(parsed.text).split())
    assert "each use is decided for itself" in text
    assert "none: the preset standard" in text


def test_a_run_that_lists_nothing_is_a_whole_page_too(page_of: Callable[..., str]) -> None:
    parsed = Parsed(page_of([]))
    assert not parsed.wrong
    assert "The run lists no URL." in "".join(parsed.text)


def test_what_was_not_asked_is_told_apart_from_what_is_not_known(
    page_of: Callable[..., str],
) -> None:
    rows = [audit_stores.Listed(f"https://late.example/{n}", line=n) for n in range(1, 4)]
    parsed = Parsed(page_of(rows, ended=""))
    text = " ".join("".join(parsed.text).split())
    assert "3 URLs were not asked at all" in text
    assert "not ended yet" in text
    assert data_of(parsed)[1][1] == [-1, -1, -1]


def test_rows_beyond_what_a_browser_opens_are_left_to_other_formats(
    page_of: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "MOST_ROWS", 20)
    parsed = Parsed(page_of(list(audit_stores.varied()[:60])))
    assert len(data_of(parsed)[1][0]) == 20
    (note,) = [each for each in parsed.of("p") if each.get("id") == "left-out"]
    assert "hidden" not in note
    assert "first 20 assets; 40 more" in "".join(parsed.text)


def test_blocks_stop_at_their_octets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "MOST_OCTETS", 1)
    monkeypatch.setattr(packed, "_TOGETHER", 5)
    blocks = packed.Blocks()
    written = [
        blocks.add(Row(n, f"https://a.example/{n}", "urls.txt", n, 0, ""), None)
        for n in range(1, 20)
    ]
    assert [bool(each) for each in written] == [False] * 4 + [True] + [False] * 14
    assert blocks.held == 5


def test_what_was_lost_and_skipped_is_told_with_its_place(page: str) -> None:
    text = " ".join("".join(Parsed(page).text).split())
    assert "no URL: 'see <b>above</b>'" in text
    assert "line 7" in text
    assert "sitemap.xml" in text
    assert "The sample left 4 further URLs out" in text


def test_an_archive_is_told_as_one(page_of: Callable[..., str]) -> None:
    told = {
        "inputs": ["crawl.warc.gz"],
        "files": 1,
        "records": 90,
        "losses": {
            "count": 7,
            "kept": [{"file": "crawl.warc.gz", "offset": 1234, "reason": "cut", "until": 2000}],
        },
        "left_out": {"request": 12},
    }
    page = page_of(list(audit_stores.varied()[:4]), kind="archive", told=told)
    text = " ".join("".join(Parsed(page).text).split())
    assert "Lost in archives: 7" in text
    assert "octet 1,234 to 2,000" in text
    assert "request (12)" in text


@pytest.mark.parametrize(
    ("ended", "told"),
    [
        pytest.param("", "not yet: it can be resumed", id="one that goes on"),
        pytest.param("budget", "13:00 UTC, early: budget", id="one that was stopped"),
        pytest.param("complete", "22 November 2026, 13:00 UTC", id="one that is complete"),
    ],
)
def test_the_end_of_a_run(page_of: Callable[..., str], ended: str, told: str) -> None:
    page = page_of(list(audit_stores.varied()[:3]), ended=ended)
    assert told in " ".join("".join(Parsed(page).text).split())


def test_what_a_run_was_asked_is_told_whole(page_of: Callable[..., str]) -> None:
    asked = {
        "inputs": [f"list-{n}.txt" for n in range(30)],
        "robots": ["robots-1.warc", "robots-2.warc"],
        "pace": {"concurrency": 64, "per_host": 2},
        "sample": 20,
        "column": "</dd><script>",
    }
    told = {"inputs": asked["inputs"], "listed": 3, "lost": {"count": 2, "kept": []}}
    parsed = Parsed(page_of(list(audit_stores.varied()[:3]), asked=asked, told=told))
    text = " ".join("".join(parsed.text).split())
    assert "concurrency 64 and per host 2" in text
    assert "robots-1.warc and robots-2.warc" in text
    assert "</dd><script>" in text
    assert "and 10 more files" in text
    assert "Lost inputs: 2" in text


def test_a_result_that_tells_less_is_packed_all_the_same() -> None:
    packer = packed.Packer()
    told = json.loads(audit_stores.varied()[0].model_dump_json())
    del told["uses"]["search"]
    told["checked_at"] = "some day"
    told["final_url"] = "https://a.example/\ud800"
    told["notes"] = [
        {"severity": "info", "code": "x", "summary": "\ud800\u2028</script>", "because": ["gone"]}
    ]
    row = Row(1, told["url"], "urls.txt", 1, 1, "")
    packer.add(row, told)
    block = json.loads(packer.block())
    assert block["answers"][0][3][list(Use).index(Use.SEARCH)] == 0
    assert block["rows"][7] == [0]
    assert block["notes"] == [["info", "x", "\\u{d800}\\u{2028}</script>"]]
    assert block["rows"][8] == ["https://a.example/\\u{d800}"]


def test_every_reason_has_its_words(page: str) -> None:
    legend = json.loads(
        next(
            text
            for each, text in zip(
                Parsed(page).of("script"), Parsed(page).inside["script"], strict=True
            )
            if each.get("id") == "legend"
        )
    )
    assert set(legend["reasons"]) == set(ReasonCode)
    assert legend["uses"] == [str(each) for each in Use]


def test_interned_entries_are_forgotten_when_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("signals_agent.audit.reports.html.interned._MOST", 3)
    table = Interned()
    numbers = [table.number(each) for each in "abcab"]
    assert numbers == [0, 1, 2, 0, 1]
    later = [table.number(each) for each in "da"]
    assert later == [3, 4]
    assert table.taken() == list("abcda")
    assert table.taken() == []


@pytest.mark.parametrize(
    ("made", "written"),
    [
        pytest.param(element("p", "<b>"), "<p>&lt;b&gt;</p>", id="text is quoted"),
        pytest.param(
            element("a", href='"><b>'), '<a href="&quot;&gt;&lt;b&gt;"></a>', id="attributes are"
        ),
        pytest.param(element("p", element("b", 1234)), "<p><b>1,234</b></p>", id="markup is not"),
        pytest.param(join("a\u202eb"), "a\\u{202e}b", id="what turns text round is shown"),
        pytest.param(join("\ud800"), "\\u{d800}", id="half a character is shown"),
        pytest.param(element("meta", hidden=True), "<meta hidden>", id="a void element"),
        pytest.param(link("javascript:x"), "javascript:x", id="no link but to the web"),
        pytest.param(
            link("https://a.example/\u202e"), "https://a.example/\\u{202e}", id="nor to a trick"
        ),
    ],
)
def test_markup_of(made: str, written: str) -> None:
    assert made == written


@pytest.mark.parametrize(
    ("count", "of", "told"),
    [
        pytest.param(0, 0, "0%", id="of nothing"),
        pytest.param(0, 9, "0%", id="none"),
        pytest.param(9, 9, "100%", id="all"),
        pytest.param(1, 100_000, "under 0.1%", id="few is not none"),
        pytest.param(99_999, 100_000, "over 99.9%", id="most is not all"),
        pytest.param(1, 3, "33.3%", id="a third"),
    ],
)
def test_share_of(count: int, of: int, told: str) -> None:
    assert share(count, of) == told


def test_one_is_told_as_one() -> None:
    assert [counted(1, "asset"), counted(2000, "asset")] == ["1 asset", "2,000 assets"]


def test_what_was_answered_is_not_called_looked_at(page_of: Callable[..., str]) -> None:
    rows = [*audit_stores.varied()[:30], audit_stores.Listed("https://late.example/", line=31)]
    text = " ".join("".join(Parsed(page_of(rows)).text).split())
    assert "30 URLs answeredof 31 URLs listed" in text  # two paragraphs of a tile
    assert "assets looked at" not in text


def test_origins_are_called_so(page: str) -> None:
    text = " ".join("".join(Parsed(page).text).split())
    assert re.search(r"Audit of \d+ URLs on \d+ origins?\b", text)
    assert not re.search(r"\d hosts?\b", text)
