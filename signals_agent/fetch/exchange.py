"""One answer as it arrives: what is kept of it, where it is cut, and how it is told."""

import dataclasses
import re
from collections.abc import Iterable
from datetime import datetime

from signals_agent.fetch import coding, failures
from signals_agent.fetch.failures import Failure
from signals_agent.fetch.head import HeadEnd
from signals_agent.limits import Limits
from signals_agent.model.capture import Availability, Capture, Role
from signals_agent.robots import parse as robots
from signals_agent.url import Url

_SMALL_BODY = 64 * 1024
"""Octets kept of the body of an answer that is neither an asset nor a file."""
_BEYOND = 1024
"""Octets beyond the mark that ends a head: what arrives comes in pieces too."""
_TEXT = re.compile(r"^$|^text/|[/+](?:html|xml|json|javascript)$")
_HTML = ("", "text/html", "application/xhtml+xml")


def caps(role: Role, told: Capture, limits: Limits) -> tuple[int, float | None]:
    """The most octets to keep of a body, and the most that one received octet may become."""
    if told.status is not None and not 200 <= told.status < 300:
        return _SMALL_BODY, None
    if role is Role.ROBOTS:
        # Enough for the reader to find the last whole line that it will read. The cap is
        # so low that a ratio has nothing to add to it.
        return max(2 * limits.max_robots_bytes, robots.READ_AT_MOST + 1), None
    if role is Role.SITE_FILE:
        return limits.max_site_file_bytes, limits.max_ratio
    if role in (Role.LICENCE_DOCUMENT, Role.POLICY_DOCUMENT):
        return limits.max_document_bytes, limits.max_ratio
    text = _TEXT.search(told.content_type) is not None
    return (limits.max_body_bytes if text else limits.max_other_bytes), limits.max_ratio


def within_caps(told: Capture, limits: Limits, role: Role) -> Capture:
    """What was captured elsewhere, cut where a fetch of ours would have cut it (rule R39)."""
    if _length(told.headers) > limits.max_header_bytes:
        failure = failures.LONG_HEADERS
        return Capture(
            told.url,
            told.status,
            fetched_at=told.fetched_at,
            availability=failure.availability,
            failure=failure.words,
        )
    most, _ = caps(role, told, limits)
    if told.body is None or len(told.body) <= most:
        return told
    return dataclasses.replace(told, body=told.body[:most], truncated=True)


def head_of(told: Capture) -> int:
    """How much of a success in HTML is read at the depth ``head``; 0 where all of it is."""
    successful = told.status is not None and 200 <= told.status < 300
    head = HeadEnd()
    if successful and told.content_type in _HTML and head.reached(told.body or b""):
        return head.end + _BEYOND
    return 0


def holds_the_head(told: Capture) -> bool:
    """Whether this is a success in HTML and what came of it holds the end of its head.

    At the depth ``head`` no more of it is read.
    """
    return head_of(told) > 0


def _length(headers: Iterable[tuple[bytes, bytes]]) -> int:
    return sum(len(name) + len(value) + 4 for name, value in headers)


class Exchange:
    """What has been received of one answer, and how it will be told."""

    def __init__(self, url: Url, role: Role, depth: str, limits: Limits) -> None:
        self.url = url
        self.role = role
        self._depth = depth if role is Role.ASSET else "page"
        self._limits = limits
        self._status: int | None = None
        self._headers: list[tuple[bytes, bytes]] = []
        self._at: datetime | None = None
        self._body_begun = False
        self._body: coding.Body | None = None
        self._head_end: HeadEnd | None = None
        self._truncated = False
        self._failure: Failure | None = None

    def begin(
        self,
        status: int,
        headers: list[tuple[bytes, bytes]],
        at: datetime,
        *,
        decoded: bool = False,
    ) -> bool:
        """Take in status and header section; whether the body is to be read.

        ``decoded`` says that its content codings have been taken off already.
        """
        self._status, self._at = status, at
        if _length(headers) > self._limits.max_header_bytes:
            self.fail(failures.LONG_HEADERS)
            return False
        self._headers = headers
        told = Capture(self.url.text, status, headers, b"")
        if self._depth == "headers" and self._successful:
            return False
        self._body_begun = True
        cap, ratio = caps(self.role, told, self._limits)
        codings = () if decoded else told.field_lines(b"content-encoding")
        self._body = coding.Body(codings, cap, None if decoded else ratio)
        if self._depth == "head" and self._successful and told.content_type in _HTML:
            self._head_end = HeadEnd()
        return True

    def feed(self, chunk: bytes) -> bool:
        """Take in octets off the wire; whether more are wanted."""
        assert self._body is not None
        if not self._body.feed(chunk):
            self._truncated = True
            return False
        return self._head_end is None or not self._head_end.reached(self._body.buffer)

    def end(self) -> None:
        """The body is complete, unless its coding says otherwise."""
        assert self._body is not None
        if self._body.ended_early():
            # What is missing could hold the very line that refuses us, of a page as of a file.
            self.fail(failures.CUT)

    def fail(self, failure: Failure) -> None:
        """Looking ended with a failure, whatever was received before.

        What goes wrong in the body of anything but a success changes nothing: there the
        status alone tells how looking ended (rule R15).
        """
        self._truncated = self._body_begun
        if not self._body_begun or self._successful:
            self._failure = failure

    def capture(self, at: datetime, notes: tuple[str, ...] = ()) -> Capture:
        """What there is to tell; ``at`` is the time where no answer has one."""
        failure = self._failure
        availability = None if failure is None else failure.availability
        if self.role is Role.ROBOTS and availability is Availability.UNREADABLE:
            # *Unreadable* would mean a file without rules (rule R15); this one was not seen.
            availability = Availability.UNREACHABLE
        if failure is not None and failure.note:
            notes = (*notes, failure.note)
        if self._body is not None:
            body: bytes | None = self._body.octets
        else:
            body = b"" if self._status is None or self._body_begun else None
        words = "" if failure is None else failure.words
        whole = failure is None and not self._truncated
        if self.role is Role.ASSET and body == b"" and whole and self._successful:
            # A 2xx without content is no asset, however that was framed (rule R12).
            availability, words = Availability.ABSENT, "the answer has no content"
        return Capture(
            self.url.text,
            self._status,
            self._headers,
            body,
            fetched_at=self._at or at,
            truncated=self._truncated,
            availability=availability,
            failure=words,
            notes=notes,
        )

    @property
    def _successful(self) -> bool:
        return self._status is not None and 200 <= self._status < 300
