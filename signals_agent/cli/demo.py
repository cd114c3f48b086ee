"""The command ``demo``: the bundled example publishers, served on loopback and checked."""

import contextlib
import sys

import click

from signals_agent.cli import exits, options


@click.command(
    cls=options.ConfiguredCommand,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@options.format_option("text", "json")
@click.option(
    "--serve",
    is_flag=True,
    help="Serve them until Ctrl-C, to try other commands on, and print their pages' URLs.",
)
@options.output
def demo(
    format_: str, serve: bool, colour: str, quiet: bool, no_progress: bool, log_level: str
) -> int:
    """Serve the bundled example publishers on loopback, and check their pages.

    Prints the table of obligations. Needs no network; nothing outside this machine is asked.
    With --serve nothing is checked; the URLs are printed one a line, for 'audit' say:
    they answer only --allow-private.
    """
    import asyncio

    from signals_agent.demo import run, table

    del no_progress, log_level
    if serve:
        return _serve(quiet)
    found = asyncio.run(run.run())
    screen = options.screen(colour)
    sys.stdout.write(table.document(found) if format_ == "json" else table.text(found, screen))
    return 0


def _serve(quiet: bool) -> int:
    import asyncio

    from signals_agent.demo import run

    def ready(urls: tuple[str, ...]) -> None:
        sys.stdout.write("".join(f"{url}\n" for url in urls))
        sys.stdout.flush()
        if not quiet:
            sys.stderr.write("signals-agent: serving until Ctrl-C\n")

    with contextlib.suppress(KeyboardInterrupt):  # that is how it is meant to end
        asyncio.run(run.serve(ready))
    return exits.OK
