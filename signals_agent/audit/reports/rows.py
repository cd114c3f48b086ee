"""The columns of the table that CSV and Parquet write, and the row of each URL."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from signals_agent import quote
from signals_agent import url as urls
from signals_agent.audit import result_json
from signals_agent.audit.figures.owing import ADVICE, kinds, owed_for
from signals_agent.errors import InvalidURL
from signals_agent.model.use import Use
from signals_agent.store.snapshot import Row

NOT_ASKED: Final = "not-asked"
"""The decision on a URL that was not asked."""

NO_VERDICT: Final = "no-verdict"
"""The decision where the run had neither uses nor a policy: each use has its own."""

_SHORT: Final = 80
"""Characters of an expression that are shown."""

_MOST: Final = 20
"""Members of a list that are shown; a spreadsheet program takes 32,767 characters in a cell."""


class Kind(Enum):
    """What a column holds."""

    ADDRESS = "a URL in full"
    WORD = "a word of ours"
    WORDS = "text, which a publisher may have a say in"
    LIST = "a list of such texts"
    NUMBER = "a whole number"
    TIME = "a time, RFC 3339 UTC"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; nothing stands in it where there is no such fact."""

    name: str
    kind: Kind
    says: str


COLUMNS: Final = (
    Column("url", Kind.ADDRESS, "the URL as it was listed"),
    Column("final_url", Kind.ADDRESS, "where redirects led"),
    Column("origin", Kind.ADDRESS, "scheme, host and port of the URL as it was listed"),
    Column("status", Kind.NUMBER, "the HTTP status with which the asset was answered"),
    Column("availability", Kind.WORD, "how looking at the asset ended"),
    Column("access", Kind.WORD, "what robots.txt says: allowed, disallowed, undetermined"),
    Column(
        "decision",
        Kind.WORD,
        "ingest, hold or skip; no-verdict where there were neither uses nor a policy, "
        "not-asked where the run did not come to it",
    ),
    Column("reasons", Kind.LIST, "reason codes of the decision, or of each use without a verdict"),
    *(Column(use.value, Kind.WORD, "the preference and the decision for this use") for use in Use),
    Column("families", Kind.LIST, "families of its declarations"),
    Column("carriers", Kind.LIST, "what its declarations were found in"),
    Column("declarations", Kind.LIST, "each declaration: family, carrier, and its expression, cut"),
    Column(
        "obligations",
        Kind.LIST,
        "kinds of what is owed, (binding) where one binds; none for what is skipped",
    ),
    Column("parties", Kind.LIST, "to whom they are owed; (inferred) where only the origin tells"),
    Column("licences", Kind.LIST, "licences, by SPDX id where there is one"),
    Column("terms", Kind.LIST, "URLs of the terms of obligations and licences"),
    Column("notes", Kind.LIST, "codes of notes"),
    Column("source", Kind.WORDS, "the input that the URL stands in"),
    Column("line", Kind.NUMBER, "its line there, in an archive the offset of its record"),
    Column("checked_at", Kind.TIME, "when it was looked at"),
    Column("valid_until", Kind.TIME, "until when the answer holds"),
    Column("entry", Kind.NUMBER, "the number of its entry in the ledger"),
)
"""The columns in their order, the same in each version of the table; new ones come last."""

NAMES: Final = tuple(each.name for each in COLUMNS)

Cells = dict[str, Any]
"""The facts of a row by the names of columns: texts, numbers, and lists of texts."""


def each(rows: Iterable[Row]) -> Iterator[Cells]:
    """A row for every URL, also for those that were not asked."""
    for row in rows:
        yield cells(row, result_json.read(row.result) if row.result else None)


def cells(row: Row, result: Mapping[str, Any] | None) -> Cells:
    """What is told of one URL; what does not exist is left out."""
    made: Cells = {"url": row.url, "origin": _origin(row.url), "source": row.source}
    if row.line:
        made["line"] = row.line
    if result is None:
        made["decision"] = NOT_ASKED
        return made
    made["entry"] = row.entry
    made["final_url"] = result["final_url"]
    made["checked_at"] = result["checked_at"]
    if "valid_until" in result:
        made["valid_until"] = result["valid_until"]
    made["access"] = result["access"]["answer"]
    made |= _looked(result)
    made |= _decided(result)
    made |= _declared(result)
    made |= _owed(result)
    made["notes"] = _once(note["code"] for note in result["notes"])
    return made


def _origin(url: str) -> str:
    """The origin of a URL in its normal form, without parsing it where that is plain."""
    scheme, _, rest = url.partition("://")
    end = min((place for mark in "/?#" if (place := rest.find(mark)) >= 0), default=len(rest))
    if "@" in rest[:end]:
        try:
            return urls.parse(url).origin
        except InvalidURL:
            return ""
    return f"{scheme}://{rest[:end]}"


def _looked(result: Mapping[str, Any]) -> Cells:
    for capture in result["captures"]:
        if capture["role"] == "asset" and capture["url"] == result["final_url"]:
            made = {"availability": capture["availability"]}
            if "status" in capture:
                made["status"] = capture["status"]
            return made
    for looked in result["coverage"]:
        if looked["source"] == result["final_url"] and "part" not in looked:
            return {"availability": looked["availability"]}
    return {"availability": "not-looked"}


def _decided(result: Mapping[str, Any]) -> Cells:
    verdict = result.get("verdict")
    uses = result["uses"]
    made: Cells = {
        use: f"{uses[use]['preference']}, {uses[use]['decision']}" for use in _USES if use in uses
    }
    if verdict is None:
        made["decision"] = NO_VERDICT
        behind = [reason["code"] for use in _USES if use in uses for reason in uses[use]["reasons"]]
    else:
        made["decision"] = verdict["decision"]
        behind = [
            reason["code"]
            for use in verdict["uses"]
            if uses[use]["decision"] == verdict["decision"]
            for reason in uses[use]["reasons"]
        ]
    made["reasons"] = _once(behind)
    return made


_USES: Final = tuple(use.value for use in Use)


def _declared(result: Mapping[str, Any]) -> Cells:
    declarations = result["declarations"]
    shown = [
        f"{said['family']} {said['carrier']}: {quote.text(said['expression'], _SHORT)}"
        for said in declarations[:_MOST]
    ]
    return {
        "families": sorted({said["family"] for said in declarations}),
        "carriers": sorted({said["carrier"] for said in declarations}),
        "declarations": _at_most(shown, len(declarations)),
    }


def _owed(result: Mapping[str, Any]) -> Cells:
    owed = owed_for(result)
    parties = (
        due["to"]["name"] + (" (inferred)" if due["to"]["inferred"] else "")
        for due in owed
        if due["kind"] != ADVICE
    )
    licences = result["licences"]
    terms = [due["terms_url"] for due in owed if "terms_url" in due]
    return {
        "obligations": [
            f"{kind} (binding)" if binds else kind for kind, binds in kinds(owed).items()
        ],
        "parties": _shown(parties),
        "licences": _shown(
            one.get("spdx") or one.get("name") or one.get("label") or one.get("url", "")
            for one in licences
        ),
        "terms": _shown([*terms, *(one["url"] for one in licences if "url" in one)]),
    }


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _shown(texts: Iterable[str]) -> list[str]:
    """Each once, and not too many."""
    found = _once(texts)
    return _at_most(found[:_MOST], len(found))


def _at_most(shown: list[str], count: int) -> list[str]:
    return [*shown, f"and {count - len(shown)} more"] if count > len(shown) else shown
