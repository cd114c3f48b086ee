"""The command ``audit``: many URLs, or archives, into a store that can be reported on."""

import contextlib
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from signals_agent import quote
from signals_agent.cli import exits, options
from signals_agent.errors import UsageError

if TYPE_CHECKING:
    from signals_agent.audit.asked import Asked
    from signals_agent.audit.pace import Pace
    from signals_agent.cli.audit_live import Watched
    from signals_agent.policy import Policy
    from signals_agent.store import Ledger
    from signals_agent.store.runs import Run

FORMATS: Final = ("jsonl", "csv", "markdown", "html", "parquet")

_EPILOG: Final = """\b
Exit codes:
  0    the run is complete, or its budget is used up
  1    with --fail-on skip or hold: something was
  2    wrong usage; STORE cannot be used
  3    with --fail-on hold or undetermined: something could not be found out,
       and nothing worse
  70   a fault of ours, with one URL or with the run
  130  interrupted; --resume goes on
"""


def _shard(context: click.Context, parameter: click.Parameter, value: str | None) -> str:
    if value is None:
        return ""
    from signals_agent.sources.shards import shard

    try:
        return str(shard(value))
    except UsageError as error:
        raise click.BadParameter(str(error), context, parameter) from None


@click.command(
    cls=options.ConfiguredCommand,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.argument("inputs", nargs=-1, metavar="INPUT...", type=click.Path())
@click.option(
    "--store",
    type=click.Path(),
    metavar="FILE",
    default="audit.db",
    show_default=True,
    help="The store; where it is there already, another run is added to it.",
)
@click.option("--resume", is_flag=True, help="Go on with the run that was not finished.")
@click.option(
    "--column",
    metavar="NAME",
    help="The column of URLs in CSV and TSV, by name or by number from 1; in JSONL and Parquet by "
    "name.",
)
@click.option(
    "--sample",
    type=click.IntRange(1),
    metavar="N",
    help="Of each origin only so many URLs, always the same ones of the same list.",
)
@click.option(
    "--shard",
    metavar="i/n",
    callback=_shard,
    help="Only the hosts of the i-th of n parts, where several machines share a list.",
)
@click.option(
    "--concurrency",
    type=click.IntRange(1, 4096),
    default=64,
    show_default=True,
    metavar="N",
    help="Requests under way in all.",
)
@click.option(
    "--per-host",
    type=click.IntRange(1, 256),
    default=2,
    show_default=True,
    metavar="N",
    help="Requests under way to one host.",
)
@click.option(
    "--host-delay",
    type=options.Number(0),
    default=1.0,
    show_default=True,
    metavar="SECONDS",
    help="Wait between two requests to one host (0 for one's own); a Crawl-delay is kept besides.",
)
@click.option(
    "--budget",
    type=click.IntRange(1),
    metavar="N",
    help="After so many requests in all, robots.txt and site files included, no URL is begun; "
    "--resume with more goes on.",
)
@click.option(
    "--host-budget",
    type=click.IntRange(1),
    metavar="N",
    help="The same for the requests to one host.",
)
@click.option(
    "--record",
    type=click.Path(),
    metavar="DIR",
    help="Keep every exchange as WARC files in this folder.",
)
@click.option(
    "--robots-warc",
    "robots",
    type=click.Path(),
    metavar="FILE",
    multiple=True,
    help="With archives: where robots.txt is, if it is kept apart; may be repeated.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    metavar="N",
    help="With archives: so many processes. [default: as many as there are cores]",
)
@click.option(
    "--fail-on",
    type=click.Choice(["hold", "skip", "undetermined"]),
    help="End with 1 or 3 where something was held, skipped, or could not be found out.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    help="With --output: how the results are written. [default: by its ending, else jsonl]",
)
@click.option(
    "--output",
    metavar="FILE",
    help="Write the results of the run here when it is done; - is standard output.",
)
@options.reading
@options.fetching_many
@options.output
def audit(
    inputs: tuple[str, ...],
    store: str,
    resume: bool,
    fail_on: str | None,
    format_: str | None,
    output: str | None,
    policy: str | None,
    quiet: bool,
    no_progress: bool,
    **given: Any,
) -> int:
    """Find out what many URLs declare, and keep it with its evidence in a store.

    INPUT is a list of URLs (text, CSV, TSV, JSONL, Parquet, a sitemap or an index of
    sitemaps, gzip too; - is standard input), or an archive (WARC, ARC, WACZ), from which all
    is taken and nothing fetched. Several are one run. Where it is stopped, or the machine
    goes down, the same command with --resume goes on, and each URL is answered once.
    """
    from signals_agent.audit import opening, reports
    from signals_agent.audit.tally import Tally
    from signals_agent.cli import audit_told, report
    from signals_agent.cli.audit_live import Watched
    from signals_agent.store import Ledger, snapshot
    from signals_agent.store.owner import Owner

    if output == "":  # of a variable that was not set, most likely
        raise UsageError("--output is empty: name a file, or leave it out")
    if format_ and not output:
        raise UsageError("--format says how --output is written; name a file, or - for stdout")
    name = format_ or reports.by_ending(output or "", "jsonl")
    if output:
        report.check(name, output)
        if output != "-" and not Path(output).absolute().parent.is_dir():
            raise UsageError(f"there is no folder for --output {quote.text(output, 300)}")
    options.one_reader_of_stdin([*inputs, policy])
    chosen = options.load_policy(policy)
    if not inputs and not resume:
        raise UsageError("nothing to audit: name a list of URLs, an archive, or - for stdin")
    kind = _kind(inputs, given)
    _check(inputs, given, kind)
    asked, pace = _asked(inputs, given, chosen, kind)
    watched = Watched(wanted=not (quiet or no_progress))
    tally = Tally()
    with Ledger(store, create=bool(inputs)) as ledger, Owner(store):
        run, _ = opening.open_run(ledger, kind, asked.document(), resume=resume)
        if run.kind == "archive":
            from signals_agent.cli import audit_archive

            given["quiet"] = quiet
            ended, faults = audit_archive.run(ledger, run, asked, given, watched), 0
        else:
            ended, faults = _live(ledger, run, asked, pace, given, tally, watched, quiet)
    if not ended:
        if not quiet:
            audit_told.stopped(store)
        return exits.INTERRUPTED
    with snapshot.Snapshot(store) as made:
        if not quiet:
            audit_told.ended(made, faults, 0 < tally.not_found_out == tally.answered)
        if output:
            report.send(made, name, output)
        if faults:
            return exits.FAULT
        return _code(made, fail_on)


def _asked(
    inputs: tuple[str, ...], given: dict[str, Any], policy: "Policy | None", kind: str | None
) -> "tuple[Asked, Pace]":
    from signals_agent.audit.asked import Asked
    from signals_agent.audit.pace import Pace
    from signals_agent.wishes import DEFAULT_TOKEN

    if given["token"]:
        tokens: tuple[str, ...] = (given["token"],)
    else:
        tokens = policy.tokens if policy and policy.tokens else (DEFAULT_TOKEN,)
    pace = Pace(
        given["concurrency"],
        given["per_host"],
        given["host_delay"],
        given["budget"],
        given["host_budget"],
    )
    asked = Asked(
        inputs,
        tokens,
        acquired_by=given["acquired_by"] or "",
        uses=tuple(given["uses"]),
        vocabulary=given["vocabulary"],
        depth=given["depth"],
        policy=policy,
        column=given["column"] or "",
        shard=given["shard"],
        sample=given["sample"] or 0,
        robots=given["robots"],
        pace=pace,
        record=given["record"] or "",
        files=_sizes((*inputs, *given["robots"])) if kind == "archive" else {},
        limits=options.given_limits(given),
    )
    return asked, pace


def _check(inputs: tuple[str, ...], given: dict[str, Any], kind: str | None) -> None:
    """Refuse what cannot be read before there is a store, or a run in it."""
    if kind == "list":
        from signals_agent.sources import lists

        lists.check(inputs, given["column"])
    elif kind == "archive":
        from signals_agent.audit import archiving

        archiving.check((*inputs, *given["robots"]))


def _sizes(files: tuple[str, ...]) -> dict[str, list[int]]:
    from signals_agent.audit import archiving

    return archiving.sizes(files)


def _named(inputs: tuple[str, ...]) -> str:
    shown = ", ".join(quote.text(each, 200) for each in inputs[:3])
    more = f" and {len(inputs) - 3} more" if len(inputs) > 3 else ""
    return f"{shown}{more} {'holds' if len(inputs) == 1 else 'hold'}"


def _kind(inputs: tuple[str, ...], given: dict[str, Any]) -> str | None:
    """Whether the inputs are lists or archives; ``None`` where there are none."""
    from signals_agent.store import runs

    if not inputs:
        return None
    archives = [each for each in inputs if _is_archive(each)]
    if not archives:
        if given["robots"]:
            raise UsageError("--robots-warc goes with archives; these inputs are lists of URLs")
        return runs.LIST
    if len(archives) < len(inputs):
        other = next(each for each in inputs if each not in archives)
        raise UsageError(
            f"{quote.text(archives[0], 200)} is an archive and {quote.text(other, 200)} is none: "
            "audit them in two runs"
        )
    for name in ("column", "shard", "sample", "budget", "host_budget", "record"):
        if given[name]:
            raise UsageError(f"--{name.replace('_', '-')} goes with lists, not with archives")
    return runs.ARCHIVE


def _is_archive(name: str) -> bool:
    """Whether an input is an archive, by its ending or else by its first octets."""
    bare = name.lower().removesuffix(".gz").removesuffix(".zst")
    if bare.endswith((".warc", ".arc", ".wacz")):
        return True
    try:
        if not Path(name).is_file():
            return False
        with Path(name).open("rb") as file:
            beginning = file.read(4096)
    except OSError:
        return False
    if beginning.startswith(b"\x1f\x8b"):
        with contextlib.suppress(zlib.error):
            beginning = zlib.decompressobj(31).decompress(beginning, 64)
    return beginning.startswith(b"WARC/")


def _live(
    ledger: "Ledger",
    run: "Run",
    asked: "Asked",
    pace: "Pace",
    given: dict[str, Any],
    tally: "Any",
    watched: "Watched",
    quiet: bool,
) -> tuple[str, int]:
    """Ask all URLs; why it ended, and with how many of them we failed."""
    from signals_agent.cli import audit_live, audit_told
    from signals_agent.fetch.client import user_agent
    from signals_agent.store import runs
    from signals_agent.wishes import DEFAULT_TOKEN

    if run.listed_at is None:
        try:
            told = audit_live.fill(ledger, run, watched)
        except KeyboardInterrupt:
            return "", 0  # the list is read anew when it goes on
        if not quiet:
            audit_told.listed(told)
        if not told["listed"] and not told["elsewhere"]:
            runs.forget(ledger.file, run)
            raise UsageError(f"nothing to audit: {_named(asked.inputs)} no URL")
    settings = {
        "token": asked.tokens[0],
        "tokens": asked.tokens[1:],
        "acquired_by": asked.acquired_by or None,
        "policy": asked.policy,
        "uses": asked.uses or None,
        "vocabulary": asked.vocabulary,
        "depth": asked.depth,
        "limits": options.limits(given),
        **{name: given[name] for name in ("contact", "allow_private", "proxy", "ca_bundle")},
    }
    advice = "" if asked.tokens != (DEFAULT_TOKEN,) or quiet else audit_told.ADVICE
    named = user_agent(asked.tokens[0], given["contact"] or "")
    with _recorded(asked.record, named, asked.depth) as recorder:
        ended, live = audit_live.run(ledger, run, settings, pace, tally, watched, recorder, advice)
    if ended:
        runs.end(ledger.file, run, ended)
    return ended, live.faults


@contextlib.contextmanager
def _recorded(folder: str, user_agent: str, depth: str) -> "Iterator[Any]":
    """What keeps every exchange, where that is asked for."""
    if not folder:
        yield None
        return
    from signals_agent.recording import Recorder
    from signals_agent.version import VERSION

    software = f"signals-agent/{VERSION}"
    with Recorder(folder, software=software, user_agent=user_agent, depth=depth) as recorder:
        yield recorder


def _code(made: Any, fail_on: str | None) -> int:
    if fail_on is None:
        return exits.OK
    from signals_agent.audit import outcome

    return outcome.code(made, fail_on)
