"""The downloader middleware that answers from the ledger, before anybody is asked."""

from typing import TYPE_CHECKING, Any, Self

from scrapy import Request
from scrapy.exceptions import NotConfigured

from signals_agent import url as urls
from signals_agent.errors import InvalidURL
from signals_agent.integrations.scrapy import captures, choices, shelf
from signals_agent.integrations.scrapy.crawl import Crawl
from signals_agent.integrations.scrapy.judged import Refused

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class ResumeMiddleware:
    """With ``SIGNALS_AGENT_RESUME``: drops what the ledger says is skipped or held, unasked.

    Its place is before Scrapy's robots.txt middleware, so that not even that is asked for:
    ``DOWNLOADER_MIDDLEWARES = {"signals_agent.integrations.scrapy.ResumeMiddleware": 50}``.
    """

    def __init__(self, crawler: "Crawler") -> None:
        """Raises ``NotConfigured`` where there is nothing to resume."""
        if not choices.enabled(crawler.settings):
            raise NotConfigured
        self._crawl = Crawl.of(crawler)
        if not self._crawl.choices.resume:
            raise NotConfigured

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Scrapy's way to make a component."""
        return cls(crawler)

    def process_request(self, request: Request, spider: Any = None) -> None:
        """Raises ``Refused`` with the answer of the ledger."""
        answer(self._crawl, request)


def answer(crawl: Crawl, request: Request) -> None:
    """Raise ``Refused`` where the ledger says so of a page, and ``NotWritten`` where it failed."""
    crawl.account.check()
    ours = shelf.SIDE in request.meta or shelf.robots_asked(request) is not None
    if ours or not _is_page(request.url):
        return
    if captures.followed(request):
        # Its answer is that of the URL which led here, and that was looked up there.
        return
    judged = crawl.account.settled(request)
    if judged is not None:
        raise Refused(judged)


def _is_page(url: str) -> bool:
    """Whether a ledger can have an entry for a URL."""
    try:
        urls.parse(url)
    except InvalidURL:
        return False
    return True
