"""What changed for one URL, and how much changed in all."""

from dataclasses import dataclass, field
from enum import StrEnum

from signals_agent.change import Change


class Verdict(StrEnum):
    """What became of a URL, in one word.

    ``tightened``, ``loosened`` or ``both`` as its declarations show (rule R38); ``reworded``
    where they changed without being either. The others where no declaration changed that
    could be read both times: ``gone`` and ``back`` of an asset, ``not-found-out`` of what
    could be looked at only before, ``found-out`` of what could be only now.
    """

    TIGHTENED = "tightened"
    LOOSENED = "loosened"
    BOTH = "both"
    REWORDED = "reworded"
    NOT_FOUND_OUT = "not-found-out"
    FOUND_OUT = "found-out"
    GONE = "gone"
    BACK = "back"


CHANGED = (Verdict.TIGHTENED, Verdict.BOTH, Verdict.LOOSENED, Verdict.REWORDED)
"""The words for a change of declarations, the most pressing first."""


class Kind(StrEnum):
    """What became of a declaration."""

    ADDED = "added"
    WITHDRAWN = "withdrawn"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, order=True)
class Said:
    """Who said something and how far it reaches; ``scope`` is canonical JSON.

    ``source`` is empty where it stands in the asset itself, wherever that is found by now.
    """

    family: str
    carrier: str
    source: str
    scope: str


@dataclass(frozen=True, slots=True, order=True)
class Declared:
    """A declaration that was added, withdrawn, or changed, with its expressions."""

    said: Said
    kind: Kind
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Unseen:
    """A source that could be looked at only one of the two times.

    ``before`` and ``after`` say how looking ended, in the words of coverage, or ``refused``
    where robots.txt keeps us from what it says besides (rule R13e). ``lost`` says that it was
    the later time that it could not; ``expressions`` are what is known of it from the other.
    ``follows`` says that it is the asset, which nobody looked at for what its robots.txt says, or
    because that could not be looked at itself.
    """

    source: str
    before: str
    after: str
    lost: bool
    expressions: tuple[str, ...] = ()
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """A change of the answer that the declarations show, or of the decision that followed.

    ``tighter`` says that it is stricter, and not looser; ``shared`` that it comes of a source
    that speaks for many assets.
    """

    change: Change
    tighter: bool
    shared: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """What changed for one URL; ``site`` is its origin.

    ``outcomes`` are as ``signals_agent.change`` judges them. ``lost`` says that something which
    was found out before could not be found out now, and neither refusal nor absence explains it.
    ``unweighed`` says that the two were decided by different policies and could not be
    weighed by one.
    """

    url: str
    site: str
    verdict: Verdict
    declared: tuple[Declared, ...] = ()
    unseen: tuple[Unseen, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    lost: bool = False
    unweighed: bool = False


@dataclass(slots=True)
class Some:
    """How many URLs, and the first few of them in their order."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, url: str, kept: int = 20) -> None:
        """One more."""
        self.count += 1
        if len(self.first) < kept:
            self.first.append(url)


@dataclass(slots=True)
class Counts:
    """How many URLs there are, and what became of them.

    ``both`` counts URLs of both states, ``unasked`` those of them that were answered before
    and not asked now, ``unasked_before`` the other way round, ``neither`` those without any answer.
    ``verdicts`` has every word: with those ``unchanged`` and the three kinds of unasked they
    make up ``both``, each URL counted once. ``lost`` goes across them: it counts URLs of
    whatever word of which something could not be found out now, the ``unasked`` included.
    """

    before: int = 0
    after: int = 0
    both: int = 0
    only_before: Some = field(default_factory=Some)
    only_after: Some = field(default_factory=Some)
    unasked: Some = field(default_factory=Some)
    unasked_before: Some = field(default_factory=Some)
    neither: int = 0
    verdicts: dict[Verdict, int] = field(default_factory=lambda: dict.fromkeys(Verdict, 0))
    lost: int = 0
    unweighed: int = 0

    @property
    def tightened(self) -> int:
        """URLs of which something became stricter."""
        return self.verdicts[Verdict.TIGHTENED] + self.verdicts[Verdict.BOTH]

    @property
    def unchanged(self) -> int:
        """URLs answered both times of which nothing is told."""
        unasked = self.unasked.count + self.unasked_before.count + self.neither
        return self.both - unasked - sum(self.verdicts.values())

    @property
    def incomparable(self) -> str | None:
        """In a sentence, why too little can be compared for silence to mean that all is well."""
        if not self.both:
            return "no URL is in both, so that nothing could be compared"
        if 2 * self.only_before.count > self.before:
            return (
                f"of the {self.before:,} URLs before, {self.only_before.count:,} are gone from the "
                "list: what became of them is not known"
            )
        return None

    @property
    def changed(self) -> int:
        """URLs whose declarations changed."""
        return sum(self.verdicts[each] for each in CHANGED)
