"""XML read as elements with their places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.syntax.xml_elements import (
    MAX_DEPTH,
    Element,
    Enough,
    Name,
    Reading,
    read,
    root,
    source,
)


class Heard:
    """What a listener was told, and the octets of each element."""

    def __init__(self, body: bytes, content_type: bytes = b"", cap: int = 4096) -> None:
        self.document = source(body, content_type)
        self.elements: list[Element] = []
        self.spans: dict[str, bytes] = {}
        self.words = ""
        self._open: list[Element] = []
        self._cap = cap
        self.reading = read(self.document, self)

    def start(self, element: Element) -> None:
        self.elements.append(element)
        self._open.append(element)

    def text(self, characters: str) -> None:
        self.words += characters

    def end(self, offset: int) -> None:
        element = self._open.pop()
        self.spans[element.name.local] = self.document.span(element.offset, offset, self._cap)

    @property
    def names(self) -> list[tuple[str, str]]:
        return [tuple(element.name) for element in self.elements]


DECLARED = '<?xml version="1.0" encoding="{}"?><a>\u00e9<b c="\u00e9">\u00e9</b></a>'


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(DECLARED.format("utf-8").encode(), b"", id="utf-8"),
        pytest.param(
            "\ufeff<a>\u00e9<b c='\u00e9'>\u00e9</b></a>".encode(), b"", id="utf-8 with a mark"
        ),
        pytest.param(b"\n\t " + DECLARED.format("utf-8").encode(), b"", id="white space before it"),
        pytest.param(
            b"\xef\xbb\xbf\r\n" + DECLARED.format("utf-8").encode(),
            b"",
            id="a mark and white space",
        ),
        pytest.param(DECLARED.format("utf-16").encode("utf-16"), b"", id="utf-16 with a mark"),
        pytest.param(
            ("\ufeff \n" + DECLARED.format("utf-16")).encode("utf-16-be"),
            b"",
            id="utf-16 with white space",
        ),
        pytest.param(
            DECLARED.format("utf-16").encode("utf-16-le"), b"", id="utf-16 without a mark"
        ),
        pytest.param(DECLARED.format("ISO-8859-1").encode("latin-1"), b"", id="latin-1"),
        pytest.param(DECLARED.format("windows-1252").encode("cp1252"), b"", id="windows-1252"),
        pytest.param(DECLARED.format("utf-16").encode(), b"", id="utf-8 that says utf-16"),
        pytest.param(
            "<a>\u00e9<b c='\u00e9'>\u00e9</b></a>".encode("latin-1"),
            b'text/xml; charset="iso-8859-1"',
            id="latin-1 by its media type",
        ),
    ],
)
def test_offsets_are_those_of_the_octets_given(body: bytes, content_type: bytes) -> None:
    heard = Heard(body, content_type)
    assert heard.reading == Reading()
    assert heard.names == [("", "a"), ("", "b")]
    assert heard.words == "\u00e9\u00e9"
    inner = heard.elements[1]
    assert inner.get("c") == "\u00e9"
    wide = b"\x00" in body
    assert body[inner.offset :].replace(b"\x00", b"").startswith(b"<b c=")
    assert body[inner.offset :].startswith(heard.spans["b"])
    assert heard.spans["b"].replace(b"\x00", b"").endswith(b"</b>")
    assert len(heard.spans["b"]) % 2 == 0 or not wide


def test_an_encoding_of_several_octets_is_read_in_its_utf_8_form() -> None:
    heard = Heard('<?xml version="1.0" encoding="shift_jis"?><a>\u3042<b/></a>'.encode("shift_jis"))
    assert heard.document.transcoded
    assert heard.words == "\u3042"
    assert heard.spans["b"] == b"<b/>"


def test_octets_that_their_encoding_does_not_know_are_latin_1_and_said_to_be_broken() -> None:
    heard = Heard(b'<?xml version="1.0"?><a>\xe9<b/></a>')
    assert heard.names == [("", "a"), ("", "b")]
    assert heard.words == "\u00e9"
    assert "octets" in heard.reading.broken


def test_namespaces_reach_as_far_as_their_element() -> None:
    heard = Heard(
        b'<a xmlns="one"><p:b xmlns:p="two" p:c="1" c="2"/><p:b p:c="3"/><d xmlns=""/><e/></a>'
    )
    assert heard.names == [("one", "a"), ("two", "b"), ("p:", "b"), ("", "d"), ("one", "e")]
    assert heard.elements[1].attributes == {Name("two", "c"): "1", Name("", "c"): "2"}
    assert heard.elements[2].attributes == {Name("p:", "c"): "3"}


def test_references_to_entities_that_nobody_declared_are_passed_over() -> None:
    heard = Heard(b'<a>x&nbsp;y&amp;<b c="z&eacute;"/></a>')
    assert heard.reading == Reading()
    assert heard.words == "xy&"
    assert heard.elements[1].get("c") == "z"


def test_a_document_type_without_declarations_is_read_and_nothing_is_fetched() -> None:
    heard = Heard(b'<!DOCTYPE a PUBLIC "-//x//y" "http://x.invalid/rss[1].dtd"><a>&copy;<b/></a>')
    assert heard.reading == Reading()
    assert len(heard.elements) == 2


LAUGHS = b"<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<!DOCTYPE a [" + LAUGHS + b"]><a>&b;</a>", id="entities"),
        pytest.param(b"<!DOCTYPE a SYSTEM 'x' [" + LAUGHS + b"]><a>&b;</a>", id="behind an id"),
        pytest.param(
            b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", id="files"
        ),
        pytest.param(
            b"<!DOCTYPE a [<!ENTITY % x SYSTEM 'http://x.invalid/'>%x;]><a/>", id="parameters"
        ),
        pytest.param(b"<!DOCTYPE a [<!ATTLIST a b CDATA 'c'>]><a/>", id="attributes by default"),
        pytest.param(
            b"<?xml version='1.0'?><?x [?><!-- [ -- > --><!DOCTYPE a [" + LAUGHS + b"]><a/>",
            id="behind comments",
        ),
        pytest.param(
            ("\ufeff<!DOCTYPE a [" + LAUGHS.decode() + "]><a>&b;</a>").encode("utf-16-le"),
            id="in utf-16",
        ),
    ],
)
def test_a_document_type_that_can_multiply_is_refused(body: bytes) -> None:
    heard = Heard(body)
    assert heard.reading.refused
    assert heard.elements == []
    found = root(body)
    assert found is not None
    assert found.name == Name("", "a")


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        (b'<!ENTITY nbsp "&#160;">', "\u00a0"),
        (b"<!ENTITY nbsp '&#xA0;' >\n<!-- ]> --><!ENTITY copy '&#169;'>", "\u00a0"),
        (b'<!ENTITY nbsp "&#60;">', None),
        (b'<!ENTITY nbsp "&#x03c;">', None),
        (b'<!ENTITY nbsp "&#038;">', None),
        (b'<!ENTITY nbsp "&#160;&#160;">', None),
        (b'<!ENTITY % nbsp "&#160;">', None),
        (b"<!ENTITY nbsp '<!ENTITY x \"&#160;\">'>", None),
    ],
)
def test_an_entity_that_is_one_character_multiplies_nothing(
    declared: bytes, words: str | None
) -> None:
    heard = Heard(b"<!DOCTYPE a [" + declared + b"]><a>&nbsp;</a>")
    assert bool(heard.reading.refused) is (words is None)
    assert heard.words == (words or "")


def test_the_root_is_known_behind_a_long_subset() -> None:
    subset = b"<!ENTITY x ']>'><!-- ']> --><?p ]> ?>" * 2000
    found = root(b"<!DOCTYPE a [" + subset + b"] ><r:a xmlns:r='u'>")
    assert found is not None
    assert found.name == Name("u", "a")
    assert root(b"<!DOCTYPE a [" + subset + b"<a>") is None


def test_elements_nest_as_deep_as_the_cap_and_no_deeper() -> None:
    deep = b"<a>" * MAX_DEPTH + b"</a>" * MAX_DEPTH
    assert Heard(deep).reading == Reading()
    deeper = Heard(b"<a>" + deep + b"</a>")
    assert "deeper" in deeper.reading.refused
    assert len(deeper.elements) == MAX_DEPTH


@pytest.mark.parametrize(
    "body", [b"<a><b/>&#0;<c/></a>", b"<a><b/><</a>", b"<a><b/>", b"<a><b/></c>", b"<a><b/> & </a>"]
)
def test_what_stands_before_an_error_is_told(body: bytes) -> None:
    heard = Heard(body)
    assert [local for _, local in heard.names] == ["a", "b"]
    assert heard.reading.broken


@pytest.mark.parametrize(
    ("body", "behind"),
    [
        (b"<a><b/></c>x", b"</c>x"),
        (b"\n<a><b c='>'/>x & y", b"x & y"),
        (b"<a><b c='>'>x & y", b"'>x & y"),
        (b"<a><b c='x & y'>", b"<b c='x & y'>"),
        (b"< x", b"< x"),
        (b"<a/>", b""),
    ],
)
def test_what_an_error_may_have_hidden_is_told(body: bytes, behind: bytes) -> None:
    assert Heard(body).reading.behind == behind


def test_a_listener_may_have_heard_enough() -> None:
    class Once(Heard):
        def start(self, element: Element) -> None:
            super().start(element)
            raise Enough

    heard = Once(b"<a><b/></a>")
    assert heard.names == [("", "a")]
    assert heard.reading == Reading()


def test_the_octets_of_an_element_are_capped_and_end_where_it_ends() -> None:
    heard = Heard(b'<a><b x=">"><c/></b><d y="/>"\n>t</d ><e>' + b"x" * 90 + b"</e></a>", cap=30)
    assert heard.spans["c"] == b"<c/>"
    assert heard.spans["b"] == b'<b x=">"><c/></b>'
    assert heard.spans["d"] == b'<d y="/>"\n>t</d >'
    assert heard.spans["e"] == b"<e>" + b"x" * 27


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"<?xml version='1.0'?><!-- x --><r:a xmlns:r='u'", None),
        (b"<?xml version='1.0'?><!-- x --><r:a xmlns:r='u'>" + b"<b>" * 9999, Name("u", "a")),
        (b"", None),
        (b"text", None),
    ],
)
def test_the_root_is_known_from_the_beginning(body: bytes, name: Name | None) -> None:
    found = root(body)
    assert (found.name if found else None) == name


PIECES = st.sampled_from(
    b"<a>|</a>|<b c='|'/>|&x;|<!--|-->|<!DOCTYPE a [|<!ENTITY x 'y'>|]>|utf-16|euc-jp|rot13|'?>"
    b"|<?xml version='1.0' encoding='|\xff\xfe|\x00|\xe9|<![CDATA[|]]>| xmlns:p='q'|<p:c | ".split(
        b"|"
    )
)


@given(
    st.one_of(st.binary(max_size=40), st.lists(PIECES, max_size=14).map(b"".join)),
    st.binary(max_size=9),
)
def test_any_octets_are_read_without_an_error(body: bytes, label: bytes) -> None:
    heard = Heard(body, b"text/xml; charset=" + label)
    if not heard.document.transcoded:
        for element in heard.elements:
            assert body[element.offset :].lstrip(b"\x00")[:1] == b"<"
    root(body)
