"""How long things take, side by side, so that a busy machine slows both alike."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: ours against a peer, in seconds, and the ratio that is promised."""

    name: str
    ours: float
    peer: float
    peer_name: str
    limit: float | None
    detail: str = ""

    @property
    def ratio(self) -> float:
        """Our time over the peer's."""
        return self.ours / self.peer

    @property
    def kept(self) -> bool:
        """Whether the promise holds."""
        return self.limit is None or self.ratio <= self.limit


def side_by_side(
    ours: Callable[[], object], peer: Callable[[], object], rounds: int = 7
) -> tuple[float, float]:
    """The best time of each, in seconds, taken in turns."""
    best_ours = best_peer = float("inf")
    for _ in range(rounds):
        best_peer = min(best_peer, _time(peer))
        best_ours = min(best_ours, _time(ours))
    return best_ours, best_peer


def _time(job: Callable[[], object]) -> float:
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        job()
        return time.perf_counter() - start
    finally:
        gc.enable()
