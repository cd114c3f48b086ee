"""A corpus as a plain list has it: whatever its columns are called, and whatever is wrong in it."""

import json
from pathlib import Path

import pytest

from signals_agent.corpus.member import Member
from signals_agent.corpus.of_list import Unread, members
from signals_agent.errors import ConfigError
from signals_agent.model.licence import ContactKind
from signals_agent.model.obligation import ObligationKind


def _read(folder: Path, name: str, text: str | bytes) -> tuple[list[Member], Unread]:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    unread = Unread()
    return list(members(file, unread)), unread


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "url,license\nhttps://a.example/1,cc-by-sa-4.0\n"),
        ("a.csv", "\ufeffURL;License\r\nhttps://a.example/1;CC BY-SA 4.0\r\n"),
        (
            "a.csv",
            "rights\turi\nhttps://creativecommons.org/licenses/by-sa/4.0/deed.de\thttps://a.example/1\n",
        ),
        (
            "a.tsv",
            "Link\tLicence_URL\nhttps://a.example/1\thttp://www.creativecommons.org/licenses/by-sa/4.0\n",
        ),
        ("a.jsonl", '{"url": "https://a.example/1", "license": ["CC-BY-SA-4.0"]}\n'),
        ("a.ndjson", '\n{"image_url": "https://A.example:443/1", "licence": "CC-BY-SA-4.0"}'),
    ],
    ids=["csv", "semicolons and a mark", "tabs", "tsv", "json lines", "no line end"],
)
def test_a_list_names_its_columns_in_its_own_way(tmp_path: Path, name: str, text: str) -> None:
    """URL and licence are found by many names and in many spellings."""
    found, unread = _read(tmp_path, name, text)
    assert [(each.url, each.footing.labels) for each in found] == [
        ("https://a.example/1", ("CC-BY-SA-4.0",))
    ]
    assert unread.count == 0
    assert {each.kind for each in found[0].debts} == {
        ObligationKind.CREDIT,
        ObligationKind.SHARE_ALIKE,
    }


def test_what_a_row_says_is_credited_and_counted(tmp_path: Path) -> None:
    """Title, creators, collection, holder, contact, bytes and tokens."""
    row = {
        "url": "https://a.example/1",
        "license": "CC-BY-4.0",
        "title": "Frogs",
        "author": ["Ann", "Bo"],
        "collection": "Ponds",
        "publisher": "Pond Press",
        "contact": "mailto:rights@a.example",
        "size": "1200",
        "tokens": 300.0,
    }
    (found,), _ = _read(tmp_path, "a.jsonl", json.dumps(row))
    assert found.credit is not None
    assert (found.credit.title, found.credit.creators, found.credit.collection) == (
        "Frogs",
        ("Ann", "Bo"),
        "Ponds",
    )
    assert found.party.name == "Pond Press"
    assert not found.party.inferred
    assert [each.kind for each in found.ask] == [
        ContactKind.CONTACT,
        ContactKind.LICENSOR,
        ContactKind.CONTACT,
        ContactKind.CONTACT,
        ContactKind.ORIGIN,
    ]
    assert [each.name for each in found.ask[2:]] == ["Ann", "Bo", "a.example"]
    assert (found.bytes, found.tokens) == (1200, 300)
    assert found.origin.endswith("a.jsonl line 1")


@pytest.mark.parametrize(
    ("cell", "creators"),
    [
        pytest.param("Ann Photo", ["Ann Photo"], id="one"),
        pytest.param(
            "M\u00fcller, J\u00f6rg; O'Brien, Ann",
            ["M\u00fcller, J\u00f6rg", "O'Brien, Ann"],
            id="two",
        ),
        pytest.param(" ; Ann;;Bo ;", ["Ann", "Bo"], id="nothing between semicolons is nobody"),
        pytest.param(
            "M&uuml;ller; O&#39;Brien", ["M&uuml;ller", "O&#39;Brien"], id="character references"
        ),
        pytest.param("AT&T; Bo", ["AT&T", "Bo"], id="an ampersand in a name"),
        pytest.param(["Ann; Bo", "Cy"], ["Ann; Bo", "Cy"], id="a list is apart already"),
    ],
)
def test_several_creators_are_told_apart(tmp_path: Path, cell: object, creators: list[str]) -> None:
    row = {"url": "https://a.example/1", "creators": cell}
    (found,), _ = _read(tmp_path, "a.jsonl", json.dumps(row))
    assert found.credit is not None
    assert list(found.credit.creators) == creators
    assert [each.name for each in found.ask] == [*creators, "a.example"]
    if isinstance(cell, str):
        (found,), _ = _read(tmp_path, "a.csv", f'url,author\nhttps://a.example/1,"{cell}"\n')
        assert found.credit is not None
        assert list(found.credit.creators) == creators


def test_of_very_many_creators_a_few_are_asked(tmp_path: Path) -> None:
    row = {"url": "https://a.example/1", "creators": [f"A{n}" for n in range(3000)]}
    (found,), _ = _read(tmp_path, "a.jsonl", json.dumps(row))
    assert len(found.ask) == 6


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "url\nfrogs\n", "line 2: not an absolute URL"),
        ("a.csv", "url,bytes\nhttps://a.example/,many\n", "bytes is 'many'"),
        ("a.csv", "url,tokens\nhttps://a.example/,-1\n", "tokens is '-1'"),
        ("a.csv", 'url\nhttps://a.example/,"x"\n', "more cells than columns"),
        ("a.jsonl", "{\n", "line 1: no JSON"),
        ("a.jsonl", "[" * 100_000, "no JSON"),
        ("a.jsonl", '["https://a.example/"]\n', "a JSON object is expected"),
        ("a.jsonl", '{"url": 3}\n', "there is no URL"),
        ("a.jsonl", '{"url": "https://a.example/", "bytes": 1.5}\n', "bytes is '1.5'"),
        ("a.jsonl", '{"url": "https://a.example/", "bytes": true}\n', "bytes is 'True'"),
        ("a.jsonl", "x" * 1_000_002 + "\n", "longer than"),
    ],
)
def test_a_line_that_cannot_be_read_is_told_with_its_place(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    """It is left out, and no other line is lost by it."""
    good = (
        '\n{"url": "https://good.example/"}\n'
        if name.endswith("jsonl")
        else "\nhttps://good.example/\n"
    )
    found, unread = _read(tmp_path, name, text + good)
    assert [each.url for each in found] == ["https://good.example/"]
    assert unread.count == 1
    assert said in unread.first[0]
    assert name in unread.first[0]


def test_only_the_first_bad_lines_are_kept_and_all_are_counted(tmp_path: Path) -> None:
    """A list of a million mistakes does not fill the memory."""
    _, unread = _read(tmp_path, "a.csv", "url\n" + "nonsense\n" * 100)
    assert (unread.count, len(unread.first)) == (100, 20)


def test_octets_that_are_no_text_do_no_harm(tmp_path: Path) -> None:
    """Latin-1 in a title becomes a mark; NUL too."""
    (found,), unread = _read(tmp_path, "a.csv", b"url,title\nhttps://a.example/1,Fr\xf6sche\x00\n")
    assert unread.count == 0
    assert found.credit is not None
    assert found.credit.title == "Fr\ufffdsche\ufffd"


def test_a_list_without_urls_is_refused(tmp_path: Path) -> None:
    """The message names what the column may be called."""
    with pytest.raises(ConfigError, match=r"names no column of URLs.*url, uri"):
        _read(tmp_path, "a.csv", "address,license\nhttps://a.example/,MIT\n")


def test_a_list_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """In one sentence."""
    with pytest.raises(ConfigError, match="cannot read"):
        list(members(tmp_path / "none.csv", Unread()))


def test_a_licence_in_words_that_nobody_knows_is_kept_in_them(tmp_path: Path) -> None:
    """It counts as a licence that is not recognised, never as none."""
    (found,), _ = _read(tmp_path, "a.jsonl", '{"url":"https://a.example/","license":"ask Ann"}')
    assert found.footing.labels == ("ask Ann",)


@pytest.mark.parametrize(
    ("name", "text", "seen"),
    [
        ("a.csv", "url,lizenz\nhttps://a.example/,CC-BY-ND-4.0\n", "url, lizenz"),
        ("a.jsonl", '{"url": "https://a.example/", "terms": "CC-BY-ND-4.0"}\n', "url, terms"),
        ("a.csv", "url,license\nhttps://a.example/,\n", "url, license"),
    ],
    ids=["another language", "another name", "an empty column"],
)
def test_a_list_that_says_nothing_of_licences_is_doubted(
    tmp_path: Path, name: str, text: str, seen: str
) -> None:
    """A column that is not known by its name must not vanish in silence."""
    found, unread = _read(tmp_path, name, text)
    assert found[0].footing.labels == ()
    (doubt,) = unread.doubts
    assert "says nothing of licences" in doubt
    assert doubt.endswith(f"it has {seen}")


@pytest.mark.parametrize("said", ['{"name": "MIT"}', "3", "[1]", "true"])
def test_a_licence_that_is_no_text_leaves_its_line_out(tmp_path: Path, said: str) -> None:
    """It must not count as no licence."""
    row = f'{{"url": "https://a.example/", "license": {said}}}\n'
    found, unread = _read(tmp_path, "a.jsonl", row)
    assert found == []
    assert "its licence is no text" in unread.first[0]
