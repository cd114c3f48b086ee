"""Content codings come off however the octets are cut, and never beyond the bounds."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.fetch.coding import Body, TooDense, Undecodable
from signals_agent.fetch.head import HeadEnd

CODINGS = {
    b"gzip": gzip.compress,
    b"deflate": zlib.compress,
    b"identity": lambda octets: octets,
}


def raw_deflate(octets: bytes) -> bytes:
    maker = zlib.compressobj(wbits=-15)
    return maker.compress(octets) + maker.flush()


def pieces(octets: bytes, cuts: list[int]) -> list[bytes]:
    edges = sorted({0, len(octets), *(cut % (len(octets) + 1) for cut in cuts)})
    return [octets[a:b] for a, b in zip(edges, edges[1:], strict=False)]  # noqa: RUF007  # pairs of edges, not of octets


@given(st.binary(max_size=2000), st.sampled_from(sorted(CODINGS)), st.lists(st.integers(0, 3000)))
def test_whatever_the_pieces_the_body_is_the_same(
    octets: bytes, coding: bytes, cuts: list[int]
) -> None:
    body = Body((coding,), 10_000, 100)
    assert all(body.feed(piece) for piece in pieces(CODINGS[coding](octets), cuts))
    assert body.octets == octets
    assert not body.ended_early()


@given(st.binary(min_size=1, max_size=500), st.binary(max_size=500), st.lists(st.integers(0, 1500)))
def test_several_gzip_members_are_one_body(first: bytes, second: bytes, cuts: list[int]) -> None:
    body = Body((b"gzip",), 10_000, None)
    for piece in pieces(gzip.compress(first) + gzip.compress(second), cuts):
        body.feed(piece)
    assert body.octets == first + second


@given(st.binary(min_size=1, max_size=500), st.lists(st.integers(0, 700)))
def test_deflate_without_its_wrapper_is_read_too(octets: bytes, cuts: list[int]) -> None:
    body = Body((b"deflate",), 10_000, None)
    for piece in pieces(raw_deflate(octets), cuts):
        body.feed(piece)
    assert body.octets == octets


@given(
    st.lists(st.binary(max_size=300)),
    st.lists(st.sampled_from([b"gzip", b"deflate", b"br", b"", b"GZIP , identity"]), max_size=4),
    st.integers(0, 500),
)
def test_random_octets_end_in_a_body_within_the_cap_or_in_a_named_failure(
    chunks: list[bytes], codings: list[bytes], cap: int
) -> None:
    try:
        body = Body(tuple(codings), cap, 100)
        for chunk in chunks:
            if not body.feed(chunk):
                break
    except (Undecodable, TooDense):
        return
    assert len(body.octets) <= cap


@pytest.mark.parametrize("cap", [0, 1, 99, 100, 101])
def test_the_cap_is_kept_to_the_octet(cap: int) -> None:
    for coding, make in CODINGS.items():
        body = Body((coding,), cap, None)
        whole = body.feed(make(b"a" * 100))
        assert body.octets == b"a" * min(cap, 100)
        assert whole is (cap >= 100)


@pytest.mark.parametrize("together", [1, 4, 200], ids=lambda n: f"{n} members at once")
def test_a_bomb_is_one_however_much_of_it_comes_at_once(together: int) -> None:
    """What is left over when the cap is hit was not what the body was made of."""
    member = gzip.compress(bytes(1_000_000))
    body = Body((b"gzip",), 5_000_000, 100)
    with pytest.raises(TooDense):
        all(body.feed(member * together) for _ in range(200 // together))
    assert len(body.octets) <= 5_000_000


# The end of the head


def end_of(page: bytes, step: int = 1) -> int:
    """How many octets were read before the head was seen to end; -1 if it never was."""
    seeker = HeadEnd()
    grown = bytearray()
    for start in range(0, len(page), step):
        grown += page[start : start + step]
        if seeker.reached(grown):
            return len(grown)
    return -1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(b"<head><meta a=b>", b"</head>", id="the end tag"),
        pytest.param(b"<meta a=b>", b"<BODY class=x>", id="a body without an end tag"),
        pytest.param(b"<!-- </head> <body> -->", b"</head>", id="a comment before"),
        pytest.param(b"<script>a='</head>'</script>", b"</head >", id="a script before"),
        pytest.param(b"<style>/*<body>*/</style>", b"</head>", id="a style sheet before"),
        pytest.param(b"<title></head></title>", b"</head>", id="a title before"),
        pytest.param(b"<meta content='</head>'>", b"</head>", id="an attribute before"),
        pytest.param(b'<meta content="<body>">', b"<body>", id="a body in an attribute"),
        pytest.param(b"<header></header><headline>", b"</head>", id="names that begin alike"),
    ],
)
@pytest.mark.parametrize("step", [1, 7, 1000])
def test_the_end_of_the_head_is_found_once_it_is_there(
    before: bytes, after: bytes, step: int
) -> None:
    assert (
        len(before)
        < end_of(before + after + b"<p>" * 50, step)
        <= len(before + after) + max(step, 60)
    )
    assert end_of(before, step) == -1


@given(st.binary(max_size=300), st.integers(1, 50))
def test_random_octets_never_raise(page: bytes, step: int) -> None:
    assert -1 <= end_of(page, step) <= len(page)
