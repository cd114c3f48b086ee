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


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that was captured for one asset, and how it is to be looked at."""

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
    nobody has looked for yet.
    """

    chain: tuple[Url, ...]
    targets: tuple[bytes, ...]
    access: Access = field(default_factory=lambda: Access(AccessAnswer.UNDETERMINED))
    asset: Availability = Availability.NOT_LOOKED
    media: str = ""
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
        key = f"{role} {state}"
        made: CaptureRecord | None = capture.memo.get(key)
        if made is None:
            made = capture.memo[key] = _record(role, capture, state)
        self.captures.setdefault(made.id, made)
        for code in capture.notes:
            self.notes.append(availability.fetch_note(code, capture))
        if capture.failure:
            self.notes.append(availability.failure_note(capture, state))
        return made.id


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
