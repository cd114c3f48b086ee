"""What was said in a feed of licences and RSL, and what it was said in."""

from dataclasses import dataclass
from dataclasses import field as made
from enum import StrEnum

from signals_agent import url as urls
from signals_agent.locate.feed_rsl import Terms
from signals_agent.locate.feed_vocabulary import RSL_TYPE, UNSPECIFIED
from signals_agent.locate.references import absolute, absolute_if_url

MAX_OCTETS = 4096
"""Octets and characters that are kept of one element that speaks of a licence."""


class Level(StrEnum):
    """What a licence in a feed stands in."""

    FEED = "feed"
    ITEM = "item"
    SOURCE = "source"
    PART = "part"


@dataclass(slots=True)
class Said:
    """One element that speaks: of a licence (``license``), rights in words, or ``rsl-content``.

    ``value`` is empty where it says nothing; ``unread`` says why it was not read. ``terms``
    are what stands in the feed itself as RSL.
    """

    field: str
    element: str
    offset: int
    base: str
    reference: str = ""
    details: dict[str, str] = made(default_factory=dict)
    octets: bytes = b""
    value: str = ""
    unread: str = ""
    terms: Terms | None = None

    @property
    def about(self) -> str:
        """What it speaks of: ``rsl``, or its field; the nearest that speaks of it counts."""
        if self.field == "license" and self.details.get("type", "").lower().startswith(RSL_TYPE):
            return "rsl"
        return "rsl" if self.terms is not None else self.field

    def finish(self, text: str, octets: bytes, *, cut: bool) -> None:
        """Take what the element holds: a licence is its reference first, rights their words."""
        self.octets = octets
        if self.reference == UNSPECIFIED:
            self.value = UNSPECIFIED
        elif self.reference and (self.field == "license" or not text):
            self.value = absolute(self.base, self.reference)
            if text:
                self.details["name"] = text
        elif cut and self.field == "license":
            self.unread = f"it holds more than {MAX_OCTETS} characters"
        else:
            self.value = absolute_if_url(self.base, text)


@dataclass(slots=True)
class Holder:
    """A feed, an item, the source of an entry, or a part, with what is said in it of licences.

    ``links`` are the URLs of what it is about, each with the base it is relative to.
    """

    level: Level
    within: str
    links: list[tuple[str, str]] = made(default_factory=list)
    said: list[Said] = made(default_factory=list)
    parts: list["Holder"] = made(default_factory=list)
    source: "Holder | None" = None
    root: bool = False

    def urls(self) -> tuple[str, ...]:
        """The URLs of what it is about, absolute, each once; http and https only."""
        joined = (urls.join(base, reference) for base, reference in self.links)
        return tuple(dict.fromkeys(each.text for each in joined if each is not None))
