"""Results as text to be understood at a glance."""

from signals_agent.report.text.writer import Writer

__all__ = ["Writer"]
