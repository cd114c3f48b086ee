"""What has been said of a label or of a use, before it is known by which declaration."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from signals_agent.model.note import Severity
from signals_agent.model.obligation import Term
from signals_agent.model.statement import Preference, strictest

Place: TypeAlias = tuple[int, int]
"""The index of a field line, and the offset of an octet in it, both from 0."""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, what must be met for it, and where it stands.

    ``overruled`` are the terms of others that a *disallow* overrules, each with where it
    stands: they are owed where an agreement lifts the *disallow* (rule R34).
    """

    preference: Preference
    terms: tuple[Term, ...]
    places: tuple[Place, ...]
    overruled: tuple[tuple[Term, tuple[Place, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A note before it is known which declaration it is about."""

    code: str
    severity: Severity
    summary: str
    clause: str
    place: Place


def prevailing(heard: Sequence[Said]) -> Said:
    """The strictest, with the terms of all that it does not overrule (rule R17)."""
    if len(heard) == 1:
        return heard[0]
    preference = strictest(*(said.preference for said in heard))
    met = preference is not Preference.DISALLOW
    terms: dict[Term, None] = {}
    places: dict[Place, None] = {}
    overruled: dict[Term, dict[Place, None]] = {}
    for said in heard:
        if said.preference is preference or (met and said.terms):
            places.update(dict.fromkeys(said.places))
        if met:
            terms.update(dict.fromkeys(said.terms))
            continue
        for term, asked in (*((term, said.places) for term in said.terms), *said.overruled):
            overruled.setdefault(term, {}).update(dict.fromkeys(asked))
    kept = tuple((term, tuple(asked)) for term, asked in overruled.items())
    return Said(preference, tuple(terms), tuple(sorted(places)), kept)
