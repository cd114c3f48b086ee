"""What a TDM policy says, as nouns: whose it is, what it permits, on which duties."""

from dataclasses import dataclass
from enum import StrEnum


class Purpose(StrEnum):
    """What a permission may be limited to (the profile's right operands)."""

    RESEARCH = "research"
    NON_RESEARCH = "non-research"


class Action(StrEnum):
    """The duties that are known, the least demanding first."""

    ATTRIBUTE = "attribute"
    COMPENSATE = "compensate"
    OBTAIN_CONSENT = "obtainConsent"


@dataclass(frozen=True, slots=True)
class Assigner:
    """Who offers, as the policy says: a claim (rule R24).

    ``url`` is the identifier, a page or a ``mailto:`` address; ``licensing`` the page about
    acquiring a licence, ``mail`` an address of mail; all as written, empty where there is none.
    """

    name: str
    url: str = ""
    licensing: str = ""
    mail: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """What must be done; ``action`` is ``None`` where it is not known.

    ``written`` is its name as written, ``price`` the amount that is asked with its unit,
    ``credited`` who is to be named.
    """

    action: Action | None
    written: str
    price: str = ""
    credited: str = ""


@dataclass(frozen=True, slots=True)
class Permission:
    """One permission, with its place: a JSON pointer (RFC 6901) and its octets.

    ``mines`` says that its action is ``tdm:mine``, ``actions`` are those written.
    ``purposes`` are what it is limited to; ``unknown`` names what else limits it and is not
    understood, so that it cannot be relied on.
    """

    pointer: str
    octets: bytes
    mines: bool
    actions: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    duties: tuple[Duty, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    unknown: tuple[str, ...] = ()
    assigner: Assigner | None = None


@dataclass(frozen=True, slots=True)
class TdmPolicy:
    """One document.

    ``failure`` says in a few words why it is no policy that can be read: then nothing of it
    counts. ``page`` says that it is HTML, for people. ``prohibits`` says that it holds a
    prohibition, ``salvaged`` that it is not quite JSON.
    """

    permissions: tuple[Permission, ...] = ()
    prohibits: bool = False
    salvaged: bool = False
    page: bool = False
    failure: str = ""
