"""Which part of the hosts a run takes, where several share a list."""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from signals_agent.errors import UsageError

_WRITTEN: Final = re.compile(r"([0-9]{1,6})/([0-9]{1,6})")


@dataclass(frozen=True, slots=True)
class Shard:
    """The part ``index`` (from 1) of ``of`` parts."""

    index: int
    of: int

    def __post_init__(self) -> None:
        """Refuse a part that is none; raises ``UsageError``."""
        if not 1 <= self.index <= self.of:
            raise UsageError(
                f"there is no shard {self.index}/{self.of}: "
                + (
                    f"the first is 1/{self.of}, the last {self.of}/{self.of}"
                    if self.of > 0
                    else "a list is cut into at least 1"
                )
            )

    def __str__(self) -> str:
        return f"{self.index}/{self.of}"

    def holds(self, host: str) -> bool:
        """Whether a host, in A-labels, belongs to this part.

        By SHA-256 of its name, so that every machine and every release says the same; all
        ports and both schemes of a host go together, as one run has to pace them.
        """
        return self.of == 1 or _number(host) % self.of == self.index - 1


def shard(text: str) -> Shard:
    """The shard that a text such as ``3/8`` names, the first being 1; raises ``UsageError``."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise UsageError(
            f"a shard is written i/n, such as 3/8 for the third of eight parts, not {text!r}"
        )
    return Shard(int(found[1]), int(found[2]))


@lru_cache(maxsize=4096)
def _number(host: str) -> int:
    return int.from_bytes(hashlib.sha256(host.encode("utf-8", "surrogatepass")).digest()[:8])
