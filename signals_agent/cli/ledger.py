"""The command ``ledger``: the answer to one question of a ledger, or a copy of it."""

import json
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import click
from click.core import ParameterSource

from signals_agent import quote
from signals_agent.cli import exits, options
from signals_agent.errors import UsageError

if TYPE_CHECKING:
    from signals_agent.policy import Policy
    from signals_agent.store import Entry, Grounds, Ledger, Tightened

SCHEMA: Final = "signals-agent/ledger/1"
"""The name of the schema of what is printed as JSON; within ``/1`` fields are only added."""

_HELD: Final = 1 << 20
"""How many octets of answers are held in memory; more wait in a file."""

_EPILOG: Final = """\b
Exit codes:
  0    it is told; with --tightened: nothing became stricter
  1    --said, --why and --resting-on found nothing; --tightened found something
  2    wrong usage; STORE is no ledger, or cannot be used
"""

_QUESTIONS: Final = ("said", "why", "resting_on", "tightened", "copy")


def _moment(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(
            f"{value!r} is not a time: 2026-11-22T12:00:00Z, or a date", context, parameter
        ) from None
    if len(value) <= 10:  # the end of that day
        moment = moment.replace(hour=23, minute=59, second=59, microsecond=999999)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


@click.command(
    cls=options.ConfiguredCommand,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.argument("store", metavar="STORE", type=click.Path())
@click.option("--said", metavar="URL", help="What this URL said, the last time it was looked at.")
@click.option("--why", metavar="URL", help="Why this URL was ingested, the last time it was.")
@click.option(
    "--resting-on",
    metavar="DECLARATION",
    help="The ingested assets that rest on this declaration (its id, dec-...).",
)
@click.option(
    "--tightened",
    is_flag=True,
    help="Every URL whose declarations became stricter since it was ingested.",
)
@click.option(
    "--copy",
    metavar="FILE",
    help="Copy the ledger into this new file, whole, also while others write to it.",
)
@click.option(
    "--at",
    metavar="TIME",
    callback=_moment,
    help="With --said and --why: until this time (RFC 3339, or a date: the end of that day, UTC).",
)
@click.option(
    "--ingested",
    metavar="TIME",
    callback=_moment,
    help="With --tightened: the time from which your copy is; held against is the last time until "
    "then that the URL was ingested. [default: the first time that it was]",
)
@click.option(
    "--policy",
    type=click.Path(),
    metavar="FILE",
    help="With --tightened: the policy that says keep or drop. [default: for each asset the one "
    "by which it was ingested]",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "urls"]),
    default="text",
    show_default=True,
    help="How results are written; urls, with --tightened: only the URLs to drop, one a line.",
)
@options.output
def ledger(
    store: str,
    at: datetime | None,
    ingested: datetime | None,
    policy: str | None,
    format_: str,
    colour: str,
    quiet: bool,
    no_progress: bool,
    log_level: str,
    **asked: Any,
) -> int:
    """Tell what a ledger holds: how much, or the answer to one question.

    STORE is a file that 'signals_agent.store.Ledger' wrote; neither it nor what waits in the
    -wal file beside it is changed.
    """
    from signals_agent.cli import ledger_text
    from signals_agent.store import Ledger

    del no_progress, log_level
    for name in _QUESTIONS:
        if asked[name] == "":  # of a variable that was not set, most likely
            raise UsageError(f"--{name.replace('_', '-')} is empty: nothing is asked")
    given = [name for name in _QUESTIONS if asked[name]]
    if len(given) > 1:
        names = " and ".join(f"--{name.replace('_', '-')}" for name in given)
        raise UsageError(f"{names} are two questions; ask one at a time")
    if ingested is not None and not asked["tightened"]:
        raise UsageError("--ingested goes with --tightened")
    if at is not None and not (asked["said"] or asked["why"]):
        raise UsageError("--at goes with --said or --why")
    if not asked["tightened"]:
        # A policy in a configuration file is for other commands too.
        source = click.get_current_context().get_parameter_source("policy")
        if source is ParameterSource.COMMANDLINE:
            raise UsageError("--policy goes with --tightened")
        if format_ == "urls":
            raise UsageError("--format urls goes with --tightened")
        policy = None
    chosen = options.load_policy(policy)
    screen = options.screen(colour)
    with Ledger(store, read_only=True) as opened:
        found = 0

        def counted() -> Iterator[dict[str, Any]]:
            nonlocal found
            for answer in _answers(opened, at, ingested, chosen, asked):
                found += 1
                yield answer

        if format_ == "json":
            written = _json(counted())
        elif format_ == "urls":
            written = _to_drop(counted())
        else:
            written = ledger_text.parts(counted(), asked, screen)
        # Nothing is printed before all is read: half an answer would look like a whole one.
        with tempfile.SpooledTemporaryFile(_HELD, "w+", encoding="utf-8", newline="") as waiting:
            waiting.writelines(written)
            waiting.seek(0)
            for line in waiting:
                click.echo(line, nl=False, color=True if colour == "always" else None)
    if asked["tightened"]:
        return exits.FOUND if found else exits.OK
    if given and not found:
        if not quiet:
            click.echo(f"signals-agent: {ledger_text.NOTHING[given[0]]}", err=True)
        return exits.FOUND
    return exits.OK


def _answers(
    opened: "Ledger",
    at: datetime | None,
    ingested: datetime | None,
    policy: "Policy | None",
    asked: dict[str, Any],
) -> Iterator[dict[str, Any]]:
    """The answers to what was asked, one by one, as JSON has them."""
    if asked["said"]:
        entry = opened.said(asked["said"], at)
        if entry is not None:
            yield _entry(entry, whole=True)
    elif asked["why"]:
        grounds = opened.why(asked["why"], at)
        if grounds is not None:
            yield _grounds(grounds)
    elif asked["resting_on"]:
        for entry in opened.resting_on(asked["resting_on"]):
            yield _entry(entry)
    elif asked["tightened"]:
        for each in opened.all_tightened(ingested=ingested, policy=policy):
            yield _tightened(each)
    elif asked["copy"]:
        yield _copied(opened, asked["copy"])
    else:
        from dataclasses import asdict

        yield asdict(opened.count())


def _entry(entry: "Entry", *, whole: bool = False) -> dict[str, Any]:
    told: dict[str, Any] = {
        "number": entry.number,
        "id": entry.id,
        "url": entry.url,
        "final_url": entry.final_url,
        "checked_at": _time(entry.checked_at),
    }
    if entry.decision is not None:
        told["decision"] = entry.decision.value
    if entry.policy is not None:
        told["policy"] = {"name": entry.policy.name, "sha256": entry.policy.sha256}
    if whole:
        order = entry.assessment.uses  # a damaged one is told in a sentence
        result = json.loads(entry.result)
        told["result"] = {**result, "uses": {use.value: result["uses"][use] for use in order}}
    return told


def _grounds(grounds: "Grounds") -> dict[str, Any]:
    """The entry, and of its result what the verdict stands on."""
    result = json.loads(grounds.entry.result)
    kept = {
        "obligations": {each.id for each in grounds.obligations},
        "declarations": {each.id for each in grounds.declarations},
    }
    return {
        **_entry(grounds.entry),
        "reasons": result["verdict"]["reasons"],
        **{
            name: [each for each in result[name] if each["id"] in ids] for name, ids in kept.items()
        },
    }


def _copied(opened: "Ledger", to: str) -> dict[str, Any]:
    """What the copy holds, as it is read from there."""
    from signals_agent.store import Ledger

    opened.copy_to(to)
    with Ledger(to, read_only=True) as made:
        count = made.count()
    return {"copied_to": to, "assessments": count.assessments, "chain": count.chain}


def _tightened(found: "Tightened") -> dict[str, Any]:
    """What became stricter, with both readings."""
    from dataclasses import asdict

    return {
        "url": found.url,
        "then": found.then,
        **({"taken_again": _time(found.taken_again)} if found.taken_again else {}),
        "changes": [
            {"text": change.text} | {name: value for name, value in asdict(change).items() if value}
            for change in found.changes
        ],
        "not_found_out": list(found.not_found_out),
        "before": found.before.model_dump(mode="json"),
        "after": found.after.model_dump(mode="json"),
    }


def _to_drop(answers: Iterator[dict[str, Any]]) -> Iterator[str]:
    """The URLs to drop, one a line."""
    for answer in answers:
        if answer["then"] == "drop":
            yield quote.text(answer["url"], len(answer["url"])) + "\n"


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _json(answers: Iterator[dict[str, Any]]) -> Iterator[str]:
    """The document ``{"schema", "answers"}``, one answer at a time."""
    yield f'{{\n  "schema": {json.dumps(SCHEMA)},\n  "answers": ['
    between = "\n    "
    for answer in answers:
        yield between + json.dumps(answer, indent=2).replace("\n", "\n    ")
        between = ",\n    "
    yield "\n  ]\n}\n" if between.startswith(",") else "]\n}\n"
