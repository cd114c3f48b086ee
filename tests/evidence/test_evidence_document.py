"""What the evidence of a result holds, and what it does not (rule R30)."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from kept import digest, without_note

import signals_agent as sa
from signals_agent import evidence

NOW = datetime(2026, 11, 1, 12, 0, 0, 5, tzinfo=UTC)
URL = "https://press.example/new/x"
WORDS = b"The words of the page, of which no evidence is needed. "
PAGE = (
    b'<!doctype html><head><title>Owls</title><meta name="robots" content="noai">'
    b'<link rel="license" href="https://creativecommons.org/licenses/by/4.0/"></head><p>'
) + WORDS * 2000
AROUND = b'<meta name="robots" content="noimageai">' + WORDS
ROBOTS = b"User-agent: *\r\nContent-Usage: train-ai=n\r\n\xff\x00"
TDM = b'[{"location": "/", "tdm-reservation": 0}]'
FIELDS = [
    (b"Content-Type", b"text/html"),
    (b"Set-Cookie", b"a=1"),
    (b"set-cookie", b"b=\xff"),
    (b"X-Robots-Tag", b"noai"),
]
STORED = Path(__file__).parent / "stored-evidence.json"


def result() -> sa.Assessment:
    return sa.assess(
        sa.Capture(URL, 200, FIELDS, PAGE, fetched_at=NOW, notes=("guard-outside-transport",)),
        hops=[sa.Capture("https://press.example/x", 301, [("Location", URL)], WORDS)],
        robots={
            "https://press.example": sa.Capture(
                "https://press.example/robots.txt", 200, [("ETag", "1")], ROBOTS, NOW
            ),
            "https://elsewhere.example": b"of no use here",
        },
        site_files={"/.well-known/tdmrep.json": TDM, "/ai.txt": sa.ABSENT},
        found_on=sa.Capture("https://press.example/", 200, FIELDS[:1], AROUND, truncated=True),
        token="ExampleBot",
        uses=["train-generative"],
        now=NOW,
    )


def everything(value: Any) -> list[Any]:
    """A document and all that is in it."""
    inside = value.values() if isinstance(value, dict) else value
    nested = isinstance(value, dict | list)
    return [value, *(each for one in inside for each in everything(one))] if nested else [value]


def test_a_document_that_was_just_made_is_at_hand_as_canonical_json_too() -> None:
    kept = evidence.of(result())
    spelled = json.dumps(kept.document, sort_keys=True, separators=(",", ":"))
    assert kept.text == spelled
    assert evidence.as_stored(result()).document == json.loads(spelled)


def test_a_document_that_is_written_into_does_not_change_the_next_one() -> None:
    first, before = evidence.of(result()), evidence.of(result()).text
    first.document["wishes"]["policy"]["document"]["uses"] = ["nothing"]
    first.document["wishes"]["policy"]["checks"].clear()
    assert evidence.of(result()).text == before


def test_each_result_has_the_policy_that_it_was_made_with() -> None:
    policies = [sa.Policy.make({"preset": each}) for each in ("strict", "observe", "strict")]
    made = [sa.assess(sa.Capture(URL, 200, body=PAGE), policy=each) for each in policies]
    told = [evidence.of(each).document["wishes"]["policy"] for each in made]
    assert [each["document"]["preset"] for each in told] == ["strict", "observe", "strict"]
    assert [each["sha256"] for each in told] == [each.sha256 for each in policies]


def test_octets_of_small_sources_are_kept_and_those_of_pages_are_not() -> None:
    kept = evidence.of(result())
    assert kept.blobs == {sha256(octets).hexdigest(): octets for octets in (ROBOTS, TDM)}
    written = json.dumps(kept.document)
    assert WORDS.decode() not in written
    assert len(written) < 6000 < len(PAGE)


def test_every_capture_has_its_fields_its_time_and_the_digest_of_its_body() -> None:
    document = evidence.of(result()).document
    asset = document["asset"]
    assert [tuple(part.encode("latin-1") for part in line) for line in asset["headers"]] == FIELDS
    assert (asset["url"], asset["status"], asset["notes"]) == (
        URL,
        200,
        ["guard-outside-transport"],
    )
    assert datetime.fromisoformat(asset["fetched_at"]) == NOW
    for told, body in (
        (asset, PAGE),
        (document["hops"][0], WORDS),
        (document["found_on"], AROUND),
        (document["robots"][0], ROBOTS),
        (document["site_files"][0], TDM),
    ):
        assert (told["sha256"], told["bytes"]) == (sha256(body).hexdigest(), len(body))
    assert document["found_on"]["truncated"] is True
    assert document["site_files"][1] == {"at": "https://press.example/ai.txt", "looked": "absent"}


def test_what_was_located_is_there_with_its_octets_and_its_place() -> None:
    made = result()
    units = evidence.of(made).document["asset"]["findings"]["units"]
    told = {each["declaration"]["carrier"]: each["declaration"] for (each,) in units}
    assert told["html-meta"]["position"] == {"element": "meta", "offset": PAGE.index(b"<meta")}
    ids = {each.id for each in made.declarations}
    assert {each["id"] for each in told.values()} <= ids
    assert set(told) == {"html-meta", "html-link"}


def test_the_wishes_are_there_with_the_policy_and_its_digest() -> None:
    made = result()
    wishes = evidence.of(made).document["wishes"]
    assert wishes["tokens"] == ["ExampleBot"]
    assert wishes["uses"] == ["train-generative"]
    assert made.verdict is not None
    assert wishes["policy"]["sha256"] == made.verdict.policy.sha256
    assert digest(wishes["policy"]["document"]) == made.verdict.policy.sha256
    without = evidence.of(sa.assess(sa.Capture(URL, 200, (), b""), now=NOW)).document["wishes"]
    assert "uses" not in without


def test_nothing_is_null_and_json_gives_it_back() -> None:
    document = evidence.of(result()).document
    assert None not in everything(document)
    assert json.loads(json.dumps(document)) == document


def test_only_robots_txt_that_bears_on_the_asset_is_kept() -> None:
    robots = evidence.of(result()).document["robots"]
    assert [each["at"] for each in robots] == ["https://press.example/robots.txt"]


def test_the_same_inputs_give_the_same_evidence() -> None:
    assert evidence.of(result()) == evidence.of(result())


def test_facts_for_a_credit_line_are_kept_only_where_credit_is_due() -> None:
    assert evidence.of(result()).document["asset"]["facts"]["title"] == "Owls"
    silent = sa.Capture(URL, 200, FIELDS, b"<title>Owls</title>")
    assert "facts" not in evidence.of(sa.assess(silent, now=NOW)).document["asset"]


def test_a_line_in_robots_txt_and_a_field_are_read_anew() -> None:
    kept = evidence.of(result())
    recomputed = evidence.recompute(kept.document, kept.blobs)
    carriers = {each.carrier for each in recomputed.declarations}
    assert {"robots-txt", "http-header", "html-meta", "html-link"} <= carriers
    assert {"robots-txt", "http-header"}.isdisjoint(
        each["declaration"]["carrier"] for (each,) in kept.document["asset"]["findings"]["units"]
    )


def test_the_note_says_what_was_not_looked_at_again() -> None:
    kept = evidence.of(result())
    note = evidence.recompute(kept.document, kept.blobs).notes[-1]
    assert (note.code, note.clause) == ("recomputed-from-evidence", "rule R30")
    assert "in the page around it" in note.summary
    alone = evidence.of(sa.assess(sa.Capture(URL, 200, (), b""), now=NOW))
    assert "around" not in evidence.recompute(alone.document, alone.blobs).notes[-1].summary


def test_evidence_that_was_stored_before_is_still_read() -> None:
    # A file of the first day: what writes evidence may change, what reads it must know this.
    stored = json.loads(STORED.read_text("utf-8"))
    blobs = {sha256(octets).hexdigest(): octets for octets in (ROBOTS, TDM)}
    recomputed = without_note(evidence.recompute(stored, blobs)).model_dump()
    today = result().model_dump()
    # A policy may have more keys by now, and so another digest.
    assert recomputed["verdict"].pop("policy")["sha256"] == stored["wishes"]["policy"]["sha256"]
    assert today["verdict"].pop("policy")["name"] == "standard"
    assert recomputed == today


@pytest.mark.parametrize("times", [1, 3])
def test_taking_evidence_changes_nothing(times: int) -> None:
    made, untouched = result(), result()
    for _ in range(times):
        evidence.of(made)
    assert made == untouched
    assert made.model_dump_json() == untouched.model_dump_json()
