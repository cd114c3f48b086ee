"""How credits write a number of things, a name with its link, and what is asked."""

from collections.abc import Callable, Sequence
from typing import Final

from signals_agent import quote
from signals_agent.corpus.credits.asks import Ask
from signals_agent.corpus.facts import Creator, Facts
from signals_agent.model import citation
from signals_agent.model.attribution import Attribution
from signals_agent.model.obligation import Basis

MARKDOWN: Final = "CREDITS.md"
JSON: Final = "credits.json"
BIBTEX: Final = "credits.bib"
CFF: Final = "CITATION.cff"
"""What the files are called, by which they name one another."""

LONGEST: Final = 2000
"""The longest name or text that is shown whole, in characters; a longer one ends in dots."""

_IRREGULAR: Final = {"party": "parties", "address": "addresses"}


def count(number: int, noun: str) -> str:
    """``1,234 assets``, ``1 asset``."""
    plural = next(
        (noun.removesuffix(one) + many for one, many in _IRREGULAR.items() if noun.endswith(one)),
        noun + "s",
    )
    return f"{number:,} {noun if number == 1 else plural}"


def linked(name: str, url: str | None, style: citation.CitationStyle = "markdown") -> str:
    """A name as a link where the address may be linked to, in Markdown or HTML."""
    return citation.cite(Attribution(url or "", name, collection=name or url), style)


def title(facts: Facts) -> str:
    """What the set is called, as ``called.titled`` has it."""
    return facts.title or facts.name or "corpus"


def paragraphs(said: str, escaped: Callable[[str], str]) -> list[str]:
    """A text of several lines with each line safe where it is going."""
    return [escaped(line) if line.strip() else "" for line in said.splitlines()]


def creator(one: Creator) -> str:
    """Who made the set, with the affiliation."""
    return f"{one.name} ({one.affiliation})" if one.affiliation else one.name


def signal(ask: Ask) -> str:
    """What asks: a licence by its id, a preference by its token and version."""
    version = ask.signal_version if ask.basis is Basis.PREFERENCE else None
    return quote.text(f"{ask.signal} {version}" if version else ask.signal, LONGEST)


def asked(found: Sequence[Ask], most: int = 20) -> str:
    """The signals that ask, each once, and how many more there are: ``CC-BY-4.0, MIT``."""
    shown = list(dict.fromkeys(signal(each) for each in found))
    more = len(shown) - most
    return ", ".join(shown[:most]) + (f" and {more:,} more" if more > 0 else "")
