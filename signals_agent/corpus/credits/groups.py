"""The works to credit, each once, by declaring party and collection, as they are read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Final

from signals_agent import credit
from signals_agent import url as urls
from signals_agent.corpus.credits import asks
from signals_agent.corpus.credits.asks import Ask
from signals_agent.corpus.held import Collection, Held
from signals_agent.corpus.holdings import Holdings
from signals_agent.corpus.member import Debt
from signals_agent.model import citation
from signals_agent.model.attribution import Attribution
from signals_agent.model.obligation import Party

MOST_ADDRESSES: Final = 1000
"""The addresses of one work that are held at once; one with more is named again for the rest."""


@dataclass(frozen=True, slots=True)
class Work:
    """A work to credit: works of the same facts are one, at however many addresses.

    ``credit`` is that of the first address, ``urls`` all of them in order. ``says_changes``:
    its licence asks whoever changed it to say so.
    """

    credit: Attribution
    urls: tuple[str, ...]
    assets: int
    asks: tuple[Ask, ...]
    says_changes: bool


@dataclass(frozen=True, slots=True)
class Group:
    """What is credited of one collection of one party.

    ``asks`` is what is asked for its assets, ``assets`` how many there are to credit.
    ``works`` comes from the working file: it has to be read before the next group is.
    """

    party: Party
    collection: str
    assets: int
    asks: tuple[Ask, ...]
    works: Iterator[Work]


@dataclass(slots=True)
class _Gathering:
    """A work of which more addresses may come."""

    credit: Attribution
    urls: list[str] = field(default_factory=list)
    assets: int = 0
    debts: dict[Debt, int] = field(default_factory=dict)
    says_changes: bool = False

    def add(self, held: Held, url: str, says_changes: bool) -> None:
        if not self.urls or self.urls[-1] != url:
            self.urls.append(url)
        self.assets += 1
        self.says_changes = self.says_changes or says_changes
        for debt in held.member.debts:
            if debt.kind in asks.KINDS:
                self.debts[debt] = self.debts.get(debt, 0) + 1

    def work(self) -> Work:
        return Work(
            self.credit,
            tuple(self.urls),
            self.assets,
            asks.of(self.debts.items()),
            self.says_changes,
        )


def groups(holdings: Holdings) -> Iterator[Group]:
    """Every collection of every party that has something to credit, in the order of names.

    A work is to be credited where somebody asks for it, or where a licence is declared: who
    asks for nothing is named all the same. The memory that it takes does not grow with them.
    """
    read = groupby(
        holdings.by_work(*asks.KINDS), lambda held: (held.member.party, _collection(held))
    )
    for each in holdings.collections(*asks.KINDS):
        if each.credited:
            _, members = next(read)
            yield group(each, _works(members, _asking(holdings)))


def group(collection: Collection, works: Iterator[Work]) -> Group:
    """The group of a collection."""
    return Group(
        collection.party, collection.name, collection.credited, asks.of(collection.owed), works
    )


def _collection(held: Held) -> str:
    said = held.member.credit
    return "" if said is None else said.collection or ""


def _asking(holdings: Holdings) -> frozenset[int]:
    """The footings whose licences ask to say what was changed."""
    return frozenset(
        number
        for number, footing in holdings.footings.items()
        if credit.asks_what_changed(footing.licences)
    )


def _works(members: Iterable[Held], asking: frozenset[int]) -> Iterator[Work]:
    key, gathered = None, None
    for held in members:
        said = facts(held)
        # Without a title nothing tells that two addresses are of one work.
        found = replace(said, text="", url="" if said.title else said.url)
        url = said.url
        if (
            gathered is None
            or found != key
            or (url != gathered.urls[-1] and len(gathered.urls) >= MOST_ADDRESSES)
        ):
            if gathered is not None:
                yield gathered.work()
            key, gathered = found, _Gathering(said)
        gathered.add(held, url, held.footing in asking)
    if gathered is not None:
        yield gathered.work()


def facts(held: Held) -> Attribution:
    """The facts of a member's credit line; of one that has none its address and its party's."""
    member = held.member
    if member.credit is not None:
        return member.credit
    host = urls.parse(member.url).origin.split("://", 1)[1]
    made = Attribution(member.url, "", host if member.party.name == host else member.party.name)
    return replace(made, text=citation.line(made))
