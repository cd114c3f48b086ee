"""A filter for datatrove that keeps what may be ingested and puts on it what is owed."""

try:
    import datatrove.pipeline.filters.base_filter  # noqa: F401  # with all that it loads
    from datatrove.pipeline.readers.base import BaseDiskReader  # noqa: F401  # what it loads
    from loguru import logger  # noqa: F401  # needed by its filters
except ImportError as error:
    from signals_agent.errors import MissingExtra

    raise MissingExtra(
        f"the filter for datatrove needs datatrove and what it loads ({error.name} is missing): "
        "pip install 'signals-agent[datatrove]'"
    ) from error

from signals_agent.integrations.datatrove.filter import KEY, TEXT, SignalsFilter
from signals_agent.integrations.datatrove.sources import Source
from signals_agent.integrations.datatrove.warc import WarcResponses, robots_in, site_files_in

__all__ = [
    "KEY",
    "TEXT",
    "SignalsFilter",
    "Source",
    "WarcResponses",
    "robots_in",
    "site_files_in",
]
