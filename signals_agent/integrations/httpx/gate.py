"""What is refused of a client's requests and responses, and how the client is told."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal, TypeAlias

import httpx

from signals_agent import errors, quote
from signals_agent import url as urls
from signals_agent.agent import Agent
from signals_agent.errors import UsageError
from signals_agent.fetch import failures, redirect
from signals_agent.integrations import mistakes, sentences, unproven
from signals_agent.integrations.tally import (
    Tally,
    because_of,
    decided,
    decision_of,
    reasons_of,
    tell,
)
from signals_agent.model.assessment import Assessment
from signals_agent.model.capture import Availability, Capture
from signals_agent.model.verdict import Decision, ReasonCode
from signals_agent.pipeline import Permit, PermitAnswer

EXTENSION: Final = "signals_agent"
"""The key under which a response carries its ``Assessment``."""

OnRefused: TypeAlias = Literal["raise", "respond"]
OnHold: TypeAlias = Literal["refuse", "pass"]
OnAssessment: TypeAlias = Callable[[Assessment], object]

_HOPS: Final = "signals_agent_hops"
_NOT_SEEN: Final = (ReasonCode.UNDETERMINED, ReasonCode.UNREADABLE)
_READABLE: Final = ("gzip", "x-gzip", "deflate", "identity")

_log = logging.getLogger(__name__)


class Refused(errors.Refused, httpx.RequestError):
    """The request was not sent, or its response is not handed on, since policy says so.

    It is an ``httpx.RequestError`` and no ``httpx.TransportError``: asking again gets the
    same answer. See ``signals_agent.Refused`` for what it carries.
    """

    def __init__(
        self,
        url: str,
        decision: str,
        reasons: tuple[str, ...],
        text: str,
        answer: object,
        *,
        request: httpx.Request | None = None,
    ) -> None:
        errors.Refused.__init__(self, url, decision, reasons, text, answer)
        self._request = request


@dataclass(frozen=True, slots=True)
class _Chain:
    """The redirects that led to a request, and the request on which they were noted.

    httpx hands a request's extensions on to the one that follows a redirect. Where the
    same request is sent once more, the redirects that it led to are not its own.
    """

    request: httpx.Request
    hops: tuple[Capture, ...]


class Gate:
    """What both transports do alike: nothing here waits."""

    def __init__(
        self,
        agent: Agent,
        on_refused: OnRefused,
        on_hold: OnHold,
        on_assessment: OnAssessment | None,
    ) -> None:
        if on_refused not in ("raise", "respond"):
            raise UsageError(f"on_refused is 'raise' or 'respond', not {on_refused!r}")
        if on_hold not in ("refuse", "pass"):
            raise UsageError(f"on_hold is 'refuse' or 'pass', not {on_hold!r}")
        self.agent = agent
        unproven.warn(agent.policy)
        self.tally = Tally()
        self._observes = agent.policy.preset == "observe"
        if self._observes:
            _log.info("%s", sentences.OBSERVING)
        self._raises = on_refused == "raise"
        self._passes_held = on_hold == "pass"
        self._on_assessment = on_assessment
        self._told = False
        self._asked = False
        self._named = False
        self._advised = False

    def hops(self, request: httpx.Request) -> tuple[Capture, ...]:
        """The redirects that led to this request (rule R16)."""
        chain = request.extensions.get(_HOPS)
        if not isinstance(chain, _Chain) or chain.request is request:
            return ()
        return chain.hops

    def check(self, request: httpx.Request) -> str:
        """The URL that is asked for; raises ``UsageError`` where the request goes elsewhere."""
        self._asked = True
        url = str(request.url)
        if not self._observes:
            mistakes.check_host(url, request.headers.get("host"))
        return url

    def before(self, request: httpx.Request, permit: Permit) -> httpx.Response | None:
        """What is answered in place of a request that may not be sent; ``None`` to send it."""
        if self._observes or permit.answer is PermitAnswer.FETCH:
            return None
        self.tally.add_permit(permit)
        return self._refuse(request, permit)

    def sent(self, request: httpx.Request) -> httpx.Request:
        """The request as it is sent: for the very path that was judged, in codings that we know."""
        if not self._named:
            said = request.headers.get("user-agent")
            self._named = mistakes.warn_of_name(said, self.agent.user_agent)
        asked = request.headers.get("accept-encoding", "").split(",")
        kept = [
            each.strip() for each in asked if each.partition(";")[0].strip().lower() in _READABLE
        ]
        headers = httpx.Headers(request.headers)
        headers["accept-encoding"] = ", ".join(kept) or "identity"
        extensions = dict(request.extensions)
        # ``%2e%2e`` is a way up to us and to browsers, and not to httpx. Left alone where
        # they agree, since requests through a proxy have a target of another form.
        target = urls.parse(str(request.url)).target.encode("ascii")
        if extensions.get("target", request.url.raw_path) != target:
            extensions["target"] = target
        return httpx.Request(
            request.method,
            request.url,
            headers=headers,
            stream=request.stream,
            extensions=extensions,
        )

    def is_hop(self, request: httpx.Request, response: httpx.Response) -> bool:
        """Whether this is a redirect, which is noted for the request that follows it."""
        told = capture_of(request, response, b"")
        if not redirect.is_redirect(told) or redirect.target(told) is None:
            return False
        request.extensions[_HOPS] = _Chain(request, (*self.hops(request), told))
        return True

    def after(
        self, request: httpx.Request, response: httpx.Response, answer: Assessment
    ) -> httpx.Response | None:
        """What is answered in place of a response that is refused; ``None`` to hand it on."""
        self._keep(answer)
        response.extensions[EXTENSION] = answer
        decision = decision_of(answer)
        if self._observes:
            self._note(request, answer, "under observe")
            return None
        if decision is Decision.INGEST or not _has_asset(request, response):
            return None
        if decision is Decision.HOLD and self._passes_held:
            self._note(request, answer, "as held")
            return None
        reasons = reasons_of(answer)
        unseen = response.status_code == 304 and any(each.code in _NOT_SEEN for each in reasons)
        more = mistakes.NOT_MODIFIED if unseen else ""
        return self._refuse(request, answer, more)

    def unreached(self, request: httpx.Request, answer: Assessment) -> None:
        """Keep the result for a request that got no answer; its error goes to the caller."""
        self._keep(answer)
        self._note(request, answer)

    def close(self) -> None:
        """Tell what a run under ``observe`` came to, once, and whether there was any."""
        if not self._asked:
            self._asked = True
            mistakes.warn(
                "the transport was closed without having been asked for anything: a client's "
                "proxy= and mounts= go around it; give the proxy to the transport that it wraps"
            )
        if self._observes and not self._told:
            self._told = True
            tell(self.tally)

    def _keep(self, answer: Assessment) -> None:
        """Hand a result to the caller's own, and count it."""
        if self._on_assessment is not None:
            # What it raises goes to the caller: an answer that is not kept is not handed on.
            self._on_assessment(answer)
        self.tally.add(answer)

    def _note(
        self, request: httpx.Request, answer: Assessment, passed: sentences.Passed = ""
    ) -> None:
        """Log what is not refused and yet no *ingest*; once what to do where it is our own doing.

        A refusal tells both itself.
        """
        if decision_of(answer) is Decision.INGEST:
            return
        said = sentences.line(answer, str(request.url), passed)
        _log.info("%s", said)
        advice = mistakes.advice(answer.notes)
        if advice and not self._advised:
            self._advised = True
            mistakes.warn(f"{said}; {advice}")

    def _refuse(
        self, request: httpx.Request, answer: Permit | Assessment, more: str = ""
    ) -> httpx.Response:
        url, decision = quote.text(str(request.url)), decided(answer).value
        codes = tuple(dict.fromkeys(reason.code.value for reason in because_of(answer)))
        said = (sentences.why(answer), more or mistakes.advice(answer.notes))
        text = "; ".join(each for each in said if each)
        if self._raises:
            raise Refused(url, decision, codes, text, answer, request=request)
        return httpx.Response(
            403,
            headers={
                "content-type": "text/plain; charset=utf-8",
                "signals-agent": f'{decision}; reasons="{" ".join(codes)}"',
            },
            content=f"{decision} {url}: {text}\n".encode("utf-8", "replace"),
            extensions={EXTENSION: answer} if isinstance(answer, Assessment) else {},
            request=request,
        )


def capture_of(request: httpx.Request, response: httpx.Response, body: bytes | None) -> Capture:
    """A response whose body is not read ahead."""
    at = datetime.now(UTC)
    return Capture(str(request.url), response.status_code, response.headers.raw, body, at)


def unreached(request: httpx.Request, error: Exception) -> Capture:
    """What is known of an asset whose request ended in an error of the transport."""
    return Capture(
        str(request.url),
        fetched_at=datetime.now(UTC),
        availability=Availability.UNREACHABLE,
        failure=failures.classify(error).words,
    )


def stored(not_modified: Capture) -> Capture:
    """The stored response behind a 304, as far as its fields tell of it (rule R12)."""
    return Capture(
        not_modified.url,
        headers=not_modified.headers,
        fetched_at=not_modified.fetched_at,
        truncated=True,
    )


def _has_asset(request: httpx.Request, response: httpx.Response) -> bool:
    """Whether a response holds something to take, or says that a stored copy does.

    An error says itself that it is none.
    """
    return request.method != "HEAD" and response.status_code < 400
