"""The language-neutral vectors: each file keeps to the format, and each answer is ours."""

import re
import tomllib
from base64 import b64decode
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from signals_agent import Availability, Capture, Policy, Use, assess
from signals_agent.families import FAMILIES
from signals_agent.model.assessment import Assessment
from signals_agent.model.licence import Activity
from signals_agent.plan import wanted_files
from signals_agent.url import parse

FIXTURES = Path(__file__).parents[1] / "fixtures"
RULES = Path(__file__).parents[1] / "docs" / "rules.md"
FILES = sorted((FIXTURES / "vectors").glob("*.toml"))
USES = [str(use) for use in Use]
PREFERENCES = {"disallow", "undetermined", "conditional", "allow", "unknown"}
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

SOURCE = {
    "status": int,
    "headers": list,
    "body": str,
    "body_base64": str,
    "repeat": int,
    "no_body": bool,
    "truncated": bool,
    "availability": str,
    "fetched_at": datetime,
    "updated_by": dict,
    "url": str,
}
INPUT = {
    "url": str,
    "tokens": list,
    "acquired_by": str,
    "uses": list,
    "vocabulary": str,
    "depth": str,
    "now": datetime,
    "policy": dict,
    "asset": (str, dict),
    "robots": (str, dict),
    "robots_of": dict,
    "hops": list,
    "site_files": dict,
    "documents": dict,
    "found_on": dict,
}
EXPECT = {
    "access": str,
    "preference": dict,
    "literal": dict,
    "decision": dict,
    "reasons": dict,
    "obligations": dict,
    "signals": list,
    "owed_to": list,
    "verdict": str,
    "unmet": list,
    "expressions": list,
    "carriers": list,
    "paths": list,
    "notes": list,
    "not_notes": list,
    "coverage": dict,
    "url": str,
    "valid_until": datetime,
    "licences": list,
    "activities": dict,
    "ask": list,
    "credit": str,
}
VECTOR = {
    "id": str,
    "title": str,
    "rules": list,
    "number": int,
    "part": str,
    "why": str,
    "input": dict,
    "expect": dict,
}

# Rules of families and commands that are still to come, or that are shown where they act.
ELSEWHERE = {
    "R10a": "valuation records come with the corpus commands",
    "R30": "what is stored, and recomputed from it, is shown by tests/evidence and tests/store",
}


def load(file: Path) -> list[dict[str, Any]]:
    return tomllib.loads(file.read_text("utf-8"))["vector"]


VECTORS = [vector for file in FILES for vector in load(file)]


def rules() -> set[str]:
    """Every rule that docs/rules.md gives an address."""
    return {f"R{found}" for found in re.findall(r'<a id="r(\d+[a-e]?)"></a>', RULES.read_text())}


def mistakes(table: dict[str, Any], shape: dict[str, Any], where: str) -> list[str]:
    found = [f"{where}: unknown key {key!r}" for key in table.keys() - shape.keys()]
    return found + [
        f"{where}: {key} is of another type"
        for key, value in table.items()
        if key in shape
        and (not isinstance(value, shape[key]) or (shape[key] is int and isinstance(value, bool)))
    ]


def mistakes_in_source(source: Any, where: str, with_url: bool = False) -> list[str]:
    if isinstance(source, str):
        return []
    if not isinstance(source, dict):
        return [f"{where}: neither a body nor a table"]
    found = mistakes(source, SOURCE, where)
    if ("url" in source) is not with_url:
        found.append(f"{where}: url stands in hops and found_on, and only there")
    if source.get("availability", "absent") not in set(Availability) - {"present"}:
        found.append(f"{where}: availability {source['availability']!r}")
    if "availability" in source and source.keys() - {"availability", "url"}:
        found.append(f"{where}: availability stands alone")
    if len(source.keys() & {"body", "body_base64", "no_body"}) > 1:
        found.append(f"{where}: two bodies")
    if "updated_by" in source:
        found += mistakes_in_source(source["updated_by"], f"{where}.updated_by")
    found += [
        f"{where}: a field line is a pair of strings"
        for line in source.get("headers", [])
        if not (isinstance(line, list) and len(line) == 2 and all(isinstance(p, str) for p in line))
    ]
    return found


def mistakes_in_vector(vector: dict[str, Any]) -> list[str]:
    found = mistakes(vector, VECTOR, "vector")
    found += [
        f"{key} is missing" for key in ("id", "title", "rules", "expect") if key not in vector
    ]
    if found:
        return found
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", vector["id"]):
        found.append("the id is not lower-case words joined by '-'")
    if not vector["rules"]:
        found.append("no rule is cited")
    if not vector["expect"].keys() - {"not_notes"}:
        found.append("nothing is expected")
    if "part" in vector and "number" not in vector:
        found.append("a part of no worked input")
    given, expect = vector.get("input", {}), vector["expect"]
    found += mistakes(given, INPUT, "input") + mistakes(expect, EXPECT, "expect")
    for key in ("asset", "robots"):
        if key in given:
            found += mistakes_in_source(given[key], f"input.{key}")
    for key in ("robots_of", "site_files", "documents"):
        for name, source in given.get(key, {}).items():
            found += mistakes_in_source(source, f"input.{key}.{name}")
    for index, source in enumerate(given.get("hops", [])):
        found += mistakes_in_source(source, f"input.hops[{index}]", with_url=True)
    if "found_on" in given:
        found += mistakes_in_source(given["found_on"], "input.found_on", with_url=True)
    for key in ("preference", "literal", "decision", "reasons", "obligations"):
        found += [
            f"expect.{key}: {use!r} is not a use"
            for use in expect.get(key, {})
            if use not in {*USES, "every"}
        ]
    for key in ("preference", "literal"):
        found += [
            f"expect.{key}: {answer!r} is not an answer"
            for answer in expect.get(key, {}).values()
            if answer not in PREFERENCES
        ]
    return found


def capture_of(source: str | dict[str, Any], url: str, markup: bool = False) -> Any:
    """A source of a vector as our own assess takes it."""
    if isinstance(source, str):
        source = {"body": source}
    if "availability" in source:
        state = Availability(source["availability"])
        return Capture(url, availability=state, body=None) if markup or "url" in source else state
    headers = [(name, value.encode()) for name, value in source.get("headers", [])]
    if markup and not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", b"text/html; charset=utf-8"))
    default = "<!DOCTYPE html><html><head><title>x</title></head><body></body></html>"
    if source.get("no_body"):
        body = None
    elif "body_base64" in source:
        body = b64decode(source["body_base64"], validate=True)
    else:
        body = source.get("body", default if markup else "").encode() * source.get("repeat", 1)
    capture = Capture(
        source.get("url", url),
        status=source.get("status", 200),
        headers=headers,
        body=body,
        truncated=source.get("truncated", False),
        fetched_at=source.get("fetched_at"),
    )
    if "updated_by" in source:
        return capture.refreshed(capture_of(source["updated_by"], url))
    return capture


def run(given: dict[str, Any]) -> Assessment:
    """What we make of a vector's input."""
    url = given.get("url", "https://site.example/post")
    origin = parse(url).origin
    hops = [capture_of(hop, hop["url"]) for hop in given.get("hops", [])]
    absent: Any = Availability.ABSENT
    robots = {parse(each.url).origin: absent for each in hops}
    robots[origin] = absent
    if "robots" in given:
        robots[origin] = capture_of(given["robots"], origin + "/robots.txt")
    for other, source in given.get("robots_of", {}).items():
        robots[other] = capture_of(source, other + "/robots.txt")
    policy = Policy.make(given["policy"], "vector") if "policy" in given else None
    files: dict[str, Any] = {
        file.path: absent
        for file in wanted_files(FAMILIES, policy.sources if policy else "default")
    }
    for path, source in given.get("site_files", {}).items():
        files[path] = capture_of(source, origin + path)
    page = given.get("found_on")
    return assess(
        capture_of(given.get("asset", {}), url, markup=True),
        robots=robots,
        hops=hops,
        site_files=files,
        documents={at: capture_of(source, at) for at, source in given.get("documents", {}).items()},
        found_on=capture_of(page, page["url"], markup=True) if page else None,
        tokens=given.get("tokens", ["ExampleBot"]),
        acquired_by=given.get("acquired_by"),
        policy=policy,
        uses=given.get("uses"),
        vocabulary=given.get("vocabulary", "cumulative"),
        depth=given.get("depth", "page"),
        now=given.get("now", NOW),
    )


def per_use(expected: dict[str, Any]) -> dict[str, Any]:
    every = dict.fromkeys(USES, expected["every"]) if "every" in expected else {}
    return every | {use: value for use, value in expected.items() if use != "every"}


def observed(result: Assessment, expect: dict[str, Any]) -> dict[str, Any]:
    """What the result says of everything that is expected, in the vector's own shape."""
    binding = [due for due in result.obligations if due.binding]
    kinds = {due.id: str(due.kind) for due in binding}
    notes = {note.code for note in result.notes}
    coverage = {each.source: str(each.availability) for each in result.coverage}
    seen: dict[str, Any] = {
        "access": str(result.access.answer),
        "signals": {due.signal for due in binding},
        "owed_to": {(due.to.name, due.to.inferred) for due in binding},
        "verdict": str(result.verdict.decision) if result.verdict else "none",
        "unmet": {kinds[each] for each in result.verdict.unmet} if result.verdict else set(),
        "expressions": Counter(each.expression for each in result.declarations),
        "carriers": {each.carrier for each in result.declarations},
        "paths": {each.scope.path for each in result.declarations if each.scope.path},
        "notes": notes & set(expect.get("notes", [])),
        "not_notes": notes & set(expect.get("not_notes", [])),
        "coverage": {url: coverage.get(url) for url in expect.get("coverage", {})},
        "url": result.url,
        "valid_until": result.valid_until,
        "licences": {(one.label, str(one.scope), one.governs) for one in result.licences},
        "ask": [str(each.kind) for one in result.separate_licences for each in one.ask],
        "credit": result.citation("text"),
    }
    seen["activities"] = {
        activity: {
            str(one.activities[Activity(activity)].answer) for one in result.licences if one.governs
        }
        for activity in expect.get("activities", {})
    }
    for key in ("preference", "literal", "decision"):
        seen[key] = {
            use: str(getattr(result.uses[Use(use)], key)) for use in per_use(expect.get(key, {}))
        }
    seen["reasons"] = {
        use: [str(reason.code) for reason in result.uses[Use(use)].reasons]
        for use in per_use(expect.get("reasons", {}))
    }
    seen["obligations"] = {
        use: {kinds[each] for each in result.uses[Use(use)].obligations if each in kinds}
        for use in per_use(expect.get("obligations", {}))
    }
    return {key: seen[key] for key in expect}


def wanted(expect: dict[str, Any]) -> dict[str, Any]:
    """The expectation in the shape that can be compared."""
    shaped = dict(expect)
    for key in ("signals", "unmet", "carriers", "paths", "notes"):
        if key in shaped:
            shaped[key] = set(shaped[key])
    for key in ("preference", "literal", "decision", "reasons"):
        if key in shaped:
            shaped[key] = per_use(shaped[key])
    if "obligations" in shaped:
        shaped["obligations"] = {
            use: set(kinds) for use, kinds in per_use(shaped["obligations"]).items()
        }
    if "owed_to" in shaped:
        shaped["owed_to"] = {(party["name"], party["inferred"]) for party in shaped["owed_to"]}
    if "expressions" in shaped:
        shaped["expressions"] = Counter(shaped["expressions"])
    if "licences" in shaped:
        shaped["licences"] = {
            (one["label"], one["scope"], one["governs"]) for one in shaped["licences"]
        }
    if "activities" in shaped:
        shaped["activities"] = {
            activity: {answers} if isinstance(answers, str) else set(answers)
            for activity, answers in shaped["activities"].items()
        }
    if "not_notes" in shaped:
        shaped["not_notes"] = set()
    return shaped


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_a_vector_keeps_to_the_format(vector: dict[str, Any]) -> None:
    assert mistakes_in_vector(vector) == []


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_a_vector_gets_its_answer(vector: dict[str, Any]) -> None:
    result = run(vector.get("input", {}))
    assert observed(result, vector["expect"]) == wanted(vector["expect"]), vector["title"]


def test_ids_and_worked_inputs_are_unique() -> None:
    ids = Counter(vector["id"] for vector in VECTORS)
    assert [each for each, count in ids.items() if count > 1] == []
    numbers = Counter(
        (vector["number"], vector.get("part", "")) for vector in VECTORS if "number" in vector
    )
    assert [each for each, count in numbers.items() if count > 1] == []


def test_every_worked_input_is_a_vector() -> None:
    numbers = {vector["number"] for vector in VECTORS if "number" in vector}
    assert numbers == set(range(1, 49))


def cited() -> set[str]:
    """The rules that a vector or a declaration fixture cites."""
    found = {rule for vector in VECTORS for rule in vector["rules"]}
    for file in (FIXTURES / "declarations").rglob("*.toml"):
        found |= set(re.findall(r"\bR\d+[a-e]?\b", file.read_text("utf-8")))
    return found


def test_every_rule_is_cited_by_a_fixture() -> None:
    assert rules() - cited() - ELSEWHERE.keys() == set()


def test_no_rule_is_excused_that_a_fixture_cites() -> None:
    assert cited() & ELSEWHERE.keys() == set()


def test_only_rules_that_exist_are_cited() -> None:
    assert {rule for vector in VECTORS for rule in vector["rules"]} - rules() == set()


@pytest.mark.parametrize(
    ("spoilt", "complaint"),
    [
        ({"surprise": 1}, "unknown key 'surprise'"),
        ({"input": {"robot": ""}}, "unknown key 'robot'"),
        ({"input": {"asset": {"status": "200"}}}, "status is of another type"),
        ({"input": {"robots": {"availability": "gone"}}}, "availability 'gone'"),
        ({"input": {"hops": [{"status": 301}]}}, "url stands in hops"),
        ({"expect": {"preference": {"train-ai": "allow"}}}, "'train-ai' is not a use"),
        ({"expect": {"preference": {"search": "yes"}}}, "'yes' is not an answer"),
        ({"expect": {}}, "nothing is expected"),
        ({"rules": []}, "no rule is cited"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_spoilt_vector_is_refused(spoilt: dict[str, Any], complaint: str) -> None:
    sound = {"id": "a-b", "title": "A.", "rules": ["R1"], "expect": {"access": "allowed"}}
    assert mistakes_in_vector(sound) == []
    assert complaint in "; ".join(mistakes_in_vector(sound | spoilt))
