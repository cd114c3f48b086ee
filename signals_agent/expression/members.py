"""The members of a content usage expression as they stand on the wire (rules R5, R6, R8)."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import http_sf
from http_sf import Token

from signals_agent import cc_signals, quote
from signals_agent.expression.exceptions import EXCEPTIONS, words
from signals_agent.expression.said import Finding, Place
from signals_agent.limits import MAX_EXPRESSION
from signals_agent.model.note import Severity
from signals_agent.salvage import split


@dataclass(slots=True)
class Member:
    """A dictionary member as it stands on the wire, before any later one of its key.

    ``parameters`` are the names of its parameters, ``exceptions`` the words that its
    ``exceptions`` name (``None`` for a value that names nothing), and ``leniences`` the
    codes of the spellings beside the letter in which they were found.
    """

    key: str
    value: object
    place: Place
    parameters: tuple[str, ...]
    exceptions: list[str | None]
    leniences: list[str]


def members(lines: Sequence[bytes], findings: list[Finding]) -> list[Member]:
    """The members in order, repeated keys included; empty where the letter gives nothing."""
    if over_cap(lines):
        summary = f"the expression is longer than the {MAX_EXPRESSION} octets that are read"
        findings.append(Finding("aipref-over-cap", Severity.ERROR, summary, "rule R39", (0, 0)))
        return []
    joined = lines[0] if len(lines) == 1 else b", ".join(lines)  # rule R6
    try:
        if not http_sf.parse(joined, tltype="dictionary"):
            summary = "the expression is empty and says nothing"
            findings.append(
                Finding("aipref-empty", Severity.INFO, summary, "vocab-08#combine", (0, 0))
            )
            return []
        starts = _starts(lines)
        found = [
            _member(piece.strip(b" \t"), _place(starts, offset + _indent(piece)))
            for offset, piece in split(joined, b",")
        ]
    except ValueError as error:  # http_sf's StructuredFieldError is one
        place = _place(_starts(lines), getattr(error, "position", None) or 0)
        what = quote.text(str(error.args[0]) if error.args else "", 120)
        findings.append(
            Finding(
                "aipref-parse-error",
                Severity.WARNING,
                f"not a Structured Field Dictionary, so to the letter it says nothing: {what}",
                "rule R5",
                place,
            )
        )
        return []
    _link_bare_signals(found)
    return found


def over_cap(lines: Sequence[bytes]) -> bool:
    """Whether the expression, its lines joined, is longer than what is read (rule R39)."""
    return sum(map(len, lines)) + 2 * (len(lines) - 1) > MAX_EXPRESSION


def _indent(piece: bytes) -> int:
    return len(piece) - len(piece.lstrip(b" \t"))


def _starts(lines: Sequence[bytes]) -> list[int]:
    """Where each line begins in the lines joined with a comma and a space."""
    return list(accumulate((len(line) + 2 for line in lines[:-1]), initial=0))


def _place(starts: Sequence[int], offset: int) -> Place:
    """Which line an octet of the joined lines stands in, and where in it."""
    index = bisect_right(starts, offset) - 1
    return index, offset - starts[index]


def _member(piece: bytes, place: Place) -> Member:
    parsed: Any = http_sf.parse(piece, tltype="dictionary")
    ((key, (value, parameters)),) = parsed.items()
    member = Member(key, value, place, tuple(parameters), [], [])
    if not isinstance(value, list):
        seen = 0
        for _, after in split(piece, b";")[1:]:
            name, equals, raw = after.strip(b" ").partition(b"=")
            if name.decode("ascii") not in EXCEPTIONS:
                continue
            seen += 1
            if name == b"exception":
                member.leniences.append("aipref-exceptions-misspelt")
            item: Any = http_sf.parse(raw, tltype="item") if equals else (True, {})
            _take(member, item[0])
        if seen > 1:
            member.leniences.append("aipref-exceptions-repeated")
    return member


def _take(member: Member, value: object) -> None:
    """Add the words of one ``exceptions`` parameter; ``None`` is a value that names nothing."""
    if isinstance(value, Token):
        member.exceptions.append(str(value))
    elif isinstance(value, str):
        member.leniences.append("aipref-exceptions-string")
        member.exceptions.extend(words(value) or [None])
    else:
        member.exceptions.append(None)


def _link_bare_signals(members: Sequence[Member]) -> None:
    """Give bare signal keys to the member whose ``exceptions`` they follow (rule R8).

    ``exceptions=cc-cr,cc-cr-op`` parses so: what was meant as a list becomes a key.
    """
    owner: Member | None = None
    for member in members:
        if member.key in cc_signals.SIGNALS and member.value is True and owner is not None:
            owner.exceptions.append(member.key)
            owner.leniences.append("aipref-exceptions-as-key")
            member.key = ""
        else:
            owner = member if member.exceptions else None


def is_preference(value: object) -> bool:
    """Whether a value is the Token ``y`` or ``n`` (rule R5)."""
    # A Token equals the String of the same text, so its type is asked for as well.
    return isinstance(value, Token) and str(value) in ("y", "n")
