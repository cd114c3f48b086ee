"""The seventeen components of the Model Openness Framework 1.0, and where each is required."""

from dataclasses import dataclass
from typing import Final, Literal

Content = Literal["code", "data", "document"]
Rank = Literal["I", "II", "III"]


@dataclass(frozen=True, slots=True)
class Part:
    """One component: its name, what it consists of, the class that first names it."""

    name: str
    content: Content
    rank: Rank
    required: bool = True


TECHNICAL_REPORT: Final = "Technical report"
RESEARCH_PAPER: Final = "Research paper"
"""Where this one is open, it may stand in for the technical report."""
MODEL_CARD: Final = "Model card"
PARAMETERS: Final = "Model parameters (Final)"
DATASETS: Final = "Datasets"

RANKS: Final[tuple[Rank, ...]] = ("III", "II", "I")
"""From the lowest; each takes in what the ones before it require."""

TITLES: Final[dict[Rank, str]] = {
    "III": "Open Model",
    "II": "Open Tooling Model",
    "I": "Open Science Model",
}

PARTS: Final = (
    Part("Model architecture", "code", "III"),
    Part(PARAMETERS, "data", "III"),
    Part(TECHNICAL_REPORT, "document", "III"),
    Part("Evaluation results", "document", "III"),
    Part(MODEL_CARD, "document", "III"),
    Part("Data card", "document", "III"),
    Part("Sample model outputs", "document", "III", required=False),
    Part("Training code", "code", "II"),
    Part("Inference code", "code", "II"),
    Part("Evaluation code", "code", "II"),
    Part("Evaluation data", "data", "II"),
    Part("Supporting libraries and tools", "code", "II", required=False),
    Part(DATASETS, "data", "I"),
    Part("Data preprocessing code", "code", "I"),
    Part("Model parameters (Intermediate)", "data", "I"),
    Part(RESEARCH_PAPER, "document", "I"),
    Part("Model metadata", "data", "I", required=False),
)

BY_NAME: Final = {part.name.lower(): part for part in PARTS}
