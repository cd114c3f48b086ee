"""The full list of assets for which a separate licence has to be asked, as CSV."""

from collections.abc import Iterator
from typing import Final

from signals_agent.corpus import cells
from signals_agent.corpus.separate.requests import Separate
from signals_agent.model.licence import ContactKind

COLUMNS: Final = (
    "url",
    "licences",
    "activities",
    "answer",
    "contact_kind",
    "contact_name",
    "contact_url",
    "contact_inferred",
    "reason",
    "instead",
)


def render(separate: Separate) -> Iterator[str]:
    """The list, line by line: for each asset one row for each reason, by whom to ask.

    Activities are kept apart by a blank, licences by a semicolon and a blank.
    """
    yield cells.MARK + cells.row(COLUMNS)
    for held, wanted, contact in separate.members():
        who = (
            contact.kind.value,
            cells.words(contact.name),
            cells.address(contact.url),
            "yes" if contact.kind is ContactKind.ORIGIN else "no",
        )
        url = cells.address(held.member.url)
        for need in wanted.needs:
            yield cells.row(
                (
                    url,
                    cells.words("; ".join(need.licences)),
                    " ".join(need.activities),
                    need.answer.value,
                    *who,
                    cells.words(need.reason),
                    cells.words(need.instead),
                )
            )
