"""``docs/commands.md`` is what the commands say of themselves.

Run as a program, this file writes it anew.
"""

from pathlib import Path

import click
import pytest

from signals_agent.cli import app

REFERENCE = Path(__file__).parents[2] / "docs" / "commands.md"
HEAD = """\
# Commands

What each command says with `--help`.
Every option of `check` and `demo` can also stand in `signals-agent.toml`, or in `pyproject.toml` \
under `[tool.signals-agent]`, found upwards from the working directory: `token = "ExampleBot"` at \
the top for every command, or in a table of the command, such as `[check]`.
The command line goes before the file, and a relative path in the file is relative to it.
"""


def commands() -> list[tuple[str, click.Command]]:
    """Every command with its full name, groups before what they hold."""
    found: list[tuple[str, click.Command]] = [("signals-agent", app.app)]
    for name in app.COMMANDS:
        each = app.command(name)
        found.append((f"signals-agent {name}", each))
        if isinstance(each, click.Group):
            found += [(f"signals-agent {name} {key}", one) for key, one in each.commands.items()]
    return found


def reference() -> str:
    """The whole document."""
    parts = [HEAD]
    for name, command in commands():
        context = click.Context(
            command,
            info_name=name,
            max_content_width=100,
            terminal_width=100,
            help_option_names=["-h", "--help"],
        )
        shown = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
        parts.append(f"## `{name}`\n\n```text\n{shown}\n```\n")
    return "\n".join(parts)


@pytest.mark.tools
def test_the_reference_is_what_the_commands_say() -> None:
    assert REFERENCE.read_text("utf-8") == reference(), "run: make docs"


if __name__ == "__main__":
    REFERENCE.write_text(reference(), "utf-8")
