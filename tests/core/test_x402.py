"""x402 offers, as a header and as a body."""

import json
from base64 import b64encode, urlsafe_b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent import x402

OFFER = {"scheme": "exact", "network": "eip155:8453", "amount": "10000", "asset": "0xA0b8"}


def header(*offers: Any, **more: Any) -> bytes:
    return b64encode(json.dumps({"x402Version": 2, "accepts": list(offers)} | more).encode())


@pytest.mark.parametrize(
    ("offer", "price"),
    [
        (OFFER, "10000 smallest units of 0xA0b8 on eip155:8453"),
        (OFFER | {"extra": {"name": "USDC"}}, "10000 smallest units of USDC on eip155:8453"),
        (OFFER | {"extra": {"name": ""}}, "10000 smallest units of 0xA0b8 on eip155:8453"),
        (OFFER | {"extra": "x", "network": 1}, "10000 smallest units of 0xA0b8"),
        (OFFER | {"scheme": "upto"}, "up to 10000 smallest units of 0xA0b8 on eip155:8453"),
        ({"amount": 7}, "7 smallest units"),
        ({"maxAmountRequired": "7"}, "7 smallest units"),
        ({"amount": "1", "asset": "free of charge"}, '1 smallest units of "free of charge"'),
        ({"amount": "1", "asset": "\u202e"}, '1 smallest units of "\\u{202e}"'),
    ],
)
def test_what_an_offer_asks_for(offer: dict[str, Any], price: str) -> None:
    assert x402.encoded(header(offer)).prices == (price,)


@pytest.mark.parametrize(
    "amount", [None, True, 1.5, -1, "", "-1", "1e3", "٣", "0x10", "9" * 79, [1], {"a": 1}]
)
def test_what_is_no_amount(amount: Any) -> None:
    assert x402.encoded(header({"amount": amount})).unreadable
    assert len(x402.encoded(header({"amount": amount}, OFFER)).prices) == 1


def test_alternatives_are_each_there_once_and_no_more_than_are_read() -> None:
    many = [{"amount": str(number % 40)} for number in range(80)]
    found = x402.encoded(header(*many))
    assert len(found.prices) == x402.MAX_OFFERS
    assert found.cut
    assert not x402.encoded(header(OFFER, OFFER)).cut
    assert len(x402.encoded(header(OFFER, OFFER)).prices) == 1


def test_either_alphabet_with_padding_or_without() -> None:
    body = json.dumps({"accepts": [OFFER], "error": "??>>~~~"}).encode()
    for encode in (b64encode, urlsafe_b64encode):
        for value in (encode(body), encode(body).rstrip(b"="), b" " + encode(body) + b"\t"):
            assert len(x402.encoded(value).prices) == 1


def test_a_body_about_something_else_is_none_of_ours() -> None:
    assert x402.document(b'{"error": "payment required"}') is None
    assert x402.document(b'{"about": "x402Version"}') is None
    assert x402.document(b'["x402Version"]') is None
    assert x402.document(b"<p>x402Version") == x402.Offers(unreadable="no JSON that can be read")
    told = json.dumps({"x402Version": 1, "accepts": [{"maxAmountRequired": "5"}]})
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"):
        found = x402.document(told.encode(encoding))
        assert found is not None
        assert found.prices == ("5 smallest units",)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["accepts", "amount", "maxAmountRequired", "extra", "name", "x402Version"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_no_document_raises(told: Any) -> None:
    body = json.dumps(told).encode()
    found = x402.encoded(b64encode(body))
    assert bool(found.prices) is not bool(found.unreadable)
    x402.document(body)


@given(st.binary(max_size=60))
def test_no_octets_raise(value: bytes) -> None:
    assert x402.encoded(value).prices == ()
    x402.document(value + b"x402Version")
