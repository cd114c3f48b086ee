"""AIPREF content usage expressions: octets in, an answer for each of our uses out."""

from signals_agent.expression.reading import Expression, read
from signals_agent.expression.said import Finding, Said

__all__ = ["Expression", "Finding", "Said", "read"]
