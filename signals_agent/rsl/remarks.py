"""What is to be said about an RSL document while it is read."""

from collections import Counter
from typing import Final

from signals_agent.rsl.nouns import Finding

MAX_OF_A_CODE: Final = 5
"""How many findings of one code are told each; the others are told as a number."""

_MERELY_TOLD: Final = frozenset(("draft", "no-license", "wrapped"))


class Remarks:
    """Findings in the order of the document, those of one code not without end."""

    def __init__(self) -> None:
        self._findings: list[Finding] = []
        self._count: Counter[str] = Counter()

    def add(self, code: str, summary: str, offset: int) -> None:
        """Say one thing about what stands at an octet."""
        self._count[code] += 1
        if self._count[code] <= MAX_OF_A_CODE:
            self._findings.append(Finding(code, summary, code not in _MERELY_TOLD, offset))

    def all(self) -> tuple[Finding, ...]:
        """The findings, and behind them how many more there were of which."""
        more = tuple(
            Finding(code, f"and {count - MAX_OF_A_CODE} more of these", code not in _MERELY_TOLD)
            for code, count in self._count.items()
            if count > MAX_OF_A_CODE
        )
        return (*self._findings, *more)
