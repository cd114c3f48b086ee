"""What a report tells of a run: counted once, the same in every format."""

from signals_agent.audit.figures.count import of
from signals_agent.audit.figures.nouns import Figures

__all__ = ["Figures", "of"]
