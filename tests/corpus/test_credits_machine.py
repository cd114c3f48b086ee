"""The credits for machines: JSON, BibTeX and CITATION.cff, each read back as its readers do."""

import json
import re
from collections.abc import Iterator
from importlib import util
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.corpus import of_list
from signals_agent.corpus.credits import bibtex, citation_cff
from signals_agent.corpus.credits import json as credits_json
from signals_agent.corpus.facts import Facts
from signals_agent.corpus.holdings import Holdings
from signals_agent.corpus.member import Debt, Footing, Member
from signals_agent.licences.catalogue import ENTRIES
from signals_agent.model.attribution import Attribution
from signals_agent.model.obligation import Basis, ObligationKind, Party

FACTS = Facts.make(
    {
        "title": "Field notes",
        "version": "2.1",
        "released": "2026-10-01",
        "url": "https://notes.example/",
        "doi": "https://doi.org/10.5281/zenodo.1",
        "licence": "CC-BY-4.0",
        "description": "What grows where.\nAnd when.",
        "creator": [
            {"name": "Fern, Ada", "affiliation": "Botany", "orcid": "0000-0002-1825-0097"},
            {"name": "Bob Moss", "affiliation": "Botany"},
            {"name": "The Moss and Fern Group", "url": "https://group.example/"},
        ],
    }
)
HOSTILE = (
    "} @misc{evil, title = {x",
    "}}}}",
    "{{{",
    "\\input{/etc/passwd}",
    "\\",
    "100% & more_ #1 $x$ ^y~z",
    'a "quoted" word',
    "a\n  - b: c",
    "key: value",
    "# comment",
    "'",
    "!!python/object:os.system",
    "&anchor *alias",
    "\u202e\x00\x1b\x7f",
    "\U0001f600 \u5b57",
    "null",
    "2024-01-01",
    "Fern and Moss, Ltd",
)


def listed(tmp_path: Path, *rows: dict[str, object]) -> Holdings:
    sheet = tmp_path / "list.jsonl"
    sheet.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    made = Holdings(["list.jsonl"])
    made.add(of_list.members(sheet, of_list.Unread()))
    return made


def several(tmp_path: Path) -> Holdings:
    return listed(
        tmp_path,
        *(
            {
                "url": f"https://fern.example/{n}",
                "licence": "CC-BY-4.0",
                "title": f"Frond {n}",
                "creator": ["Ada", "Bob"],
                "publisher": "Fern Press",
                "collection": "Ferns",
            }
            for n in range(3)
        ),
        {
            "url": "https://fern.example/again",
            "title": "Frond 0",
            "creator": ["Ada", "Bob"],
            "licence": "CC-BY-4.0",
            "publisher": "Fern Press",
            "collection": "Ferns",
        },
        {"url": "https://moss.example/1", "licence": "MIT", "title": "Moss"},
        {"url": "https://moss.example/2", "licence": "CC0-1.0", "title": "Peat", "creator": "Cy"},
        {"url": "https://lone.example/1", "licence": "CC-BY-SA-4.0", "title": "Lone & only"},
        {"url": "https://lone.example/2"},
    )


def hostile(said: str, number: int = 2) -> Holdings:
    """A corpus in which every name is one text."""
    made = Holdings()
    made.add(
        Member(
            f"https://a.example/{n}",
            Party(said, "https://a.example", inferred=False),
            Footing(),
            "by hand",
            (Debt(ObligationKind.CREDIT, True, Basis.PREFERENCE, said, Party(said), said, said),),
            Attribution(
                f"https://a.example/{n}",
                said,
                said,
                f"{n} {said}",
                (said, said),
                said,
                copyright_notice=said,
                credit_text=said,
            ),
        )
        for n in range(number)
    )
    return made


# JSON


def test_json_holds_every_work_with_all_of_its_addresses(tmp_path: Path) -> None:
    with several(tmp_path) as holdings:
        said = "".join(credits_json.render(holdings, FACTS, "cut"))
    document = json.loads(said)
    assert document["schema"] == "signals-agent/credits/1"
    assert document["set"]["title"] == "Field notes"
    assert document["set"]["released"] == "2026-10-01"
    assert (document["assets"], document["credited"], document["uncredited"]) == (8, 7, 1)
    assert (document["parties"], document["collections"], document["works"]) == (3, 3, 6)
    press = document["groups"][0]
    assert press["party"] == {"name": "Fern Press", "inferred": False}
    assert press["collection"] == "Ferns"
    (frond,) = [each for each in press["works"] if each["title"] == "Frond 0"]
    assert frond["urls"] == ["https://fern.example/0", "https://fern.example/again"]
    assert frond["assets"] == 2
    assert frond["text"].endswith("Changes: cut.")
    assert [press["asks"][each]["signal"] for each in frond["asks"]] == ["CC-BY-4.0"]
    assert sum(group["assets"] for group in document["groups"]) == document["credited"]
    assert sum(len(group["works"]) for group in document["groups"]) == document["works"]


def nothing(value: Any) -> Iterator[Any]:
    if value is None:
        yield value
    for each in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from nothing(each)


@pytest.mark.parametrize("said", HOSTILE)
def test_json_is_ascii_without_controls_and_says_names_as_they_are(said: str) -> None:
    with hostile(said) as holdings:
        written = "".join(credits_json.render(holdings, Facts()))
    assert written.isascii()
    assert all(" " <= each <= "~" or each == "\n" for each in written)
    document = json.loads(written)
    assert not list(nothing(document))
    (group,) = document["groups"]
    assert {name for work in group["works"] for name in work["creators"]} == {said}


def test_json_of_an_empty_corpus_has_its_lists() -> None:
    with Holdings() as holdings:
        document = json.loads("".join(credits_json.render(holdings, Facts())))
    assert (document["groups"], document["asks"], document["works"]) == ([], [], 0)
    assert document["set"] == {"title": "corpus", "creators": []}


# BibTeX


def entries(written: str) -> list[tuple[str, dict[str, str]]]:
    """The entries by BibTeX's own rules: braces in pairs, whatever stands before them."""
    found, at = [], 0
    while (start := written.find("@", at)) >= 0:
        head = re.compile(r"@misc\{([a-z0-9-]+),\n").match(written, start)
        assert head, written[start : start + 80]
        at, fields = head.end(), {}
        while written[at] != "}":
            field = re.compile(r"  ([a-z]+) = \{").match(written, at)
            assert field, written[at : at + 80]
            depth, end = 1, field.end()
            while depth:
                depth += {"{": 1, "}": -1}.get(written[end], 0)
                end += 1
            fields[field[1]] = written[field.end() : end - 1]
            at = end + (2 if written[end : end + 2] == ",\n" else 1)
        found.append((head[1], fields))
    return found


def test_bibtex_has_an_entry_for_the_set_each_collection_and_each_single_work(
    tmp_path: Path,
) -> None:
    with several(tmp_path) as holdings:
        written = "".join(bibtex.render(holdings, FACTS, "cut"))
    (own, press, lone, moss) = [fields for _, fields in entries(written)]
    assert own["title"] == "{Field notes}"
    assert own["author"] == "Fern, Ada and {Bob Moss} and {The Moss and Fern Group}"
    assert (own["year"], own["version"]) == ("2026", "2.1")
    assert press["title"] == "{Ferns}"
    assert press["author"] == "{Ada} and {Bob}"
    assert press["howpublished"] == "Fern Press"
    assert press["url"] == "https://fern.example/"
    assert press["note"].startswith("3 works, each with its credit line in CREDITS.md.")
    assert "Credit is owed by licence: CC-BY-4.0" in press["note"]
    assert lone["title"] == "{Lone \\& only}"
    assert lone["note"].endswith("Changes: cut.")
    assert moss["author"] == "{moss.example}"
    assert "Licences: MIT, CC0 1.0" in moss["note"]


@pytest.mark.parametrize("number", [1, 2], ids=["a single work", "a collection"])
@pytest.mark.parametrize("said", HOSTILE)
def test_no_name_breaks_out_of_its_entry(said: str, number: int) -> None:
    with hostile(said, number) as holdings:
        written = "".join(bibtex.render(holdings, Facts(title=said)))
    assert len(entries(written)) == 2


@given(st.text(min_size=1, max_size=30))
def test_any_name_makes_whole_entries(said: str) -> None:
    with hostile(said) as holdings:
        assert len(entries("".join(bibtex.render(holdings, Facts(title=f"t{said}"))))) == 2


def test_a_collection_of_several_creators_and_sites_is_that_of_its_party(tmp_path: Path) -> None:
    rows = [
        {
            "url": f"https://{name}.example/{n}",
            "title": f"T{n}",
            "creator": name,
            "publisher": "Press",
            "collection": "Both",
        }
        for n, name in enumerate(("ada", "bob", "ada"))
    ]
    with listed(tmp_path, *rows) as holdings:
        _, (_, both) = entries("".join(bibtex.render(holdings, FACTS)))
    assert both["author"] == "{Press}"
    assert "howpublished" not in both
    assert "url" not in both


def test_keys_differ_wherever_party_or_collection_do() -> None:
    names = ["Fern", "fern", "F\u00e9rn", "Fe-rn", "\u5b57", ""]
    keys = {
        bibtex.key(Party(name, url, inferred), collection)
        for name in names
        for url in (None, "https://a.example")
        for inferred in (True, False)
        for collection in names
    }
    assert len(keys) == len(names) ** 2 * 4
    assert all(re.fullmatch(r"[a-z0-9-]+", each) for each in keys)


@pytest.mark.parametrize("number", [1, 2], ids=["a single work", "a collection"])
@pytest.mark.parametrize("said", HOSTILE)
def test_a_reader_of_bibtex_reads_it(said: str, number: int) -> None:
    reader = pytest.importorskip("bibtexparser", reason="bibtexparser is not installed")
    with hostile(said, number) as holdings:
        library = reader.parse_string("".join(bibtex.render(holdings, FACTS)))
    assert not library.failed_blocks
    assert len(library.entries) == 2
    assert library.entries[0].fields_dict["title"].value == "{Field notes}"


# CITATION.cff

_TEXT = {"type": "string", "minLength": 1}
_URL = {"type": "string", "pattern": r"^(https|http|ftp|sftp)://.+"}
_NAMED = {
    "anyOf": [
        {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                **dict.fromkeys(("family-names", "given-names", "affiliation"), _TEXT),
                "orcid": {
                    "type": "string",
                    "pattern": r"https://orcid\.org/[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]{1}",
                },
                "website": _URL,
            },
        },
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["name"],
            "properties": {"name": _TEXT, "orcid": _TEXT, "website": _URL},
        },
    ]
}
_AUTHORS = {"type": "array", "items": _NAMED, "minItems": 1, "uniqueItems": True}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["authors", "cff-version", "message", "title"],
    "properties": {
        "cff-version": {"const": "1.2.0"},
        "type": {"enum": ["dataset", "software"]},
        **dict.fromkeys(("message", "title", "abstract", "version"), _TEXT),
        "authors": _AUTHORS,
        "date-released": {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        "doi": {
            "type": "string",
            "pattern": r"^10\.\d{4,9}(\.\d+)?/[A-Za-z0-9:/_;\-\.\(\)\[\]\\]+$",
        },
        "url": _URL,
        "license": _TEXT,
        "license-url": _URL,
        "references": {
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["authors", "title", "type"],
                "properties": {
                    "type": {"enum": ["website", "generic"]},
                    **dict.fromkeys(("title", "notes"), _TEXT),
                    "authors": _AUTHORS,
                    "url": _URL,
                },
            },
        },
    },
}
"""What version 1.2.0 of the format asks of the fields that we write."""


def whole_schema() -> Any:
    """The format's own schema, as cffconvert carries it; ours where it is not installed."""
    found = util.find_spec("cffconvert")
    if found is None or found.origin is None:
        return SCHEMA
    return json.loads((Path(found.origin).parent / "schemas/1.2.0/schema.json").read_text("utf-8"))


def cff(holdings: Holdings, facts: Facts = FACTS) -> Any:
    document = yaml.safe_load("".join(citation_cff.render(holdings, facts)))
    for schema in (SCHEMA, whole_schema()):
        jsonschema.validate(document, schema)
    return document


def test_the_set_is_what_is_cited_with_a_reference_for_each_collection(tmp_path: Path) -> None:
    with several(tmp_path) as holdings:
        document = cff(holdings)
    assert document["title"] == "Field notes"
    assert document["authors"] == [
        {
            "family-names": "Fern",
            "given-names": "Ada",
            "affiliation": "Botany",
            "orcid": "https://orcid.org/0000-0002-1825-0097",
        },
        {"family-names": "Bob Moss", "affiliation": "Botany"},
        {"name": "The Moss and Fern Group", "website": "https://group.example/"},
    ]
    assert document["doi"] == "10.5281/zenodo.1"
    assert document["license"] == "CC-BY-4.0"
    assert document["date-released"] == "2026-10-01"
    assert document["abstract"] == "What grows where.\nAnd when."
    assert [(each["title"], each["type"]) for each in document["references"]] == [
        ("Ferns", "generic"),
        ("lone.example", "website"),
        ("moss.example", "website"),
    ]
    assert document["references"][0]["authors"] == [{"name": "Fern Press"}]
    assert "4 assets" in document["references"][0]["notes"]


def test_without_facts_the_file_is_whole_and_says_what_is_missing() -> None:
    with Holdings() as holdings:
        document = cff(holdings, Facts())
        written = "".join(citation_cff.render(holdings, Facts()))
    assert document["authors"] == [{"name": "The makers of corpus"}]
    assert "references" not in document
    assert "# Nobody has said who made the set" in written


def test_who_is_named_twice_is_one_author() -> None:
    ada = {"name": "Ada"}
    with Holdings() as holdings:
        assert cff(holdings, Facts.make({"creator": [ada, ada]}))["authors"] == [ada]


def test_collections_beyond_the_cap_are_counted_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(citation_cff, "MOST_REFERENCES", 1)
    with several(tmp_path) as holdings:
        document = cff(holdings)
    kept, rest = document["references"]
    assert kept["title"] == "Ferns"
    assert rest["title"].startswith("2 further collections, not listed here")
    assert "the 1 largest of its 3 collections" in document["message"]


def test_collections_that_look_the_same_are_one_reference_for_all_their_assets() -> None:
    credits_ = [Attribution(f"https://a.example/{n}", "line", "Ferns", f"T{n}") for n in range(2)]
    parties = [Party("Press", None, inferred) for inferred in (True, False)]
    with Holdings() as holdings:
        holdings.add(
            Member(credit.url, party, Footing(), "by hand", (), credit)
            for credit, party in zip(credits_, parties, strict=True)
        )
        (reference,) = cff(holdings)["references"]
    assert reference["notes"].startswith("2 assets")


@pytest.mark.parametrize("said", HOSTILE)
def test_no_name_breaks_out_of_its_string(said: str) -> None:
    facts = Facts.make(
        {
            **dict.fromkeys(("title", "version", "description", "licence", "doi"), f"x{said}"),
            "creator": [{"name": f"x{said}", "orcid": said, "url": f"x{said}"}],
        }
    )
    with hostile(said) as holdings:
        document = cff(holdings, facts)
    assert len(document["references"]) == 1
    assert len(document["authors"]) == 1
    assert isinstance(document["references"][0]["authors"][0]["name"], str)
    assert "doi" not in document


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda each: each.id)
def test_a_licence_is_named_by_an_id_that_the_format_knows_or_by_its_url(entry: Any) -> None:
    with Holdings() as holdings:
        document = cff(holdings, Facts(licence=entry.id))
    assert not ("license" in document and "license-url" in document)
    if entry.spdx and entry.port is None and entry.version == "4.0":
        assert document["license"] == entry.spdx


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ("CC BY 3.0 DE", {"license-url": "https://creativecommons.org/licenses/by/3.0/de/"}),
        ("MIT OR Apache-2.0", {}),
        ("our own terms", {}),
        ("https://ours.example/terms", {"license-url": "https://ours.example/terms"}),
    ],
)
def test_another_licence_is_named_by_its_url_or_not_at_all(
    said: str, fields: dict[str, str]
) -> None:
    with Holdings() as holdings:
        document = cff(holdings, Facts(licence=said))
    assert {name: document[name] for name in document if name.startswith("license")} == fields
