"""What robots.txt, site files and named documents settle before an asset is fetched."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from signals_agent import url as urls
from signals_agent.families import FAMILIES
from signals_agent.model.capture import Capture
from signals_agent.model.document import Naming
from signals_agent.pipeline import Considered, PermitAnswer, permit_of
from signals_agent.plan import Known
from signals_agent.resolve import access
from signals_agent.resolve.access import Given


@dataclass(frozen=True, slots=True)
class Before:
    """Whether the asset is skipped already, and which documents have to be looked at."""

    skip: bool
    wants: tuple[Naming, ...]


def of(told: Considered) -> Before:
    """What a result without its asset comes to."""
    return Before(permit_of(told.assessment).answer is PermitAnswer.SKIP, told.wants)


def kept(known: Known, key: str, consider: Callable[[], Considered]) -> Before:
    """The same, kept under a key where every path of the origin has the same answer.

    It is kept with the robots.txt that it rests on, and let go with it.
    """
    origin = urls.parse(known.url).origin
    given = (known.robots[origin], *known.site_files.values())
    memo = given[0].memo if isinstance(given[0], Capture) else {}
    if (before := memo.get(key)) is not None:
        files, answer = before
        if len(files) == len(given) - 1 and all(map(operator.is_, files, given[1:])):
            return cast("Before", answer)
    made = of(consider())
    if _same_everywhere(origin, *given):
        memo[key] = (given[1:], made)
    return made


_NAMING = frozenset(
    name
    for family in FAMILIES
    for listen in family.listens
    if listen.site_wide
    for name in (listen.field, *listen.aliases)
)
_RECORDS = frozenset(
    name
    for family in FAMILIES
    for listen in family.listens
    if listen.carrier == "robots-txt"
    for name in (listen.field, *listen.aliases)
)


def _same_everywhere(origin: str, robots: Given, *files: Given) -> bool:
    """Whether robots.txt and site files say of every path of the origin what they say of one.

    So they do where no site file is there, and no record that a family reads begins with
    a path or names a document, which may tell paths apart. Whether the path may be crawled
    is not asked here.
    """
    if not all(isinstance(each, Capture) and each.status in (404, 410) for each in files):
        return False
    file = access.source(origin, robots).file
    return file is None or not any(
        record.key in _RECORDS and (record.key in _NAMING or not record.value[:1].isalpha())
        for record in file.records
    )
