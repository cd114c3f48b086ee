"""The Link field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.syntax.link_field import Link, read

OCTETS = st.one_of(
    st.binary(max_size=60),
    st.lists(
        st.sampled_from(
            [
                b"<",
                b">",
                b"<a>",
                b";",
                b",",
                b"=",
                b'"',
                b"\\",
                b" ",
                b"rel",
                b"title*",
                b"\xe9",
                b"x",
            ]
        ),
        max_size=25,
    ).map(b"".join),
)


def seen(value: bytes) -> list[tuple[str, tuple[str, ...]]]:
    return [(link.target, link.relations) for link in read(value)]


@pytest.mark.parametrize(
    ("value", "links"),
    [
        pytest.param(b"", [], id="nothing is no link"),
        pytest.param(b", ,\t,", [], id="empty members are no links"),
        pytest.param(b"<a>", [("a", ())], id="a link may have no parameter"),
        pytest.param(b"<>", [("", ())], id="a target may be empty"),
        pytest.param(b'<a>; rel="license"', [("a", ("license",))], id="a relation may be quoted"),
        pytest.param(b"<a>;rel=license", [("a", ("license",))], id="a relation may be bare"),
        pytest.param(
            b'<a>\t ;\t REL \t=\t "LICENSE \t Next"',
            [("a", ("license", "next"))],
            id="white space and case mean nothing",
        ),
        pytest.param(
            b"<a>; rel=next; rel=license", [("a", ("next",))], id="only the first rel counts"
        ),
        pytest.param(b"<a>; rev=license", [("a", ())], id="rev is not rel"),
        pytest.param(b"<a>; rel", [("a", ())], id="a rel without a value names no relation"),
        pytest.param(
            b"<a>;rel=x, , <b>;rel=y",
            [("a", ("x",)), ("b", ("y",))],
            id="empty members are skipped",
        ),
        pytest.param(
            b"<a,b;c>;rel=x,<d>", [("a,b;c", ("x",)), ("d", ())], id="a target may hold separators"
        ),
        pytest.param(
            b'<a>;title="x, <b>; rel=z \\" ";rel=y',
            [("a", ("y",))],
            id="a quoted string may hold separators",
        ),
        pytest.param(b"<a; rel=license, b", [], id="a target that is not closed ends the value"),
        pytest.param(
            b"a; rel=x, <b>; rel=y", [("b", ("y",))], id="a member without a target is skipped"
        ),
        pytest.param(
            b"<a> <b>; rel=y", [("a", ()), ("b", ("y",))], id="a forgotten comma loses no link"
        ),
        pytest.param(
            b'<a>; rel="x"junk; title=t, <b>',
            [("a", ("x",)), ("b", ())],
            id="what stands behind a quoted string is skipped",
        ),
        pytest.param(
            b"<a> junk; rel=x", [("a", ("x",))], id="what stands behind a target is skipped"
        ),
        pytest.param(
            b"<a>;; =z;rel=x", [("a", ("x",))], id="parameters without a name are skipped"
        ),
        pytest.param(
            b'<a>; rel="x, <b>', [("a", ("x,", "<b>"))], id="an open string goes to the end"
        ),
        pytest.param(
            b"<\xc3\xa9>, <\xe9>",
            [("\u00e9", ()), ("\u00e9", ())],
            id="a target that is no UTF-8 is Latin-1",
        ),
        pytest.param(
            b"<a>; rel=http://example.com/Rel",
            [("a", ("http://example.com/rel",))],
            id="a relation may be a URL",
        ),
    ],
)
def test_links_and_their_relations(value: bytes, links: list[tuple[str, tuple[str, ...]]]) -> None:
    assert seen(value) == links


@pytest.mark.parametrize(
    ("value", "title"),
    [
        pytest.param(b"<a>", "", id="absent is empty"),
        pytest.param(b"<a>; title=one; title=two", "one", id="the first of a name counts"),
        pytest.param(rb'<a>; title="a\"b\\c\d"', 'a"b\\cd', id="escapes are taken away"),
        pytest.param(b"<a>; title=\xc3\xa9", "\u00e9", id="octets are UTF-8"),
        pytest.param(b"<a>; title=\xe9", "\u00e9", id="octets that are no UTF-8 are Latin-1"),
        pytest.param(
            b"<a>; title=EUR; title*=UTF-8'en'%e2%82%ac",
            "\u20ac",
            id="the form with a star goes first",
        ),
        pytest.param(
            b"<a>; title*=iso-8859-1''%A3", "\u00a3", id="Latin-1 is read as RFC 5987 had it"
        ),
        pytest.param(
            b"<a>; title*=UTF-8''%ff; title=plain", "plain", id="a broken star form is passed over"
        ),
        pytest.param(
            b"<a>; title*=koi8-r''x; title=plain", "plain", id="an unknown charset is passed over"
        ),
    ],
)
def test_a_parameter(value: bytes, title: str) -> None:
    (link,) = read(value)
    assert link.param("title") == title


def test_a_link_says_where_it_stands() -> None:
    value = b' , <a>; rel="x" , <\xc3\xa9> ;t=1 ; '
    assert [value[link.begin : link.end] for link in read(value)] == [
        b'<a>; rel="x"',
        b"<\xc3\xa9> ;t=1",
    ]


@given(OCTETS)
def test_every_value_is_read_and_each_link_reads_the_same_by_itself(value: bytes) -> None:
    end = 0
    for link in read(value):
        assert end <= link.begin < link.end <= len(value)
        end = link.end
        alone = value[link.begin : link.end]
        assert alone[:1] == b"<"
        assert read(alone) == (Link(link.target, link.params, 0, len(alone)),)
        assert isinstance(link.param("title"), str)


@given(
    st.lists(
        st.tuples(
            st.text('ab/:,;=" \\', max_size=6),
            st.dictionaries(st.sampled_from(["rel", "title", "type"]), st.text('ab,;<>"\\ \u20ac')),
        ),
        max_size=4,
    )
)
def test_what_is_written_to_the_letter_is_read_back(
    links: list[tuple[str, dict[str, str]]],
) -> None:
    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    members = [
        f"<{target}>" + "".join(f"; {name}={quoted(value)}" for name, value in params.items())
        for target, params in links
    ]
    found = read(", ".join(members).encode())
    assert [(link.target, dict(link.params)) for link in found] == links
