"""The live agent: asks what may be asked, fetches what may be fetched, and assesses it."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from signals_agent import arguments, before, contracts, plan
from signals_agent import url as urls
from signals_agent.before import Before
from signals_agent.errors import ClosedAgent, InvalidURL, UsageError
from signals_agent.families import FAMILIES
from signals_agent.fetch import redirect
from signals_agent.fetch.client import Client, capture_of, user_agent
from signals_agent.fetch.exchange import within_caps
from signals_agent.fetch.fetcher import Fetcher
from signals_agent.fetch.flow import Flow
from signals_agent.fetch.pace import Pacer
from signals_agent.fetch.retry import Retry
from signals_agent.fetch.site_store import Shelf, SiteStore
from signals_agent.fetch.stopwatch import Stopwatch
from signals_agent.limits import DEFAULT_LIMITS, Limits
from signals_agent.model.assessment import Assessment
from signals_agent.model.capture import Availability, Capture, Role
from signals_agent.model.document import Naming
from signals_agent.model.resolution import AccessAnswer
from signals_agent.model.use import Use
from signals_agent.pipeline import Considered, Permit, consider, permit_of
from signals_agent.plan import Known, Want
from signals_agent.policy import Policy
from signals_agent.resolve import access
from signals_agent.robots import groups, match
from signals_agent.url import Url
from signals_agent.wishes import DEFAULT_TOKEN, Wishes, inputs_of

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
    ``Crawl-delay`` is always kept), ``per_host`` how many run at once to one origin, and
    ``most`` how many in all. ``shelf`` keeps copies of robots.txt and site files beyond
    memory; one that could not be had is asked for again after ``after_failure`` seconds.
    ``witness`` is shown every exchange as it was.

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
        most: int = 256,
        shelf: Shelf | None = None,
        after_failure: float = 300.0,
        witness: Callable[[Capture, Role], None] | None = None,
    ) -> None:
        arguments.check_count("per_host", per_host)
        arguments.check_count("most", most)
        arguments.check_seconds("after_failure", after_failure)
        arguments.check_seconds("host_delay", host_delay)
        if not (contact is None or isinstance(contact, str)):
            raise UsageError(f"contact is an address as text, not {contact!r}")
        if not isinstance(limits, Limits):
            raise UsageError(f"limits is a signals_agent.Limits, not {type(limits).__name__}")
        if isinstance(policy, Mapping):
            policy = Policy.make(policy)
        run = Wishes.prepare(
            None if token is None else arguments.name("token", token),
            tuple(
                arguments.name("each of tokens", each) for each in arguments.names("tokens", tokens)
            ),
            None if acquired_by is None else arguments.name("acquired_by", acquired_by),
            policy,
            uses if uses is None else arguments.names("uses", uses),
            vocabulary,
            depth,
            None,
            None,
        )
        # A mistake in them is told now, not with the first URL.
        self._run = run
        self._tokens = run.tokens
        self._acquired_by = run.acquired_by
        self._policy = run.policy
        self._uses = run.uses or tuple(Use)
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
        self._user_agent = user_agent(self._tokens[0], contact or "")
        self._pacer = Pacer(delay=host_delay, per_host=per_host, most=most)
        retry = Retry(limits.max_retry_after, sleep=asyncio.sleep, now=_now)
        self._fetcher = Fetcher(self._client, self._pacer, retry, now=_now, witness=witness)
        self._store = SiteStore(
            self._fetcher.get,
            self._permitted,
            limits,
            now=_now,
            shelf=shelf,
            after_failure=after_failure,
        )
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

    def leave_alone(self, origin: str, seconds: float) -> None:
        """Ask nothing of an origin for so long, as its ``Retry-After`` wants."""
        self._pacer.hold(origin, seconds)

    @property
    def policy(self) -> Policy:
        """The policy by which it decides."""
        return self._policy

    @property
    def user_agent(self) -> str:
        """What it calls itself to servers, for whoever makes requests beside it."""
        return self._user_agent

    @property
    def limits(self) -> Limits:
        """The caps on what it reads."""
        return self._limits

    @property
    def depth(self) -> str:
        """How much of an asset it reads: ``headers``, ``head`` or ``page``."""
        return self._depth

    async def permit(self, url: str) -> Permit:
        """Whether to fetch a URL at all, from robots.txt, site files and what they name."""
        self._check_open()
        _, told = await self._look(Known(_url(url).text), self._watch(), whole=False)
        return permit_of(told)

    async def assess(self, url: str) -> Assessment:
        """The result for a URL; the asset is fetched only where that can still matter.

        Each redirect's robots.txt is asked before the redirect is followed (rule R16).
        Where the permit is already *skip*, the asset is left alone: *not-looked*.
        """
        self._check_open()
        _, told = await self._look(Known(_url(url).text), self._watch(), whole=True)
        return told

    async def look(self, url: str) -> Known:
        """Everything that ``assess`` would look at, as captured: for whoever keeps evidence."""
        self._check_open()
        known, _ = await self._look(Known(_url(url).text), self._watch(), whole=True)
        return known

    async def assess_response(self, response: "httpx.Response") -> Assessment:
        """The result for an answer that a pipeline already has, its redirects included.

        Only robots.txt, site files and the documents that are named are fetched. The body
        must have been read. Of a HEAD request's answer only the header section counts.
        """
        self._check_open()
        *hops, asset = capture_of(response, self._limits, _now())
        return await self.assess_capture(asset, hops=hops)

    async def assess_capture(self, capture: Capture, *, hops: Sequence[Capture] = ()) -> Assessment:
        """The same for an answer in octets, whatever fetched it; ``hops`` are its redirects."""
        self._check_open()
        if not all(isinstance(each, Capture) for each in (capture, *hops)):
            raise UsageError("assess_capture takes a Capture, and hops that are Captures")
        asset = within_caps(capture, self._limits, Role.ASSET)
        watch = self._watch()
        known = Known(urls.parse(asset.url).text, hops=tuple(hops), asset=asset)
        for origin in dict.fromkeys(urls.parse(hop.url).origin for hop in hops):
            if origin not in known.robots:
                found = await self._robots(access.robots_url(origin), watch)
                known = replace(known, robots={**known.robots, origin: found})
        _, told = await self._look(known, watch, whole=True)
        return told

    def not_looked_at(self, url: str, words: str) -> Assessment:
        """The result for a URL of which nothing is looked at, not even robots.txt, and why."""
        asset = Capture(_url(url).text, availability=Availability.NOT_LOOKED, failure=words)
        return self._consider(Known(asset.url, asset=asset)).assessment

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
        arguments.check_count("concurrency", concurrency)
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

    async def _look(
        self, known: Known, watch: Stopwatch, *, whole: bool
    ) -> tuple[Known, Assessment]:
        """Fetch what the plan wants until it wants nothing; the asset only if ``whole``.

        What is there is considered before the asset is fetched and when all is there, for
        declarations name documents that have to be looked at too (rule R15a).
        """
        named: tuple[Naming, ...] = ()
        while True:
            wants = plan.next_wants(
                known,
                families=FAMILIES,
                tokens=self._tokens,
                acquired_by=self._acquired_by,
                sources=self._policy.sources,
                lifted=self._lifted,
                named=named,
            )
            if wants and wants[0].role is not Role.ASSET:
                known = await self._fetch_all(wants, known, watch)
                continue
            known = _left_alone(named, known)
            if wants:
                known_before = self._before(known)
                if known_before.wants:
                    # Also where it is skipped so far: a policy may offer what is reserved.
                    named = known_before.wants
                    continue
                if known_before.skip:
                    return known, self._consider(known).assessment
                if whole:
                    known = await self._fetch_asset(known, watch)
                    if known.asset is None:
                        named = ()
                        continue
            told = self._consider(known)
            if not told.wants:
                return known, told.assessment
            named = told.wants

    async def _fetch_all(self, wants: tuple[Want, ...], known: Known, watch: Stopwatch) -> Known:
        """What is wanted beside the asset, all at once."""
        found = (
            [await self._fetch(wants[0], watch)]
            if len(wants) == 1
            else await asyncio.gather(*(self._fetch(want, watch) for want in wants))
        )
        robots, files = dict(known.robots), dict(known.site_files)
        documents = dict(known.documents)
        for want, capture in zip(wants, found, strict=True):
            match want.role:
                case Role.ROBOTS:
                    robots[urls.parse(want.url).origin] = capture
                case Role.SITE_FILE:
                    files[want.url] = capture
                case _:
                    documents[want.url] = capture
        return replace(known, robots=robots, site_files=files, documents=documents)

    async def _fetch(self, want: Want, watch: Stopwatch) -> Capture:
        match want.role:
            case Role.ROBOTS:
                return await self._robots(want.url, watch)
            case Role.SITE_FILE:
                return await self._store.site_file(want.url, watch)
            case _:
                return await self._store.document(want.url, want.role, watch)

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
        # What the hop's site files name is not about the target; what still is, was kept.
        return replace(known, url=onward.text, hops=hops, asset=asset, documents={})

    def _consider(self, known: Known) -> Considered:
        asset = known.asset or Capture(known.url, availability=Availability.NOT_LOOKED)
        files = known.site_files
        if known.hops:
            # Those of a hop speak for no other origin; they were looked at before its redirect.
            origin = urls.parse(asset.url).origin
            files = {at: file for at, file in files.items() if urls.parse(at).origin == origin}
        run = replace(self._run, now=_now())
        return consider(
            run, inputs_of(run, asset, known.robots, known.hops, files, known.documents, None)
        )

    def _before(self, known: Known) -> Before:
        """What there is to know before the asset; kept where every path has the same answer."""
        policy = self._policy
        by_path = policy.agreement or policy.training_crawlers_refused == "disallow"
        if known.hops or by_path:
            return before.of(self._consider(known))
        return before.kept(known, self._skip, lambda: self._consider(known))

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
        return any(contracts.covering(self._policy, use, url, now) for use in self._uses)

    def _watch(self) -> Stopwatch:
        return Stopwatch(self._limits.timeout)

    def _check_open(self) -> None:
        if not self._open:
            raise ClosedAgent("use the agent inside its block: async with Agent(...) as agent")


def _now() -> datetime:
    return datetime.now(UTC)


def _left_alone(named: Iterable[Naming], known: Known) -> Known:
    """What is known, and of documents that robots.txt does not let us ask for, that it is so."""
    refused = {
        each.url: Capture(
            each.url,
            availability=Availability.NOT_LOOKED,
            failure="its robots.txt does not let us ask for it, or could not be looked at",
        )
        for each in named
        if each.url not in known.documents
    }
    return replace(known, documents={**known.documents, **refused}) if refused else known


def _url(given: object) -> Url:
    """The URL that a caller gave; raises ``InvalidURL``."""
    if not isinstance(given, str):
        raise InvalidURL(f"a URL is text, not {type(given).__name__}")
    return urls.parse(given)


def _log_invalid(text: str, error: InvalidURL) -> None:
    _log.warning("left out: %s", error)
