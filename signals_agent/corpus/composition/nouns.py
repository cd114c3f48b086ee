"""What composing a corpus comes to, as values (licences, *Working with a corpus*)."""

from dataclasses import dataclass, field
from enum import StrEnum

from signals_agent.corpus.held import Extent
from signals_agent.model.licence import Activity, ActivityAnswer
from signals_agent.model.obligation import ObligationKind


@dataclass(frozen=True, slots=True)
class InTheWay:
    """Members that fall out for an activity: those under the same licences, for one reason.

    ``labels`` are their licences', none where none is declared; ``footings`` what they stand
    on (numbers of the holdings), ``examples`` a few URLs.
    """

    answer: ActivityAnswer
    labels: tuple[str, ...]
    reason: str
    extent: Extent
    footings: tuple[int, ...]
    instead: str | None = None
    clause: str | None = None
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShareClass:
    """Members whose share-alike licences can be met together.

    ``under`` are the licences under which what is made of them may go out, ``labels`` their
    own. One class is ``kept``: the largest, of equals that of the first SPDX id. Where *every*
    share-alike licence is *caution* by itself, it is that which would be kept.
    """

    under: tuple[str, ...]
    labels: tuple[str, ...]
    extent: Extent
    footings: tuple[int, ...]
    kept: bool


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left of a corpus without those that stand in the way, and what it asks.

    ``under`` are the licences under which something made of it may go out, where a licence
    demands that; none where none does.
    """

    extent: Extent
    footings: tuple[int, ...]
    conditions: tuple[ObligationKind, ...]
    under: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ForActivity:
    """The answer of a whole corpus for one activity: that of its most demanding member.

    ``conditions`` is the join of what all members ask, ``reason`` says it in words.
    ``otherwise`` is what would remain if all share-alike material were left out instead, where
    that is more.
    """

    activity: Activity
    answer: ActivityAnswer
    conditions: tuple[ObligationKind, ...]
    reason: str
    in_the_way: tuple[InTheWay, ...]
    classes: tuple[ShareClass, ...]
    remaining: Remaining
    otherwise: Remaining | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A licensor's own statement that took the place of what its licence answers.

    ``before`` is what the licence answers by itself, ``url`` says where the statement stands,
    ``extent`` for how much of the corpus it counts (licences, *The risk table*).
    """

    activity: Activity
    label: str
    answer: ActivityAnswer
    before: ActivityAnswer
    url: str
    extent: Extent


@dataclass(frozen=True, slots=True)
class Agreement:
    """How much agreements cover of what would not be permitted without them (rule R34)."""

    activity: Activity
    extent: Extent


class SetKind(StrEnum):
    """What kind of set a part of the corpus is kept in."""

    PERMISSIVE = "permissive"
    SHARE_ALIKE = "share-alike"
    RESEARCH_ONLY = "research-only"
    USE_RESTRICTED = "use-restricted"
    NEEDS_REVIEW = "needs-review"
    NO_LICENCE = "no-licence"


@dataclass(frozen=True, slots=True)
class SegregatedSet:
    """A part of the corpus that is kept by itself, and why; ``name`` is fit for a file.

    ``tags`` are for machines (``license:cc-by-nd-4.0``, ``research-only``), ``marked`` is what
    people see on it: *Research-Only* where ND or NC material is in it.
    """

    name: str
    kind: SetKind
    text: str
    labels: tuple[str, ...]
    extent: Extent
    footings: tuple[int, ...]
    tags: tuple[str, ...]
    marked: str | None = None


@dataclass(frozen=True, slots=True)
class Clash:
    """Two kinds of licence of the corpus that do not go into one thing, in words.

    ``one`` and ``other`` are labels; ``answer`` is that of a thing made of both and shared.
    ``text`` explains it to somebody who is no lawyer, ``still`` names what can be done all the
    same, a sentence each. ``labels`` are all licences that each of the two stands for, those of
    most assets first, ``group`` names what this is a case of, and ``why`` is it in a sentence.
    """

    one: str
    other: str
    answer: ActivityAnswer
    text: str
    instead: str | None
    assets: tuple[int, int]
    still: tuple[str, ...] = ()
    labels: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    group: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Composition:
    """What may be done with the whole, activity by activity, and how it is best kept apart.

    ``names`` are those of the corpora that were put together, ``extents`` how much each is.
    ``licences`` counts assets by the labels of their licences. ``statements`` and ``agreements``
    are what licensors and agreements permit or refuse beside the licences.
    """

    names: tuple[str, ...]
    extents: tuple[Extent, ...]
    extent: Extent
    licences: tuple[tuple[tuple[str, ...], Extent], ...]
    activities: dict[Activity, ForActivity]
    sets: tuple[SegregatedSet, ...]
    clashes: tuple[Clash, ...]
    statements: tuple[Statement, ...] = ()
    agreements: tuple[Agreement, ...] = ()


class Release(StrEnum):
    """Whether checkpoints of a model that was trained on a corpus may be released."""

    RELEASE = "release"
    ASK = "ask"
    DO_NOT_RELEASE = "do-not-release"


@dataclass(frozen=True, slots=True)
class Weights:
    """What holds for the weights of a model that is trained on the corpus.

    ``under`` are the licences to choose from, none where none is demanded; ``tags`` are for
    the checkpoint's own metadata; ``without`` says what holds if those that stand in the way
    were left out of the training data: at first those that rule a release out, then those of
    which somebody has to be asked. ``extent`` is how much is trained on, ``left_out`` all that
    is not any more, by the labels of its licences (none where none is declared). ``statements``
    and ``agreed`` are what licensors and agreements say of what is trained on.
    """

    release: Release
    text: str
    reasons: tuple[str, ...]
    under: tuple[str, ...]
    conditions: tuple[ObligationKind, ...]
    tags: tuple[str, ...]
    without: "Weights | None" = None
    extent: Extent = field(default_factory=Extent)
    left_out: tuple[tuple[tuple[str, ...], Extent], ...] = ()
    statements: tuple[Statement, ...] = ()
    agreed: Extent = field(default_factory=Extent)
