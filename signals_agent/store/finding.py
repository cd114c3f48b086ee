"""What verifying a ledger may find, and how far it has come."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from signals_agent.model.assessment import Tool
from signals_agent.store import writing
from signals_agent.store.differences import Difference

_TOOLS: Final = 64
"""How many kinds of software are told apart; a ledger that names more was made up."""


class Fault(StrEnum):
    """What verifying may find."""

    DIFFERS = "differs"
    DAMAGED = "damaged"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was written.

    *differs*: octets, policy and tables come to another result. *damaged*: a row cannot be
    read, or its octets are not those of its digest. *changed*: a row, a link or the schema was
    changed, added or taken out since it was written. ``number``, ``id`` and ``url`` are those
    of the entry, as far as they can be told, and as far as it is about one.
    """

    fault: Fault
    text: str
    number: int | None = None
    id: str = ""
    url: str = ""
    differences: tuple[Difference, ...] = ()


@dataclass(slots=True)
class Verification:
    """How far verifying has come; whole once ``verify`` has ended.

    ``equal`` are the entries without a finding of their own, ``number`` is that of the last one
    whose place is known. ``chain`` stands for all that was read until it: noted somewhere else,
    it shows later that nothing was written anew. ``noted`` is the number of the entry at which
    the chain is found that was noted earlier, 0 for that of an empty ledger. ``missing`` counts
    the numbers that have no entry, ``wrong`` the entries with a finding, each by its worst;
    ``of_file`` counts findings about none of them, ``first`` is the lowest number that a
    finding is about, and ``broken`` the last entry that does not follow the one before it.
    ``tools`` says how many entries were written by which software with which tables.
    """

    assessments: int = 0
    equal: int = 0
    findings: int = 0
    number: int = 0
    chain: str = writing.FIRST
    noted: int | None = None
    missing: int = 0
    wrong: dict[Fault, int] = field(default_factory=dict)
    of_file: int = 0
    first: int | None = None
    broken: int = 0
    tools: dict[Tool, int] = field(default_factory=dict)

    @property
    def stands(self) -> bool:
        """Whether all that was written until the chain was noted is there, as it was written."""
        return self.noted is not None and (self.first is None or self.first > self.noted)

    def add(self, finding: Finding) -> None:
        """One more finding."""
        self.findings += 1
        if finding.number is None:
            self.of_file += 1
        else:
            numbers = (self.first, finding.number)
            self.first = min(each for each in numbers if each is not None)

    def count(self, tool: Tool) -> None:
        """One more entry that was written by this software."""
        if tool in self.tools or len(self.tools) < _TOOLS:
            self.tools[tool] = self.tools.get(tool, 0) + 1
