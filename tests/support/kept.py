"""A result weighed anew from its evidence, as it was written to a file and read back."""

import json
from hashlib import sha256
from typing import Any

import signals_agent as sa
from signals_agent import evidence


def again(result: sa.Assessment) -> sa.Assessment:
    """The same result from its evidence alone, written and read back."""
    kept = evidence.of(result)
    return evidence.recompute(json.loads(json.dumps(kept.document)), dict(kept.blobs))


def without_note(recomputed: sa.Assessment) -> sa.Assessment:
    """It without the note that it was recomputed, which must be its last one."""
    assert recomputed.notes[-1].code == evidence.RECOMPUTED
    return recomputed.model_copy(update={"notes": recomputed.notes[:-1]})


def digest(document: object) -> str:
    """The SHA-256 of JSON with sorted members and no space."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()


def sealed(document: dict[str, Any]) -> dict[str, Any]:
    """A changed document as whoever writes such documents would have closed it."""
    rest = {name: value for name, value in document.items() if name != "sha256"}
    return {**rest, "sha256": digest(rest)}
