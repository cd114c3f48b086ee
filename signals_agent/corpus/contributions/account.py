"""What was given in all, currency by currency, and how it stands to what was promised."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from signals_agent import proof
from signals_agent.corpus.contributions.gift import Gift, Recorded
from signals_agent.corpus.contributions.valuation import Ecosystem, Valuation
from signals_agent.corpus.contributions.worksheet import Row, Worksheet
from signals_agent.corpus.facts import Facts
from signals_agent.model.obligation import ObligationKind
from signals_agent.policy import Policy
from signals_agent.promises import Commitment


@dataclass(frozen=True, slots=True)
class Sum:
    """What was given in one currency (ISO 4217), in how many gifts; nothing is converted."""

    currency: str
    amount: Decimal
    gifts: int


@dataclass(frozen=True, slots=True)
class Kept:
    """How what was recorded stands to one commitment of the policy; ``place`` is its own, from 1.

    ``about`` counts the parties' records that it is about, ``partly`` those of them of whose
    assets it names a part only, ``answered`` those with a gift that counts, by themselves or
    through their ecosystem. ``over`` is by how much the sum in the ceiling's currency is
    above it; ``apart`` are sums in other currencies, which are held against nothing. ``late``
    counts gifts from after it had expired, which are in no sum.
    """

    place: int
    commitment: Commitment
    flaw: str | None
    about: int
    partly: int
    answered: int
    sums: tuple[Sum, ...]
    in_kind: int
    late: int
    over: Sum | None
    apart: tuple[Sum, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """All records taken together.

    ``records`` are those of parties, ``ecosystems`` those that gather several; ``open`` is for
    how many parties' records nothing is given, by agreement neither. ``sums`` are of
    contributions, ``paid`` of payments. ``uncounted`` are rows that do not count as given, each
    with the ids of its record; ``left_over`` rows of no record of this corpus. ``over_means`` is
    by how much contributions are above the ceiling that the recipient states of itself, where it
    states one as a currency and an amount, as commitments do; ``not_compared`` are sums that
    were not held against it: all of them where it is said in other words, else those in other
    currencies.
    """

    records: int
    ecosystems: int
    open: int
    sums: tuple[Sum, ...]
    paid: tuple[Sum, ...]
    in_kind: int
    kept: tuple[Kept, ...]
    uncounted: tuple[tuple[Valuation, Recorded], ...]
    left_over: tuple[tuple[Row, str], ...]
    over_means: Sum | None
    not_compared: tuple[Sum, ...]
    sheet: str


@dataclass(slots=True)
class _Purse:
    """Gifts as they are added up."""

    amounts: dict[str, tuple[Decimal, int]] = field(default_factory=dict)
    in_kind: int = 0

    def add(self, gift: Gift) -> None:
        if gift.amount is not None and gift.currency is not None:
            amount, gifts = self.amounts.get(gift.currency, (Decimal(0), 0))
            self.amounts[gift.currency] = (amount + gift.amount, gifts + 1)
        self.in_kind += gift.in_kind is not None

    def sums(self) -> tuple[Sum, ...]:
        return tuple(Sum(each, *self.amounts[each]) for each in sorted(self.amounts))

    def over(self, ceiling: str | None) -> Sum | None:
        """By how much the ceiling's own currency is above it."""
        limit = _amount(ceiling)
        if limit is None:
            return None
        currency, most = limit
        amount, gifts = self.amounts.get(currency, (Decimal(0), 0))
        return Sum(currency, amount - most, gifts) if amount > most else None

    def apart(self, ceiling: str | None) -> tuple[Sum, ...]:
        """What cannot be held against it: nothing is converted, and no other words are read."""
        if ceiling is None:
            return ()
        currency = None if (limit := _amount(ceiling)) is None else limit[0]
        return tuple(each for each in self.sums() if each.currency != currency)


@dataclass(slots=True)
class _Counting:
    """One commitment while the records go by."""

    about: int = 0
    partly: int = 0
    answered: int = 0
    late: int = 0
    flaw: str | None = None
    purse: _Purse = field(default_factory=_Purse)


def account(
    valuations: Iterable[Valuation],
    policy: Policy,
    facts: Facts,
    worksheet: Worksheet,
    left_over: Sequence[tuple[Row, str]],
) -> Account:
    """The account of records that go by once; only what a person recorded is held.

    A gift counts for every commitment that is about its record. Currencies are never
    converted into one another.
    """
    counting = {
        place: _Counting()
        for place, each in enumerate(policy.commitment, 1)
        if each.kind in (ObligationKind.DIRECT_CONTRIBUTION, ObligationKind.ECOSYSTEM_CONTRIBUTION)
    }
    given, paid = _Purse(), _Purse()
    number = ecosystems = open_ = 0
    uncounted = []
    for each in valuations:
        gathers = isinstance(each.to, Ecosystem)
        gifts = list(each.gifts)
        ecosystems += gathers
        number += not gathers
        uncounted += [(each, row) for row in each.recorded if row.gift is None]
        answered = bool(gifts or each.given_there)
        covered = any(contract.flaw is None for contract in each.contracts)
        open_ += not gathers and not answered and not covered
        purse = paid if each.kind is ObligationKind.PAYMENT else given
        for gift in gifts:
            purse.add(gift)
        for promise in each.promises:
            one = counting[promise.place]
            one.flaw = promise.flaw
            if not gathers:
                one.about += 1
                one.partly += promise.part is not None
                one.answered += answered
            until = policy.commitment[promise.place - 1].expires
            for gift in gifts:
                if until is not None and gift.given_on > until:
                    one.late += 1
                else:
                    one.purse.add(gift)
    return Account(
        number,
        ecosystems,
        open_,
        given.sums(),
        paid.sums(),
        given.in_kind,
        tuple(_kept(place, policy.commitment[place - 1], one) for place, one in counting.items()),
        tuple(uncounted),
        tuple(left_over),
        None if facts.means is None else given.over(facts.means.ceiling),
        () if facts.means is None else given.apart(facts.means.ceiling),
        worksheet.name,
    )


def _kept(place: int, commitment: Commitment, one: _Counting) -> Kept:
    return Kept(
        place,
        commitment,
        one.flaw,
        one.about,
        one.partly,
        one.answered,
        one.purse.sums(),
        one.purse.in_kind,
        one.late,
        one.purse.over(commitment.ceiling),
        one.purse.apart(commitment.ceiling),
    )


def is_amount(ceiling: str | None) -> bool:
    """Whether a ceiling is said as a currency and an amount, so that sums are held against it."""
    return _amount(ceiling) is not None


def _amount(ceiling: str | None) -> tuple[str, Decimal] | None:
    """A ceiling as a currency and an amount; ``None`` where it is said in other words."""
    try:
        currency, _, amount = proof.check_amount(ceiling or "").partition(" ")
    except ValueError:
        return None
    return currency, Decimal(amount)
