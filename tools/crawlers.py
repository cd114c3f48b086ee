"""docs/crawlers.md, written from the table of product tokens.

``python -m tools.crawlers`` writes the file; a test compares it with what this gives.
"""

from collections.abc import Iterator
from pathlib import Path

from signals_agent.crawlers import AS_OF, CRAWLERS, LEFT_OUT, Crawler, Purpose
from signals_agent.resolve.hints import ENOUGH

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "crawlers.md"
MEANS = {
    Purpose.TRAINING: "gathers what models are trained on, or data sets that are used for it",
    Purpose.SEARCH_INDEX: "fills an index, for people or for assistants, that links back",
    Purpose.USER_FETCH: "fetches a page because a user of an assistant asked",
    Purpose.CONTROL: "fetches nothing: a name by which to refuse what another crawler gathered",
    Purpose.AGENT: "acts on pages in a user's place",
    Purpose.OTHER: "something else, or nobody says what",
}
LIST = "https://github.com/ai-robots-txt/ai.robots.txt"


def document() -> str:
    """The whole document, as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Crawlers of others"
    yield ""
    yield "This page is written from the table in the code by `make docs`."
    yield ""
    yield "What robots.txt says to another crawler is not said to us ([R37](rules.md#r37))."
    yield (
        f"Where it names {ENOUGH} or more tokens whose purpose is `{Purpose.TRAINING}` and refuses "
        "them the path, that leaves the note `robots-training-crawlers-refused`."
    )
    yield (
        "With `training_crawlers_refused` a [policy](policy.md) counts it as a no to training, "
        "where nobody spoke to us."
    )
    yield ""
    yield "A token is what stands in `User-agent` up to the first character outside `A-Za-z0-9_-`,"
    yield "in any case ([R13a](rules.md#r13a)): `GPTBot/1.2` names `GPTBot`, and `GPT` does not."
    yield (
        f"Names and operators follow [a public list]({LIST}) as of {AS_OF}, with a few tokens that "
        "operators made known since; the words for purposes and the sorting are ours."
    )
    yield ""
    yield "| purpose | the crawler | tokens |"
    yield "|---|---|---|"
    for purpose, means in MEANS.items():
        count = sum(purpose in one.purposes for one in CRAWLERS)
        yield f"| `{purpose}` | {means} | {count} |"
    yield ""
    yield "## The tokens"
    yield ""
    yield "| token | operator | purpose | remark |"
    yield "|---|---|---|---|"
    for one in CRAWLERS:
        purposes = ", ".join(f"`{purpose}`" for purpose in one.purposes)
        yield f"| `{one.token}` | {one.operator} | {purposes} | {_remark(one)} |"
    yield ""
    yield "## What is left out"
    yield ""
    yield "| name | why |"
    yield "|---|---|"
    for name, why in LEFT_OUT.items():
        yield f"| `{name}` | {why} |"


def _remark(one: Crawler) -> str:
    said = ["no longer in use"] if one.deprecated else []
    return "; ".join([*said, one.note] if one.note else said)


if __name__ == "__main__":
    TARGET.write_text(document(), "utf-8")
