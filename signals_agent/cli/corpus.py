"""The command ``corpus``: what is owed for all that was ingested, and what may be done with it."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from signals_agent.cli import exits, new_file, options
from signals_agent.errors import UsageError
from signals_agent.model.licence import Activity

if TYPE_CHECKING:
    from signals_agent.corpus.checklist import Item
    from signals_agent.corpus.contributions.account import Account
    from signals_agent.corpus.outputs import Corpus
    from signals_agent.corpus.read import Reading
    from signals_agent.policy import Policy

PARTS: Final = (
    "credits",
    "contributions",
    "composition",
    "weights",
    "separate-licences",
    "checklist",
    "card",
    "croissant",
)
_PROBLEMS: Final = 20
"""How many mistakes of a worksheet are printed."""

FORMATS: Final = ("text", "json", "markdown", "csv", "bibtex", "cff", "yaml")


@click.command(
    cls=options.ConfiguredCommand,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.argument("stores", metavar="STORE...", nargs=-1, type=click.Path())
@click.option(
    "--output",
    metavar="FOLDER",
    type=click.Path(),
    help="Write everything into this folder: credits, contributions, composition, sets, weights, "
    "separate licences, the dataset card, Croissant, the preference manifest, the checklist.",
)
@click.option(
    "--part",
    type=click.Choice(PARTS),
    metavar="PART",
    help=f"Print only this: {', '.join(PARTS)}.",
)
@click.option(
    "--facts",
    type=click.Path(),
    metavar="FILE",
    help="What only a person can say of the corpus (corpus.toml): name, version, creators, means, "
    "answers to the checklist. [default: corpus.toml in the folder of --output, if there]",
)
@click.option(
    "--init",
    type=click.Path(),
    metavar="FILE",
    help="Write a commented corpus.toml to fill in, and end.",
)
@click.option(
    "--policy",
    type=click.Path(),
    metavar="FILE",
    help="The policy of today: its activities, commitments, agreements and statements count. "
    "[default: the one by which the ledger was written]",
)
@click.option(
    "--activity",
    "activities",
    type=click.Choice([each.value for each in Activity]),
    multiple=True,
    metavar="ACTIVITY",
    help=f"What is planned; may be repeated: {', '.join(Activity)}. "
    "[default: as in --facts, else as in the policy]",
)
@click.option(
    "--worksheet",
    type=click.Path(),
    metavar="FILE",
    help="The worksheet of contributions as a person filled it in. "
    "[default: contributions.csv in the folder of --output, if there]",
)
@click.option(
    "--changes",
    metavar="TEXT",
    default="",
    help="What you changed in the works, in a few words; some licences ask that credits say it.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    help="How it is printed: text or json without --part; each part says which it has. "
    "[default: text, or the first of the part]",
)
@options.output
def corpus(stores: tuple[str, ...], init: str | None, **given: Any) -> int:
    """Tell what is owed for a corpus as a whole, and what may be done with it.

    STORE is a ledger (only what was ingested counts), a list of URLs with licences (.csv, .tsv,
    .jsonl), or the preference manifest of another corpus (its folder). Several are put together:
    what may be done with both, and what stands in the way. Needs no network.

    The exit code is 1 while an item of the checklist is open (with --part: only for the
    checklist), where a line of a list could not be read, or where a row of the worksheet does
    not count or gives more than a stated ceiling. This is no legal advice.
    """
    if init is not None:
        return _init(Path(init))
    if not stores:
        raise UsageError("nothing to read: name a ledger, a list of URLs, or a manifest")
    if given["part"] and given["output"]:
        raise UsageError("--part prints one part, --output writes all; give one of them")
    return _run(stores, given)


def _run(stores: tuple[str, ...], given: dict[str, Any]) -> int:
    from datetime import UTC, datetime

    from signals_agent.corpus import facts as said
    from signals_agent.corpus import read
    from signals_agent.corpus.contributions import read as read_worksheet
    from signals_agent.corpus.outputs import Corpus

    render = _chosen(given["part"], given["format_"], given["output"])
    output = None if given["output"] is None else Path(given["output"])
    facts_file = _file(given["facts"], output, "corpus.toml")
    facts = said.Facts() if facts_file is None else said.Facts.load(facts_file)
    policy = options.load_policy(given["policy"])
    sheet_file = _file(given["worksheet"], output, "contributions.csv")
    worksheet = None if sheet_file is None else read_worksheet(sheet_file)
    now = datetime.now(UTC)
    progress = _Progress(given["quiet"] or given["no_progress"])
    paths = [Path(each) for each in stores]
    try:
        holdings, reading = read.holdings(paths, now, policy, progress.members)
        policy = reading.policy if policy is None else policy
        planned = _planned(given["activities"], facts.activities, policy)
        with holdings:
            if not holdings.extent().assets:
                progress.done()
                raise UsageError(_nothing(stores, reading))
            made = Corpus(
                holdings,
                facts,
                now.date(),
                policy,
                planned,
                worksheet,
                reading.provenance,
                given["changes"],
            )
            items: tuple[Item, ...] = ()
            if output is not None:
                items = _write(output, made, progress)
            elif given["part"]:
                progress.done()
                for text in render(made):
                    click.echo(text, nl=False)
                items = made.checklist() if given["part"] == "checklist" else ()
            else:
                progress.done()
                items = made.checklist()
                _overview(made, items, reading, given)
            sheet = made.books.problems(), made.books.not_compared()
            owing = made.books.account if output is not None else None
    finally:
        progress.done()
    return _end(items, reading, output, given, sheet, owing)


def _chosen(part: str | None, format_: str | None, output: str | None) -> Any:
    """How the part is printed; raises ``UsageError`` for a format that it does not have."""
    from signals_agent.corpus import outputs

    if output is not None and format_ is not None:
        raise UsageError("--output writes every format; leave --format out")
    if part is None:
        if format_ not in (None, "text", "json"):
            raise UsageError(f"--format {format_} goes with --part; without it: text, json")
        return None
    accepted = outputs.PARTS[part]
    if format_ is not None and format_ not in accepted:
        raise UsageError(f"--part {part} has no format {format_}; it has: {', '.join(accepted)}")
    return accepted[format_ or next(iter(accepted))]


def _file(given: str | None, output: Path | None, name: str) -> Path | None:
    """The file that is named, else that of the folder, where it has one."""
    if given is not None:
        return Path(given)
    there = None if output is None else output / name
    return there if there is not None and there.exists() else None


def _planned(
    given: tuple[str, ...], said: tuple[Activity, ...], policy: "Policy | None"
) -> tuple[Activity, ...]:
    chosen = tuple(Activity(each) for each in given) or said
    return chosen or (() if policy is None else policy.activities)


def _write(output: Path, made: "Corpus", progress: "_Progress") -> "tuple[Item, ...]":
    from signals_agent.corpus import folder, outputs

    with folder.written(output) as into:
        return outputs.write(into, made, progress.file)


def _overview(
    made: "Corpus", items: "tuple[Item, ...]", reading: "Reading", given: dict[str, Any]
) -> None:
    from signals_agent.cli import corpus_overview

    if given["format_"] == "json":
        sys.stdout.write(corpus_overview.document(made, items, reading))
        return
    colour = given["colour"]
    for line in corpus_overview.text(made, items, reading, options.screen(colour)):
        click.echo(line, nl=False, color=True if colour == "always" else None)


def _end(
    items: "tuple[Item, ...]",
    reading: "Reading",
    output: Path | None,
    given: dict[str, Any],
    sheet: tuple[tuple[str, ...], str | None],
    owing: "Account | None",
) -> int:
    from signals_agent.corpus import checklist

    problems, not_compared = sheet
    for each in (*_left_out(reading), *_worksheet(problems, not_compared)):
        click.echo(f"signals-agent: {each}", err=True)
    open_ = checklist.is_open(items)
    if output is not None and not given["quiet"]:
        told = f"{open_} of {len(items)} items of the checklist are open" if open_ else "none open"
        if owing is not None and owing.records:
            told += f"; contributions.md: {owing.open:,} of {owing.records:,} records open"
        click.echo(f"written to {output}; checklist.md: {told}", err=True)
    return exits.FOUND if open_ or reading.unread.count or problems else exits.OK


def _worksheet(problems: tuple[str, ...], not_compared: str | None) -> Iterator[str]:
    """What has to be mended on the worksheet of contributions, and what was not looked at."""
    yield from problems[:_PROBLEMS]
    if len(problems) > _PROBLEMS:
        more = len(problems) - _PROBLEMS
        yield f"and {more:,} more on the worksheet, each in contributions.md"
    if not_compared is not None:
        yield not_compared


def _nothing(stores: tuple[str, ...], reading: "Reading") -> str:
    """Why there is no corpus, in a sentence."""
    named = " and ".join(stores)
    if reading.dropped.tightened:
        return f"all that was ingested in {named} became stricter, and the policy says drop"
    if reading.ledgers and reading.held + reading.skipped:
        return f"nothing in {named} was ingested: {reading.held} held, {reading.skipped} skipped"
    said = "; ".join(reading.unread.first[:3])
    return f"there is no asset in {named}" + (f": {said}" if said else "")


def _left_out(reading: "Reading") -> Iterator[str]:
    yield from reading.unread.doubts
    yield from reading.unread.first
    more = reading.unread.count - len(reading.unread.first)
    if more:
        yield f"and {more:,} more lines that cannot be read"
    if reading.unread.count:
        yield f"left out because they cannot be read: {reading.unread.count:,}"
    tightened = reading.dropped.tightened
    if tightened:
        yield (
            f"left out because they became stricter, and the policy says drop: {len(tightened):,} "
            "(signals-agent ledger STORE --tightened --format urls lists them)"
        )
    if reading.dropped.kept:
        yield (f"kept although they became stricter, as the policy says: {reading.dropped.kept:,}")


def _init(file: Path) -> int:
    from signals_agent.corpus.facts_template import TEMPLATE

    try:
        new_file.write(file, TEMPLATE)
    except FileExistsError:
        raise UsageError(f"{file} is there already; it was left as it is") from None
    except OSError as error:
        raise UsageError(f"cannot write {file}: {error.strerror or error}") from None
    click.echo(f"written: {file}", err=True)
    return exits.OK


class _Progress:
    """One line on a terminal that says what is being done; nothing anywhere else."""

    def __init__(self, quiet: bool) -> None:
        self._shown = not quiet and sys.stderr.isatty()
        self._members = 0

    def members(self, more: int) -> None:
        """So many members more were read."""
        self._members += more
        self._say(f"{self._members:,} assets read")

    def file(self, name: str) -> None:
        """This file is being written."""
        self._say(f"writing {name}")

    def done(self) -> None:
        """Take the line away."""
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)

    def _say(self, text: str) -> None:
        if self._shown:
            click.echo(f"\r\x1b[K{text}", nl=False, err=True)
