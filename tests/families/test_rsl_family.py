"""RSL as a family: what its answers rest on, how its statements settle, what it writes."""

from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.families.rsl import MAX_LINKS, RSL
from signals_agent.family import Context
from signals_agent.limits import MAX_EXPRESSION
from signals_agent.model.capture import Availability, Role
from signals_agent.model.declaration import PAGE, Declaration, Located, Reach, Scope, Subject
from signals_agent.model.document import Document, Naming
from signals_agent.model.licence import LicenceScope
from signals_agent.model.position import ElementPosition, LinePosition
from signals_agent.model.statement import Answer, Preference, Statement, strictness
from signals_agent.model.use import USES, Use
from signals_agent.rsl.answers import MAX_LICENCES
from signals_agent.rsl.asks import Frame, asked
from signals_agent.rsl.nouns import Content, License, Payment
from signals_agent.rsl.tokens import USAGE

URL = "https://site.example/blog/post"
DOC = "https://site.example/license.xml"
ROBOTS = "https://site.example/robots.txt"
D, A, U = Preference.DISALLOW, Preference.ALLOW, Preference.UNDETERMINED


def rsl(*contents: str) -> bytes:
    return f'<rsl xmlns="https://rslstandard.org/rsl">{"".join(contents)}</rsl>'.encode()


def content(licence: str, url: str = "/") -> str:
    return f'<content url="{url}"><license>{licence}</license></content>'


def permits(tokens: str) -> str:
    return f'<permits type="usage">{tokens}</permits>'


def prohibits(tokens: str) -> str:
    return f'<prohibits type="usage">{tokens}</prohibits>'


def located(
    value: bytes,
    carrier: str = "robots-txt",
    *,
    index: int = 0,
    level: str = "global",
    bucket: str = "a",
    only: bool = False,
    source: str | None = None,
    subject: Subject = PAGE,
    details: tuple[tuple[str, str], ...] = (),
) -> Located:
    robots = carrier == "robots-txt"
    source = source or (ROBOTS if robots else URL)
    declaration = Declaration(
        id=f"dec-{carrier}-{index}-{level}-{bucket}",
        family="rsl",
        carrier=carrier,
        source=source,
        position=LinePosition(index + 1, 1) if robots else ElementPosition("link", index),
        expression="",
        octets=value,
        scope=Scope(),
        capture="cap",
    )
    field = next(listen.field for listen in RSL.listens if listen.carrier == carrier)
    details = (("level", level), ("type", "application/rsl+xml"), *details)
    reach = Reach(bucket if robots else "", 0, only, index=index)
    return Located(declaration, value, reach, field, subject, details)


def context(documents: dict[str, bytes | Availability]) -> Context:
    found = {
        url: Document(url, body)
        if isinstance(body, Availability)
        else Document(url, Availability.PRESENT, body, capture="cap-doc")
        for url, body in documents.items()
    }
    return Context(URL, b"/blog/post", ("examplebot",), documents=found)


def settled(statements: Sequence[Statement], about: Context) -> dict[Use, Answer]:
    return {one.use: one for one in RSL.settle(statements, about).answers}


def test_an_answer_is_traced_to_the_octets_of_the_licence_that_gives_it() -> None:
    body = rsl(content(prohibits("search"), "/shop/"), content(prohibits("ai-train")))
    about = context({DOC: body})
    reading = RSL.read((located(DOC.encode()),), about)
    (statement,) = reading.statements
    naming, element = statement.declarations
    assert {answer.because for answer in statement.answers} == {(naming.id, element.id)}
    assert isinstance(element.position, ElementPosition)
    assert element.position.element == "license"
    offset = element.position.offset
    assert body[offset : offset + len(element.octets)] == element.octets
    assert b"ai-train" in element.octets
    assert element.octets.endswith(b"</license>")
    assert (element.carrier, element.source, element.capture, element.scope.path) == (
        "licence-document",
        DOC,
        "cap-doc",
        "/",
    )
    assert reading.names == (Naming(DOC, Role.LICENCE_DOCUMENT, required=True),)


def test_one_element_has_one_id_however_it_is_named() -> None:
    about = context({DOC: rsl(content(prohibits("ai-train")))})
    units = [located(DOC.encode()), located(DOC.encode(), "html-link")]
    read = [RSL.read((unit,), about).statements[0] for unit in units]
    assert read[0].declarations[1] == read[1].declarations[1]
    assert read[0].declarations[0] != read[1].declarations[0]


@pytest.mark.parametrize("state", list(Availability))
def test_how_looking_for_a_document_ended_decides(state: Availability) -> None:
    about = context({DOC: state})
    (statement,) = RSL.read((located(DOC.encode()),), about).statements
    expected = U if state in (Availability.UNREACHABLE, Availability.NOT_LOOKED) else D
    assert {one.use: one.preference for one in statement.answers} == dict.fromkeys(USES, expected)


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (DOC, [DOC]),
        (f" {DOC}\t", [DOC]),
        (f"<{DOC}>", [DOC]),
        (f'"{DOC}"', [DOC]),
        ("license.xml", [DOC]),
        ("//site.example/license.xml", [DOC]),
        ("https://user:secret@site.example/license.xml#top", [DOC]),
        ("HTTPS://SITE.EXAMPLE:443/license.xml", [DOC]),
        ("", []),
        ("ftp://site.example/license.xml", []),
        ("https://[/", []),
    ],
)
def test_which_document_a_record_names(value: str, names: list[str]) -> None:
    reading = RSL.read((located(value.encode()),), context({}))
    assert [one.url for one in reading.names] == names


def test_the_cap_on_a_record_is_where_it_says() -> None:
    fits = DOC.encode() + b"?" + b"x" * (MAX_EXPRESSION - len(DOC) - 1)
    read = RSL.read((located(fits),), context({}))
    assert read.names
    over = RSL.read((located(fits + b"x"),), context({}))
    assert not over.names
    assert over.statements[0].unreadable == USES


def test_what_the_locator_did_not_read_is_unreadable() -> None:
    unit = located(b"", details=(("unread", "too many"),))
    (statement,) = RSL.read((unit,), context({})).statements
    assert (statement.answers, statement.unreadable) == ((), USES)


@pytest.mark.parametrize("count", [1, MAX_LINKS, MAX_LINKS + 1])
def test_a_field_line_names_so_many_documents(count: int) -> None:
    links = [f'</{n}>; rel=license; type="application/rsl+xml"' for n in range(count)]
    reading = RSL.read((located(", ".join(links).encode(), "http-header"),), context({}))
    assert len(reading.names) == min(count, MAX_LINKS)
    unread = [one for one in reading.statements if one.unreadable]
    assert bool(unread) is (count > MAX_LINKS)
    ids = [one.declarations[0].id for one in reading.statements]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("count", [MAX_LICENCES, MAX_LICENCES + 1])
def test_so_many_licences_for_one_asset_are_read(count: int) -> None:
    body = rsl(*[content(permits("all"))] * count, content(prohibits("all"), "/elsewhere"))
    (statement,) = RSL.read((located(DOC.encode()),), context({DOC: body})).statements
    expected = A if count == MAX_LICENCES else D
    assert {one.preference for one in statement.answers} == {expected}
    assert len(statement.declarations) <= MAX_LICENCES + 1


def test_a_long_document_costs_no_more_than_its_length() -> None:
    about = context({DOC: rsl(*(content(permits("all"), f"/{n}/*/*$") for n in range(9_000)))})
    reading = RSL.read((located(DOC.encode()),), about)
    assert len(reading.statements[0].declarations) == 1
    assert [note.code for note in reading.notes] == ["rsl-not-covered"]


@pytest.mark.parametrize("status", [401, 402, 403, 451, 200, None])
def test_a_header_on_an_answer_that_states_terms_allows_nothing(status: int | None) -> None:
    about = context({DOC: rsl(content(permits("all")))})
    about = Context(URL, about.target, about.tokens, documents=about.documents, status=status)
    line = f'<{DOC}>; rel="license"; type="application/rsl+xml"'.encode()
    statements = RSL.read((located(line, "http-header"),), about).statements
    assert bool(settled(statements, about)) is (status in (200, None))


@pytest.mark.parametrize("scope", [LicenceScope.PART, LicenceScope.UNCLEAR])
@pytest.mark.parametrize("carrier", ["html-link", "html-script", "feed", "embedded"])
def test_what_is_about_a_part_allows_nothing(carrier: str, scope: LicenceScope) -> None:
    body = rsl(content(permits("all"), URL if carrier in ("feed", "embedded") else ""))
    about = context({DOC: rsl(content(permits("all")))})
    value = DOC.encode() if carrier == "html-link" else body
    for subject, allowed in ((PAGE, True), (Subject(scope), False)):
        statements = RSL.read((located(value, carrier, subject=subject),), about).statements
        assert bool(settled(statements, about)) is allowed


def test_of_an_earlier_hop_the_path_is_that_hops() -> None:
    hop = "https://pub.example/license.xml"
    body = rsl(content(prohibits("search"), "/news/"), content(prohibits("ai-input"), "/blog/"))
    about = context({hop: body})
    asked_of = {}
    for target in ("/news/1", "/else", ""):
        unit = located(
            hop.encode(),
            only=True,
            source="https://pub.example/robots.txt",
            details=(("target", target),) if target else (),
        )
        statements = RSL.read((unit,), about).statements
        asked_of[target] = set(settled(statements, about))
    # Where the hop's path is not known, every content may be about it.
    assert asked_of == {
        "/news/1": {Use.SEARCH},
        "/else": set(),
        "": {Use.SEARCH, Use.MODEL_INPUT},
    }


@pytest.mark.parametrize("carrier", ["robots-txt", "html-link", "html-script"])
def test_a_source_without_a_url_restricts_at_most(carrier: str) -> None:
    body = rsl(content(permits("search"), ""))
    about = context({DOC: body})
    value = body if carrier == "html-script" else DOC.encode()
    for source in ("", "file:///x", "https://["):
        lost = Context(source, b"/", ("examplebot",), documents=about.documents)
        statements = RSL.read((located(value, carrier, source=source),), lost).statements
        found = settled(statements, lost)
        assert {answer.preference for answer in found.values()} == {D}
        assert Use.SEARCH not in found


BODIES = st.sampled_from(
    [
        *(rsl(content(verb(token))) for verb in (permits, prohibits) for token in USAGE),
        rsl(content(permits("all") + '<payment type="attribution"/>')),
        rsl(content(permits("ai-all") + '<payment type="crawl"/>')),
        rsl(content(prohibits("x:y"))),
        rsl(content(permits("all") + "<unknown/>")),
        rsl(content(permits("all"), "/blog/"), content(prohibits("all"))),
        rsl(content(prohibits("all"), "/shop/")),
        rsl(),
        b"<html>",
        Availability.UNREACHABLE,
        Availability.ABSENT,
    ]
)
PLACES = st.tuples(
    BODIES,
    st.sampled_from(["robots-txt", "robots-txt", "html-link"]),
    st.sampled_from(["group", "global"]),
    st.sampled_from("ab"),
    st.booleans(),
)


def made(
    places: Sequence[tuple[bytes | Availability, str, str, str, bool]], *, looked: bool = True
) -> tuple[list[Statement], Context]:
    documents = {f"https://site.example/{n}.xml": place[0] for n, place in enumerate(places)}
    about = context(documents if looked else {})
    statements: list[Statement] = []
    for index, (url, place) in enumerate(zip(documents, places, strict=True)):
        _, carrier, level, bucket, only = place
        unit = located(url.encode(), carrier, index=index, level=level, bucket=bucket, only=only)
        statements += RSL.read((unit,), about).statements
    return statements, about


def ranks(found: dict[Use, Answer]) -> dict[Use, int]:
    return {use: strictness(found[use].preference) if use in found else 0 for use in Use}


@given(st.lists(PLACES, max_size=5))
def test_the_order_of_statements_does_not_matter(places: list[object]) -> None:
    statements, about = made(places)  # type: ignore[arg-type]  # places as drawn
    assert RSL.settle(statements, about) == RSL.settle(statements[::-1], about)


@given(st.lists(PLACES, max_size=4), PLACES)
def test_a_further_document_that_refuses_all_refuses_or_is_replaced(
    places: list[tuple[bytes | Availability, str, str, str, bool]],
    place: tuple[bytes | Availability, str, str, str, bool],
) -> None:
    _, carrier, level, bucket, only = place
    before = settled(*made(places))
    after = settled(*made([*places, (rsl(content(prohibits("all"))), *place[1:])]))
    groups = [
        one[4]
        for one in places
        if one[1] == "robots-txt" and one[2] == "group" and one[3] == bucket
    ]
    grouped = False in groups
    shadowed = carrier == "robots-txt" and level == "global" and bool(groups)
    behind = any(not one[4] and one[1] != "robots-txt" for one in places)
    if only and carrier == "robots-txt" and level == "global" and behind:
        return  # a page's own goes before a line that is taken for one of the site
    if only and (shadowed or (level == "group" and not grouped)):
        return  # it takes a place, or its place is taken
    if only or carrier == "html-link":
        assert ranks(after) == dict.fromkeys(Use, 4)
    elif level == "group" and not grouped:
        return  # it takes the place of what stood there before
    else:
        assert all(ranks(after)[use] >= ranks(before)[use] for use in Use)


@given(st.lists(PLACES, min_size=1, max_size=4))
def test_documents_that_nobody_looked_at_allow_nothing(
    places: list[tuple[bytes | Availability, str, str, str, bool]],
) -> None:
    found = settled(*made(places, looked=False))
    assert {answer.preference for answer in found.values()} == {U}
    assert set(found) == set(Use)


@given(st.lists(PLACES, max_size=4))
def test_what_only_restricts_never_relaxes(
    places: list[tuple[bytes | Availability, str, str, str, bool]],
) -> None:
    free = [place for place in places if not place[4]]
    before, after = settled(*made(free)), settled(*made(places))
    assert all(ranks(after)[use] >= ranks(before)[use] for use in Use)
    if not free:
        assert A not in {answer.preference for answer in after.values()}


def test_every_single_licence_that_answers_alike_is_written_and_reads_back() -> None:
    payments = ("", "free", "attribution", "contribution", "crawl")
    written = set()
    for verb, payment in product((permits, prohibits), payments):
        for mask in range(1, 2 ** len(USAGE)):
            tokens = " ".join(t for n, t in enumerate(USAGE) if mask >> n & 1)
            paid = f'<payment type="{payment}"/>' if payment else ""
            body = rsl(content(verb(tokens) + paid, ""))
            about = context({})
            (statement,) = RSL.read((located(body, "html-script"),), about).statements
            again = RSL.write(statement)
            assert again is not None, tokens
            (read,) = RSL.read((located(again, "html-script"),), about).statements
            assert read.answers == statement.answers
            written.add(again)
    # Eight sets of uses, permitted for one of four prices or prohibited.
    assert len(written) == 8 * 5


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param((), id="nothing"),
        pytest.param((Answer(Use.SEARCH, U),), id="what is not known"),
        pytest.param((Answer(Use.TRAIN_OTHER, D),), id="half of what a word governs"),
        pytest.param((Answer(Use.SEARCH, A),), id="a permission that leaves the rest open"),
        pytest.param(
            tuple(
                Answer(
                    use,
                    Preference.CONDITIONAL,
                    asked(License(payments=(Payment(kind),)), Content("/"), Frame("")),
                )
                for use, kind in zip(USES, ("crawl", "use", "use", "use", "use"), strict=True)
            ),
            id="two prices",
        ),
    ],
)
def test_what_one_licence_cannot_say_is_not_written(answers: tuple[Answer, ...]) -> None:
    assert RSL.write(Statement("rsl", (located(b""),), (), answers)) is None
