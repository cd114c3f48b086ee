"""An RSL document that says what answers say."""

from collections.abc import Sequence
from html import escape
from typing import Final

from signals_agent.model.obligation import Term
from signals_agent.model.statement import Answer, Preference
from signals_agent.model.use import USES, Use
from signals_agent.rsl.asks import Frame
from signals_agent.rsl.read import read
from signals_agent.rsl.terms import TIERS, Recipient, weigh
from signals_agent.rsl.tokens import NAMESPACE, PAYMENT

_METING: Final = (Preference.ALLOW, Preference.CONDITIONAL)
_SAYING: Final = (*_METING, Preference.DISALLOW)


def write(answers: Sequence[Answer]) -> bytes | None:
    """A document for a page, of one content and one licence; ``None`` where none says this.

    One licence asks the same of all that it permits, and prohibits the rest; one that
    permits nothing may leave uses unspoken of.
    """
    said = {answer.use: answer for answer in answers}
    met = [use for use in USES if use in said and said[use].preference in _METING]
    terms = {said[use].terms for use in met}
    if not said or len(terms) > 1 or any(a.preference not in _SAYING for a in answers):
        return None
    verb = "permits" if met else "prohibits"
    words = _tokens(met or [use for use in USES if use in said])
    rules = f'<{verb} type="usage">{" ".join(words)}</{verb}>'
    payments = "".join(_payment(term) for each in terms for term in each)
    document = (
        f'<rsl xmlns="{NAMESPACE}"><content url=""><license>{rules}{payments}</license></content>'
        "</rsl>"
    ).encode("utf-8", "replace")
    return document if _reads_back(document, said) else None


def _tokens(uses: Sequence[Use]) -> list[str]:
    """The widest tokens that govern none but these uses."""
    words: list[str] = []
    left = set(uses)
    for token in ("all", "ai-all", "ai-train", "ai-input", "search"):
        governed = {use for use, tiers in TIERS.items() if any(token in tier for tier in tiers)}
        if governed & left and governed <= set(uses):
            words.append(token)
            left -= governed
    return words


def _payment(term: Term) -> str:
    kind = term.signal.removeprefix("rsl:")
    if kind not in PAYMENT:
        return ""
    standard = f"<standard>{escape(term.terms_url)}</standard>" if term.terms_url else ""
    return f'<payment type="{kind}">{standard}</payment>'


def _reads_back(document: bytes, said: dict[Use, Answer]) -> bool:
    (content,) = read(document, b"").contents
    words = weigh(content, Recipient(), Frame("")).words
    return {(word.use, word.preference, word.terms) for word in words} == {
        (use, answer.preference, answer.terms) for use, answer in said.items()
    }
