"""The declaration families; a new one is one file and one line in the tuple."""

from typing import Final

from signals_agent.families.access import ACCESS
from signals_agent.families.ai_txt import AI_TXT
from signals_agent.families.aipref import AIPREF
from signals_agent.families.cawg import CAWG
from signals_agent.families.content_signal import CONTENT_SIGNAL
from signals_agent.families.licence import LICENCE
from signals_agent.families.plus import PLUS
from signals_agent.families.robots_meta import ROBOTS_META
from signals_agent.families.rsl import RSL
from signals_agent.families.tdmrep import TDMREP
from signals_agent.families.trust_txt import TRUST_TXT
from signals_agent.family import Family

FAMILIES: Final[tuple[Family, ...]] = (
    AIPREF,
    CONTENT_SIGNAL,
    TDMREP,
    RSL,
    AI_TXT,
    TRUST_TXT,
    PLUS,
    CAWG,
    ROBOTS_META,
    ACCESS,
    LICENCE,
)
"""Every family, in the order in which results show them."""

_BY_NAME: Final = {family.name: family for family in FAMILIES}


def by_name(name: str) -> Family | None:
    """The family of this name; ``None`` where there is none."""
    return _BY_NAME.get(name)
