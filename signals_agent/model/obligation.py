"""What a recipient owes for a use, to whom, and by which words."""

from dataclasses import dataclass
from enum import StrEnum


class ObligationKind(StrEnum):
    """The kinds of obligation (rules, section 6)."""

    CREDIT = "credit"
    DIRECT_CONTRIBUTION = "direct-contribution"
    ECOSYSTEM_CONTRIBUTION = "ecosystem-contribution"
    OPEN = "open"
    PAYMENT = "payment"
    PERMISSION = "permission"
    REPORTING = "reporting"
    SHARE_ALIKE = "share-alike"
    NON_COMMERCIAL = "non-commercial"
    NO_DERIVATIVES = "no-derivatives"
    NOTICE = "notice"
    USE_RESTRICTIONS = "use-restrictions"
    CONVEY_PREFERENCES = "convey-preferences"


class Basis(StrEnum):
    """What an obligation rests on."""

    PREFERENCE = "preference"
    LICENCE = "licence"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class Party:
    """A declaring party: ``inferred`` where only the origin is known (rule R24)."""

    name: str
    url: str | None = None
    inferred: bool = True


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a statement asks for, before it is known to whom it is owed.

    ``signal`` is the CC token, or ``<family>:<what>``; ``party`` is set only where the
    declaration itself names its declaring party, ``beneficiary`` where it names whom a
    contribution is for (rule R24).
    """

    kind: ObligationKind
    signal: str
    text: str
    signal_version: str | None = None
    terms_url: str | None = None
    basis: Basis = Basis.PREFERENCE
    binding: bool = True
    party: Party | None = None
    beneficiary: Party | None = None


@dataclass(frozen=True, slots=True)
class Obligation:
    """What must be done, for whom, and why (rule R23); ``because`` holds declaration ids.

    ``to`` is the declaring party; ``beneficiary`` whom a contribution is for, where the
    declaration names one. Names in pages are claims: a person confirms them before anything
    is paid (rule R24).
    """

    id: str
    kind: ObligationKind
    binding: bool
    basis: Basis
    signal: str
    to: Party
    text: str
    because: tuple[str, ...]
    signal_version: str | None = None
    terms_url: str | None = None
    beneficiary: Party | None = None
