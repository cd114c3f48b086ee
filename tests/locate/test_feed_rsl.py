"""RSL that stands in a feed itself, and links of a feed to RSL documents (rules R36, R39)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.family import Listen
from signals_agent.locate import feed, feed_rsl
from signals_agent.locate.found import UNREAD, Findings
from signals_agent.model.capture import Capture
from signals_agent.model.declaration import PAGE, Located
from signals_agent.model.licence import LicenceScope
from signals_agent.model.position import ElementPosition
from signals_agent.syntax.xml_elements import Element, read, source

URL = "https://site.example/blog/feed.xml"
RSL = "https://rslstandard.org/rsl"
RSL_TYPE = "application/rsl+xml"
CONTENT = ("rsl", Listen("feed", "rsl-content"))
LINKED = ("rsl", Listen("feed", "license"))
BY = "http://creativecommons.org/licenses/by/4.0/"


def look(body: bytes | str, about: str | None = None, *listens, **given) -> Findings:
    octets = body.encode() if isinstance(body, str) else body
    truncated = given.pop("truncated", False)
    kind = given.pop("kind", b"application/xml")
    return feed.locate(
        Capture(URL, 200, [(b"Content-Type", kind)], octets, truncated=truncated),
        source=URL,
        capture_id="cap-1",
        listens=listens or (CONTENT,),
        about=about,
    )


def found(body: bytes | str, about: str | None = None, *listens, **given) -> list[Located]:
    return [unit[0] for unit in look(body, about, *listens, **given).units]


def rss(inner: str, more: str = "") -> str:
    return (
        f'<rss version="2.0" xmlns:rsl="{RSL}" xmlns:atom="http://www.w3.org/2005/Atom"'
        f' xmlns:cc="http://creativecommons.org/ns#" {more}><channel>{inner}</channel></rss>'
    )


def atom(inner: str, more: str = "") -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:rsl="{RSL}" {more}>{inner}</feed>'


def content(url: str, usage: str = "ai-train", prefix: str = "rsl:") -> str:
    return (
        f'<{prefix}content url="{url}"><{prefix}license><{prefix}prohibits type="usage">{usage}'
        f"</{prefix}prohibits></{prefix}license></{prefix}content>"
    )


class Heard:
    """A listener that keeps every element and the text of it all."""

    def __init__(self) -> None:
        self.elements: list[Element] = []
        self.words = ""

    def start(self, element: Element) -> None:
        self.elements.append(element)

    def text(self, characters: str) -> None:
        self.words += characters

    def end(self, offset: int) -> None:
        """Ends do not matter here."""


def elements(value: bytes) -> list[tuple[str, str]]:
    """The names in a document, which must be well-formed."""
    heard = Heard()
    reading = read(source(value), heard)
    assert reading.broken == ""
    assert reading.refused == ""
    return [tuple(element.name) for element in heard.elements]


NAMES = [(RSL, name) for name in ("rsl", "content", "license", "prohibits")]


@pytest.mark.parametrize(
    "body",
    [
        rss(content("/")),
        rss(content("/", prefix="r:"), f'xmlns:r="{RSL}"'),
        rss(f'<x xmlns="{RSL}"/>' + content("/", prefix="").replace(" url", f' xmlns="{RSL}" url')),
        rss(content("/", prefix="q:").replace(" url", f' xmlns:q="{RSL}" url')),
        f'<rss xmlns="{RSL}"><a:channel xmlns:a="rss:">{content("/", prefix="")}</a:channel></rss>',
        rss(content("/", prefix="r.1:"), f'xmlns:r.1="{RSL}"'),
        rss(content("/", prefix="\u00e9:"), f'xmlns:\u00e9="{RSL}"'),
        rss(content("/").replace("https://x", ""), "").replace(RSL, RSL + "/"),
        atom(content("/")),
        atom(f"<rsl:rsl>{content('/')}</rsl:rsl>"),
    ],
    ids=[
        "the usual prefix",
        "another prefix",
        "a default namespace of its own",
        "a prefix of its own",
        "the default namespace of the feed",
        "a prefix with a full stop",
        "a prefix that is not ASCII",
        "a namespace with a stroke",
        "Atom",
        "an rsl around it",
    ],
)
def test_a_content_becomes_a_document_of_its_own(body: str) -> None:
    (one,) = found(body)
    assert elements(one.value) == NAMES
    octets = body.encode()
    position = one.declaration.position
    assert isinstance(position, ElementPosition)
    assert position.element == "content"
    assert octets.startswith(one.declaration.octets, position.offset)
    assert one.declaration.octets.startswith(b"<")
    assert one.declaration.octets.endswith(b"content>")
    assert one.declaration.octets in one.value
    assert one.field == "rsl-content"
    assert one.subject == PAGE


def test_the_document_is_as_short_as_it_can_be() -> None:
    (one,) = found(rss('<rsl:content url=""/>'))
    assert one.value == f'<rsl:rsl xmlns:rsl="{RSL}"><rsl:content url=""/></rsl:rsl>'.encode()
    assert one.declaration.octets == b'<rsl:content url=""/>'


def test_the_max_age_of_an_rsl_around_it_is_kept() -> None:
    inner = content("/one") + content("/two")
    first, second = found(rss(f'<rsl:rsl max-age="7&quot;&lt;">{inner}</rsl:rsl>'))
    for each in (first, second):
        heard = Heard()
        read(source(each.value), heard)
        assert heard.elements[0].get("max-age") == '7"<'
    assert b"/one" in first.value
    assert b"/two" in second.value


def test_what_is_foreign_in_the_feed_is_foreign_in_the_document() -> None:
    """An element without a prefix is of the feed's own namespace, not of RSL."""
    inner = "<rsl:content url=''><license/><cc:license/><z:y/><i:s xmlns:i='urn:i'/></rsl:content>"
    (one,) = found(atom(inner, 'xmlns:cc="http://creativecommons.org/ns#"'))
    assert elements(one.value) == [
        (RSL, "rsl"),
        (RSL, "content"),
        ("http://www.w3.org/2005/Atom", "license"),
        ("http://creativecommons.org/ns#", "license"),
        ("z:", "y"),
        ("urn:i", "s"),
    ]


def test_a_namespace_is_written_so_that_it_ends_nothing() -> None:
    (one,) = found(rss("<rsl:content url=''><e:x/></rsl:content>", "xmlns:e='a\"&lt;&amp;b'"))
    assert elements(one.value)[2] == ('a"<&b', "x")


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-be", "iso-8859-1", "utf-8-sig"])
def test_the_document_is_in_utf_8_whatever_the_feed_is_in(codec: str) -> None:
    body = '<?xml version="1.0" encoding="iso-8859-1"?>' * (codec == "iso-8859-1")
    body += rss("<rsl:content url=''><rsl:copyright>\u00e9</rsl:copyright></rsl:content>")
    (one,) = found(body.encode(codec))
    assert "<rsl:copyright>\u00e9</rsl:copyright>".encode() in one.value
    position = one.declaration.position
    assert isinstance(position, ElementPosition)
    assert body.encode(codec).startswith(one.declaration.octets, position.offset)


ITEMS = rss(
    content("/", "all")
    + f"<item><link>/one</link><rsl:rsl>{content('', 'search')}</rsl:rsl></item>"
    + "<item><guid>https://site.example/two</guid></item>"
)
ENTRIES = atom(
    content("/", "all")
    + f'<entry><link rel="alternate" href="/one"/>{content("", "search")}</entry>'
    + '<entry><link href="/two"/></entry>'
)


@pytest.mark.parametrize("body", [ITEMS, ENTRIES], ids=["items", "entries"])
def test_in_a_feed_that_is_the_asset_an_item_is_a_part(body: str) -> None:
    channel, item = found(body)
    assert (channel.subject, channel.detail("level")) == (PAGE, "feed")
    assert item.subject.scope is LicenceScope.PART
    assert item.subject.parts == ("https://site.example/one",)
    assert item.detail("level") == "item"
    assert b">search<" in item.value


@pytest.mark.parametrize("body", [ITEMS, ENTRIES], ids=["items", "entries"])
@pytest.mark.parametrize(
    ("about", "usage", "level"),
    [
        ("https://site.example/one", b">search<", "item"),
        ("https://site.example/two", b">all<", "feed"),
        ("https://SITE.example:443/one#x", b">search<", "item"),
    ],
    ids=["its item's goes first", "else the feed's", "whichever way it is written"],
)
def test_of_an_asset_that_was_found_in_it_the_nearest_counts(
    body: str, about: str, usage: bytes, level: str
) -> None:
    (one,) = found(body, about)
    assert usage in one.value
    assert one.detail("level") == level
    assert one.subject == PAGE
    assert one.reach.around


@pytest.mark.parametrize(
    "about",
    [
        "https://site.example/three",
        "http://site.example/one",
        "https://cdn.site.example/one",
        "https://site.example:444/one",
        "no URL",
    ],
    ids=["no item of it", "another scheme", "another host", "another port", "none"],
)
def test_of_another_origin_or_another_item_it_says_nothing(about: str) -> None:
    assert look(ITEMS, about) == Findings()


def test_a_licence_of_an_item_does_not_hide_the_rsl_of_its_feed_nor_the_other_way_round() -> None:
    link = f'<atom:link rel="license" type="{RSL_TYPE}" href="/l.xml"/>'
    licence = f"<cc:license>{BY}</cc:license>"
    both = (("licence", Listen("feed", "license")), CONTENT)
    for inner, expected in (
        (f"{link}<item><link>/one</link>{licence}</item>", {BY, "https://site.example/l.xml"}),
        (f"{licence}<item><link>/one</link>{link}</item>", {BY, "https://site.example/l.xml"}),
    ):
        values = {
            one.value.decode() for one in found(rss(inner), "https://site.example/one", *both)
        }
        assert values == expected
    inner = f"{content('/')}<item><link>/one</link>{licence}</item>"
    fields = [one.field for one in found(rss(inner), "https://site.example/one", *both)]
    assert sorted(fields) == ["license", "rsl-content"]


def test_the_terms_of_an_item_go_before_a_link_of_its_feed() -> None:
    link = f'<atom:link rel="license" type="{RSL_TYPE}" href="/l.xml"/>'
    body = rss(f"{link}<item><link>/one</link>{content('')}</item>")
    (one,) = found(body, "https://site.example/one", CONTENT, LINKED)
    assert one.field == "rsl-content"


@pytest.mark.parametrize("type_", [RSL_TYPE, f" {RSL_TYPE}; charset=utf-8 "])
def test_a_link_to_an_rsl_document_keeps_its_type(type_: str) -> None:
    body = atom(
        f'<link rel="license" type="{type_}" href="/l.xml"/><entry><link href="/one"/></entry>'
    )
    for about in (None, "https://site.example/one"):
        (one,) = found(body, about, LINKED)
        assert one.value == b"https://site.example/l.xml"
        assert one.detail("type") == type_.strip()


def test_who_listens_to_licences_hears_no_content_and_the_other_way_round() -> None:
    body = rss(f"<cc:license>{BY}</cc:license>{content('/')}")
    assert [one.field for one in found(body, None, LINKED)] == ["license"]
    assert [one.field for one in found(body)] == ["rsl-content"]


@pytest.mark.parametrize(
    ("inner", "parts"),
    [
        (
            f'<item><media:content url="/i.png">{content("")}</media:content></item>',
            ("https://site.example/i.png",),
        ),
        (f"<item><link>/one</link><other>{content('')}</other></item>", ()),
    ],
    ids=["in media of an item", "in something of an item"],
)
def test_deeper_in_an_item_it_is_a_part_of_that(inner: str, parts: tuple[str, ...]) -> None:
    (one,) = found(rss(inner))
    assert (one.subject.scope, one.subject.parts) == (LicenceScope.PART, parts)
    assert one.detail("level") == "part"


def test_outside_of_channel_and_items_it_is_the_feeds() -> None:
    item = "<item><link>/one</link></item>"
    body = f'<rss xmlns:rsl="{RSL}">{content("/")}<channel>{item}</channel></rss>'
    (one,) = found(body)
    assert (one.subject, one.detail("level")) == (PAGE, "feed")
    (one,) = found(body, "https://site.example/one")
    assert one.detail("level") == "feed"


@pytest.mark.parametrize(
    "body",
    [
        rss("<content url='/'>x</content>"),
        rss("<rsl:license>x</rsl:license><rsl:rsl/>"),
        rss(content("/", prefix="r:"), 'xmlns:r="https://rslstandard.org/rsl2"'),
        rss(f"<description>&lt;rsl:content url='/'/&gt;</description><!-- {content('/')} -->"),
        rss(f"<description><![CDATA[{content('/')}]]></description>"),
    ],
    ids=[
        "in no namespace",
        "no content",
        "another namespace",
        "as words and in a comment",
        "as characters",
    ],
)
def test_what_is_no_content_of_rsl_says_nothing(body: str) -> None:
    assert look(body) == Findings()


def test_a_document_of_rsl_is_no_feed() -> None:
    body = f'<rsl xmlns="{RSL}">{content("/", prefix="")}</rsl>'.encode()
    assert not feed.is_feed(Capture(URL, 200, [(b"Content-Type", b"application/xml")], body))


def padded(length: int) -> str:
    empty = "<rsl:content url=''></rsl:content>"
    begin = empty.index("</")
    return empty[:begin] + " " * (length - begin) + empty[begin:]


def test_as_long_as_the_cap_is_read_and_one_octet_more_is_not() -> None:
    (just,) = found(rss(padded(feed_rsl.MAX_OCTETS)))
    assert not just.detail(UNREAD)
    assert elements(just.value) == NAMES[:2]
    (over,) = found(rss(padded(feed_rsl.MAX_OCTETS + 1)))
    assert over.value == b""
    assert over.detail(UNREAD)
    assert over.detail("level") == "feed"
    assert len(over.declaration.octets) == 4096


def test_too_many_prefixes_and_too_long_names_are_not_read() -> None:
    prefixes = "".join(f"<p{n}:x xmlns:p{n}='urn:{n}'/>" for n in range(20))
    assert found(rss(f"<rsl:content url=''>{prefixes}</rsl:content>"))[0].detail(UNREAD)
    name = "n" * 500
    bound = f'xmlns:{name}="{RSL}"'
    assert found(rss(content("/", prefix=name + ":"), bound))[0].detail(UNREAD)


SPEAKING = "<item><link>/one</link>" + content("") + "</item>"


@pytest.mark.parametrize(
    ("body", "truncated"),
    [
        (rss(f"<title>& </title>{SPEAKING}"), False),
        (rss("<rsl:content url=''><rsl:terms>&</rsl:terms></rsl:content>"), False),
        (rss(SPEAKING)[:-40], False),
        (rss(f"<title>& </title>{content('', prefix='r:')}", f'xmlns:r="{RSL}"'), False),
        (rss("<title>t</title>"), True),
        ('<!DOCTYPE rss [<!ENTITY a "aa">]>' + rss(SPEAKING), False),
        (rss("<item/>" * 5001 + SPEAKING), False),
        (rss("<x>" * 250 + content("") + "</x>" * 250), False),
        (rss(content("") * 1001), False),
    ],
    ids=[
        "behind an error",
        "with an error in it",
        "without its end",
        "behind an error, by another prefix",
        "a body that was cut",
        "entities that are declared",
        "too many items",
        "too deep",
        "too many of them",
    ],
)
def test_what_was_not_read_fails_closed(body: str, truncated: bool) -> None:
    findings = look(body, truncated=truncated)
    assert findings.units[-1][0].detail(UNREAD)
    assert findings.units[-1][0].field == "rsl-content"
    assert findings.notes


def test_an_error_within_the_item_of_the_asset_fails_closed() -> None:
    body = rss(f"<item><link>/one</link><title>&</title>{content('')}</item>")
    assert found(body, "https://site.example/one")[-1].detail(UNREAD)


@pytest.mark.parametrize(
    "body",
    [
        f"<rss><channel><title>& </title><cc:license>{BY}</cc:license></channel></rss>",
        "<rss><channel><title>RSL & so</title><cc:license>x</cc:license></channel></rss>",
        "<rss><channel>" + "<item/>" * 5001 + "</channel></rss>",
    ],
    ids=["behind an error", "with another RSL", "too many items"],
)
def test_in_a_feed_that_never_speaks_of_rsl_none_was_missed(body: str) -> None:
    both = (CONTENT, ("licence", Listen("feed", "license")))
    assert [one.field for one in found(body, None, *both)] == ["license"]


def test_all_its_contents_together_cost_no_more_than_a_few_times_the_feed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is cut out of the feed is about as long as the contents, however many there are."""
    cut = 0
    span = feed_rsl.Source.span

    def counting(self: feed_rsl.Source, begin: int, end: int, cap: int) -> bytes:
        nonlocal cut
        cut += cap
        return span(self, begin, end, cap)

    monkeypatch.setattr(feed_rsl.Source, "span", counting)
    body = rss(content("/") * 900)
    assert len(found(body)) == 900
    assert cut <= len(body) + 900 * 1024


PIECES = st.sampled_from(
    [
        b"<rsl:rsl>",
        b"</rsl:rsl>",
        b"<rsl:content url=''>",
        b"</rsl:content>",
        b"<r:content xmlns:r='https://rslstandard.org/rsl'/>",
        b"<content xmlns='https://rslstandard.org/rsl'>",
        b"</content>",
        b"<item>",
        b"</item>",
        b"<link>/one</link>",
        b"<rsl:license/>",
        b"<a:b/>",
        b"&nbsp;",
        b"&",
        b"\xff",
    ]
)


@given(st.lists(PIECES | st.binary(max_size=5), max_size=14))
def test_every_content_that_is_given_stands_in_the_octets(pieces: list[bytes]) -> None:
    body = rss("@").encode().replace(b"@", b"".join(pieces))
    for about in (None, "https://site.example/one"):
        for one in found(body, about, CONTENT, LINKED):
            position = one.declaration.position
            assert isinstance(position, ElementPosition)
            assert body.startswith(one.declaration.octets, position.offset)
            assert one.detail(UNREAD) or one.declaration.octets.decode("latin-1")


@given(st.binary(max_size=150))
def test_no_octets_raise(octets: bytes) -> None:
    look(octets)
    look(rss("").encode()[:-16] + octets)
    look(rss("<rsl:content ").encode()[:-16] + octets, "https://site.example/one")
