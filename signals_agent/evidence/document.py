"""The document of what one result rests on, and the octets that go with it (rule R30)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from signals_agent import url as urls
from signals_agent.errors import EvidenceError, InvalidURL
from signals_agent.evidence import captures, located, shape
from signals_agent.families import FAMILIES
from signals_agent.gathered import AssetFindings, record_key
from signals_agent.model.assessment import Assessment
from signals_agent.model.capture import Availability, Capture, Role
from signals_agent.policy import Policy
from signals_agent.resolve.access import Given, robots_url
from signals_agent.result import Basis
from signals_agent.wishes import Wishes

SCHEMA: Final = "signals-agent/evidence/1"
"""The name of the document's schema; what means something else, or more, has another number."""

_DIGEST: Final = "sha256"

SEAL: Final = "sha256"
"""The member that holds the SHA-256 of all others."""

_POLICY: Final = "policy"
_last_policy: Final[dict[str, tuple[Policy, str]]] = {}
"""The policy that was written last, spelled: a run has one, and it does not change."""

# A document is a tree: to look for circles takes a fifth of the time.
_encode: Final = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), check_circular=False
).encode


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a result rests on.

    ``document`` can be written as JSON. ``blobs`` holds the octets of robots.txt, site
    files and named documents by their SHA-256, as 64 hexadecimal digits; never those of
    the asset, of a redirect or of the page around, of which digest and length are kept.
    ``text`` is the document as canonical JSON where it was just made, as it was then; empty
    where it was read.
    """

    document: dict[str, Any]
    blobs: dict[str, bytes]
    text: str = field(default="", compare=False, repr=False)


def of(assessment: Assessment) -> Evidence:
    """What a result rests on; raises ``EvidenceError`` for one that was read back from JSON.

    Of the asset and of the page around it the document holds what was located in their
    octets, how looking ended, and what credit is due for, where it is due.
    """
    basis = assessment.evidence
    if not isinstance(basis, Basis):
        raise EvidenceError(
            f"the result for {assessment.url} was read back, and what it rests on is not in it: "
            "take the evidence from a result that was just made"
        )
    inputs, blobs = basis.inputs, dict[str, bytes]()
    credited = assessment.attribution is not None or bool(assessment.separate_licences)
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "tool": shape.write(assessment.tool),
        "wishes": _wishes(basis.run),
        "asset": _looked_at(inputs.asset, basis.looked),
    }
    if inputs.hops:
        name = record_key(Role.HOP, Availability.PRESENT)
        document["hops"] = [captures.write_bare(hop, hop.memo.get(name)) for hop in inputs.hops]
    robots = _asked(basis)
    document |= {
        name: told
        for name, given in (
            ("robots", {robots_url(origin): each for origin, each in robots.items()}),
            ("site_files", inputs.site_files),
            ("documents", inputs.documents),
        )
        if (told := _sources(given, blobs))
    }
    if inputs.found_on is not None and basis.looked_around is not None:
        document["found_on"] = _looked_at(inputs.found_on, basis.looked_around)
    if credited:
        _add_facts(document, basis)
    # Each member is spelled once, for the seal and for the whole.
    members = {name: _encode(value) for name, value in document.items()}
    sealed = sha256(_object(members).encode("ascii")).hexdigest()
    members[SEAL] = f'"{sealed}"'
    return Evidence({**document, SEAL: sealed}, blobs, _object(members))


def _object(members: Mapping[str, str]) -> str:
    """A JSON object of members that are spelled already; their names need no escape."""
    return "{" + ",".join(f'"{name}":{members[name]}' for name in sorted(members)) + "}"


def as_stored(assessment: Assessment) -> Evidence:
    """The same as ``of``, as it is when it was written to a file and read back."""
    made = of(assessment)
    return Evidence(json.loads(made.text), made.blobs)


def digests(document: Mapping[str, Any]) -> frozenset[str]:
    """The SHA-256 of all octets that go with a document, as ``Evidence.blobs`` has them."""
    kept = ("robots", "site_files", "documents")
    told = (each for name in kept for each in document.get(name, ()))
    return frozenset(each[_DIGEST] for each in told if _DIGEST in each)


def seal(document: Mapping[str, Any]) -> str:
    """The SHA-256 of a document as canonical JSON, its own member left out."""
    rest = {name: value for name, value in document.items() if name != SEAL}
    return sha256(canonical(rest)).hexdigest()


def canonical(document: Any) -> bytes:
    """JSON with sorted members and no space, in ASCII."""
    return _encode(document).encode("ascii")


def _wishes(run: Wishes) -> dict[str, Any]:
    """What was asked for; the policy as the JSON that its digest is of."""
    told: dict[str, Any] = {"tokens": list(run.tokens)}
    if run.acquired_by:
        told["acquired_by"] = run.acquired_by
    if run.uses is not None:
        told["uses"] = [str(use) for use in run.uses]
    told |= {"vocabulary": run.vocabulary, "depth": run.depth, "now": shape.write(run.now)}
    told["policy"] = _policy(run.policy)
    if run.families is not FAMILIES:
        told["families"] = [family.name for family in run.families]
    return told


def _policy(policy: Policy) -> dict[str, Any]:
    """The policy, its digest, and how the checks of its evidence ended when it was loaded."""
    known = _last_policy.get(_POLICY)
    if known is None or known[0] is not policy:
        record = policy.record()
        told = {"document": record["policy"], "sha256": policy.sha256, "checks": record["evidence"]}
        known = _last_policy[_POLICY] = (policy, _encode(told))
    # Read anew, so that nobody's document is part of another's.
    read: dict[str, Any] = json.loads(known[1])
    return read


def _looked_at(capture: Capture, looked: AssetFindings) -> dict[str, Any]:
    """A capture, and what looking at its octets came to."""
    told = captures.write_bare(capture, looked.record)
    return {**told, "findings": located.write(looked)}


def _asked(basis: Basis) -> dict[str, Given]:
    """The robots.txt that bear on the asset: of each hop, and of what was looked at besides."""
    inputs = basis.inputs
    looked = [each.url for each in (*inputs.hops, inputs.asset)]
    looked += [*inputs.site_files, *inputs.documents]
    origins = dict.fromkeys(origin for url in looked if (origin := _origin(url)))
    return {origin: inputs.robots[origin] for origin in origins if origin in inputs.robots}


def _origin(url: str) -> str:
    """The origin of a URL; empty where it is none: a site file's path is as it was given."""
    try:
        return urls.parse(url).origin
    except InvalidURL:
        return ""


def _sources(given: Mapping[str, Given], blobs: dict[str, bytes]) -> list[dict[str, Any]]:
    """Sources whose octets are kept, each with where it was looked for."""
    return [{"at": url, **captures.write_whole(each, url, blobs)} for url, each in given.items()]


def _add_facts(document: dict[str, Any], basis: Basis) -> None:
    """What the page says for a credit line, or the page around it: with the one that says it."""
    # What reads credit is not loaded for those who owe none.
    from signals_agent.locate import html_facts

    asset, page = basis.inputs.asset, basis.inputs.found_on
    facts = html_facts.facts(asset)
    if facts.found or page is None:
        document["asset"]["facts"] = shape.write(facts)
    else:
        around = html_facts.facts_of_file(page, urls.parse(asset.url).text)
        document["found_on"]["facts"] = shape.write(around)
