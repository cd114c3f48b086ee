"""The live agent: asks what may be asked, fetches what may be fetched, and assesses it."""

import asyncio
import logging
import math
import operator
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Iterable, Mapping
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from signals_agent import gate, plan
from signals_agent import url as urls
from signals_agent.errors import ClosedAgent, InvalidURL, UsageError
from signals_agent.families import FAMILIES
from signals_agent.fetch import redirect
from signals_agent.fetch.client import Client, capture_of
from signals_agent.fetch.fetcher import Fetcher
from signals_agent.fetch.flow import Flow
from signals_agent.fetch.pace import Pacer
from signals_agent.fetch.retry import Retry
from signals_agent.fetch.site_store import SiteStore
from signals_agent.fetch.stopwatch import Stopwatch
from signals_agent.limits import DEFAULT_LIMITS, Limits
from signals_agent.model.assessment import Assessment
from signals_agent.model.capture import Availability, Capture, Role
from signals_agent.model.resolution import AccessAnswer
from signals_agent.model.use import Use
from signals_agent.pipeline import Permit, PermitAnswer, assess, permit_of
from signals_agent.plan import Known, Want
from signals_agent.policy import Policy
from signals_agent.resolve import access
from signals_agent.resolve.access import Given
from signals_agent.robots import groups, match
from signals_agent.url import Url
from signals_agent.wishes import DEFAULT_TOKEN

if TYPE_CHECKING:
    import httpx

_log = logging.getLogger(__name__)

OnInvalid: TypeAlias = Callable[[str, InvalidURL], None]
"""What is called with an entry that is no URL, as it was given, and why it is none."""


class Agent:
    """Answers for URLs by fetching what it needs; use ``async with``.

    ``token`` is our product token; ``contact`` an address where whoever reads a server's
    log finds us. ``tokens``, ``acquired_by``, ``policy``, ``uses``, ``vocabulary`` and
    ``depth`` mean what they mean to ``assess``. ``transport`` is any httpx transport and
    is closed with the agent. ``allow_private`` lets loopback and private addresses be
    asked, never link-local, multicast or metadata addresses. ``host_delay`` is the least
    time between two requests to one origin, in seconds (none by default: a
    ``Crawl-delay`` is always kept), ``per_host`` how many run at once to one origin.

    Raises ``UsageError`` and its kin for a caller's mistake, and ``ClosedAgent`` outside
    the block; never for what a publisher sent, or failed to send.
    """

    def __init__(
        self,
        *,
        token: str | None = None,
        contact: str | None = None,
        tokens: Iterable[str] = (),
        acquired_by: str | None = None,
        policy: Policy | Mapping[str, Any] | None = None,
        uses: Iterable[Use | str] | None = None,
        vocabulary: str = "cumulative",
        depth: str = "page",
        transport: "httpx.AsyncBaseTransport | None" = None,
        allow_private: bool = False,
        limits: Limits = DEFAULT_LIMITS,
        proxy: str | None = None,
        ca_bundle: str | None = None,
        host_delay: float = 0.0,
        per_host: int = 4,
    ) -> None:
        _check_count("per_host", per_host)
        _check_seconds("host_delay", host_delay)
        if not (contact is None or isinstance(contact, str)):
            raise UsageError(f"contact is an address as text, not {contact!r}")
        if not isinstance(limits, Limits):
            raise UsageError(f"limits is a signals_agent.Limits, not {type(limits).__name__}")
        if isinstance(policy, Mapping):
            policy = Policy.make(policy)
        self._wishes: dict[str, Any] = {
            "token": None if token is None else _name("token", token),
            "tokens": tuple(_name("each of tokens", each) for each in _names("tokens", tokens)),
            "acquired_by": None if acquired_by is None else _name("acquired_by", acquired_by),
            "policy": policy,
            "uses": uses if uses is None else _names("uses", uses),
            "vocabulary": vocabulary,
            "depth": depth,
        }
        # A mistake in them is told now, not with the first URL.
        checked = assess(
            Capture("https://example.org/", availability=Availability.NOT_LOOKED), **self._wishes
        )
        self._tokens = checked.tokens
        self._acquired_by = checked.acquired_by
        self._policy = policy or Policy()
        self._uses = checked.verdict.uses if checked.verdict is not None else tuple(Use)
        self._depth = depth
        self._limits = limits
        self._sets = access.token_sets(self._tokens, self._acquired_by)
        self._client = Client(
            token=self._tokens[0],
            contact=contact or "",
            limits=limits,
            transport=transport,
            allow_private=allow_private,
            proxy=proxy,
            ca_bundle=ca_bundle,
            now=_now,
        )
        self._pacer = Pacer(delay=host_delay, per_host=per_host)
        retry = Retry(limits.max_retry_after, sleep=asyncio.sleep, now=_now)
        self._fetcher = Fetcher(self._client, self._pacer, retry, now=_now)
        self._store = SiteStore(self._fetcher.get, self._permitted, limits, now=_now)
        self._flow: Flow[str, Assessment] = Flow()
        self._skip = f"skip of agent {id(self)}"
        self._open = False
        self._entered = False
        if self._tokens == (DEFAULT_TOKEN,):
            _log.warning("fetching as %s: give a token and a contact of your own", DEFAULT_TOKEN)

    async def __aenter__(self) -> Self:
        if self._entered:
            raise ClosedAgent("an agent is entered once; make another one")
        self._entered = True
        await self._client.__aenter__()
        self._open = True
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open = False
        await self._flow.aclose()
        await self._store.aclose()
        await self._client.__aexit__(kind, error, trace)

    async def permit(self, url: str) -> Permit:
        """Whether to fetch a URL at all, from robots.txt and site files; fetches no more."""
        self._check_open()
        known = await self._look(Known(_url(url).text), self._watch(), whole=False)
        return permit_of(self._assess(known))

    async def assess(self, url: str) -> Assessment:
        """The result for a URL; the asset is fetched only where that can still matter.

        Each redirect's robots.txt is asked before the redirect is followed (rule R16).
        Where the permit is already *skip*, the asset is left alone: *not-looked*.
        """
        return self._assess(await self.look(url))

    async def look(self, url: str) -> Known:
        """Everything that ``assess`` would look at, as captured: for whoever keeps evidence."""
        self._check_open()
        return await self._look(Known(_url(url).text), self._watch(), whole=True)

    async def assess_response(self, response: "httpx.Response") -> Assessment:
        """The result for an answer that a pipeline already has, its redirects included.

        Only robots.txt and site files are fetched. The body must have been read. Of a
        HEAD request's answer only the header section counts.
        """
        self._check_open()
        *hops, asset = capture_of(response, self._limits, _now())
        watch = self._watch()
        known = Known(asset.url, hops=tuple(hops), asset=asset)
        for origin in dict.fromkeys(urls.parse(hop.url).origin for hop in hops):
            if origin not in known.robots:
                found = await self._robots(access.robots_url(origin), watch)
                known = replace(known, robots={**known.robots, origin: found})
        return self._assess(await self._look(known, watch, whole=True))

    async def assess_many(
        self,
        urls: Iterable[str] | AsyncIterable[str],
        *,
        concurrency: int = 64,
        on_invalid: OnInvalid | None = None,
    ) -> AsyncGenerator[Assessment, None]:
        """The results for many URLs, each as soon as it is there, ``concurrency`` at a time.

        URLs are drawn from the iterable only as fast as answers are taken, so it may be
        endless. An entry that is no URL, or no text at all, has no result: ``on_invalid``
        is called with it, or it is logged, and the run goes on.
        """
        self._check_open()
        _check_count("concurrency", concurrency)
        if isinstance(urls, str | bytes) or not isinstance(urls, Iterable | AsyncIterable):
            raise UsageError(f"urls is an iterable of URLs, not {type(urls).__name__}")

        async def one(text: str) -> Assessment | None:
            try:
                return await self.assess(text)
            except InvalidURL as error:
                (on_invalid or _log_invalid)(text, error)
                return None

        flow = self._flow.run(urls, one, concurrency=concurrency)
        async with aclosing(flow):
            async for result in flow:
                yield result

    async def _look(self, known: Known, watch: Stopwatch, *, whole: bool) -> Known:
        """Fetch what the plan wants until it wants nothing; the asset only if ``whole``."""
        while wants := plan.next_wants(
            known,
            families=FAMILIES,
            tokens=self._tokens,
            acquired_by=self._acquired_by,
            sources=self._policy.sources,
            lifted=self._lifted,
        ):
            if wants[0].role is Role.ASSET:
                if not whole or self._already_skip(known):
                    break
                known = await self._fetch_asset(known, watch)
                if known.asset is not None:
                    break
                continue
            found = (
                [await self._fetch(wants[0], watch)]
                if len(wants) == 1
                else await asyncio.gather(*(self._fetch(want, watch) for want in wants))
            )
            robots, files = dict(known.robots), dict(known.site_files)
            for want, capture in zip(wants, found, strict=True):
                if want.role is Role.ROBOTS:
                    robots[urls.parse(want.url).origin] = capture
                else:
                    files[want.url] = capture
            known = replace(known, robots=robots, site_files=files)
        return known

    async def _fetch(self, want: Want, watch: Stopwatch) -> Capture:
        if want.role is Role.ROBOTS:
            return await self._robots(want.url, watch)
        return await self._store.site_file(want.url, watch)

    async def _robots(self, url: str, watch: Stopwatch) -> Capture:
        """An origin's robots.txt; its ``Crawl-delay`` holds from now on (rule R15)."""
        capture = await self._store.robots(url, watch)
        self._learn(urls.parse(url).origin, capture)
        return capture

    def _learn(self, origin: str, capture: Capture) -> None:
        file = access.source(origin, capture).file
        if file is not None:
            asked = [
                group.crawl_delay or 0.0
                for tokens in self._sets
                for group in groups.both(file, tokens)
            ]
            self._pacer.learn(origin, min(max(asked, default=0.0), self._limits.max_crawl_delay))

    async def _fetch_asset(self, known: Known, watch: Stopwatch) -> Known:
        """The asset, or one redirect further (rule R16)."""
        here = urls.parse(known.url)
        capture = await self._fetcher.get(here, Role.ASSET, watch, depth=self._depth)
        onward = redirect.target(capture) if redirect.is_redirect(capture) else None
        if onward is None:
            return replace(known, asset=capture)
        hops = (*known.hops, capture)
        asset = None
        if len(hops) > self._limits.max_redirects:
            asset = Capture(
                onward.text,
                availability=Availability.UNREACHABLE,
                failure=f"more than {self._limits.max_redirects} redirects",
                fetched_at=capture.fetched_at,
            )
        return replace(known, url=onward.text, hops=hops, asset=asset)

    def _assess(self, known: Known) -> Assessment:
        asset = known.asset or Capture(known.url, availability=Availability.NOT_LOOKED)
        files = known.site_files
        if known.hops:
            # Those of a hop speak for no other origin; they were looked at before its redirect.
            origin = urls.parse(asset.url).origin
            files = {at: file for at, file in files.items() if urls.parse(at).origin == origin}
        return assess(
            asset,
            robots=known.robots,
            hops=known.hops,
            site_files=files,
            documents=known.documents,
            now=_now(),
            **self._wishes,
        )

    def _already_skip(self, known: Known) -> bool:
        """Whether the permit is *skip*; where every path has the same answer, it is kept."""
        policy = self._policy
        by_path = policy.agreement or policy.training_crawlers_refused == "disallow"
        if known.hops or by_path:
            return permit_of(self._assess(known)).answer is PermitAnswer.SKIP
        origin = urls.parse(known.url).origin
        given = (known.robots[origin], *known.site_files.values())
        # Kept with the robots.txt that it rests on, and let go with it.
        memo = given[0].memo if isinstance(given[0], Capture) else {}
        if (known_skip := memo.get(self._skip)) is not None:
            kept, answer = known_skip
            if len(kept) == len(given) - 1 and all(map(operator.is_, kept, given[1:])):
                return bool(answer)
        answer = permit_of(self._assess(known)).answer is PermitAnswer.SKIP
        if not _same_everywhere(origin, *given):
            return answer
        memo[self._skip] = (given[1:], answer)
        return answer

    def _permitted(self, url: Url, robots: Capture) -> bool:
        """Whether a site file's redirect may be followed, at the pace that is asked for there."""
        self._learn(url.origin, robots)
        hop, _ = access.answer(
            access.source(url.origin, robots), url, match.target(url.target), self._sets
        )
        return hop.answer is AccessAnswer.ALLOWED or (
            hop.answer is AccessAnswer.DISALLOWED and self._lifted(url.text)
        )

    def _lifted(self, url: str) -> bool:
        """Whether an agreement lets us fetch what robots.txt refuses (rule R34)."""
        now = _now()
        return any(gate.covering(self._policy, use, url, now) for use in self._uses)

    def _watch(self) -> Stopwatch:
        return Stopwatch(self._limits.timeout)

    def _check_open(self) -> None:
        if not self._open:
            raise ClosedAgent("use the agent inside its block: async with Agent(...) as agent")


def _now() -> datetime:
    return datetime.now(UTC)


_RECORDS = frozenset(
    name
    for family in FAMILIES
    for listen in family.listens
    if listen.carrier == "robots-txt"
    for name in (listen.field, *listen.aliases)
)


def _same_everywhere(origin: str, robots: Given, *files: Given) -> bool:
    """Whether robots.txt and site files say of every path of the origin what they say of one.

    So they do where no site file is there, and no record that a family reads begins with
    a path. Whether the path may be crawled is not asked here.
    """
    if not all(isinstance(each, Capture) and each.status in (404, 410) for each in files):
        return False
    file = access.source(origin, robots).file
    return file is None or not any(
        record.key in _RECORDS and not record.value[:1].isalpha() for record in file.records
    )


def _url(given: object) -> Url:
    """The URL that a caller gave; raises ``InvalidURL``."""
    if not isinstance(given, str):
        raise InvalidURL(f"a URL is text, not {type(given).__name__}")
    return urls.parse(given)


def _check_count(what: str, given: object) -> None:
    if not isinstance(given, int) or given < 1:
        raise UsageError(f"{what} is a whole number of at least 1, not {given!r}")


def _check_seconds(what: str, given: object) -> None:
    if not isinstance(given, int | float) or not 0 <= given < math.inf:
        raise UsageError(f"{what} is a number of seconds from 0 up, not {given!r}")


def _name(what: str, given: object) -> str:
    """A token, which is never silently replaced by the default where it is empty."""
    if not isinstance(given, str) or not given:
        raise UsageError(f"{what} is a name such as ExampleBot, not {given!r}")
    return given


def _names(what: str, given: object) -> tuple[Any, ...]:
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        raise UsageError(f"{what} is a list of names, not {given!r}")
    return tuple(given)


def _log_invalid(text: str, error: InvalidURL) -> None:
    _log.warning("left out: %s", error)
