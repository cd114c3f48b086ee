"""Pages of one site that say nothing themselves come to the same: a result as a form to fill in.

What such a page comes to differs from that of another in its address, its octets, its header
section and its time, and these stand in places that are known. Everything else is worked out
once for a site.
"""

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final, NamedTuple

from signals_agent.audit.archive.found import Quiet
from signals_agent.evidence import Evidence
from signals_agent.families import FAMILIES
from signals_agent.gathered import Inputs
from signals_agent.model.assessment import Assessment
from signals_agent.model.capture import Availability, Capture
from signals_agent.resolve import access, hints
from signals_agent.resolve.access import Given
from signals_agent.robots import match
from signals_agent.robots.parse import RobotsFile
from signals_agent.store import packing, writing
from signals_agent.store.writing import Link, Parts, Record
from signals_agent.url import Url
from signals_agent.wishes import Wishes

_SOON: Final = timedelta(minutes=1)
_MOST: Final = 256
_TRIES: Final = 3
"""Pages of a key that are tried: the address of a site's first page is in all others."""
_MARK: Final = "signals-agent blank 5f0c9a7e "
_BLANK: Final = re.compile(f'"{_MARK}([a-z]+)"')
_NAMING: Final = frozenset(
    name
    for family in FAMILIES
    for listen in family.listens
    if listen.site_wide
    for name in (listen.field, *listen.aliases)
)
_RECORDS: Final = frozenset(
    name
    for family in FAMILIES
    for listen in family.listens
    if listen.carrier == "robots-txt"
    for name in (listen.field, *listen.aliases)
)
_EVERYWHERE: Final = "same everywhere"

Key = tuple[object, ...]


class _Form:
    """A JSON text with blanks."""

    def __init__(self, document: Mapping[str, Any], expected: Mapping[str, int]) -> None:
        text = writing.canonical(document)
        found = _BLANK.split(text)
        self._fixed, self._names = found[0::2], found[1::2]
        counted = {name: self._names.count(name) for name in self._names}
        self.sound = counted == {name: count for name, count in expected.items() if count}
        self.fixed = "".join(self._fixed)

    def filled(self, values: Mapping[str, str]) -> str:
        """The text, with JSON in its blanks."""
        parts = [self._fixed[0]]
        for name, fixed in zip(self._names, self._fixed[1:], strict=True):
            parts += (values[name], fixed)
        return "".join(parts)


class _Sheet:
    """What all pages come to for which one key holds; ``sound`` says that it may be used."""

    def __init__(
        self,
        quiet: Quiet,
        result: dict[str, Any],
        made: Evidence,
        record: Record,
        held: object,
        tries: int,
    ) -> None:
        self.held, self.tries = held, tries
        """What the key names by its id, so that nothing else gets that id."""
        self._record = record
        self._checked_at = record.parts.columns[2]
        self._asset = [
            order for order, each in enumerate(record.parts.captures) if each.row[2] == "asset"
        ]
        self._blobs = made.blobs
        blank, blanks = _blank_result(quiet, result)
        self._result = _Form(blank, blanks)
        document = {name: each for name, each in made.document.items() if name != "sha256"}
        blank, blanks = _blank_evidence(quiet, document)
        self._evidence = _Form(blank, blanks)
        blank["sha256"] = _MARK + "seal"
        self._sealed = _Form(blank, {**blanks, "seal": 1})
        told = writing.canonical
        own = [told(quiet.url)[1:-1], quiet.capture_id]
        texts = (self._result.fixed, self._sealed.fixed)
        self.sound = (
            self._result.sound
            and self._evidence.sound
            and self._sealed.sound
            and len(self._asset) == 1
            # Nothing of this page may stand in what is said of the others.
            and not any(each in text for each in own for text in texts)
            and self.filled(quiet) == record
        )

    def filled(self, quiet: Quiet) -> Record:
        """What the page comes to, as it would be written had it been worked out."""
        told = writing.canonical
        values = {
            "url": told(quiet.url),
            "capture": told(quiet.capture_id),
            "octets": told(quiet.sha256),
            "length": str(quiet.length),
            "time": told(_shown(quiet.at)),
            "moment": told(quiet.at.isoformat()),
            "headers": told(
                [[name.decode("latin-1"), value.decode("latin-1")] for name, value in quiet.headers]
            ),
        }
        result = self._result.filled(values)
        values["seal"] = told(sha256(self._evidence.filled(values).encode()).hexdigest())
        evidence = self._sealed.filled(values)
        of = self._record
        _, _, *rest = of.parts.columns
        columns = (quiet.url, quiet.url, *rest)
        captures = list(of.parts.captures)
        (asset,) = self._asset
        captures[asset] = _link(quiet, captures[asset])
        parts = Parts(columns, tuple(captures), of.parts.declarations, of.parts.obligations)
        key = writing.key_of(str(self._checked_at), result, evidence)
        row = (key, *columns, packing.pack(result), packing.pack(evidence))
        return Record(key, row, self._blobs, parts)


def _shown(at: datetime) -> str:
    """A time as a result tells it."""
    return at.isoformat().replace("+00:00", "Z")


def _link(quiet: Quiet, like: Link) -> Link:
    """The row of the asset's capture, like that of another page."""
    _, _, role, _, availability, status, *_ = like.row
    values = (
        quiet.capture_id, role, quiet.url, availability, status,
        quiet.sha256, quiet.length, writing.moment(quiet.at),
    )  # fmt: skip
    digest = sha256(writing.canonical(values).encode()).hexdigest()
    return Link(digest, (digest, *values))


def _with_blanks(told: Mapping[str, Any], blanks: Mapping[str, str]) -> dict[str, Any]:
    """A JSON object with blanks for those of its members that are there."""
    return {**told, **{name: _MARK + blank for name, blank in blanks.items() if name in told}}


def _blank_result(quiet: Quiet, result: dict[str, Any]) -> tuple[dict[str, Any], dict[str, int]]:
    """The result with blanks, and how many of each there are."""
    captures = {"id": "capture", "url": "url", "sha256": "octets", "bytes": "length",
                "fetched_at": "time"}  # fmt: skip
    coverage = [
        _with_blanks(each, {"source": "url", "capture": "capture"} if "capture" in each else
                     {"source": "url"})
        if each["source"] == quiet.url
        else each
        for each in result["coverage"]
    ]  # fmt: skip
    blank = {
        **result,
        "url": _MARK + "url",
        "final_url": _MARK + "url",
        "access": {
            **result["access"],
            "hops": [_with_blanks(each, {"url": "url"}) for each in result["access"]["hops"]],
        },
        "coverage": coverage,
        "captures": [
            _with_blanks(each, captures) if each["role"] == "asset" else each
            for each in result["captures"]
        ],
    }
    sources = len(quiet.coverage)
    octets = int(quiet.sha256 is not None)
    return blank, {
        "url": 4 + sources,
        "capture": 1 + sum(has for _, _, has, _ in quiet.coverage),
        "octets": octets,
        "length": octets,
        "time": 1,
    }


def _blank_evidence(
    quiet: Quiet, document: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, int]]:
    """The evidence with blanks, and how many of each there are."""
    asset = document["asset"]
    findings = asset["findings"]
    blank = _with_blanks(
        asset,
        {"url": "url", "headers": "headers", "fetched_at": "moment", "id": "capture",
         "sha256": "octets", "bytes": "length"},
    )  # fmt: skip
    coverage = [_with_blanks(each, {"source": "url", "capture": "capture"})
                for each in findings["coverage"]]  # fmt: skip
    octets = int(quiet.sha256 is not None)
    return {**document, "asset": {**blank, "findings": {**findings, "coverage": coverage}}}, {
        "url": 1 + len(quiet.coverage),
        "capture": 1 + sum(has for _, _, has, _ in quiet.coverage),
        "octets": octets,
        "length": octets,
        "moment": 1,
        "headers": int(bool(quiet.headers)),
    }


class Alike:
    """Keeps what pages come to, for those that come to the same."""

    def __init__(self, run: Wishes, template: Inputs) -> None:
        policy = run.policy
        # Agreements and licensors' statements are for some paths, and others not.
        self._possible = run.families is FAMILIES and not (policy.agreement or policy.statement)
        self._sets = template.sets
        self._pages: OrderedDict[Key, _Page | _Sheet] = OrderedDict()

    def key(self, quiet: Quiet, url: Url, robots: Given, files: Sequence[Given]) -> Key | None:
        """What a page has in common with those that come to the same; ``None``: with none."""
        if not self._possible or quiet.at.tzinfo is not UTC:
            return None
        asked: Key = ()
        if isinstance(robots, bytes):
            return None
        if isinstance(robots, Capture):
            source = access.source(url.origin, robots)
            if source.file is not None:
                if not _same_everywhere(source.file):
                    return None
                target = match.target(url.target)
                hop, notes = access.answer(source, url, target, self._sets)
                refused = hints.refused_training_crawlers(source.file, target)
                asked = (hop.answer, hop.rule, hop.position, notes, refused)
        later: list[bool] = []
        for each in (robots, *files):
            if isinstance(each, Capture) and each.fetched_at is not None:
                later.append(each.fetched_at - quiet.at > _SOON)
            if each is not robots and not _says_nothing(each):
                return None
        return (
            url.origin, id(robots), *map(id, files), *later, *asked, quiet.status, quiet.media,
            quiet.state, quiet.looked, quiet.coverage, quiet.sha256 is None, not quiet.headers,
        )  # fmt: skip

    def filled(self, key: Key, quiet: Quiet) -> Record | None:
        """What a page comes to, where one for which the same key holds has been worked out."""
        known = self._pages.get(key)
        if known is None:
            return None
        self._pages.move_to_end(key)
        if isinstance(known, _Page):
            # Made for the second page of a key: of most keys there is one page only.
            known = self._pages[key] = _sheet(known)
        return known.filled(quiet) if known.sound else None

    def learn(
        self, key: Key, quiet: Quiet, result: Assessment, made: Evidence, record: Record,
        held: object,
    ) -> None:  # fmt: skip
        """Take in what a page came to that was worked out; the key names by its id what is held."""
        known = self._pages.get(key)
        tries = 1 if known is None else known.tries + 1
        if tries <= _TRIES:
            self._pages[key] = _Page(quiet, result, made, record, held, tries)
            if len(self._pages) > _MOST:
                self._pages.popitem(last=False)


class _Page(NamedTuple):
    """One page for which a key holds, and what it came to."""

    quiet: Quiet
    result: Assessment
    made: Evidence
    record: Record
    held: object
    tries: int


def _sheet(page: _Page) -> _Sheet:
    told = page.result.model_dump(mode="json")
    sheet = _Sheet(page.quiet, told, page.made, page.record, page.held, page.tries)
    owes = any(each["binding"] for each in told["obligations"])
    if "attribution" in told or told.get("separate_licences") or owes:
        # These have words of the page in them, or are held against its path.
        sheet.sound, sheet.tries = False, _TRIES
    return sheet


def _says_nothing(given: Given) -> bool:
    """Whether a site file is not there, so that no path is told from another by it."""
    if isinstance(given, Capture):
        return given.status in (404, 410) and given.availability is None
    return given in (Availability.NOT_LOOKED, Availability.ABSENT)


def _same_everywhere(file: RobotsFile) -> bool:
    """Whether robots.txt says of every path about use what it says of one.

    So it does where no record that a family reads begins with a path or names a document.
    Whether a path may be crawled is another question.
    """
    known: bool | None = file.memo.get(_EVERYWHERE)
    if known is None:
        known = file.memo[_EVERYWHERE] = not any(
            record.key in _RECORDS and (record.key in _NAMING or not record.value[:1].isalpha())
            for record in file.records
        )
    return known
