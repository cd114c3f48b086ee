"""The figures of a run, as every report tells them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from signals_agent.store.runs import Run
from signals_agent.store.snapshot import Counts

Tally = Mapping[str, int]
"""How often each of some names was met, the most frequent first, then by name."""


@dataclass(frozen=True, slots=True)
class Source:
    """What was found of one family in one carrier, on how many assets and origins."""

    family: str
    carrier: str
    assets: int
    origins: int


@dataclass(frozen=True, slots=True)
class Party:
    """A declaring party, and what is owed to it.

    ``inferred`` says that the origin stands in for a name that nobody gave (rule R24).
    ``owed`` counts assets by obligation kind, ``binding`` those of them that bind.
    """

    name: str
    url: str
    inferred: bool
    assets: int
    owed: Tally
    binding: Tally
    origins: int


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Declarations that disagree (rules R17 to R19): the note's code, its words, how often.

    ``examples`` are the first few assets where they do.
    """

    code: str
    summary: str
    assets: int
    origins: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotFoundOut:
    """What could not be found out and why, with the kind of source that failed.

    ``source`` is one of the kinds of ``Figures.availability``, or ``declaration`` where that
    was there and could not be read. ``examples`` are the first few assets.
    """

    reason: str
    source: str
    assets: int
    origins: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one rule cost: assets held or skipped for this reason, and those for it alone.

    ``code`` is a reason code (rule R27), ``family`` and ``carrier`` whose declarations stand
    behind it, empty where none do. ``alone`` counts assets that would be ingested if only this
    fell away, as far as anything was looked at, and is 0 where there is no asset: see
    ``standing.alone``.
    """

    code: str
    family: str
    carrier: str
    held: int
    skipped: int
    alone: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """The whole account of a run; every number counts assets or origins.

    *Assets* are the URLs of the run that were answered, *origins* those of these URLs as they
    are listed. With a verdict (``has_verdict``: the run had a policy or uses) the uses that
    count are those of the verdict, else all. Whatever an asset says twice counts once.

    ``policy``, ``uses``, ``tokens``, ``acquired_by`` and ``vocabulary`` are those of the first
    asset; ``policies`` counts assets by the policy that decided. ``decided`` counts decisions
    of verdicts, and is empty without them; ``by_use`` and ``preferences`` count by use, then
    by decision or preference. ``availability`` counts by kind of source (``asset``,
    ``robots-txt``, ``site-file``, ``document``, ``part`` of an asset), then by how looking
    ended; of several of one kind each ending counts. ``statuses`` counts by class of the HTTP
    status of the asset, ``none`` where nothing answered.

    ``declared`` counts assets with any declaration but terms of access, ``declared_origins``
    their origins, ``sources`` all declarations. ``signals`` counts assets by what obligations
    rest on that no licence asks for, whatever was decided, ``licences`` by SPDX id or name.

    ``owed`` counts assets by kind of obligation, ``binding`` where one of the kind binds,
    ``bound`` assets with any that binds, ``parties`` by whom it is owed to (but
    convey-preferences, which is owed to none apart): of assets that are not skipped, for what
    is not used owes nothing. Without a verdict what the uses ask that are not skipped counts.

    ``contradictions`` are notes on declarations that disagree, ``notes`` the others.
    ``in_doubt`` counts assets of which something could not be found out or not be read:
    access is undetermined, or a use that counts has such a reason (access-undetermined,
    asset-unreachable, undetermined, unreadable); ``not_found_out`` says why, an asset under
    each of its reasons. ``costs`` count an asset under each reason behind its decision; with
    ``costs_are_of_uses`` there is no verdict, and it counts as held and as skipped where any
    use is.
    """

    run: Run
    counts: Counts
    has_verdict: bool
    policy: str
    policy_sha256: str
    uses: tuple[str, ...]
    tokens: tuple[str, ...]
    acquired_by: str
    vocabulary: str
    software: Tally
    first_checked: str
    last_checked: str
    decided: Tally
    by_use: Mapping[str, Tally]
    preferences: Mapping[str, Tally]
    access: Tally
    availability: Mapping[str, Tally]
    declared: int
    declared_origins: int
    origins: int
    sources: tuple[Source, ...]
    signals: Tally
    owed: Tally
    binding: Tally
    parties: tuple[Party, ...]
    more_parties: int
    licences: Tally
    contradictions: tuple[Contradiction, ...]
    not_found_out: tuple[NotFoundOut, ...]
    costs: tuple[Cost, ...]
    notes: tuple[Contradiction, ...]
    statuses: Tally = field(default_factory=dict)
    policies: Tally = field(default_factory=dict)
    more_licences: int = 0
    costs_are_of_uses: bool = False
    bound: int = 0
    in_doubt: int = 0
