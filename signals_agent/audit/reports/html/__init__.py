"""The report as one self-contained page, given piece by piece."""

from signals_agent.audit.reports.html.page import write, write_run

__all__ = ["write", "write_run"]
