"""docs/declarations.md, written from the families and their fixtures.

``python -m tools.declarations`` writes the file; a test compares it with what this gives.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from signals_agent import quote
from signals_agent.families import FAMILIES
from signals_agent.family import Family, Listen

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "declarations.md"
CARRIERS = {
    "http-header": "HTTP header field",
    "robots-txt": "robots.txt record",
    "html-meta": "HTML meta",
    "html-link": "HTML link",
    "html-anchor": "HTML anchor or area",
    "rdfa": "RDFa",
    "microdata": "microdata",
    "json-ld": "JSON-LD",
    "html-script": "HTML script",
    "http-body": "body of the answer",
    "feed": "feed",
    "embedded": "embedded metadata",
    "dataset-card": "dataset card",
    "well-known": "site file",
}


def document() -> str:
    """The whole document, as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Declarations that are read"
    yield ""
    yield "This page is written from the code and its fixtures by `make docs`."
    yield "How the answers of several declarations come to one is in the [rules](rules.md)."
    yield ""
    yield "| family | what | specification | stands in |"
    yield "|---|---|---|---|"
    for family in FAMILIES:
        carriers = dict.fromkeys(CARRIERS[listen.carrier] for listen in family.listens)
        places = [*carriers, *(f"`{file.path}`" for file in family.site_files)]
        yield (
            f"| [`{family.name}`](#{family.name}) | {family.title} "
            f"| [{family.version}]({family.specification}) | {', '.join(places)} |"
        )
    for family in FAMILIES:
        yield from _family(family)


def _family(family: Family) -> Iterator[str]:
    yield ""
    yield f"## {family.name}"
    yield ""
    yield f"{family.title}, version {family.version}: <{family.specification}>."
    yield ""
    yield "| carrier | name | read as |"
    yield "|---|---|---|"
    for listen in family.listens:
        yield f"| {CARRIERS[listen.carrier]} | {_name(listen)} | {_how(listen)} |"
    for file in family.site_files:
        yield f"| site file | `{file.path}` | {file.kind}, {file.sources} sources |"
    yield ""
    yield "Notes that it may leave: " + ", ".join(f"`{code}`" for code in family.codes) + "."
    yield ""
    yield "| case | written | comes to | rules |"
    yield "|---|---|---|---|"
    for case in _cases(family.name):
        rules = ", ".join(f"[{rule}](rules.md#{rule.lower()})" for rule in case["rules"])
        yield f"| {case['title']} | {_written(case)} | {_outcome(case)} | {rules} |"


def _name(listen: Listen) -> str:
    named = f"`{listen.field}`"
    if listen.carrier == "html-meta" and listen.attribute != "name":
        named += f" as `{listen.attribute}`"
    if listen.aliases:
        named += ", also " + ", ".join(f"`{alias}`" for alias in listen.aliases)
    return named + (", or named for our crawler" if listen.crawler_named else "")


def _how(listen: Listen) -> str:
    said = []
    if listen.joined:
        said.append("all field lines as one expression")
    if listen.path:
        said.append("with an optional path")
    if listen.rule:
        said.append("as a rule: the longest matching path counts")
    if listen.site_wide:
        said.append("outside of groups too")
    if listen.at == "terms":
        said.append("of an answer that states terms of access")
    if listen.at == "both":
        said.append("of an asset, or of an answer that states terms of access")
    if listen.found_on:
        said.append("also on the page around an image")
    return "; ".join(said) or "each for itself"


def _cases(family: str) -> list[dict[str, Any]]:
    folder = ROOT / "fixtures" / "declarations" / family
    return [tomllib.loads(file.read_text("utf-8")) for file in sorted(folder.glob("*.toml"))]


def _written(case: dict[str, Any]) -> str:
    shown = []
    for declared in case["declaration"]:
        value = declared.get("value")
        if value is None or declared.get("repeat"):
            text = "(octets in the fixture)"
        else:
            path = f"{declared['pattern']} " if declared.get("pattern") else ""
            text = _code(path + value)
        shown.append(f"{declared['carrier']} {text}")
    return "<br>".join(shown[:6]) + ("<br>..." if len(shown) > 6 else "")


def _code(value: str) -> str:
    line = quote.text(value, 90).replace("|", "\\|")
    fence = "``" if "`" in line else "`"
    return f"{fence}{line}{fence}"


def _outcome(case: dict[str, Any]) -> str:
    expected = case["expect"]
    said = [f"{use} {answer}" for use, answer in expected.get("answers", {}).items()]
    signals = sorted({each for many in expected.get("signals", {}).values() for each in many})
    if signals:
        said.append("on " + ", ".join(signals))
    if expected.get("unreadable"):
        said.append("unreadable for " + ", ".join(expected["unreadable"]))
    return "; ".join(said) or "nothing"


if __name__ == "__main__":
    TARGET.write_text(document(), "utf-8")
