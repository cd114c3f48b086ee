"""A result weighed anew from its evidence, without the page (rules R29, R30)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from signals_agent import url as urls
from signals_agent.errors import EvidenceError, PolicyError
from signals_agent.evidence import captures, located, shape
from signals_agent.evidence.document import SCHEMA, SEAL, canonical, seal
from signals_agent.families import FAMILIES
from signals_agent.family import Family
from signals_agent.gathered import AssetFindings, Inputs
from signals_agent.model.assessment import Assessment
from signals_agent.model.capture import Capture, Role
from signals_agent.model.note import Note, Severity
from signals_agent.pipeline import consider
from signals_agent.policy import Policy
from signals_agent.resolve.access import Given
from signals_agent.wishes import Wishes, inputs_of

RECOMPUTED: Final = "recomputed-from-evidence"
"""The code of the note that a result was recomputed."""

_MEMBERS: Final = frozenset(
    {"schema", "tool", "wishes", "asset", "hops", "robots", "site_files", "documents", "found_on"}
)
_WISHES: Final = frozenset(
    {"tokens", "acquired_by", "uses", "vocabulary", "depth", "now", "policy", "families"}
)
_NUMBERED: Final = re.compile(r"signals-agent/evidence/([0-9]{1,9})")


def recompute(
    document: Mapping[str, Any], blobs: Mapping[str, bytes], by: Wishes | None = None
) -> Assessment:
    """The result that a stored document comes to, by the code and tables of today.

    What stands in robots.txt, site files, named documents and header sections is read
    anew; what stands in the asset, and in the page around it, is as it was located then,
    and only weighed anew. The last note says so. Times are those of the document. With
    ``by`` it is weighed for other wishes than then: their policy, tokens, uses and
    vocabulary. Raises ``EvidenceError`` where the document is none, is damaged, contradicts
    itself or was written by newer software, and where octets are missing or are not what
    was hashed.
    """
    _check(document)
    try:
        result, digest = _weighed(document, blobs, by)
    except EvidenceError:
        raise
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise EvidenceError(f"the evidence is damaged or of newer software: {error}") from error
    verdict = result.verdict
    if verdict is not None:
        # The digest is of the policy as it was written, whatever defaults have come since.
        policy = replace(verdict.policy, sha256=digest)
        verdict = replace(verdict, policy=policy)
    return result.model_copy(update={"verdict": verdict, "notes": (*result.notes, _note(document))})


def policy_of(document: Mapping[str, Any]) -> Policy:
    """The policy that decided, as it was then; raises ``EvidenceError`` as ``recompute`` does."""
    _check(document)
    try:
        return _policy(document["wishes"]["policy"])[0]
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise EvidenceError(f"the evidence is damaged or of newer software: {error}") from error


def wishes_of(document: Mapping[str, Any]) -> Wishes:
    """What was asked for then; raises ``EvidenceError`` as ``recompute`` does."""
    _check(document)
    try:
        wishes = document["wishes"]
        return _wishes(wishes, _policy(wishes["policy"])[0])
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise EvidenceError(f"the evidence is damaged or of newer software: {error}") from error


def _check(document: object) -> None:
    """Whether it is a document that this software reads, and the one that was written."""
    if not isinstance(document, Mapping):
        raise EvidenceError(f"evidence is a document, not {type(document).__name__}")
    named = _NUMBERED.fullmatch(str(document.get("schema", "")))
    if named is None:
        raise EvidenceError(f"this is no evidence: its schema is {document.get('schema')!r}")
    if document["schema"] != SCHEMA:
        raise EvidenceError(
            f"the evidence is of schema {named[0]}, and this software reads {SCHEMA}: "
            "a newer version of signals-agent is needed"
        )
    try:
        told = seal(document)
    except (TypeError, ValueError, RecursionError) as error:
        raise EvidenceError(f"the evidence is no JSON: {error}") from None
    if document.get(SEAL) != told:
        raise EvidenceError("the evidence was changed: it is not what its SHA-256 says")
    if unknown := sorted(map(str, document.keys() - _MEMBERS - {SEAL})):
        raise EvidenceError(f"the evidence has a member that is not known: {unknown[0]!r}")


def _weighed(
    document: Mapping[str, Any], blobs: Mapping[str, bytes], by: Wishes | None
) -> tuple[Assessment, str]:
    wishes = document["wishes"]
    if wishes.keys() - _WISHES:
        raise ValueError(f"wishes have no {sorted(wishes.keys() - _WISHES)[0]!r}")
    policy, digest = _policy(wishes["policy"])
    run = _wishes(wishes, policy)
    if by is not None:
        run, digest = replace(by, depth=run.depth, now=run.now), by.policy.sha256
    asset, looked = _looked_at(document["asset"])
    found_on: Capture | None = None
    around: AssetFindings | None = None
    if "found_on" in document:
        of_file = f" of {urls.parse(asset.url).text}"
        found_on, around = _looked_at(document["found_on"], of_file)
    origin = urls.parse(asset.url).origin
    inputs: Inputs = inputs_of(
        run,
        asset,
        _sources(document, "robots", blobs, lambda url: urls.parse(url).origin),
        [captures.read_bare(told, Role.HOP)[0] for told in document.get("hops", ())],
        # A path goes in as the path that was given: by a URL it would be in its normal form.
        _sources(document, "site_files", blobs, lambda url: _path(url, origin)),
        _sources(document, "documents", blobs),
        found_on,
    )
    inputs = replace(inputs, looked=looked, looked_around=around)
    return consider(run, inputs).assessment, digest


def _wishes(told: Mapping[str, Any], policy: Policy) -> Wishes:
    """What was asked for, checked as it was then."""
    run = Wishes.prepare(
        None,
        shape.read(tuple[str, ...], told["tokens"]),
        told.get("acquired_by"),
        policy,
        told.get("uses"),
        told["vocabulary"],
        told["depth"],
        shape.read(datetime, told["now"]),
        _families(told["families"]) if "families" in told else None,
    )
    return run if "uses" in told else replace(run, uses=None)


def _families(names: list[str]) -> tuple[Family, ...]:
    known = {family.name: family for family in FAMILIES}
    missing = [name for name in names if name not in known]
    if missing:
        raise EvidenceError(f"the evidence rests on a family that is not there: {missing[0]!r}")
    return tuple(known[name] for name in names)


def _policy(told: Mapping[str, Any]) -> tuple[Policy, str]:
    """The policy, and the digest of it as it was written then.

    What its commitments and agreements put forward is not looked at again (rule R29).
    """
    document, digest = told["document"], told["sha256"]
    if sha256(canonical(document)).hexdigest() != digest:
        raise EvidenceError("the policy is not the one that its SHA-256 is of")
    try:
        return Policy.from_record({"policy": document, "evidence": told["checks"]}), digest
    except PolicyError as error:
        raise EvidenceError(f"the policy is none that this software reads: {error}") from error


def _looked_at(told: Mapping[str, Any], of_file: str = "") -> tuple[Capture, AssetFindings]:
    """A capture without its octets, and what looking at them came to."""
    rest = {name: value for name, value in told.items() if name not in ("findings", "facts")}
    capture, record = captures.read_bare(rest, Role.ASSET)
    if "facts" in told:
        # What reads credit is not loaded for those who owe none.
        from signals_agent.locate.html_facts import PageFacts

        capture.memo[f"page-facts{of_file}"] = shape.read(PageFacts, told["facts"])
    return capture, located.read(told["findings"], record)


def _sources(
    document: Mapping[str, Any],
    name: str,
    blobs: Mapping[str, bytes],
    key: Callable[[str], str] = str,
) -> dict[str, Given]:
    """Sources with their octets, by where they were looked for."""
    return {
        key(told["at"]): captures.read_whole(
            {name: value for name, value in told.items() if name != "at"}, blobs
        )
        for told in document.get(name, ())
    }


def _path(url: str, origin: str) -> str:
    """The path of a site file on an origin; a URL of another origin as it is."""
    return url.removeprefix(origin) if url.startswith(f"{origin}/") else url


def _note(document: Mapping[str, Any]) -> Note:
    around = " and in the page around it" if "found_on" in document else ""
    return Note(
        code=RECOMPUTED,
        severity=Severity.INFO,
        summary=(
            f"recomputed: what stands in the asset{around} is as it was located when the "
            "evidence was taken, and was not looked for again"
        ),
        clause="rule R30",
    )
