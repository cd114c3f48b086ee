"""What a corpus is called, on every paper that travels with it."""

from signals_agent.corpus.composition.nouns import Composition
from signals_agent.corpus.facts import Facts


def name(facts: Facts, composition: Composition) -> str:
    """Its name: as a person says, else that of what it was read from."""
    return facts.name or facts.title or " + ".join(composition.names) or "corpus"


def title(facts: Facts, composition: Composition) -> str:
    """The same for people to read."""
    return facts.title or name(facts, composition)
