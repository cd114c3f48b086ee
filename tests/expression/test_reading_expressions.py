"""Where in a content usage expression a finding stands, and how its members are taken apart."""

from typing import Any

import http_sf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.errors import UnknownVocabulary
from signals_agent.expression import read
from signals_agent.expression.members import members
from signals_agent.model.use import Use

ITEM = st.sampled_from(
    [
        r"",
        r"=n",
        r"=y;a;b=1",
        r'="a, b;c=d"',
        r'="q\"u, o\\"',
        r'=%"\"',
        r'=%"a%22,b"',
        r"=(a b;x=1);y",
        r"=?0",
        r"=:YSxiOw==:",
        r"=@1659578233",
        r"=1.5;exceptions=cc-cr",
        r'=n;exceptions="cc-cr, x"',
    ]
)
KEY = st.sampled_from(["train-ai", "ai-use", "search", "*", "a1", "cc-cr"])
COMMA = st.sampled_from([",", ", ", " ,\t", " , "])


@st.composite
def dictionaries(draw: st.DrawFn) -> bytes:
    text = ""
    for index in range(draw(st.integers(1, 5))):
        text += (draw(COMMA) if index else "") + draw(KEY) + draw(ITEM)
    return text.encode()


@given(dictionaries())
def test_the_members_taken_apart_are_the_members_of_the_whole(octets: bytes) -> None:
    whole: Any = http_sf.parse(octets, tltype="dictionary")
    found = members((octets,), [])
    last = {member.key: member for member in found if member.key}
    linked = {key for key in whole if key not in last}
    assert linked <= {"cc-cr"}
    for key, member in last.items():
        if key != "cc-cr":
            assert member.value == whole[key][0]
            assert type(member.value) is type(whole[key][0])
            assert member.parameters == tuple(whole[key][1])
        assert octets[member.place[1] :].startswith(key.encode())


@given(st.lists(dictionaries(), min_size=1, max_size=3))
def test_a_member_is_placed_in_its_own_line(lines: list[bytes]) -> None:
    for member in members(tuple(lines), []):
        line, offset = member.place
        if member.key:
            assert lines[line][offset:].startswith(member.key.encode())


@pytest.mark.parametrize(
    ("lines", "code", "place"),
    [
        ((b"train-ai = n",), "aipref-parse-error", (0, 9)),
        ((b"train-ai=n, search=N",), "aipref-not-y-or-n", (0, 12)),
        ((b"search=y", b"train-ai=n", b"foo==bar"), "aipref-parse-error", (2, 4)),
        ((b"search=y", b"ai-use=y, ai-use=n"), "aipref-repeated-key", (1, 10)),
        ((b"search=y,\tai-use=n;exceptions=CC-CR",), "aipref-exceptions-case", (0, 10)),
        ((b"search=y", b"x=1,  SEARCH=n"), "aipref-parse-error", (1, 6)),
        ((b"y=1, FOO, SEARCH=n",), "aipref-salvaged", (0, 10)),
    ],
    ids=[
        "a parse error where the parser stopped",
        "a value of another kind at its key",
        "a parse error in the third field line",
        "a repetition at the last of them",
        "a lenience behind a comma and a tab",
        "a parse error behind two spaces",
        "what was salvaged at its part",
    ],
)
def test_a_finding_says_where(lines: tuple[bytes, ...], code: str, place: tuple[int, int]) -> None:
    findings = {finding.code: finding for finding in read(lines, "cumulative").findings}
    assert findings[code].place == place


def test_an_unknown_vocabulary_is_the_callers_mistake() -> None:
    with pytest.raises(UnknownVocabulary):
        read((b"train-ai=n",), "09")


@pytest.mark.parametrize("vocabulary", ["cumulative", *(f"0{n}" for n in range(1, 9))])
def test_a_parse_error_leaves_in_the_dark_only_what_the_vocabulary_speaks_of(
    vocabulary: str,
) -> None:
    dark = read((b"!",), vocabulary).unreadable
    silent = {use for use in Use if use not in dark}
    expected = {
        "05": {Use.MODEL_INPUT, Use.OTHER_ANALYSIS},
        "06": {Use.MODEL_INPUT, Use.OTHER_ANALYSIS},
        "07": {Use.MODEL_INPUT, Use.OTHER_ANALYSIS},
        "08": {Use.OTHER_ANALYSIS},
    }
    assert silent == expected.get(vocabulary, set())
