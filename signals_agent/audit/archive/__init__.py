"""Archives, judged with the robots.txt and site files that they hold (rules R31, R32)."""

from signals_agent.audit.archive.nouns import Judged, Progress, Told
from signals_agent.audit.archive.run import judged

__all__ = ["Judged", "Progress", "Told", "judged"]
