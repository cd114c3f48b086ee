"""A document that a declaration names, and what looking at it found."""

from dataclasses import dataclass
from datetime import datetime

from signals_agent.model.capture import Availability, Role


@dataclass(frozen=True, slots=True)
class Naming:
    """A document that a declaration names: its absolute URL, what for, whether required.

    A required one that was not looked at leaves its uses undetermined (rule R15a).
    """

    url: str
    role: Role
    required: bool


@dataclass(frozen=True, slots=True)
class Document:
    """What looking at a named document found; ``body`` is there where it is *present*.

    ``capture`` is the id of its capture, empty where there is none; ``content_type`` the
    field value as sent; ``fetched_at`` an aware time, where it is known.
    """

    url: str
    availability: Availability
    body: bytes = b""
    content_type: bytes = b""
    capture: str = ""
    fetched_at: datetime | None = None
