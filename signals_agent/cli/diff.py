"""The command ``diff``: what changed between two runs, or two times of one store."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

import click

from signals_agent.cli import exits, options
from signals_agent.errors import UsageError

if TYPE_CHECKING:
    from signals_agent.audit.difference import Book, Differ

_HELD: Final = 1 << 20
"""How many octets of a report are held in memory; more wait in a file."""

_EPILOG: Final = """\b
A and B:
  audit.db              its last run; of a ledger without runs, each URL's last entry
  audit.db@2            its second run; @-2 is the last but one
  audit.db@2026-10-01   the state at a time: the last run that had started by then

\b
Exit codes:
  0    nothing became stricter
  1    something became stricter (with --fail-on changed: something changed)
  2    wrong usage; a store that cannot be used
  3    nothing became stricter, but something that was found out before could not be
       found out now, more than half of the URLs are gone from the list, or there is
       one run only and nothing to compare it with yet
"""


@click.command(
    cls=options.ConfiguredCommand,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.argument("before", metavar="A")
@click.argument("after", metavar="[B]", required=False)
@click.option(
    "--use",
    "uses",
    metavar="USE",
    multiple=True,
    help="Judge only by these uses; may be repeated. [default: those that the runs were for]",
)
@click.option(
    "--policy",
    type=click.Path(),
    metavar="FILE",
    help="Weigh both by this policy. [default: by those that decided them]",
)
@click.option(
    "--across-runs",
    is_flag=True,
    help="Compare each URL's last entry until a time, whichever run it is of.",
)
@options.format_option("text", "json", "jsonl", "csv", "markdown")
@click.option(
    "--show",
    type=click.IntRange(0),
    default=20,
    show_default=True,
    metavar="NUMBER",
    help="How many sites, and how many URLs, text and Markdown tell of; 0: all.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["tightened", "changed", "never"]),
    default="tightened",
    show_default=True,
    help="What makes the exit code 1; never: it is 0 whatever was found.",
)
@options.output
def diff(
    before: str,
    after: str | None,
    uses: tuple[str, ...],
    policy: str | None,
    across_runs: bool,
    format_: str,
    show: int,
    fail_on: str,
    colour: str,
    quiet: bool,
    no_progress: bool,
    log_level: str,
) -> int:
    """Tell what changed from A to B: what was declared, site by site and URL by URL.

    With A alone: its last two runs, or a run and the one before it. Neither file is changed.
    """
    from signals_agent import quote, vocabulary
    from signals_agent.audit import difference
    from signals_agent.audit.difference import Book, Differ

    del quiet, no_progress, log_level
    first = difference.read(before)
    if after is not None:
        pair = first, difference.read(after)
    elif across_runs:
        raise UsageError("--across-runs compares two times: name A and B")
    elif difference.is_first(first):
        click.echo(
            f"{quote.text(first.path, 300)} holds one run, and there is nothing to compare it "
            "with yet",
            err=True,
        )
        return exits.OK if fail_on == "never" else exits.UNDETERMINED
    else:
        pair = difference.last_two(first)
    chosen = options.load_policy(policy)
    wanted = tuple(dict.fromkeys(vocabulary.use(each) for each in uses))
    if not wanted and chosen is not None:
        wanted = chosen.uses
    with ExitStack() as until:
        states = [difference.opened(each, across_runs, until) for each in pair]
        differ = Differ(states[0], states[1], wanted, chosen)
        book = Book()
        until.callback(book.close)
        book.fill(differ.changes())
        # Nothing is printed before all is written: half an answer would look like a whole one.
        with tempfile.SpooledTemporaryFile(_HELD, "w+", encoding="utf-8", newline="") as waiting:
            waiting.writelines(_written(differ, book, format_, colour, show))
            waiting.seek(0)
            for line in waiting:
                click.echo(line, nl=False, color=True if colour == "always" else None)
    return _ended(differ, fail_on)


def _written(differ: "Differ", book: "Book", format_: str, colour: str, show: int) -> Iterator[str]:
    from signals_agent.audit.difference import (
        account,
        as_csv,
        as_json,
        as_jsonl,
        as_markdown,
        as_text,
    )

    told = account(differ)
    limit = show or 1 << 62
    if format_ == "text":
        return as_text.write(told, book, options.screen(colour), limit)
    if format_ == "markdown":
        return as_markdown.write(told, book, limit)
    if format_ == "csv":
        return as_csv.write(told, book)
    return as_json.write(told, book) if format_ == "json" else as_jsonl.write(told, book)


def _ended(differ: "Differ", fail_on: str) -> int:
    counts = differ.counts
    found = {"tightened": counts.tightened, "changed": counts.changed, "never": 0}[fail_on]
    if found:
        return exits.FOUND
    unknown = counts.lost or counts.incomparable is not None
    return exits.UNDETERMINED if unknown and fail_on != "never" else exits.OK
