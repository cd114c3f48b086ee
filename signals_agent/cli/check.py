"""The command ``check``: one asset or a few, live, or offline from files."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from signals_agent.cli import exits, options, streams
from signals_agent.cli.offline import Files
from signals_agent.errors import InvalidURL, UsageError

if TYPE_CHECKING:
    from signals_agent.cli.citations import Citations
    from signals_agent.limits import Limits
    from signals_agent.model.assessment import Assessment
    from signals_agent.policy import Policy
    from signals_agent.url import Url


_ADVICE = (
    "signals-agent: fetching as SignalsAgent; say who you are: "
    "--token YourBot --contact https://...\n"
)
_LIVE_ONLY = (
    "allow_private",
    "ca_bundle",
    "connect_timeout",
    "contact",
    "host_delay",
    "max_ratio",
    "max_redirects",
    "max_retry_after",
    "proxy",
    "timeout",
)
"""Options that say how to fetch, and so nothing of a check on files."""


def _pairs(
    context: click.Context, parameter: click.Parameter, values: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    pairs = []
    for value in values:
        # A path of a site may hold '=': the last one counts.
        path, separator, file = value.rpartition("=")
        if not separator or not path or not file:
            raise click.BadParameter(f"{value!r} is not PATH=FILE", context, parameter)
        if not path.startswith("/"):
            raise click.BadParameter(
                f"a path of a site begins with '/', unlike {path!r}", context, parameter
            )
        pairs.append((path, file))
    return tuple(pairs)


def _addresses(
    context: click.Context, parameter: click.Parameter, values: Sequence[str]
) -> tuple[str, ...]:
    try:
        return tuple(_url(value).text for value in values)
    except InvalidURL as error:
        raise click.BadParameter(str(error), context, parameter) from None


def _documents(
    context: click.Context, parameter: click.Parameter, values: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    pairs = []
    for value in values:
        address, separator, file = value.rpartition("=")
        if not separator or not address or not file:
            raise click.BadParameter(f"{value!r} is not URL=FILE", context, parameter)
        try:
            pairs.append((_url(address).text, file))
        except InvalidURL as error:
            raise click.BadParameter(str(error), context, parameter) from None
    return tuple(pairs)


@click.command(
    cls=options.ConfiguredCommand,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.argument("urls", nargs=-1, metavar="URL...", required=True)
@options.format_option("text", "json", "jsonl")
@click.option("--explain", is_flag=True, help="Show the tree from octets to decision instead.")
@options.citing
@options.reading
@click.option(
    "--headers",
    type=click.Path(),
    metavar="FILE",
    help="Offline: the header section of the response.",
)
@click.option(
    "--body", type=click.Path(), metavar="FILE", help="Offline: the body of the response."
)
@click.option(
    "--status",
    type=click.IntRange(100, 599),
    metavar="CODE",
    help="Offline: the status of the response. [default: that of the header file, else 200]",
)
@click.option("--robots", type=click.Path(), metavar="FILE", help="Offline: the site's robots.txt.")
@click.option("--no-robots", is_flag=True, help="Offline: the site has no robots.txt.")
@click.option(
    "--site-file",
    "site_files",
    metavar="PATH=FILE",
    multiple=True,
    callback=_pairs,
    help="Offline: what stands at a path of the site, such as /.well-known/tdmrep.json.",
)
@click.option(
    "--no-site-file",
    "no_site_files",
    metavar="PATH",
    multiple=True,
    help="Offline: the site has nothing at this path.",
)
@click.option(
    "--document",
    "documents",
    metavar="URL=FILE",
    multiple=True,
    callback=_documents,
    help="Offline: what stands at a URL that a declaration names: an RSL licence, a TDM policy.",
)
@click.option(
    "--no-document",
    "no_documents",
    metavar="URL",
    multiple=True,
    callback=_addresses,
    help="Offline: there is nothing at this URL that a declaration names.",
)
@options.fetching
@options.output
def check(
    urls: tuple[str, ...],
    format_: str,
    explain: bool,
    cite: str | None,
    changes: str,
    uses: tuple[str, ...],
    policy: str | None,
    colour: str,
    quiet: bool,
    no_progress: bool,
    **given: Any,
) -> int:
    """Tell what each URL declares, what is owed for each use, and the decision.

    A URL is absolute: https://example.org/. The URL '-' reads URLs from standard input,
    one a line. With any of the options marked Offline nothing is fetched: exactly one URL
    is named, what is not given counts as not looked at, and options on how to fetch are
    refused, or ignored where they stand in a configuration file. FILE may be '-'.

    With --cite only credit lines are printed, one for each URL and ready to paste; what
    is declared and decided shows in the exit code alone.
    """
    files = Files(**{name: given.pop(name) for name in Files.__dataclass_fields__})
    options.one_reader_of_stdin([*urls, policy, *files.sources])
    chosen = options.load_policy(policy)
    parsed = _urls(urls)
    if files.given and len(parsed) != 1:
        raise UsageError(f"with files exactly one URL is checked, not {len(parsed)}")
    if files.given:
        _refuse_live_options(click.get_current_context())
    if explain and format_ != "text":
        raise UsageError(f"--explain is text; it cannot be combined with --format {format_}")
    if cite and (explain or format_ != "text"):
        other = "--explain" if explain else f"--format {format_}"
        raise UsageError(f"--cite prints credit lines; it cannot be combined with {other}")
    changes_source = click.get_current_context().get_parameter_source("changes")
    if not cite and changes_source is ParameterSource.COMMANDLINE:
        raise UsageError("--changes is for credit lines; it goes with --cite")

    from signals_agent import report

    citations = _citations(cite, changes, chosen)
    writer: report.Writer = citations or report.writer(
        "explain" if explain else format_, options.screen(colour), several=len(parsed) != 1
    )
    codes: list[int] = []

    def answer(result: "Assessment") -> None:
        if not codes:
            sys.stdout.write(writer.begin())
        codes.append(exits.of(result))
        sys.stdout.write(writer.add(result))
        sys.stdout.flush()
        if streams.nobody_reads():
            raise BrokenPipeError  # so that nothing more is fetched

    tokens = (given["token"],) if given["token"] else chosen.tokens if chosen else ()
    settings = {
        "token": tokens[0] if tokens else None,
        "tokens": tokens[1:],
        "acquired_by": given["acquired_by"],
        "policy": chosen,
        "uses": uses or None,
        "vocabulary": given["vocabulary"],
        "depth": given["depth"],
    }
    try:
        if files.given:
            answer(_offline(parsed[0], files, settings, options.limits(given)))
        else:
            advice = "" if tokens or quiet else _ADVICE
            _live(parsed, settings, given, answer, _progress(parsed, quiet or no_progress), advice)
        sys.stdout.write(writer.end())
        sys.stdout.flush()
        if citations is not None and not quiet:
            sys.stderr.write(citations.unsaid())
    except BrokenPipeError:
        pass
    return exits.worst(codes)


def _citations(style: str | None, changes: str, policy: "Policy | None") -> "Citations | None":
    if not style:
        return None
    from signals_agent.cli.citations import Citations

    return Citations(style, changes, policy.activities if policy else ())


def _refuse_live_options(context: click.Context) -> None:
    for name in _LIVE_ONLY:
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            option = f"--{name.replace('_', '-')}"
            raise UsageError(f"{option} is about fetching; with files nothing is fetched")


def _offline(url: "Url", files: Files, settings: dict[str, Any], limits: "Limits") -> "Assessment":
    from signals_agent.cli import offline
    from signals_agent.pipeline import assess

    site = offline.read(url, files, limits)
    return assess(
        site.asset,
        robots=site.robots,
        site_files=site.site_files,
        documents=site.documents,
        **settings,
    )


def _live(
    urls: Sequence["Url"],
    settings: dict[str, Any],
    given: dict[str, Any],
    answer: Any,
    progress: bool,
    advice: str,
) -> None:
    from signals_agent.cli import live
    from signals_agent.wishes import DEFAULT_TOKEN

    network = {
        "token": settings["token"] or DEFAULT_TOKEN,
        "limits": options.limits(given),
        **{
            name: given[name]
            for name in ("contact", "allow_private", "proxy", "ca_bundle", "host_delay")
        },
    }
    live.run([url.text for url in urls], settings | network, answer, progress, advice)


def _progress(urls: Sequence["Url"], unwanted: bool) -> bool:
    return len(urls) > 1 and not unwanted and sys.stderr.isatty() and not sys.stdout.isatty()


def _urls(arguments: Sequence[str]) -> list["Url"]:
    given: list[str] = []
    for argument in arguments:
        if argument == "-":
            octets = sys.stdin.buffer.read().removeprefix(b"\xef\xbb\xbf")
            lines = octets.decode("utf-8", "surrogateescape").split("\n")
            given += [line.strip() for line in lines if line.strip()]
        else:
            given.append(argument)
    if not given:
        raise UsageError("standard input holds no URL; accepted: one URL a line")
    return [_url(text) for text in given]


def _url(text: str) -> "Url":
    from signals_agent import quote
    from signals_agent import url as urls

    try:
        return urls.parse(text)
    except InvalidURL as error:
        bare = text.rsplit("@", 1)[-1]
        if "://" not in text and bare and not bare.startswith(("/", ".")):
            try:
                meant = urls.parse(f"https://{bare}").text
            except InvalidURL:
                raise error from None
            raise InvalidURL(
                f"{quote.text(bare, 200)!r} has no scheme; write {quote.text(meant, 200)}"
            ) from None
        raise
