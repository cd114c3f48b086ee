"""The words of RSL: uses, users, places, ways to pay, and what publishers write in their place."""

import re
from typing import Final

NAMESPACE: Final = "https://rslstandard.org/rsl"
"""The namespace of RSL 1.0, and of 0.9 before it."""

USAGE: Final = ("all", "ai-all", "ai-train", "ai-input", "ai-index", "search")
"""What may be done (RSL 1.0 3.4.1.1). ``search`` holds no summaries made by AI."""

INCLUDES: Final = {
    "all": frozenset(USAGE),
    "ai-all": frozenset(("ai-all", "ai-train", "ai-input", "ai-index")),
    "ai-train": frozenset(("ai-train",)),
    "ai-input": frozenset(("ai-input",)),
    "ai-index": frozenset(("ai-index",)),
    "search": frozenset(("search",)),
}
"""Each token of a use with those that it holds; the wide ones hold uses yet unnamed besides."""

USER: Final = ("commercial", "non-commercial", "education", "government", "personal")
"""Who may do it: the one responsible for the use, not who sees its output (RSL 1.0 3.4.1.2)."""

GEO: Final = re.compile(r"[A-Z]{2}")
"""Where: a country as in ISO 3166-1 alpha-2, or ``EU`` (RSL 1.0 3.5)."""

EUROPEAN_UNION: Final = frozenset(
    {
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    }
)
"""The 27 members for which ``EU`` stands."""

RULES: Final = ("usage", "user", "geo")
"""What a ``permits`` or ``prohibits`` is about."""

FREE: Final = "free"
UNSTATED: Final = "unstated"
"""A payment that asks for something and does not say by its type for what: ours, not RSL's."""

PAYMENT: Final = (
    "purchase",
    "subscription",
    "training",
    "crawl",
    "use",
    "contribution",
    "attribution",
    FREE,
)
"""What is asked in return (RSL 1.0 3.7)."""

FORMER_PAYMENT: Final = {"inference": "use"}
"""Types of RSL 0.9 with what they became in 1.0."""

REPORTING: Final = ("telemetry", "provenance", "audit")
LEGAL: Final = {
    "warranty": ("ownership", "authority", "no-infringement", "privacy-consent", "no-malware"),
    "disclaimer": ("as-is", "no-warranty", "no-liability", "no-indemnity"),
    "attestation": ("true", "false"),
    "contact": (),
    "proof": (),
}
"""Kinds of legal words with their tokens; of the last two the words are addresses."""

SLIPS: Final = {
    # RSL's own guide to AI preferences, and rsl-wp: the AIPREF label.
    "train-ai": ("ai-train",),
    # rsl-wp: an early AIPREF label.
    "train-genai": ("ai-train",),
    # A census of publishers, September 2026; the types of anglesite-11ty.
    "ai-training": ("ai-train",),
    # A guide to RSL that names no namespace either.
    "train": ("ai-train",),
    # rsl-wp, from AIPREF; sold as a licence to use in answers.
    "ai-use": ("ai-input", "ai-index"),
    # rsl-wp, from the same draft.
    "ai-summarize": ("ai-input",),
    # A type of payment of RSL 0.9, written as a use; anglesite-11ty.
    "inference": ("ai-input",),
    # The census: answers made from a search, since plain search has a token.
    "ai-search": ("ai-input", "ai-index"),
    # The census: whatever it means, an AI system is what includes.
    "ai-include": ("ai-all",),
}
"""What publishers write for a use, with the tokens that it restricts where it is prohibited.

It never permits anything: in a ``permits`` it is a token that is not understood.
"""


def prohibited(token: str) -> tuple[str, ...]:
    """The tokens of uses that a word restricts in a ``prohibits``; empty if it is none.

    Letter case and underscores are forgiven here, where they can only restrict.
    """
    plain = token.lower().replace("_", "-")
    return (plain,) if plain in INCLUDES else SLIPS.get(plain, ())
