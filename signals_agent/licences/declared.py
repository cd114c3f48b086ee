"""A licence as a declaration names it, with what it answers for every activity."""

from functools import lru_cache

from signals_agent.licences import activities, expression
from signals_agent.licences.entry import Entry, Kind
from signals_agent.licences.expression import Terms
from signals_agent.model.ids import identify
from signals_agent.model.licence import Activity, ActivityTerms, Licence, LicenceScope


def make(
    terms: Terms,
    scope: LicenceScope = LicenceScope.PAGE,
    because: tuple[str, ...] = (),
    parts: tuple[str, ...] = (),
) -> Licence:
    """What a result shows of these terms; an expression has neither URL nor version."""
    label = expression.written(terms)
    made_id = identify("lic", scope, label, *parts)
    if isinstance(terms, Entry):
        return Licence(
            id=made_id,
            scope=scope,
            activities=_row(terms),
            because=because,
            label=label,
            spdx=terms.spdx,
            name=terms.name,
            url=terms.url,
            version=terms.version,
            parts=parts,
        )
    whole = all(each.spdx for each in expression.leaves(terms))
    return Licence(
        id=made_id,
        scope=scope,
        activities=_row(terms),
        because=because,
        label=label,
        spdx=label if whole else None,
        name=label,
        parts=parts,
    )


def recognised(terms: Terms) -> bool:
    """Whether every licence of the terms is one that we know."""
    return all(each.kind is not Kind.UNRECOGNISED for each in expression.leaves(terms))


@lru_cache(maxsize=1024)
def _row(terms: Terms) -> dict[Activity, ActivityTerms]:
    return activities.row(terms)
