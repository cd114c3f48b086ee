"""The commands by name, and what becomes of a mistake or a fault."""

import contextlib
import difflib
import errno
import logging
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import Final

import click

from signals_agent.cli import streams
from signals_agent.cli.exits import FAULT, INTERRUPTED, OK, USAGE
from signals_agent.errors import MissingExtra, SignalsAgentError, StoreError, UsageError
from signals_agent.version import TABLES, VERSION

COMMANDS: Final = {
    "check": "What a URL declares, what is owed for each use, and the decision.",
    "audit": "What many URLs, or an archive, declare: a run that can be resumed, into a store.",
    "report": "An audit that is stored: a page, a table, or an account in words.",
    "diff": "What changed between two runs of audit, or two times of one store.",
    "demo": "Serve the bundled example publishers on loopback, and check their pages.",
    "policy": "Write a commented policy, or show what one comes to.",
    "licence": "What a licence asks of someone who trains on the data, activity by activity.",
    "ledger": "What a ledger holds: what a URL said, why it was ingested, what became stricter.",
    "verify": "Recompute every verdict of a ledger from what it rests on.",
    "corpus": "What is owed for a whole corpus, and what may be done with it.",
    "openness": "How open the AI system is that a description or model card describes.",
}
"""Each command is the object of its name in the module of its name beside this one."""

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says where what waits in a file of ours has no room."""

_EPILOG = """\b
Exit codes:
  0    nothing held, skipped or flagged
  1    a skip or a finding, or a hold for another reason than not finding out;
       nothing found in a ledger; something became stricter
  2    wrong usage; a file or standard output that cannot be used
  3    every hold is only because we could not find out
  70   a fault of ours
  130  interrupted
"""


class Commands(click.Group):
    """Commands that are imported when they are run, so that the others cost nothing."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, imported now."""
        return command(cmd_name) if cmd_name in COMMANDS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is asked for; an unknown one is refused with the nearest name."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            close = difflib.get_close_matches(name, COMMANDS, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"accepted: {', '.join(COMMANDS)}"
            if "://" in name:
                hint = f"to check a URL: signals-agent check {name}"
            raise click.UsageError(f"unknown command {name!r}; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def command(name: str) -> click.Command:
    """The command of this name."""
    found: click.Command = getattr(import_module(f"signals_agent.cli.{name}"), name)
    return found


@click.group(
    cls=Commands,
    epilog=_EPILOG,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(
    VERSION, message=f"signals-agent {VERSION} (tables {TABLES})", prog_name="signals-agent"
)
@click.pass_context
def app(context: click.Context) -> int:
    """Find what publishers ask of AI on the web, and what is owed for using it.

    A preference is not a permission, and nothing here is legal advice.
    """
    if context.invoked_subcommand is not None:
        return OK
    click.echo(context.get_help(), err=True)
    return USAGE


def run(arguments: Sequence[str]) -> int:
    """Run one command; the exit code. Messages go to standard error, one line each."""
    streams.prepare()
    code = _ended(arguments)
    with contextlib.suppress(streams.Unwritable):  # as is told now, however the command ended
        sys.stdout.flush()
    unwritten = streams.unwritten()
    return _refused(unwritten) if unwritten and code != INTERRUPTED else code


def _ended(arguments: Sequence[str]) -> int:
    """How the command ended; what is wrong is told, but for standard output itself."""
    try:
        code = app.main(list(arguments), prog_name="signals-agent", standalone_mode=False)
    except click.ClickException as error:
        return _refused(_message(error))
    except UsageError as error:
        return _refused(str(error))
    except (MissingExtra, StoreError) as error:
        return _refused(str(error))
    except (KeyboardInterrupt, click.Abort):
        click.echo("signals-agent: interrupted", err=True)
        return INTERRUPTED
    except Exception as error:
        # What comes of an output that takes no more may be wrapped in something else.
        if streams.unwritten():
            return USAGE
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            return _refused(f"a file cannot be written: {error.strerror}")
        return _fault(error)
    return code if isinstance(code, int) else OK


def _message(error: click.ClickException) -> str:
    text = error.format_message().rstrip()
    context = getattr(error, "ctx", None)
    if context is not None and context.command is not app:
        text += f" (see: {context.command_path} --help)"
    return text


def _refused(message: str) -> int:
    for line in message.splitlines():
        click.echo(f"signals-agent: {line}", err=True)
    return USAGE


def _fault(error: Exception) -> int:
    told = str(error) if isinstance(error, SignalsAgentError) else type(error).__name__
    if logging.getLogger("signals_agent").isEnabledFor(logging.DEBUG):
        click.echo(traceback.format_exc(), err=True, nl=False)
    click.echo(
        f"signals-agent: a fault of ours ({told}); the same with --log-level debug shows where",
        err=True,
    )
    return FAULT
