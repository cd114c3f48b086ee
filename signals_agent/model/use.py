"""What a recipient may mean to do with an asset."""

from enum import StrEnum


class Use(StrEnum):
    """A use, by its stable name (rules, section 1); never an AIPREF label."""

    TRAIN_GENERATIVE = "train-generative"
    TRAIN_OTHER = "train-other"
    MODEL_INPUT = "model-input"
    SEARCH = "search"
    OTHER_ANALYSIS = "other-analysis"


USES = tuple(Use)
"""Every use, in order; walking an enumeration takes three times as long."""
