"""What composing comes to in sentences for somebody who is no lawyer."""

from collections.abc import Sequence
from typing import Final

from signals_agent import quote, wording
from signals_agent.corpus.composition.nouns import ForActivity
from signals_agent.corpus.held import Extent
from signals_agent.licences import claims, declared
from signals_agent.model.licence import Activity, ActivityAnswer
from signals_agent.model.obligation import ObligationKind

ACTIVITIES: Final = {
    Activity.RESEARCH_INTERNAL: "experiment privately; nothing leaves",
    Activity.PUBLISH_METRICS: "publish figures computed from the data",
    Activity.MIRROR: "hand the data on unaltered",
    Activity.REDISTRIBUTE_MODIFIED: "hand on filtered, cleaned or otherwise changed data",
    Activity.RELEASE_WEIGHTS: "release checkpoints trained on it",
    Activity.COMMERCIAL_PRODUCT: "use it, or a model trained on it, for commercial advantage",
    Activity.PUBLISH_SAMPLES: "show unaltered excerpts",
    Activity.PUBLISH_ADAPTED_SAMPLES: "show edited or derived outputs",
    Activity.MERGE_CHECKPOINTS: "merge or distil weights trained on it with others",
    Activity.SHARE_FOR_REVIEW: "hand data or weights to reviewers",
}
"""What each activity means, in a few words (licences, *Activities*)."""


NOTHING: Final = "There is nothing in it, so nothing is cleared."
"""What is said of a corpus without assets."""


def number(count: int) -> str:
    """A count with its thousands set apart."""
    return f"{count:,}"


def quoted(text: str) -> str:
    """Words that others may have written, safe in Markdown."""
    return quote.markdown(text, 2000)


def assets(extent: Extent) -> str:
    """How many assets these are."""
    return f"{number(extent.assets)} asset{'' if extent.assets == 1 else 's'}"


def name(label: str) -> str:
    """What people call a licence: ``CC BY-SA 4.0``; a URL or the publisher's words as they are."""
    return wording.licence_name(declared.make(claims.read(label))) or label


def names(labels: Sequence[str]) -> str:
    """The same of several that stand together; that there is none where there is none."""
    return wording.series([name(each) for each in labels]) or "no licence"


def listed(labels: Sequence[str], most: int = 5) -> str:
    """Licences of which each is meant for itself: ``CC BY-NC-ND 2.0 / CC BY-NC-ND 4.0``."""
    shown = [name(each) for each in labels[:most]]
    if len(labels) > most:
        shown.append(f"{number(len(labels) - most)} more")
    return " / ".join(shown)


def conditions(kinds: Sequence[ObligationKind]) -> str:
    """What is asked, as what one does: ``credit the source and ...``."""
    return wording.series([wording.DUTIES[kind] for kind in kinds])


def reason(found: ForActivity, every: Extent, bare: Extent, lifted: Extent) -> str:
    """Why a corpus answers an activity as it does, in a sentence or two.

    ``bare`` are the assets without a licence, of all; ``lifted`` those for which a licensor's
    own statement or an agreement permits what nothing else does.
    """
    if not every.assets:
        return NOTHING
    stand, count = _stand(found)
    if count:
        left = found.remaining.extent
        them = "it" if count == 1 else "them"
        if not left.assets:
            return f"{stand} Nothing remains without {them}."
        remain = "remains" if left.assets == 1 else "remain"
        return f"{stand} Without {them} {assets(left)} {remain}."
    aside = beside = ""
    if lifted.assets:
        beside = f" For {assets(lifted)} a licensor's own statement or an agreement says so."
    if bare.assets:
        does = "declares" if bare.assets == 1 else "declare"
        aside = (
            f" {assets(bare)} {does} no licence, of which nothing is known beyond the preference."
        )
    if bare.assets == every.assets:
        return aside.strip()
    if bare.assets * 2 > every.assets:
        # What is most of the corpus comes first.
        rest = every.assets - bare.assets
        ask = conditions(found.conditions)
        other = "licence of the other permits" if rest == 1 else "licences of the other "
        other += "" if rest == 1 else f"{number(rest)} permit"
        asks = f", if you {ask}" if ask else ""
        return (
            f"{number(bare.assets)} of {assets(every)} declare no licence: nothing is known of "
            f"them beyond the preference. The {other} this{asks}.{beside}"
        )
    if not found.conditions:
        return f"Every licence permits this, and none asks anything for it.{beside}{aside}"
    return f"Every licence permits this, if you {conditions(found.conditions)}.{beside}{aside}"


def _stand(found: ForActivity) -> tuple[str, int]:
    """How many stand in the way, in words and as a number."""
    no, caution = (
        sum(each.extent.assets for each in found.in_the_way if each.answer is answer)
        for answer in (ActivityAnswer.NO, ActivityAnswer.CAUTION)
    )
    if no + caution == 1:
        does = "rules it out" if no else "needs a person's decision first"
        return f"1 asset stands in the way: it {does}.", 1
    told = [
        f"{number(count)} {one if count == 1 else several}"
        for count, one, several in (
            (no, "rules it out", "rule it out"),
            (caution, "needs a person's decision first", "need a person's decision first"),
        )
        if count
    ]
    return (
        f"{number(no + caution)} assets stand in the way: {' and '.join(told)}.",
        no + caution,
    )
