"""What could not be found out about an asset: which kind of source failed, and in what way."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from signals_agent import quote
from signals_agent.audit.figures import families as named
from signals_agent.families import FAMILIES

Result = Mapping[str, Any]

ASSET: Final = "asset"
ROBOTS: Final = "robots-txt"
SITE_FILE: Final = "site-file"
DOCUMENT: Final = "document"
PART: Final = "part"
DECLARATION: Final = "declaration"
"""The kinds of source."""

_NOT_FOUND_OUT: Final = frozenset(
    {"access-undetermined", "asset-unreachable", "undetermined", "unreadable"}
)
_FAILED: Final = frozenset({"unreachable", "not-looked", "unreadable"})
_WORDS: Final = {
    "unreachable": "could not be reached",
    "not-looked": "was not looked at",
    "unreadable": "was there and could not be read",
}
_NOTES: Final = {
    "source-in-part": "only a part of it came",
    "source-over-cap": "longer than what is read",
    "source-of-another-day": "captured more than 24 hours from the asset",
    "source-still-coded": "still compressed",
}
_CHALLENGE: Final = " answered with a challenge ("
_ROLES: Final = {
    "asset": ASSET,
    "hop": ASSET,
    "robots-txt": ROBOTS,
    "site-file": SITE_FILE,
    "licence-document": DOCUMENT,
    "policy-document": DOCUMENT,
}


def kind(entry: Mapping[str, Any], result: Result, roles: Mapping[str, str]) -> str:
    """What kind of source a line of coverage is about; ``roles`` are those of captures by id."""
    if "part" in entry:
        return PART
    role = roles.get(entry.get("capture", ""))
    if role is not None:
        return _ROLES.get(role, DOCUMENT)
    source = entry["source"]
    if source in (result["final_url"], result["url"]):
        return ASSET
    if source.endswith("/robots.txt"):
        return ROBOTS
    return SITE_FILE if _path(source) in _site_files() else DOCUMENT


def _path(url: str) -> str:
    """The path of a URL, with the slash that it begins with."""
    host, slash, rest = url.partition("://")[2].partition("/")
    del host
    return slash + rest.partition("?")[0]


@cache
def _site_files() -> frozenset[str]:
    """The paths of the files of a site in which declarations are looked for."""
    return frozenset(file.path for family in FAMILIES for file in family.site_files)


def is_in_doubt(result: Result, uses: list[str]) -> bool:
    """Whether something that counts could not be found out (rule R27)."""
    if result["access"]["answer"] == "undetermined":
        return True
    return any(
        reason["code"] in _NOT_FOUND_OUT
        for use in uses
        for reason in result["uses"][use]["reasons"]
    )


def status(result: Result) -> int:
    """The HTTP status with which the asset was answered; 0 where there was no answer."""
    for each in result["captures"]:
        if each["role"] == "asset" and "status" in each and each["url"] == result["final_url"]:
            return int(each["status"])
    return 0


def failures(
    result: Result, roles: Mapping[str, str], uses: list[str]
) -> Iterator[tuple[str, str]]:
    """Why, and the kind of source that failed, for each that is required; each once.

    Where robots.txt could not be looked at, only that: the asset was not asked for because
    of it. A document that could not be read is among them where it is required.
    """
    undetermined = result["access"]["answer"] == "undetermined"
    told = False
    for entry in result["coverage"]:
        ending = entry["availability"]
        if not entry["required"] or ending not in _FAILED:
            continue
        which = kind(entry, result, roles)
        if which == ROBOTS and ending == "unreadable":
            continue
        if undetermined and ending == "not-looked" and which != ROBOTS:
            continue
        told = True
        yield _why(entry, result), which
    if told:
        return
    yield from _unread(result, uses)


def _unread(result: Result, uses: list[str]) -> Iterator[tuple[str, str]]:
    """Declarations that could not be read, where every source was looked at."""
    families = {each["id"]: each["family"] for each in result["declarations"]}
    unread = {
        families.get(one, "")
        for use in uses
        for reason in result["uses"][use]["reasons"]
        if reason["code"] == "unreadable"
        for one in reason["because"] or ("",)
    }
    for family in sorted(unread):
        whose = f"of {quote.text(named.called(family), 80)} " if family else ""
        yield f"what is declared {whose}could not be read", DECLARATION
    if not unread:
        yield "a source that counts could not be looked at", DOCUMENT


def _why(entry: Mapping[str, Any], result: Result) -> str:
    source = entry["source"]
    for note in result["notes"]:
        code, summary = note["code"], note["summary"]
        if source not in summary:
            continue
        failed = f"{source} is {entry['availability']}: "
        if code == "source-failed" and summary.startswith(failed):
            return quote.text(summary[len(failed) :], 120)
        if code == "access-challenge" and summary.startswith(source + _CHALLENGE):
            named = summary[len(source + _CHALLENGE) :].partition(")")[0]
            return f"a challenge in its place ({quote.text(named, 80)})"
        if code in _NOTES:
            return _NOTES[code]
    if entry["availability"] == "unreachable":
        for capture in result["captures"]:
            if capture["id"] == entry.get("capture") and "status" in capture:
                return f"answered {capture['status']}"
    return _WORDS[entry["availability"]]
