"""What the gate is given: access, an asset, a resolution, what is owed, an agreement."""

from datetime import UTC, datetime

from signals_agent.model.asset import Asset
from signals_agent.model.capture import Availability
from signals_agent.model.obligation import Basis, Obligation, ObligationKind, Party
from signals_agent.model.resolution import Access, AccessAnswer, HopAccess, UseResolution
from signals_agent.model.statement import Preference
from signals_agent.model.use import Use

URL = "https://press.example/archive/1"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
USE = Use.TRAIN_GENERATIVE


def access(answer: AccessAnswer = AccessAnswer.ALLOWED) -> Access:
    """Access to the one hop."""
    return Access(answer, (HopAccess(URL, answer),))


def asset(state: Availability = Availability.PRESENT, status: int = 200, terms: str = "") -> Asset:
    """What came of the asset."""
    return Asset(URL, state, status, terms, NOW, {})


def resolution(preference: Preference, unreadable: tuple[str, ...] = ()) -> UseResolution:
    """What was said about the use."""
    return UseResolution(
        USE,
        preference,
        Preference.UNKNOWN,
        unreadable=unreadable,
        undetermined=preference is Preference.UNDETERMINED,
    )


def due(kind: ObligationKind, binding: bool = True) -> Obligation:
    """What is owed to the press."""
    to = Party("press.example", "https://press.example")
    return Obligation("obl-1", kind, binding, Basis.PREFERENCE, "cc-cr", to, "text", ("dec-1",))


AGREED = (
    "[[agreement]]\nparty='Press'\norigins=['https://press.example']\npaths=['/archive/*']\n"
    "uses=['train-generative']\nanswers=['payment']\nuntil=2026-12-31\n"
)
