"""Whether an AI system is open: MOF classes of a model's description, and OSAID assertions."""

from signals_agent.openness.judge import judge, of_file
from signals_agent.openness.nouns import (
    Component,
    Description,
    MofClass,
    Openness,
    Progress,
    Source,
    Status,
)

__all__ = [
    "Component",
    "Description",
    "MofClass",
    "Openness",
    "Progress",
    "Source",
    "Status",
    "judge",
    "of_file",
]
