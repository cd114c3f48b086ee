"""What is known of one licence, and which row of the activity table it is judged by."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Element(StrEnum):
    """What Creative Commons calls the elements of a licence."""

    BY = "BY"
    NC = "NC"
    ND = "ND"
    SA = "SA"


class Kind(StrEnum):
    """The rows of the activity table: licences that ask the same."""

    PUBLIC_DOMAIN = "public-domain"
    ATTRIBUTION = "attribution"
    PERMISSIVE = "permissive"
    DATA_PERMISSIVE = "data-permissive"
    SHARE_ALIKE = "share-alike"
    COPYLEFT = "copyleft"
    NON_COMMERCIAL = "non-commercial"
    NON_COMMERCIAL_SHARE_ALIKE = "non-commercial-share-alike"
    NO_DERIVATIVES = "no-derivatives"
    NON_COMMERCIAL_NO_DERIVATIVES = "non-commercial-no-derivatives"
    USE_RESTRICTED = "use-restricted"
    RETIRED = "retired"
    RESERVED = "reserved"
    UNRECOGNISED = "unrecognised"


UNDECIDED: Final = frozenset({Kind.RESERVED, Kind.UNRECOGNISED})
"""Kinds that are no licence we know: never better than *caution* for what goes out."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One licence: ``id`` is its SPDX id where it has one; ``url`` is its canonical URL.

    ``version`` is absent where the declaration leaves it open. ``port`` is the jurisdiction
    to which a Creative Commons licence was ported, or ``igo``. ``retired`` is the day on
    which its steward withdrew it, as RFC 3339 writes it.
    """

    id: str
    name: str
    kind: Kind
    family: str
    spdx: str | None = None
    url: str | None = None
    elements: tuple[Element, ...] = ()
    version: str | None = None
    port: str | None = None
    retired: str | None = None
