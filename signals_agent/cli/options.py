"""The options that commands have in common."""

import logging
import math
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

from signals_agent.errors import PolicyError, UsageError

if TYPE_CHECKING:
    from signals_agent.limits import Limits
    from signals_agent.policy import Policy
    from signals_agent.terminal import Screen

_Function = TypeVar("_Function", bound=Callable[..., Any])


class ConfiguredCommand(click.Command):
    """A command whose options may also stand in a configuration file; the command line wins."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """The context, with the configuration as defaults; raises ``ConfigError``."""
        from signals_agent.cli import configuration

        if not set(args) & {"-h", "--help"}:
            found = configuration.find(Path.cwd())
            if found is not None:
                extra["default_map"] = configuration.values(found, info_name or "", self)
        return super().make_context(info_name, args, parent, **extra)


def _checked(
    check: Callable[[str], object],
) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """A callback that refuses what ``check`` refuses."""

    def callback(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
        for each in value if isinstance(value, tuple) else (value,):
            if each is not None:
                try:
                    check(each)
                except ValueError as error:
                    raise click.BadParameter(str(error), context, parameter) from None
        return value

    return callback


def _use(value: str) -> object:
    from signals_agent import vocabulary

    return vocabulary.use(value)


def _draft(value: str) -> object:
    from signals_agent import vocabulary

    return vocabulary.table(value)


def _token(value: str) -> object:
    from signals_agent.policy import check_token

    return check_token(value)


def _address(value: str) -> object:
    from signals_agent import url

    return url.parse(value)


class Number(click.FloatRange):
    """A number of a range; what is none (NaN) or has no end is refused."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number."""
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value!r} is not a finite number.", param, ctx)
        return number


_WHO = (
    click.option(
        "--token",
        metavar="TOKEN",
        callback=_checked(_token),
        help="Our product token: whom robots.txt groups name, and the User-Agent. "
        "[default: the policy's first, else SignalsAgent]",
    ),
    click.option(
        "--contact",
        metavar="URL",
        callback=_checked(_address),
        help="Where publishers read about us; stands in the User-Agent.",
    ),
    click.option(
        "--acquired-by",
        metavar="TOKEN",
        callback=_checked(_token),
        help="The token of another crawler, where the bytes come from its crawl.",
    ),
)
_CITING = (
    click.option(
        "--cite",
        type=click.Choice(["markdown", "html", "text", "bibtex"]),
        help="Print only the credit line of each URL, in this style, instead of a report.",
    ),
    click.option(
        "--changes",
        metavar="TEXT",
        default="",
        help="With --cite: what you changed, in a few words; some licences ask for it.",
    ),
)
_READING = (
    click.option(
        "--use",
        "uses",
        metavar="USE",
        multiple=True,
        callback=_checked(_use),
        help="What the assets are for; may be repeated. One of train-generative, train-other, "
        "model-input, search, other-analysis.",
    ),
    click.option(
        "--policy",
        type=click.Path(),
        metavar="FILE",
        help="The policy that decides. [default: the preset standard]",
    ),
    click.option(
        "--vocabulary",
        metavar="DRAFT",
        default="cumulative",
        show_default=True,
        callback=_checked(_draft),
        help="How AIPREF labels are read: cumulative, or one draft, 01 to 08.",
    ),
    click.option(
        "--depth",
        type=click.Choice(["headers", "head", "page"]),
        default="page",
        show_default=True,
        help="How much of an asset is read.",
    ),
)
_NETWORK = (
    click.option("--proxy", metavar="URL", help="Fetch through this proxy."),
    click.option(
        "--ca-bundle",
        type=click.Path(),
        metavar="FILE",
        help="Trust these certificate authorities instead of the usual ones.",
    ),
    click.option(
        "--allow-private",
        is_flag=True,
        help="Also connect to loopback and private addresses; never to link-local, multicast "
        "or metadata addresses.",
    ),
)
_DELAY = (
    click.option(
        "--host-delay",
        type=Number(0),
        default=0.0,
        show_default=True,
        metavar="SECONDS",
        help="Wait between two requests to one host; a Crawl-delay is kept besides.",
    ),
)

_CAPS: Mapping[str, tuple[str, str]] = {
    "timeout": ("SECONDS", "For a URL in all."),
    "connect_timeout": ("SECONDS", "To connect."),
    "max_header_bytes": ("OCTETS", "Of a header section."),
    "max_body_bytes": (
        "OCTETS",
        "Of a body, after decompression; where it is not given 1048576 of what is no text.",
    ),
    "max_ratio": ("TIMES", "By which a body may grow in decompression."),
    "max_redirects": ("NUMBER", "Of redirects followed."),
    "max_retry_after": ("SECONDS", "To wait where a site says Retry-After."),
}


def _limit_options() -> tuple[Callable[[Any], Any], ...]:
    from signals_agent.limits import DEFAULT_LIMITS

    made = []
    for name, (unit, what) in _CAPS.items():
        default = getattr(DEFAULT_LIMITS, name)
        kind = (
            Number(0, min_open=name != "max_retry_after")
            if isinstance(default, float)
            else click.IntRange(0)
        )
        shown = f"{default:g}" if isinstance(default, float) else str(default)
        made.append(
            click.option(
                f"--{name.replace('_', '-')}",
                type=kind,
                metavar=unit,
                help=f"Limit: {what[0].lower()}{what[1:]} [default: {shown}]",
            )
        )
    return tuple(made)


_OUTPUT = (
    click.option(
        "--color",
        "colour",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        help="Colour on standard output; auto obeys NO_COLOR.",
    ),
    click.option("-q", "--quiet", is_flag=True, help="Say nothing beside the results."),
    click.option("--no-progress", is_flag=True, help="Show no progress on standard error."),
    click.option(
        "--log-level",
        type=click.Choice(["debug", "info", "warning", "error"]),
        default="error",
        show_default=True,
        callback=lambda context, parameter, value: _log(value),
        is_eager=True,
        help="What is logged on standard error.",
    ),
)


def _applied(options: tuple[Callable[[Any], Any], ...]) -> Callable[[_Function], _Function]:
    def decorate(function: _Function) -> _Function:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def citing(function: _Function) -> _Function:
    """Options on credit lines."""
    return _applied(_CITING)(function)


def reading(function: _Function) -> _Function:
    """Options on who we are, and how what is found is read and decided."""
    return _applied((*_WHO, *_READING))(function)


def fetching(function: _Function) -> _Function:
    """Options on how to fetch, limits included."""
    return _applied((*_NETWORK, *_DELAY, *_limit_options()))(function)


def fetching_many(function: _Function) -> _Function:
    """The same without the wait between two requests, for whoever says it by itself."""
    return _applied((*_NETWORK, *_limit_options()))(function)


def output(function: _Function) -> _Function:
    """Options on what is printed beside the results."""
    return _applied(_OUTPUT)(function)


def format_option(*names: str) -> Callable[[_Function], _Function]:
    """The option ``--format`` with these formats; the first is the default."""
    return click.option(
        "--format",
        "format_",
        type=click.Choice(names),
        default=names[0],
        show_default=True,
        help="How results are written.",
    )


def limits(given: Mapping[str, Any]) -> "Limits":
    """The limits, with what was given in place of the defaults."""
    from signals_agent.limits import Limits

    known = {field.name for field in fields(Limits)}
    chosen = {key: value for key, value in given.items() if key in known and value is not None}
    if "max_body_bytes" in chosen:
        # Who says how much is to be read means images and recordings too.
        chosen.setdefault("max_other_bytes", chosen["max_body_bytes"])
    return Limits(**chosen)


def given_limits(given: Mapping[str, Any]) -> dict[str, Any]:
    """The limits that were given, by name."""
    return {name: given[name] for name in _CAPS if given[name] is not None}


def load_policy(path: str | None) -> "Policy | None":
    """The policy of a file, ``-`` being standard input; raises ``PolicyError``."""
    from signals_agent.policy import Policy

    if path is None:
        return None
    if path == "-":
        try:
            text = sys.stdin.buffer.read().decode("utf-8-sig")
            return Policy.parse(text, "standard input", folder=".")
        except UnicodeDecodeError as error:
            raise PolicyError(f"the policy on standard input is not UTF-8: {error}") from None
    return Policy.load(path)


def screen(colour: str) -> "Screen":
    """Where text output goes: the terminal's width and colour, or 100 plain columns."""
    from signals_agent.terminal import COLUMNS, Screen

    on_terminal = sys.stdout.isatty()
    columns = COLUMNS
    if on_terminal:
        columns = min(160, max(60, shutil.get_terminal_size((COLUMNS, 24)).columns))
    auto = on_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Screen(columns, colour == "always" or (colour == "auto" and auto))


class _OurHandler(logging.StreamHandler[TextIO]):
    """The handler that this command line set, so that it is never set twice."""


def _log(level: str) -> str:
    handler = _OurHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("signals_agent")
    for old in [each for each in logger.handlers if isinstance(each, _OurHandler)]:
        logger.removeHandler(old)
    logger.addHandler(handler)
    logger.setLevel(level.upper())
    return level


def one_reader_of_stdin(sources: list[str | None]) -> None:
    """Raises ``UsageError`` where standard input would be read twice."""
    if sources.count("-") > 1:
        raise UsageError("'-' (standard input) can be read only once")
