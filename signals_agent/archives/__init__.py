"""Archive files of the web: the responses that they hold, as captures (rule R32)."""

from signals_agent.errors import MissingExtra

try:
    import fastwarc  # noqa: F401  # asked for only to know that it is there
except ImportError:
    raise MissingExtra(
        "signals_agent.archives needs fastwarc: pip install 'signals-agent[warc]'"
    ) from None

from signals_agent.archives.again import Again
from signals_agent.archives.losses import Loss, Losses
from signals_agent.archives.read import captures
from signals_agent.archives.record import Archived, Kind, Record

__all__ = ["Again", "Archived", "Kind", "Loss", "Losses", "Record", "captures"]
