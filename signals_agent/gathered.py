"""What was captured for one asset, and what looking at it found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zlib import crc32

from signals_agent import availability
from signals_agent import url as urls
from signals_agent.family import Family, Listen
from signals_agent.model.capture import Availability, Capture, CaptureRecord, Coverage, Role
from signals_agent.model.declaration import Located
from signals_agent.model.digest import Digest
from signals_agent.model.document import Document, Naming
from signals_agent.model.ids import identify
from signals_agent.model.note import Note
from signals_agent.model.resolution import Access, AccessAnswer
from signals_agent.model.use import Use
from signals_agent.resolve.access import Given, TokenSets
from signals_agent.url import Url

CARRIERS = (
    "http-header",
    "html-meta",
    "robots-txt",
    "html-link",
    "html-anchor",
    "rdfa",
    "microdata",
    "json-ld",
    "html-script",
    "feed",
    "dataset-card",
    "http-body",
    "embedded",
)
"""Every carrier in which a family can listen."""

IN_PAGES = ("html-link", "html-anchor", "rdfa", "microdata", "json-ld", "html-script")
"""Those that stand in a page beside its metas."""

Unit = tuple[Located, ...]
"""What is read as one expression."""


@dataclass(slots=True)
class AssetFindings:
    """What looking at the octets of the asset, or of the page around it, came to.

    It can stand for the octets where these are no longer at hand (rule R30). What the
    header section declares is not among ``units``: its fields are kept, and are read
    whenever this is taken in. ``terms`` are a few words where the answer states terms of
    access; ``dark`` says that what was there could not be read, ``undetermined`` that a
    required part of it was not looked at.
    """

    media: str = ""
    terms: str = ""
    notes: list[Note] = field(default_factory=list)
    units: tuple[Unit, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    record: CaptureRecord | None = None
    state: Availability = Availability.NOT_LOOKED
    dark: bool = False
    undetermined: bool = False


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that was captured for one asset, and how it is to be looked at.

    ``looked`` and ``looked_around`` are what looking at the asset and at the page around
    it came to, where that is handed in and their octets are not (rule R30).
    """

    asset: Capture
    hops: tuple[Capture, ...]
    robots: Mapping[str, Given]
    site_files: Mapping[str, Given]
    documents: Mapping[str, Given]
    found_on: Capture | None
    sets: TokenSets
    depth: str
    sources: str
    families: Sequence[Family]
    listens: Mapping[str, tuple[tuple[str, Listen], ...]]
    claims: Mapping[str, tuple[tuple[str, Listen], ...]]
    now: datetime
    looked: AssetFindings | None = None
    looked_around: AssetFindings | None = None


def listens_of(families: Sequence[Family]) -> dict[str, tuple[tuple[str, Listen], ...]]:
    """Who listens where: for each carrier, the family's name and what it listens to."""
    return {
        carrier: tuple(
            (family.name, listen)
            for family in families
            for listen in family.listens
            if listen.carrier == carrier
        )
        for carrier in CARRIERS
    }


def claims_of(
    listens: Mapping[str, tuple[tuple[str, Listen], ...]],
) -> dict[str, tuple[tuple[str, Listen], ...]]:
    """Who listens in pages beside their metas; empty where nobody does."""
    return {name: listens[name] for name in IN_PAGES if listens[name]}


@dataclass(slots=True)
class Gathered:
    """What looking found: units by family, how each look ended, and what is in doubt.

    ``documents`` are those that declarations name, and ``wants`` those of them that
    nobody has looked for yet. ``looked`` is what the asset's octets came to, and
    ``looked_around`` those of the page around it, where there is one.
    """

    chain: tuple[Url, ...]
    targets: tuple[bytes, ...]
    looked: AssetFindings = field(init=False)
    access: Access = field(default_factory=lambda: Access(AccessAnswer.UNDETERMINED))
    looked_around: AssetFindings | None = None
    undetermined: bool = False
    literal_undetermined: bool = False
    dark: set[Use] = field(default_factory=set)
    training_refused: bool = False
    units: dict[str, list[Unit]] = field(default_factory=dict)
    coverage: list[Coverage] = field(default_factory=list)
    captures: dict[str, CaptureRecord] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    valid_until: datetime | None = None
    speaks_from: dict[str, str] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    wants: list[Naming] = field(default_factory=list)

    def add(self, units: Sequence[Unit], url: str) -> None:
        """Take in units that speak from one URL of the chain."""
        for unit in units:
            for located in unit:
                self.speaks_from.setdefault(located.declaration.id, url)
            self.units.setdefault(unit[0].declaration.family, []).append(unit)

    def take(self, looked: AssetFindings, declared: Sequence[Unit], url: str) -> None:
        """Take in what octets came to, and what was declared in the header section above them."""
        if looked.record is not None:
            self.captures.setdefault(looked.record.id, looked.record)
        if declared:
            self.add(declared, url)
        if looked.units:
            self.add(looked.units, url)
        self.coverage += looked.coverage
        self.notes += looked.notes
        self.undetermined |= looked.undetermined
        if looked.dark:
            self.dark.update(Use)

    @property
    def asset(self) -> Availability:
        """How looking at the asset ended."""
        return self.looked.state

    @property
    def missing(self) -> tuple[str, ...]:
        """The required sources that could not be looked at."""
        if not (self.undetermined or self.documents):
            return ()
        ended = (Availability.NOT_LOOKED, Availability.UNREACHABLE)
        unseen = (
            each.source for each in self.coverage if each.required and each.availability in ended
        )
        return tuple(dict.fromkeys(unseen))

    @property
    def challenged(self) -> bool:
        """Whether what stood in the asset's place was a challenge."""
        here = self.chain[-1].text + " "
        return self.asset is Availability.UNREACHABLE and any(
            note.code == "access-challenge" and note.summary.startswith(here) for note in self.notes
        )

    def record(self, role: Role, capture: Capture, state: Availability) -> str:
        """Note a capture, and give its id."""
        made = record_of(role, capture, state, self.notes)
        self.captures.setdefault(made.id, made)
        return made.id


def record_of(
    role: Role, capture: Capture, state: Availability, notes: list[Note]
) -> CaptureRecord:
    """What a result says of a capture; what its fetcher says of it is added to the notes."""
    key = record_key(role, state)
    made: CaptureRecord | None = capture.memo.get(key)
    if made is None:
        made = capture.memo[key] = _record(role, capture, state)
    if capture.notes:
        notes.extend(availability.fetch_note(code, capture) for code in capture.notes)
    if capture.failure:
        notes.append(availability.failure_note(capture, state))
    return made


def record_key(role: Role, state: Availability) -> str:
    """Under which name a capture keeps its record."""
    return f"{role} {state}"


def _record(role: Role, capture: Capture, state: Availability) -> CaptureRecord:
    """What a result says of a capture; its id hashes what was found and where, never when.

    Length and a check sum over the beginning and every 61st octet tell captures apart;
    the digest that stands as evidence is worked out when it is asked for.
    """
    body, url = capture.body, urls.parse(capture.url).text
    ends = "" if body is None else f"{len(body)} {crc32(body[::61], crc32(body[:4096]))}"
    return CaptureRecord(
        id=identify("cap", role, url, str(capture.status), ends),
        role=role,
        url=url,
        availability=state,
        status=capture.status,
        sha256=None if body is None else Digest(body),
        bytes=None if body is None else len(body),
        fetched_at=capture.fetched_at,
    )
