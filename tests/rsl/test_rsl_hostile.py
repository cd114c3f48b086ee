"""What is no RSL document, broken, hostile or enormous (rules R18 and R39)."""

from itertools import pairwise
from xml.parsers import expat

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from signals_agent.rsl import grammar
from signals_agent.rsl.codes import CODES, FAILURES
from signals_agent.rsl.nouns import Rsl
from signals_agent.rsl.read import MAX_KEPT, MAX_OCTETS, age, read, read_fragment
from signals_agent.rsl.remarks import MAX_OF_A_CODE
from signals_agent.rsl.unfinished import (
    MAX_ALTERNATES,
    MAX_CONTENTS,
    MAX_LICENSES,
    MAX_TERMS,
    MAX_TOKENS,
    MAX_VALUE,
)

NS = "https://rslstandard.org/rsl"
PERMIT = '<license><permits type="usage">all</permits></license>'
GOOD = f'<rsl xmlns="{NS}"><content url="/">{PERMIT}</content></rsl>'
INNER = f'xmlns="{NS}"><content url="/"><license><permits type="usage">all &x;</permits>'


def codes(found: Rsl) -> list[str]:
    return [finding.code for finding in found.findings]


def rsl(inner: str) -> bytes:
    return f'<rsl xmlns="{NS}">{inner}</rsl>'.encode()


def licence(inner: str) -> bytes:
    return rsl(f'<content url="/"><license>{inner}</license></content>')


def is_failure(found: Rsl, code: str) -> bool:
    """Whether a document failed as said, and says nothing else."""
    assert found.failure
    assert len(found.failure) < 120
    assert [finding.summary for finding in found.findings] == [found.failure]
    assert found.findings[0].warning
    assert (found.contents, found.max_age, found.draft) == ((), None, False)
    return codes(found) == [code]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b" \r\n", id="white space"),
        pytest.param(b"\xef\xbb\xbf", id="a byte order mark"),
        pytest.param(b"\x00" * 64, id="NUL octets"),
        pytest.param(b"\xff\xfe", id="a wide byte order mark"),
        pytest.param(b"\x1f\x8b\x08\x00\x00", id="something compressed"),
        pytest.param(b"Not found", id="text"),
        pytest.param(b'{"rsl": {"content": {"url": "/"}}}', id="JSON"),
        pytest.param(b"User-agent: *\nAllow: /\n", id="a robots.txt"),
        pytest.param(b"<!DOCTYPE html><html><body><p>Not found<br></body></html>", id="HTML"),
        pytest.param(b"<!doctype html><title>404</title>", id="HTML in small letters"),
        pytest.param(f"<html><body>{GOOD}</body></html>".encode(), id="RSL within HTML"),
        pytest.param(GOOD.replace(f' xmlns="{NS}"', "").encode(), id="no namespace"),
        pytest.param(GOOD.replace("https:", "http:").encode(), id="the namespace with http"),
        pytest.param(GOOD.replace("org/rsl", "org/rsl/").encode(), id="the namespace with a slash"),
        pytest.param(GOOD.replace("org/rsl", "org/RSL").encode(), id="the namespace in capitals"),
        pytest.param(
            GOOD.replace("<rsl", "<rsl:rsl").replace("</rsl", "</rsl:rsl").encode(),
            id="a prefix that is bound to nothing",
        ),
        pytest.param(f'<feed xmlns="{NS}"/>'.encode(), id="another root in the namespace"),
        pytest.param(f'<RSL xmlns="{NS}"/>'.encode(), id="the root in capitals"),
        pytest.param(
            b'<rss version="2.0"><channel><title>x</title></channel></rss>', id="another feed"
        ),
    ],
)
def test_what_is_not_rsl_is_said_to_be_none(body: bytes) -> None:
    assert is_failure(read(body, b"application/rsl+xml"), "not-rsl")
    assert read(body, b"text/html") == read(body)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(GOOD.encode()[:-1], id="cut in its last tag"),
        pytest.param(GOOD.encode()[: GOOD.index("</content>")], id="cut behind a licence"),
        pytest.param(GOOD.replace("</license>", "</licence>").encode(), id="a tag that is another"),
        pytest.param((GOOD + GOOD).encode(), id="two documents"),
        pytest.param((GOOD + "x").encode(), id="text behind it"),
        pytest.param(GOOD.replace(">all<", ">all & more<").encode(), id="a bare ampersand"),
        pytest.param(GOOD.replace(">all<", ">all \x00<").encode(), id="a NUL in it"),
        pytest.param(GOOD.replace(">all<", ">all \x01<").encode(), id="a control in it"),
        pytest.param(GOOD.replace(">all<", ">all \xe9<").encode("latin-1"), id="not in UTF-8"),
        pytest.param(GOOD.replace('url="/"', 'url="/" url="/x"').encode(), id="an attribute twice"),
        pytest.param(GOOD.replace('url="/"', "url=/").encode(), id="an attribute without quotes"),
        pytest.param(
            GOOD.replace("all</", "&all;</").replace("permits", "prohibits").encode(),
            id="an entity of words",
        ),
        pytest.param(GOOD.replace('url="/"', 'url="/&x;"').encode(), id="an entity in a value"),
        pytest.param(
            (b'<!DOCTYPE rsl SYSTEM "x">' + GOOD.replace("all", "a&l;").encode()),
            id="an entity of a document type elsewhere",
        ),
        pytest.param(
            GOOD.replace("all", "&x;").encode("utf-16"), id="an entity of words in utf-16"
        ),
        pytest.param(
            ('<!DOCTYPE rsl SYSTEM "<!--">' + GOOD.replace("all", "&x;") + "<!-- -->").encode(),
            id="an entity between what only looks like a comment",
        ),
    ],
)
def test_a_document_that_is_broken_anywhere_permits_nothing(body: bytes) -> None:
    assert is_failure(read(body), "unparsable")
    assert is_failure(read_fragment(body), "unparsable")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            "<!DOCTYPE rsl [<!ENTITY a 'ha'>"
            + "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in pairwise("abcdefghij"))
            + "]><rsl "
            + INNER.replace("&x;", "&j;"),
            id="a billion laughs",
        ),
        pytest.param(
            f"<!DOCTYPE rsl [<!ENTITY x '{'a' * 9999}'>]><rsl " + INNER + "&x;" * 9999,
            id="a quadratic blow-up",
        ),
        pytest.param(
            "<!DOCTYPE rsl [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rsl " + INNER,
            id="a file of ours",
        ),
        pytest.param(
            "<!DOCTYPE rsl [<!ENTITY % x SYSTEM 'http://x.invalid/x.dtd'>%x;]><rsl " + INNER,
            id="a document type elsewhere",
        ),
        pytest.param(
            "<!DOCTYPE rsl [<!ATTLIST permits type CDATA 'usage'>]>" + GOOD,
            id="attributes by default",
        ),
        pytest.param(f'<rsl xmlns="{NS}">' + "<a>" * 100_000, id="elements without end"),
        pytest.param(
            f'<rsl xmlns="{NS}">' + "<x:a xmlns:x='u'>" * 300 + "</x:a>" * 300 + "</rsl>",
            id="deep extensions",
        ),
    ],
)
def test_what_can_make_much_out_of_little_is_refused(body: str) -> None:
    assert is_failure(read(body.encode()), "refused")
    assert is_failure(read_fragment(body.encode()), "refused")
    assert is_failure(read(body.encode("utf-16")), "refused")


def test_an_enormous_document_is_refused_before_it_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("it was looked at")

    monkeypatch.setattr("signals_agent.syntax.xml_elements.source", never)
    assert is_failure(read(b" " * 50_000_000), "over-cap")
    assert is_failure(read(GOOD.encode() + b" " * MAX_OCTETS), "over-cap")
    assert is_failure(read_fragment(b" " * (MAX_OCTETS + 1)), "over-cap")


def test_a_document_as_long_as_the_cap_is_read() -> None:
    body = GOOD.encode().ljust(MAX_OCTETS)
    assert read(body).contents == read(GOOD.encode()).contents
    assert is_failure(read(body + b" "), "over-cap")


VALUE = "v" * MAX_VALUE
WAY = '<accepts type="a"/>'


@pytest.mark.parametrize(
    ("fits", "over"),
    [
        pytest.param(
            rsl("<content/>" * MAX_CONTENTS), rsl("<content/>" * (MAX_CONTENTS + 1)), id="contents"
        ),
        pytest.param(
            rsl(f"<content>{'<license/>' * MAX_LICENSES}</content>"),
            rsl(f"<content>{'<license/>' * MAX_LICENSES}</content><content><license/></content>"),
            id="licences",
        ),
        pytest.param(
            licence('<permits type="usage">a</permits>' * MAX_TERMS),
            licence('<permits type="usage">a</permits>' * (MAX_TERMS + 1)),
            id="rules",
        ),
        pytest.param(
            licence("<payment/>" * MAX_TERMS),
            licence("<payment/>" * (MAX_TERMS + 1)),
            id="payments",
        ),
        pytest.param(
            licence('<legal type="proof">a</legal>' * MAX_TERMS),
            licence('<legal type="proof">a</legal>' * (MAX_TERMS + 2)),
            id="legal words",
        ),
        pytest.param(
            licence("<reporting/>" * MAX_TERMS),
            licence("<reporting/>" * (MAX_TERMS + 1)),
            id="reportings",
        ),
        pytest.param(
            licence(f"<payment>{WAY * MAX_TERMS}</payment>"),
            licence(f"<payment>{WAY * (MAX_TERMS + 1)}</payment>"),
            id="ways to pay",
        ),
        pytest.param(
            rsl(f"<content>{'<alternate>a</alternate>' * MAX_ALTERNATES}</content>"),
            rsl(f"<content>{'<alternate>a</alternate>' * (MAX_ALTERNATES + 1)}</content>"),
            id="alternates",
        ),
        pytest.param(
            licence(f'<prohibits type="usage">{"a " * (MAX_TOKENS // 10)}</prohibits>' * 10),
            licence(f'<prohibits type="usage">{"a " * (MAX_TOKENS // 10)}</prohibits>' * 11),
            id="tokens",
        ),
        pytest.param(
            licence(f'<prohibits type="usage">{VALUE}</prohibits>'),
            licence(f'<prohibits type="usage">{VALUE}v</prohibits>'),
            id="words",
        ),
        pytest.param(
            rsl(f'<content url="{VALUE}"/>'), rsl(f'<content url="{VALUE}v"/>'), id="a value"
        ),
        pytest.param(
            rsl(f"<content><terms>{VALUE}</terms></content>"),
            rsl(f"<content><terms>{VALUE}v</terms></content>"),
            id="an address",
        ),
    ],
)
def test_over_a_cap_nothing_is_left_of_a_document(fits: bytes, over: bytes) -> None:
    assert len(over) < MAX_OCTETS
    assert read(fits).failure == ""
    assert read(fits).contents
    assert is_failure(read(over), "over-cap")


def test_100_000_contents_are_over_the_cap() -> None:
    assert is_failure(read(rsl("<content/>" * 100_000)), "over-cap")


def test_markup_within_a_prohibition_is_capped_with_it() -> None:
    over = licence(f'<prohibits type="usage">{"<a/>" * MAX_VALUE}</prohibits>')
    assert is_failure(read(over), "over-cap")


def test_findings_are_told_up_to_a_number_of_each() -> None:
    found = read(licence("<a/>" * 50_000))
    assert codes(found) == ["unknown-element"] * (MAX_OF_A_CODE + 1)


def test_names_in_findings_are_fit_to_be_shown() -> None:
    found = read(licence(f"<\u00e9\u0301{'n' * 500}/>"))
    assert len(found.findings[0].summary) < 100


def test_of_long_documents_only_the_last_two_are_remembered() -> None:
    body = GOOD.encode()
    assert read(body) is read(bytes(bytearray(body)))
    long, other, third = (body.ljust(MAX_KEPT + more) for more in (1, 2, 3))
    first = read(long)
    assert read(long) is first
    assert read(other) == read(third) == first
    assert read(long) == first
    assert read(long) is not first


def test_how_long_a_long_document_holds_is_that_of_its_own_octets() -> None:
    permit = f'<content url="/">{PERMIT}</content>'
    bodies = [
        f'<rsl xmlns="{NS}" max-age="{days}">{permit}</rsl>'.encode().ljust(MAX_KEPT + 1)
        for days in range(1, 300)
    ]
    assert [age(each) for each in bodies] == [(True, days) for days in range(1, 300)]
    assert age(bodies[0]) == (True, 1)
    assert age(b"<html>".ljust(MAX_KEPT + 1)) == (False, None)
    assert age(bodies[0].ljust(MAX_OCTETS + 1)) == (False, None)


def test_a_fragment_and_a_document_are_not_taken_for_one_another() -> None:
    body = f'<content xmlns="{NS}" url="/">{PERMIT}</content>'.encode()
    assert read_fragment(body).failure == ""
    assert is_failure(read(body), "not-rsl")
    bound = b'<lic:content url="/"/>'
    assert read_fragment(bound, b"", "lic").failure == ""
    assert is_failure(read_fragment(bound), "not-rsl")


@pytest.mark.parametrize(
    "text",
    [
        "&" * 400_000,
        "<![CDATA[" + "&a" * 400_000 + "]]>",
        "<!--" + " <" * 400_000 + "-->",
        "<?p " + "&x" * 400_000 + "?>",
        "<p:a " * 100_000,
        "<content " + " ".join(f"a{n}='x'" for n in range(90_000)) + "/>",
        "<!--//--" * 100_000,
        "]]>" * 300_000,
    ],
    ids=[
        "ampersands",
        "cdata",
        "comment",
        "instruction",
        "tags",
        "attributes",
        "wraps",
        "closings",
    ],
)
def test_long_input_is_read_in_one_go(text: str) -> None:
    # Anything worse than linear would take minutes here.
    for body in (rsl(text), text.encode(), b"<!DOCTYPE rsl>" + rsl(text), rsl(text + "&x;")):
        assert len(body) < MAX_OCTETS
        read(body)
        read_fragment(body)


def is_well_formed(body: bytes) -> bool:
    """What another reader says: expat alone, with no leave for entities."""
    parser = expat.ParserCreate()
    try:
        parser.Parse(body.strip(b" \t\r\n"), True)
    except expat.ExpatError:
        return False
    return True


def is_sound(found: Rsl) -> None:
    assert {finding.code for finding in found.findings} <= set(CODES)
    if found.failure:
        assert codes(found)[0] in FAILURES
        assert is_failure(found, codes(found)[0])
    else:
        assert not set(codes(found)) & set(FAILURES)


@given(st.binary(max_size=200), st.binary(max_size=20))
def test_any_octets_are_read_without_an_error(body: bytes, kind: bytes) -> None:
    for found in (read(body, kind), read_fragment(body, kind)):
        is_sound(found)
        assert found.failure


WHOLE = (
    f"""<?xml version="1.0"?>
<rsl xmlns="{NS}" xmlns:x="urn:x" max-age="7"><content url="/a" server="https://s.example"
 encrypted="false"><license><permits type="usage">all</permits><permits type="user">personal
</permits><prohibits type="usage">ai-train, search</prohibits><payment type="use"><standard>s
</standard><custom>c</custom><amount currency="EUR">1.5</amount><accepts type="a/b"/></payment>
<reporting type="audit" profile="p"/><legal type="warranty">ownership</legal><x:y/></license>
<alternate type="a/b">/b</alternate><schema>s</schema><copyright type="person">P</copyright>
<terms>t</terms></content></rsl>"""
).encode()
PIECES = st.sampled_from(
    [
        *(
            b"<",
            b">",
            b"/",
            b'"',
            b"&",
            b"&x;",
            b"&amp;",
            b"\x00",
            b"\xff",
            b"]]>",
            b"<!--",
            b"-->",
        ),
        *(b"<![CDATA[", b"<license>", b"</license>", b"<content>", b"</content>", b"<rsl>", b","),
        *(b"<permits>", b"</permits>", b'<prohibits type="usage">', b"</prohibits>", b"<a/>"),
        *(b' type="usage"', b' xmlns=""', b"<x:a>", b"</x:a>", b"rsl:", b"all", b"\xc3\xa9", b" "),
        b"<!DOCTYPE rsl [<!ENTITY x 'all'>]>",
    ]
)


@given(st.data())
def test_a_change_within_a_document_never_lets_a_broken_one_speak(data: st.DataObject) -> None:
    body = WHOLE
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body)))
        gone = data.draw(st.integers(0, 12))
        body = body[:at] + data.draw(PIECES) + body[at + gone :]
    found = read(body)
    is_sound(found)
    is_sound(read_fragment(body))
    if not is_well_formed(body):
        assert found.failure


@given(st.integers(0, len(WHOLE) - 1))
@example(len(WHOLE) - 1)
def test_a_document_that_was_cut_is_none(at: int) -> None:
    assert read(WHOLE[:at]).failure
    assert read_fragment(WHOLE[:at]).failure


ELEMENTS = st.sampled_from([*sorted(grammar.ELEMENTS), "unknown", "x:foreign"])


def _tree(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    kinds = st.sampled_from(["", ' type="usage"', ' type="geo"', ' url="/"', ' xmlns=""'])
    words = st.sampled_from(["", "all", "search,", " "])
    return st.builds(
        lambda name, kind, word, inner: f"<{name}{kind}>{word}{''.join(inner)}</{name}>",
        ELEMENTS,
        kinds,
        words,
        st.lists(children, max_size=3),
    )


@given(st.lists(st.recursive(st.just("<permits/>"), _tree, max_leaves=25), max_size=4))
def test_elements_in_any_order_are_read(trees: list[str]) -> None:
    body = f'<rsl xmlns="{NS}" xmlns:x="urn:x">{"".join(trees)}</rsl>'.encode()
    found = read(body)
    is_sound(found)
    assert found.failure == ""
    for each in found.contents:
        assert body[each.offset :].startswith(each.octets[:9] or b"?")
        for licence_ in each.licenses:
            assert body[licence_.offset :].startswith(licence_.octets)
            assert licence_.octets


@given(st.lists(ELEMENTS, max_size=6))
def test_a_prohibition_is_never_lost_among_elements_of_rsl(names: list[str]) -> None:
    around = [name for name in names if name != "x:foreign"]
    begins = "".join(f"<{name}>" for name in around)
    ends = "".join(f"</{name}>" for name in reversed(around))
    prohibition = '<prohibits type="usage">all</prohibits>'
    body = rsl(f'<content url="/">{PERMIT}</content>{begins}{prohibition}{ends}')
    found = read(body)
    heard = [
        rule
        for each in found.contents
        for licence_ in each.licenses
        for rule in licence_.rules
        if not rule.permits and "all" in rule.tokens
    ]
    assert heard
