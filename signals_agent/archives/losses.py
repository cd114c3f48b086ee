"""What of an archive could not be read."""

from collections import Counter
from dataclasses import dataclass, field

_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Loss:
    """A place that could not be read; ``offset`` counts octets of the file as it lies there.

    ``until`` is where reading went on, ``None`` where it did not.
    """

    file: str
    offset: int
    reason: str
    until: int | None = None


@dataclass(slots=True)
class Losses:
    """Collects what was lost: all is counted, the first thousand are ``kept``.

    ``left_out`` counts what is no response by what it is (``request``, ``metadata``,
    ``no-web-address``): that is no loss.
    """

    kept: list[Loss] = field(default_factory=list)
    count: int = 0
    left_out: Counter[str] = field(default_factory=Counter)

    def add(self, loss: Loss) -> None:
        """Take in one loss."""
        self.count += 1
        if len(self.kept) < _KEPT:
            self.kept.append(loss)
