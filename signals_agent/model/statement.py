"""What a declaration comes to in common words, before it is weighed against others."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from signals_agent.model.declaration import Declaration, Located
from signals_agent.model.document import Naming
from signals_agent.model.licence import Contact, Licence
from signals_agent.model.note import Note
from signals_agent.model.obligation import Term
from signals_agent.model.use import USES, Use


class Preference(StrEnum):
    """The answer for a use (rules, opening section)."""

    DISALLOW = "disallow"
    UNDETERMINED = "undetermined"
    CONDITIONAL = "conditional"
    ALLOW = "allow"
    UNKNOWN = "unknown"


_STRICTNESS = {
    Preference.DISALLOW: 4,
    Preference.UNDETERMINED: 3,
    Preference.CONDITIONAL: 2,
    Preference.ALLOW: 1,
    Preference.UNKNOWN: 0,
}


def strictness(preference: Preference) -> int:
    """The rank of an answer in R17 and R19: 4 disallow, down to 0 unknown."""
    return _STRICTNESS[preference]


def strictest(*preferences: Preference) -> Preference:
    """The answer that prevails among these (R17, R19); unknown where there is none."""
    return max(preferences, key=_STRICTNESS.__getitem__, default=Preference.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer for one use; ``because`` holds the ids of the declarations behind it.

    ``terms`` are what must be met: for *conditional*, and for *allow* under rule R10.
    ``overruled`` are those of others that a *disallow* overrules, each with the
    declarations that ask for it: they are owed where an agreement lifts it (rule R34).
    """

    use: Use
    preference: Preference
    terms: tuple[Term, ...] = ()
    because: tuple[str, ...] = ()
    overruled: tuple[tuple[Term, tuple[str, ...]], ...] = ()


def prevailing(answers: Iterable[Answer]) -> tuple[Answer, ...]:
    """One answer for each use that is spoken of, in the order of ``Use`` (rules R17, R19).

    The strictest prevails; the terms of all that it does not overrule are united, and
    ``because`` names the declarations behind the prevailing answer and behind its terms.
    """
    by_use: dict[Use, list[Answer]] = {}
    for answer in answers:
        if answer.preference is not Preference.UNKNOWN:
            by_use.setdefault(answer.use, []).append(answer)
    return tuple(
        heard[0] if len(heard) == 1 else _prevailing(use, heard)
        for use in USES
        if (heard := by_use.get(use))
    )


def _prevailing(use: Use, heard: list[Answer]) -> Answer:
    preference = strictest(*(answer.preference for answer in heard))
    met = preference in (Preference.CONDITIONAL, Preference.ALLOW)
    terms: dict[Term, None] = {}
    because: dict[str, None] = {}
    overruled: dict[Term, dict[str, None]] = {}
    for answer in heard:
        if answer.preference is preference or (met and answer.terms):
            because.update(dict.fromkeys(answer.because))
        asked = [(term, answer.because) for term in answer.terms]
        if met:
            terms.update(dict.fromkeys(answer.terms))
            asked = []
        for term, ids in (*asked, *answer.overruled):
            overruled.setdefault(term, {}).update(dict.fromkeys(ids))
    kept = tuple((term, tuple(ids)) for term, ids in overruled.items())
    return Answer(use, preference, tuple(terms), tuple(because), kept)


@dataclass(frozen=True, slots=True)
class Statement:
    """What one expression says about our uses.

    ``unit`` is what was read (field lines of one name are read as one expression);
    ``declarations`` are those that stand in the result for it. ``answers`` holds only
    the uses that it speaks of. ``literal`` holds the answers by the letter of the
    current AIPREF draft (rule R22). ``unreadable`` lists the uses that it governs and
    leaves in the dark (rules R11, R27). ``licences`` and ``contacts`` are what it says of
    licences, and of whom to ask for one; they answer for no use (rule R25).
    """

    family: str
    unit: tuple[Located, ...]
    declarations: tuple[Declaration, ...]
    answers: tuple[Answer, ...] = ()
    literal: tuple[Answer, ...] = ()
    unreadable: tuple[Use, ...] = ()
    licences: tuple[Licence, ...] = ()
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a family made of one expression: statements, and notes about it.

    ``names`` are the documents that it names and that bear on what it means (rule R15a).
    """

    statements: tuple[Statement, ...] = ()
    notes: tuple[Note, ...] = ()
    names: tuple[Naming, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """What a family's statements come to for one asset by the family's own rule (rule R18).

    At most one answer for each use in ``answers`` and in ``literal``; ``unreadable``
    pairs a use with the declarations that govern it and could not be read.
    ``valid_until`` is given where a declaration says that it will say otherwise (R38).
    ``licences`` are each there once, and those that count for the asset say so.
    """

    family: str
    answers: tuple[Answer, ...] = ()
    literal: tuple[Answer, ...] = ()
    unreadable: tuple[tuple[Use, tuple[str, ...]], ...] = ()
    notes: tuple[Note, ...] = ()
    valid_until: datetime | None = None
    licences: tuple[Licence, ...] = ()
    contacts: tuple[Contact, ...] = ()
