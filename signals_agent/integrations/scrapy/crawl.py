"""What one crawl knows: its settings, and what its sites have said so far."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary, proxy

from signals_agent import before, plan
from signals_agent import url as urls
from signals_agent.errors import SignalsAgentError
from signals_agent.families import FAMILIES
from signals_agent.integrations.scrapy.account import Account
from signals_agent.integrations.scrapy.choices import Choices, told
from signals_agent.integrations.scrapy.shelf import Shelf
from signals_agent.limits import DEFAULT_LIMITS
from signals_agent.model.capture import Availability, Capture, Role
from signals_agent.model.document import Naming
from signals_agent.model.resolution import AccessAnswer
from signals_agent.pipeline import Considered, consider
from signals_agent.plan import Known
from signals_agent.resolve import access
from signals_agent.resolve.access import Given
from signals_agent.robots import groups, match
from signals_agent.wishes import inputs_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_UNLOOKED = Availability.NOT_LOOKED


class Crawl:
    """What the parser and the middleware of one crawler share; ``of`` gives it."""

    def __init__(self, crawler: "Crawler") -> None:
        """Reads the settings; raises ``PolicyError`` or ``ConfigError``."""
        try:
            self.choices = Choices.of(crawler.settings)
        except SignalsAgentError as error:
            raise told(error) from None
        self.choices.warn(crawler.settings)
        # Weak, or what is kept by crawler would keep the crawler.
        self._crawler: Crawler = proxy(crawler)
        self.shelf = Shelf(self._crawler, self._count, offline=self.choices.offline)
        self._account: Account | None = None
        self._key = f"skip of crawl {id(self)}"

    @classmethod
    def of(cls, crawler: "Crawler") -> "Crawl":
        """The one of a crawler."""
        known = _CRAWLS.get(crawler)
        if known is None:
            known = _CRAWLS[crawler] = cls(crawler)
        return known

    @property
    def account(self) -> Account:
        """What became of each asset; its ledger is opened when it is first asked for."""
        if self._account is None:
            self._account = Account(self._crawler, self.choices)
        return self._account

    def _count(self, role: Role) -> None:
        if self._crawler.stats is not None:
            self._crawler.stats.inc_value(f"signals_agent/asked/{role}")

    async def look(self, known: Known) -> tuple[Known, Considered | None]:
        """Fetch what the plan wants, the asset apart, until it wants nothing.

        The result is missing where the asset is still to come and nothing stands against it.
        """
        known = await self._with_hops(known)
        named: tuple[Naming, ...] = ()
        while True:
            known = self._narrowed(known)
            wants = plan.next_wants(
                known,
                families=FAMILIES,
                tokens=self.choices.run.tokens,
                acquired_by=self.choices.run.acquired_by,
                sources=self.choices.policy.sources,
                lifted=self.choices.lifted,
                named=named,
            )
            if wants and wants[0].role is not Role.ASSET:
                for want in wants:
                    known = await self._fetched(want, known)
                continue
            known = _left_alone(named, known)
            if wants:
                told_before = self._before(known)
                named = told_before.wants
                if not named:
                    if not told_before.skip:
                        return known, None
                    return known, self.consider(known)
            else:
                told = self.consider(known)
                named = told.wants
                if not named:
                    return known, told
            if not self.choices.documents:
                known = _left_alone(named, known)

    def known(self, url: str, hops: Sequence[Capture]) -> Known:
        """What is known of a URL without asking anybody."""
        robots: dict[str, Given] = {}
        for each in (*hops, Capture(url)):
            origin = urls.parse(each.url).origin
            kept = self.shelf.kept(access.robots_url(origin))
            if kept is not None:
                robots[origin] = kept
        return Known(urls.parse(url).text, hops=tuple(hops), robots=robots)

    def with_asset(self, known: Known, asset: Capture) -> Known:
        """With the asset, and what the cache has of its day where it comes out of the cache."""

        def of_day(given: Mapping[str, Given], path: str = "") -> dict[str, Given]:
            return {at: self.shelf.of_day(at + path, each, asset) for at, each in given.items()}

        return replace(
            known,
            asset=asset,
            robots=of_day(known.robots, "/robots.txt"),
            site_files=of_day(known.site_files),
            documents=of_day(known.documents),
        )

    def consider(self, known: Known) -> Considered:
        """The result for what is known."""
        asset = known.asset or Capture(known.url, availability=_UNLOOKED)
        run = replace(self.choices.run, now=datetime.now(UTC))
        return consider(
            run,
            inputs_of(
                run, asset, known.robots, known.hops, known.site_files, known.documents, None
            ),
        )

    def permitted(self, url: urls.Url, robots: Given) -> bool:
        """Whether a robots.txt lets us fetch a URL, or an agreement does (rule R34)."""
        answer = self.access(url, robots)
        if answer is AccessAnswer.DISALLOWED:
            return self.choices.lifted(url.text)
        return answer is AccessAnswer.ALLOWED

    def access(self, url: urls.Url, robots: Given) -> AccessAnswer:
        """What a robots.txt answers, by the strictest of our tokens."""
        hop, _ = access.answer(
            access.source(url.origin, robots), url, match.target(url.target), self.choices.sets
        )
        return hop.answer

    def crawl_delay(self, origin: str, robots: Given) -> float | None:
        """The ``Crawl-delay`` that a robots.txt asks of us, in seconds, at most 30 (rule R15)."""
        file = access.source(origin, robots).file
        if file is None:
            return None
        asked = [
            group.crawl_delay
            for tokens in self.choices.sets
            for group in groups.both(file, tokens)
            if group.crawl_delay is not None
        ]
        return min(max(asked), DEFAULT_LIMITS.max_crawl_delay) if asked else None

    async def _with_hops(self, known: Known) -> Known:
        """With robots.txt of each hop: a redirect must not launder (rule R16)."""
        robots = dict(known.robots)
        for hop in known.hops:
            origin = urls.parse(hop.url).origin
            if origin not in robots:
                robots[origin] = await self.shelf.robots(origin)
        return replace(known, robots=robots)

    def _narrowed(self, known: Known) -> Known:
        """Without the site files that the settings leave out: nobody looks at them."""
        if self.choices.site_files != "none":
            return known
        origin = urls.parse(known.url).origin
        wanted = plan.wanted_files(FAMILIES, self.choices.policy.sources)
        return replace(known, site_files={origin + file.path: _UNLOOKED for file in wanted})

    async def _fetched(self, want: plan.Want, known: Known) -> Known:
        capture: Given = await self.shelf.get(want.url, want.role)
        if known.asset is not None:
            capture = self.shelf.of_day(want.url, capture, known.asset)
        match want.role:
            case Role.ROBOTS:
                at = urls.parse(want.url).origin
                return replace(known, robots={**known.robots, at: capture})
            case Role.SITE_FILE:
                return replace(known, site_files={**known.site_files, want.url: capture})
            case _:
                return replace(known, documents={**known.documents, want.url: capture})

    def _before(self, known: Known) -> before.Before:
        """What there is to know before the asset; kept where every path has the same answer."""
        if known.hops or self.choices.by_path:
            return before.of(self.consider(known))
        return before.kept(known, self._key, lambda: self.consider(known))


_CRAWLS: "WeakKeyDictionary[Crawler, Crawl]" = WeakKeyDictionary()


def _left_alone(named: Sequence[Naming], known: Known) -> Known:
    """With the documents that may not be asked for, or are left out, as *not-looked*."""
    left: dict[str, Given] = {
        each.url: _UNLOOKED for each in named if each.url not in known.documents
    }
    return replace(known, documents={**known.documents, **left}) if left else known
