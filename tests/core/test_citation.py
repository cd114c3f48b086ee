"""The credit line in four styles, ready to paste and safe to paste."""

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from signals_agent.errors import UsageError
from signals_agent.model.attribution import Attribution, FactSource, LicenceName
from signals_agent.model.citation import address, cite, line

URL = "https://fenwiki.example/rain"
BY_SA = "https://creativecommons.org/licenses/by-sa/4.0/"


def attribution(**facts: object) -> Attribution:
    from dataclasses import replace

    made = Attribution(**{"url": URL, "text": "", **facts})  # type: ignore[arg-type]  # any fact may be given
    return replace(made, text=line(made))


RAIN = attribution(
    title="Rainfall at Fenwick",
    creators=("Ada Fen",),
    collection="Fenwiki",
    licence="CC BY-SA 4.0",
    licence_url=BY_SA,
)
HOSTILE = (
    "](javascript:alert(1)) [x](https://evil.example/)",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "line\nbreak\r\n\n# heading",
    "right\u202eto left\u2066",
    "back\\slash \\] \\",
    "`code` *em* _em_ ~~no~~ | cell |",
    "}} , note = {x}, @misc{evil,",
    "{unbalanced",
    "unbalanced}",
    'quotes " and \' and ">',
    "&copy; &#x3c;b&#x3e;",
    "https://evil.example/ www.evil.example",
    "![image](https://evil.example/x.png)",
    "- item",
    "1. item",
    "\x00\x1b]0;owned\x07",
    "%\\input{/etc/passwd} $x^2$ #1 ~ _",
)


class Markup(HTMLParser):
    """The tags, the links and the text of a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        assert tag != "a" or [name for name, _ in attrs] == ["href"]

    def handle_data(self, data: str) -> None:
        self.text += data


def rendered(markdown: str) -> Markup:
    """As a README shows it."""
    return Markup(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown))


def fields(entry: str) -> dict[str, str]:
    """A BibTeX entry as BibTeX reads it: a brace counts even after a backslash."""
    opening = re.match(r"@misc\{([a-z0-9-]+),\n", entry)
    assert opening is not None
    rest, found = entry[opening.end() :], {}
    while (named := re.match(r"  ([a-z]+) = \{", rest)) is not None:
        depth, at = 1, named.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(rest[at], 0)
            at += 1
        assert named[1] not in found
        found[named[1]] = rest[named.end() : at - 1]
        rest = rest[at:].removeprefix(",").removeprefix("\n")
    assert rest == "}"
    return found


def test_a_markdown_line_is_ready_to_paste() -> None:
    assert cite(RAIN, "markdown", "filtered") == (
        "[Rainfall at Fenwick](<https://fenwiki.example/rain>), by Ada Fen, in Fenwiki, "
        "[CC BY-SA 4.0](<https://creativecommons.org/licenses/by-sa/4.0/>). Changes: filtered."
    )


def test_a_readme_shows_title_author_source_and_licence() -> None:
    shown = rendered(cite(RAIN, "markdown", "filtered"))
    assert shown.text.strip() == (
        "Rainfall at Fenwick, by Ada Fen, in Fenwiki, CC BY-SA 4.0. Changes: filtered."
    )
    assert shown.links == [URL, BY_SA]


def test_the_same_as_html() -> None:
    assert cite(RAIN, "html") == (
        f'<a href="{URL}">Rainfall at Fenwick</a>, by Ada Fen, in Fenwiki, '
        f'<a href="{BY_SA}">CC BY-SA 4.0</a>'
    )


def test_the_same_as_text() -> None:
    assert cite(RAIN, "text") == (
        f"\u201cRainfall at Fenwick\u201d, by Ada Fen, in Fenwiki, {URL}, CC BY-SA 4.0 ({BY_SA})"
    )
    assert cite(RAIN, "text", "filtered").endswith(f"CC BY-SA 4.0 ({BY_SA}). Changes: filtered.")


def test_the_same_as_bibtex() -> None:
    entry = cite(RAIN, "bibtex", "filtered")
    assert entry.startswith("@misc{fenwiki-example-rain-f59391e1,\n")
    assert fields(entry) == {
        "title": "{Rainfall at Fenwick}",
        "author": "{Ada Fen}",
        "howpublished": "Fenwiki",
        "url": URL,
        "note": f"CC BY-SA 4.0 ({BY_SA}). Changes: filtered.",
    }


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param({}, f"{URL}", id="a bare address links itself"),
        pytest.param({"collection": "Fenwiki"}, "Fenwiki", id="without a title the site is named"),
        pytest.param(
            {"title": "Rain", "collection": "Fenwiki"}, "Rain, in Fenwiki", id="no author, no 'by'"
        ),
        pytest.param(
            {"title": "Rain", "creators": ("Ada", "Bo")}, "Rain, by Ada, Bo", id="several authors"
        ),
        pytest.param(
            {"title": "Rain", "creators": ("Ada",), "credit_text": "Fen Rain Society"},
            "Rain, by Fen Rain Society",
            id="the page's own wish goes before its creators",
        ),
        pytest.param(
            {"title": "Rain", "credit_text": "Photo: Ada"}, "Rain, Photo: Ada", id="no 'by Photo:'"
        ),
        pytest.param({"title": "Rain", "credit_text": "by Ada"}, "Rain, by Ada", id="no 'by by'"),
        pytest.param(
            {"title": "Rain", "licence": "MIT", "copyright_notice": "\u00a9 2026 Ada."},
            "Rain, MIT. \u00a9 2026 Ada.",
            id="a licence keeps the copyright notice",
        ),
        pytest.param(
            {"title": "Rain", "copyright_notice": "\u00a9 2026 Ada"},
            "Rain",
            id="without a licence nothing asks to keep the notice",
        ),
        pytest.param(
            {"title": "Rain", "collection": "Acme Inc.", "licence": "MIT"},
            "Rain, in Acme Inc., MIT",
            id="a name may end in a full stop",
        ),
    ],
)
def test_what_is_known_is_named(facts: dict[str, object], expected: str) -> None:
    made = attribution(**facts)
    assert rendered(cite(made, "markdown")).text.strip() == expected
    assert Markup(cite(made, "html")).text == expected


MIT = LicenceName("MIT", "https://opensource.org/license/mit")
APACHE = LicenceName("Apache-2.0", "https://www.apache.org/licenses/LICENSE-2.0")
OWN = LicenceName("fen")


@pytest.mark.parametrize(
    ("licence", "licences", "marked", "plain"),
    [
        pytest.param(
            "MIT and Apache-2.0",
            (MIT, APACHE),
            f"[MIT](<{MIT.url}>) and [Apache-2.0](<{APACHE.url}>)",
            f"MIT ({MIT.url}) and Apache-2.0 ({APACHE.url})",
            id="two that govern",
        ),
        pytest.param(
            "(fen AND MIT) OR Apache-2.0",
            (OWN, MIT, APACHE),
            f"(fen AND [MIT](<{MIT.url}>)\\) OR [Apache-2.0](<{APACHE.url}>)",
            f"(fen AND MIT ({MIT.url})) OR Apache-2.0 ({APACHE.url})",
            id="an expression, one of it without a URL",
        ),
        pytest.param(
            "MIT-0 OR MIT",
            (MIT,),
            f"MIT-0 OR [MIT](<{MIT.url}>)",
            f"MIT-0 OR MIT ({MIT.url})",
            id="no part of another name",
        ),
        pytest.param(
            "Apache-2.0", (MIT,), "Apache-2.0", "Apache-2.0", id="a name that is not there"
        ),
        pytest.param(
            "MIT",
            (LicenceName("MIT", "javascript:x"),),
            "MIT",
            "MIT",
            id="a URL that may not be linked",
        ),
    ],
)
def test_each_licence_is_linked(
    licence: str, licences: tuple[LicenceName, ...], marked: str, plain: str
) -> None:
    made = attribution(title="Rain", licence=licence, licences=licences)
    links = [each.url for each in licences if f"<{each.url}>" in marked]
    assert cite(made, "markdown") == f"[Rain](<{URL}>), {marked}"
    assert made.text == f"\u201cRain\u201d, {URL}, {plain}"
    assert Markup(cite(made, "html")).links == [URL, *links]
    assert Markup(cite(made, "html")).text == f"Rain, {licence}"
    assert fields(cite(made, "bibtex"))["note"] == plain.replace("_", "\\_")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_names_of_several_licences_break_out_of_nothing(hostile: str) -> None:
    made = attribution(
        title="Rain",
        licence=f"{hostile} and MIT",
        licences=(LicenceName(hostile, BY_SA), MIT),
    )
    for shown in (rendered(cite(made, "markdown")), Markup(cite(made, "html"))):
        assert {tag for tag in shown.tags if tag != "p"} == {"a"}
        assert shown.links[-1] == MIT.url
        assert set(shown.links) <= {URL, BY_SA, MIT.url}
    assert set(fields(cite(made, "bibtex"))) == {"title", "url", "note"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param("", None, id="none given, the line stays clean"),
        pytest.param("  \n", None, id="blank is none"),
        pytest.param("filtered", "Changes: filtered.", id="words become a sentence"),
        pytest.param("filtered.", "Changes: filtered.", id="not two full stops"),
        pytest.param("Changes: filtered", "Changes: filtered.", id="not said twice"),
        pytest.param("filtered\nand cut", "Changes: filtered and cut.", id="kept on one line"),
    ],
)
@pytest.mark.parametrize("style", ["markdown", "html", "text", "bibtex"])
def test_what_was_changed_is_said(changes: str, expected: str | None, style: str) -> None:
    line_ = cite(RAIN, style, changes)
    if expected is None:
        assert line_ == cite(RAIN, style)
        assert "Changes" not in line_
    else:
        assert line_.count(expected) == 1
        assert line_.removesuffix("}\n}").endswith(expected)


def test_the_name_links_where_the_page_asks_and_the_title_to_the_work() -> None:
    made = attribution(title="Rain", credit_text="Ada", credit_url="https://ada.example/me#who")
    assert cite(made, "markdown") == (f"[Rain](<{URL}>), by [Ada](<https://ada.example/me#who>)")
    assert "Ada (https://ada.example/me#who)" in made.text


@pytest.mark.parametrize(
    ("facts", "links"),
    [
        pytest.param(
            {"title": "Rain", "collection": "Fenwiki"},
            [URL, "https://ada.example/"],
            id="without a name, on the site",
        ),
        pytest.param({"title": "Rain"}, ["https://ada.example/"], id="else on the title"),
        pytest.param(
            {"title": "Rain", "creators": ("Ada", "Bo")},
            [URL, "https://ada.example/"],
            id="on all creators together",
        ),
    ],
)
def test_the_link_that_is_asked_for_is_always_there(
    facts: dict[str, object], links: list[str]
) -> None:
    made = attribution(**facts, credit_url="https://ada.example/")
    assert rendered(cite(made, "markdown")).links == links
    assert "https://ada.example/" in made.text
    assert "https://ada.example/" in fields(cite(made, "bibtex"))["note"]


def test_a_link_to_the_work_itself_stands_once() -> None:
    made = attribution(title="Rain", credit_text="Ada", credit_url=URL + "/")
    assert cite(made, "markdown") == f"[Rain](<{URL}>), by Ada"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_names_break_out_of_nothing(hostile: str) -> None:
    made = attribution(
        title=hostile,
        creators=(hostile, "Bo"),
        collection=hostile,
        licence=hostile,
        licence_url=BY_SA,
        copyright_notice=hostile + " kept",
    )
    for shown in (rendered(cite(made, "markdown", hostile)), Markup(cite(made, "html", hostile))):
        assert [tag for tag in shown.tags if tag != "p"] == ["a", "a"]
        assert shown.links == [URL, BY_SA]
        assert shown.text.count("Bo") == 1
    for style in ("markdown", "html", "text", "bibtex"):
        written = cite(made, style, hostile)
        assert all(c.isprintable() or (c == "\n" and style == "bibtex") for c in written)
        assert "\u202e" not in written
    assert set(fields(cite(made, "bibtex", hostile))) == {
        "title",
        "author",
        "howpublished",
        "url",
        "note",
    }


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=40))
def test_any_name_is_shown_as_it_is_and_only_so(title: str, name: str, changes: str) -> None:
    made = attribution(title=title or "T", creators=(name or "N",), licence="MIT")
    as_markdown, as_html = cite(made, "markdown", changes), cite(made, "html", changes)
    shown, plain = rendered(as_markdown), Markup(as_html)
    assert [tag for tag in shown.tags if tag != "p"] == plain.tags == ["a"]
    assert "".join(shown.text.split()) == "".join(plain.text.split())
    assert "\n" not in as_markdown
    assert fields(cite(made, "bibtex", changes))["url"] == URL


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example/",
        "/relative",
        "",
        "https://",
    ],
)
def test_only_web_and_mail_addresses_are_linked(url: str) -> None:
    made = Attribution(
        url=url,
        text="",
        title="Rain",
        licence="MIT",
        licence_url=url,
        credit_text="Ada",
        credit_url=url,
    )
    assert rendered(cite(made, "markdown")).links == []
    assert Markup(cite(made, "html")).links == []
    assert "url" not in fields(cite(made, "bibtex"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/x", "https://a.example/x"),
        ("HTTP://a.example/", "HTTP://a.example/"),
        ("mailto:ada@fen.example", "mailto:ada@fen.example"),
        ("https://a.example/x y", "https://a.example/x%20y"),
        ('https://a.example/"><b>', "https://a.example/%22%3E%3Cb%3E"),
        ("https://a.example/?a=\\{}", "https://a.example/?a=%5C%7B%7D"),
        ("https://a.example/%20?x=%3C#y", "https://a.example/%20?x=%3C#y"),
        ("https://a.example/caf\u00e9\u202e", "https://a.example/caf%C3%A9%E2%80%AE"),
        ("https://a.example/\n\udcff", "https://a.example/%0A%ED%B3%BF"),
        ("https://me:secret@a.example/", "https://a.example/"),
    ],
    ids=[
        "a plain one stays",
        "a scheme in capitals",
        "mail",
        "a blank",
        "what would end a tag",
        "what would end a BibTeX field",
        "what is escaped stays escaped",
        "beyond ASCII",
        "a line break and half a character",
        "no password is shown",
    ],
)
def test_an_address_ends_nothing(url: str, expected: str) -> None:
    assert address(url) == expected


def test_a_query_is_no_character_reference() -> None:
    made = attribution(title="Rain", url="https://a.example/?a=1&copy;=2&b=3")
    assert rendered(cite(made, "markdown")).links == ["https://a.example/?a=1&copy;=2&b=3"]
    assert Markup(cite(made, "html")).links == ["https://a.example/?a=1&copy;=2&b=3"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("Ada Fen", "Bo Marsh"), "{Ada Fen} and {Bo Marsh}"),
        (("Fen, Ada",), "Fen, Ada"),
        (
            ("M\u00fcller, J\u00f6rg", "O'Brien, Ann-Lee M."),
            "M\u00fcller, J\u00f6rg and O'Brien, Ann-Lee M.",
        ),
        (("Contributeurs de Wikip\u00e9dia",), "{Contributeurs de Wikip\u00e9dia}"),
        (("Fen Press, Ltd.",), "{Fen Press, Ltd.}"),
        (("King, Martin, Jr.",), "{King, Martin, Jr.}"),
        (("Fen, Ada & Bo",), "{Fen, Ada \\& Bo}"),
        (("Ministry of Fens, Norway",), "{Ministry of Fens, Norway}"),
        (("Fen,",), "{Fen,}"),
        (("Fen and Marsh",), "{Fen and Marsh}"),
        (("others",), "{others}"),
        (("Brandt, Andrea",), "Brandt, Andrea"),
        (("A & B",), "{A \\& B}"),
    ],
    ids=[
        "two names whose parts nobody tells apart",
        "last, first",
        "two of them",
        "a particle that is none",
        "a firm with a comma",
        "two commas",
        "two first names",
        "an office with a comma",
        "nothing behind the comma",
        "a firm with an 'and'",
        "a name that BibTeX would read",
        "letters that only look like 'and'",
        "a sign of TeX",
    ],
)
def test_authors_are_parted_as_bibtex_parts_them(names: tuple[str, ...], expected: str) -> None:
    assert fields(cite(attribution(creators=names), "bibtex"))["author"] == expected


def test_a_credit_text_is_one_author_and_stays_beside_the_creators() -> None:
    alone = fields(cite(attribution(title="Rain", credit_text="Fen Society"), "bibtex"))
    assert alone["author"] == "{Fen Society}"
    both = attribution(title="Rain", credit_text="Fen Society", creators=("Ada Fen",))
    assert fields(cite(both, "bibtex"))["author"] == "{Ada Fen}"
    assert fields(cite(both, "bibtex"))["note"] == "Credit: Fen Society"


@pytest.mark.parametrize(
    ("facts", "year"),
    [
        ({"published": "2024-05-06", "modified": "2026"}, "2024"),
        ({"modified": "2025-01-01T00:00:00Z"}, "2025"),
        ({"published": "6 May 2024"}, None),
        ({"published": "20240506"}, None),
        ({}, None),
    ],
    ids=["of publication", "else of the last change", "not a date", "no year of 8 digits", "none"],
)
def test_the_year(facts: dict[str, str], year: str | None) -> None:
    sources = tuple(FactSource(name, value, "json-ld", URL) for name, value in facts.items())
    assert fields(cite(attribution(title="Rain", sources=sources), "bibtex")).get("year") == year


def test_keys_of_different_pages_differ() -> None:
    pages = [
        *("https://a.example/x", "https://a.example/x?y", "https://a.example/X"),
        *(
            "https://a.example/x/",
            "http://a.example/x",
            "https://a.example/x-",
            "https://a-example/x",
        ),
        *("https://a.example/" + "long/" * 30, "https://a.example/" + "long/" * 31),
    ]
    keys = {cite(attribution(url=url), "bibtex").partition(",")[0] for url in pages}
    assert len(keys) == len(pages)


@pytest.mark.parametrize("style", ["apa", "", "Markdown"])
def test_an_unknown_style_is_refused_naming_the_known(style: str) -> None:
    with pytest.raises(UsageError, match="accepted: markdown, html, text, bibtex"):
        cite(RAIN, style)


def test_a_stored_line_is_made_safe_again() -> None:
    stored = Attribution(url=URL, text="\u202eevil\n\x1b[2J")
    assert cite(stored, "text") == "\\u{202e}evil\\n\\e[2J"
    assert html.unescape(cite(stored, "html")) == f'<a href="{URL}">{URL}</a>'
