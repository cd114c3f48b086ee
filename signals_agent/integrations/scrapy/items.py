"""What an item carries along: the verdict, what is owed, and the credit line of its page."""

import logging
from typing import TYPE_CHECKING, Any, Final, Self

from itemadapter import ItemAdapter
from scrapy.spidermiddlewares.base import BaseSpiderMiddleware

from signals_agent.integrations.scrapy import choices
from signals_agent.integrations.scrapy.judged import META, Judged

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

_log = logging.getLogger(__name__)

FIELD: Final = "SIGNALS_AGENT_ITEM_FIELD"
"""The setting that names the field; empty for none."""


def mark(item: Any, response: "Response", field: str = META, credit: str = "text") -> Any:
    """The item, with what its page's answer says in a field; unchanged where there is no answer.

    ``credit`` is the style of the credit line: ``text``, ``markdown``, ``html`` or ``bibtex``.
    Raises ``KeyError`` where the item is of a class that has no such field.
    """
    judged = response.meta.get(META)
    if isinstance(judged, Judged):
        ItemAdapter(item)[field] = judged.fields(credit)
    return item


class ObligationsMiddleware(BaseSpiderMiddleware):
    """Marks every item that a callback yields with the answer for the response it came from.

    A spider middleware and no item pipeline: a pipeline is not told which response an item
    came from.
    """

    def __init__(self, crawler: "Crawler") -> None:
        """Reads ``SIGNALS_AGENT_ITEM_FIELD`` and ``SIGNALS_AGENT_CREDIT``."""
        super().__init__(crawler)
        self._field: str = crawler.settings.get(FIELD, META) or ""
        self._credit = choices.credit_style(crawler.settings)
        self._without: set[type] = set()

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Scrapy's way to make a component."""
        return cls(crawler)

    def get_processed_item(self, item: Any, response: "Response | None") -> Any:
        """The item, marked; one that cannot be is told of once for each class."""
        if response is None or not self._field:
            return item
        try:
            return mark(item, response, self._field, self._credit)
        except (KeyError, AttributeError, TypeError):
            self._tell(type(item))
            return item

    def _tell(self, kind: type) -> None:
        stats = self.crawler.stats
        if stats is not None:
            stats.inc_value("signals_agent/items/unmarked")
        if kind not in self._without:
            self._without.add(kind)
            _log.error(
                "%s has no field %r, so its items do not carry what is owed for them; "
                "add the field, or name another one in %s",
                kind.__qualname__,
                self._field,
                FIELD,
            )
