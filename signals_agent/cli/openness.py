"""The command ``openness``: whether a model's description makes its system open."""

import sys
from pathlib import Path

import click

from signals_agent.cli import exits, options
from signals_agent.errors import ConfigError

_MOST = 1024 * 1024
"""Octets of a file that are read; a description is refused far below that."""


@click.command(
    cls=options.ConfiguredCommand,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.argument("file", type=click.Path())
@options.format_option("text", "json")
@options.output
def openness(
    file: str, format_: str, colour: str, quiet: bool, no_progress: bool, log_level: str
) -> int:
    """Tell how open the AI system is that FILE describes, component by component.

    FILE ('-' is standard input) is a description of the Model Openness Tool, in YAML or
    JSON, or the README.md of a Hugging Face model, which tells much less. The exit code is
    0 for class I or II of the Model Openness Framework, or where the file asserts
    'osaid: {conformant: true, evidence: URL}'; 1 for less; 2 where FILE cannot be read.
    """
    from signals_agent.openness import of_file

    del quiet, no_progress, log_level
    name = "standard input" if file == "-" else Path(file).name
    made = of_file(_octets(file), name)
    if made.unreadable:
        raise ConfigError(f"cannot judge {file}: {made.unreadable}")
    if format_ == "json":
        from signals_agent.report import openness_json

        sys.stdout.write(openness_json.render(made))
    else:
        from signals_agent.report import openness_text

        shown = openness_text.render(made, options.screen(colour))
        click.echo(shown, nl=False, color=True if colour == "always" else None)
    return exits.OK if made.open else exits.FOUND


def _octets(file: str) -> bytes:
    try:
        if file == "-":
            return sys.stdin.buffer.read(_MOST)
        with Path(file).open("rb") as opened:
            return opened.read(_MOST)
    except (OSError, ValueError) as error:
        told = getattr(error, "strerror", None) or error
        raise ConfigError(f"cannot read {file}: {told}") from None
