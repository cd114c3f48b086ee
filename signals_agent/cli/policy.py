"""The command ``policy``: write a commented policy, or show what one comes to."""

import sys
from importlib.resources import files
from pathlib import Path

import click

from signals_agent.cli import exits, new_file, options
from signals_agent.errors import ConfigError

_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=_HELP, invoke_without_command=True)
@click.pass_context
def policy(context: click.Context) -> int:
    """Write a commented policy, or show what one comes to."""
    if context.invoked_subcommand is not None:
        return exits.OK
    click.echo(context.get_help(), err=True)
    return exits.USAGE


def template() -> str:
    """A valid policy with a comment on every key."""
    return (files("signals_agent.cli") / "policy-template.toml").read_text("utf-8")


@policy.command(
    context_settings=_HELP,
    short_help="Write a policy with a comment on every key.",
)
@click.argument("file", default="-", type=click.Path())
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def init(file: str, force: bool) -> int:
    """Write a valid policy with a comment on every key to FILE, or to standard output."""
    if file == "-":
        sys.stdout.write(template())
        return exits.OK
    try:
        new_file.write(Path(file), template(), over=force)
    except FileExistsError:
        raise ConfigError(f"{file} is there already; --force writes over it") from None
    except OSError as error:
        raise ConfigError(f"cannot write {file}: {error.strerror or error}") from None
    click.echo(
        f"wrote {file}; to see what it comes to: signals-agent policy check {file}", err=True
    )
    return exits.OK


@policy.command(
    context_settings=_HELP,
    short_help="Validate a policy, and say what it comes to.",
)
@click.argument("file", type=click.Path())
@options.output
def check(file: str, colour: str, quiet: bool, no_progress: bool, log_level: str) -> int:
    """Validate the policy in FILE ('-' is standard input), and say in words what it comes to.

    Every piece of evidence is checked as far as it can be: files are looked for from the
    folder of FILE ('-': from here), URLs are not fetched. What does not count is told first.
    The exit code is 0, 1 where evidence fails its check, or 2 where the policy is not valid
    or contradicts itself; every mistake is named.
    """
    from datetime import UTC, datetime

    from signals_agent.cli import consequences

    del no_progress, log_level
    chosen = options.load_policy(file)
    assert chosen is not None
    if not quiet:
        for line in consequences.lines(chosen, datetime.now(UTC), options.screen(colour)):
            click.echo(line, color=True if colour == "always" else None)
    return exits.OK if all(each.counts for each in chosen.checks) else exits.FOUND
