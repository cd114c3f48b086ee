"""What is owed to each declaring party, however many there are."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from signals_agent.audit.figures.groups import tally
from signals_agent.audit.figures.nouns import Party
from signals_agent.audit.figures.standing import Result
from signals_agent.store.scratch import Scratch

ADVICE: Final = "convey-preferences"
"""What is owed along with a dataset, and to no party apart."""

_MOST_HELD: Final = 20_000
"""So many parties, and origins of parties, are held in memory before they are written away."""

_SCHEMA: Final = """
CREATE TABLE parties (
    id INTEGER PRIMARY KEY, name TEXT, url TEXT, inferred INTEGER,
    assets INTEGER NOT NULL, bound INTEGER NOT NULL, UNIQUE (name, url, inferred)
);
CREATE TABLE owed (
    party INTEGER, kind TEXT, assets INTEGER, bound INTEGER, PRIMARY KEY (party, kind)
) WITHOUT ROWID;
CREATE TABLE origins (party INTEGER, host INTEGER, PRIMARY KEY (party, host)) WITHOUT ROWID;
"""
_PARTY: Final = (
    "INSERT INTO parties (name, url, inferred, assets, bound) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET assets = assets + excluded.assets, bound = bound + excluded.bound "
    "RETURNING id"
)
_OWED: Final = (
    "INSERT INTO owed VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
    "assets = assets + excluded.assets, bound = bound + excluded.bound"
)


def owed_for(result: Result) -> list[Mapping[str, Any]]:
    """What is owed for an asset: the one answer, which every report gives.

    With a verdict what its uses ask, and nothing where it skips the asset: what is not used
    owes nothing. Without a verdict what those uses ask that are not skipped.
    """
    obligations: list[Mapping[str, Any]] = result["obligations"]
    if not obligations:
        return []
    verdict = result.get("verdict")
    if verdict is None:
        wanted = {
            one
            for each in result["uses"].values()
            if each["decision"] != "skip"
            for one in each["obligations"]
        }
    else:
        wanted = set() if verdict["decision"] == "skip" else set(verdict["obligations"])
    return [each for each in obligations if each["id"] in wanted]


def kinds(owed: Iterable[Mapping[str, Any]]) -> dict[str, bool]:
    """The kinds of what is owed, and whether any of the kind binds."""
    found: dict[str, bool] = {}
    for each in owed:
        found[each["kind"]] = found.get(each["kind"], False) or each["binding"]
    return found


def text(said: str) -> str:
    """A name as it is counted: it may hold half a character, which SQLite takes for no text."""
    return said if said.isascii() else said.encode("utf-8", "replace").decode()


class _Name(NamedTuple):
    name: str
    url: str
    inferred: bool


def _name(to: Mapping[str, Any]) -> _Name:
    return _Name(text(to["name"]), text(to.get("url") or ""), to["inferred"])


class _Held:
    """What was counted of one party since it was last written away."""

    __slots__ = ("assets", "bound", "hosts", "kinds")

    def __init__(self) -> None:
        self.assets = 0
        self.bound = 0
        self.kinds: dict[str, list[int]] = {}
        self.hosts: set[int] = set()


class Owing:
    """Counts assets by the parties to whom something is owed for them; close it when done."""

    def __init__(self) -> None:
        self._scratch = Scratch(_SCHEMA)
        self._held: dict[_Name, _Held] = {}
        self._size = 0

    def close(self) -> None:
        """Forget it all."""
        self._scratch.close()

    def add(self, obligations: Iterable[Mapping[str, Any]], host: int) -> None:
        """One asset, and what is owed for it; ``host`` is the number of its origin."""
        found: dict[_Name, dict[str, bool]] = {}
        for each in obligations:
            kind = each["kind"]
            if kind == ADVICE:
                continue
            to = each["to"]
            asked = found.setdefault(_name(to), {})
            asked[kind] = asked.get(kind, False) or each["binding"]
        for name, asked in found.items():
            held = self._held.get(name)
            if held is None:
                held = self._held[name] = _Held()
                self._size += 1
            held.assets += 1
            held.bound += any(asked.values())
            for kind, binding in asked.items():
                counted = held.kinds.setdefault(kind, [0, 0])
                counted[0] += 1
                counted[1] += binding
            if host not in held.hosts:
                held.hosts.add(host)
                self._size += 1
        if self._size >= _MOST_HELD:
            self._write()

    def _write(self) -> None:
        with self._scratch.writing():
            for name, held in self._held.items():
                (number,) = self._scratch.one(_PARTY, (*name, held.assets, held.bound))
                self._scratch.many(
                    _OWED, ((number, kind, *counted) for kind, counted in held.kinds.items())
                )
                self._scratch.many(
                    "INSERT OR IGNORE INTO origins VALUES (?, ?)",
                    ((number, host) for host in held.hosts),
                )
        self._held.clear()
        self._size = 0

    def parties(self, most: int) -> tuple[tuple[Party, ...], int]:
        """Those to whom most is owed, and how many others there are.

        First by the assets for which something binds, then by those for which anything is
        owed, then by name.
        """
        self._write()
        (count,) = self._scratch.one("SELECT count(*) FROM parties")
        found = tuple(self._first(most))
        return found, count - len(found)

    def _first(self, most: int) -> Iterator[Party]:
        chosen = list(
            self._scratch.each(
                "SELECT id, name, url, inferred, assets FROM parties "
                "ORDER BY bound DESC, assets DESC, name, url, inferred LIMIT ?",
                (most,),
            )
        )
        for number, name, url, inferred, assets in chosen:
            counted = list(
                self._scratch.each(
                    "SELECT kind, assets, bound FROM owed WHERE party = ?", (number,)
                )
            )
            (origins,) = self._scratch.one(
                "SELECT count(*) FROM origins WHERE party = ?", (number,)
            )
            yield Party(
                name,
                url,
                bool(inferred),
                assets,
                tally({kind: count for kind, count, _ in counted}),
                tally({kind: bound for kind, _, bound in counted if bound}),
                origins,
            )


class Names:
    """How often each of many names was met, exact, the most frequent told."""

    def __init__(self) -> None:
        self._scratch = Scratch(
            "CREATE TABLE names (name TEXT PRIMARY KEY, assets INTEGER) WITHOUT ROWID"
        )
        self._held: dict[str, int] = {}

    def close(self) -> None:
        """Forget it all."""
        self._scratch.close()

    def add(self, name: str) -> None:
        """One more asset with this name."""
        self._held[name] = self._held.get(name, 0) + 1
        if len(self._held) >= _MOST_HELD:
            self._write()

    def _write(self) -> None:
        with self._scratch.writing():
            self._scratch.many(
                "INSERT INTO names VALUES (?, ?) "
                "ON CONFLICT DO UPDATE SET assets = assets + excluded.assets",
                ((text(name), count) for name, count in self._held.items()),
            )
        self._held.clear()

    def first(self, most: int) -> tuple[dict[str, int], int]:
        """The most frequent, then by name, and how many others there are."""
        self._write()
        (count,) = self._scratch.one("SELECT count(*) FROM names")
        found = dict(
            self._scratch.each(
                "SELECT name, assets FROM names ORDER BY assets DESC, name LIMIT ?", (most,)
            )
        )
        return found, count - len(found)
