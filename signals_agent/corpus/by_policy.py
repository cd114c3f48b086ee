"""What the recipient's policy of today adds to members: licensors' statements, agreements."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from signals_agent import contracts, licensing
from signals_agent.corpus.member import Footing, Member
from signals_agent.model.licence import Activity
from signals_agent.model.use import Use
from signals_agent.policy import Policy


def applied(
    members: Iterable[Member], policy: Policy, activities: Sequence[Activity], now: datetime
) -> Iterator[Member]:
    """The members as this policy sees them, for the planned activities.

    A licensor's own statement overrides a cell (licences, *The risk table*). Which activities
    agreements cover is found anew, by what is in force ``now`` (rule R34).
    """
    planned = policy.model_copy(update={"activities": tuple(activities)})
    uses = planned.uses or tuple(Use)
    for each in members:
        footing = Footing(
            licensing.stated(each.footing.licences, planned.statement, each.url),
            contracts.agreed(planned, uses, each.url, now) if planned.agreement else (),
        )
        yield each if footing == each.footing else replace(each, footing=footing)
