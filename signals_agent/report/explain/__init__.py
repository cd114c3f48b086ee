"""Results as the tree from octets to statement, rule, use and decision."""

from signals_agent.report.explain.tree import Writer

__all__ = ["Writer"]
