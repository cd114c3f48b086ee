"""What was captured elsewhere of the sites that documents are from."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TypeAlias

from signals_agent import url as urls
from signals_agent.errors import UsageError
from signals_agent.model.capture import Availability, Capture, Role
from signals_agent.plan import Want
from signals_agent.resolve.access import Given

Source: TypeAlias = Mapping[str, Given] | Callable[[str], Given | None] | None
"""What was captured elsewhere: by origin or URL, or a callable that is asked for one."""


class Sources:
    """What was captured elsewhere; datatrove writes a step's plain attributes into its logs."""

    def __init__(self, robots: Source, site_files: Source, documents: Source) -> None:
        for what, source in (
            ("robots", robots),
            ("site_files", site_files),
            ("documents", documents),
        ):
            if not (source is None or isinstance(source, Mapping) or callable(source)):
                raise UsageError(f"{what} is a mapping or a callable, not {type(source).__name__}")
        self._robots = by_origin(robots) if isinstance(robots, Mapping) else robots
        self._site_files = site_files
        self._documents = documents

    def __repr__(self) -> str:
        return "sources"

    def find(self, want: Want) -> Given:
        """What there is of it; what there is not, or what is none, was not looked at."""
        source, key = self._documents, want.url
        if want.role is Role.ROBOTS:
            source, key = self._robots, origin_of(want)
        elif want.role is Role.SITE_FILE:
            source = self._site_files
        if source is None:
            return Availability.NOT_LOOKED
        return given(source.get(key) if isinstance(source, Mapping) else source(key))


def by_origin(robots: Mapping[str, Given]) -> dict[str, Given]:
    """robots.txt by origin; each is a capture, so that it is read once for many documents."""
    found: dict[str, Given] = {}
    for key, each in robots.items():
        origin = urls.parse(key).origin
        octets = given(each)
        found[origin] = (
            Capture(f"{origin}/robots.txt", 200, body=octets)
            if isinstance(octets, bytes)
            else octets
        )
    return found


def origin_of(want: Want) -> str:
    """The origin of what is wanted."""
    return urls.parse(want.url).origin


def given(found: object) -> Given:
    """What a source gave, where it is something that can be looked at."""
    if isinstance(found, str):
        return found.encode("utf-8")
    return found if isinstance(found, Capture | bytes | Availability) else Availability.NOT_LOOKED


def moment_of(said: object) -> datetime | None:
    """A time in ISO 8601, taken as UTC where it names no zone."""
    if isinstance(said, datetime):
        moment = said
    else:
        try:
            moment = datetime.fromisoformat(str(said))
        except ValueError:
            return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
