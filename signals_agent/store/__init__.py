"""The ledger: what was declared, what was owed and what was decided, kept as it was."""

from signals_agent.store.differences import Difference
from signals_agent.store.entry import Count, Entry, Grounds
from signals_agent.store.finding import Fault, Finding, Verification
from signals_agent.store.ledger import Ledger
from signals_agent.store.packing import unpacked
from signals_agent.store.tightened import Tightened, compare
from signals_agent.store.verify import verify

__all__ = [
    "Count",
    "Difference",
    "Entry",
    "Fault",
    "Finding",
    "Grounds",
    "Ledger",
    "Tightened",
    "Verification",
    "compare",
    "unpacked",
    "verify",
]
