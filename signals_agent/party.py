"""Who declares, and so to whom something is owed (rule R24)."""

from signals_agent import url as urls
from signals_agent.errors import InvalidURL
from signals_agent.model.obligation import Party, Term


def declaring(term: Term, source: str) -> Party:
    """The party that the declaration itself names, else the origin of its source, inferred.

    An inferred party is called by its host, and by its port where that is not the usual one.
    """
    if term.party is not None:
        return term.party
    try:
        parsed = urls.parse(source)
    except InvalidURL:
        return Party(name=source, inferred=True)
    return Party(name=parsed.origin.split("://", 1)[1], url=parsed.origin, inferred=True)
