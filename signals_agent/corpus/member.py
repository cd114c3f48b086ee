"""One asset of a corpus, with what it stands on and what is owed for it."""

from dataclasses import dataclass

from signals_agent.model.attribution import Attribution
from signals_agent.model.licence import Activity, Contact, Licence
from signals_agent.model.obligation import Basis, ObligationKind, Party
from signals_agent.model.statement import Preference, strictest
from signals_agent.model.use import Use


@dataclass(frozen=True, slots=True)
class Debt:
    """One thing that is owed to one party, the same for every asset that it is owed for.

    ``to`` is the declaring party, ``beneficiary`` whom a contribution is for where the
    declaration names one: a claim (rule R24). ``binding`` is that of the stored verdict.
    """

    kind: ObligationKind
    binding: bool
    basis: Basis
    signal: str
    to: Party
    text: str
    signal_version: str | None = None
    terms_url: str | None = None
    beneficiary: Party | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """One preference as its publisher declared it, of which family, in its own words.

    ``expression`` is ``None`` where it is too long to travel; ``source`` is where it stands,
    ``None`` where that is the asset itself.
    """

    family: str
    expression: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """The preferences of an asset: the answer for each use, where there is one, and its words."""

    uses: tuple[tuple[Use, Preference], ...] = ()
    declared: tuple[Declared, ...] = ()

    def joined(self, other: "Stated") -> "Stated":
        """Both together: for each use the stricter answer, and every declaration once."""
        answers = [dict(each.uses) for each in (self, other)]
        uses = {use: [said[use] for said in answers if use in said] for use in Use}
        return Stated(
            tuple((use, strictest(*found)) for use, found in uses.items() if found),
            tuple(dict.fromkeys((*self.declared, *other.declared))),
        )


@dataclass(frozen=True, slots=True)
class Footing:
    """What an asset stands on: the licences that count for it, with what each answers.

    Assets of the same footing are alike in every question of composition. ``agreed`` are the
    activities that an agreement covers. The licences name no declarations here.
    """

    licences: tuple[Licence, ...] = ()
    agreed: tuple[Activity, ...] = ()

    def __hash__(self) -> int:
        return hash((*(each.label for each in self.licences), *self.agreed))

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the licences, sorted; none where no licence counts."""
        return tuple(sorted({each.label for each in self.licences}))


@dataclass(frozen=True, slots=True)
class Member:
    """One asset of a corpus; ``url`` is where it was found in the end.

    ``party`` is who declares (rule R24), ``credit`` the facts of its credit line, without
    their places; ``None`` where nobody asks to be credited and no licence is declared.
    ``bytes`` are those of the asset as it was captured, ``tokens`` those that somebody
    counted; ``None`` where it is not known. ``ask`` is whom to ask for more, best first.
    ``origin`` says where it stands in what was read: an entry of a ledger, a line of a list.
    ``stated`` are the preferences that travel with it, for every use (``convey-preferences``).
    """

    url: str
    party: Party
    footing: Footing
    origin: str
    debts: tuple[Debt, ...] = ()
    credit: Attribution | None = None
    ask: tuple[Contact, ...] = ()
    bytes: int | None = None
    tokens: int | None = None
    checked_at: str | None = None
    stated: Stated = Stated()
