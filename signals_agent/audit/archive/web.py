"""What the web was at a time, as far as archives hold it (rules R15, R32)."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from signals_agent import url as urls
from signals_agent.archives import Again, Kind
from signals_agent.audit.archive import folder as folders
from signals_agent.audit.archive.found import Found, Place, leads_on
from signals_agent.audit.archive.index import Index, Seen
from signals_agent.errors import ConfigError
from signals_agent.fetch import redirect
from signals_agent.fetch.exchange import within_caps
from signals_agent.limits import Limits
from signals_agent.model.capture import Availability, Capture, Role
from signals_agent.resolve import access
from signals_agent.resolve.access import Given
from signals_agent.url import Url

_MOST_COPIES: Final = 512
_MOST_OCTETS: Final = 8 * 1024 * 1024

Refused = Callable[[Url, datetime], bool]
"""Whether robots.txt of that time refuses us a URL."""


class Web:
    """Finds captures by URL and time, and follows redirects among them.

    What it does not find was not looked at. Copies of robots.txt and site files are kept, so
    that they are read once for many assets; what was used longest ago is forgotten first.
    """

    def __init__(self, folder: Path, depth: str, limits: Limits) -> None:
        self._folder, self._limits = folder, limits
        self._index = Index(folders.index(folder))
        self._again = Again(depth=depth, limits=limits)
        self._copies: OrderedDict[tuple[object, ...], Capture] = OrderedDict()
        self._octets = 0

    def close(self) -> None:
        """Let go of all files."""
        self._index.close()
        self._again.close()

    def robots(self, origin: str, at: datetime | None) -> Given:
        """The robots.txt of an origin at a time, its redirects followed (RFC 9309 2.3.1.2)."""
        url = access.robots_url(origin)
        limit = self._limits.max_robots_redirects
        return self._followed(url, Role.ROBOTS, at, limit, Availability.UNAVAILABLE, None)

    def file(self, url: str, role: Role, at: datetime | None, refused: Refused) -> Given:
        """A site file or a named document at a time; what ``refused`` names is not followed."""
        limit = self._limits.max_redirects
        return self._followed(url, role, at, limit, Availability.UNREACHABLE, refused)

    def next(self, url: str, at: datetime, but: set[int]) -> Found | Capture | None:
        """What a redirect led to: another redirect, or the response whole; ``but`` grows by it."""
        number = self._index.closest(url, at, but)
        if number is None:
            return None
        but.add(number)
        seen = self._index.seen(number)
        if seen.kind is Kind.ASSET and seen.capture is not None:
            return Found(seen.capture, seen.place)
        return self.octets(seen.place, seen.url, seen.at, Role.ASSET)

    @staticmethod
    def number(found: Found) -> int:
        """By which number ``next`` knows a response."""
        return Index.number(found.place)

    def octets(self, place: Place, url: str, at: datetime | None, role: Role) -> Capture:
        """A response, taken for this, with its octets.

        Raises ``ConfigError`` where the archive is no longer what it was.
        """
        if place.aside is not None:
            with folders.aside(self._folder, place.file).open("rb") as file:
                told = folders.unpacked(folders.read(file, place.aside))
            return told if role is Role.ASSET else within_caps(told, self._limits, role)
        again = self._again.response(place.record, role, url, at)
        if again is None:
            raise changed(place)
        return again

    def _followed(
        self,
        url: str,
        role: Role,
        at: datetime | None,
        limit: int,
        too_many: Availability,
        refused: Refused | None,
    ) -> Given:
        """What stands at a URL, or where its redirects lead; told under the URL asked for."""
        if at is None:
            # Without a time nothing tells which day's file it is.
            return Availability.NOT_LOOKED
        here, trail = url, tuple[int, ...]()
        while True:
            number = self._index.nearest(here, at, apart=role in (Role.ROBOTS, Role.SITE_FILE))
            if number is None:
                return Availability.NOT_LOOKED
            capture = self._copy(number, role)
            trail = (*trail, number)
            if not redirect.is_redirect(capture):
                return capture if here == url else self._under(url, capture, role, trail)
            onward = redirect.target(capture)
            if onward is None:
                return _ended(url, Availability.UNREACHABLE, redirect.NOWHERE, capture)
            if refused is not None and refused(onward, at):
                words = "robots.txt does not let us follow the redirect"
                return _ended(url, Availability.NOT_LOOKED, words, capture)
            if len(trail) > limit:
                return _ended(url, too_many, f"more than {limit} redirects", capture)
            here = onward.text

    def _copy(self, number: int, role: Role) -> Capture:
        """A response as a file of this role."""
        key = (number, role)
        known = self._copies.get(key)
        if known is not None:
            self._copies.move_to_end(key)
            return known
        return self._keep(key, self._read(self._index.seen(number), role))

    def _read(self, seen: Seen, role: Role) -> Capture:
        if seen.capture is not None and (leads_on(seen.capture) or seen.kind.role is role):
            return seen.capture
        return self.octets(seen.place, seen.url, seen.at, role)

    def _under(self, url: str, capture: Capture, role: Role, trail: tuple[int, ...]) -> Capture:
        """The capture under the URL that was asked for, the same one whenever it is asked."""
        key = (url, role, *trail)
        known = self._copies.get(key)
        return self._keep(key, replace(capture, url=url)) if known is None else known

    def _keep(self, key: tuple[object, ...], capture: Capture) -> Capture:
        self._copies[key] = capture
        self._octets += len(capture.body or b"")
        while len(self._copies) > 1 and (
            len(self._copies) > _MOST_COPIES or self._octets > _MOST_OCTETS
        ):
            _, forgotten = self._copies.popitem(last=False)
            self._octets -= len(forgotten.body or b"")
        return capture


def changed(place: Place) -> ConfigError:
    """What is told where an archive is no longer what it was when it was read."""
    record = place.record
    return ConfigError(
        f"the archive {record.file} was changed while it was read (at offset {record.offset})"
    )


def _ended(url: str, how: Availability, words: str, last: Capture) -> Capture:
    return Capture(
        urls.parse(url).text, availability=how, failure=words, fetched_at=last.fetched_at
    )
