"""The command ``verify``: whether every verdict of a ledger still comes out of its evidence."""

import sys
from functools import partial
from typing import TYPE_CHECKING, Final

import click

from signals_agent.cli import exits, options

if TYPE_CHECKING:
    from signals_agent.store import Verification

_EVERY: Final = 64
"""After how many entries progress is shown."""


@click.command(
    cls=options.ConfiguredCommand,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.argument("store", metavar="STORE", type=click.Path())
@options.format_option("text", "json")
@options.output
def verify(
    store: str,
    format_: str,
    colour: str,
    quiet: bool,
    no_progress: bool,
    log_level: str,
) -> int:
    """Recompute every verdict of a ledger from stored octets, policy and tables.

    STORE is a file that 'signals_agent.store.Ledger' wrote; it is only read. Whatever comes to
    another result, was changed or is damaged is told. What stands in a page is taken as it was
    located then, and not looked for again. The exit code is 0 where all is equal, 1 where
    something is not.
    """
    from signals_agent import store as ledgers
    from signals_agent.cli.verification import Report

    del log_level
    told = ledgers.Verification()
    shown = sys.stderr.isatty() and not (quiet or no_progress)
    step = partial(_step, told) if shown else None
    with ledgers.Ledger(store, read_only=True) as ledger, Report(store) as report:
        try:
            for finding in ledgers.verify(ledger, told, step):
                report.add(finding)
        finally:
            if shown:
                sys.stderr.write("\r\x1b[K")
        # Nothing is printed before the end is known: half a report would look like a whole one.
        parts = (
            report.json(told) if format_ == "json" else report.text(told, options.screen(colour))
        )
        if format_ == "json" or not quiet or told.findings:
            for part in parts:
                click.echo(part, nl=False, color=True if colour == "always" else None)
    return exits.FOUND if told.findings else exits.OK


def _step(told: "Verification") -> None:
    if told.assessments % _EVERY == 0:
        sys.stderr.write(f"\r{told.assessments} recomputed, {told.findings} findings\x1b[K")
        sys.stderr.flush()
