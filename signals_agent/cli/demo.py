"""The command ``demo``: the bundled example publishers, served on loopback and checked."""

import sys

import click

from signals_agent.cli import options


@click.command(
    cls=options.ConfiguredCommand,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@options.format_option("text", "json")
@options.output
def demo(format_: str, colour: str, quiet: bool, no_progress: bool, log_level: str) -> int:
    """Serve the bundled example publishers on loopback, and check their pages.

    Prints the table of obligations. Needs no network; nothing outside this machine is asked.
    """
    import asyncio

    from signals_agent.demo import run, table

    del quiet, no_progress, log_level
    found = asyncio.run(run.run())
    screen = options.screen(colour)
    sys.stdout.write(table.document(found) if format_ == "json" else table.text(found, screen))
    return 0
