"""A licence that an asset carries, and what it answers for the activities of machine learning."""

from dataclasses import dataclass
from enum import StrEnum

from signals_agent.model.obligation import ObligationKind


class Activity(StrEnum):
    """What a recipient may plan to do beyond a use; licences answer for these."""

    RESEARCH_INTERNAL = "research-internal"
    PUBLISH_METRICS = "publish-metrics"
    MIRROR = "mirror"
    REDISTRIBUTE_MODIFIED = "redistribute-modified"
    RELEASE_WEIGHTS = "release-weights"
    COMMERCIAL_PRODUCT = "commercial-product"
    PUBLISH_SAMPLES = "publish-samples"
    PUBLISH_ADAPTED_SAMPLES = "publish-adapted-samples"
    MERGE_CHECKPOINTS = "merge-checkpoints"
    SHARE_FOR_REVIEW = "share-for-review"


class ActivityAnswer(StrEnum):
    """Whether a licence permits an activity."""

    OK = "ok"
    CAUTION = "caution"
    NO = "no"


class LicenceScope(StrEnum):
    """How much of the asset a licence is for."""

    PAGE = "page"
    PART = "part"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class ActivityTerms:
    """One cell of the activity table: the answer, its conditions and reason, what to do instead.

    ``clause`` names the text that it rests on, ``terms_url`` says where that text is.
    """

    answer: ActivityAnswer
    conditions: tuple[ObligationKind, ...]
    reason: str
    instead: str | None = None
    clause: str | None = None
    terms_url: str | None = None


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence as declared; ``because`` holds declaration ids."""

    id: str
    scope: LicenceScope
    activities: dict[Activity, ActivityTerms]
    because: tuple[str, ...]
    spdx: str | None = None
    name: str | None = None
    url: str | None = None
