"""What a run is asked for: what has to stay the same while it goes on, and what may change."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from signals_agent import quote
from signals_agent.audit.pace import Pace
from signals_agent.errors import UsageError
from signals_agent.policy import Policy
from signals_agent.version import TABLES, VERSION

_CALLED: Final = {
    # What has to stay the same while a run goes on; how hard it works may change.
    "inputs": "inputs",
    "robots": "files of robots.txt (--robots-warc)",
    "column": "column (--column)",
    "shard": "shard (--shard)",
    "sample": "sample (--sample)",
    "tokens": "product tokens (--token)",
    "acquired_by": "crawler (--acquired-by)",
    "uses": "uses (--use)",
    "vocabulary": "vocabulary (--vocabulary)",
    "depth": "depth (--depth)",
    "policy": "policy (--policy)",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run is asked for; ``policy`` is ``None`` for the preset *standard*.

    ``files`` says of archives how large they are and when they were changed.
    """

    inputs: tuple[str, ...]
    tokens: tuple[str, ...]
    acquired_by: str = ""
    uses: tuple[str, ...] = ()
    vocabulary: str = "cumulative"
    depth: str = "page"
    policy: Policy | None = None
    column: str = ""
    shard: str = ""
    sample: int = 0
    robots: tuple[str, ...] = ()
    pace: Pace | None = None
    record: str = ""
    files: Mapping[str, Any] = field(default_factory=dict)
    limits: Mapping[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """As JSON, for the store and for reports; what was not asked for is left out."""
        policy = self.policy or Policy()
        told = {
            "inputs": list(self.inputs),
            "robots": list(self.robots),
            "column": self.column,
            "shard": self.shard,
            "sample": self.sample,
            "tokens": list(self.tokens),
            "acquired_by": self.acquired_by,
            "uses": list(self.uses),
            "vocabulary": self.vocabulary,
            "depth": self.depth,
            "policy": {"name": policy.label, "sha256": policy.sha256},
            "files": dict(self.files),
            "limits": dict(self.limits),
            "pace": _pace(self.pace),
            "record": self.record,
            "software": {"version": VERSION, "tables": TABLES},
        }
        return {name: value for name, value in told.items() if value}


def check_same(before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Refuse to go on with a run by other means than it was begun; raises ``UsageError``.

    Inputs may be left out: then they are those of the run.
    """
    given = dict(now)
    if not given.get("inputs"):
        given["inputs"] = before.get("inputs")
    other = [
        f"{called} {_shown(before.get(name))} and not {_shown(given.get(name))}"
        for name, called in _CALLED.items()
        if before.get(name) != given.get(name)
    ]
    if other:
        raise UsageError(
            f"the run was begun with {'; with '.join(other)}; to go on with it, ask for the same; "
            "to begin anew, take another --store"
        )


def _shown(value: object) -> str:
    """A setting in a message; ``none`` where it was left out."""
    if isinstance(value, list | tuple):
        return quote.text(", ".join(map(str, value)), 200) or "none"
    if isinstance(value, Mapping):
        return quote.text(f"{value.get('name')} ({str(value.get('sha256'))[:12]})", 200)
    return "none" if value is None else quote.text(str(value), 200)


def _pace(pace: Pace | None) -> dict[str, Any]:
    if pace is None:
        return {}
    kept = ("concurrency", "per_host", "host_delay", "budget", "host_budget")
    return {name: value for name, value in asdict(pace).items() if name in kept and value}
