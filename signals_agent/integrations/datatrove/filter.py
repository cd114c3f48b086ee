"""The step of a pipeline that drops what is not ingested, and annotates the rest."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final, cast, get_args

from datatrove.data import Document
from datatrove.pipeline.filters.base_filter import BaseFilter
from datatrove.pipeline.writers.disk_base import DiskWriter
from loguru import logger

from signals_agent import url as urls
from signals_agent.errors import InvalidURL, UsageError
from signals_agent.fetch.exchange import within_caps
from signals_agent.integrations import sentences, unproven
from signals_agent.integrations.datatrove.book import Book
from signals_agent.integrations.datatrove.sources import (
    Source,
    Sources,
    given,
    moment_of,
    origin_of,
)
from signals_agent.integrations.responses import header_lines, settle
from signals_agent.integrations.tally import Tally, decision_of, reasons_of
from signals_agent.limits import DEFAULT_LIMITS, Limits
from signals_agent.model.assessment import Assessment
from signals_agent.model.capture import Availability, Capture, Role
from signals_agent.model.citation import CitationStyle
from signals_agent.model.use import Use
from signals_agent.model.verdict import Decision
from signals_agent.plan import Known, Want
from signals_agent.policy import Policy
from signals_agent.resolve.access import Given
from signals_agent.wishes import Wishes

KEY: Final = "signals_agent"
"""Where in a document's metadata the answer is put."""

TEXT: Final = "text"
"""What ``html_key`` is called where the document's own text is the page."""

_NO_HEADERS: Final = (
    "a document has no header section under {!r}, and so is never ingested: read WARC files with "
    "WarcResponses (WarcReader leaves it out), or say where it stands with headers_key"
)
_NO_ROBOTS: Final = (
    "there is no robots.txt of {}, and without it nothing is ingested: give robots=robots_in(...), "
    "a mapping by origin, or robots_key"
)
_IS_PAGE: Final = ("", "text/html", "application/xhtml+xml")
_IS_TEXT = re.compile(r"^$|^text/|[/+](?:html|xml|json)$")


class SignalsFilter(BaseFilter):  # type: ignore[misc]  # datatrove has no types
    """Drops each document whose verdict is not *ingest*; the reason is ``hold-unmet``, say.

    A document says where it is from (``url_key``) and what was received: ``headers_key``
    (pairs, a mapping, or a header section as text), ``status_key``, ``date_key`` (ISO 8601)
    and the page, which is its text (``html_key="text"``), another key of its metadata, or
    ``None`` where it was not kept. ``robots`` (by origin), ``site_files`` and ``documents``
    (by URL) are mappings, or callables that are asked for one at a time; ``robots_key`` is
    where a document carries its own. What is nowhere was *not looked at*: without robots.txt
    or the header section nothing is ingested (rule R15a).

    Kept documents carry decision, reasons, obligations and credit line in
    ``metadata["signals_agent"]``, dropped ones too; with ``whole=True`` the whole result.
    ``credit`` is the style of the credit line: ``text``, ``markdown``, ``html`` or ``bibtex``.
    ``ledger`` is the path of a ledger to which each result is appended, by every task.
    Under the preset ``observe`` nothing is dropped, and each task logs in the end what
    enforcement would have cost. Nothing is fetched. Raises ``UsageError`` and its kin for
    a mistake in the arguments, never for what is in a document.
    """

    name = "🚦 Signals"

    def __init__(
        self,
        policy: Policy | Mapping[str, Any] | None = None,
        *,
        token: str | None = None,
        tokens: Iterable[str] = (),
        acquired_by: str | None = None,
        uses: Iterable[Use | str] | None = None,
        depth: str = "page",
        robots: Source = None,
        site_files: Source = None,
        documents: Source = None,
        url_key: str = "url",
        status_key: str = "status",
        headers_key: str = "headers",
        date_key: str = "date",
        truncated_key: str = "truncated",
        html_key: str | None = TEXT,
        robots_key: str | None = None,
        whole: bool = False,
        credit: str = "text",
        limits: Limits = DEFAULT_LIMITS,
        ledger: str | os.PathLike[str] | None = None,
        exclusion_writer: DiskWriter | None = None,
    ) -> None:
        super().__init__(exclusion_writer)
        if credit not in get_args(CitationStyle):
            styles = ", ".join(get_args(CitationStyle))
            raise UsageError(f"credit is one of {styles}, not {credit!r}")
        self._prepare = partial(
            Wishes.prepare,
            token,
            tuple(tokens),
            acquired_by,
            # Checked there, where it is a mapping.
            cast("Policy", Policy() if policy is None else policy),
            None if uses is None else tuple(uses),
            "cumulative",
            depth,
            None,
            None,
        )
        run = self._prepare()
        unproven.warn(run.policy)
        self._observes = run.policy.preset == "observe"
        self._sources = Sources(robots, site_files, documents)
        self._keys = (url_key, status_key, headers_key, date_key, truncated_key)
        self._html_key = html_key
        self._robots_key = robots_key
        self._whole = whole
        self._credit = credit
        self._limits = limits
        self._book = None if ledger is None else Book(ledger)
        self._missed: set[str] = set()
        self.tally = Tally()

    def filter(self, doc: Document) -> bool | tuple[bool, str]:
        """Whether the document is ingested, and why not."""
        answer = self.judge(doc)
        if answer is None:
            self.stat_update("unjudged")
            doc.metadata[KEY] = {"decision": "hold", "reasons": [{"code": "no-url"}]}
            return True if self._observes else (False, "hold-no-url")
        if self._book is not None:
            # What it raises ends the task: a document that is not on record is not passed on.
            self._book.append(answer)
        self.tally.add(answer)
        decision, reasons = decision_of(answer), reasons_of(answer)
        doc.metadata[KEY] = answer.model_dump(mode="json") if self._whole else self._summary(answer)
        self.stat_update(decision.value)
        if self._observes or decision is Decision.INGEST:
            return True
        return False, f"{decision.value}-{reasons[0].code.value}"

    def judge(self, doc: Document) -> Assessment | None:
        """The result for a document; ``None`` where it does not say where it is from."""
        try:
            asset = self._asset(doc)
        except InvalidURL:
            return None

        here = urls.parse(asset.url).origin

        def find(want: Want) -> Given:
            own = doc.metadata.get(self._robots_key) if self._robots_key else None
            if want.role is Role.ROBOTS and own is not None and origin_of(want) == here:
                return given(own)
            found = self._sources.find(want)
            if want.role is Role.ROBOTS and found is Availability.NOT_LOOKED:
                self._miss("robots_missing", _NO_ROBOTS.format(origin_of(want)))
            return found

        return settle(self._prepare(), Known(asset.url, asset=asset), find)

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """As every filter; under ``observe`` it says so, and logs in the end what was found."""
        if self._observes:
            logger.info("{}", sentences.OBSERVING)
        try:
            yield from super().run(data, rank, world_size)
        finally:
            if self._book is not None:
                self._book.close()
            if self._observes:
                logger.info("\n{}", self.tally.text("What enforcement would have cost"))

    def _asset(self, doc: Document) -> Capture:
        """The response that a document holds; *not looked at* where it has no header section."""
        url, status, headers, date, truncated = (doc.metadata.get(key) for key in self._keys)
        if not isinstance(url, str):
            raise InvalidURL("the document has no URL")
        text = urls.parse(url).text
        at = moment_of(date)
        try:
            lines = None if headers is None else header_lines(headers)
            code = None if status is None else int(status)
            told = None if lines is None else Capture(text, code, lines, b"", at)
        except (UsageError, ValueError, TypeError):
            told = None
            self.stat_update("headers_unreadable")
        if headers is None:
            self._miss("headers_missing", _NO_HEADERS.format(self._keys[2]))
        if told is None:
            return Capture(text, fetched_at=at, availability=Availability.NOT_LOOKED)
        body = self._body(doc, told.content_type)
        fields = told.headers
        if isinstance(body, str):
            # Text has been decoded: it is UTF-8 by now, whatever it was.
            fields = () if body.isascii() else ((b"content-type", _utf_8(told)),)
            fields = (*told.headers, *fields)
            body = body.encode("utf-8", "replace")
        return within_caps(
            Capture(text, told.status, fields, body, at, bool(truncated)),
            self._limits,
            Role.ASSET,
        )

    def _summary(self, answer: Assessment) -> dict[str, Any]:
        """What a document carries along: the decision, why, what is owed, and the credit line."""
        verdict = answer.verdict
        owed = set(verdict.obligations if verdict is not None else ())
        found: dict[str, Any] = {
            "decision": decision_of(answer).value,
            "uses": [each.value for each in (verdict.uses if verdict is not None else answer.uses)],
            "reasons": [
                {"code": each.code.value, "text": sentences.sentence(answer, each)}
                for each in reasons_of(answer)
            ],
            "obligations": [
                each
                for each in answer.model_dump(mode="json", include={"obligations"})["obligations"]
                if each["id"] in owed
            ],
        }
        if answer.attribution is not None:
            found["credit"] = answer.citation(self._credit)
        if verdict is not None:
            found["policy"] = {"name": verdict.policy.name, "sha256": verdict.policy.sha256}
        return found

    def _miss(self, what: str, text: str) -> None:
        """Count what a document lacks; the first time say what to do."""
        self.stat_update(what)
        if what not in self._missed:
            self._missed.add(what)
            logger.warning("{}", text)

    def _body(self, doc: Document, content_type: str) -> bytes | str | None:
        """The page, where what the document has is one."""
        if self._html_key is None:
            return None
        page = doc.text if self._html_key == TEXT else doc.metadata.get(self._html_key)
        if isinstance(page, bytes):
            return page
        # Text that was drawn from a PDF or an image is not what was received; nor is that
        # of a web page without its markup, and with it what the page says.
        if not isinstance(page, str) or not _IS_TEXT.search(content_type):
            return None
        return None if content_type in _IS_PAGE and "<" not in page else page


def _utf_8(told: Capture) -> bytes:
    return f"{told.content_type or 'text/html'}; charset=utf-8".encode("latin-1")
