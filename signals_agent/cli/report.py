"""The command ``report``: an audit that is stored, as a page, a table, or an account in words."""

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import click

from signals_agent import quote
from signals_agent.cli import exits, options, streams
from signals_agent.errors import UsageError

if TYPE_CHECKING:
    from signals_agent.store.snapshot import Snapshot

FORMATS: Final = ("markdown", "html", "csv", "jsonl", "parquet")

_EPILOG: Final = """\b
Exit codes:
  0    it is written, also where the run has not ended
  2    wrong usage; STORE is missing, damaged, or holds no audit; FILE cannot be written
"""


@click.command(
    cls=options.ConfiguredCommand,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.argument("store", metavar="STORE", type=click.Path())
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    help="How it is written: markdown or html, an account of the whole; csv or parquet, a row "
    "for each URL, also those that were not asked; jsonl, the results themselves. [default: what "
    "the name of FILE ends in, else markdown]",
)
@click.option(
    "--output",
    type=click.Path(),
    metavar="FILE",
    help="Write it into this file, whole or not at all; one that is there is replaced. "
    "[default: standard output]",
)
@click.option(
    "--run",
    "which",
    type=int,
    default=-1,
    metavar="N",
    help="Which run of the store, counted from 1, or back from the last: -2 is the one before. "
    "[default: the last]",
)
@options.output
def report(
    store: str,
    format_: str | None,
    output: str | None,
    which: int,
    quiet: bool,
    **given: Any,
) -> int:
    """Report on an audit that is stored.

    STORE is what 'signals-agent audit' wrote; it is not changed. A run that has not ended is
    reported as far as it is.
    """
    from signals_agent.audit import reports
    from signals_agent.store.snapshot import Snapshot

    del given
    if output == "":  # of a variable that was not set, most likely
        raise UsageError("--output is empty: name a file, or leave it out")
    to = "-" if output is None else output
    name = format_ or ("markdown" if to == "-" else reports.by_ending(to, "markdown"))
    check(name, to)
    with Snapshot(store, which) as snapshot:
        send(snapshot, name, to)
        if not quiet:
            _tell_what_is_missing(snapshot, name)
    return exits.OK


def check(name: str, to: str) -> None:
    """Refuse a format that says nothing on a terminal; raises ``UsageError``."""
    from signals_agent.audit import reports

    if to == "-" and name in reports.BINARY and sys.stdout.isatty():
        raise UsageError(
            f"{name} is nothing to read on a terminal: name a file (--output FILE), or send it "
            "to one (> FILE)"
        )


def send(snapshot: "Snapshot", name: str, to: str) -> None:
    """Write a report in a format to a file, or to standard output, which is ``-``."""
    from signals_agent.audit import reports

    if to != "-":
        reports.write(snapshot, name, to)
    elif name == "parquet":
        reports.write(snapshot, name, sys.stdout.buffer)
    else:
        with contextlib.closing(reports.text(snapshot, name)) as text:
            _print(text)


def _print(text: Iterator[str]) -> None:
    """In UTF-8 whatever the terminal has, for a file may be behind it; as long as it is read."""
    for part in text:
        sys.stdout.buffer.write(part.encode("utf-8", "backslashreplace"))
        if streams.nobody_reads():
            return
    sys.stdout.buffer.flush()


def _tell_what_is_missing(snapshot: "Snapshot", name: str) -> None:
    counts, run = snapshot.counts(), snapshot.run
    if not counts.waiting and run.ended:
        return
    if not run.ended:
        how = "has not ended: audit --resume goes on with it"
    elif run.ended == "complete":
        how = "is complete"
    else:
        how = f"ended early ({quote.text(run.ended, 100)})"
    line = f"signals-agent: run {run.number} {how}"
    if counts.waiting:
        were = "URL was" if counts.waiting == 1 else "URLs were"
        line += f"; {counts.waiting:,} {were} not asked, of {counts.listed:,}"
        if name == "jsonl":
            line += ", and have no line here (csv and parquet have a row for each)"
    click.echo(line, err=True)
