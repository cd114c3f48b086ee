"""Options from ``signals-agent.toml`` or ``[tool.signals-agent]`` of ``pyproject.toml``."""

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click

from signals_agent.cli.app import COMMANDS, command
from signals_agent.errors import ConfigError

OWN_FILE: Final = "signals-agent.toml"
PROJECT_FILE: Final = "pyproject.toml"
TABLES: Final = tuple(name for name in COMMANDS if name != "policy")
"""The commands that may have a table of their own; ``policy`` is the name of an option."""

_NEVER: Final = frozenset({"help", "version"})


@dataclass(frozen=True, slots=True)
class Found:
    """A configuration: the file that it stands in, and its table."""

    file: Path
    table: Mapping[str, Any]


def find(directory: Path) -> Found | None:
    """The nearest configuration upwards from a directory; ``None`` where there is none.

    In one directory ``signals-agent.toml`` goes before ``pyproject.toml``, which counts
    only with a table ``[tool.signals-agent]``. Raises ``ConfigError`` for what is not TOML.
    """
    for folder in (directory, *directory.parents):
        own = folder / OWN_FILE
        if own.is_file():
            return Found(own, _load(own))
        project = folder / PROJECT_FILE
        if project.is_file():
            table = _load(project).get("tool", {}).get("signals-agent")
            if isinstance(table, dict):
                return Found(project, table)
    return None


def _load(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"cannot read {file}: {error}") from None


def values(found: Found, name: str, chosen: click.Command) -> dict[str, Any]:
    """What the configuration says for one command, by parameter name.

    A key at the top is for every command that has the option; one in the command's own
    table goes before it. A relative path is relative to the file. Raises ``ConfigError``
    for an unknown key, with the nearest one, and for a value that the option refuses.
    """
    options = dict(_options(chosen))
    own = found.table.get(name, {})
    if not isinstance(own, dict):
        raise ConfigError(f"{found.file}: {name!r} is a table of options: [{name}]")
    for key in own:
        if key not in options:
            raise ConfigError(f"{found.file}: unknown key '{name}.{key}'{_hint(key, options)}")
    for key, value in found.table.items():
        if key in TABLES:
            if not isinstance(value, dict):
                raise ConfigError(f"{found.file}: {key!r} is a table of options: [{key}]")
        elif key not in options and key not in (everything := _every_option()):
            raise ConfigError(f"{found.file}: unknown key {key!r}{_hint(key, everything)}")
    given = {key: value for key, value in found.table.items() if key in options} | own
    return {
        options[key].name or key: _converted(found, key, options[key], value)
        for key, value in given.items()
    }


def _options(chosen: click.Command) -> Iterator[tuple[str, click.Option]]:
    for parameter in chosen.params:
        if isinstance(parameter, click.Option):
            longest = max(parameter.opts, key=len).lstrip("-")
            if longest not in _NEVER:
                yield longest, parameter


def _every_option() -> set[str]:
    return {*TABLES, *(key for name in TABLES for key, _ in _options(command(name)))}


def _hint(key: str, accepted: "Mapping[str, Any] | set[str]") -> str:
    close = difflib.get_close_matches(key.replace("_", "-").lower(), accepted, n=1, cutoff=0.5)
    return (
        f"; did you mean {close[0]!r}?" if close else f"; accepted: {', '.join(sorted(accepted))}"
    )


def _converted(found: Found, key: str, option: click.Option, value: Any) -> Any:
    if option.is_flag and not isinstance(value, bool):
        raise ConfigError(f"{found.file}: {key}: true or false is accepted, not {value!r}")
    if option.multiple:
        value = value if isinstance(value, list) else [value]
        return [_one(found, key, option, each) for each in value]
    return _one(found, key, option, value)


def _accepted(option: click.Option) -> tuple[str, type | tuple[type, ...]]:
    """What may stand in the file for an option, in words and as Python reads it.

    A number may also be written as text, as on the command line.
    """
    if isinstance(option.type, click.IntRange):
        return "a whole number", (int, str)
    if isinstance(option.type, click.FloatRange):
        return "a number", (int, float, str)
    return "text in quotes", str


def _kind(value: object) -> str:
    """What stands there instead; a list or a table is not shown, since it may hold a password."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        return repr(value)
    return "a list" if isinstance(value, list) else "a table or a date"


def _beside(folder: Path, option: click.Option, value: Any) -> Any:
    """The value, its path made one from the folder of the file."""
    before, separator, path = "", "", value
    if option.metavar == "PATH=FILE":
        before, separator, path = value.rpartition("=")
    elif not isinstance(option.type, click.Path):
        return value
    return value if path in ("", "-") else f"{before}{separator}{folder / path}"


def _one(found: Found, key: str, option: click.Option, value: Any) -> Any:
    if option.is_flag:
        return value
    accepted, kinds = _accepted(option)
    if not isinstance(value, kinds) or isinstance(value, bool):
        raise ConfigError(f"{found.file}: {key}: {accepted} is accepted, not {_kind(value)}")
    value = _beside(found.file.parent, option, value)
    try:
        option.type.convert(value, option, None)
    except click.ClickException as error:
        raise ConfigError(f"{found.file}: {key}: {error.message}") from None
    return value
