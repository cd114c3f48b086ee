"""The caps on what is read, each with its default (rule R39)."""

from dataclasses import dataclass, fields

from signals_agent.errors import UsageError


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps on one URL; seconds and octets. A cap that is hit fails closed.

    ``timeout`` covers a URL as a whole, site files and redirects included, but not the
    time waited for a place in a host's queue. ``max_body_bytes`` counts octets after
    decompression of HTML, text and XML; ``max_other_bytes`` those of anything else.
    """

    timeout: float = 60.0
    connect_timeout: float = 10.0
    max_header_bytes: int = 64 * 1024
    max_body_bytes: int = 5 * 1024 * 1024
    max_other_bytes: int = 1024 * 1024
    max_ratio: float = 100.0
    max_redirects: int = 10
    max_robots_redirects: int = 5
    max_retry_after: float = 30.0
    max_crawl_delay: float = 30.0
    max_robots_bytes: int = 512_000
    max_site_file_bytes: int = 1024 * 1024
    max_document_bytes: int = 1024 * 1024

    def __post_init__(self) -> None:
        """Refuse what would switch a cap off; raises ``UsageError``."""
        for each in fields(self):
            value = getattr(self, each.name)
            if not isinstance(value, int | float) or not value >= 0 or value == float("inf"):
                raise UsageError(f"the limit {each.name} is a number from 0 up, not {value!r}")


DEFAULT_LIMITS = Limits()
MAX_EXPRESSION = 8 * 1024
"""Octets of one expression that are read; a longer one is unreadable (rule R39)."""
