"""The first assets as a plain table, for whoever reads the page without its script."""

from collections.abc import Iterable, Mapping
from typing import Any

from signals_agent.audit import result_json
from signals_agent.audit.figures.owing import kinds, owed_for
from signals_agent.audit.reports import words
from signals_agent.audit.reports.html.bars import heads, table
from signals_agent.audit.reports.html.markup import Markup, element, join, link
from signals_agent.store.snapshot import Row

MOST = 50


def first_rows(rows: Iterable[Row]) -> Markup:
    """The table; its script puts another in its place."""
    return table(
        "The first assets of the run",
        heads(("No.", "number"), "Asset", "Decision", "Because", "Preferences", "Owed"),
        (_row(each) for each in rows),
        "assets",
    )


def _row(row: Row) -> Markup:
    head = join(
        element("td", row.number, class_="number", data_label="No."),
        element("th", link(row.url), scope="row"),
    )
    if not row.result:
        return element(
            "tr", head, element("td", "not asked", data_label="Decision"), element("td", colspan=3)
        )
    result: Mapping[str, Any] = result_json.read(row.result)
    return element(
        "tr",
        head,
        element("td", _decision(result), data_label="Decision"),
        element("td", _because(result), data_label="Because"),
        element("td", _preferences(result), data_label="Preferences"),
        element("td", _owed(result), data_label="Owed"),
    )


def decision_mark(decision: str) -> Markup:
    """A decision as a mark that does not go by its colour alone."""
    known = decision if decision in words.DECISIONS else "none"
    return element("span", decision, class_=f"mark m-{known}")


def _decision(result: Mapping[str, Any]) -> Markup:
    if "verdict" in result:
        return decision_mark(result["verdict"]["decision"])
    grouped: dict[str, list[str]] = {}
    for use, told in result["uses"].items():
        grouped.setdefault(told["decision"], []).append(use)
    return join(
        element("p", decision_mark(decision), " ", ", ".join(uses))
        for decision, uses in grouped.items()
    )


def _because(result: Mapping[str, Any]) -> Markup:
    verdict = result.get("verdict")
    told = [verdict] if verdict else result["uses"].values()
    texts = dict.fromkeys(reason["text"] for each in told for reason in each["reasons"])
    return join(element("p", text) for text in list(texts)[:5])


def _preferences(result: Mapping[str, Any]) -> Markup:
    grouped: dict[str, list[str]] = {}
    for use, told in result["uses"].items():
        grouped.setdefault(told["preference"], []).append(use)
    return join(
        element("p", element("strong", preference), ": ", ", ".join(uses))
        for preference, uses in grouped.items()
    )


def _owed(result: Mapping[str, Any]) -> Markup:
    return join(
        ", ".join(
            kind if binds else f"{kind} (advisory)"
            for kind, binds in kinds(owed_for(result)).items()
        )
        or "nothing"
    )
