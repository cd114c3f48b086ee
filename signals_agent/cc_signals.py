"""The CC signals: their elements, versions, tokens, texts and addresses, as a table."""

from dataclasses import dataclass
from typing import Final

from signals_agent.model.obligation import ObligationKind, Term

CREDIT_TEXT: Final = (
    "Give appropriate credit, by the method, means and context of the use: in training, cite the "
    "collection in the documentation of the dataset and of the model; in retrieval, or wherever "
    "output can be tied to its input, cite the collection in the output with a link."
)
DIRECT_TEXT: Final = (
    "Give monetary or in-kind support to the declaring party for the development and maintenance "
    "of the assets, by a good-faith valuation of the use and of your means."
)
ECOSYSTEM_TEXT: Final = (
    "Give monetary or in-kind support back to the ecosystem that you benefit from, by a good-faith "
    "valuation of the use and of your means."
)
OPEN_TEXT: Final = (
    "The AI system used must be open: Model Openness Framework Class II or Class I, or conformant "
    "with the Open Source AI Definition."
)

_TEXTS: Final = {
    ObligationKind.CREDIT: CREDIT_TEXT,
    ObligationKind.DIRECT_CONTRIBUTION: DIRECT_TEXT,
    ObligationKind.ECOSYSTEM_CONTRIBUTION: ECOSYSTEM_TEXT,
    ObligationKind.OPEN: OPEN_TEXT,
}

REPOSITORY: Final = "https://github.com/creativecommons/cc-signals"


@dataclass(frozen=True, slots=True)
class CCSignal:
    """One CC signal: its token on the wire, title, version, and signal elements in order."""

    token: str
    title: str
    version: str
    elements: tuple[ObligationKind, ...]

    @property
    def url(self) -> str:
        """Where the signal's text is published."""
        folder = self.token.removeprefix("cc-")
        return f"{REPOSITORY}/tree/main/signals/{folder}/{self.version}"

    @property
    def terms(self) -> tuple[Term, ...]:
        """What the signal asks for, one term for each element."""
        return _TERMS[self.token]


SIGNALS: Final[dict[str, CCSignal]] = {
    signal.token: signal
    for signal in (
        CCSignal("cc-cr", "Credit", "0.1", (ObligationKind.CREDIT,)),
        CCSignal(
            "cc-cr-dc",
            "Credit + Direct Contribution",
            "0.1",
            (ObligationKind.CREDIT, ObligationKind.DIRECT_CONTRIBUTION),
        ),
        CCSignal(
            "cc-cr-ec",
            "Credit + Ecosystem Contribution",
            "0.1",
            (ObligationKind.CREDIT, ObligationKind.ECOSYSTEM_CONTRIBUTION),
        ),
        CCSignal("cc-cr-op", "Credit + Open", "0.1", (ObligationKind.CREDIT, ObligationKind.OPEN)),
    )
}
"""Every CC signal by its token; a new one is one row (rule R7)."""

_TERMS: Final = {
    signal.token: tuple(
        Term(
            kind=element,
            signal=signal.token,
            signal_version=signal.version,
            text=_TEXTS[element],
            terms_url=signal.url,
        )
        for element in signal.elements
    )
    for signal in SIGNALS.values()
}

EXCLUSIVE: Final = frozenset(
    {
        ObligationKind.DIRECT_CONTRIBUTION,
        ObligationKind.ECOSYSTEM_CONTRIBUTION,
        ObligationKind.OPEN,
    }
)
"""The elements that are meant to be mutually exclusive (rule R17)."""


def find(text: str) -> CCSignal | None:
    """The CC signal that a token or a CC signal's URL names, ignoring case; else ``None``."""
    lowered = text.strip().lower()
    if lowered in SIGNALS:
        return SIGNALS[lowered]
    if "://" not in lowered:
        return None
    path = lowered.split("://", 1)[1].split("?", 1)[0].split("#", 1)[0]
    host, _, rest = path.partition("/")
    if host.removeprefix("www.") not in {"creativecommons.org", "github.com"}:
        return None
    segments = [segment for segment in rest.split("/") if segment]
    if not {"signals", "cc-signals"} & set(segments):
        return None
    named = [token for token in SIGNALS if {token, token.removeprefix("cc-")} & set(segments)]
    return SIGNALS[named[0]] if len(named) == 1 else None
