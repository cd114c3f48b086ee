"""What the preference manifest says: every obligation once, to whom, and how to pass it on."""

import json
from pathlib import Path

import pytest
import travelling

from signals_agent.cc_signals import SIGNALS
from signals_agent.corpus.cards.numbers import SHOWN
from signals_agent.corpus.facts import Facts
from signals_agent.corpus.member import Debt, Footing, Member
from signals_agent.model.attribution import Attribution
from signals_agent.model.obligation import Basis, ObligationKind, Party


def document(folder: Path) -> dict[str, object]:
    made = json.loads((folder / "preferences.json").read_text("ascii"))
    assert isinstance(made, dict)
    return made


def lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(each) for each in (folder / "sources.jsonl").read_text("ascii").splitlines()]


def without_null(value: object) -> bool:
    if isinstance(value, dict):
        return all(map(without_null, value.values()))
    return all(map(without_null, value)) if isinstance(value, list) else value is not None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with travelling.held(travelling.LIST, tmp_path) as holdings:
        return travelling.manifest(holdings, tmp_path / "corpus")


def test_it_says_what_it_is_for_and_how_to_pass_it_on(folder: Path) -> None:
    made = document(folder)
    assert made["schema"] == "signals-agent/preferences/1"
    assert (made["name"], made["version"]) == ("fen-corpus", "1.2.0")
    assert "every model" in " ".join(made["convey"])  # type: ignore[arg-type]  # a list of texts
    assert made["conditions"] == ["credit", "non-commercial"]
    assert made["counts"] == {
        "assets": 6,
        "bytes": 2500,
        "measured": 3,
        "tokens": 400,
        "counted": 2,
        "parties": 4,
    }
    assert made["activities"]["commercial-product"]["answer"] == "no"  # type: ignore[index]  # JSON
    assert made["weights"]["release"] == "do-not-release"  # type: ignore[index]  # JSON
    assert without_null(made)
    assert all(map(without_null, lines(folder)))


def test_a_size_that_nobody_knows_is_left_out(tmp_path: Path) -> None:
    with travelling.held("url\nhttps://a.example/\n", tmp_path) as holdings:
        made = document(travelling.manifest(holdings, tmp_path / "corpus", Facts()))
    assert made["counts"] == {"assets": 1, "parties": 1}
    assert made["name"] == "corpus"
    assert made["obligations"] == made["licences"] == made["terms"] == []


def test_the_sources_stand_in_the_order_of_the_octets_of_their_urls(folder: Path) -> None:
    urls = [str(each["url"]) for each in lines(folder)]
    assert urls == sorted(urls, key=str.encode)
    assert len(urls) == 6
    assert all(
        each.startswith('{"url":"')
        for each in (folder / "sources.jsonl").read_text("ascii").splitlines()
    )


def test_what_many_parties_ask_in_the_same_words_stands_once(tmp_path: Path) -> None:
    (term,) = SIGNALS["cc-cr"].terms
    members = [
        Member(
            f"https://p{number}.example/{page}",
            party := Party(f"p{number}.example", f"https://p{number}.example"),
            Footing(),
            "a test",
            (Debt(term.kind, True, Basis.PREFERENCE, term.signal, party, term.text),),
        )
        for number in range(SHOWN + 5)
        for page in range(1 + (number == 3))
    ]
    with travelling.of_members(members) as holdings:
        folder = travelling.manifest(holdings, tmp_path / "corpus")
    (asked,) = document(folder)["obligations"]  # type: ignore[misc]  # a list of one
    assert (asked["kind"], asked["assets"], asked["parties"]) == ("credit", 26, SHOWN + 5)
    assert asked["to"][0] == {
        "name": "p3.example",
        "url": "https://p3.example",
        "inferred": True,
        "assets": 2,
    }
    assert len(asked["to"]) == SHOWN
    assert all(each["owed"] == [0] for each in lines(folder))


def test_what_is_owed_to_somebody_else_is_said_on_the_line(tmp_path: Path) -> None:
    other = Party("Collective", "https://collective.example", inferred=False)
    own = Party("a.example", "https://a.example")
    pay = Debt(
        ObligationKind.PAYMENT,
        True,
        Basis.CONTRACT,
        "rsl:crawl",
        other,
        "Pay.",
        "1.0",
        "https://a.example/licence.xml",
        Party("Ada Fen"),
    )
    member = Member("https://a.example/", own, Footing(), "a test", (pay,))
    with travelling.of_members([member]) as holdings:
        folder = travelling.manifest(holdings, tmp_path / "corpus")
    (asked,) = document(folder)["obligations"]  # type: ignore[misc]  # a list of one
    assert asked == {
        "kind": "payment",
        "binding": True,
        "basis": "contract",
        "signal": "rsl:crawl",
        "signal_version": "1.0",
        "text": "Pay.",
        "terms_url": "https://a.example/licence.xml",
        "beneficiary": {"name": "Ada Fen", "inferred": True},
        "assets": 1,
        "parties": 1,
        "to": [
            {
                "name": "Collective",
                "url": "https://collective.example",
                "inferred": False,
                "assets": 1,
            }
        ],
    }
    (line,) = lines(folder)
    to = {"name": "Collective", "url": "https://collective.example", "inferred": False}
    assert line["owed"] == [{"obligation": 0, "to": to}]


def test_where_the_readers_files_lie_is_nobody_elses_business(folder: Path) -> None:
    for name in ("preferences.json", "sources.jsonl"):
        text = (folder / name).read_text("ascii")
        assert 'origin":"/' not in text
        assert str(folder.parent) not in text


def test_nothing_that_a_terminal_obeys_and_no_second_line_comes_out_of_a_title(
    tmp_path: Path,
) -> None:
    hostile = '\x1b]0;owned\x07\n\u2028\x7f\u202e"},{"url":"https://evil.example/"}'
    member = Member(
        "https://a.example/",
        Party(hostile),
        Footing(),
        "a test",
        credit=Attribution("https://a.example/", "t", title=hostile),
    )
    facts = Facts(name=hostile, description=hostile)
    with travelling.of_members([member], hostile) as holdings:
        folder = travelling.manifest(holdings, tmp_path / "corpus", facts)
    for name in ("preferences.json", "sources.jsonl"):
        text = (folder / name).read_text("ascii")
        assert all(c == "\n" or " " <= c <= "~" for c in text)
    (line,) = lines(folder)
    assert line["credit"]["title"] == hostile  # type: ignore[index]  # JSON
    assert document(folder)["name"] == hostile.strip()


def test_the_same_corpus_makes_the_same_files(tmp_path: Path) -> None:
    rows = travelling.LIST.splitlines(keepends=True)
    made = []
    for name, text in (("one", travelling.LIST), ("two", "".join([rows[0], *reversed(rows[1:])]))):
        with travelling.held(text, tmp_path) as holdings:
            folder = travelling.manifest(holdings, tmp_path / name)
        made.append((folder / "sources.jsonl").read_bytes())
    assert made[0] == made[1]
