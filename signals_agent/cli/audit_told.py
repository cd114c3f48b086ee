"""What ``audit`` says on standard error: of the list, of how it ended, and what to do next."""

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from signals_agent import quote
from signals_agent.audit.progress import duration

if TYPE_CHECKING:
    from signals_agent.store.snapshot import Snapshot

ADVICE: Final = (
    "signals-agent: fetching as SignalsAgent; say who you are: "
    "--token YourBot --contact https://...\n"
)
_SHOWN: Final = 10
_BAD: Final = {
    "skipped": ("line is no URL", "lines are no URL"),
    "lost": ("input could not be read to its end", "inputs could not be read to their end"),
    "not_fetched": ("sitemap was not fetched", "sitemaps were not fetched"),
}


def listed(told: Mapping[str, Any]) -> None:
    """What became of the lists."""
    folded = told["duplicates"] + told["variants"]
    line = f"{_many(told['listed'], 'URL')} listed"
    if folded:
        line += f", {_many(folded, 'line')} that name one of them again"
    if told["elsewhere"]:
        line += f", {told['elsewhere']:,} of other shards"
    _say(line)
    for name, (one, several) in _BAD.items():
        bad = told[name]
        if bad["count"]:
            _say(f"{bad['count']:,} {one if bad['count'] == 1 else several}:")
            for each in bad["kept"][:_SHOWN]:
                at = f":{each['line']}" if each["line"] else ""
                _say(f"  {quote.text(each['source'], 300)}{at}: {each['reason']}")
            if bad["count"] > _SHOWN:
                _say(f"  and {bad['count'] - _SHOWN:,} more; the report tells the first twenty")


def read(told: Mapping[str, Any]) -> None:
    """What became of the archives."""
    _say(
        f"{_many(told['files'], 'archive')} read: {_many(told['records'], 'response')}, "
        f"{told['robots']:,} of them robots.txt"
    )
    lost = told["losses"]
    if lost["count"]:
        _say(f"{_many(lost['count'], 'place')} could not be read:")
        for each in lost["kept"][:_SHOWN]:
            until = f" to {each['until']}" if "until" in each else ", and all behind it"
            where = f"{quote.text(each['file'], 300)} at octet {each['offset']}{until}"
            _say(f"  {where}: {quote.text(each['reason'], 300)}")
        if lost["count"] > _SHOWN:
            _say(f"  and {lost['count'] - _SHOWN:,} more; the report tells of them")


def stopped(store: str) -> None:
    """The run was stopped."""
    _say(
        f"stopped; what was answered is in {quote.text(store, 300)}, and the same command with "
        "--resume goes on"
    )


def ended(made: "Snapshot", faults: int, nothing_found_out: bool) -> None:
    """How the run ended, what it came to, and how to read what it found."""
    counts, run = made.counts(), made.run
    took = (run.ended_at - run.started_at).total_seconds() if run.ended_at else 0.0
    host = "host" if counts.hosts == 1 else "hosts"
    line = f"{_many(counts.answered, 'URL')} of {counts.hosts:,} {host} answered"
    if run.requests:
        line += f" with {_many(run.requests, 'request')}"
    _say(f"{line} in {duration(took)}")
    decided = made.decisions()
    if decided:
        _say(", ".join(f"{each} {decided.get(each, 0):,}" for each in ("ingest", "hold", "skip")))
    if nothing_found_out:
        _say(
            "nothing could be found out of any of them: is the network there? Addresses of this "
            "machine and private ones are asked with --allow-private only"
        )
    if counts.left_out:
        _say(f"{_many(counts.left_out, 'URL')} left out by --sample")
    if counts.waiting:
        more = "--budget" if "budget" in run.asked.get("pace", {}) else "--host-budget"
        _say(
            f"{_many(counts.waiting, 'URL')} not asked: the budget is used up; --resume with a "
            f"greater {more} goes on"
        )
    if faults:
        _say(f"{_many(faults, 'URL')} held because of a fault of ours; --log-level error shows it")
    store = quote.text(str(made.ledger.path), 300)
    _say(f"to read it: signals-agent report {store} --format html --output report.html")


def _many(count: int, what: str) -> str:
    return f"{count:,} {what if count == 1 else what + 's'}"


def _say(line: str) -> None:
    sys.stderr.write(f"signals-agent: {line}\n")
