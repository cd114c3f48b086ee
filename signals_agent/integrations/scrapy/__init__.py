"""Scrapy, made to ask before it fetches, to judge what it fetched, and to mark what it keeps."""

from signals_agent.errors import MissingExtra

try:
    import scrapy  # noqa: F401  # asked for only to know that it is there
except ImportError:
    raise MissingExtra(
        "signals_agent.integrations.scrapy needs Scrapy: pip install 'signals-agent[scrapy]'"
    ) from None

from signals_agent.integrations.scrapy.addon import Addon
from signals_agent.integrations.scrapy.cache import CacheStorage
from signals_agent.integrations.scrapy.items import ObligationsMiddleware, mark
from signals_agent.integrations.scrapy.judged import Judged, Refused
from signals_agent.integrations.scrapy.middleware import DownloaderMiddleware
from signals_agent.integrations.scrapy.resume import ResumeMiddleware
from signals_agent.integrations.scrapy.robots import RobotsParser

__all__ = [
    "Addon",
    "CacheStorage",
    "DownloaderMiddleware",
    "Judged",
    "ObligationsMiddleware",
    "Refused",
    "ResumeMiddleware",
    "RobotsParser",
    "mark",
]
