"""What became of every asset of a crawl: written down first, then counted, and told at the end."""

import logging
import shlex
from typing import TYPE_CHECKING, Final

from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.defer import deferred_from_coro

from signals_agent import quote
from signals_agent.errors import StoreError
from signals_agent.integrations import sentences, tally
from signals_agent.integrations.scrapy.book import Book
from signals_agent.integrations.scrapy.choices import Choices, told
from signals_agent.integrations.scrapy.judged import Judged
from signals_agent.model.assessment import Assessment
from signals_agent.model.verdict import Decision

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from signals_agent.store import Tightened

_log = logging.getLogger(__name__)

FAILED: Final = "signals_agent_ledger_failed"
"""The reason with which a crawl is closed whose ledger cannot be read or written."""

_SHOWN: Final = 5
"""Changes of one asset that a line of the log names."""


class NotWritten(IgnoreRequest):
    """The answer could not be written into the ledger, and so nothing is passed on."""


class Account:
    """The ledger and the counts of one crawl."""

    def __init__(self, crawler: "Crawler", choices: Choices) -> None:
        """Opens the ledger; raises ``StoreError`` where that cannot be."""
        self._crawler = crawler
        self._choices = choices
        self._tally = tally.Tally()
        self._tightened: dict[str, int] = {}
        self._failure: StoreError | None = None
        try:
            self._book = Book(choices) if choices.ledger else None
        except StoreError as error:
            raise told(error) from None
        crawler.signals.connect(self._closed, signal=signals.spider_closed)

    def check(self) -> None:
        """Raises ``NotWritten`` once the ledger has failed: then nothing more is asked for."""
        if self._failure is not None:
            raise NotWritten(f"signals_agent: {self._failure}")

    def settled(self, request: Request) -> Judged | None:
        """The answer in the ledger for which nobody need be asked again, counted (rule R38).

        For plain GET requests that no redirect led to: a ledger knows an answer by its URL.
        """
        plain = request.method == "GET" and not request.body
        if self._book is None or not self._choices.resume or not plain:
            return None
        try:
            stored = self._book.settled(request.url)
            if stored is None:
                return None
            self._tell_tightened(self._book.tightened(stored))
        except StoreError as error:
            raise self._stop(error) from None
        self.count("resumed")
        return self._counted(stored)

    def add(self, made: Assessment, *, stopped: bool = True) -> Judged:
        """The answer, written down and counted; raises ``NotWritten`` where it cannot be.

        ``stopped`` says that there is no response that could be passed on.
        """
        self.check()
        if self._book is not None:
            # First of all: what could not be written down is not passed on.
            try:
                tightened = self._book.tightened(made)
                made = self._book.write(made)
            except StoreError as error:
                raise self._stop(error) from None
            self._tell_tightened(tightened)
        return self._counted(made, stopped=stopped)

    def count(self, what: str) -> None:
        """Add one to a count of Scrapy's stats."""
        if self._crawler.stats is not None:
            self._crawler.stats.inc_value(f"signals_agent/{what}")

    def _counted(self, made: Assessment, *, stopped: bool = True) -> Judged:
        judged = Judged(made)
        self._tally.add(made)
        self.count(str(judged.decision))
        for code in dict.fromkeys(reason.code for reason in judged.reasons):
            self.count(f"reason/{code}")
        for rule in dict.fromkeys(tally.ROWS[reason.code] for reason in judged.reasons):
            self.count(f"rule/{rule.partition(':')[0].replace(' ', '-')}")
        if judged.decision is not Decision.INGEST:
            passed = "" if stopped else self._choices.passed(judged.decision)
            _log.info("%s", sentences.line(made, made.url, passed))
        return judged

    def _tell_tightened(self, found: "Tightened | None") -> None:
        """Tell of an asset that was ingested and has stricter declarations by now (rule R38)."""
        if found is None:
            return
        self.count("tightened")
        self.count(f"tightened/{found.then}")
        self._tightened[found.then] = self._tightened.get(found.then, 0) + 1
        changes = [quote.text(each.text) for each in found.changes]
        more = [f"{len(changes) - _SHOWN} more"] if len(changes) > _SHOWN else []
        _log.warning(
            "tightened since %s was ingested (%s): %s; the policy says %s",
            quote.text(found.url),
            found.before.checked_at.date(),
            "; ".join([*changes[:_SHOWN], *more]),
            found.then,
        )

    def _stop(self, error: StoreError) -> NotWritten:
        """Close the crawl; said once, whatever is still under way."""
        if self._failure is None:
            self._failure = error
            _log.error("the crawl is stopped, and nothing more is passed on: %s", error)
            self._close_spider()
        return NotWritten(f"signals_agent: {error}")

    def _close_spider(self) -> None:
        engine, spider = self._crawler.engine, self._crawler.spider
        if spider is None:
            return
        # Not waited for: it waits itself for what is under way.
        if hasattr(engine, "close_spider_async"):
            deferred_from_coro(engine.close_spider_async(reason=FAILED))
        else:
            # Scrapy 2.13
            engine.close_spider(spider, FAILED)

    def _closed(self) -> None:
        """Say what the run came to, or would have."""
        try:
            if self._book is not None:
                self._book.close()
        except StoreError as error:
            _log.error("%s", error)
        if self._choices.observe:
            tally.tell(self._tally)
        else:
            _log.info("%s", self._tally.text("What enforcement came to"))
        if total := sum(self._tightened.values()):
            then = ", ".join(f"{count} to {what}" for what, count in self._tightened.items())
            _log.warning(
                "%d that %s ingested earlier %s stricter declarations by now (%s); "
                "signals-agent ledger %s --tightened shows both readings",
                total,
                "was" if total == 1 else "were",
                "has" if total == 1 else "have",
                then,
                quote.text(shlex.quote(self._choices.ledger), 2000),
            )
