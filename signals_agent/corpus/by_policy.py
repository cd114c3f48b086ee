"""What the recipient's policy of today adds to members: licensors' statements, agreements."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Final

from signals_agent import contracts, licensing
from signals_agent.corpus.member import Footing, Member
from signals_agent.licences import activities as table
from signals_agent.licences import claims
from signals_agent.model.licence import Activity, ActivityTerms, Licence
from signals_agent.model.use import Use
from signals_agent.policy import Policy

_STATED: Final = "the licensor's own statement"
"""What a cell rests on that a licensor's statement has overridden."""


def applied(members: Iterable[Member], policy: Policy, now: datetime) -> Iterator[Member]:
    """The members as this policy sees them, and as no earlier policy does any more.

    A licensor's own statement overrides a cell (licences, *The risk table*). Which activities
    agreements cover is found anew, planned or not, by what is in force ``now`` (rule R34).
    """
    planned = policy.model_copy(update={"activities": tuple(Activity)})
    uses = planned.uses or tuple(Use)
    for each in members:
        footing = Footing(
            licensing.stated(_plain(each.footing), planned.statement, each.url),
            contracts.agreed(planned, uses, each.url, now) if planned.agreement else (),
        )
        yield each if footing == each.footing else replace(each, footing=footing)


@lru_cache(maxsize=4096)
def _plain(footing: Footing) -> tuple[Licence, ...]:
    """The licences without what statements of an earlier policy made of them."""
    return tuple(_without_statements(each) for each in footing.licences)


def _without_statements(licence: Licence) -> Licence:
    overridden = [
        activity for activity, cell in licence.activities.items() if cell.clause == _STATED
    ]
    if not overridden:
        return licence
    row = _row(licence.label)
    cells = {activity: row[activity] for activity in overridden}
    return replace(licence, activities={**licence.activities, **cells})


@lru_cache(maxsize=4096)
def _row(label: str) -> dict[Activity, ActivityTerms]:
    return table.row(claims.read(label))
