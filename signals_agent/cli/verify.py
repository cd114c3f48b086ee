"""The command ``verify``: whether every verdict of a ledger still comes out of its evidence."""

import re
import sys
from functools import partial
from typing import TYPE_CHECKING, Final

import click
from click.core import ParameterSource

from signals_agent.cli import exits, options

if TYPE_CHECKING:
    from signals_agent.store import Verification

_DEFAULT: Final = ParameterSource.DEFAULT

_EPILOG: Final = """\b
Exit codes:
  0    all is as it was written, and comes out equal
  1    something is not
  2    wrong usage; STORE is no ledger, or cannot be used
"""

_EVERY: Final = 64
"""After how many entries progress is shown."""


def _chain(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """The chain as the ledger has it; refused where it is none."""
    chain = value.strip().lower()
    if chain and not re.fullmatch("[0-9a-f]{64}", chain):
        raise click.BadParameter(
            f"{value!r} is not a chain: 64 hexadecimal digits, as verify prints them",
            context,
            parameter,
        )
    if not chain and context.get_parameter_source(parameter.name or "") is not _DEFAULT:
        raise click.BadParameter("it is empty; leave it out to check none", context, parameter)
    return chain


@click.command(
    cls=options.ConfiguredCommand,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.argument("store", metavar="STORE", type=click.Path())
@click.option(
    "--chain",
    metavar="CHAIN",
    default="",
    callback=_chain,
    help="Also look whether this chain, which was noted earlier, still stands in the ledger.",
)
@options.format_option("text", "json")
@options.output
def verify(
    store: str,
    chain: str,
    format_: str,
    colour: str,
    quiet: bool,
    no_progress: bool,
    log_level: str,
) -> int:
    """Recompute every verdict of a ledger from stored octets, policy and tables.

    STORE is a file that 'signals_agent.store.Ledger' wrote; neither it nor what waits in the
    -wal file beside it is changed. Whatever comes to another result, was changed or is damaged
    is told, and in the end what to do. What stands in a page is taken as it was located then, and
    not looked for again.

    The chain that is printed stands for all that was written so far: that entries were taken
    from the end, or all was written anew, shows only against a chain that was noted elsewhere
    (--chain).
    """
    from signals_agent import store as ledgers
    from signals_agent.cli.verification import Report

    del log_level
    told = ledgers.Verification()
    shown = sys.stderr.isatty() and not (quiet or no_progress)
    step = partial(_step, told) if shown else None
    with ledgers.Ledger(store, read_only=True) as ledger, Report(store) as report:
        try:
            for finding in ledgers.verify(ledger, told, step, chain=chain):
                report.add(finding)
        finally:
            if shown:
                sys.stderr.write("\r\x1b[K")
        # Nothing is printed before the end is known: half a report would look like a whole one.
        parts = (
            report.json(told, chain)
            if format_ == "json"
            else report.text(told, options.screen(colour), chain)
        )
        if format_ == "json" or not quiet or told.findings:
            for part in parts:
                click.echo(part, nl=False, color=True if colour == "always" else None)
    return exits.FOUND if told.findings else exits.OK


def _step(told: "Verification") -> None:
    if told.assessments % _EVERY == 0:
        sys.stderr.write(f"\r{told.assessments} recomputed, {told.findings} findings\x1b[K")
        sys.stderr.flush()
