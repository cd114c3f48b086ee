"""What a feed says of itself for a credit line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.locate import feed_facts
from signals_agent.model.capture import Capture
from signals_agent.model.position import ElementPosition

URL = "https://fen.example/feed"
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom">'
RSS = (
    '<rss xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>'
)


def facts(body: str) -> list[tuple[str, str, str | None]]:
    capture = Capture(URL, 200, [("Content-Type", "application/xml")], body.encode())
    return [(fact.name, fact.value, fact.url) for fact in feed_facts.facts(capture)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            ATOM + "<title type='html'>Fen &lt;b>notes&lt;/b></title>"
            "<author><name>Ada Fen</name><uri>/ada</uri><email>a@fen.example</email></author>"
            "<author><name>Bo Sea</name><email>bo@fen.example</email></author>"
            "<rights>(c) 2026 Ada Fen</rights><updated>2026-05-06T00:00:00Z</updated>"
            "<entry><title>Rain</title><author><name>Cy</name></author></entry></feed>",
            [
                ("title", "Fen notes", None),
                ("creator", "Ada Fen", "https://fen.example/ada"),
                ("creator", "Bo Sea", "mailto:bo@fen.example"),
                ("copyright-notice", "(c) 2026 Ada Fen", None),
                ("modified", "2026-05-06T00:00:00Z", None),
            ],
            id="Atom",
        ),
        pytest.param(
            ATOM + "<entry><author><name>Ada</name></author>"
            "<source><author><name>No</name></author></source></entry>"
            "<entry><author><name>Bo</name></author></entry>"
            "<entry><author><name>Ada</name></author></entry></feed>",
            [("creator", "Ada", None), ("creator", "Bo", None)],
            id="the authors of its entries where it has none",
        ),
        pytest.param(
            ATOM.replace("feed", "entry") + "<title>Rain</title>"
            "<author><name>Ada</name></author></entry>",
            [("title", "Rain", None), ("creator", "Ada", None)],
            id="an entry as a document",
        ),
        pytest.param(
            RSS + "<title>Fen</title><managingEditor>a@fen.example (Ada Fen)</managingEditor>"
            "<copyright>\u00a9 Ada</copyright><image><title>No</title></image>"
            "<item><title>No</title><dc:creator>No</dc:creator></item></channel></rss>",
            [
                ("title", "Fen", None),
                ("creator", "Ada Fen", "mailto:a@fen.example"),
                ("copyright-notice", "\u00a9 Ada", None),
            ],
            id="RSS, its editor",
        ),
        pytest.param(
            RSS + "<managingEditor>x@fen.example (X)</managingEditor>"
            "<itunes:author>Fen Radio</itunes:author></channel></rss>",
            [("creator", "Fen Radio", None)],
            id="a podcast's author before its editor",
        ),
        pytest.param(
            RSS + "<item><dc:creator>Ada</dc:creator></item></channel></rss>",
            [("creator", "Ada", None)],
            id="the creators of its items where it has none",
        ),
        pytest.param(
            RSS + "<managingEditor>a@fen.example</managingEditor>"
            "<copyright>https://fen.example/terms</copyright></channel></rss>",
            [],
            id="neither a bare mail address nor a bare URL is a name or a notice",
        ),
        pytest.param(
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
            'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            "<channel><title>Fen</title><dc:creator>Ada</dc:creator><dc:rights>(c) Ada</dc:rights>"
            "</channel><item><title>No</title></item></rdf:RDF>",
            [
                ("title", "Fen", None),
                ("creator", "Ada", None),
                ("copyright-notice", "(c) Ada", None),
            ],
            id="RSS 1.0",
        ),
        pytest.param(RSS + "<title>Fen</title><item>", [("title", "Fen", None)], id="broken off"),
    ],
)
def test_what_a_feed_says(body: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert facts(body) == expected


def test_a_fact_says_where_it_stands() -> None:
    capture = Capture(
        URL, 200, [("Content-Type", "text/xml")], (ATOM + "<title>T</title>").encode()
    )
    (fact,) = feed_facts.facts(capture)
    assert (fact.carrier, fact.position) == ("feed", ElementPosition("title", len(ATOM)))


def test_no_more_than_twenty_creators() -> None:
    many = "".join(f"<author><name>A{n}</name></author>" for n in range(1000))
    assert len(facts(ATOM + many + "</feed>")) == 20


PIECES = st.sampled_from(
    [
        ATOM,
        RSS,
        "<author>",
        "<name>",
        "Ada",
        "</name>",
        "</author>",
        "<title>",
        "</title>",
        "<entry>",
        "</entry>",
        "<item>",
        "<channel>",
        "</channel>",
        "<dc:creator>",
        "</dc:creator>",
        "<rights/>",
        "\x00",
        "&amp;",
        "<x:y>",
        "</feed>",
    ]
)


@given(st.lists(PIECES, max_size=20).map("".join))
def test_nothing_raises(body: str) -> None:
    assert all(value for _, value, _ in facts(body))
