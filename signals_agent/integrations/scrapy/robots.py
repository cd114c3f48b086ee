"""A robots.txt parser for Scrapy that answers by our rules, and keeps what else the file says."""

from typing import TYPE_CHECKING, Self

from scrapy.robotstxt import RobotParser
from scrapy.utils.python import to_unicode

from signals_agent import pipeline
from signals_agent import url as urls
from signals_agent.errors import InvalidURL
from signals_agent.integrations.scrapy.choices import product
from signals_agent.integrations.scrapy.crawl import Crawl
from signals_agent.integrations.scrapy.shelf import asks_robots
from signals_agent.model.capture import Capture
from signals_agent.model.resolution import AccessAnswer
from signals_agent.resolve import access
from signals_agent.resolve.access import Given
from signals_agent.robots import match

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class RobotsParser(RobotParser):
    """``ROBOTSTXT_PARSER = "signals_agent.integrations.scrapy.RobotsParser"``.

    Scrapy hands over a body alone, and that of an error page too. Where the downloader
    middleware saw the response, its status counts (rule R15): what was unreachable refuses.
    """

    def __init__(self, crawl: Crawl, body: bytes) -> None:
        """``body`` is what Scrapy has fetched."""
        self._crawl = crawl
        self.body = body

    @classmethod
    def from_crawler(cls, crawler: "Crawler", robotstxt_body: bytes) -> Self:
        """Scrapy's way to make a parser."""
        return cls(Crawl.of(crawler), robotstxt_body)

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:
        """Whether robots.txt lets both our product tokens and this user agent fetch the URL."""
        try:
            asked = urls.parse(to_unicode(url))
        except InvalidURL:
            return False
        if asks_robots(asked.text):
            return True
        given = self._given(asked.origin)
        answers = {self._crawl.access(asked, given)}
        token = product(to_unicode(user_agent)).lower()
        if token and not any(token in tokens for tokens in self._crawl.choices.sets):
            robots = access.source(asked.origin, given)
            hop, _ = access.answer(robots, asked, match.target(asked.target), ((token,),))
            answers.add(hop.answer)
        if AccessAnswer.DISALLOWED in answers:
            return self._crawl.choices.lifted(asked.text)
        # To observe is to drop nothing that Scrapy would not: a failed robots.txt allows there.
        return answers == {AccessAnswer.ALLOWED} or self._crawl.choices.observe

    def crawl_delay(self, user_agent: str | bytes) -> float | None:
        """The ``Crawl-delay`` that is asked of us, in seconds, at most 30 (rule R15)."""
        del user_agent
        return self._crawl.crawl_delay("https://any.invalid", self.body)

    def permit(self, url: str) -> pipeline.Permit:
        """What this robots.txt alone settles about a URL, with reasons and obligations.

        For handlers of Scrapy's signal ``robots_parsed``. Raises ``InvalidURL``.
        """
        choices = self._crawl.choices
        return pipeline.permit(
            url,
            robots=self._given(urls.parse(url).origin),
            tokens=choices.run.tokens,
            acquired_by=choices.run.acquired_by,
            policy=choices.policy,
        )

    def _given(self, origin: str) -> Given:
        """What was captured for the origin; else the octets, as Scrapy takes them for its own."""
        kept: Capture | None = self._crawl.shelf.kept(access.robots_url(origin))
        return self.body if kept is None else kept
