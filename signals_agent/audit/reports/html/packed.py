"""The rows of a run as blocks of compact JSON, which the page's script unfolds."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from signals_agent.audit.figures.owing import ADVICE, owed_for, text
from signals_agent.audit.reports.html import places
from signals_agent.audit.reports.html.interned import Interned
from signals_agent.audit.reports.html.markup import shown
from signals_agent.audit.reports.words import (
    AVAILABILITIES,
    DECISIONS,
    FAMILIES,
    PREFERENCES,
    REASONS,
    USE_NAMES,
    carrier,
)
from signals_agent.store.snapshot import Row

MOST_ROWS: Final = 200_000
MOST_OCTETS: Final = 80_000_000
"""What a browser still opens; the rows after that are left to the other formats."""

_TOGETHER: Final = 2_000
_EXPRESSION: Final = 400
_DECLARATIONS: Final = 40
_NOTES: Final = 20
_ASKED: Final = 40
"""So many of what is asked and not owed are shown; of what is owed none is left out."""

OWED: Final = 1 << len(USE_NAMES)
"""Beside the bits of the uses that ask for something: it is owed."""

_DECISION: Final = {name: place for place, name in enumerate(DECISIONS)}
_PREFERENCE: Final = {name: place for place, name in enumerate(PREFERENCES)}
_AVAILABILITY: Final = {name: place for place, name in enumerate(AVAILABILITIES)}

# What decides nothing while something else holds or skips.
_MILD: Final = frozenset({"unknown", "clear", "agreement"})

_BEGAN: Final = datetime(2020, 1, 1, tzinfo=UTC)

Found = Mapping[str, Any]


class Packer:
    """Rows as columns of numbers, and the entries that the numbers stand for."""

    def __init__(self) -> None:
        self.inputs = Interned()
        self.reasons = Interned()
        self.notes = Interned()
        self.duties = Interned()
        self.declarations = Interned()
        self.sets = Interned()
        self.answers = Interned()
        self.looks = Interned()
        self._moments: dict[str, int] = {}
        self._rows: list[tuple[Any, ...]] = []

    def add(self, row: Row, result: Found | None) -> None:
        """Take one row in, with its result as it is parsed, ``None`` where it was not asked."""
        read = self.inputs.number(shown(row.source, 300))
        if result is None:
            self._rows.append((shown(row.url, 2000), -1, -1, -1, 0, read, row.line, 0, 0, 0))
            return
        final = result.get("final_url") or row.url
        numbers: dict[str, int] = {}
        declared = self._declared(result, numbers, final)
        self._rows.append(
            (
                shown(row.url, 2000),
                self._answer(result, numbers, final),
                declared,
                self._looked(result, final),
                row.entry,
                read,
                row.line,
                self._moment(result.get("checked_at", "")),
                0 if final == row.url else shown(final, 2000),
                max(0, len(result["declarations"]) - _DECLARATIONS),
            )
        )

    def __len__(self) -> int:
        return len(self._rows)

    def block(self) -> str:
        """The rows taken in since the last block, as JSON that may stand in a script element."""
        columns = list(zip(*self._rows, strict=True))
        self._rows = []
        written = {
            "inputs": self.inputs.taken(),
            "reasons": self.reasons.taken(),
            "notes": self.notes.taken(),
            "duties": self.duties.taken(),
            "declarations": self.declarations.taken(),
            "sets": self.sets.taken(),
            "answers": self.answers.taken(),
            "looks": self.looks.taken(),
            "rows": columns,
        }
        return as_script(written)

    def _moment(self, text: str) -> int:
        """Whole seconds since 2020, 0 where there is no time."""
        found = self._moments.get(text)
        if found is None:
            try:
                found = int((datetime.fromisoformat(text) - _BEGAN).total_seconds())
            except (ValueError, TypeError):
                found = 0
            if len(self._moments) > 4096:
                self._moments.clear()
            self._moments[text] = found
        return found

    def _declared(self, result: Found, numbers: dict[str, int], own: str) -> int:
        """The number of the set of declarations; ``numbers`` learns their places in it."""
        declarations = result["declarations"]
        if not declarations:
            return -1
        of = places.origin(own)
        members = []
        for at, each in enumerate(declarations[:_DECLARATIONS]):
            numbers[each["id"]] = at
            expression = each["expression"]
            length = len(expression)
            members.append(
                self.declarations.number(
                    (
                        shown(each["family"], 60),
                        shown(each["carrier"], 60),
                        places.source(each["source"], own, of),
                        places.place(each["position"]),
                        shown(expression, _EXPRESSION),
                        length if length > _EXPRESSION else 0,
                        places.scope(each["scope"]),
                    )
                )
            )
        return self.sets.number(tuple(members))

    def _answer(self, result: Found, numbers: Mapping[str, int], own: str) -> int:
        """The number of what was decided, and why, and what is owed."""
        verdict = result.get("verdict")
        decided: list[Any] = []
        owed: dict[str, int] = {}
        codes: dict[str, int] = {}
        intended = USE_NAMES if verdict is None else verdict["uses"]
        for at, name in enumerate(USE_NAMES):
            told = result["uses"].get(name)
            if told is None:
                decided.append(0)
                continue
            reasons = told["reasons"]
            decided.append(
                (
                    _PREFERENCE.get(told["preference"], 2),
                    _DECISION.get(told["decision"], 1),
                    self._reasons(reasons, numbers),
                )
            )
            if name in intended:
                for reason in reasons:
                    codes[reason["code"]] = codes.get(reason["code"], 0) | 1 << at
            for one in told["obligations"]:
                owed[one] = owed.get(one, 0) | 1 << at
        why, decision = (), -1
        if verdict is not None:
            decision = _DECISION.get(verdict["decision"], 1)
            why = self._reasons(verdict["reasons"], numbers)
            codes = {
                each["code"]: codes.get(each["code"], 0) for each in verdict["reasons"]
            } or codes
        return self.answers.number(
            (
                decision,
                _foremost(codes, decision),
                why,
                tuple(decided),
                self._owed(result, numbers, owed, own),
                self._noted(result, numbers),
            )
        )

    def _reasons(self, reasons: Iterable[Found], numbers: Mapping[str, int]) -> tuple[Any, ...]:
        return tuple(
            [
                (
                    self.reasons.number((each["code"], each["text"]), _reason),
                    *_known(each["because"], numbers),
                )
                for each in reasons
            ]
        )

    def _owed(
        self, result: Found, numbers: Mapping[str, int], uses: Mapping[str, int], own: str
    ) -> tuple[Any, ...]:
        if not result["obligations"]:
            return ()
        owed = owed_for(result)
        counted = {each["id"] for each in owed}
        asked = [each for each in result["obligations"] if each["id"] not in counted]
        of = places.origin(own)
        host = of.partition("://")[2]
        found = []
        for each in (*owed, *asked[:_ASKED]):
            to = each["to"]
            # A party that stands in for nobody named is the same entry on every origin.
            itself = to.get("inferred") and to.get("url") == of and to["name"] == host
            found.append(
                (
                    self.duties.number(
                        (
                            each["kind"],
                            1 if each["binding"] else 0,
                            each["basis"],
                            each.get("signal") or "",
                            "" if itself else text(to["name"]),
                            "" if itself else text(to.get("url") or ""),
                            1 if to.get("inferred") else 0,
                            each["text"],
                            each.get("terms_url") or "",
                        ),
                        _duty,
                    ),
                    uses.get(each["id"], 0) | (OWED if each["id"] in counted else 0),
                    *_known(each["because"], numbers),
                )
            )
        return tuple(found)

    def _noted(self, result: Found, numbers: Mapping[str, int]) -> tuple[Any, ...]:
        return tuple(
            (
                self.notes.number((each["severity"], each["code"], each["summary"]), _note),
                *_known(each["because"], numbers),
            )
            for each in result["notes"][:_NOTES]
        )

    def _looked(self, result: Found, own: str) -> int:
        """The number of what was looked at and how that ended, and of the rules of access."""
        of = places.origin(own)
        access = result["access"]
        return self.looks.number(
            (
                shown(access["answer"], 40),
                tuple(
                    (
                        places.source(each["url"], own, of),
                        shown(each["answer"], 40),
                        shown(each.get("rule") or "", 300),
                        places.place(each["position"]) if each.get("position") else "",
                    )
                    for each in access["hops"][:10]
                ),
                tuple(
                    (
                        places.source(each["source"], own, of),
                        _AVAILABILITY.get(each["availability"], 2),
                        1 if each["required"] else 0,
                        shown(each.get("part") or "", 40),
                    )
                    for each in result["coverage"][:30]
                ),
            )
        )


def _reason(entry: tuple[str, str]) -> tuple[str, ...]:
    return shown(entry[0], 60), shown(entry[1], 400)


def _note(entry: tuple[str, str, str]) -> tuple[str, ...]:
    return shown(entry[0], 20), shown(entry[1], 80), shown(entry[2], 400)


def _duty(entry: tuple[Any, ...]) -> tuple[Any, ...]:
    kind, binding, basis, signal, name, url, inferred, asks, terms = entry
    return (
        shown(kind, 60),
        binding,
        shown(basis, 60),
        shown(signal, 120),
        *party(name, url),
        inferred,
        shown(asks, 400),
        shown(terms, 300),
    )


def party(name: str, url: str) -> tuple[str, str]:
    """The name and URL of a party as the blocks have them, by which it is found again."""
    return shown(name, 200), shown(url, 300)


def _known(because: Sequence[str], numbers: Mapping[str, int]) -> Sequence[int]:
    """The places of those declarations that are shown."""
    if not because:
        return ()
    return [numbers[each] for each in because if each in numbers][:12]


def _foremost(codes: Mapping[str, int], decision: int) -> tuple[Any, ...]:
    """Code, uses and whether it decided, those that did first."""
    weak = {code for code in codes if code in _MILD} if decision else {"unknown"}
    if weak.issuperset(codes):
        weak = set()
    told = [(code, uses, 0 if code in weak else 1) for code, uses in codes.items()]
    return tuple(sorted(told, key=lambda each: -each[2]))


def legend() -> str:
    """The names that the numbers and codes of the blocks stand for, as JSON."""
    return as_script(
        {
            "decisions": list(DECISIONS),
            "preferences": list(PREFERENCES),
            "availabilities": list(AVAILABILITIES.values()),
            "reasons": REASONS,
            "families": FAMILIES,
            "carriers": _Carriers,
            "uses": list(USE_NAMES),
            "owed": OWED,
            "advice": ADVICE,
            "began": int(_BEGAN.timestamp()),
        }
    )


_Carriers: Final = {
    name: carrier(name)
    for name in (
        "http-header",
        "robots-txt",
        "html-meta",
        "html-link",
        "html-anchor",
        "rdfa",
        "microdata",
        "json-ld",
        "html-script",
        "http-body",
        "feed",
        "dataset-card",
        "well-known",
        "site-file",
        "licence-document",
        "policy-document",
        "embedded",
    )
}


def as_script(written: Any) -> str:
    """JSON that ends no script element: each ``<`` is written as an escape."""
    text = json.dumps(written, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


class Blocks:
    """The rows as blocks, one after the other, up to what a browser can open.

    ``add`` gives a block whenever one is full, ``last`` what is left; ``held`` counts the rows
    that were taken in.
    """

    def __init__(self) -> None:
        self._packer = Packer()
        self._octets = 0
        self.held = 0

    @property
    def full(self) -> bool:
        """Whether no further row is taken in."""
        return self.held >= MOST_ROWS or self._octets >= MOST_OCTETS

    def add(self, row: Row, result: Found | None) -> str:
        """Take a row in; the block that it fills, or nothing."""
        if self.full:
            return ""
        self._packer.add(row, result)
        self.held += 1
        return self.last() if len(self._packer) == _TOGETHER else ""

    def last(self) -> str:
        """A block of the rows since the last one, or nothing."""
        if not len(self._packer):
            return ""
        block = self._packer.block()
        self._octets += len(block)
        return block
