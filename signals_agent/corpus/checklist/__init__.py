"""What has to be settled before a corpus is used."""

from signals_agent.corpus.checklist.items import make
from signals_agent.corpus.checklist.nouns import Ground, How, Item, State, is_open
from signals_agent.corpus.checklist.written import document, markdown

__all__ = ["Ground", "How", "Item", "State", "document", "is_open", "make", "markdown"]
