"""Who declares, and so to whom something is owed (rule R24)."""

from signals_agent import url as urls
from signals_agent.errors import InvalidURL
from signals_agent.model.obligation import Party, Term


def declaring(term: Term, source: str) -> Party:
    """The party that the declaration itself names, else the origin of its source, inferred."""
    if term.party is not None:
        return term.party
    try:
        parsed = urls.parse(source)
    except InvalidURL:
        return Party(name=source, inferred=True)
    return Party(name=parsed.host, url=parsed.origin, inferred=True)
