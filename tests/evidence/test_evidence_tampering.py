"""Evidence that was changed, cut or written by newer software is refused, in words."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from kept import digest, sealed

import signals_agent as sa
from signals_agent import evidence
from signals_agent.errors import EvidenceError, SignalsAgentError

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
URL = "https://press.example/new/x"
ROBOTS = b"User-agent: *\nContent-Usage: train-ai=n\n"
PAGE = (
    b'<title>Owls</title><meta name="robots" content="noai">'
    b'<link rel=license href="https://creativecommons.org/licenses/by/4.0/">'
)


def kept() -> tuple[dict[str, Any], dict[str, bytes]]:
    """Evidence with every member that there is."""
    made = evidence.of(
        sa.assess(
            sa.Capture(URL, 200, [("Content-Type", "text/html"), ("X-Robots-Tag", "noai")], PAGE),
            hops=[sa.Capture("https://press.example/x", 301, [("Location", URL)], b"moved")],
            robots=sa.Capture("https://press.example/robots.txt", 200, (), ROBOTS, NOW),
            site_files={"/.well-known/tdmrep.json": b"[]"},
            documents={"https://press.example/l.xml": sa.ABSENT},
            found_on=sa.Capture(
                "https://press.example/", 200, [("Content-Type", "text/html")], PAGE
            ),
            policy=sa.Policy.make(
                {"commitment": [{"kind": "credit", "evidence": "https://lab.example/credits"}]}
            ),
            uses=["search"],
            acquired_by="CCBot",
            now=NOW,
        )
    )
    return json.loads(json.dumps(made.document)), made.blobs


def test_the_evidence_of_these_tests_has_every_member_and_is_accepted() -> None:
    document, blobs = kept()
    asked = {"schema", "tool", "wishes", "sha256"}
    sources = {"asset", "hops", "robots", "site_files", "documents", "found_on"}
    assert set(document) == asked | sources
    assert evidence.recompute(document, blobs).notes[-1].code == evidence.RECOMPUTED
    assert sealed(document) == document


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The place of every value in a document."""
    if path:
        yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from leaves(value[key], (*path, key))


PLACES = [path for path in leaves(kept()[0]) if path != ("sha256",)]
ids = ["/".join(map(str, path)) for path in PLACES]


def at(document: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        document = document[key]
    return document


@pytest.mark.parametrize("path", PLACES, ids=ids)
def test_a_change_anywhere_is_found(path: tuple[Any, ...]) -> None:
    document, blobs = kept()
    value = at(document, path)
    at(document, path[:-1])[path[-1]] = [value] if not isinstance(value, str) else value + "x"
    with pytest.raises(EvidenceError):
        evidence.recompute(document, blobs)
    document, _ = kept()
    del at(document, path[:-1])[path[-1]]
    with pytest.raises(EvidenceError):
        evidence.recompute(document, blobs)


@pytest.mark.parametrize("path", PLACES, ids=ids)
def test_nonsense_that_was_sealed_raises_nothing_else(path: tuple[Any, ...]) -> None:
    document, blobs = kept()
    for put in (7, -1, True, "", "\ud800", "0001-01-01T00:00:00+00:00", None, [[]], {}, {"x": 1}):
        at(document, path[:-1])[path[-1]] = deepcopy(put)
        assert outcome(sealed(document), blobs)


def outcome(document: dict[str, Any], blobs: dict[str, bytes]) -> str:
    """What comes of it: the code of the last note, or what the refusal says."""
    try:
        return evidence.recompute(document, blobs).notes[-1].code
    except EvidenceError as error:
        return str(error)


@pytest.mark.parametrize("path", PLACES, ids=ids)
def test_what_is_missing_though_sealed_raises_nothing_else(path: tuple[Any, ...]) -> None:
    document, blobs = kept()
    del at(document, path[:-1])[path[-1]]
    assert outcome(sealed(document), blobs)


Spoil = Callable[[dict[str, Any], dict[str, bytes]], None]


def another_octet(document: dict[str, Any], blobs: dict[str, bytes]) -> None:
    blobs[digest_of_robots(document)] = ROBOTS.replace(b"=n", b"=y")


def digest_of_robots(document: dict[str, Any]) -> str:
    found: str = document["robots"][0]["sha256"]
    return found


def located(document: dict[str, Any]) -> dict[str, Any]:
    """The declaration in the page's ``meta``."""
    (found,) = [
        each
        for (each,) in document["asset"]["findings"]["units"]
        if each["declaration"]["carrier"] == "html-meta"
    ]
    return found


def other_octets(document: dict[str, Any], blobs: dict[str, bytes]) -> None:
    located(document)["declaration"]["octets"] = "PG1ldGE+"


def another_policy(document: dict[str, Any], blobs: dict[str, bytes]) -> None:
    document["wishes"]["policy"]["document"]["on"]["undetermined"] = "skip"


def no_such_policy(document: dict[str, Any], blobs: dict[str, bytes]) -> None:
    policy = document["wishes"]["policy"]
    policy["document"]["of_tomorrow"] = 1
    policy["sha256"] = digest(policy["document"])


SPOILT: list[tuple[str, Spoil, str]] = [
    ("octets of robots.txt that were changed", another_octet, "are not those with SHA-256"),
    ("octets that are missing", lambda document, blobs: blobs.clear(), "are not there"),
    (
        "a length that is another",
        lambda document, blobs: document["robots"][0].update(bytes=1),
        "are not those",
    ),
    ("octets of a declaration that were changed", other_octets, "is not what its id says"),
    (
        "a declaration of another capture",
        lambda document, blobs: document["asset"].update(id="cap-0"),
        "stands in no capture",
    ),
    ("a policy that was changed", another_policy, "the policy is not the one"),
    ("a policy of newer software", no_such_policy, "none that this software reads"),
    (
        "a family that is not there",
        lambda document, blobs: document["wishes"].update(families=["tomorrow"]),
        "'tomorrow'",
    ),
    (
        "a member that is not known",
        lambda document, blobs: document.update(sitemaps=[]),
        "'sitemaps'",
    ),
    (
        "a fact of newer software about a declaration",
        lambda document, blobs: located(document).update(weight=1),
        "Located has no 'weight'",
    ),
    (
        "a fact of newer software about a capture",
        lambda document, blobs: document["asset"].update(protocol="h3"),
        "a capture has no 'protocol'",
    ),
    (
        "a wish of newer software",
        lambda document, blobs: document["wishes"].update(country="DE"),
        "wishes have no 'country'",
    ),
    (
        "a newer schema",
        lambda document, blobs: document.update(schema="signals-agent/evidence/2"),
        "a newer version of signals-agent is needed",
    ),
    (
        "another document",
        lambda document, blobs: document.update(schema="signals-agent/assessment/1"),
        "this is no evidence",
    ),
    (
        "no findings of a page around",
        lambda document, blobs: document["found_on"].pop("findings"),
        "damaged or of newer software",
    ),
    (
        "an empty unit",
        lambda document, blobs: document["asset"]["findings"]["units"].append([]),
        "a unit holds no declaration",
    ),
    (
        "a time without an offset",
        lambda document, blobs: document["wishes"].update(now="2026-11-01T12:00:00"),
        "a time has an offset",
    ),
]


@pytest.mark.parametrize(
    ("spoil", "says"), [each[1:] for each in SPOILT], ids=[each[0] for each in SPOILT]
)
def test_it_is_refused_and_says_why(spoil: Spoil, says: str) -> None:
    document, blobs = kept()
    spoil(document, blobs)
    with pytest.raises(EvidenceError, match=says):
        evidence.recompute(sealed(document), blobs)


def test_a_document_that_is_none_is_refused() -> None:
    for given in (None, [], "signals-agent/evidence/1", {}, {"schema": None}, {1: 2}):
        with pytest.raises(EvidenceError):
            evidence.recompute(given, {})  # type: ignore[arg-type]  # that is the point
    with pytest.raises(EvidenceError, match="no JSON"):
        evidence.recompute({"schema": evidence.SCHEMA, "asset": b""}, {})


def test_a_result_that_was_read_back_has_no_evidence() -> None:
    made = sa.assess(sa.Capture(URL, 200, (), PAGE), now=NOW)
    read = sa.Assessment.model_validate_json(made.model_dump_json())
    with pytest.raises(EvidenceError, match="was read back"):
        evidence.of(read)


def test_the_error_is_one_of_ours() -> None:
    assert issubclass(EvidenceError, SignalsAgentError)
