"""What a result rests on, kept as a document and octets, and weighed anew (rules R29, R30)."""

from signals_agent.evidence.document import SCHEMA, Evidence, as_stored, digests, of
from signals_agent.evidence.recomputed import RECOMPUTED, policy_of, recompute, wishes_of

__all__ = [
    "RECOMPUTED",
    "SCHEMA",
    "Evidence",
    "as_stored",
    "digests",
    "of",
    "policy_of",
    "recompute",
    "wishes_of",
]
