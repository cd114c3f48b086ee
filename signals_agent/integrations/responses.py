"""One plain callable that judges a response, whatever client fetched it."""

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Final, TypeAlias, cast

from signals_agent import availability, contracts, freshness, plan, quote
from signals_agent import url as urls
from signals_agent.errors import SignalsAgentError, UsageError
from signals_agent.families import FAMILIES
from signals_agent.fetch.exchange import within_caps
from signals_agent.integrations import received, unproven
from signals_agent.limits import DEFAULT_LIMITS, Limits
from signals_agent.model.assessment import Assessment
from signals_agent.model.capture import Availability, Capture, HeaderInput, Role
from signals_agent.model.document import Naming
from signals_agent.model.use import Use
from signals_agent.pipeline import Permit, consider, permit_of
from signals_agent.plan import Known, Want
from signals_agent.policy import Policy
from signals_agent.resolve.access import Given
from signals_agent.wishes import RobotsInput, Wishes, inputs_of

Fetched: TypeAlias = Capture | tuple[int, Any, bytes | None]
"""What a fetch callable returns: a ``Capture``, or status, headers and body."""

_ANSWERS = (Availability.PRESENT, Availability.ABSENT, Availability.UNAVAILABLE)
_AFTER_FAILURE = 300.0
_MOST_COPIES = 20_000


def judge(
    url: str,
    status: int | None,
    headers: object,
    body: bytes | None,
    *,
    robots: RobotsInput = Availability.NOT_LOOKED,
    site_files: Mapping[str, Given] | None = None,
    documents: Mapping[str, Given] | None = None,
    hops: Sequence[Capture] = (),
    policy: Policy | Mapping[str, Any] | None = None,
    token: str | None = None,
    tokens: Iterable[str] = (),
    acquired_by: str | None = None,
    uses: Iterable[Use | str] | None = None,
    depth: str = "page",
    fetched_at: datetime | None = None,
    limits: Limits = DEFAULT_LIMITS,
    now: datetime | None = None,
) -> Assessment:
    """The result for a response that any client has fetched; pure, nothing is fetched.

    ``headers`` is what the client calls its headers (see ``header_lines``), ``body`` the
    content with its content coding taken off, ``None`` where it was not read. What is not
    given is *not-looked*, so without ``robots`` no use is ingested (rule R15a). Without a
    policy the preset ``standard`` decides. Otherwise as ``signals_agent.assess``.
    """
    # The policy is checked there.
    chosen = cast("Policy | None", Policy() if policy is None else policy)
    run = Wishes.prepare(token, tokens, acquired_by, chosen, uses, "cumulative", depth, now, None)
    asset = capture(url, status, headers, body, fetched_at=fetched_at, limits=limits)
    inputs = inputs_of(run, asset, robots, hops, site_files, documents, None)
    return consider(run, inputs).assessment


def capture(
    url: str,
    status: int | None,
    headers: object,
    body: bytes | None,
    *,
    fetched_at: datetime | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Capture:
    """A client's response as a capture of an asset, cut at the caps (rule R39)."""
    told = Capture(url, status, header_lines(headers), body, fetched_at=fetched_at)
    return within_caps(received.whole(received.content(told)), limits, Role.ASSET)


def settle(run: Wishes, known: Known, find: Callable[[Want], Given]) -> Assessment:
    """The result once ``find`` has been asked for all that the plan wants beside the asset."""
    uses = run.uses or tuple(Use)
    named: tuple[Naming, ...] = ()
    while True:
        wants = plan.next_wants(
            known,
            families=FAMILIES,
            tokens=run.tokens,
            acquired_by=run.acquired_by,
            sources=run.policy.sources,
            lifted=lambda url: any(
                contracts.covering(run.policy, use, url, run.now) for use in uses
            ),
            named=named,
        )
        if wants and wants[0].role is not Role.ASSET:
            for want in wants:
                known = _with(known, want, find(want))
            continue
        # What robots.txt does not let us ask for, or nobody has, was not looked at.
        left = {
            each.url: Availability.NOT_LOOKED for each in named if each.url not in known.documents
        }
        known = replace(known, documents={**known.documents, **left})
        asset = known.asset or Capture(known.url, availability=Availability.NOT_LOOKED)
        inputs = inputs_of(
            run, asset, known.robots, known.hops, known.site_files, known.documents, None
        )
        told = consider(run, inputs)
        if not told.wants:
            return told.assessment
        named = told.wants


def header_lines(headers: object) -> HeaderInput:
    """The field lines that a client's headers hold, in order, repeated ones each.

    Accepted are pairs of name and value (``aiohttp``'s ``raw_headers``), whatever has
    ``items()`` (those of ``requests``, ``urllib3``, ``aiohttp`` and ``http.client``; a value
    may be a list), and a header section as text or octets, status line or not. Raises
    ``UsageError`` for anything else.
    """
    if isinstance(headers, bytes | str):
        octets = headers if isinstance(headers, bytes) else headers.encode("utf-8")
        return _section(octets)
    items = getattr(headers, "items", None)
    pairs = items() if callable(items) else headers
    if not isinstance(pairs, Iterable):
        raise UsageError(
            "headers are pairs of name and value, a mapping, or a header section as text; "
            f"not {type(headers).__name__}"
        )
    lines: list[tuple[bytes | str, bytes | str]] = []
    for pair in pairs:
        if not isinstance(pair, Sequence) or isinstance(pair, str | bytes) or len(pair) != 2:
            raise UsageError(f"a header is a pair of name and value, not {pair!r}")
        name, value = pair
        values = value if isinstance(value, list | tuple) else (value,)
        for each in values:
            if not isinstance(name, bytes | str) or not isinstance(each, bytes | str):
                raise UsageError(f"a header's name and value are text or bytes, not {pair!r}")
            lines.append((name, each))
    return lines


_TOKEN: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""The name of a field (RFC 9110 5.6.2)."""


def _section(octets: bytes) -> list[tuple[bytes | str, bytes | str]]:
    """The field lines of a header section; a line that begins with a blank goes on (RFC 9112)."""
    lines: list[tuple[bytes | str, bytes | str]] = []
    for line in octets.replace(b"\r\n", b"\n").split(b"\n"):
        if not line.strip():
            if lines:
                break
            continue
        if line[:1] in b" \t" and lines:
            name, value = cast("tuple[bytes, bytes]", lines[-1])
            lines[-1] = (name, value + b" " + line.strip())
            continue
        name, colon, value = line.partition(b":")
        if line.startswith(b"HTTP/") and not lines:
            continue
        if not colon or not _TOKEN.fullmatch(name.rstrip(b" \t")):
            shown = quote.text(line, 80)
            raise UsageError(f"a header section has lines 'Name: value', unlike {shown!r}")
        lines.append((name.strip(), value.strip()))
    return lines


class Judge:
    """Judges responses, and keeps what ``fetch`` gives of each site, for any client.

    ``fetch`` takes a URL and returns a ``Capture``, or status, headers and body, of what it
    answers; that a request fails it tells by raising, and the source is then *unreachable*.
    It should follow the redirects of robots.txt (RFC 9309 2.3.1.2), send our product token
    as its User-Agent, and have a time-out. It is called for robots.txt, site files and the
    documents that declarations name, never for an asset, and once for each until the copy
    has run out (24 hours at most). ``on_assessment`` is called with each result, on the
    thread that asked; what it raises, ``judge`` raises. Safe to call from many threads.
    """

    def __init__(
        self,
        fetch: Callable[[str], Fetched],
        *,
        policy: Policy | Mapping[str, Any] | None = None,
        token: str | None = None,
        tokens: Iterable[str] = (),
        acquired_by: str | None = None,
        uses: Iterable[Use | str] | None = None,
        depth: str = "page",
        limits: Limits = DEFAULT_LIMITS,
        on_assessment: Callable[[Assessment], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        if not callable(fetch):
            raise UsageError(f"fetch is called with a URL; {type(fetch).__name__} cannot be called")
        chosen = cast("Policy | None", Policy() if policy is None else policy)
        self._run = Wishes.prepare(
            token, tokens, acquired_by, chosen, uses, "cumulative", depth, None, None
        )
        unproven.warn(self._run.policy)
        self._fetch = fetch
        self._limits = limits
        self._on_assessment = on_assessment
        self._clock = clock
        self._now = now
        self._lock = Lock()
        self._copies: OrderedDict[str, tuple[float, Future[Capture]]] = OrderedDict()

    def permit(self, url: str) -> Permit:
        """Whether to fetch a URL, from robots.txt, site files and what they name (rule R27)."""
        return permit_of(self._look(Known(urls.parse(url).text)))

    def judge(
        self,
        url: str,
        status: int | None,
        headers: object,
        body: bytes | None,
        *,
        hops: Sequence[Capture] = (),
    ) -> Assessment:
        """The result for a response; ``hops`` are the redirects that led to it, first one first."""
        asset = capture(url, status, headers, body, fetched_at=self._now(), limits=self._limits)
        known = Known(urls.parse(asset.url).text, hops=tuple(hops), asset=asset)
        robots = {
            origin: self._kept(Want(Role.ROBOTS, f"{origin}/robots.txt"))
            for origin in dict.fromkeys(urls.parse(hop.url).origin for hop in hops)
        }
        answer = self._look(replace(known, robots=robots))
        if self._on_assessment is not None:
            self._on_assessment(answer)
        return answer

    def _look(self, known: Known) -> Assessment:
        return settle(replace(self._run, now=self._now()), known, self._kept)

    def _kept(self, want: Want) -> Capture:
        """The copy that serves, or a new one, which all who ask at once wait for."""
        key = f"{want.role} {want.url}"
        with self._lock:
            until, future = self._copies.get(key, (0.0, None))
            mine = future is None or (future.done() and until <= self._clock())
            if mine:
                future = Future()
                self._copies[key] = (0.0, future)
            self._copies.move_to_end(key)
            while len(self._copies) > _MOST_COPIES:
                self._copies.popitem(last=False)
        assert future is not None
        if not mine:
            return future.result()
        try:
            found = self._fetched(want)
        except BaseException as error:
            with self._lock:
                self._copies.pop(key, None)
            future.set_exception(error)
            raise
        ended, _ = availability.classify(Role.ROBOTS, found)
        seconds = (
            freshness.document_lifetime(want.role, found).total_seconds()
            if ended in _ANSWERS
            else _AFTER_FAILURE
        )
        with self._lock:
            self._copies[key] = (self._clock() + seconds, future)
        future.set_result(found)
        return found

    def _fetched(self, want: Want) -> Capture:
        """What the callable gives; whatever it raises means that nothing was reached."""
        try:
            found = self._fetch(want.url)
            if isinstance(found, Capture):
                told = replace(found, url=want.url)
            else:
                status, headers, body = found
                told = Capture(want.url, status, header_lines(headers), body)
        except SignalsAgentError:
            raise
        except Exception as error:
            return Capture(
                want.url,
                availability=Availability.UNREACHABLE,
                failure=f"the fetch raised {type(error).__name__}",
                fetched_at=self._now(),
            )
        if told.fetched_at is None:
            told = replace(told, fetched_at=self._now())
        return within_caps(told, self._limits, want.role)


def _with(known: Known, want: Want, found: Given) -> Known:
    """What is known, and what was found of one thing that was wanted."""
    match want.role:
        case Role.ROBOTS:
            return replace(known, robots={**known.robots, urls.parse(want.url).origin: found})
        case Role.SITE_FILE:
            return replace(known, site_files={**known.site_files, want.url: found})
        case _:
            return replace(known, documents={**known.documents, want.url: found})
