"""A corpus that is read back from its manifest is the corpus that it was written from."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
import travelling
from hypothesis import given
from hypothesis import strategies as st

import signals_agent as sa
from signals_agent.cc_signals import SIGNALS
from signals_agent.corpus import folder, of_ledger, of_manifest, written
from signals_agent.corpus.cards import preferences
from signals_agent.corpus.composition import compose, weights
from signals_agent.corpus.holdings import Holdings
from signals_agent.corpus.member import Debt, Declared, Footing, Member, Stated
from signals_agent.corpus.of_list import Unread
from signals_agent.errors import ConfigError
from signals_agent.licences import claims, declared
from signals_agent.model.attribution import Attribution, LicenceName
from signals_agent.model.licence import Activity, Contact, ContactKind, Licence
from signals_agent.model.obligation import Basis, ObligationKind, Party
from signals_agent.model.statement import Preference
from signals_agent.model.use import Use
from signals_agent.preference_manifest import Manifest

PARTIES = (
    Party("Tern Museum", "https://tern.example", inferred=False),
    Party("wren.example", "https://wren.example"),
    Party("\u00c9cole </script> |", None),
)
LICENCES = tuple(
    declared.make(claims.read(text))
    for text in ("CC-BY-4.0", "CC-BY-NC-ND-4.0", "https://a.example/terms", "MIT OR Apache-2.0")
)
DEBTS = (
    *(
        Debt(
            each.kind,
            each.binding,
            each.basis,
            each.signal,
            party,
            each.text,
            each.signal_version,
            each.terms_url,
        )
        for party in PARTIES
        for signal in SIGNALS.values()
        for each in signal.terms
    ),
    Debt(
        ObligationKind.PAYMENT,
        True,
        Basis.PREFERENCE,
        "rsl:crawl",
        PARTIES[0],
        "Pay.",
        "1.0",
        "https://tern.example/license.xml",
        PARTIES[1],
    ),
    Debt(ObligationKind.CONVEY_PREFERENCES, False, Basis.PREFERENCE, "aipref", PARTIES[1], "Let."),
)
ASKED = (
    (),
    (
        Contact(ContactKind.LICENSOR, "Tern"),
        Contact(ContactKind.ORIGIN, None, "https://a.example/"),
    ),
)
STATED = (
    Stated(),
    Stated(
        ((Use.MODEL_INPUT, Preference.DISALLOW), (Use.SEARCH, Preference.ALLOW)),
        (Declared("aipref", "ai-use=n, search=y", "https://a.example/robots.txt"),),
    ),
    Stated(((Use.SEARCH, Preference.CONDITIONAL),), (Declared("rsl", None, None),)),
)
AGREED = st.sampled_from((Activity.MIRROR, Activity.RELEASE_WEIGHTS))


def read(path: Path, unread: Unread | None = None) -> Iterator[Member]:
    return of_manifest.members(path, Unread() if unread is None else unread)


def everything(holdings: Holdings) -> dict[str, object]:
    """All that is held, without the numbers and the places in the reader's own files."""
    return {
        "members": [
            (
                each.member.url,
                each.member.party,
                written.footing(each.member.footing),
                # The same asked by two parties comes in either order.
                sorted(map(written.debt, each.member.debts)),
                each.member.credit,
                each.member.ask,
                each.member.bytes,
                each.member.tokens,
                each.member.checked_at,
                each.member.stated,
            )
            for each in sorted(
                holdings.by_url(),
                key=lambda held: (held.member.url, written.footing(held.member.footing)),
            )
        ],
        "debts": sorted(
            ((written.debt(debt), extent) for debt, extent in holdings.debts()),
            key=lambda each: each[0],
        ),
        "parties": dict(holdings.parties()),
        "extent": holdings.extent(),
    }


def back_again(holdings: Holdings, path: Path) -> Holdings:
    travelling.manifest(holdings, path)
    return travelling.of_members(read(path))


def test_a_list_comes_back_as_it_was(tmp_path: Path) -> None:
    with (
        travelling.held(travelling.LIST, tmp_path) as holdings,
        back_again(holdings, tmp_path / "corpus") as copy,
    ):
        assert everything(copy) == everything(holdings)
        assert len(list(copy.by_url())) == 6


def test_what_was_assessed_comes_back_as_it_was(tmp_path: Path) -> None:
    page = sa.Capture(
        "https://fenwiki.example/heron",
        status=200,
        headers=[
            (b"Content-Type", b"text/html"),
            (b"Content-Usage", b"train-genai=n;exceptions=cc-cr-ec, ai-use=n"),
        ],
        body=b"<html><head><title>Heron</title><meta name=author content='Ada Fen'>"
        b"<link rel=license href='https://creativecommons.org/licenses/by-sa/4.0/'></head></html>",
    )
    policy = sa.Policy.make(
        {
            "uses": ["train-generative"],
            "activities": ["release-weights"],
            "on": {"caution": "ingest"},
            "commitment": [
                {"kind": kind, "evidence": "https://us.example/card"}
                for kind in ("credit", "ecosystem-contribution", "share-alike")
            ],
        }
    )
    result = sa.assess(page, robots=sa.ABSENT, token="ExampleBot", policy=policy)
    member = of_ledger.member(result.model_dump(mode="json"), "a ledger of mine, entry 1")
    assert {each.kind.value for each in member.debts} >= {"credit", "ecosystem-contribution"}
    with (
        travelling.of_members([member]) as holdings,
        back_again(holdings, tmp_path / "corpus") as copy,
    ):
        assert everything(copy) == everything(holdings)
        (held,) = copy.by_url()
        assert held.member.checked_at == member.checked_at
        # What was declared for another use than ours travels too.
        (line,) = (tmp_path / "corpus" / "sources.jsonl").read_text("ascii").splitlines()
        assert json.loads(line)["preferences"] == {
            "train-generative": "conditional",
            "model-input": "disallow",
        }
        assert json.loads(line)["declared"] == [
            {"family": "aipref", "expression": "train-genai=n;exceptions=cc-cr-ec, ai-use=n"}
        ]
        with Manifest.open(tmp_path / "corpus") as manifest:
            source = manifest.find("https://fenwiki.example/heron")
            assert source is not None
            assert source.preferences["model-input"] == "disallow"
            assert manifest.document["preferences"]["model-input"] == {"disallow": 1}
        assert "of mine" not in (tmp_path / "corpus" / "sources.jsonl").read_text("utf-8")


def written_label(licence: Licence) -> str:
    return licence.label


@st.composite
def members(draw: st.DrawFn) -> Member:
    url = "https://a.example/" + draw(st.text(st.sampled_from("ab%2F"), max_size=2))
    text = st.text(max_size=8).map(lambda said: said.encode("utf-8", "replace").decode())
    credit = Attribution(
        url=draw(st.sampled_from((url, "https://b.example/"))),
        text=draw(text.filter(bool)),
        title=draw(st.none() | text.filter(bool)),
        creators=tuple(draw(st.lists(text, max_size=2))),
        licences=tuple(LicenceName(each, None) for each in draw(st.lists(text, max_size=2))),
    )
    return Member(
        url,
        draw(st.sampled_from(PARTIES)),
        Footing(
            tuple(draw(st.lists(st.sampled_from(LICENCES), max_size=2, unique_by=written_label))),
            tuple(draw(st.lists(AGREED, unique=True))),
        ),
        "a test",
        tuple(draw(st.lists(st.sampled_from(DEBTS), max_size=5, unique=True))),
        draw(st.none() | st.just(credit)),
        draw(st.sampled_from(ASKED)),
        draw(st.none() | st.integers(0, 2**62)),
        draw(st.none() | st.integers(0, 2**62)),
        draw(st.sampled_from((None, "2026-11-01T12:00:00Z"))),
        draw(st.sampled_from(STATED)),
    )


@given(st.lists(members(), max_size=12))
def test_any_corpus_comes_back_and_its_manifest_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, made: list[Member]
) -> None:
    folder = tmp_path_factory.mktemp("corpus")
    with (
        travelling.of_members(made) as holdings,
        back_again(holdings, folder / "one") as copy,
    ):
        assert everything(copy) == everything(holdings)
        travelling.manifest(copy, folder / "two")
    one, two = (folder / each / "sources.jsonl" for each in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_of_two_answers_for_one_asset_the_stricter_travels(tmp_path: Path) -> None:
    party, url = PARTIES[1], "https://a.example/"
    mild, strict = (
        Stated(((Use.SEARCH, answer),), (Declared("aipref", words),))
        for answer, words in ((Preference.ALLOW, "search=y"), (Preference.DISALLOW, "search=n"))
    )
    with Holdings(["one", "two"]) as holdings:
        for number, each in enumerate((mild, strict)):
            holdings.add([Member(url, party, Footing(), "a test", stated=each)], number)
        with back_again(holdings, tmp_path / "corpus") as copy:
            (held,) = copy.by_url()
    assert held.member.stated.uses == strict.uses
    assert {each.expression for each in held.member.stated.declared} == {"search=y", "search=n"}


def test_words_too_long_to_travel_are_told_by_where_they_stand() -> None:
    long = "search=n" + ", x=y" * 1000
    page = sa.Capture(
        "https://a.example/", status=200, headers=[(b"Content-Usage", long.encode())], body=b""
    )
    result = sa.assess(page, robots=sa.ABSENT, token="ExampleBot").model_dump(mode="json")
    member = of_ledger.member(result, "a test")
    assert (Use.SEARCH, Preference.DISALLOW) in member.stated.uses
    assert member.stated.declared == (Declared("aipref", None, None),)


def test_two_corpora_compose_from_their_manifests_as_they_do_themselves(tmp_path: Path) -> None:
    rows = travelling.LIST.splitlines(keepends=True)
    halves = {"one": "".join(rows[:4]), "two": "".join([rows[0], *rows[3:]])}
    whole, copies = Holdings(list(halves)), Holdings(list(halves))
    with whole, copies:
        for number, (name, text) in enumerate(halves.items()):
            with travelling.held(text, tmp_path, f"{name}.csv") as half:
                whole.add((held.member for held in half.by_url()), number)
                travelling.manifest(half, tmp_path / name)
            copies.add(read(tmp_path / name), number)
        # Their numbers differ, for they are given in the order of reading.
        found, wanted = (each for each in map(compose.make, (copies, whole)))
        assert {
            a: (f.answer, f.conditions, f.reason, f.remaining.extent)
            for a, f in found.activities.items()
        } == {
            a: (f.answer, f.conditions, f.reason, f.remaining.extent)
            for a, f in wanted.activities.items()
        }
        assert found.extents == wanted.extents
        assert sorted(found.licences) == sorted(wanted.licences)
        assert [(each.name, each.extent) for each in found.sets] == [
            (each.name, each.extent) for each in wanted.sets
        ]
        assert weights.make(found, copies).release == weights.make(wanted, whole).release


def test_a_real_composition_goes_into_the_manifest(tmp_path: Path) -> None:
    with travelling.held(travelling.LIST, tmp_path) as holdings:
        composition = compose.make(holdings)
        with folder.written(tmp_path / "corpus") as made:
            preferences.write(
                made,
                holdings,
                composition,
                travelling.FACTS,
                weights.make(composition, holdings),
            )
        document = json.loads((tmp_path / "corpus" / "preferences.json").read_text("utf-8"))
        assert set(document["activities"]) == set(Activity)
        assert sum(each["assets"] for each in document["sets"]) == 6
        lines = (tmp_path / "corpus" / "sources.jsonl").read_text("utf-8").splitlines()
        sets = {each["name"] for each in document["sets"]}
        assert {json.loads(each)["set"] for each in lines} == sets


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    with travelling.held(travelling.LIST, tmp_path) as holdings:
        return travelling.manifest(holdings, tmp_path / "corpus")


def reseal(corpus: Path, lines: list[str], **more: object) -> None:
    """The manifest with other lines, as somebody might write it by hand."""
    octets = "".join(each + "\n" for each in lines).encode()
    (corpus / "sources.jsonl").write_bytes(octets)
    document = json.loads((corpus / "preferences.json").read_text("utf-8"))
    document["sources"] |= {"sha256": sha256(octets).hexdigest(), "bytes": len(octets)}
    (corpus / "preferences.json").write_text(json.dumps({**document, **more}), "utf-8")


LINE = '{"url":"https://a.example/","party":{"name":"A"},"footing":0,"owed":[],"ask":[]}'


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("{", "JSONDecodeError", id="no JSON"),
        pytest.param("[]", "TypeError", id="no object"),
        pytest.param('{"url": "ftp://a.example/"}', "not an http", id="no web address"),
        pytest.param('{"url": "https://a.example/"}', "party", id="no party"),
        pytest.param(
            LINE.replace("0", "-1"),
            "no place in a list",
            id="a footing from the end",
        ),
        pytest.param(
            LINE.replace("0", "99"),
            "IndexError",
            id="a footing that is not there",
        ),
        pytest.param('{"url": "' + "x" * 1_100_000 + '"}', "longer than", id="a line without end"),
    ],
)
def test_a_line_that_cannot_be_read_is_told_and_left_out(
    corpus: Path, line: str, said: str
) -> None:
    lines = (corpus / "sources.jsonl").read_text("utf-8").splitlines()
    reseal(corpus, [*lines[:2], line, *lines[2:]])
    unread = Unread()
    assert len(list(read(corpus, unread))) == 6
    assert unread.count == 1
    assert "sources.jsonl line 3: " in unread.first[0]
    assert said in unread.first[0]


def test_an_obligation_of_an_unknown_kind_is_no_silence(corpus: Path) -> None:
    document = json.loads((corpus / "preferences.json").read_text("utf-8"))
    for each in document["obligations"]:
        each["kind"] = "dance"
    lines = (corpus / "sources.jsonl").read_text("utf-8").splitlines()
    reseal(corpus, lines, obligations=document["obligations"])
    with pytest.raises(ConfigError, match="'dance' is not a valid ObligationKind"):
        list(read(corpus))


def test_sources_that_were_changed_are_told_in_the_end(corpus: Path) -> None:
    octets = (corpus / "sources.jsonl").read_bytes()
    (corpus / "sources.jsonl").write_bytes(octets.replace(b"press.example", b"fress.example"))
    with pytest.raises(ConfigError, match="SHA-256 differs"):
        list(read(corpus))


@pytest.mark.parametrize(
    ("name", "said"),
    [("preferences/2", "newer software"), ("credits/1", "is no preference manifest")],
)
def test_what_is_no_manifest_of_ours_is_refused(corpus: Path, name: str, said: str) -> None:
    path = corpus / "preferences.json"
    document = json.loads(path.read_text("utf-8")) | {"schema": f"signals-agent/{name}"}
    path.write_text(json.dumps(document), "utf-8")
    with pytest.raises(ConfigError, match=said):
        list(read(path))
