"""docs/licences.md, written from the tables of licences.

``python -m tools.licences`` writes the file; a test compares it with what this gives.
"""

from collections.abc import Iterator
from pathlib import Path

from signals_agent.licences import activities, compatible, duties
from signals_agent.licences.catalogue import ENTRIES
from signals_agent.licences.entry import Entry, Kind
from signals_agent.licences.jurisdictions import NO_ADVICE, NOTES
from signals_agent.licences.risk_table import TABLE
from signals_agent.licences.spellings import ALIASES
from signals_agent.model.licence import Activity, ActivityAnswer
from signals_agent.model.obligation import ObligationKind

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "licences.md"
ROWS = {
    Kind.PUBLIC_DOMAIN: "CC0, Public Domain Mark, PDDL and the like",
    Kind.ATTRIBUTION: "CC BY, ODC-By, OGL",
    Kind.PERMISSIVE: "MIT, BSD, Apache-2.0",
    Kind.DATA_PERMISSIVE: "CDLA-Permissive",
    Kind.SHARE_ALIKE: "CC BY-SA, ODbL, CDLA-Sharing, GFDL",
    Kind.COPYLEFT: "GPL, AGPL and their like",
    Kind.NON_COMMERCIAL: "CC BY-NC",
    Kind.NON_COMMERCIAL_SHARE_ALIKE: "CC BY-NC-SA",
    Kind.NO_DERIVATIVES: "CC BY-ND",
    Kind.NON_COMMERCIAL_NO_DERIVATIVES: "CC BY-NC-ND",
    Kind.USE_RESTRICTED: "OpenRAIL",
    Kind.RETIRED: "withdrawn CC licences without a successor",
    Kind.RESERVED: "rightsstatements.org, all rights reserved",
    Kind.UNRECOGNISED: "whatever is not recognised",
}
ACTIVITIES = {
    Activity.RESEARCH_INTERNAL: "private experiments, nothing leaves",
    Activity.PUBLISH_METRICS: "publish benchmarks or figures computed from the data",
    Activity.MIRROR: "redistribute the data unaltered",
    Activity.REDISTRIBUTE_MODIFIED: "redistribute filtered, cleaned or otherwise changed data",
    Activity.RELEASE_WEIGHTS: "publish checkpoints or weights trained on it",
    Activity.COMMERCIAL_PRODUCT: "use the data, the model or its outputs for commercial advantage",
    Activity.PUBLISH_SAMPLES: "show unaltered excerpts or outputs",
    Activity.PUBLISH_ADAPTED_SAMPLES: "show edited or derived outputs",
    Activity.MERGE_CHECKPOINTS: "merge or distil weights trained under different licences",
    Activity.SHARE_FOR_REVIEW: "hand data or weights to reviewers",
}
JSON = """\
`--format json` gives one object with `schema` `signals-agent/licence/1`.
Nothing in it is null: what does not exist is left out, and lists are always there.

| member | holds |
|---|---|
| `schema`, `tool` | the name of this form; `version` and `tables` of the program |
| `licence` | what was asked about, as below |
| `against` | the other licence, in the same form (only with `--against`) |
| `together` | what combining means (only with `--against`): `answer`, `conditions`, `reason`, \
`instead`, `under` (the licences under which the whole may go out), `activities` |
| `jurisdictions` | notes: `place`, `law`, `text`, `url` |
| `notice` | that this is no legal advice |

| member of a licence | holds |
|---|---|
| `declared`, `id` | the text as given; the licence's id, or the expression in our ids |
| `recognised` | whether every licence in it is known |
| `licences` | each licence: `id`, `spdx`, `name`, `url`, `kind` (its row above), `family`, \
`elements`, `version`, `port`, `retired` |
| `activities` | by activity: `answer` (`ok`, `caution`, `no`), `conditions` (kinds of \
obligation), `reason`, `instead`, `clause` (the text it rests on), `terms_url` (where it is) |
| `remarks` | sentences about the whole |
"""


def document() -> str:
    """The whole document, as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Licences, activity by activity"
    yield ""
    yield "This page is written from the tables in the code by `make docs`."
    yield "`signals-agent licence ID-or-URL` shows one row of it."
    yield NO_ADVICE
    yield "What a publisher itself says of an activity goes before the table."
    yield ""
    yield "## Activities"
    yield ""
    yield "| activity | means |"
    yield "|---|---|"
    for activity, means in ACTIVITIES.items():
        yield f"| `{activity}` | {means} |"
    yield ""
    yield "## The table"
    yield ""
    yield "| licence | " + " | ".join(f"`{each}`" for each in Activity) + " |"
    yield "|---" * (len(Activity) + 1) + "|"
    for kind, named in ROWS.items():
        yield f"| [{named}](#{kind}) | " + " | ".join(_answers(kind)) + " |"
    yield ""
    yield "Conditions stand behind the answer."
    yield "*Credit* is *notice* where a licence asks for its notices only."
    for kind, named in ROWS.items():
        yield from _kind(kind, named)
    yield from _duties()
    yield from _combining()
    yield from _notes()
    yield ""
    yield "## JSON"
    yield ""
    yield JSON.rstrip()
    yield from _spellings()


def _answers(kind: Kind) -> Iterator[str]:
    for activity in Activity:
        cell = TABLE[kind][activity]
        asked = ", ".join(cell.conditions)
        answer = cell.answer if cell.answer is ActivityAnswer.OK else f"**{cell.answer}**"
        yield f"{answer}<br>{asked}" if asked else answer


def _kind(kind: Kind, named: str) -> Iterator[str]:
    yield ""
    yield f'<a id="{kind}"></a>'
    yield ""
    yield f"### {named[0].upper()}{named[1:]}"
    yield ""
    listed = [_entry(entry) for entry in ENTRIES if entry.kind is kind and _shown(entry)]
    if listed:
        yield ", ".join(listed) + "."
        yield ""
    yield "| activity | answer | why | instead |"
    yield "|---|---|---|---|"
    for activity in Activity:
        cell = TABLE[kind][activity]
        yield f"| `{activity}` | {cell.answer} | {cell.reason} | {cell.instead or ''} |"


def _shown(entry: Entry) -> bool:
    """Ports and the versions before the last are found, but would fill the page."""
    if entry.family != "creativecommons" or entry.retired or entry.kind is Kind.PUBLIC_DOMAIN:
        return entry.version is not None or entry.family != "creativecommons"
    return entry.version == "4.0"


def _entry(entry: Entry) -> str:
    since = f" (withdrawn {entry.retired})" if entry.retired else ""
    named = f"`{entry.id}`"
    return f"[{named}]({entry.url}){since}" if entry.url else named + since


def _duties() -> Iterator[str]:
    yield ""
    yield "## What the conditions ask"
    yield ""
    yield "In parentheses the licence, and the clause where it is known."
    listed = [entry for entry in ENTRIES if _shown(entry) and not entry.id.endswith("-or-later")]
    for kind in ObligationKind:
        asked: dict[str, list[str]] = {}
        for each in listed:
            if kind in activities.conditions(each):
                sentence, _, where = duties.text(each, kind).removesuffix(").").rpartition(" (")
                asked.setdefault(sentence, []).append(where)
        if asked:
            yield ""
            yield f"### {kind}"
            yield ""
            yield from (f"- {text} ({'; '.join(where)})." for text, where in asked.items())
    yield ""
    yield "These ask to say what was changed:"
    yield ", ".join(f"`{each.id}`" for each in listed if duties.says_changes(each)) + "."


def _combining() -> Iterator[str]:
    yield ""
    yield "## Combining"
    yield ""
    yield "Who makes one thing of material under two licences and shares it owes what both ask."
    yield "Where one forbids adapted material there is nothing to share."
    yield "A share-alike licence takes the whole for itself, and keeps no further restriction."
    yield "The first below may go out under the second; not the other way, unless that is listed."
    yield ""
    yield "| made from | may go out under |"
    yield "|---|---|"
    shown = [each for each in ENTRIES if each.kind in compatible.SHARING and each.port is None]
    for source in shown:
        found = [
            f"`{target.id}`"
            for target in shown
            if target is not source and compatible.may_become(source, target)
        ]
        if found:
            yield f"| `{source.id}` | {', '.join(found)} |"


def _notes() -> Iterator[str]:
    yield ""
    yield "## Notes on jurisdictions"
    yield ""
    yield "Law may permit more than a licence does."
    yield "These are notes beside an answer, never answers."
    yield ""
    for note in NOTES:
        yield f"- {note.place}, [{note.law}]({note.url}): {note.text}"


def _spellings() -> Iterator[str]:
    yield ""
    yield "## Spellings"
    yield ""
    yield "A licence is known by its URL, its SPDX id in any case, its name, and these ids."
    yield (
        "Creative Commons licences are known in every version and port, with `http`, `www`, "
        "language deeds, `legalcode`, `%2B`, a query, or no slash at the end."
    )
    yield "In a sentence they are known by URL, and by names that mean nothing else."
    yield "SPDX expressions (`MIT OR Apache-2.0`) are read with their operators in capitals."
    yield ""
    yield "| written | means |"
    yield "|---|---|"
    known = {entry.id.lower(): entry.id for entry in ENTRIES}
    for written, ident in sorted(ALIASES.items()):
        yield f"| `{written}` | `{known[ident]}` |"


if __name__ == "__main__":
    TARGET.write_text(document(), "utf-8")
