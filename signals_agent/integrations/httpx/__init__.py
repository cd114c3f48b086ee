"""Transports for httpx that ask before each request and judge each response."""

from signals_agent.integrations.httpx.async_transport import SignalsTransport
from signals_agent.integrations.httpx.gate import EXTENSION, Refused
from signals_agent.integrations.httpx.sync_transport import SyncSignalsTransport

__all__ = ["EXTENSION", "Refused", "SignalsTransport", "SyncSignalsTransport"]
