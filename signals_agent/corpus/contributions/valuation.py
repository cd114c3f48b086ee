"""The valuation record of a contribution: the use, the means, what was given (rule R10a)."""

from collections.abc import Iterator
from dataclasses import dataclass

from signals_agent.corpus.contributions.gift import Gift, Recorded
from signals_agent.corpus.facts import Means
from signals_agent.corpus.held import Extent
from signals_agent.corpus.member import Debt
from signals_agent.model.obligation import ObligationKind, Party


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that is asked for, in the words of who asks, and for how much of the corpus.

    A price in it is the one that is stated; none is computed.
    """

    debt: Debt
    extent: Extent


@dataclass(frozen=True, slots=True)
class Ecosystem:
    """What several parties ask to be given back to.

    ``collective`` is the beneficiary that they name: a claim (rule R24). Without one it is
    what the signal calls the ecosystem, and whoever fills in the worksheet decides which.
    """

    signal: str
    parties: int
    collective: Party | None = None

    @property
    def name(self) -> str:
        """What to call it: the collective, else the signal by which it is asked."""
        return self.signal if self.collective is None else self.collective.name


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment of the policy that is about a record; ``place`` is its own, from 1.

    ``part`` names the address or path where it is about some of the assets only, ``flaw``
    says why it does not count.
    """

    place: int
    to: str
    ceiling: str | None = None
    part: str | None = None
    flaw: str | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """An agreement of the policy that answers what is asked; ``flaw`` as for a promise."""

    party: str
    flaw: str | None = None


@dataclass(frozen=True, slots=True)
class Valuation:
    """What one party, or several for one ecosystem, are owed as a contribution or a payment.

    ``use`` is how much of the corpus it is asked for, ``corpus`` all there is. ``asked`` are
    the first wordings, ``more_asked`` how many more there are, ``more_binding`` whether any of
    these binds. ``gathered_in`` are the ids of
    the ecosystems' records that a party's own is part of, ``given_there`` those of them in
    which a gift counts. ``example`` is the URL of one asset.
    """

    id: str
    kind: ObligationKind
    to: Party | Ecosystem
    asked: tuple[Asked, ...]
    use: Extent
    corpus: Extent
    more_asked: int = 0
    more_binding: bool = False
    example: str | None = None
    gathered_in: tuple[str, ...] = ()
    given_there: tuple[str, ...] = ()
    means: Means | None = None
    promises: tuple[Promise, ...] = ()
    contracts: tuple[Contract, ...] = ()
    recorded: tuple[Recorded, ...] = ()

    @property
    def gifts(self) -> Iterator[Gift]:
        """What counts as given."""
        return (each.gift for each in self.recorded if each.gift is not None)

    @property
    def binding(self) -> bool:
        """Whether anything of it binds under the verdicts by which the assets were taken."""
        return self.more_binding or any(each.debt.binding for each in self.asked)

    @property
    def declared(self) -> tuple[Party, ...]:
        """The beneficiaries that declarations name: claims, each to be confirmed (rule R24)."""
        named = (each.debt.beneficiary for each in self.asked)
        return tuple(dict.fromkeys(each for each in named if each is not None))

    @property
    def share(self) -> float:
        """The part of the corpus' assets that it is asked for, from 0 to 1."""
        return self.use.assets / self.corpus.assets if self.corpus.assets else 0.0

    @property
    def state(self) -> str:
        """How far it is, in a few words."""
        if any(True for _ in self.gifts):
            return "given"
        if self.recorded:
            return "recorded, and not counted: " + "; ".join(self.recorded[0].reasons)
        if self.given_there:
            return "given to the ecosystem as a whole"
        if any(each.flaw is None for each in self.contracts):
            return "answered by an agreement"
        return "nothing is recorded as given"
