"""One asset from files: a header section, a body, robots.txt, site files, named documents."""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from signals_agent.errors import ConfigError, UsageError
from signals_agent.fetch import exchange
from signals_agent.limits import Limits
from signals_agent.model.capture import Availability, Capture, Role
from signals_agent.url import Url

_STATUS_LINE = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})(?:[ \t].*)?\Z")
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")


@dataclass(frozen=True, slots=True)
class Files:
    """The files that stand for a site; ``-`` is standard input, ``None`` was not given."""

    headers: str | None = None
    body: str | None = None
    robots: str | None = None
    no_robots: bool = False
    site_files: tuple[tuple[str, str], ...] = ()
    no_site_files: tuple[str, ...] = ()
    documents: tuple[tuple[str, str], ...] = ()
    no_documents: tuple[str, ...] = ()
    status: int | None = None

    @property
    def given(self) -> bool:
        """Whether anything was given, so that nothing is to be fetched."""
        return self != Files()

    @property
    def sources(self) -> list[str | None]:
        """Every file that will be read."""
        return [
            self.headers,
            self.body,
            self.robots,
            *(file for _, file in (*self.site_files, *self.documents)),
        ]


@dataclass(frozen=True, slots=True)
class Site:
    """What the files come to, as ``assess`` takes it."""

    asset: Capture
    robots: bytes | Availability
    site_files: Mapping[str, Capture | Availability]
    documents: Mapping[str, Capture | Availability]


def read(url: Url, files: Files, limits: Limits) -> Site:
    """The captures that the files come to, cut where a fetch would have cut them (rule R39).

    Raises ``ConfigError`` for what cannot be read.
    """
    if files.no_robots and files.robots is not None:
        raise UsageError("--robots and --no-robots say two things; give one of them")
    robots: bytes | Availability = Availability.NOT_LOOKED
    if files.robots is not None:
        robots = _octets(files.robots)
    elif files.no_robots:
        robots = Availability.ABSENT
    site_files: dict[str, Capture | Availability] = {}
    site_files |= dict.fromkeys(files.no_site_files, Availability.ABSENT)
    for path, file in files.site_files:
        told = Capture(url.origin + path, 200, body=_octets(file))
        site_files[path] = exchange.within_caps(told, limits, Role.SITE_FILE)
    documents: dict[str, Capture | Availability] = {}
    documents |= dict.fromkeys(files.no_documents, Availability.ABSENT)
    documents |= {
        address: exchange.within_caps(
            Capture(address, 200, body=_octets(file)), limits, Role.LICENCE_DOCUMENT
        )
        for address, file in files.documents
    }
    asset = exchange.within_caps(_asset(url, files), limits, Role.ASSET)
    return Site(asset=asset, robots=robots, site_files=site_files, documents=documents)


def _asset(url: Url, files: Files) -> Capture:
    if files.headers is None and files.body is None and files.status is None:
        return Capture(url.text, body=None, availability=Availability.NOT_LOOKED)
    status: int | None = None
    headers: tuple[tuple[bytes, bytes], ...] = ()
    if files.headers is not None:
        status, headers = header_section(_octets(files.headers), files.headers)
    body = _octets(files.body) if files.body is not None else None
    stated = files.status if files.status is not None else status
    empty = body == b""
    return Capture(
        url.text,
        200 if stated is None else stated,
        headers,
        body,
        # A file without content is no asset (rule R12), as a response without is none.
        availability=Availability.ABSENT if empty else None,
        failure="the body has no content" if empty else "",
    )


def header_section(octets: bytes, name: str) -> tuple[int | None, tuple[tuple[bytes, bytes], ...]]:
    """The status, where a status line stands first, and the field lines in order.

    Lines end at LF or CRLF; a line that begins with a blank continues the one before
    (RFC 9112 5.2). Of several sections, as a tool that follows redirects writes them,
    the last counts. Raises ``ConfigError``, with the line's number, for anything else.
    """
    status: int | None = None
    lines: list[tuple[bytes, bytes]] = []
    ended = False
    for number, raw in enumerate(octets.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        line = raw.removesuffix(b"\r")
        if b"\r" in line:
            raise ConfigError(
                f"{name}: line {number} holds a bare CR; lines end at LF or CRLF (RFC 9112 2.2)"
            )
        opening = _STATUS_LINE.match(line)
        if opening and (ended or number == 1):
            status, lines, ended = int(opening[1]), [], False
        elif not line:
            ended = True
        elif ended:
            raise ConfigError(
                f"{name}: line {number}: text after the end of the header section; "
                "give the body as --body FILE"
            )
        elif line[:1] in (b" ", b"\t") and lines:
            field, value = lines[-1]
            lines[-1] = (field, value + b" " + line.strip(b" \t"))
        else:
            field, colon, value = line.partition(b":")
            field = field.rstrip(b" \t")
            if not colon or not _NAME.match(field):
                raise ConfigError(
                    f"{name}: line {number} is not a header field line; accepted: 'Name: value'"
                )
            lines.append((field, value.strip(b" \t")))
    return status, tuple(lines)


def _octets(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot read {file}: {error.strerror or error}") from None
