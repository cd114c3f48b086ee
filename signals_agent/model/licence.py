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


UNREAD = "licence that was not read"
"""The name of a licence of which no more is known than that it may be there (rule R39)."""


class ContactKind(StrEnum):
    """In what role somebody is named who may grant more than a licence does, best first."""

    ACQUIRE_LICENCE = "acquire-licence"
    MORE_PERMISSIONS = "more-permissions"
    USAGE_INFO = "usage-info"
    LICENSOR = "licensor"
    CONTACT = "contact"
    ORIGIN = "origin"


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask for a separate licence: a claim of the page, or its origin.

    ``url`` is a page or a ``mailto:``; ``because`` holds declaration ids, none where it
    is only inferred from where the asset stands.
    """

    kind: ContactKind
    name: str | None = None
    url: str | None = None
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence as declared; ``because`` holds declaration ids.

    ``label`` is its SPDX id or expression, our id where SPDX has none, and its URL or its
    own words where it is not recognised. ``parts`` are the URLs of what it is for where its
    scope is *part* and they are named. ``governs`` says that it is one of those that count
    for the asset as a whole.
    """

    id: str
    scope: LicenceScope
    activities: dict[Activity, ActivityTerms]
    because: tuple[str, ...]
    label: str = ""
    spdx: str | None = None
    name: str | None = None
    url: str | None = None
    version: str | None = None
    parts: tuple[str, ...] = ()
    governs: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """A planned activity under the licences that count for an asset, taken together.

    ``licences`` are the labels of those that give the answer, ``because`` the ids of the
    declarations that name them.
    """

    activity: Activity
    terms: ActivityTerms
    licences: tuple[str, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeparateLicence:
    """What the licences do not plainly permit, and whom to ask for a licence of its own.

    ``activities`` are those answered *no* or *caution*: the planned ones, or all where
    none is planned. ``licences`` holds licence ids.
    """

    activities: tuple[Activity, ...]
    licences: tuple[str, ...]
    ask: tuple[Contact, ...]
    text: str
