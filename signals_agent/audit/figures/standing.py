"""What stands in the way of an asset, and whether anything else would if it fell away."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

Result = Mapping[str, Any]
"""A result of ``interface.md``, as JSON has it."""

_NO_OBSTACLE: Final = frozenset({"agreement", "clear"})
"""Reason codes that speak for an asset (rule R27)."""

_ROWS: Final = {
    "access-refused": 1,
    "disallow": 2,
    "access-undetermined": 3,
    "access-terms": 4,
    "no-asset": 4,
    "asset-unreachable": 4,
    "licence-forbids": 5,
    "licence-caution": 6,
    "undetermined": 6,
    "unreadable": 6,
    "unmet": 7,
    "unknown": 8,
}
"""The rows of rule R27: what stands in a later one was not asked for any more."""

_NAMED: Final = frozenset({"licence-document", "policy-document"})
"""Carriers that are looked for because a declaration names them."""

_DARK: Final = frozenset({"unreachable", "not-looked", "unreadable"})
_MISSING: Final = frozenset({"absent", "unavailable", "unreachable"})
_UNREAD: Final = "source-unreadable"
_ON_CONDITIONS: Final = "says conditional"


class Obstacle(NamedTuple):
    """A reason code, and the family and carrier whose declarations stand behind it, if any do."""

    code: str
    family: str
    carrier: str


class On(NamedTuple):
    """What of a policy bears on what would be if a rule fell away."""

    unknown: str = "ingest"
    caution: str = "hold"
    no_licence: str = "ingest"
    crawlers: str = "note"

    @classmethod
    def of(cls, policy: Mapping[str, Any]) -> "On":
        """That of a policy as JSON; the presets' own answers where something is missing."""
        on, bare = policy.get("on", {}), cls()
        return cls(
            on.get("unknown", bare.unknown),
            on.get("caution", bare.caution),
            on.get("no_licence", bare.no_licence),
            policy.get("training_crawlers_refused", bare.crawlers),
        )


def considered(result: Result) -> list[str]:
    """The uses that count: those of the verdict, all of them where there is none."""
    verdict = result.get("verdict")
    return list(result["uses"] if verdict is None else verdict["uses"])


def obstacles(answer: Mapping[str, Any], sources: Mapping[str, Any], on: On) -> Iterator[Obstacle]:
    """Those of one use that is held or skipped; ``sources`` are its declarations by their ids."""
    for reason in answer["reasons"]:
        code, because = reason["code"], reason["because"]
        if code in _NO_OBSTACLE:
            continue
        # A caution that the policy lets pass is told all the same; that of no licence has none.
        if code == "licence-caution" and because and on.caution == "ingest":
            continue
        for family, carrier in _behind(because, sources) or {("", "")}:
            yield Obstacle(code, family, carrier)


def _behind(because: Iterable[str], sources: Mapping[str, Any]) -> set[tuple[str, str]]:
    """The families and carriers; a document that a declaration names falls away with it."""
    found = {sources[each] for each in because if each in sources}
    naming = {family for family, carrier in found if carrier not in _NAMED}
    return {
        (family, carrier)
        for family, carrier in found
        if (carrier not in _NAMED or family not in naming)
    }


def alone(
    result: Result, answers: Sequence[Mapping[str, Any]], found: Iterable[Obstacle], on: On
) -> Obstacle | None:
    """The one obstacle of an asset, where nothing else that the result tells stands in its way.

    Rule R27 stops at the first row that fits, so what the later rows ask is looked for here:
    a *disallow* behind refused access, an asset that is not there, sources that could not be
    looked at, planned activities that a licence does not permit, a condition of another
    family that may be unmet, and silence where the policy does not ingest on it. Where the
    result does not tell whether it would, there is none: what is counted is certain as far
    as anything was looked at, and what a refusal kept us from looking at is not known. Where
    there is no asset there is nothing to gain, whatever falls away.
    """
    each = iter(set(found))
    only = next(each, None)
    if only is None or only.code == "no-asset" or next(each, None) is not None:
        return None
    row = _ROWS.get(only.code, 0)
    if (
        _refused(result, only, row, answers, on)
        or _absent(result, only, row)
        or _dark(result, only, row)
        or _licensed(result, only, row, on)
        or _silent(answers, only, on)
        or _on_conditions(result, only)
    ):
        return None
    return only


def _refused(
    result: Result, only: Obstacle, row: int, answers: Iterable[Mapping[str, Any]], on: On
) -> bool:
    """Rows 1 to 3: another *disallow*, or access that nobody could find out."""
    if row < 2 and any(each["preference"] == "disallow" for each in answers):
        return True
    if row < 2 and on.crawlers == "disallow":
        return any(each["code"] == "robots-training-crawlers-refused" for each in result["notes"])
    if row < 3:
        return any(hop["answer"] == "undetermined" for hop in result["access"]["hops"])
    return False


def _absent(result: Result, only: Obstacle, row: int) -> bool:
    """Row 4: there is no asset."""
    if row >= 4:
        return False
    return any(
        each["role"] == "asset"
        and each["url"] == result["final_url"]
        and each["availability"] in _MISSING
        for each in result["captures"]
    )


def _dark(result: Result, only: Obstacle, row: int) -> bool:
    """Row 6: a required source that could not be looked at, or not be read."""
    if row >= 6 and only.code != "licence-caution":
        return False
    if any(each["severity"] == "error" or each["code"] == _UNREAD for each in result["notes"]):
        return True
    # What robots.txt refuses or does not tell was not looked at because of that.
    followed = only.code in ("access-refused", "access-undetermined")
    for each in result["coverage"]:
        ending = each["availability"]
        if not each["required"] or ending not in _DARK:
            continue
        if followed and (ending == "not-looked" or each["source"].endswith("/robots.txt")):
            continue
        # Such a robots.txt holds no rules, and an asset that cannot be reached is row 4.
        if ending == "unreadable" and each["source"].endswith("/robots.txt"):
            continue
        if only.code == "asset-unreachable" and each["source"] == result["final_url"]:
            continue
        return True
    return False


def _licensed(result: Result, only: Obstacle, row: int, on: On) -> bool:
    """Rows 5 and 6: a planned activity that a licence does not plainly permit."""
    if row >= 5:
        return False
    verdict = result.get("verdict")
    governing = [each for each in result["licences"] if each.get("governs")]
    if on.no_licence != "ingest" and not governing:
        return True
    if verdict is None:
        return False
    planned = set(verdict.get("activities", ())) - set(verdict.get("agreed", ()))
    bad = {"no"} if on.caution == "ingest" else {"no", "caution"}
    return any(
        activity in planned and terms["answer"] in bad
        for each in governing
        for activity, terms in each["activities"].items()
    )


def _silent(answers: Iterable[Mapping[str, Any]], only: Obstacle, on: On) -> bool:
    """Row 8: a use about which nobody else speaks, where the policy does not ingest it then."""
    if on.unknown == "ingest" or only.code == "unknown":
        return False
    return any(each["preference"] != "allow" for each in answers)


def _on_conditions(result: Result, only: Obstacle) -> bool:
    """Row 7: a family that asks for something, which a *disallow* hides."""
    if only.code not in ("disallow", "access-refused"):
        return False
    return any(_ON_CONDITIONS in each["summary"] for each in result["notes"]) or (
        only.code == "access-refused" and any(each["binding"] for each in result["obligations"])
    )
