"""Transports for httpx that ask before each request and judge each response."""

from signals_agent.integrations.httpx.gate import EXTENSION, Refused
from signals_agent.integrations.httpx.transports import SignalsTransport, SyncSignalsTransport

__all__ = ["EXTENSION", "Refused", "SignalsTransport", "SyncSignalsTransport"]
