"""AIPREF usage labels by draft, and which of them govern each of our uses, as tables."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from signals_agent.errors import UnknownUse, UnknownVocabulary
from signals_agent.model.use import Use

CUMULATIVE: Final = "cumulative"
CURRENT_DRAFT: Final = "08"

DRAFTS: Final[dict[str, tuple[str, ...]]] = {
    "01": ("tdm", "ai", "genai", "search", "inference"),
    "02": ("all", "train-ai", "train-genai", "ai-use", "search"),
    "03": ("bots", "train-ai", "train-genai", "search"),
    "04": ("bots", "train-ai", "ai-output", "search"),
    "05": ("train-ai", "search"),
    "06": ("train-ai", "search"),
    "07": ("train-ai", "search"),
    "08": ("train-ai", "ai-use", "search"),
}
"""The usage labels that each published draft of draft-ietf-aipref-vocab defines."""

LABELS: Final[frozenset[str]] = frozenset(label for draft in DRAFTS.values() for label in draft)
"""Every label of every published draft."""

Tiers: TypeAlias = tuple[tuple[str, ...], ...]

_TRAIN_GENERATIVE = Use.TRAIN_GENERATIVE
_TRAIN_OTHER = Use.TRAIN_OTHER
_MODEL_INPUT = Use.MODEL_INPUT
_SEARCH = Use.SEARCH
_OTHER = Use.OTHER_ANALYSIS

_CUMULATIVE_TIERS: Final[dict[Use, Tiers]] = {
    _TRAIN_GENERATIVE: (("train-genai", "genai"), ("train-ai", "ai"), ("all", "bots", "tdm")),
    _TRAIN_OTHER: (("train-ai", "ai"), ("all", "bots", "tdm")),
    _MODEL_INPUT: (("ai-use", "inference", "ai-output"), ("all", "bots", "tdm")),
    _SEARCH: (("search",), ("ai-output",), ("all", "bots")),
    _OTHER: (("tdm", "all", "bots"),),
}

# The nesting of each draft: a label that is not stated takes the answer of the one after it.
# vocab-01 exempts search from tdm; drafts 05 and later have no nesting.
_DRAFT_TIERS: Final[dict[str, dict[Use, Tiers]]] = {
    "01": {
        _TRAIN_GENERATIVE: (("genai",), ("ai",), ("tdm",)),
        _TRAIN_OTHER: (("ai",), ("tdm",)),
        _MODEL_INPUT: (("inference",), ("tdm",)),
        _SEARCH: (("search",),),
        _OTHER: (("tdm",),),
    },
    "02": {
        _TRAIN_GENERATIVE: (("train-genai",), ("train-ai",), ("all",)),
        _TRAIN_OTHER: (("train-ai",), ("all",)),
        _MODEL_INPUT: (("ai-use",), ("all",)),
        _SEARCH: (("search",), ("all",)),
        _OTHER: (("all",),),
    },
    "03": {
        _TRAIN_GENERATIVE: (("train-genai",), ("train-ai",), ("bots",)),
        _TRAIN_OTHER: (("train-ai",), ("bots",)),
        _MODEL_INPUT: (("bots",),),
        _SEARCH: (("search",), ("bots",)),
        _OTHER: (("bots",),),
    },
    "04": {
        _TRAIN_GENERATIVE: (("train-ai",), ("bots",)),
        _TRAIN_OTHER: (("train-ai",), ("bots",)),
        _MODEL_INPUT: (("ai-output",), ("bots",)),
        _SEARCH: (("search",), ("ai-output",), ("bots",)),
        _OTHER: (("bots",),),
    },
    "05": {
        _TRAIN_GENERATIVE: (("train-ai",),),
        _TRAIN_OTHER: (("train-ai",),),
        _SEARCH: (("search",),),
    },
    "06": {
        _TRAIN_GENERATIVE: (("train-ai",),),
        _TRAIN_OTHER: (("train-ai",),),
        _SEARCH: (("search",),),
    },
    "07": {
        _TRAIN_GENERATIVE: (("train-ai",),),
        _TRAIN_OTHER: (("train-ai",),),
        _SEARCH: (("search",),),
    },
    "08": {
        _TRAIN_GENERATIVE: (("train-ai",),),
        _TRAIN_OTHER: (("train-ai",),),
        _MODEL_INPUT: (("ai-use",),),
        _SEARCH: (("search",),),
    },
}

LITERAL: Final[dict[Use, str]] = {
    _TRAIN_GENERATIVE: "train-ai",
    _MODEL_INPUT: "ai-use",
    _SEARCH: "search",
}
"""Which label of the current draft gives the literal answer for a use (rule R22)."""


@dataclass(frozen=True, slots=True)
class UseTable:
    """How one reading of the vocabulary answers for our uses.

    ``tiers`` lists, for a use, the labels that govern it, most specific tier first.
    ``narrow_train_ai`` says that ``train-ai`` covers less than ``train-other`` in this
    reading, so that a ``y`` for it does not reach that use while an ``n`` does (rule R4).
    """

    tiers: dict[Use, Tiers]
    narrow_train_ai: bool

    def labels(self, use: Use) -> tuple[str, ...]:
        """All labels that govern a use, most specific first."""
        return tuple(label for tier in self.tiers.get(use, ()) for label in tier)


_TABLES: Final[dict[str, UseTable]] = {
    CUMULATIVE: UseTable(_CUMULATIVE_TIERS, narrow_train_ai=True),
    **{
        draft: UseTable(tiers, narrow_train_ai=draft >= "04")
        for draft, tiers in _DRAFT_TIERS.items()
    },
}


def table(vocabulary: str) -> UseTable:
    """The table for ``cumulative`` (rule R1) or a draft number; raises ``UnknownVocabulary``."""
    try:
        return _TABLES[vocabulary]
    except KeyError:
        accepted = ", ".join(_TABLES)
        raise UnknownVocabulary(
            f"unknown vocabulary {vocabulary!r}; accepted: {accepted}"
        ) from None


def use(text: str) -> Use:
    """The use of this name; raises ``UnknownUse``, which says so when it is a label instead."""
    try:
        return Use(text)
    except ValueError:
        accepted = ", ".join(Use)
        what = "is an AIPREF label, not a use" if text in LABELS else "is not a use"
        raise UnknownUse(f"{text!r} {what}; the uses are: {accepted}") from None
