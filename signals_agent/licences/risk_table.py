"""The activity table: for each kind of licence and each activity the answer, why, and what instead.

From the table of the licences document. CREDIT stands for NOTICE where a licence of the kind
asks for its notices but not for credit.
"""

from typing import Final, NamedTuple

from signals_agent.licences.entry import Kind
from signals_agent.model.licence import Activity, ActivityAnswer
from signals_agent.model.obligation import ObligationKind


class Cell(NamedTuple):
    """One cell: ``instead`` is there wherever the answer is not *ok*."""

    answer: ActivityAnswer
    conditions: tuple[ObligationKind, ...]
    reason: str
    instead: str | None = None


_OK, _CAUTION, _NO = ActivityAnswer.OK, ActivityAnswer.CAUTION, ActivityAnswer.NO
_CREDIT, _NOTICE = ObligationKind.CREDIT, ObligationKind.NOTICE
_SA, _NC = ObligationKind.SHARE_ALIKE, ObligationKind.NON_COMMERCIAL
_ND, _USE = ObligationKind.NO_DERIVATIVES, ObligationKind.USE_RESTRICTIONS

_RESEARCH = Activity.RESEARCH_INTERNAL
_METRICS = Activity.PUBLISH_METRICS
_MIRROR = Activity.MIRROR
_MODIFIED = Activity.REDISTRIBUTE_MODIFIED
_WEIGHTS = Activity.RELEASE_WEIGHTS
_PRODUCT = Activity.COMMERCIAL_PRODUCT
_SAMPLES = Activity.PUBLISH_SAMPLES
_ADAPTED = Activity.PUBLISH_ADAPTED_SAMPLES
_MERGE = Activity.MERGE_CHECKPOINTS
_REVIEW = Activity.SHARE_FOR_REVIEW

_LINK = "Link to the source rather than mirror it."
_SCRIPTS = "Publish scripts that rebuild the subset from the original, rather than the subset."
_METRICS_ONLY = "Publish metrics, hashes or evaluation scripts rather than the weights."
_PERMITTED = "Use a permissively licensed alternative for what will be released."
_PRODUCT_ELSE = (
    "Use a permissively licensed alternative in the product, or obtain a separate licence."
)
_WATERMARK = "Show short, watermarked, low-resolution samples, or link to the source."
_COPIES = "Obtain written permission for review copies, or let reviewers fetch from the source."
_APART = (
    "Keep this data, and weights trained on it, apart; release what permissive data alone gave."
)

_INSIDE = Cell(_OK, (), "Nothing leaves, so no condition is triggered.")
_FIGURES = Cell(_OK, (), "Figures computed from the data are not the data.")


def _open(*conditions: ObligationKind, shared: str, changed: str) -> dict[Activity, Cell]:
    """A row in which everything is permitted on the same conditions."""
    share, change = Cell(_OK, conditions, shared), Cell(_OK, conditions, changed)
    return {
        _RESEARCH: _INSIDE,
        _METRICS: _FIGURES,
        _MIRROR: share,
        _MODIFIED: change,
        _WEIGHTS: share,
        _PRODUCT: share,
        _SAMPLES: share,
        _ADAPTED: change,
        _MERGE: share,
        _REVIEW: share,
    }


_FREE = "Rights are waived, or there are none: nothing is asked."
_SAME = "Permitted with credit, under the same licence."
_SAME_WEIGHTS = "If the model is an adaptation of the data, it must carry the same licence."
_SAME_MERGE = (
    "If a merged model is an adaptation, every share-alike licence in it must be met at once."
)
_CODE = "Permitted with the source and notices, under the same licence."
_HELD = "Permitted with credit, for noncommercial purposes."
_HELD_SAME = "Permitted with credit, for noncommercial purposes, under the same licence."
_SOLD = "The licence grants nothing for commercial advantage."
_NC_MERGE = "Noncommercial weights must not go into anything that will be released."
_ND_MERGE = "No adapted material may be shared, and merged weights may be just that."
_ND_WEIGHTS = (
    "Treat the weights as adapted material unless the licensor says otherwise; the default is: "
    "do not release."
)
_RESTRICTED = "Permitted within the use restrictions, which are passed on."
_DATED = "The licence is withdrawn and its terms do not name this: read the text itself."
_UNDECIDED = "No licence that is known grants this, and without one it may be forbidden."
ASK_THE_PUBLISHER = "Ask the publisher for permission, or use data under a licence that is known."

TABLE: Final[dict[Kind, dict[Activity, Cell]]] = {
    Kind.PUBLIC_DOMAIN: {activity: Cell(_OK, (), _FREE) for activity in Activity},
    Kind.ATTRIBUTION: _open(
        _CREDIT,
        shared="Permitted with credit.",
        changed="Permitted with credit; say what was changed.",
    ),
    Kind.PERMISSIVE: _open(
        _NOTICE,
        shared="Permitted with the copyright and permission notice.",
        changed="Permitted with the copyright and permission notice.",
    ),
    Kind.DATA_PERMISSIVE: _open(
        _NOTICE,
        shared="Permitted if the agreement's text stays with the data.",
        changed="Permitted if the agreement's text stays with the data.",
    )
    | {
        activity: Cell(_OK, (), "Results computed from the data, models too, are unrestricted.")
        for activity in (_WEIGHTS, _PRODUCT, _SAMPLES, _MERGE)
    },
    Kind.SHARE_ALIKE: _open(_CREDIT, _SA, shared=_SAME, changed=_SAME)
    | {
        _WEIGHTS: Cell(_CAUTION, (_CREDIT, _SA), _SAME_WEIGHTS, _METRICS_ONLY),
        _PRODUCT: Cell(_OK, (_CREDIT, _SA), "Permitted, on the same conditions."),
        _MERGE: Cell(_CAUTION, (_CREDIT, _SA), _SAME_MERGE, _APART),
    },
    Kind.COPYLEFT: _open(_NOTICE, _SA, shared=_CODE, changed=_CODE)
    | {
        _WEIGHTS: Cell(
            _CAUTION,
            (_NOTICE, _SA),
            "If the model is a derived work, it must carry the same licence, with its source.",
            _METRICS_ONLY,
        ),
        _PRODUCT: Cell(_OK, (_NOTICE, _SA), "Permitted, on the same conditions."),
        _SAMPLES: Cell(_OK, (), "What a program puts out, and short excerpts, stay free to show."),
        _MERGE: Cell(_CAUTION, (_NOTICE, _SA), _SAME_MERGE, _APART),
    },
    Kind.NON_COMMERCIAL: _open(_CREDIT, _NC, shared=_HELD, changed=_HELD)
    | {
        _WEIGHTS: Cell(
            _CAUTION,
            (_CREDIT, _NC),
            "Weights may be released for noncommercial purposes at most.",
            _METRICS_ONLY,
        ),
        _PRODUCT: Cell(_NO, (_NC,), _SOLD, _PRODUCT_ELSE),
        _MERGE: Cell(_NO, (_NC,), _NC_MERGE, _APART),
    },
    Kind.NON_COMMERCIAL_SHARE_ALIKE: _open(_CREDIT, _NC, _SA, shared=_HELD_SAME, changed=_HELD_SAME)
    | {
        _WEIGHTS: Cell(
            _CAUTION,
            (_CREDIT, _NC, _SA),
            "Noncommercial at most, and under the same licence if the model is an adaptation.",
            _METRICS_ONLY,
        ),
        _PRODUCT: Cell(_NO, (_NC,), _SOLD, _PRODUCT_ELSE),
        _MERGE: Cell(_NO, (_NC,), _NC_MERGE, _APART),
    },
    Kind.NO_DERIVATIVES: {
        _RESEARCH: _INSIDE,
        _METRICS: _FIGURES,
        _MIRROR: Cell(
            _CAUTION,
            (_CREDIT, _ND),
            "Unaltered and with full attribution only, and many publishers forbid it.",
            _LINK,
        ),
        _MODIFIED: Cell(_NO, (_ND,), "No adapted material may be shared.", _SCRIPTS),
        _WEIGHTS: Cell(_CAUTION, (_CREDIT, _ND), _ND_WEIGHTS, _METRICS_ONLY),
        _PRODUCT: Cell(
            _CAUTION,
            (_CREDIT, _ND),
            "Commerce is permitted, but no adapted material may be shared.",
            _PRODUCT_ELSE,
        ),
        _SAMPLES: Cell(
            _CAUTION,
            (_CREDIT, _ND),
            "Short, low-resolution, academic excerpts only, unaltered and with credit.",
            _WATERMARK,
        ),
        _ADAPTED: Cell(
            _CAUTION,
            (_CREDIT, _ND),
            "An edit that makes a derivative must not be shown: then the answer is no.",
            _WATERMARK,
        ),
        _MERGE: Cell(_NO, (_ND,), _ND_MERGE, _APART),
        _REVIEW: Cell(
            _CAUTION,
            (_CREDIT, _ND),
            "Handing over is sharing: unaltered and with full attribution only.",
            _COPIES,
        ),
    },
    Kind.NON_COMMERCIAL_NO_DERIVATIVES: {
        _RESEARCH: Cell(_OK, (_NC,), "Nothing leaves, and the purpose is research only."),
        _METRICS: _FIGURES,
        _MIRROR: Cell(
            _CAUTION,
            (_CREDIT, _NC, _ND),
            "Unaltered, noncommercial and with full attribution only; many publishers forbid it.",
            _LINK,
        ),
        _MODIFIED: Cell(_NO, (_ND,), "No adapted material may be shared.", _SCRIPTS),
        _WEIGHTS: Cell(
            _CAUTION,
            (_CREDIT, _NC, _ND),
            "High risk: weights may be adapted material, and never commercial; the default is: "
            "do not release.",
            _METRICS_ONLY,
        ),
        _PRODUCT: Cell(_NO, (_NC, _ND), _SOLD, _PRODUCT_ELSE),
        _SAMPLES: Cell(
            _CAUTION,
            (_CREDIT, _NC, _ND),
            "Short, low-resolution, academic excerpts only, unaltered and with credit.",
            _WATERMARK,
        ),
        _ADAPTED: Cell(
            _CAUTION,
            (_CREDIT, _NC, _ND),
            "An edit that makes a derivative must not be shown: then the answer is no.",
            _WATERMARK,
        ),
        _MERGE: Cell(_NO, (_NC, _ND), _ND_MERGE, _APART),
        _REVIEW: Cell(
            _CAUTION,
            (_CREDIT, _NC, _ND),
            "Handing over is sharing: unaltered, noncommercial, with full attribution only.",
            _COPIES,
        ),
    },
    Kind.USE_RESTRICTED: _open(_USE, shared=_RESTRICTED, changed=_RESTRICTED)
    | {
        _RESEARCH: Cell(_OK, (_USE,), "Permitted within the use restrictions."),
        _PRODUCT: Cell(_OK, (_USE,), "Permitted within the use restrictions."),
        _SAMPLES: Cell(_OK, (), "No rights in outputs are claimed."),
    },
    Kind.RETIRED: {
        _RESEARCH: Cell(_CAUTION, (), _DATED, _PERMITTED),
        _METRICS: Cell(_CAUTION, (), _DATED, _PERMITTED),
        _MIRROR: Cell(_CAUTION, (_CREDIT,), _DATED, _LINK),
        _MODIFIED: Cell(_CAUTION, (_CREDIT,), _DATED, _SCRIPTS),
        _WEIGHTS: Cell(_CAUTION, (_CREDIT,), _DATED, _METRICS_ONLY),
        _PRODUCT: Cell(_CAUTION, (_CREDIT,), _DATED, _PRODUCT_ELSE),
        _SAMPLES: Cell(_CAUTION, (_CREDIT,), _DATED, _WATERMARK),
        _ADAPTED: Cell(_CAUTION, (_CREDIT,), _DATED, _WATERMARK),
        _MERGE: Cell(_CAUTION, (_CREDIT,), _DATED, _APART),
        _REVIEW: Cell(_CAUTION, (_CREDIT,), _DATED, _COPIES),
    },
}
"""Every kind that is a licence; what is none has the row ``NO_LICENCE``."""

NO_LICENCE: Final[dict[Activity, Cell]] = {
    _RESEARCH: Cell(_CAUTION, (), _UNDECIDED, ASK_THE_PUBLISHER),
    _METRICS: Cell(_CAUTION, (), _UNDECIDED, ASK_THE_PUBLISHER),
    _MIRROR: Cell(_NO, (), _UNDECIDED, _LINK),
    _MODIFIED: Cell(_NO, (), _UNDECIDED, _SCRIPTS),
    _WEIGHTS: Cell(_CAUTION, (), _UNDECIDED, _METRICS_ONLY),
    _PRODUCT: Cell(_CAUTION, (), _UNDECIDED, _PRODUCT_ELSE),
    _SAMPLES: Cell(_CAUTION, (), _UNDECIDED, _WATERMARK),
    _ADAPTED: Cell(_NO, (), _UNDECIDED, _WATERMARK),
    _MERGE: Cell(_CAUTION, (), _UNDECIDED, _APART),
    _REVIEW: Cell(_NO, (), _UNDECIDED, _COPIES),
}
"""rightsstatements.org, all rights reserved, and whatever is not recognised."""

TABLE[Kind.RESERVED] = NO_LICENCE
TABLE[Kind.UNRECOGNISED] = NO_LICENCE
