"""What a result rests on, kept as a document and octets, and weighed anew (rules R29, R30)."""

from signals_agent.evidence.document import SCHEMA, Evidence, digests, of
from signals_agent.evidence.recomputed import RECOMPUTED, policy_of, recompute

__all__ = ["RECOMPUTED", "SCHEMA", "Evidence", "digests", "of", "policy_of", "recompute"]
