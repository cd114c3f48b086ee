"""One response of an archive, with its place."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from signals_agent import plan
from signals_agent.families import FAMILIES
from signals_agent.model.capture import Capture, Role
from signals_agent.resolve import access
from signals_agent.url import Url


class Kind(StrEnum):
    """What a response is to the assets of its origin (rules R15a, R32)."""

    ASSET = "asset"
    ROBOTS = "robots-txt"
    SITE_FILE = "site-file"

    @property
    def role(self) -> Role:
        """What a capture of this kind is taken for."""
        return Role(self.value)


@dataclass(frozen=True, slots=True)
class Record:
    """Where a response stands: a file (``a.wacz!archive/b.warc.gz``), an offset and an id.

    ``offset`` counts octets of the file as it lies there; ``None`` where many records are
    compressed as one, so that no offset leads to it. ``original`` is that of the record in
    which the body of a revisit stands. ``sound`` says that what stands there is what was
    handed out: not so where damage was found behind it.
    """

    file: str
    offset: int | None
    id: str = ""
    original: int | None = None
    sound: bool = True


@dataclass(frozen=True, slots=True)
class Archived:
    """One response of an archive."""

    capture: Capture
    kind: Kind
    record: Record


def kind_of(url: Url) -> Kind:
    """What a response from this URL is to its origin."""
    if url.origin + url.target == access.robots_url(url.origin):
        return Kind.ROBOTS
    return Kind.SITE_FILE if url.target in _site_files() else Kind.ASSET


@lru_cache(maxsize=1)
def _site_files() -> frozenset[str]:
    return frozenset(file.path for file in plan.wanted_files(FAMILIES, "extended"))
