"""What a recipient's policy makes of a resolution."""

from dataclasses import dataclass
from enum import StrEnum

from signals_agent.model.use import Use


class Decision(StrEnum):
    """What to do with the asset; ``severity`` of the three grows from ingest to skip."""

    INGEST = "ingest"
    HOLD = "hold"
    SKIP = "skip"


class ReasonCode(StrEnum):
    """Why a decision fell as it did (rule R27)."""

    ACCESS_REFUSED = "access-refused"
    ACCESS_UNDETERMINED = "access-undetermined"
    ACCESS_TERMS = "access-terms"
    NO_ASSET = "no-asset"
    ASSET_UNREACHABLE = "asset-unreachable"
    DISALLOW = "disallow"
    LICENCE_FORBIDS = "licence-forbids"
    LICENCE_CAUTION = "licence-caution"
    UNDETERMINED = "undetermined"
    UNREADABLE = "unreadable"
    UNMET = "unmet"
    UNKNOWN = "unknown"
    AGREEMENT = "agreement"
    CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, as a code and a sentence, with the declarations behind it."""

    code: ReasonCode
    text: str
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyRecord:
    """Which policy decided: its name, and the SHA-256 of its canonical JSON."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The overall decision over the intended uses: the worst of them (rule R27).

    ``activities`` are those planned, ``agreed`` those of them that an agreement covers.
    """

    decision: Decision
    uses: tuple[Use, ...]
    policy: PolicyRecord
    reasons: tuple[Reason, ...]
    obligations: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    agreed: tuple[str, ...] = ()
