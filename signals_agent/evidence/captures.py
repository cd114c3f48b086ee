"""One capture in JSON, with its octets beside it or without them (rule R30)."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from signals_agent import url as urls
from signals_agent.errors import EvidenceError
from signals_agent.evidence import shape
from signals_agent.gathered import record_key
from signals_agent.model.capture import Availability, Capture, CaptureRecord, Role
from signals_agent.model.digest import Digest
from signals_agent.resolve.access import Given

_DIGEST: Final = "sha256"
_HEADERS: Final = tuple[tuple[str, str], ...]
_NOTES: Final = tuple[str, ...]
_MEMBERS: Final = frozenset(
    {
        "url",
        "status",
        "headers",
        "fetched_at",
        "truncated",
        "availability",
        "failure",
        "notes",
        "sha256",
        "bytes",
    }
)


def write(capture: Capture) -> dict[str, Any]:
    """A capture without its octets: all header fields, in Latin-1, and how it was come by."""
    told: dict[str, Any] = {"url": capture.url}
    if capture.status is not None:
        told["status"] = int(capture.status)
    if capture.headers:
        told["headers"] = [
            [name.decode("latin-1"), value.decode("latin-1")] for name, value in capture.headers
        ]
    if capture.fetched_at is not None:
        told["fetched_at"] = shape.write(capture.fetched_at)
    if capture.truncated:
        told["truncated"] = True
    if capture.availability is not None:
        told["availability"] = str(capture.availability)
    if capture.failure:
        told["failure"] = capture.failure
    if capture.notes:
        told["notes"] = list(capture.notes)
    return told


def write_whole(given: Given, url: str, blobs: dict[str, bytes]) -> dict[str, Any]:
    """A source whose octets are kept; ``url`` is where it stands, if it is octets alone."""
    if isinstance(given, Availability):
        return {"looked": str(given)}
    capture = given if isinstance(given, Capture) else Capture(url, status=200, body=given)
    told = write(capture)
    if capture.body is not None:
        digest = capture.memo.get(_DIGEST)
        if digest is None:
            # Of a robots.txt this is asked for every page of its origin.
            digest = capture.memo[_DIGEST] = sha256(capture.body).hexdigest()
        blobs[digest] = capture.body
        told |= {"sha256": digest, "bytes": len(capture.body)}
    return told


def write_bare(capture: Capture, record: CaptureRecord | None) -> dict[str, Any]:
    """A capture whose octets are not kept, and what its record says of them.

    ``id`` is that of the record, and ``state`` how looking at the capture ended at first.
    """
    told = write(capture)
    if record is not None:
        told |= {"id": record.id, "state": str(record.availability)}
        if record.sha256 is not None and record.bytes is not None:
            told |= {"sha256": record.sha256.hexdigest, "bytes": record.bytes}
    return told


def read(told: dict[str, Any], body: bytes | None = None) -> Capture:
    """The capture; raises ``ValueError`` and its like where it is none."""
    if told.keys() - _MEMBERS:
        raise ValueError(f"a capture has no {sorted(told.keys() - _MEMBERS)[0]!r}")
    return Capture(
        told["url"],
        status=_read(int, told, "status"),
        headers=_read(_HEADERS, told, "headers") or (),
        body=body,
        fetched_at=_read(datetime, told, "fetched_at"),
        truncated=_read(bool, told, "truncated") or False,
        availability=_read(Availability, told, "availability"),
        failure=_read(str, told, "failure") or "",
        notes=_read(_NOTES, told, "notes") or (),
    )


def read_whole(told: dict[str, Any], blobs: Mapping[str, bytes]) -> Given:
    """A source with its octets; raises ``EvidenceError`` where these are others, or missing."""
    if "looked" in told:
        return Availability(told["looked"])
    digest = _read(str, told, "sha256")
    if digest is None:
        return read(told)
    body = blobs.get(digest)
    if body is None:
        raise EvidenceError(f"the octets of {told['url']} are not there (SHA-256 {digest})")
    if len(body) != told["bytes"] or sha256(body).hexdigest() != digest:
        raise EvidenceError(f"the octets of {told['url']} are not those with SHA-256 {digest}")
    return read(told, body)


def read_bare(told: dict[str, Any], role: Role) -> tuple[Capture, CaptureRecord | None]:
    """A capture without its octets, and what is known of them, which it keeps."""
    capture = read({name: told[name] for name in told.keys() - {"id", "state"}})
    if "id" not in told:
        return capture, None
    digest = _read(str, told, "sha256")
    record = CaptureRecord(
        id=shape.read(str, told["id"]),
        role=role,
        url=urls.parse(capture.url).text,
        availability=shape.read(Availability, told["state"]),
        status=capture.status,
        sha256=None if digest is None else Digest(None, digest),
        bytes=_read(int, told, "bytes"),
        fetched_at=capture.fetched_at,
    )
    capture.memo[record_key(role, record.availability)] = record
    return capture, record


def _read(kind: Any, told: dict[str, Any], name: str) -> Any:
    """A member, or ``None`` where it is not there."""
    return shape.read(kind, told[name]) if name in told else None
