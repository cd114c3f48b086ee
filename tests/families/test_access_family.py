"""Access terms: what the texts name, whatever the server sends."""

import json
from base64 import b64encode
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.families.access import ACCESS
from signals_agent.family import Context
from signals_agent.model.declaration import Declaration, Located, Reach, Scope
from signals_agent.model.obligation import ObligationKind, Term
from signals_agent.model.position import FieldPosition
from signals_agent.model.statement import Preference, Settled
from signals_agent.model.use import USES

FIELDS = [listen.field for listen in ACCESS.listens]


def located(field: str, value: bytes, index: int = 1, **details: str) -> Located:
    declaration = Declaration(
        id=f"dec-{field}-{index}",
        family="access",
        carrier="http-body" if "/" in field else "http-header",
        source="https://press.example/x",
        position=FieldPosition(field, index),
        expression="",
        octets=value,
        scope=Scope(),
        capture="cap",
    )
    return Located(declaration, value, Reach(), field, details=tuple(details.items()))


def settled(*said: tuple[str, bytes], status: int | None = 402) -> Settled:
    about = Context("https://press.example/x", b"/x", ("examplebot",), status=status)
    units = [located(field, value, index) for index, (field, value) in enumerate(said)]
    readings = [ACCESS.read((unit,), about) for unit in units]
    return ACCESS.settle([one for reading in readings for one in reading.statements], about)


def term(*said: tuple[str, bytes], status: int | None = 402) -> Term:
    """The one term that every use is asked for."""
    answers = settled(*said, status=status).answers
    assert [answer.use for answer in answers] == list(USES)
    assert {answer.preference for answer in answers} == {Preference.CONDITIONAL}
    (found,) = {each for answer in answers for each in answer.terms}
    return found


def offers(*amounts: str) -> bytes:
    accepts = [{"amount": amount, "extra": {"name": "USDC"}} for amount in amounts]
    return b64encode(json.dumps({"x402Version": 2, "accepts": accepts}).encode())


STATUS = (":status", b"402")
PRICE = ("crawler-price", b"USD 0.01")
LICENCE = ("www-authenticate", b'License realm="Maps and more", error=invalid_token')


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (
            [STATUS],
            "Pay for access, or agree otherwise: the server names no price that can be read.",
        ),
        (
            [STATUS, PRICE],
            "Pay USD 0.01 per request, the price that the server names, or agree otherwise.",
        ),
        (
            [STATUS, ("crawler-price", b"cheap")],
            "Pay for access, or agree otherwise: the server names no price that can be read.",
        ),
        (
            [("payment-required", offers("5")), PRICE],
            (
                "Pay USD 0.01 or 5 smallest units of USDC per request, as the server offers, "
                "or agree otherwise."
            ),
        ),
        (
            [("payment-required", offers("1", "2", "3", "4", "5"))],
            (
                "Pay 1 smallest units of USDC or 2 smallest units of USDC or 3 smallest units of "
                "USDC or one of 2 other offers per request, as the server offers, "
                "or agree otherwise."
            ),
        ),
        (
            [LICENCE],
            (
                'Get the licence that the server asks for (realm "Maps and more", error '
                "invalid_token), and pay what it costs, or agree otherwise."
            ),
        ),
        (
            [LICENCE, PRICE, STATUS],
            (
                "Pay USD 0.01 per request, the price that the server names, and get the licence "
                'that the server asks for (realm "Maps and more", error invalid_token), '
                "or agree otherwise."
            ),
        ),
    ],
    ids=[
        "nothing but the status",
        "a price",
        "a price that is none",
        "money before coins",
        "many offers",
        "a licence",
        "both",
    ],
)
def test_the_text_names_what_the_server_names(said: list[tuple[str, bytes]], text: str) -> None:
    assert term(*said).text == text
    assert term(*said[::-1]).text == text


def test_it_is_a_payment_to_whom_the_origin_is() -> None:
    found = term(PRICE)
    assert found.kind is ObligationKind.PAYMENT
    assert found.binding
    assert found.party is None
    assert found.beneficiary is None


@pytest.mark.parametrize(
    ("status", "signal"),
    [(402, "http:402"), (401, "http:401"), (403, "http:403"), (None, "http:402")],
)
def test_the_signal_is_the_status(status: int | None, signal: str) -> None:
    assert term(PRICE, status=status).signal == signal


@pytest.mark.parametrize(
    ("params", "url"),
    [
        ('authorization_uri="https://api.example/token"', "https://api.example/token"),
        ('server="https://API.example:443"', "https://api.example/"),
        (
            'server="https://b.example", authorization_uri="https://a.example/t"',
            "https://a.example/t",
        ),
        ('server="https://u:secret@a.example/"', "https://a.example/"),
        ('server="ftp://a.example/"', None),
        ('server="javascript:alert(1)"', None),
        ('server="/token"', None),
        ('server="https://[::1"', None),
        (f'server="https://a.example/{"a" * 3000}"', None),
        ('realm="https://a.example/"', None),
    ],
)
def test_where_a_licence_is_to_be_had(params: str, url: str | None) -> None:
    assert term(("www-authenticate", f"License {params}".encode())).terms_url == url


def test_a_body_that_was_not_read_is_shown_and_says_nothing() -> None:
    about = Context("https://press.example/x", b"/x", ("examplebot",), status=402)
    unit = (located("application/json", b"", unread="it was cut"),)
    reading = ACCESS.read(unit, about)
    assert [one.answers for one in reading.statements] == [()]
    assert reading.statements[0].declarations == (unit[0].declaration,)
    assert reading.notes == ()


def test_every_term_is_because_of_all_that_state_it() -> None:
    answer = settled(STATUS, PRICE, LICENCE, ("crawler-error", b"PaymentFailed")).answers[0]
    assert set(answer.because) == {
        "dec-:status-0",
        "dec-crawler-price-1",
        "dec-www-authenticate-2",
    }


PIECES = st.sampled_from(
    [
        b"USD 0.01",
        b"License ",
        b'realm="',
        b'"',
        b",",
        b"=",
        b"e30=",
        b"x402Version",
        b"{",
        b"[",
        b"}",
        b"\xff",
        b"\x00",
        b"\x1b[31m",
        "\u202e".encode(),
        b"accepts",
        b"]",
        b":",
        b" ",
    ]
)
OCTETS = st.binary(max_size=60) | st.lists(PIECES, max_size=30).map(b"".join)


@given(st.lists(st.tuples(st.sampled_from(FIELDS), OCTETS), max_size=5))
def test_whatever_is_sent_is_a_payment_or_nothing(said: list[tuple[str, bytes]]) -> None:
    found = settled(*said)
    fields = {field for field, _ in said}
    if fields & {":status", "crawler-price", "payment-required"}:
        assert len(found.answers) == len(USES)
    for answer in found.answers:
        (each,) = answer.terms
        assert each.kind is ObligationKind.PAYMENT
        assert each.text.isprintable()
        assert len(each.text) < 1000
    assert settled(*said, status=403).answers or not found.answers


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    "piece",
    [b"{", b"[", b'"', b"\\", b"License a=", b"e30=", b"x402Version", b"9", b"USD 1 ", b'"a":'],
)
def test_nothing_is_slow(field: str, piece: bytes) -> None:
    value = piece * (256 * 1024 // len(piece))
    begun = perf_counter()
    settled((field, value))
    settled((field, value[: 60 * 1024]))
    assert perf_counter() - begun < 2
