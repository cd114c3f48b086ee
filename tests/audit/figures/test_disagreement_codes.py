"""Which notes are contradictions: every code of a note is decided, one way or the other."""

import re
import sys
from pathlib import Path

import pytest

from signals_agent.audit.figures import disagreements
from signals_agent.audit.figures.disagreements import CONTRADICTIONS
from signals_agent.families import FAMILIES

sys.path.append(str(Path(__file__).parents[2] / "support"))
import audit_stores

_OTHERS = """
access-challenge access-crawler-error access-licence-malformed access-offer-unreadable
access-over-cap access-price-unreadable ai-txt-allow-says-nothing ai-txt-not-text
ai-txt-not-this-form ai-txt-over-cap ai-txt-salvaged aipref-allow-ignored aipref-empty
aipref-exceptions-as-key aipref-exceptions-case aipref-exceptions-misspelt
aipref-exceptions-repeated aipref-exceptions-string aipref-exceptions-unknown
aipref-exceptions-url aipref-label-as-parameter aipref-not-y-or-n aipref-over-cap
aipref-parse-error aipref-repeated-key aipref-salvaged aipref-shadowed-preference aipref-slip
aipref-train-ai-narrowed aipref-unknown-label aipref-unparsable asset-no-content
cawg-allow-ignored cawg-no-constraints cawg-over-cap cawg-spelling cawg-unknown-entry
cawg-unknown-use cawg-unparsable cawg-unread cawg-unverified content-signal-allow-ignored
content-signal-empty content-signal-over-cap content-signal-path content-signal-repeated-key
content-signal-salvaged content-signal-slip content-signal-unknown-key
content-signal-unknown-value content-signal-unparsable dataset-card-broken dataset-card-over-cap
document-stale documents-over-cap embedded-broken embedded-in-part embedded-unread feed-broken
feed-over-cap feed-transcoded html-canonical-foreign html-licence-link-without-rel
html-licences-over-cap html-meta-refresh html-over-cap html-script-over-cap html-transcoded
http-body-over-cap json-ld-broken json-ld-over-cap licence-expression-unparsable
licence-over-cap licence-retired licence-rights-text licence-unrecognised licence-url-unusable
licence-version-missing openness-more-notes plus-allow-ignored plus-allowed plus-spelling
plus-unknown-value plus-unread redirect-hop-preference robots-colon-missing
robots-meta-date-unreadable robots-meta-max-snippet robots-meta-noarchive robots-meta-nocache
robots-meta-noimageai-on-page robots-meta-nosnippet robots-meta-over-cap
robots-meta-unavailable-after robots-not-robots robots-over-cap robots-pattern-over-cap
robots-records-over-cap robots-spelling-forgiven robots-training-crawlers-refused robots-utf16
rsl-allow-ignored rsl-alternatives rsl-canonical-url rsl-contribution-ambiguous rsl-draft
rsl-empty rsl-encrypted rsl-incomplete rsl-inline-content rsl-max-age rsl-misplaced
rsl-no-content rsl-no-license rsl-no-namespace rsl-no-type rsl-no-url rsl-not-covered
rsl-not-licensed rsl-not-rsl rsl-outside-head rsl-over-cap rsl-price rsl-recipient-unmatched
rsl-refused rsl-relative rsl-repeated rsl-slip rsl-undetermined rsl-unknown-attribute
rsl-unknown-element rsl-unknown-token rsl-unknown-type rsl-unnamed rsl-unparsable
rsl-url-missing rsl-url-unusual rsl-wrapped site-file-soft-404 source-captured-later
source-failed source-in-part source-not-named source-not-used source-of-another-day
source-over-cap source-still-coded source-unreadable source-unset tdmrep-allow-ignored
tdmrep-location-invalid tdmrep-not-an-array tdmrep-policies-united tdmrep-policy-alternatives
tdmrep-policy-declared tdmrep-policy-html tdmrep-policy-invalid tdmrep-policy-missing
tdmrep-policy-no-duty tdmrep-policy-no-permission tdmrep-policy-not-covering
tdmrep-policy-prohibits tdmrep-policy-salvaged tdmrep-policy-unknown-constraint
tdmrep-policy-unknown-duty tdmrep-policy-unreadable tdmrep-protocol-error tdmrep-repeated
tdmrep-salvaged tdmrep-unparsable tdmrep-unrelated trust-txt-not-text trust-txt-repeated
trust-txt-salvaged trust-txt-unknown-value
"""
OTHERS = frozenset(_OTHERS.split())
"""Notes where nobody says otherwise: a repetition, a salvage, a cap, what counts to restrict."""


def known(root: Path) -> set[str]:
    """Every code that a family may leave, that the vectors show, or that stands in the code."""
    found = {code for family in FAMILIES for code in family.codes}
    found |= {note.code for answer in audit_stores.varied() for note in answer.notes}
    for file in (root / "signals_agent").rglob("*.py"):
        found |= set(
            re.findall(
                r'\b(?:code=|[Nn]ote\(\s*)"([a-z0-9]+(?:-[a-z0-9]+)+)"', file.read_text("utf-8")
            )
        )
    return found


def test_every_code_is_decided_and_none_is_made_up(root: Path) -> None:
    assert CONTRADICTIONS.keys() | OTHERS == known(root)
    assert not CONTRADICTIONS.keys() & OTHERS


def test_what_is_said_to_disagree_is_a_contradiction() -> None:
    words = ("disagree", "differ", "exclusive", "superseded", "prohibit", "overruled")
    telling = {code for code in OTHERS if any(word in code for word in words)}
    # A policy may hold a prohibition alone.
    assert telling == {"tdmrep-policy-prohibits"}


@pytest.mark.parametrize(
    ("summary", "pair"),
    [
        (
            "search: aipref says allow, content-signal says disallow; disallow is the stricter",
            "aipref and content-signal",
        ),
        (
            "search: tdmrep says allow, aipref says disallow; disallow is the stricter",
            "aipref and tdmrep",
        ),
        ("another wording", ""),
    ],
    ids=["two families", "in the order of their names", "words that are not known"],
)
def test_families_that_disagree_are_told_apart_in_pairs(summary: str, pair: str) -> None:
    assert disagreements.which("resolution-families-disagree", summary) == pair
    assert disagreements.which("cc-signals-exclusive", summary) == ""


def test_a_contradiction_without_a_pair_has_the_words_of_its_code() -> None:
    code = "resolution-families-disagree"
    assert disagreements.words(code, "") == CONTRADICTIONS[code]
    assert disagreements.words(code, "a and b") == "a and b disagree, and the stricter counts"
