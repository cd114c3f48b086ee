"""Which notes tell that declarations disagree, and what each of them means."""

import re
from typing import Final

FAMILIES_DISAGREE: Final = "resolution-families-disagree"

CONTRADICTIONS: Final = {
    "access-prices-differ": "one answer names more than one price for crawling",
    "aipref-drafts-disagree": "the drafts of AIPREF read one expression differently, and the "
    "stricter reading counts",
    "aipref-exceptions-on-allow": "an AIPREF expression allows and makes exceptions all the same: "
    "allowed, and the CC signal is owed",
    "aipref-line-overwritten": "two AIPREF field lines of one answer say otherwise of one label, "
    "and the stricter counts",
    "aipref-overruled-preference": "an AIPREF rule for a longer path allows what one for a shorter "
    "path restricts, and the longer counts",
    "cawg-assertions-disagree": "assertions embedded in one file disagree, and the strictest "
    "counts",
    "cc-signals-exclusive": "CC signals meet that are meant to exclude each other, and all of "
    "them are owed",
    "licence-ambiguous": "several licences are named for one asset, and all count together",
    "plus-values-disagree": "values of PLUS embedded in one file disagree, and the strictest "
    "counts",
    FAMILIES_DISAGREE: "families of declarations disagree, and the strictest counts",
    "robots-access-engines-differ": "two readings of the access rules of one robots.txt differ, "
    "and the refusal counts",
    "robots-legacy-reading-differs": "a reader of robots.txt that does not know Content-Usage "
    "groups it otherwise, and the stricter reading counts",
    "rsl-permit-and-prohibit": "an RSL licence permits and prohibits the same, and it is not "
    "licensed",
    "rsl-superseded": "RSL of the page says otherwise than that of the site, and the page counts",
    "tdmrep-policy-superseded": "TDMRep names another policy in a later technique, which counts",
    "tdmrep-superseded": "TDMRep says otherwise in a later technique, which counts",
    "trust-txt-files-disagree": "the trust.txt files of a site disagree, and the strictest counts",
}
"""The codes of notes on declarations that disagree (rules R2, R10, R14, R17 to R19), and why.

Notes on a repetition, on what was salvaged, or on what is ignored where it allows are not
among them: there nobody says otherwise.
"""

_PAIR: Final = re.compile(r": ([a-z0-9-]+) says [a-z]+, ([a-z0-9-]+) says ")


def which(code: str, summary: str) -> str:
    """What tells contradictions of one code apart: which families, where two disagree."""
    if code != FAMILIES_DISAGREE:
        return ""
    pair = _PAIR.search(summary)
    return "" if pair is None else " and ".join(sorted(pair.groups()))


def words(code: str, pair: str) -> str:
    """What a contradiction means, in a sentence without its full stop."""
    return f"{pair} disagree, and the stricter counts" if pair else CONTRADICTIONS[code]
