"""What a reader should hear about a declaration, a source or a decision."""

from dataclasses import dataclass
from enum import StrEnum

from signals_agent.model.position import Position


class Severity(StrEnum):
    """How much a note matters to its reader."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Note:
    """One finding: a stable code, a sentence, the clause it rests on, and where.

    ``code`` is ``<family>-<fact>`` and never changes its meaning; ``clause`` names a
    rule (``rule R11``) or a specification (``RFC 9309 2.2.1``); ``because`` holds
    declaration ids.
    """

    code: str
    severity: Severity
    summary: str
    clause: str
    because: tuple[str, ...] = ()
    position: Position | None = None
