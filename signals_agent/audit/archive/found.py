"""What one response of an archive says in its own octets, without these."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, NamedTuple

from signals_agent import url as urls
from signals_agent import within
from signals_agent.archives import Archived, Record
from signals_agent.fetch import redirect
from signals_agent.gathered import AssetFindings, Inputs, record_key, record_of
from signals_agent.model.capture import Availability, Capture, CaptureRecord, Coverage, Role
from signals_agent.model.digest import Digest

_ADDRESSES: Final = 4096


@dataclass(frozen=True, slots=True)
class Place:
    """Where the octets of a response are: in its archive, or set ``aside`` at an offset.

    ``file`` counts the files of a run, ``order`` the responses of a file, both from 0.
    """

    record: Record
    file: int
    order: int
    aside: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A response without its octets; ``looked`` is what they came to, nothing for a redirect."""

    capture: Capture
    place: Place
    looked: AssetFindings | None = None


class Quiet(NamedTuple):
    """A response that says nothing itself and with which nothing is the matter, as most are.

    ``state`` is how looking at it ended, ``looked`` how it began; ``coverage`` holds of each
    of its entries all but its source, which is the URL, and its capture, which is this one's.
    ``octets`` to ``original`` are those of a ``Place`` and its ``Record``.
    """

    url: str
    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    at: datetime
    capture_id: str
    sha256: str | None
    length: int | None
    media: str
    state: Availability
    looked: Availability
    coverage: tuple[tuple[Availability, bool, bool, str | None], ...]
    source: str
    offset: int | None
    record_id: str
    original: int | None
    file: int
    order: int

    @property
    def found(self) -> Found:
        """The same, as any other response is told."""
        digest = None if self.sha256 is None else Digest(None, self.sha256)
        record = CaptureRecord(
            self.capture_id, Role.ASSET, self.url, self.looked, self.status, digest,
            self.length, self.at,
        )  # fmt: skip
        capture = Capture(self.url, self.status, self.headers, None, self.at)
        capture.memo[record_key(Role.ASSET, self.looked)] = record
        looked = AssetFindings(
            media=self.media,
            coverage=tuple(
                Coverage(self.url, state, required, self.capture_id if has else None, part)
                for state, required, has, part in self.coverage
            ),
            record=record,
            state=self.state,
        )
        place = Place(
            Record(self.source, self.offset, self.record_id, self.original), self.file, self.order
        )
        return Found(capture, place, looked)


def _quiet(
    capture: Capture, place: Place, looked: AssetFindings, heard: Collection[bytes]
) -> Quiet | None:
    """The response where it says nothing itself; ``heard`` are fields that families read."""
    if place.aside is not None or not place.record.sound:
        return None
    if looked.units or looked.notes or looked.terms or looked.dark or looked.undetermined:
        return None
    if capture.truncated or capture.availability or capture.failure or capture.notes:
        return None
    record = looked.record
    if record is None or capture.status is None or capture.fetched_at is None:
        return None
    if any(name.lower() in heard for name, _ in capture.headers):
        return None
    url = record.url
    if capture.url != url or any(
        each.source != url or each.capture not in (None, record.id) for each in looked.coverage
    ):
        return None
    at = place.record
    return Quiet(
        url,
        capture.status,
        capture.headers,
        capture.fetched_at,
        record.id,
        None if record.sha256 is None else record.sha256.hexdigest,
        record.bytes,
        looked.media,
        looked.state,
        record.availability,
        tuple(
            (each.availability, each.required, each.capture is not None, each.part)
            for each in looked.coverage
        ),
        at.file,
        at.offset,
        at.id,
        at.original,
        place.file,
        place.order,
    )


def forget() -> None:
    """Let go of addresses that were parsed: of most pages they never come again."""
    if urls.parse.cache_info().currsize > _ADDRESSES:
        urls.parse.cache_clear()


def leads_on(capture: Capture) -> bool:
    """Whether a response is a redirect that can be followed."""
    return redirect.is_redirect(capture) and redirect.target(capture) is not None


def locate(
    told: Archived, place: Place, template: Inputs, heard: Collection[bytes]
) -> Found | Quiet:
    """Look at the octets of a response, and let them go (rules R12, R35).

    ``heard`` are the names of the fields that families read.
    """
    capture = told.capture
    if leads_on(capture):
        return Found(as_hop(capture), place)
    looked = within.look(replace(template, asset=capture), (urls.parse(capture.url),))
    quiet = _quiet(capture, place, looked, heard)
    return quiet or Found(_bare(capture, Role.ASSET, looked.record), place, looked)


def as_hop(capture: Capture) -> Capture:
    """A redirect without its octets."""
    return _bare(capture, Role.HOP, record_of(Role.HOP, capture, Availability.PRESENT, []))


def _bare(capture: Capture, role: Role, record: CaptureRecord | None) -> Capture:
    """The capture without its octets, with what is known of them."""
    bare = replace(capture, body=None)
    if record is not None:
        if record.sha256 is not None:
            # It is worked out now, for it would hold the octets until then.
            _ = record.sha256.hexdigest
        bare.memo[record_key(role, record.availability)] = record
    return bare
