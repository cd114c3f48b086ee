"""Where declarations stand in a header section (rule R12)."""

from signals_agent.family import Listen
from signals_agent.locate import http_headers
from signals_agent.model.capture import Capture
from signals_agent.model.position import FieldPosition

LISTENS = (
    ("aipref", Listen("http-header", "content-usage", joined=True)),
    ("robots-meta", Listen("http-header", "x-robots-tag")),
)


def capture(*lines: tuple[bytes, bytes]) -> Capture:
    return Capture("https://user:pass@site.example/a#b", 200, lines)


def test_lines_of_a_joined_field_are_one_unit_in_the_order_received() -> None:
    headers = capture(
        (b"Content-Usage", b" train-ai=n\t"),
        (b"Date", b"x"),
        (b"CONTENT-USAGE", b"search=y"),
    )
    (unit,) = http_headers.locate(headers, "cap-1", LISTENS)
    assert [located.value for located in unit] == [b"train-ai=n", b"search=y"]
    assert [located.declaration.octets for located in unit] == [b" train-ai=n\t", b"search=y"]
    assert [located.declaration.position for located in unit] == [
        FieldPosition("content-usage", 1),
        FieldPosition("content-usage", 2),
    ]
    assert all(located.reach.literal and not located.reach.restrict_only for located in unit)
    assert {located.declaration.source for located in unit} == {"https://site.example/a"}
    assert unit[0].declaration.id != unit[1].declaration.id


def test_lines_of_any_other_field_are_a_unit_each() -> None:
    headers = capture((b"x-robots-tag", b"noai"), (b"X-Robots-Tag", b"noai"))
    units = http_headers.locate(headers, "cap-1", LISTENS)
    assert [[located.reach.index for located in unit] for unit in units] == [[1], [2]]
    assert units[0][0].declaration.id != units[1][0].declaration.id


def test_octets_that_are_not_utf8_are_shown_as_latin1() -> None:
    ((located,),) = http_headers.locate(capture((b"Content-Usage", b"\xe9")), "cap-1", LISTENS)
    assert located.value == b"\xe9"
    assert located.declaration.expression == "\u00e9"


def test_other_fields_and_no_fields_declare_nothing() -> None:
    headers = capture((b"Content-Usages", b"train-ai=n"), (b"X-Content-Usage", b"train-ai=n"))
    assert http_headers.locate(headers, "cap-1", LISTENS) == []
    assert http_headers.locate(capture(), "cap-1", LISTENS) == []


def test_an_empty_field_is_a_declaration() -> None:
    ((located,),) = http_headers.locate(capture((b"Content-Usage", b"")), "cap-1", LISTENS)
    assert located.value == b""


def test_with_needles_only_the_lines_that_hold_one_are_read_and_keep_their_numbers() -> None:
    headers = capture(
        (b"Link", b"</style.css>; rel=preload"),
        (b"Link", b"<https://l.example/>; REL=License"),
        (b"link", b"<https://t.example/>; rel=tdm-policy"),
    )
    each = (("licence", Listen("http-header", "link", needles=(b"license", b"copyright"))),)
    ((located,),) = http_headers.locate(headers, "cap-1", each)
    assert located.value == b"<https://l.example/>; REL=License"
    assert located.declaration.position == FieldPosition("link", 2)
    together = (("x", Listen("http-header", "link", joined=True, needles=(b"rel=",))),)
    assert [len(unit) for unit in http_headers.locate(headers, "cap-1", together)] == [3]
    nothing = (("x", Listen("http-header", "link", joined=True, needles=(b"absent",))),)
    assert http_headers.locate(headers, "cap-1", nothing) == []


EVERYWHERE = (
    ("a", Listen("http-header", "link")),
    ("b", Listen("http-header", "link", at="terms")),
    ("c", Listen("http-header", "link", at="both")),
)


def test_who_listens_to_terms_hears_them_and_not_the_asset() -> None:
    headers = capture((b"Link", b'<https://site.example/l.xml>; rel="license"'))
    asset = http_headers.locate(headers, "cap-1", EVERYWHERE)
    terms = http_headers.locate(headers, "cap-1", EVERYWHERE, terms=True)
    assert [unit[0].declaration.family for unit in asset] == ["a", "c"]
    assert [unit[0].declaration.family for unit in terms] == ["b", "c"]


def test_terms_are_never_to_the_letter_of_a_statement_about_use() -> None:
    headers = capture((b"Link", b"x"))
    for terms in (False, True):
        units = http_headers.locate(headers, "cap-1", EVERYWHERE, terms=terms)
        assert {unit[0].reach.literal for unit in units} == {not terms}
