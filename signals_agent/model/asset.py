"""How looking at an asset ended, as far as a decision rests on it."""

from dataclasses import dataclass
from datetime import datetime

from signals_agent.model.capture import Availability
from signals_agent.model.licence import Planned


@dataclass(frozen=True, slots=True)
class Asset:
    """How looking at the asset ended, as far as the gate cares.

    ``terms`` is a few words where the response states terms of access (402, or 401 and
    403 with terms), else empty. ``sources`` maps a declaration id to the URL on the
    chain from which it speaks. ``training_refused`` says that rule R37 holds.
    ``licensed`` says whether a licence counts for it, and ``planned`` what those that do
    answer for the planned activities. ``missing`` are the required sources that could not
    be looked at. ``challenged`` says that a gateway's challenge stood in its place.
    """

    url: str
    availability: Availability
    status: int | None
    terms: str
    now: datetime
    sources: dict[str, str]
    training_refused: bool = False
    licensed: bool = False
    planned: tuple[Planned, ...] = ()
    missing: tuple[str, ...] = ()
    challenged: bool = False
