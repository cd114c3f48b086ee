"""Separate licences: whom to ask for what, for everything that is not plainly permitted."""

from signals_agent.corpus.separate.requests import Overview, Request, Separate, Wanted

__all__ = ["Overview", "Request", "Separate", "Wanted"]
