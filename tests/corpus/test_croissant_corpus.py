"""A corpus in Croissant: valid by its own library, and read by ourselves as it is meant."""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

import travelling

import signals_agent as sa
from signals_agent.corpus import folder
from signals_agent.corpus.cards import croissant, preferences
from signals_agent.corpus.cards.provenance import Provenance
from signals_agent.corpus.composition import compose
from signals_agent.corpus.facts import Facts
from signals_agent.corpus.member import Footing, Member
from signals_agent.model.attribution import Attribution
from signals_agent.model.obligation import Party

HOSTILE = '\x1b]0;x\x07\n\u2028\u202e</script><script>alert(1)</script> {"@id": "x"} %\\input{x}'


def written(
    tmp_path: Path,
    text: str = travelling.LIST,
    facts: Facts = travelling.FACTS,
    provenance: Provenance | None = None,
) -> Path:
    with travelling.held(text, tmp_path) as holdings, folder.written(tmp_path / "out") as made:
        composition = compose.make(holdings)
        preferences.write(made, holdings, composition, facts)
        files = tuple(made.outputs.values())
        document = croissant.document(holdings, composition, facts, files, provenance)
        made.write("croissant.json", document)
    return tmp_path / "out" / "croissant.json"


def read(path: Path) -> dict[str, Any]:
    made = json.loads(path.read_text("ascii"))
    assert isinstance(made, dict)
    return made


def valid(mlcroissant: ModuleType, path: Path) -> Any:
    """What its library reads; nothing is wrong with it, and nothing could be better."""
    dataset = mlcroissant.Dataset(jsonld=str(path))
    issues = dataset.metadata.ctx.issues
    assert (set(issues.errors), set(issues.warnings)) == (set(), set())
    return dataset


def test_it_is_valid_croissant(mlcroissant: ModuleType, tmp_path: Path) -> None:
    dataset = valid(mlcroissant, written(tmp_path))
    metadata = dataset.metadata
    assert metadata.ctx.conforms_to.value == "http://mlcommons.org/croissant/1.1"
    assert metadata.name == "fen-corpus"
    assert [each for each in metadata.license if isinstance(each, str)] == [
        "https://creativecommons.org/licenses/by-nc-nd/4.0/",
        "https://creativecommons.org/licenses/by-sa/4.0/",
        "https://archive.example/terms-of-use",
    ]
    assert [each.name for each in metadata.creators] == ["Ada Fen", "Bo Press"]
    assert metadata.version == "1.2.0"
    assert metadata.sd_licence == ["https://creativecommons.org/publicdomain/zero/1.0/"]
    assert metadata.data_limitations


def test_its_library_reads_the_sources(mlcroissant: ModuleType, tmp_path: Path) -> None:
    path = written(tmp_path)
    records = list(valid(mlcroissant, path).records("sources"))
    lines = [
        json.loads(each) for each in (path.parent / "sources.jsonl").read_text("ascii").splitlines()
    ]
    assert [each["sources/url"].decode() for each in records] == [each["url"] for each in lines]
    assert [each["sources/party"].decode() for each in records] == [
        each["party"]["name"] for each in lines
    ]
    assert [[one.decode() for one in each["sources/licences"]] for each in records] == [
        each["licences"] for each in lines
    ]
    assert [each["sources/credit"] and each["sources/credit"].decode() for each in records] == [
        each.get("credit", {}).get("text") for each in lines
    ]


def test_a_corpus_without_credit_facts_can_be_read_too(
    mlcroissant: ModuleType, tmp_path: Path
) -> None:
    path = written(tmp_path, "url\nhttps://a.example/\n")
    (record,) = valid(mlcroissant, path).records("sources")
    assert set(record) == {"sources/url", "sources/party", "sources/licences"}


def test_a_corpus_of_nothing_is_valid_too(mlcroissant: ModuleType, tmp_path: Path) -> None:
    path = written(tmp_path, "url\n")
    assert "recordSet" not in read(path)
    mlcroissant.Dataset(jsonld=str(path))


def test_hostile_facts_stay_facts(mlcroissant: ModuleType, tmp_path: Path) -> None:
    facts = Facts.make(
        {
            "name": HOSTILE,
            "title": HOSTILE,
            "description": HOSTILE,
            "version": "1.0.0",
            "licence": HOSTILE,
            "released": "2026-11-20",
            "creator": [{"name": HOSTILE, "url": HOSTILE}],
        }
    )
    member = Member(
        "https://a.example/",
        Party(HOSTILE),
        Footing(),
        "a test",
        credit=Attribution("https://a.example/", "Credit.", title=HOSTILE),
    )
    with (
        travelling.of_members([member], HOSTILE) as holdings,
        folder.written(tmp_path / "out") as made,
    ):
        composition = compose.make(holdings)
        preferences.write(made, holdings, composition, facts)
        made.write(
            "croissant.json",
            croissant.document(holdings, composition, facts, tuple(made.outputs.values())),
        )
    path = tmp_path / "out" / "croissant.json"
    assert all(c == "\n" or " " <= c <= "~" for c in path.read_text("ascii"))
    dataset = valid(mlcroissant, path)
    assert "\x1b" not in dataset.metadata.name
    (record,) = dataset.records("sources")
    assert record["sources/party"].decode() == HOSTILE


def test_it_says_what_the_files_are(tmp_path: Path) -> None:
    path = written(tmp_path)
    files = {each["@id"]: each for each in read(path)["distribution"]}
    assert set(files) == {"sources.jsonl", "preferences.json"}
    for name, each in files.items():
        octets = (path.parent / name).read_bytes()
        assert each["contentSize"] == f"{len(octets)} B"
        assert each["sha256"] == sha256(octets).hexdigest()


def test_it_says_what_is_asked_and_what_is_not_in_it(tmp_path: Path) -> None:
    provenance = Provenance(crawled=True, held=3, skipped=1)
    made = read(written(tmp_path, provenance=provenance))
    terms = {
        each["termCode"]: each["description"] for each in made["usageInfo"] if "termCode" in each
    }
    assert terms["credit"] == "credit the source (asked for 4 works by 2 parties)"
    assert terms["no-derivatives"].endswith("(asked for 2 works by 1 party)")
    assert made["usageInfo"][0]["hasPart"] == [
        {"@id": "preferences.json"},
        {"@id": "sources.jsonl"},
    ]
    assert made["rai:dataCollectionType"] == ["Web Scraping"]
    assert made["rai:dataCollectionMissingData"].startswith("1 skipped: ")
    assert made["license"][-1] == {
        "@type": "CreativeWork",
        "name": "no licence declared",
        "description": "1 work without a licence: ask before you share.",
    }
    assert made["citeAs"].startswith("@misc{")
    assert "year = {2026}" in made["citeAs"]


def test_a_version_with_a_letter_in_front_is_one(mlcroissant: ModuleType, tmp_path: Path) -> None:
    facts = travelling.FACTS.model_copy(update={"version": "v2.0.1"})
    assert valid(mlcroissant, written(tmp_path, facts=facts)).metadata.version == "2.0.1"


def test_we_read_it_ourselves_as_it_is_meant(tmp_path: Path) -> None:
    octets = written(tmp_path).read_bytes()
    result = sa.assess(
        sa.Capture(
            "https://fen.example/corpus/croissant.json",
            status=200,
            headers=[(b"Content-Type", b"application/json")],
            body=octets,
        ),
        robots=sa.ABSENT,
        token="ExampleBot",
    )
    made = result.model_dump(mode="json")
    labels = {each["label"] for each in made["licences"]}
    assert {"CC-BY-NC-ND-4.0", "CC-BY-SA-4.0", "https://archive.example/terms-of-use"} <= labels
    assert result.uses["train-generative"].preference == "unknown"


def test_what_croissant_asks_for_and_nobody_said_is_told() -> None:
    assert croissant.missing(travelling.FACTS) == ()
    assert croissant.missing(Facts(url="https://a.example/")) == ("creator", "released", "version")


def test_the_same_corpus_makes_the_same_document(tmp_path: Path) -> None:
    with travelling.held(travelling.LIST, tmp_path) as holdings:
        composition = travelling.composed(holdings)
        one, two = (
            "".join(croissant.document(holdings, replace(composition), travelling.FACTS))
            for _ in range(2)
        )
    assert one == two
