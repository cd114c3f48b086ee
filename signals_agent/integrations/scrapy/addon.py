"""All of the integration as one Scrapy add-on: ``ADDONS = {"...scrapy.Addon": 500}``."""

from typing import Final

from scrapy.settings import BaseSettings

from signals_agent.integrations.scrapy.items import ObligationsMiddleware
from signals_agent.integrations.scrapy.middleware import DownloaderMiddleware
from signals_agent.integrations.scrapy.robots import RobotsParser

PLACE: Final = 150
"""Behind Scrapy's robots.txt (100), before retries (550), redirects (600) and its cache (900).

So a request is judged after robots.txt was asked, and a response once nothing more changes it.
"""

_ADDON: Final = "addon"


class Addon:
    """Switches the parser, both middlewares and ``ROBOTSTXT_OBEY`` on.

    What the project or the spider sets itself stays as it is.
    """

    def update_settings(self, settings: BaseSettings) -> None:
        """Put the components in their places (Scrapy's add-on interface)."""
        for name, component, place in (
            ("DOWNLOADER_MIDDLEWARES", DownloaderMiddleware, PLACE),
            ("SPIDER_MIDDLEWARES", ObligationsMiddleware, PLACE),
        ):
            settings.setdefault_in_component_priority_dict(name, component, place)
        settings.set("ROBOTSTXT_PARSER", RobotsParser, _ADDON)
        settings.set("ROBOTSTXT_OBEY", True, _ADDON)
