"""What RSL documents say, as written (RSL 1.0 section 3)."""

import pytest

from signals_agent.rsl.codes import CODES, FAILURES
from signals_agent.rsl.nouns import (
    Content,
    Copyright,
    License,
    Payment,
    Reporting,
    Rsl,
    Rule,
)
from signals_agent.rsl.read import read, read_fragment
from signals_agent.rsl.remarks import MAX_OF_A_CODE
from signals_agent.rsl.tokens import EUROPEAN_UNION, INCLUDES, PAYMENT, SLIPS, USAGE, prohibited

NS = "https://rslstandard.org/rsl"


def rsl(inner: str, more: str = "") -> bytes:
    return f'<rsl xmlns="{NS}"{more}>{inner}</rsl>'.encode()


def content(inner: str, more: str = ' url="/"') -> bytes:
    return rsl(f"<content{more}>{inner}</content>")


def license_(inner: str) -> bytes:
    return content(f"<license>{inner}</license>")


def codes(found: Rsl) -> list[str]:
    return [finding.code for finding in found.findings]


def only(found: Rsl) -> License:
    assert found.failure == ""
    (one,) = found.contents
    (licence,) = one.licenses
    return licence


def permits(*tokens: str, about: str = "usage") -> Rule:
    return Rule(permits=True, about=about, tokens=tokens)


def prohibits(*tokens: str, about: str = "usage") -> Rule:
    return Rule(permits=False, about=about, tokens=tokens)


WHOLE = f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- terms of the site -->
<rsl xmlns="{NS}" xmlns:ext="https://ext.example/" max-age="7" ext:by="x">
  <content url=" /articles/* " server="https://rsl.example/olp" encrypted="true"
           lastmod="2026-10-01T00:00:00Z">
    <license id="a">
      <permits type="usage">ai-input  search
      </permits>
      <permits type="user">non-commercial education</permits>
      <permits type="geo">US EU</permits>
      <prohibits type="usage">ai-train</prohibits>
      <payment type="use">
        <standard> https://example.com/pay-per-use </standard>
        <custom>/license-request</custom>
        <amount currency="usd">0.015</amount>
        <accepts type="application/x402+json"><![CDATA[{{"network":"</accepts>"}}]]></accepts>
      </payment>
      <reporting type="telemetry" profile="https://profiles.example/t" endpoint="https://t.example/">
        <![CDATA[{{"level": 1}}]]>
      </reporting>
      <reporting type="audit" profile="https://profiles.example/a"/>
      <legal type="warranty">ownership authority</legal>
      <legal type="contact">mailto:rights,desk@example.com</legal>
      <ext:condition>ignored<permits type="usage">all</permits></ext:condition>
    </license>
    <license><permits type="usage">all</permits></license>
    <alternate type="text/markdown">/index.md</alternate>
    <alternate type="application/warc">/a.warc</alternate>
    <schema>/metadata/site.jsonld</schema>
    <copyright type="organization" contactEmail="rights@example.com"
               contactUrl="https://example.com/contact">Example Media</copyright>
    <terms>https://example.com/terms</terms>
  </content>
  <content url=""><license><payment type="attribution"/></license></content>
</rsl>
""".encode()


def test_the_whole_grammar_is_read() -> None:
    found = read(WHOLE)
    first, second = found.contents
    one, two = first.licenses
    begin = WHOLE.index(b"<license id")
    end = WHOLE.index(b"</license>") + len(b"</license>")
    assert one == License(
        (
            permits("ai-input", "search"),
            permits("non-commercial", "education", about="user"),
            permits("US", "EU", about="geo"),
            prohibits("ai-train"),
        ),
        (
            Payment(
                "use",
                "https://example.com/pay-per-use",
                "/license-request",
                "0.015",
                "USD",
                ("application/x402+json",),
            ),
        ),
        (
            Reporting("telemetry", "https://profiles.example/t", "https://t.example/"),
            Reporting("audit", "https://profiles.example/a"),
        ),
        (
            ("warranty", ("ownership", "authority")),
            ("contact", ("mailto:rights,desk@example.com",)),
        ),
        restricts_only=False,
        offset=begin,
        octets=WHOLE[begin:end],
    )
    assert two.rules == (permits("all"),)
    assert two.payments == ()
    assert first == Content(
        "/articles/*",
        (one, two),
        "https://rsl.example/olp",
        encrypted=True,
        lastmod="2026-10-01T00:00:00Z",
        copyright=Copyright(
            "Example Media", "organization", "rights@example.com", "https://example.com/contact"
        ),
        terms="https://example.com/terms",
        schema="/metadata/site.jsonld",
        alternates=("/index.md", "/a.warc"),
        offset=WHOLE.index(b"<content"),
        octets=first.octets,
    )
    assert first.octets.startswith(b"<content url=")
    assert first.octets.endswith(b"</content>")
    assert second.url == ""
    assert second.licenses[0].payments == (Payment("attribution"),)
    assert (found.max_age, found.draft, found.failure, found.findings) == (7, False, "", ())


MEDIUM = rsl("""
 <content url="/">
  <license><permits type="usage">ai-input ai-index search</permits><payment type="attribution"/>
  </license>
  <license><prohibits type="usage">ai-train</prohibits><payment type="subscription"/></license>
 </content>""")
COLLECTIVE = content(
    '<license><permits type="usage">ai-all</permits><payment type="use">'
    "<standard>https://rslcollective.org/license</standard></payment></license>",
    ' url="/" server="https://api.rslcollective.org"',
)
ONLY_TERMS = content("<terms>https://creativecommons.org/licenses/by-sa/4.0/</terms>")
GUARDIAN = license_(
    '<permits type="usage">ai-train ai-input</permits><prohibits type="usage">all</prohibits>'
)


def test_two_licences_of_one_content_are_alternatives_in_their_order() -> None:
    first, second = read(MEDIUM).contents[0].licenses
    assert first.rules == (permits("ai-input", "ai-index", "search"),)
    assert [each.kind for each in first.payments] == ["attribution"]
    assert second.rules == (prohibits("ai-train"),)
    assert [each.kind for each in second.payments] == ["subscription"]
    assert not read(MEDIUM).findings


def test_a_collective_is_named_by_standard_and_server() -> None:
    found = read(COLLECTIVE)
    assert found.contents[0].server == "https://api.rslcollective.org"
    assert only(found).payments == (Payment("use", "https://rslcollective.org/license"),)


def test_a_content_with_terms_alone_is_read_and_told() -> None:
    found = read(ONLY_TERMS)
    assert found.failure == ""
    assert found.contents[0].terms == "https://creativecommons.org/licenses/by-sa/4.0/"
    assert found.contents[0].licenses == ()
    assert codes(found) == ["no-license"]
    assert not found.findings[0].warning


def test_a_permit_beside_a_wider_prohibition_is_kept_as_written() -> None:
    licence = only(read(GUARDIAN))
    assert licence.rules == (permits("ai-train", "ai-input"), prohibits("all"))
    assert not licence.restricts_only


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            license_('<permits type="usage">search, ai-summarize</permits>'), id="a list of commas"
        ),
        pytest.param(license_('<payment type="inference"/>'), id="payment of inference"),
        pytest.param(
            license_('<payment type="crawl"><amount currency="XBT">1</amount></payment>'),
            id="a currency that ISO 4217 has not",
        ),
        pytest.param(
            license_('<legal type="warranty">ownership,authority</legal>'), id="legal commas"
        ),
    ],
)
def test_what_is_written_as_in_0_9_is_read_and_marked(body: bytes) -> None:
    found = read(body)
    assert found.draft
    assert codes(found) == ["draft"]
    assert not found.findings[0].warning
    assert not only(found).restricts_only


def test_the_words_of_0_9_become_those_of_1_0() -> None:
    licence = only(
        read(
            license_(
                '<prohibits type="usage">train-ai,train-genai,</prohibits>'
                '<payment type=" Inference "/><legal type="disclaimer">as-is,no-warranty</legal>'
            )
        )
    )
    assert licence.rules == (prohibits("train-ai", "train-genai"),)
    assert licence.payments == (Payment("use"),)
    assert licence.legal == (("disclaimer", ("as-is", "no-warranty")),)


PREFIXED = (
    f'<r:rsl xmlns:r="{NS}"><r:content url="/"><r:license>'
    '<r:permits type="usage">all</r:permits></r:license></r:content></r:rsl>'
)
TEXT = f"""<rsl xmlns="{NS}"><content url="/"><license><permits type="usage">all</permits></license>
<copyright>Caf\u00e9</copyright></content></rsl>"""


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(TEXT.encode(), id="utf-8"),
        pytest.param(b"\xef\xbb\xbf" + TEXT.encode(), id="a byte order mark"),
        pytest.param(b"\n \t" + TEXT.encode(), id="white space before it"),
        pytest.param(TEXT.encode("utf-16"), id="utf-16 with a mark"),
        pytest.param(TEXT.encode("utf-16-le"), id="utf-16 little endian without a mark"),
        pytest.param(
            b'<?xml version="1.0" encoding="ISO-8859-1"?>' + TEXT.encode("latin-1"), id="latin-1"
        ),
        pytest.param(
            b'<?xml version="1.0" encoding="windows-1252"?>' + TEXT.encode("cp1252"),
            id="windows-1252",
        ),
        pytest.param(b"<!DOCTYPE rsl>" + TEXT.encode(), id="a bare document type"),
        pytest.param(
            b'<!DOCTYPE rsl [<!ENTITY e "&#233;">]>' + TEXT.replace("\u00e9", "&e;").encode(),
            id="an entity that is one character",
        ),
        pytest.param(
            TEXT.replace("\u00e9", "&#xe9;").replace("<copy", "<!-- &x; --><copy").encode(),
            id="a character reference, and one in a comment",
        ),
    ],
)
def test_a_document_is_read_in_each_encoding(body: bytes) -> None:
    found = read(body)
    assert found.failure == ""
    assert found.findings == ()
    assert found.contents[0].copyright == Copyright("Caf\u00e9")
    assert only(found).rules == (permits("all"),)
    offset = only(found).offset
    assert body[offset:].replace(b"\x00", b"").startswith(b"<license>")
    assert only(found).octets.replace(b"\x00", b"").endswith(b"</license>")


@pytest.mark.parametrize("kind", [b"", b"text/html", b"application/json", b"text/plain"])
def test_rsl_is_known_by_its_namespace_whatever_its_media_type(kind: bytes) -> None:
    assert only(read(GUARDIAN, kind)) == only(read(GUARDIAN, b"application/rsl+xml"))
    assert only(read(PREFIXED.encode(), kind)).rules == (permits("all"),)


@pytest.mark.parametrize(
    ("value", "days", "told"),
    [
        ("1", 1, []),
        (" 007 ", 7, []),
        ("99999999999999999999", 999_999_999, []),
        ("9" * 8000, 999_999_999, []),
        ("0", None, ["max-age"]),
        ("-1", None, ["max-age"]),
        ("+1", None, ["max-age"]),
        ("1.5", None, ["max-age"]),
        ("30 days", None, ["max-age"]),
        ("\u0663", None, ["max-age"]),
        ("", None, ["max-age"]),
    ],
)
def test_max_age_is_a_positive_number_of_days(
    value: str, days: int | None, told: list[str]
) -> None:
    found = read(rsl('<content url="/"><license/></content>', f' max-age="{value}"'))
    assert found.max_age == days
    assert codes(found) == told


@pytest.mark.parametrize(
    ("attributes", "encrypted", "told"),
    [
        ("", False, []),
        (' encrypted="false"', False, []),
        (' encrypted=" true " server="https://s.example"', True, []),
        (' encrypted="true"', True, ["encrypted"]),
        (' encrypted="TRUE"', True, ["encrypted"]),
        (' encrypted="yes"', True, ["encrypted"]),
        (' encrypted="aes"', True, ["encrypted"]),
        (' encrypted="False"', False, ["encrypted"]),
        (' encrypted="0"', False, ["encrypted"]),
        (' encrypted=""', False, ["encrypted"]),
    ],
)
def test_what_may_be_encrypted_counts_as_encrypted(
    attributes: str, encrypted: bool, told: list[str]
) -> None:
    found = read(content("<license/>", f' url="/"{attributes}'))
    assert found.contents[0].encrypted is encrypted
    assert codes(found) == told


@pytest.mark.parametrize(
    ("inner", "payment", "told", "restricts"),
    [
        ("<payment/>", Payment("free"), [], False),
        ('<payment type=" Free "/>', Payment("free"), [], False),
        (
            "<payment><custom>/ask</custom></payment>",
            Payment("unstated", custom="/ask"),
            ["no-type"],
            False,
        ),
        ("<payment>subscription</payment>", Payment("unstated"), ["no-type"], False),
        ('<payment type="royalty"/>', Payment("royalty"), ["unknown-type"], False),
        (
            '<payment type="free"><amount currency="EUR">5</amount></payment>',
            Payment("free", amount="5", currency="EUR"),
            ["price"],
            True,
        ),
        (
            '<payment type="free"><amount currency="EUR">0.00</amount></payment>',
            Payment("free", amount="0.00", currency="EUR"),
            [],
            False,
        ),
        (
            '<payment type="crawl"><amount>5</amount></payment>',
            Payment("crawl", amount="5"),
            ["price"],
            False,
        ),
        (
            '<payment type="crawl"><amount currency="EUR">ask us</amount></payment>',
            Payment("crawl", amount="ask us", currency="EUR"),
            ["price"],
            False,
        ),
        (
            '<payment type="crawl"><standard>a</standard><standard>b</standard></payment>',
            Payment("crawl", standard="a"),
            ["repeated"],
            False,
        ),
        (
            '<payment type="crawl"><standard/><accepts/></payment>',
            Payment("crawl"),
            ["incomplete", "no-type"],
            False,
        ),
    ],
)
def test_a_payment_that_asks_for_something_is_never_free(
    inner: str, payment: Payment, told: list[str], restricts: bool
) -> None:
    found = read(license_(inner))
    assert only(found).payments == (payment,)
    assert codes(found) == told
    assert only(found).restricts_only is restricts


def test_several_payments_and_rules_of_one_type_are_all_kept() -> None:
    found = read(
        license_(
            '<payment type="free"/><payment type="crawl"/>'
            '<permits type="usage">search</permits><permits type="usage">ai-input</permits>'
            '<prohibits type="usage">all</prohibits><prohibits type="usage">ai-all</prohibits>'
            '<legal type="proof">a b</legal><legal type="proof">c</legal>'
        )
    )
    licence = only(found)
    assert [each.kind for each in licence.payments] == ["free", "crawl"]
    assert licence.rules == (
        permits("search"),
        permits("ai-input"),
        prohibits("all"),
        prohibits("ai-all"),
    )
    assert licence.legal == (("proof", ("a", "b")), ("proof", ("c",)))
    assert codes(found) == ["repeated"] * 4


@pytest.mark.parametrize(
    ("inner", "rules", "told", "restricts"),
    [
        pytest.param(
            "<permits>all</permits>", (permits("all"),), ["no-type"], True, id="a permit of no type"
        ),
        pytest.param(
            "<prohibits>all</prohibits>",
            (prohibits("all"),),
            ["no-type"],
            False,
            id="a prohibition of no type",
        ),
        pytest.param(
            '<permits type="time">2027</permits><permits type="usage">all</permits>',
            (permits("2027", about="time"), permits("all")),
            ["unknown-type"],
            True,
            id="a type that is not known",
        ),
        pytest.param(
            '<permits type="USAGE">all</permits>', (permits("all"),), [], False, id="case of a type"
        ),
        pytest.param(
            '<permits type="usage"/>', (permits(),), ["incomplete"], True, id="a permit of nothing"
        ),
        pytest.param(
            '<prohibits type="usage"> , </prohibits>',
            (prohibits(),),
            ["draft", "incomplete"],
            True,
            id="a prohibition of nothing",
        ),
        pytest.param(
            '<permits type="usage">all</permits><condition/>',
            (permits("all"),),
            ["unknown-element"],
            True,
            id="an element that RSL has not",
        ),
        pytest.param(
            '<Permits type="usage">all</Permits>',
            (),
            ["unknown-element"],
            True,
            id="an element in capitals",
        ),
        pytest.param(
            '<permits type="usage">all</permits>'
            '<x:c xmlns:x="urn:x"><prohibits>all</prohibits></x:c>',
            (permits("all"),),
            [],
            False,
            id="an extension, which says nothing",
        ),
        pytest.param(
            '<permits type="usage" until="2027">all</permits>',
            (permits("all"),),
            ["unknown-attribute"],
            True,
            id="an attribute that RSL has not",
        ),
        pytest.param(
            '<permits type="usage" id="p" xml:lang="en" x:y="z" xmlns:x="urn:x">all</permits>',
            (permits("all"),),
            [],
            False,
            id="attributes that are no condition",
        ),
        pytest.param(
            '<permits type="usage">all</permits><c xmlns="">x</c>',
            (permits("all"),),
            ["unknown-element"],
            True,
            id="an element of no namespace that RSL has not",
        ),
        pytest.param(
            '<permits type="usage" xmlns="">all</permits>',
            (permits("all"),),
            ["no-namespace"],
            True,
            id="a permit of no namespace",
        ),
        pytest.param(
            '<prohibits type="usage"><use>ai-train</use><use>search</use></prohibits>',
            (prohibits("ai-train", "search"),),
            ["unknown-element", "unknown-element"],
            True,
            id="markup within a prohibition",
        ),
        pytest.param(
            '<permits type="usage">search<use>ai-train</use></permits>',
            (permits("search"),),
            ["unknown-element"],
            True,
            id="markup within a permit",
        ),
        pytest.param(
            '<permits type="usage">all<prohibits type="usage">ai-all</prohibits></permits>',
            (prohibits("ai-all"), permits("all")),
            ["misplaced"],
            True,
            id="a prohibition within a permit",
        ),
        pytest.param(
            '<permits type="usage">ai-<!-- x -->train<?p?></permits>',
            (permits("ai-train"),),
            [],
            False,
            id="a comment within a token",
        ),
        pytest.param(
            '<permits type="usage">all</permits><standard>https://x.example/</standard>',
            (permits("all"),),
            ["misplaced"],
            True,
            id="a standard outside a payment",
        ),
        pytest.param(
            '<licence><prohibits type="usage">all</prohibits></licence>',
            (prohibits("all"),),
            ["unknown-element", "misplaced"],
            True,
            id="a prohibition in an unknown element",
        ),
        pytest.param(
            '<license><prohibits type="usage">all</prohibits></license>',
            (prohibits("all"),),
            ["misplaced", "misplaced"],
            True,
            id="a licence in a licence",
        ),
    ],
)
def test_what_is_not_understood_permits_nothing(
    inner: str, rules: tuple[Rule, ...], told: list[str], restricts: bool
) -> None:
    found = read(license_(inner))
    assert only(found).rules == rules
    assert codes(found) == told
    assert only(found).restricts_only is restricts


PERMIT = '<license><permits type="usage">all</permits></license>'
FORBID = '<license><prohibits type="usage">all</prohibits></license>'


@pytest.mark.parametrize(
    ("body", "told", "rules"),
    [
        pytest.param(
            rsl(f'<content url="/">{PERMIT}<prohibits type="usage">all</prohibits></content>'),
            ["misplaced"],
            [(permits("all"),), (prohibits("all"),)],
            id="a prohibition in a content",
        ),
        pytest.param(
            rsl(f'<content url="/">{PERMIT}</content>{FORBID}'),
            ["misplaced"],
            [(permits("all"),), (prohibits("all"),)],
            id="a licence in no content",
        ),
        pytest.param(
            rsl(f'<content url="/">{PERMIT}<licence>{FORBID}</licence></content>'),
            ["unknown-element", "misplaced"],
            [(permits("all"),), (prohibits("all"),)],
            id="a licence in an unknown element",
        ),
        pytest.param(
            rsl(f'<contents><content url="/">{PERMIT}</content></contents>'),
            ["unknown-element", "misplaced"],
            [(permits("all"),)],
            id="a content in an unknown element",
        ),
        pytest.param(
            rsl(f'<content url="/">{PERMIT}<content url="/x">{FORBID}</content></content>'),
            ["misplaced"],
            [(permits("all"),), (prohibits("all"),)],
            id="a content in a content",
        ),
        pytest.param(
            rsl(f'<content url="/">{PERMIT}</content><prohibits type="usage">all</prohibits>'),
            ["misplaced"],
            [(permits("all"),), (prohibits("all"),)],
            id="a prohibition in no content",
        ),
        pytest.param(
            rsl(f'<content url="/">{PERMIT}</content><rsl>{FORBID}</rsl>'),
            ["misplaced", "misplaced"],
            [(permits("all"),), (prohibits("all"),)],
            id="a document in a document",
        ),
        pytest.param(
            rsl(f'<content url="/">{PERMIT}</content><standard>https://x.example/</standard>'),
            ["misplaced"],
            [(permits("all"),)],
            id="a standard in no content",
        ),
        pytest.param(
            rsl(f'<content url="/">{PERMIT}<standard>https://x.example/</standard></content>'),
            ["misplaced"],
            [(permits("all"),)],
            id="a standard in a content",
        ),
        pytest.param(
            f'<r:rsl xmlns:r="{NS}"><content url="/">{PERMIT}</content></r:rsl>'.encode(),
            ["no-namespace"] * 3,
            [(permits("all"),)],
            id="a prefix on the root alone",
        ),
        pytest.param(
            rsl(f'<rsl:content url="/">{PERMIT}</rsl:content>'),
            ["no-namespace"],
            [(permits("all"),)],
            id="a prefix that is bound to nothing",
        ),
    ],
)
def test_what_stands_out_of_place_restricts_and_keeps_all_from_permitting(
    body: bytes, told: list[str], rules: list[tuple[Rule, ...]]
) -> None:
    found = read(body)
    assert found.failure == ""
    assert sorted(codes(found)) == sorted(told)
    licences = [licence for each in found.contents for licence in each.licenses]
    assert [licence.rules for licence in licences] == rules
    assert all(licence.restricts_only for licence in licences)
    assert all(body[each.offset :].startswith(each.octets) for each in licences)
    assert all(licence.octets for licence in licences)


def test_terms_in_a_licence_are_those_of_the_content_where_it_has_none() -> None:
    stray = "<license><terms>/stray</terms><permits type='usage'>all</permits></license>"
    found = read(content(stray))
    assert found.contents[0].terms == "/stray"
    assert codes(found) == ["misplaced"]
    assert not only(found).restricts_only
    assert read(content(stray + "<terms>/own</terms>")).contents[0].terms == "/own"


def test_a_server_that_is_an_element_is_a_server() -> None:
    inside = '<license><server url="https://s.example/olp"/></license>'
    assert read(content(inside)).contents[0].server == "https://s.example/olp"
    assert read(content("<server>https://s.example</server>" + PERMIT)).contents[0].server
    own = read(content(inside, ' url="/" server="https://own.example"'))
    assert own.contents[0].server == "https://own.example"


def test_a_content_without_a_url_is_told_from_one_with_an_empty_url() -> None:
    missing = read(content(PERMIT, ""))
    assert missing.contents[0].url is None
    assert codes(missing) == ["no-url"]
    assert read(content(PERMIT, ' url=" "')).contents[0].url == ""


def test_unknown_elements_of_a_content_do_not_touch_its_licences() -> None:
    found = read(content(PERMIT + "<description>ours</description>"))
    assert codes(found) == ["unknown-element"]
    assert not only(found).restricts_only


def test_what_a_document_says_twice_about_a_content_counts_once() -> None:
    twice = "<terms>/a</terms><terms>/b</terms><copyright>A</copyright><copyright>B</copyright>"
    found = read(content(PERMIT + twice))
    assert (found.contents[0].terms, found.contents[0].copyright) == ("/a", Copyright("A"))
    assert codes(found) == ["repeated", "repeated"]


def test_a_document_without_contents_says_nothing() -> None:
    found = read(rsl('<x:y xmlns:x="urn:x"/>'))
    assert (found.contents, found.failure, codes(found)) == ((), "", ["no-content"])


def test_findings_of_one_code_are_told_up_to_a_number() -> None:
    found = read(rsl('<content url="/"/>' * 12))
    assert codes(found) == ["no-license"] * (MAX_OF_A_CODE + 1)
    assert found.findings[-1].summary == f"and {12 - MAX_OF_A_CODE} more of these"
    assert found.findings[1].offset > found.findings[0].offset > 0


def test_the_octets_of_long_elements_are_cut() -> None:
    found = read(content(PERMIT + "<!--" + "x" * 9000 + "-->" + PERMIT))
    assert len(found.contents[0].octets) == 4096
    assert [len(each.octets) for each in found.contents[0].licenses] == [len(PERMIT)] * 2


def test_a_long_schema_is_cut_and_costs_nothing_else() -> None:
    found = read(content(PERMIT + "<schema>" + "{" * 9000 + "</schema>"))
    assert found.failure == ""
    assert len(found.contents[0].schema) <= 8192
    assert only(found).rules == (permits("all"),)


INLINE = f'<rsl xmlns="{NS}"><content url="">{PERMIT}</content></rsl>'


@pytest.mark.parametrize(
    ("octets", "told"),
    [
        pytest.param(INLINE, [], id="as it is"),
        pytest.param(f"\n   {INLINE}\n", [], id="white space around it"),
        pytest.param(f"<!-- RSL -->{INLINE}<!-- /RSL -->", [], id="comments around it"),
        pytest.param(f"\n<!--\n{INLINE}\n//-->\n", ["wrapped"], id="in a comment"),
        pytest.param(f"<![CDATA[{INLINE}]]>", ["wrapped"], id="in a CDATA section"),
        pytest.param(f"//<![CDATA[\n{INLINE}\n//]]>", ["wrapped"], id="behind a script's comment"),
        pytest.param(f"/* <![CDATA[ */{INLINE}/* ]]> */", ["wrapped"], id="in a style's comment"),
        pytest.param(
            f"<!--//--><![CDATA[//><!--\n{INLINE}\n//--><!]]>", ["wrapped"], id="in all of them"
        ),
        pytest.param(
            f'<![CDATA[ <?xml version="1.0"?>{INLINE}]]>', ["wrapped"], id="with a declaration"
        ),
    ],
)
def test_a_script_is_read_in_its_wrapper(octets: str, told: list[str]) -> None:
    body = octets.encode()
    found = read_fragment(body)
    assert found.contents[0].url == ""
    assert only(found).rules == (permits("all"),)
    assert body[only(found).offset :].startswith(PERMIT.encode())
    assert codes(found) == told


@pytest.mark.parametrize(
    ("octets", "prefix"),
    [
        (f'<rsl:content xmlns:rsl="{NS}" url="/p">{PERMIT}</rsl:content>', "rsl"),
        ('<rsl:content url="/p"><rsl:license/></rsl:content>', "rsl"),
        ('<rsl:content rsl:url="/p"><rsl:license/></rsl:content>', "rsl"),
        ('<lic:content url="/p"><lic:license/></lic:content>', "lic"),
        ('<rsl:rsl><rsl:content url="/p"><rsl:license/></rsl:content></rsl:rsl>', "rsl"),
    ],
)
def test_a_content_alone_is_read_where_it_was_cut_out(octets: str, prefix: str) -> None:
    found = read_fragment(octets.encode(), b"", prefix)
    assert found.failure == ""
    assert found.contents[0].url == "/p"
    assert len(found.contents[0].licenses) == 1


@pytest.mark.parametrize(
    "octets",
    [
        "<!-- nothing -->",
        "<!-- a --><!-- b -->",
        f"<!-- {INLINE} --> and more",
        '<lic:content url="/p"><lic:license/></lic:content>',
        f'<license xmlns="{NS}"/>',
        f"<html><script>{INLINE}</script></html>",
    ],
)
def test_a_fragment_that_is_no_rsl_is_none(octets: str) -> None:
    found = read_fragment(octets.encode())
    assert codes(found) == ["not-rsl"]
    assert found.contents == ()


def test_a_content_alone_is_no_document() -> None:
    body = f'<content xmlns="{NS}" url="/">{PERMIT}</content>'.encode()
    assert codes(read(body)) == ["not-rsl"]
    assert read_fragment(body).failure == ""
    assert codes(read(f"<![CDATA[{INLINE}]]>".encode())) == ["not-rsl"]


def test_the_tables_of_words_agree_with_one_another() -> None:
    assert set(INCLUDES) == set(USAGE) == INCLUDES["all"]
    assert INCLUDES["ai-all"] == INCLUDES["all"] - {"all", "search"}
    assert len(EUROPEAN_UNION) == 27
    assert not set(SLIPS) & set(USAGE)
    assert {token for tokens in SLIPS.values() for token in tokens} <= set(USAGE)
    assert "unstated" not in PAYMENT
    assert set(FAILURES) < set(CODES)


@pytest.mark.parametrize(
    ("word", "tokens"),
    [
        ("ai-train", ("ai-train",)),
        ("AI_Train", ("ai-train",)),
        ("train-ai", ("ai-train",)),
        ("Train-GenAI", ("ai-train",)),
        ("ai-use", ("ai-input", "ai-index")),
        ("all", ("all",)),
        ("media:ai-train", ()),
        ("commercial", ()),
        ("", ()),
    ],
)
def test_a_word_that_is_prohibited_restricts_what_it_means(
    word: str, tokens: tuple[str, ...]
) -> None:
    assert prohibited(word) == tokens
