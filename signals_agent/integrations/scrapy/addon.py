"""All of the integration as one Scrapy add-on: ``ADDONS = {"...scrapy.Addon": 500}``."""

from typing import Final

from scrapy.settings import BaseSettings

from signals_agent.errors import SignalsAgentError
from signals_agent.integrations.scrapy import choices
from signals_agent.integrations.scrapy.cache import CacheStorage
from signals_agent.integrations.scrapy.items import ObligationsMiddleware
from signals_agent.integrations.scrapy.middleware import DownloaderMiddleware
from signals_agent.integrations.scrapy.resume import ResumeMiddleware
from signals_agent.integrations.scrapy.robots import RobotsParser

PLACE: Final = 150
"""Behind Scrapy's robots.txt (100), before retries (550), redirects (600) and its cache (900).

So a request is judged after robots.txt was asked, and a response once nothing more changes it.
"""

FIRST: Final = 50
"""Before Scrapy's robots.txt, so that nothing is asked about what was answered before."""

_ADDON: Final = "addon"


class Addon:
    """Switches the parser, the middlewares, the cache's storage and ``ROBOTSTXT_OBEY`` on.

    What the project or the spider sets itself stays as it is.
    """

    def update_settings(self, settings: BaseSettings) -> None:
        """Put the components in their places (Scrapy's add-on interface).

        Raises ``PolicyError`` or ``ConfigError`` for a setting that cannot be: here, before
        anything else of the crawl is made, the traceback is short.
        """
        _check(settings)
        for name, component, place in (
            ("DOWNLOADER_MIDDLEWARES", ResumeMiddleware, FIRST),
            ("DOWNLOADER_MIDDLEWARES", DownloaderMiddleware, PLACE),
            ("SPIDER_MIDDLEWARES", ObligationsMiddleware, PLACE),
        ):
            settings.setdefault_in_component_priority_dict(name, component, place)
        settings.set("ROBOTSTXT_PARSER", RobotsParser, _ADDON)
        settings.set("ROBOTSTXT_OBEY", True, _ADDON)
        settings.set("HTTPCACHE_STORAGE", CacheStorage, _ADDON)


def _check(settings: BaseSettings) -> None:
    try:
        if choices.enabled(settings):
            choices.Choices.of(settings)
    except SignalsAgentError as error:
        raise choices.told(error) from None
