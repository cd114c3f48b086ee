"""For how long an answer holds (rules R15, R38)."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from signals_agent.model.capture import Capture, Role

CEILING = timedelta(hours=24)
"""RFC 9309 2.4: a copy of robots.txt serves for at most this long after its own fetch."""
FLOOR = timedelta(hours=1)
"""Ours: ``Cache-Control`` never makes it shorter than this within a run."""

LONGEST_DAYS = 30
"""For how many days a licence document serves at most, and where it says nothing."""

_DIRECTIVE = re.compile(rb'([a-z-]+)(?:\s*=\s*"?(\d+)"?)?')


def robots_lifetime(capture: Capture) -> timedelta:
    """For how long a copy of robots.txt or of a site file serves, between floor and ceiling."""
    if not capture.field_lines(b"cache-control") and not capture.field_lines(b"expires"):
        return CEILING
    said: dict[bytes, int | None] = {}
    for line in capture.field_lines(b"cache-control"):
        for part in line.lower().split(b","):
            found = _DIRECTIVE.match(part.strip())
            if found:
                said[found[1]] = int(found[2][:12]) if found[2] else None
    if said.keys() & {b"no-store", b"no-cache"}:
        return FLOOR
    age = said.get(b"max-age")
    if age is not None:
        return min(max(timedelta(seconds=min(age, 10**6)), FLOOR), CEILING)
    lifetime = _until_expires(capture)
    return CEILING if lifetime is None else min(max(lifetime, FLOOR), CEILING)


def document_lifetime(role: Role, capture: Capture) -> timedelta:
    """For how long a copy of a document serves that a declaration names (rule R15a).

    A licence document in RSL says so itself (``max-age``, in days, 30 where it is silent),
    and never for more than 30 days; anything else serves as a site file does.
    """
    # Octets in hand without a status are taken for what was asked for.
    if role is Role.LICENCE_DOCUMENT and (capture.status or 200) < 300:
        # What reads documents is not loaded for those who meet none.
        from signals_agent.rsl.read import age

        kind = (capture.field_lines(b"content-type") or (b"",))[-1]
        is_rsl, max_age = age(capture.body or b"", kind)
        if is_rsl:
            return licence_lifetime(max_age)
    return robots_lifetime(capture)


def licence_lifetime(max_age: int | None) -> timedelta:
    """The lifetime of a licence document by its ``max-age`` in days (RSL 1.0; rule R15a)."""
    days = LONGEST_DAYS if max_age is None else max_age
    return timedelta(days=min(days, LONGEST_DAYS))


def _until_expires(capture: Capture) -> timedelta | None:
    """What ``Expires`` says where no ``max-age`` stands (RFC 9111 5.3)."""
    expires = _moment(capture.field_lines(b"expires"))
    sent = _moment(capture.field_lines(b"date"))
    return expires - sent if expires is not None and sent is not None else None


def _moment(lines: tuple[bytes, ...]) -> datetime | None:
    if not lines:
        return None
    try:
        moment = parsedate_to_datetime(lines[-1].decode("latin-1"))
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
