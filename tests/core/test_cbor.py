"""CBOR is read as it is written, and whatever else stands there is refused."""

import contextlib
import math
import struct
import time
from typing import Any

import manifests
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.syntax import cbor

SCALAR = (
    st.none()
    | st.booleans()
    | st.integers(-(2**64), 2**64 - 1)
    | st.floats(allow_nan=False)
    | st.binary(max_size=300)
    | st.text(max_size=300)
)
VALUE = st.recursive(
    SCALAR,
    lambda inner: (
        st.lists(inner, max_size=30) | st.dictionaries(st.text(max_size=9), inner, max_size=30)
    ),
    max_leaves=40,
)


@given(VALUE)
def test_a_value_is_read_as_it_was_written(value: Any) -> None:
    assert cbor.parse(manifests.cbor(value)) == value


@given(VALUE, st.data())
def test_no_beginning_of_a_value_is_one(value: Any, data: st.DataObject) -> None:
    octets = manifests.cbor(value)
    end = data.draw(st.integers(0, len(octets) - 1))
    with pytest.raises(cbor.NotCbor):
        cbor.parse(octets[:end])


@given(VALUE, st.binary(min_size=1, max_size=3))
def test_nothing_may_stand_behind_a_value(value: Any, more: bytes) -> None:
    with pytest.raises(cbor.NotCbor):
        cbor.parse(manifests.cbor(value) + more)


@given(st.binary(max_size=80))
def test_octets_of_any_kind_are_read_or_refused(octets: bytes) -> None:
    with contextlib.suppress(cbor.NotCbor):
        cbor.parse(octets)


# From RFC 8949, appendix A, and what it allows beside the shortest form.
WRITTEN: dict[str, tuple[str, Any]] = {
    "a number in eight octets": ("1bffffffffffffffff", 18446744073709551615),
    "the least number": ("3bffffffffffffffff", -18446744073709551616),
    "a number in more octets than it needs": ("190001", 1),
    "a float of half precision": ("f93e00", 1.5),
    "a float of single precision": ("fa47c35000", 100000.0),
    "a float of double precision": ("fb3ff199999999999a", 1.1),
    "infinity": ("f97c00", math.inf),
    "undefined": ("f7", None),
    "a date in a tag": ("c11a514b67b0", 1363896240),
    "a tag within a tag": (
        "d9d9f7c074323031332d30332d32315432303a30343a30305a",
        "2013-03-21T20:04:00Z",
    ),
    "a tag in an array": ("82d82001c102", [1, 2]),
    "octets in pieces": ("5f42010243030405ff", b"\x01\x02\x03\x04\x05"),
    "a text in pieces": ("7f657374726561646d696e67ff", "streaming"),
    "an array without a length": ("9f018202039f0405ffff", [1, [2, 3], [4, 5]]),
    "an empty array without a length": ("9fff", []),
    "a map without a length": ("bf6346756ef563416d7421ff", {"Fun": True, "Amt": -2}),
    "a map whose keys are numbers": ("a201020304", {"1": 2, "3": 4}),
    "an empty text in no piece": ("7fff", ""),
}
REFUSED: dict[str, tuple[str, str]] = {
    "nothing": ("", "it is cut"),
    "a text that is longer than it is": ("7bffffffffffffffff61", "it is cut"),
    "an array that is longer than it is": ("9bffffffffffffffff01", "it is cut"),
    "a map without its last value": ("a16161", "it is cut"),
    "an array that never ends": ("9f01", "it is cut"),
    "an end where nothing began": ("ff", "an end or a length stands where a value should"),
    "an end in place of a value": ("bf6161ff", "an end or a length stands where a value should"),
    "a number without a length": ("1f", "an end or a length stands where a value should"),
    "a tag of nothing": ("c1", "it is cut"),
    "a length that is reserved": ("1c", "a length is written in a way that is reserved"),
    "a simple value of no meaning": ("f8ff", "a simple value is not known"),
    "text that is no UTF-8": ("61ff", "a text is no UTF-8"),
    "a text whose piece is no UTF-8 by itself": ("7f61c361a9ff", "a text is no UTF-8"),
    "a text with a piece of octets": ("7f4161ff", "a string has a piece of another kind"),
    "a text in pieces within a text": ("7f7f6161ffff", "a string has a piece of another kind"),
    "a key twice": ("a2616101616102", "a key is repeated"),
    "a key twice, once as a number": ("a2613101 0102", "a key is repeated"),
    "a key that is a list": ("a18001", "a key is neither a text nor a number"),
    "a key that is true": ("a1f501", "a key is neither a text nor a number"),
    "a key of octets": ("a1416101", "a key is neither a text nor a number"),
    "two values": ("0101", "something stands behind the value"),
}


@pytest.mark.parametrize(("written", "value"), WRITTEN.values(), ids=WRITTEN)
def test_every_form_is_read(written: str, value: Any) -> None:
    assert cbor.parse(bytes.fromhex(written)) == value


@pytest.mark.parametrize(("written", "why"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_well_formed_or_not_valid_is_refused(written: str, why: str) -> None:
    with pytest.raises(cbor.NotCbor, match=why):
        cbor.parse(bytes.fromhex(written))


def test_a_float_that_is_no_number_is_read_as_that() -> None:
    assert math.isnan(cbor.parse(b"\xfa" + struct.pack(">f", math.nan)))


@pytest.mark.parametrize("open_with", [b"\x81", b"\x9f", b"\xa1\x61a", b"\xbf\x61a"])
def test_values_nest_as_deep_as_the_cap(open_with: bytes) -> None:
    closed = b"\xff" if open_with[0] in (0x9F, 0xBF) else b""
    deepest = open_with * cbor.MAX_DEPTH + b"\x01" + closed * cbor.MAX_DEPTH
    cbor.parse(deepest)
    with pytest.raises(cbor.NotCbor, match=f"deeper than {cbor.MAX_DEPTH}"):
        cbor.parse(open_with + deepest + closed)


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(b"\x81" * 200_000, id="arrays in arrays"),
        pytest.param(b"\xc1" * 200_000, id="tags on tags"),
        pytest.param(b"\x7f" + b"\x60" * 200_000, id="a text of empty pieces"),
        pytest.param(b"\x9f" + b"\x01" * 200_000, id="a long array"),
    ],
)
def test_hostile_octets_are_refused_in_one_pass(octets: bytes) -> None:
    begun = time.process_time()
    with pytest.raises(cbor.NotCbor):
        cbor.parse(octets)
    assert time.process_time() - begun < 2
