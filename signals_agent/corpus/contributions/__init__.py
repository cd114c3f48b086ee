"""What is owed as a contribution, for what use, and what a person has recorded as given."""

from signals_agent.corpus.contributions.books import Books, records
from signals_agent.corpus.contributions.valuation import Valuation
from signals_agent.corpus.contributions.worksheet import Worksheet, read

__all__ = ["Books", "Valuation", "Worksheet", "read", "records"]
