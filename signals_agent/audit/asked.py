"""What a run is asked for: what has to stay the same while it goes on, and what may change."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from signals_agent.audit.pace import Pace
from signals_agent.errors import UsageError
from signals_agent.policy import Policy
from signals_agent.version import TABLES, VERSION

_MAY_CHANGE: Final = ("pace", "software", "limits", "record")
"""How hard a run works may change while it goes on; what it means may not."""

_CALLED: Final = {
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
    names = [name for name in _CALLED if name not in _MAY_CHANGE]
    given = dict(now)
    if not given.get("inputs"):
        given["inputs"] = before.get("inputs")
    other = [_CALLED[name] for name in names if before.get(name) != given.get(name)]
    if other:
        raise UsageError(
            f"the run was begun with another {' and another '.join(other)}; to go on with it, ask "
            "for the same; to begin anew, take another --store"
        )


def _pace(pace: Pace | None) -> dict[str, Any]:
    if pace is None:
        return {}
    kept = ("concurrency", "per_host", "host_delay", "budget", "host_budget")
    return {name: value for name, value in asdict(pace).items() if name in kept and value}
