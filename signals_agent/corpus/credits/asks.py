"""Who asks to be credited, by what, and for how many assets."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from signals_agent.corpus.member import Debt
from signals_agent.model.obligation import Basis, ObligationKind, Party

KINDS: Final = (ObligationKind.CREDIT, ObligationKind.NOTICE)
"""The kinds of obligation that a credit line meets, or helps to meet."""

BASES: Final = {
    Basis.LICENCE: "by licence",
    Basis.PREFERENCE: "by preference",
    Basis.CONTRACT: "by contract",
}
"""What an ask rests on, in words."""


@dataclass(frozen=True, slots=True)
class Ask:
    """That somebody asks to be credited, or to have notices kept.

    ``assets`` is for how many assets, ``binding`` for how many of them it binds for what was
    planned when they were judged. ``to`` is whom it is owed; absent where several are summed.
    """

    kind: ObligationKind
    basis: Basis
    signal: str
    text: str
    assets: int
    binding: int
    to: Party | None = None
    signal_version: str | None = None
    terms_url: str | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What two asks have in common that are one."""
        return self.kind, self.basis, self.signal, self.signal_version, self.terms_url, self.to


def of(owed: Iterable[tuple[Debt, int]]) -> tuple[Ask, ...]:
    """What these debts ask for, each once; the most asked for first."""
    return summed(
        Ask(
            each.kind,
            each.basis,
            each.signal,
            each.text,
            assets,
            assets if each.binding else 0,
            each.to,
            each.signal_version,
            each.terms_url,
        )
        for each, assets in owed
        if each.kind in KINDS
    )


def summed(asks: Iterable[Ask]) -> tuple[Ask, ...]:
    """The asks, those that are one put together; the most asked for first."""
    found: dict[tuple[object, ...], Ask] = {}
    for ask in asks:
        one = found.get(ask.key)
        found[ask.key] = ask if one is None else added(one, ask)
    return ordered(found.values())


def added(one: Ask, other: Ask) -> Ask:
    """Two asks that are one."""
    return replace(one, assets=one.assets + other.assets, binding=one.binding + other.binding)


def ordered(asks: Iterable[Ask]) -> tuple[Ask, ...]:
    """Licences first, then preferences, then contracts; of each the most asked for first."""
    bases = list(BASES)
    return tuple(
        sorted(asks, key=lambda each: (bases.index(each.basis), -each.assets, each.signal))
    )


def document(ask: Ask) -> dict[str, object]:
    """The ask as it stands in JSON; the text is told once, in the summary."""
    said: dict[str, object] = {
        "kind": ask.kind.value,
        "basis": ask.basis.value,
        "signal": ask.signal,
        "assets": ask.assets,
        "binding": ask.binding,
    }
    if ask.signal_version is not None:
        said["signal_version"] = ask.signal_version
    if ask.terms_url is not None:
        said["terms_url"] = ask.terms_url
    if ask.to is not None:
        said["to"] = party(ask.to)
    return said


def party(said: Party) -> dict[str, object]:
    """A party as it stands in JSON."""
    named: dict[str, object] = {"name": said.name, "inferred": said.inferred}
    if said.url is not None:
        named["url"] = said.url
    return named


def by_basis(asks: Iterable[Ask]) -> Iterator[tuple[str, list[Ask]]]:
    """The asks of each basis, with its words."""
    found = list(asks)
    for basis, words in BASES.items():
        if of_this := [each for each in found if each.basis is basis]:
            yield words, of_this
