"""What the exceptions on a label name: CC signals, in whatever spelling (rules R8, R9)."""

from collections.abc import Iterable
from typing import Final

from signals_agent import cc_signals
from signals_agent.model.obligation import Term

EXCEPTIONS: Final = ("exceptions", "exception")
"""The parameter that names CC signals, and the other spelling that is read (rule R8)."""

LENIENCES: Final = {
    "aipref-exceptions-string": "the value of exceptions is a String where a Token should stand",
    "aipref-exceptions-as-key": "a CC signal after a comma is read as a further exception",
    "aipref-exceptions-repeated": "exceptions is repeated: the letter keeps the last, all are read",
    "aipref-exceptions-misspelt": "the parameter exception is read as exceptions",
    "aipref-exceptions-case": "a CC signal's token is written in another case",
    "aipref-exceptions-url": "a CC signal is named by its URL",
}
"""What is said of a spelling beside the letter, by the code of its note."""


def words(value: str) -> list[str]:
    """The words of a String that holds several, between spaces or commas (rule R8)."""
    return value.replace(",", " ").split()


def signals(named: Iterable[str | None], leniences: list[str]) -> tuple[tuple[Term, ...], bool]:
    """The terms of the CC signals named, and whether anything else was named (rule R9)."""
    terms: dict[Term, None] = {}
    unknown = False
    for word in named:
        signal = cc_signals.find(word) if word is not None else None
        if signal is None:
            unknown = True
            continue
        if word != signal.token:
            url = "://" in (word or "")
            leniences.append("aipref-exceptions-url" if url else "aipref-exceptions-case")
        terms.update(dict.fromkeys(signal.terms))
    return tuple(terms), unknown
