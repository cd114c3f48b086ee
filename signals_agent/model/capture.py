"""One response as bytes, and how looking for it ended."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from signals_agent import quote
from signals_agent.errors import UsageError
from signals_agent.model.digest import Digest


class Availability(StrEnum):
    """How looking at a source ended (rule R15)."""

    PRESENT = "present"
    UNREADABLE = "unreadable"
    ABSENT = "absent"
    UNAVAILABLE = "unavailable"
    UNREACHABLE = "unreachable"
    NOT_LOOKED = "not-looked"


ABSENT = Availability.ABSENT
UNREACHABLE = Availability.UNREACHABLE
NOT_LOOKED = Availability.NOT_LOOKED


class Role(StrEnum):
    """What a capture was taken for."""

    ASSET = "asset"
    HOP = "hop"
    ROBOTS = "robots-txt"
    SITE_FILE = "site-file"
    LICENCE_DOCUMENT = "licence-document"
    POLICY_DOCUMENT = "policy-document"


HeaderInput: TypeAlias = (
    Iterable[tuple[bytes | str, bytes | str]] | Mapping[str, str] | Mapping[bytes, bytes]
)


_KEPT = frozenset(
    {
        b"connection",
        b"content-encoding",
        b"content-length",
        b"content-range",
        b"content-type",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
"""Fields of a 304 that never replace stored ones: of the connection, or of the stored body."""


def _as_bytes(body: object) -> bytes:
    if isinstance(body, bytearray | memoryview):
        return bytes(body)
    raise UsageError(f"a body is bytes or None, not {type(body).__name__}")


def _wrong(accepted: str, given: object) -> UsageError:
    return UsageError(f"{accepted}, not {given!r}")


def _octets(text: bytes | str) -> bytes:
    if isinstance(text, bytes):
        return text
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True)
class Capture:
    """One response, as octets.

    ``url`` is what was asked for. ``headers`` are the field lines in order, as pairs of
    octets (text is taken as Latin-1; a mapping is accepted). ``body`` is the content
    after content codings were removed; ``None`` where it was not read.
    ``truncated`` says that a cap cut the body. ``availability`` is given where there is
    no status to tell it (a time-out is *unreachable*); ``failure`` then says in a few
    words what happened. ``fetched_at`` is an aware time.
    """

    url: str
    status: int | None = None
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes | None = None
    fetched_at: datetime | None = None
    truncated: bool = False
    availability: Availability | None = None
    failure: str = ""
    notes: tuple[str, ...] = ()
    _fields: dict[bytes, tuple[bytes, ...]] = field(
        init=False, repr=False, compare=False, hash=False, default_factory=dict
    )
    memo: dict[str, Any] = field(
        init=False, repr=False, compare=False, hash=False, default_factory=dict
    )
    """What was worked out of the octets before, since one robots.txt serves many URLs."""

    def __init__(
        self,
        url: str,
        status: int | None = None,
        headers: HeaderInput = (),
        body: bytes | bytearray | memoryview | None = None,
        fetched_at: datetime | None = None,
        truncated: bool = False,
        availability: Availability | None = None,
        failure: str = "",
        notes: tuple[str, ...] = (),
    ) -> None:
        if body is not None and not isinstance(body, bytes):
            body = _as_bytes(body)
        pairs: Iterable[tuple[bytes | str, bytes | str]] = (
            headers.items() if isinstance(headers, Mapping) else headers
        )
        try:
            lines = tuple((_octets(name), _octets(value)) for name, value in pairs)
        except (TypeError, ValueError, AttributeError):
            raise UsageError(
                "headers are pairs of name and value, or a mapping: "
                '[("Content-Usage", "train-ai=n")]'
            ) from None
        fields: dict[bytes, list[bytes]] = {}
        for name, value in lines:
            fields.setdefault(name.lower(), []).append(value)
        if not isinstance(url, str):
            raise _wrong("a URL is text", url)
        if status is not None and not isinstance(status, int):
            raise _wrong("a status is a number or None", status)
        if fetched_at is not None and fetched_at.tzinfo is None:
            raise _wrong("fetched_at is an aware time", fetched_at)
        put = object.__setattr__
        put(self, "url", quote.without_userinfo(url) if "@" in url else url)
        put(self, "status", status)
        put(self, "headers", lines)
        put(self, "body", body)
        put(self, "fetched_at", fetched_at)
        put(self, "truncated", truncated)
        put(self, "availability", availability)
        put(self, "failure", failure)
        put(self, "notes", notes)
        put(self, "_fields", {name: tuple(values) for name, values in fields.items()})
        put(self, "memo", {})

    def field_lines(self, name: bytes) -> tuple[bytes, ...]:
        """All field lines of this name (lower-case), in order; empty where there is none."""
        return self._fields.get(name, ())

    def refreshed(self, not_modified: "Capture") -> "Capture":
        """This stored response as a 304 leaves it (RFC 9111 3.2): its fields replace ours.

        The body and what describes it stay; the time is that of the 304 (rule R12).
        """
        replaced = not_modified._fields.keys() - _KEPT
        kept = [line for line in self.headers if line[0].lower() not in replaced]
        new = [line for line in not_modified.headers if line[0].lower() in replaced]
        return Capture(
            self.url,
            status=self.status,
            headers=(*kept, *new),
            body=self.body,
            fetched_at=not_modified.fetched_at or self.fetched_at,
            truncated=self.truncated,
            availability=self.availability,
            failure=self.failure,
            notes=self.notes,
        )

    @property
    def content_type(self) -> str:
        """The media type without parameters, lower-case; empty where none was sent."""
        lines = self._fields.get(b"content-type")
        if not lines:
            return ""
        return lines[-1].split(b";", 1)[0].strip().lower().decode("latin-1")


@dataclass(frozen=True, slots=True)
class CaptureRecord:
    """What a result says of a capture; ``bytes`` is the length of the body in octets.

    ``sha256`` is that of the body, missing where only the header section was read.
    """

    id: str
    role: Role
    url: str
    availability: Availability
    status: int | None = None
    sha256: Digest | None = None
    bytes: int | None = None
    fetched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """One source that was, or would have been, asked, and how looking ended (rule R15a).

    ``part`` is ``head`` or ``body`` where only that part of the asset is meant.
    """

    source: str
    availability: Availability
    required: bool
    capture: str | None = None
    part: str | None = None
