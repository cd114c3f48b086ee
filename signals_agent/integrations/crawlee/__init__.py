"""Hooks for Crawlee that skip what is refused, before the request and before the handler."""

try:
    import crawlee  # noqa: F401  # asked for only to know that it is there
    from crawlee.http_clients import HttpxHttpClient  # noqa: F401  # needs one of its extras
except ImportError as error:
    from signals_agent.errors import MissingExtra

    raise MissingExtra(
        f"the hooks for Crawlee need crawlee ({error.name} is missing): "
        "pip install 'signals-agent[crawlee]'"
    ) from error

from signals_agent.integrations.crawlee.account import OnAssessment
from signals_agent.integrations.crawlee.signals import OnHold, Signals

__all__ = ["OnAssessment", "OnHold", "Signals"]
