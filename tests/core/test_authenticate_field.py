"""``WWW-Authenticate`` as challenges (RFC 9110 11.2 to 11.6.1)."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.syntax.authenticate_field import Challenge, read

WRITTEN = {
    "the RFC's own example": (
        r'Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\""',
        [
            ("basic", [("realm", "simple")], ""),
            ("newauth", [("realm", "apps"), ("type", "1"), ("title", 'Login to "apps"')], ""),
        ],
    ),
    "a scheme alone": ("License", [("license", [], "")]),
    "schemes alone": (
        "Negotiate, NTLM ,License",
        [(name, [], "") for name in ("negotiate", "ntlm", "license")],
    ),
    "a token": (
        "Negotiate a87421000492aa874209af8bc028==",
        [("negotiate", [], "a87421000492aa874209af8bc028==")],
    ),
    "a token, then a scheme": (
        "Bearer License, Basic a=b",
        [("bearer", [], "License"), ("basic", [("a", "b")], "")],
    ),
    "blanks round the sign of equality": (
        "License error = \t x",
        [("license", [("error", "x")], "")],
    ),
    "empty members": (" , ,License,, a=b,", [("license", [("a", "b")], "")]),
    "commas and schemes in a string": (
        'Basic realm="a, License b"',
        [("basic", [("realm", "a, License b")], "")],
    ),
    "names and schemes in any case": ("LICENSE ERROR=X", [("license", [("error", "X")], "")]),
    "UTF-8": ('License realm="Bücher"', [("license", [("realm", "Bücher")], "")]),
    "the same name twice": ("License a=1, a=2", [("license", [("a", "1"), ("a", "2")], "")]),
    "nothing": ("", []),
}


@pytest.mark.parametrize(("value", "expected"), WRITTEN.values(), ids=WRITTEN)
def test_what_is_written_well(value: str, expected: list) -> None:
    found = read(value.encode())
    assert [(one.scheme, list(one.params), one.token) for one in found] == expected
    assert all(one.sound for one in found)


BROKEN = {
    "a string that is never closed": ('License realm="a, Basic b', [("license", "a, Basic b")]),
    "an escape at the end": ('License realm="a\\', [("license", "a")]),
    "no value": ('License realm="", x=', [("license", "")]),
    "octets that no token has": ("License realm=a(b), Basic", [("license", "a(b)"), ("basic", "")]),
    "junk between": ('License realm=a, (;) "x, y", Basic', [("license", "a"), ("basic", "")]),
}


@pytest.mark.parametrize(("value", "expected"), BROKEN.values(), ids=BROKEN)
def test_what_is_broken_loses_no_scheme(value: str, expected: list) -> None:
    found = read(value.encode())
    assert [(one.scheme, one.param("realm")) for one in found] == expected
    assert not found[0].sound


def test_a_parameter_of_no_challenge_is_nobodys() -> None:
    assert read(b'realm="x", error=y') == ()
    assert read(b"a=b, License") == (Challenge("license", (), "", sound=True),)


@given(st.binary(max_size=80) | st.text('License,= "\\a;\t(', max_size=80).map(str.encode))
def test_it_never_raises_and_finds_only_what_is_there(value: bytes) -> None:
    for one in read(value):
        assert one.scheme
        assert one.scheme.encode() in value.lower()


@pytest.mark.parametrize("piece", ["a=", 'a="', "\\", '"', ",", "License ", "= ", "a", "(", '"\\"'])
def test_it_is_linear(piece: str) -> None:
    begun = perf_counter()
    read((piece * 60_000).encode())
    assert perf_counter() - begun < 2
