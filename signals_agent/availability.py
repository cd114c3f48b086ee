"""How looking at a source ended, told from its response (rules R12 and R15)."""

import re

from signals_agent import challenge_marks
from signals_agent import url as urls
from signals_agent.limits import DEFAULT_LIMITS
from signals_agent.model.capture import Availability, Capture, Role
from signals_agent.model.note import Note, Severity
from signals_agent.syntax import authenticate_field, link_field

_RANGE = re.compile(rb"bytes\s+(\d{1,18})-(\d{1,18})/(\d{1,18})", re.IGNORECASE)
_CODED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd")
# Escape and the shifts stand in ISO-2022 text.
_CONTROLS = bytes(set(range(32)) - {9, 10, 11, 12, 13, 14, 15, 27})
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_IN_HAND = (Availability.PRESENT, Availability.UNREADABLE)
_ARRIVED = (*_IN_HAND, Availability.ABSENT)
_REQUIRED = (Role.ROBOTS, Role.LICENCE_DOCUMENT, Role.POLICY_DOCUMENT)
_CAPPED = {
    Role.SITE_FILE: DEFAULT_LIMITS.max_site_file_bytes,
    Role.LICENCE_DOCUMENT: DEFAULT_LIMITS.max_document_bytes,
    Role.POLICY_DOCUMENT: DEFAULT_LIMITS.max_document_bytes,
}
"""How many octets of what is read whole are read, however it was come by (rule R39)."""
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\x00\t\n\x0b\f\r ]*+<")
# Answers that may be a challenge page: what is not there is plainly not there.
_BODY_MARKED = frozenset({202, *range(400, 600)} - {404, 410})


def classify(
    role: Role, capture: Capture, *, kind: str = ""
) -> tuple[Availability, tuple[Note, ...]]:
    """How looking ended, in the words that hold for every source, with notes.

    An explicit ``capture.availability`` is believed: the fetcher knows what no status
    tells (time-outs, too many redirects); but a challenge that arrived is one, and no more
    than a 2xx is an asset. ``kind`` is what a site file's octets must be.
    """
    given = _given(role, capture)
    if given not in (None, *_ARRIVED):
        return given, ()
    challenger = _challenger(role, capture)
    if challenger:
        # A challenge may well be an answer without content, which looks like no asset.
        return Availability.UNREACHABLE, (_challenge(capture, challenger),)
    if given is not None:
        return given, ()
    if capture.status is None:
        if not capture.headers and not capture.body:
            return Availability.NOT_LOOKED, ()
        # Octets in hand without a status are taken for what was asked for.
        return _successful(role, capture, kind, 200)
    if 200 <= capture.status < 300:
        return _successful(role, capture, kind, capture.status)
    return _by_status(role, capture.status), ()


def _given(role: Role, capture: Capture) -> Availability | None:
    """What the capture itself says of how looking ended, where its status leaves that open.

    Of an answer in the asset's place the status tells all, unless it is a 2xx (rule R12):
    what came of its body changes nothing.
    """
    given = capture.availability
    told = capture.status is not None and not 200 <= capture.status < 300
    return None if told and given in _IN_HAND and role is Role.ASSET else given


def _successful(
    role: Role, capture: Capture, kind: str, status: int
) -> tuple[Availability, tuple[Note, ...]]:
    if role is Role.ASSET:
        if capture.body is None and not capture.headers:
            return Availability.NOT_LOOKED, ()
        if status in (204, 205) or _says_empty(capture):
            return Availability.ABSENT, (_without_content(capture),)
        return Availability.PRESENT, ()
    if capture.body is None:
        # Only the header section was read, and what is asked for is the octets.
        return Availability.NOT_LOOKED, ()
    if still_coded(capture):
        return Availability.UNREADABLE, (coded_note(capture),)
    if status == 206 or (capture.truncated and role is Role.ROBOTS and _cut_early(capture)):
        return Availability.UNREADABLE, (part_note(capture),)
    if (
        role is Role.SITE_FILE
        and kind in ("", "json", "text")
        and _MARKUP.match(capture.body or b"")
    ):
        return Availability.ABSENT, (_soft_404(capture),)
    if role in _CAPPED and (capture.truncated or len(capture.body or b"") > _CAPPED[role]):
        return Availability.UNREADABLE, (_over_cap(capture),)
    return Availability.PRESENT, ()


def _by_status(role: Role, status: int) -> Availability:
    if status in (404, 410):
        return Availability.ABSENT
    if status == 429 or not 300 <= status < 500:
        return Availability.UNREACHABLE
    if status < 400:
        # A redirect that nobody followed, or a 304 with nothing stored that it could
        # update: nobody found out what is there.
        if role is Role.ASSET:
            return Availability.NOT_LOOKED
        return Availability.UNREACHABLE if role in _REQUIRED else Availability.UNAVAILABLE
    return Availability.UNAVAILABLE


def _says_empty(capture: Capture) -> bool:
    """Whether the response says itself that it has no content (RFC 9110 8.6)."""
    lengths = capture.field_lines(b"content-length")
    return capture.body == b"" and bool(lengths) and lengths[-1].strip().strip(b"0") == b""


def still_coded(capture: Capture, *, page: bool = False) -> bool:
    """Whether the body is still in its content coding, so that nothing can be read in it.

    gzip and zstd are known by their first octets. Other codings have none: octets that a
    field says were coded, or that ought to be a ``page``, are taken for coded where they
    are no UTF-8 and hold control characters, as text in no encoding does.
    """
    body = capture.body or b""
    if body.startswith(_CODED):
        return True
    coding = b",".join(capture.field_lines(b"content-encoding")).strip().lower()
    if coding in (b"", b"identity") and not (page and b"<" not in body[:1024]):
        return False
    beginning = body[:2048]
    if beginning.startswith(_WIDE) or not beginning[::2].strip(b"\0"):
        return False
    if not beginning[1::2].strip(b"\0") and len(beginning) > 1:
        return False
    if len(beginning.translate(None, _CONTROLS)) == len(beginning):
        return False
    try:
        beginning.decode("utf-8")
    except UnicodeDecodeError as error:
        # A character that the slice cut in two is none that is wrong.
        return error.start < len(beginning) - 4 or len(body) <= len(beginning)
    return False


def whole_in_part(capture: Capture) -> bool:
    """Whether a 206 holds the whole all the same (RFC 9110 14.4)."""
    for line in capture.field_lines(b"content-range"):
        found = _RANGE.fullmatch(line.strip())
        if found and int(found[1]) == 0 and int(found[2]) + 1 == int(found[3]):
            return True
    return False


def _cut_early(capture: Capture) -> bool:
    """Whether robots.txt was cut before as much of it came as must be read (rule R15)."""
    return len(capture.body or b"") < DEFAULT_LIMITS.max_robots_bytes


def coded_note(capture: Capture) -> Note:
    """The note on a body whose content coding was not taken off."""
    return Note(
        code="source-still-coded",
        severity=Severity.WARNING,
        summary=f"{urls.parse(capture.url).text} is still compressed; it counts as unreadable",
        clause="rule R15",
    )


def part_note(capture: Capture) -> Note:
    """The note on a source of which only a part came or was read (rules R35, R39)."""
    return Note(
        code="source-in-part",
        severity=Severity.WARNING,
        summary=f"only a part of {urls.parse(capture.url).text} came; it counts as unreadable",
        clause="rule R39",
    )


def unset_note(url: str, state: Availability) -> Note:
    """The note that an optional source could not be looked at (rule R15a)."""
    return Note(
        code="source-unset",
        severity=Severity.INFO,
        summary=f"{url} is {state}; it is optional, and counts as if it said nothing",
        clause="rule R15a",
    )


def unused_note(url: str, *, extended: bool = False) -> Note:
    """The note that a file was handed in that no declaration family reads (rule R15a).

    ``extended`` says that one would, had the policy asked for it.
    """
    why = (
        'it is read only with sources = "extended"' if extended else "no declaration is read there"
    )
    return Note(
        code="source-not-used",
        severity=Severity.WARNING,
        summary=f"{url} was given, but {why}",
        clause="rule R15a",
    )


def unreadable_note(url: str) -> Note:
    """The note that a source was there and could not be read (rules R15a, R27)."""
    return Note(
        code="source-unreadable",
        severity=Severity.WARNING,
        summary=f"{url} was there and could not be read; what it governs is in the dark",
        clause="rule R27",
    )


def another_day_note(url: str) -> Note:
    """The note that a file was captured on another day than the asset (rule R32)."""
    return Note(
        code="source-of-another-day",
        severity=Severity.WARNING,
        summary=f"{url} was captured more than 24 hours from the asset, and is not used for it",
        clause="rule R32",
    )


def later_note(url: str) -> Note:
    """The note that a file was captured after the asset (rule R32)."""
    return Note(
        code="source-captured-later",
        severity=Severity.INFO,
        summary=f"{url} was captured after the asset, within 24 hours",
        clause="rule R32",
    )


def _challenger(role: Role, capture: Capture) -> str:
    """Which gateway answered in the site's place, and not to refuse for good; mostly empty.

    Marks in the header section count at any status (rule R15). Those in the body count
    where an asset that is there cannot be; markup is never what another source must be.
    """
    found = challenge_marks.by_field(capture)
    if found or not capture.body:
        return found
    if capture.status in _BODY_MARKED or (
        role not in (Role.ASSET, Role.HOP) and _MARKUP.match(capture.body)
    ):
        return challenge_marks.by_body(capture)
    return ""


def terms_of_access(capture: Capture) -> str:
    """In a few words, the terms on which access is offered; empty where none are (R27, row 4).

    402 states terms by itself; 401 and 403 do where they ask for a licence
    (``WWW-Authenticate: License``), link an RSL document or name a price. Terms are no
    refusal for good.
    """
    if capture.status not in (401, 402, 403):
        return ""
    if _given(Role.ASSET, capture) is not None or _challenger(Role.ASSET, capture):
        return ""
    if capture.status == 402:
        return "402 Payment Required"
    for line in capture.field_lines(b"www-authenticate"):
        if any(each.scheme == "license" for each in authenticate_field.read(line)):
            return f"{capture.status} with WWW-Authenticate: License"
    for line in capture.field_lines(b"link"):
        if any(_is_rsl(link) for link in link_field.read(line)):
            return f"{capture.status} with a link to an RSL licence"
    for name in (b"crawler-price", b"payment-required"):
        if capture.field_lines(name):
            return f"{capture.status} with a price ({name.decode()})"
    return ""


def _is_rsl(link: link_field.Link) -> bool:
    """Whether a link is to an RSL licence; without its type it is to any other one."""
    kind = link.param("type").partition(";")[0].strip().lower()
    return "license" in link.relations and kind == "application/rsl+xml"


def same_everywhere(url: str) -> Note:
    """The note on a site file whose octets are those of another one (rule R15)."""
    return Note(
        code="site-file-soft-404",
        severity=Severity.INFO,
        summary=f"{url} is the same octets as another file of the site; taken as absent",
        clause="rule R15",
    )


def fetch_note(code: str, capture: Capture) -> Note:
    """The note for a code that the fetcher left on a capture."""
    where = urls.parse(capture.url).text
    severity, summary = _FETCHED.get(code, (Severity.INFO, code.replace("-", " ")))
    return Note(code=code, severity=severity, summary=f"{summary} ({where})", clause="rule R15")


def failure_note(capture: Capture, state: Availability) -> Note:
    """Why looking at a source ended as it did, in the fetcher's few words."""
    return Note(
        code="source-failed",
        severity=Severity.WARNING,
        summary=f"{urls.parse(capture.url).text} is {state}: {capture.failure}",
        clause="rule R15",
    )


_FETCHED = {
    "guard-outside-transport": (
        Severity.WARNING,
        "the caller's transport connects for itself, so the address was checked beforehand only",
    ),
    "guard-refused": (
        Severity.WARNING,
        (
            "the address is private or reserved, and was not connected to; "
            "loopback and private ones can be allowed (allow_private, --allow-private)"
        ),
    ),
}


def _challenge(capture: Capture, challenger: str) -> Note:
    where = urls.parse(capture.url).text
    return Note(
        code="access-challenge",
        severity=Severity.WARNING,
        summary=f"{where} answered with a challenge ({challenger}) in place of the source",
        clause="rule R15",
    )


def _without_content(capture: Capture) -> Note:
    return Note(
        code="asset-no-content",
        severity=Severity.INFO,
        summary=f"{urls.parse(capture.url).text} answered {capture.status} without content",
        clause="rule R12",
    )


def _soft_404(capture: Capture) -> Note:
    return Note(
        code="site-file-soft-404",
        severity=Severity.INFO,
        summary=f"{urls.parse(capture.url).text} is markup in place of the file; taken as absent",
        clause="rule R15",
    )


def _over_cap(capture: Capture) -> Note:
    return Note(
        code="source-over-cap",
        severity=Severity.WARNING,
        summary=f"{urls.parse(capture.url).text} is longer than what is read; it is unreadable",
        clause="rule R39",
    )
