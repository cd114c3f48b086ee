"""Where an answer that states terms of access states them in its body (rules R12, R27)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.family import Listen
from signals_agent.locate import answer_body
from signals_agent.locate.found import UNREAD, Findings
from signals_agent.model.capture import Capture
from signals_agent.model.position import PointerPosition

URL = "https://user:pass@site.example/a#b"
LISTENS = (("access", Listen("http-body", "application/json", at="terms")),)
BODY = b'{"x402Version": 1, "accepts": []}'


def look(
    kind: bytes = b"application/json",
    body: bytes | None = BODY,
    status: int | None = 402,
    *,
    truncated: bool = False,
    listens: tuple[tuple[str, Listen], ...] = LISTENS,
) -> Findings:
    capture = Capture(URL, status, [(b"Content-Type", kind)], body, truncated=truncated)
    return answer_body.locate(capture, "cap-1", listens)


@pytest.mark.parametrize("status", [401, 402, 403, 451])
def test_an_answer_that_states_terms_is_given_whole(status: int) -> None:
    findings = look(status=status)
    ((one,),) = findings.units
    assert findings.notes == ()
    assert one.value == one.declaration.octets == BODY
    assert one.declaration.position == PointerPosition("")
    assert one.declaration.carrier == "http-body"
    assert one.declaration.source == "https://site.example/a"
    assert one.field == "application/json"
    assert not one.reach.literal
    assert not one.detail(UNREAD)


@pytest.mark.parametrize("status", [None, 200, 204, 206, 302, 400, 404, 410, 429, 500, 503])
def test_any_other_answer_states_none(status: int | None) -> None:
    assert look(status=status) == Findings()


@pytest.mark.parametrize(
    ("kind", "heard"),
    [
        (b"application/json; charset=utf-8", True),
        (b" Application/JSON ", True),
        (b"application/problem+json", True),
        (b"application/vnd.x402+json;v=1", True),
        (b"text/html", False),
        (b"text/json", False),
        (b"application/jsonp", False),
        (b"application/json5", False),
        (b"application/ld+jsonp", False),
        (b"", False),
        (b"\xff\xfe", False),
    ],
    ids=[
        "with parameters",
        "in capitals",
        "a problem",
        "a vendor's",
        "a page",
        "another main type",
        "a script",
        "another format",
        "a suffix that goes on",
        "no type",
        "no text",
    ],
)
def test_the_media_type_decides_who_hears_it(kind: bytes, heard: bool) -> None:
    assert bool(look(kind).units) is heard


def test_without_a_content_type_nobody_hears_it() -> None:
    assert answer_body.locate(Capture(URL, 402, (), BODY), "cap-1", LISTENS) == Findings()


@pytest.mark.parametrize("body", [None, b"", b" \r\n\t", b"\xef\xbb\xbf\n"])
def test_an_empty_body_states_nothing(body: bytes | None) -> None:
    assert look(body=body) == Findings()


def test_who_listens_to_assets_does_not_hear_it() -> None:
    each = (
        ("a", Listen("http-body", "application/json")),
        ("b", Listen("http-body", "application/json", at="both")),
        ("c", Listen("http-body", "text/plain", at="terms")),
    )
    assert [unit[0].declaration.family for unit in look(listens=each).units] == ["b"]


def test_as_long_as_the_cap_is_read_and_one_octet_more_is_not() -> None:
    just = b"[" + b" " * (answer_body.MAX_OCTETS - 2) + b"]"
    assert look(body=just).units[0][0].value == just
    over = look(body=just + b"\n")
    ((one,),) = over.units
    assert one.value == one.declaration.octets == b""
    assert one.detail(UNREAD)
    (note,) = over.notes
    assert note.code == "http-body-over-cap"
    assert note.because == (one.declaration.id,)
    assert look(b"text/html", just + b"\n") == Findings()


def test_a_body_that_was_cut_is_not_read() -> None:
    findings = look(truncated=True)
    ((one,),) = findings.units
    assert (one.value, one.detail(UNREAD)) == (b"", "it was cut")
    assert [note.code for note in findings.notes] == ["http-body-over-cap"]


@given(st.binary(max_size=80), st.binary(max_size=80), st.integers(100, 599))
def test_no_octets_raise(kind: bytes, body: bytes, status: int) -> None:
    look(kind, body, status)
    for unit in look(body=body, status=402).units:
        assert unit[0].value == body
