"""What a result rests on, kept as a document and octets, and weighed anew (rules R29, R30)."""

from signals_agent.evidence.document import SCHEMA, Evidence, of
from signals_agent.evidence.recomputed import RECOMPUTED, recompute

__all__ = ["RECOMPUTED", "SCHEMA", "Evidence", "of", "recompute"]
