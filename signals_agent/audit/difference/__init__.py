"""What changed between two runs, or two times of one store."""

from signals_agent.audit.difference.account import SCHEMA, account, remarks
from signals_agent.audit.difference.book import Book, Site
from signals_agent.audit.difference.differ import Differ
from signals_agent.audit.difference.nouns import (
    Changed,
    Counts,
    Declared,
    Kind,
    Outcome,
    Said,
    Some,
    Unseen,
    Verdict,
)
from signals_agent.audit.difference.states import Named, State, is_first, last_two, opened, read

__all__ = [
    "SCHEMA",
    "Book",
    "Changed",
    "Counts",
    "Declared",
    "Differ",
    "Kind",
    "Named",
    "Outcome",
    "Said",
    "Site",
    "Some",
    "State",
    "Unseen",
    "Verdict",
    "account",
    "is_first",
    "last_two",
    "opened",
    "read",
    "remarks",
]
