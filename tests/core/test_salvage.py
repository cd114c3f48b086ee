"""The second look: pieces between separators, and the words that mean no."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.salvage import means_no, means_yes, parts, split


@pytest.mark.parametrize(
    ("octets", "pieces"),
    [
        (b"", [b""]),
        (b"a,b", [b"a", b"b"]),
        (b'a="x,y",b', [b'a="x,y"', b"b"]),
        (b'a="x\\",y",b', [b'a="x\\",y"', b"b"]),
        (b'a=%"x\\",b', [b'a=%"x\\"', b"b"]),
        (b'a="x,b', [b'a="x', b"b"]),
        (b'a="x",b="y,c', [b'a="x"', b'b="y', b"c"]),
        (b'"a","b,c","d', [b'"a"', b'"b,c"', b'"d']),
        (b",,", [b"", b"", b""]),
    ],
    ids=[
        "nothing is one empty piece",
        "a comma parts",
        "not within quotes",
        "nor behind an escaped quote",
        "a backslash escapes nothing in a Display String",
        "an unclosed quote is an ordinary octet",
        "also behind a closed one",
        "several strings",
        "empty pieces are kept",
    ],
)
def test_split(octets: bytes, pieces: list[bytes]) -> None:
    assert [piece for _, piece in split(octets, b",")] == pieces


@given(st.lists(st.sampled_from([b'"', b"\\", b",", b"%", b"a"]), max_size=30).map(b"".join))
def test_the_pieces_are_the_whole_again(octets: bytes) -> None:
    pieces = split(octets, b",")
    assert b",".join(piece for _, piece in pieces) == octets
    assert all(octets[at : at + len(piece)] == piece for at, piece in pieces)


def test_many_quotes_are_read_once() -> None:
    assert len(split(b'"\\' * 200_000 + b",a", b",")) == 2
    assert len(split(b'"a",' * 100_000 + b'"', b",")) == 100_001


@given(st.binary(max_size=40))
def test_parts_never_raise_and_stand_where_they_say(octets: bytes) -> None:
    for part in parts(octets):
        assert 0 <= part.offset < len(octets)
        assert part.key == part.key.lower()


def test_a_part_is_unquoted_lowered_and_stripped_of_blanks() -> None:
    (part,) = parts(b' "Train-AI"\xc2\xa0= "N" ; Exceptions\xa0=\tCC-CR ;')
    assert (part.key, part.value, part.offset, part.plain) == ("train-ai", "n", 1, True)
    assert [(one.name, one.value) for one in part.parameters] == [("exceptions", "cc-cr")]


@pytest.mark.parametrize("word", ["n", "no", "0", "?0", "false", "deny", "disallow", "disallowed"])
def test_the_words_that_mean_no(word: str) -> None:
    assert means_no(word)
    assert means_no(f"'{word}'")


@pytest.mark.parametrize("word", [None, "", "y", "none", "1", "no way", "not"])
def test_no_other_word_means_no(word: str | None) -> None:
    assert not means_no(word)


@pytest.mark.parametrize("word", ["y", "yes", "1", "?1", "true", "allow", "allowed", "'y'"])
def test_no_word_means_both_yes_and_no(word: str) -> None:
    assert means_yes(word)
    assert not means_no(word)


@pytest.mark.parametrize("word", [None, "", "n", "maybe", "y train-ai=n"])
def test_what_is_not_plainly_a_yes(word: str | None) -> None:
    assert not means_yes(word)


NAMES = {"train-ai", "ai", "search"}


@pytest.mark.parametrize(
    ("octets", "understood", "naming"),
    [
        (b"Search = Y", True, ["search"]),
        (b"search=n", True, ["search"]),
        (b"search", False, ["search"]),
        (b"search=maybe", False, ["search"]),
        (b"search=y train-ai=n", False, ["search", "train-ai"]),
        (b'search="y ai"', False, ["search", "ai"]),
        (b'x="no ai"', True, ["ai"]),
        (b"x=ai", True, ["ai"]),
        (b"x=1 ai=n", False, ["ai"]),
        (b"x=1\xa0ai", False, ["ai"]),
        (b"x==ai", False, ["ai"]),
        (b"ai: n", False, ["ai"]),
        (b"train-ai x_search researching", False, ["train-ai"]),
        (b"train\xe2\x80\x93ai=n", False, ["ai"]),
        (b"", False, []),
    ],
)
def test_what_is_understood_and_what_is_named(
    octets: bytes, understood: bool, naming: list[str]
) -> None:
    (part,) = parts(octets or b"=")
    assert part.pairs[0].understood(NAMES) is understood
    assert part.pairs[0].naming(NAMES) == naming
