"""The codes of what may be said about an RSL document, without the family's name."""

from typing import Final

FAILURES: Final = ("not-rsl", "unparsable", "refused", "over-cap")
"""The codes of what is no RSL document that can be read; then they stand alone."""

CODES: Final = (
    *FAILURES,
    "draft",
    "encrypted",
    "incomplete",
    "max-age",
    "misplaced",
    "no-content",
    "no-license",
    "no-namespace",
    "no-type",
    "no-url",
    "price",
    "repeated",
    "unknown-attribute",
    "unknown-element",
    "unknown-type",
    "wrapped",
)
"""Every code of a finding; ``nouns.Finding`` carries it without the family's name."""
