"""What an audit of archives hands out: a judged response, what was read, how far it is."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from signals_agent.archives import Loss, Losses
from signals_agent.store.writing import Record


@dataclass(frozen=True, slots=True)
class Judged:
    """One response of an archive, judged, as it is written into a store.

    ``number`` is its place among all that are judged, from 1, in the order of the input:
    the same whatever the number of processes. ``source`` is the file in which it stands
    (``a.wacz!archive/b.warc.gz``), ``offset`` where, ``None`` where no offset leads to it.
    """

    number: int
    url: str
    at: datetime | None
    source: str
    offset: int | None
    record: Record


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: files read of how many, responses found, and judged of how many.

    ``assets`` is 0 until all files have been read, for it is not known before.
    """

    files_read: int
    files: int
    responses: int
    judged: int = 0
    assets: int = 0


@dataclass(slots=True)
class Told:
    """What became of the inputs; filled in once all files have been read.

    ``records`` counts responses of whatever kind, ``assets`` those that are judged, and
    ``robots`` and ``site_files`` what was taken for these.
    """

    inputs: list[str] = field(default_factory=list)
    robots_inputs: list[str] = field(default_factory=list)
    files: int = 0
    records: int = 0
    assets: int = 0
    robots: int = 0
    site_files: int = 0
    losses: Losses = field(default_factory=Losses)

    def add_losses(self, losses: Losses) -> None:
        """Take in what was lost in one file, and what was left out of it."""
        for each in losses.kept:
            self.losses.add(each)
        self.losses.count += losses.count - len(losses.kept)
        self.losses.left_out += losses.left_out

    @property
    def left_out(self) -> Counter[str]:
        """What is no response, by what it is."""
        return self.losses.left_out

    def document(self) -> dict[str, Any]:
        """All of it as JSON has it."""
        return {
            "inputs": self.inputs,
            "robots_inputs": self.robots_inputs,
            "files": self.files,
            "records": self.records,
            "assets": self.assets,
            "robots": self.robots,
            "site_files": self.site_files,
            "losses": {
                "count": self.losses.count,
                "kept": [_lost(each) for each in self.losses.kept],
            },
            "left_out": dict(sorted(self.losses.left_out.items())),
        }


def _lost(loss: Loss) -> dict[str, Any]:
    told: dict[str, Any] = {"file": loss.file, "offset": loss.offset, "reason": loss.reason}
    return told if loss.until is None else {**told, "until": loss.until}
