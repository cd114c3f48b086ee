"""Everything that a corpus holds, counted and in order, in memory that does not grow with it."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby, islice
from operator import itemgetter
from types import TracebackType
from typing import Final, Self

from signals_agent.corpus import written
from signals_agent.corpus.member import Debt, Footing, Member
from signals_agent.model import citation
from signals_agent.model.attribution import Attribution
from signals_agent.model.obligation import Basis, ObligationKind, Party
from signals_agent.model.statement import Preference
from signals_agent.model.use import Use
from signals_agent.store.scratch import Scratch

_SCHEMA: Final = """
CREATE TABLE parties (id INTEGER PRIMARY KEY, said TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
CREATE TABLE footings (id INTEGER PRIMARY KEY, said TEXT NOT NULL UNIQUE);
CREATE TABLE debts (id INTEGER PRIMARY KEY, said TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    party INTEGER NOT NULL);
CREATE TABLE contacts (id INTEGER PRIMARY KEY, said TEXT NOT NULL UNIQUE);
CREATE TABLE members (
    id INTEGER PRIMARY KEY, url TEXT NOT NULL, corpus INTEGER NOT NULL, party INTEGER NOT NULL,
    footing INTEGER NOT NULL, collection TEXT NOT NULL, title TEXT NOT NULL, credit TEXT,
    ask INTEGER NOT NULL, bytes INTEGER, tokens INTEGER, checked_at TEXT, origin TEXT NOT NULL,
    UNIQUE (url, footing)
);
CREATE TABLE owed (member INTEGER NOT NULL, debt INTEGER NOT NULL,
    PRIMARY KEY (member, debt)) WITHOUT ROWID;
CREATE TABLE sayings (id INTEGER PRIMARY KEY, said TEXT NOT NULL UNIQUE);
CREATE TABLE says (member INTEGER NOT NULL, saying INTEGER NOT NULL,
    PRIMARY KEY (member, saying)) WITHOUT ROWID;
CREATE TABLE also (member INTEGER NOT NULL, corpus INTEGER NOT NULL,
    PRIMARY KEY (member, corpus)) WITHOUT ROWID;
"""

_TOGETHER: Final = 2000
"""How many members are written in one transaction."""

_KNOWN: Final = 20_000
"""How many distinct parties, debts and so on are known without asking the working file."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much: assets, and their bytes and tokens as far as they are known.

    ``measured`` and ``counted`` are how many of the assets have a number of bytes, of tokens.
    """

    assets: int = 0
    bytes: int = 0
    tokens: int = 0
    measured: int = 0
    counted: int = 0

    def __add__(self, other: "Extent") -> "Extent":
        return Extent(
            self.assets + other.assets,
            self.bytes + other.bytes,
            self.tokens + other.tokens,
            self.measured + other.measured,
            self.counted + other.counted,
        )


_EXTENT: Final = (
    "count(*), coalesce(sum(m.bytes), 0), coalesce(sum(m.tokens), 0), count(m.bytes), "
    "count(m.tokens)"
)


_BY_COLLECTION: Final = "p.name COLLATE NOCASE, m.party, m.collection COLLATE NOCASE, m.collection"

_OWES: Final = (
    "EXISTS (SELECT 1 FROM owed o JOIN debts d ON d.id = o.debt WHERE o.member = m.id "
    "AND d.kind IN (SELECT value FROM json_each(?)))"
)


def _joined(first: Attribution, again: Attribution) -> Attribution:
    """The facts of a credit line, with those of another one of the same work that it lacks."""
    names = ("collection", "title", "creators", "credit_text", "credit_url", "copyright_notice")
    absent = {
        name: said for name in names if not getattr(first, name) and (said := getattr(again, name))
    }
    if not absent:
        return first
    made = replace(first, **absent)
    return replace(made, text=citation.line(made))


def _said(kinds: Iterable[ObligationKind]) -> str:
    """The kinds as a query takes them: all where none is named."""
    return json.dumps([each.value for each in tuple(kinds) or ObligationKind])


@dataclass(frozen=True, slots=True)
class Held:
    """A member as it is held; ``number`` tells it apart, ``corpora`` are those it is in."""

    number: int
    member: Member
    footing: int


@dataclass(frozen=True, slots=True)
class Collection:
    """What one party declares for in one collection; ``name`` is empty where it has none.

    ``credited`` is how many of its assets have facts for a credit line or owe one of the debts
    that were asked for, ``owed`` those debts, each with how many of the assets owe it.
    """

    party: Party
    name: str
    extent: Extent
    credited: int
    owed: tuple[tuple[Debt, int], ...]


class Holdings:
    """The members of one corpus, or of several that are put together.

    An asset that stands in several corpora, or twice in one, counts once, unless it stands on
    another footing there. Of what is said of it several times the first counts, and what was
    not said then is filled in. Use it as a context manager: what it holds lies in a working file.
    """

    def __init__(self, names: Sequence[str] = ()) -> None:
        self.names: list[str] = list(names)
        """What the corpora are called, in the order of their numbers."""
        self.repeated = 0
        """How many members were there already."""
        self._file = Scratch(_SCHEMA)
        self._known: dict[str, dict[str, int]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Forget it all."""
        self._file.close()

    def add(
        self,
        members: Iterable[Member],
        corpus: int = 0,
        step: Callable[[int], object] | None = None,
    ) -> int:
        """Take in the members of one corpus, as they come; how many were read.

        ``step`` is called with how many more were taken in, now and then.
        """
        waiting = iter(members)
        read = 0
        while batch := list(islice(waiting, _TOGETHER)):
            self._take(batch, corpus)
            read += len(batch)
            if step is not None:
                step(len(batch))
        self.__dict__.pop("footings", None)
        return read

    def _take(self, batch: Sequence[Member], corpus: int) -> None:
        owed: list[tuple[int, int]] = []
        also: list[tuple[int, int]] = []
        says: list[tuple[int, int]] = []
        with self._file.writing():
            for each in batch:
                footing = self._number("footings", written.footing(each.footing))
                row = (
                    each.url,
                    corpus,
                    self._party(each.party),
                    footing,
                    "" if each.credit is None else written.plain(each.credit.collection or ""),
                    "" if each.credit is None else written.plain(each.credit.title or ""),
                    None if each.credit is None else written.credit(each.credit),
                    self._number("contacts", written.contacts(each.ask)),
                    each.bytes,
                    each.tokens,
                    each.checked_at,
                    each.origin,
                )
                found = self._file.one(
                    "INSERT INTO members (url, corpus, party, footing, collection, title, credit, "
                    "ask, bytes, tokens, checked_at, origin) VALUES (?,?,?,?,?,?,?,?,?,?,?,?) "
                    "ON CONFLICT DO NOTHING RETURNING id",
                    row,
                )
                if found is None:
                    self.repeated += 1
                    number = self._fill_in(each, footing)
                else:
                    (number,) = found
                also.append((number, corpus))
                owed.extend((number, self._debt(debt)) for debt in each.debts)
                if each.stated.uses or each.stated.declared:
                    says.append((number, self._number("sayings", written.stated(each.stated))))
            self._file.many("INSERT OR IGNORE INTO also VALUES (?, ?)", also)
            self._file.many("INSERT OR IGNORE INTO owed VALUES (?, ?)", owed)
            self._file.many("INSERT OR IGNORE INTO says VALUES (?, ?)", says)

    def _fill_in(self, again: Member, footing: int) -> int:
        """Add what is said of a member that is there, and was not said yet; its number."""
        number, credit, *known = self._file.one(
            "SELECT id, credit, bytes, tokens, checked_at FROM members "
            "WHERE url = ? AND footing = ?",
            (again.url, footing),
        )
        said = (again.bytes, again.tokens, again.checked_at)
        facts = None if again.credit is None else written.credit(again.credit)
        joined = facts if credit is None else credit
        if again.credit is not None and credit is not None and facts != credit:
            joined = written.credit(_joined(written.read_credit(credit), again.credit))
        if joined != credit or any(
            old is None and new is not None for old, new in zip(known, said, strict=True)
        ):
            made = None if joined is None else written.read_credit(joined)
            self._file.many(
                "UPDATE members SET credit = ?, collection = ?, title = ?, "
                "bytes = coalesce(bytes, ?), tokens = coalesce(tokens, ?), "
                "checked_at = coalesce(checked_at, ?) WHERE id = ?",
                [
                    (
                        joined,
                        "" if made is None else made.collection or "",
                        "" if made is None else made.title or "",
                        *said,
                        number,
                    )
                ],
            )
        return int(number)

    def _party(self, party: Party) -> int:
        return self._number("parties", written.party(party), (written.plain(party.name),), ", name")

    def _debt(self, debt: Debt) -> int:
        values = (debt.kind.value, self._party(debt.to))
        return self._number("debts", written.debt(debt), values, ", kind, party")

    def _number(
        self, table: str, said: str, values: tuple[str | int, ...] = (), names: str = ""
    ) -> int:
        """The number of something that many members share, written down once."""
        known = self._known.setdefault(table, {})
        number = known.get(said)
        if number is None:
            found = self._file.one(f"SELECT id FROM {table} WHERE said = ?", (said,))
            if found is None:
                places = ", ?" * len(values)
                found = self._file.one(
                    f"INSERT INTO {table} (said{names}) VALUES (?{places}) RETURNING id",
                    (said, *values),
                )
            number = int(found[0])
            if len(known) >= _KNOWN:
                known.clear()
            known[said] = number
        return number

    def extent(self, corpus: int | None = None) -> Extent:
        """How much all of it is, or one corpus of several."""
        if corpus is None:
            return Extent(*self._file.one(f"SELECT {_EXTENT} FROM members m"))
        return Extent(
            *self._file.one(
                f"SELECT {_EXTENT} FROM also a JOIN members m ON m.id = a.member "
                "WHERE a.corpus = ?",
                (corpus,),
            )
        )

    @cached_property
    def footings(self) -> dict[int, Footing]:
        """Every footing by its number; how many assets stand on it is in ``on_footings``."""
        return {
            number: written.read_footing(said)
            for number, said in self._file.each("SELECT id, said FROM footings ORDER BY id")
        }

    def on_footings(self, corpus: int | None = None) -> dict[int, Extent]:
        """How much stands on each footing, in all or in one corpus."""
        among = ("also a JOIN members m ON m.id = a.member WHERE a.corpus = ?", (corpus,))
        source, values = ("members m", ()) if corpus is None else among
        return {
            number: Extent(*rest)
            for number, *rest in self._file.each(
                f"SELECT m.footing, {_EXTENT} FROM {source} GROUP BY m.footing ORDER BY m.footing",
                values,
            )
        }

    def owed_on_footings(self) -> dict[int, frozenset[tuple[Basis, ObligationKind]]]:
        """What kinds of debt are owed for anything that stands on each footing, and on what."""
        found: dict[int, set[tuple[Basis, ObligationKind]]] = {}
        for footing, basis, kind in self._file.each(
            "SELECT DISTINCT m.footing, json_extract(d.said, '$[2]'), d.kind "
            "FROM owed o JOIN members m ON m.id = o.member JOIN debts d ON d.id = o.debt"
        ):
            found.setdefault(footing, set()).add((Basis(basis), ObligationKind(kind)))
        return {footing: frozenset(kinds) for footing, kinds in found.items()}

    def by_url(self) -> Iterator[Held]:
        """Every member in the order of its URL's octets."""
        return self._members("ORDER BY m.url, m.footing")

    def of_footings(self, numbers: Iterable[int]) -> Iterator[Held]:
        """The members that stand on these, in the order of URLs."""
        return self._members(
            "WHERE m.footing IN (SELECT value FROM json_each(?)) ORDER BY m.url, m.footing",
            (json.dumps(sorted(numbers)),),
        )

    def by_party(self) -> Iterator[Held]:
        """Every member: by party, collection, title, and URL."""
        return self._members(
            "ORDER BY p.name COLLATE NOCASE, m.party, m.collection COLLATE NOCASE, m.collection, "
            "m.title COLLATE NOCASE, m.url, m.footing"
        )

    def by_work(self, *kinds: ObligationKind) -> Iterator[Held]:
        """The members that have facts for a credit line, or owe something of these kinds.

        By party and collection as ``collections`` has them, then by title and by the other
        facts: those that differ in their URLs alone stand together, in the order of URLs.
        """
        return self._members(
            f"WHERE m.credit IS NOT NULL OR {_OWES} "
            f"ORDER BY {_BY_COLLECTION}, m.title COLLATE NOCASE, m.title, m.credit, m.url, "
            "m.footing",
            (_said(kinds),),
        )

    def collections(self, *kinds: ObligationKind) -> Iterator[Collection]:
        """Every collection of every party, with what is owed for it of these kinds."""
        owed = self._file.each(
            "SELECT m.party, m.collection, d.said, count(*) "
            "FROM owed o JOIN debts d ON d.id = o.debt JOIN members m ON m.id = o.member "
            "JOIN parties p ON p.id = m.party "
            "WHERE d.kind IN (SELECT value FROM json_each(?)) "
            f"GROUP BY m.party, m.collection, o.debt ORDER BY {_BY_COLLECTION}, d.kind, d.id",
            (_said(kinds),),
        )
        # Both come in the same order, and whoever owes is among all.
        debts = groupby(owed, itemgetter(0, 1))
        which, owing = next(debts, (None, iter(())))
        for said, number, collection, credited, *rest in self._file.each(
            f"SELECT p.said, m.party, m.collection, sum(m.credit IS NOT NULL OR {_OWES}), "
            f"{_EXTENT} FROM members m JOIN parties p ON p.id = m.party "
            f"GROUP BY m.party, m.collection ORDER BY {_BY_COLLECTION}",
            (_said(kinds),),
        ):
            found: tuple[tuple[Debt, int], ...] = ()
            if which == (number, collection):
                found = tuple((written.read_debt(debt), times) for *_, debt, times in owing)
                which, owing = next(debts, (None, iter(())))
            party, extent = written.read_party(said), Extent(*rest)
            yield Collection(party, collection, extent, credited, found)

    def by_contact(self, numbers: Iterable[int]) -> Iterator[Held]:
        """The members that stand on these, grouped by whom to ask."""
        return self._members(
            "WHERE m.footing IN (SELECT value FROM json_each(?)) ORDER BY c.said, m.url, m.footing",
            (json.dumps(sorted(numbers)),),
        )

    def examples(self, numbers: Iterable[int], most: int = 3) -> list[str]:
        """A few URLs of members that stand on these footings."""
        return [
            url
            for (url,) in self._file.each(
                "SELECT m.url FROM members m WHERE m.footing IN (SELECT value FROM json_each(?)) "
                "ORDER BY m.id LIMIT ?",
                (json.dumps(sorted(numbers)), most),
            )
        ]

    def debts(self, *kinds: ObligationKind) -> Iterator[tuple[Debt, Extent]]:
        """Everything that is owed (of these kinds), by party, with how much it is owed for."""
        chosen = json.dumps([each.value for each in kinds or ObligationKind])
        for said, *rest in self._file.each(
            "SELECT d.said, e.* FROM ("
            f"SELECT o.debt, {_EXTENT} FROM owed o JOIN members m ON m.id = o.member "
            "WHERE o.debt IN (SELECT id FROM debts WHERE kind IN (SELECT value FROM json_each(?))) "
            "GROUP BY o.debt) e JOIN debts d ON d.id = e.debt JOIN parties p ON p.id = d.party "
            "ORDER BY p.name COLLATE NOCASE, d.party, d.kind, d.id",
            (chosen,),
        ):
            yield written.read_debt(said), Extent(*rest[1:])

    def owed_to(
        self, *kinds: ObligationKind
    ) -> Iterator[tuple[Party, ObligationKind, Extent, str]]:
        """How much each party is owed each of these kinds for, in the order of ``debts``.

        An asset for which one kind is asked twice counts once. The text is one asset's URL.
        """
        chosen = json.dumps([each.value for each in kinds or ObligationKind])
        for said, kind, url, *rest in self._file.each(
            "SELECT p.said, e.* FROM ("
            f"SELECT x.kind, min(m.url), {_EXTENT}, x.party FROM ("
            "SELECT DISTINCT o.member, d.party, d.kind FROM owed o JOIN debts d ON d.id = o.debt "
            "WHERE d.kind IN (SELECT value FROM json_each(?))"
            ") x JOIN members m ON m.id = x.member GROUP BY x.party, x.kind"
            ") e JOIN parties p ON p.id = e.party ORDER BY p.name COLLATE NOCASE, e.party, e.kind",
            (chosen,),
        ):
            yield written.read_party(said), ObligationKind(kind), Extent(*rest[:-1]), url

    def ecosystems(self) -> Iterator[tuple[Debt, int, Extent]]:
        """What is owed to each ecosystem: one debt for it, how many parties ask, for how much.

        An ecosystem is the collective that is named as beneficiary, else whatever is meant by
        the same signal. An asset counts once.
        """
        for said, parties, *rest in self._file.each(
            "WITH asking AS (SELECT id, party, said, "
            "coalesce(json_extract(said, '$[8]'), json_extract(said, '$[3]')) AS ecosystem "
            "FROM debts WHERE kind = ?) "
            "SELECT s.said, s.parties, e.* FROM (SELECT ecosystem, max(said) AS said, "
            "count(DISTINCT party) AS parties FROM asking GROUP BY ecosystem) s JOIN ("
            f"SELECT {_EXTENT}, x.ecosystem FROM (SELECT DISTINCT o.member, a.ecosystem "
            "FROM owed o JOIN asking a ON a.id = o.debt) x JOIN members m ON m.id = x.member "
            "GROUP BY x.ecosystem) e ON e.ecosystem = s.ecosystem ORDER BY s.ecosystem",
            (ObligationKind.ECOSYSTEM_CONTRIBUTION.value,),
        ):
            yield written.read_debt(said), parties, Extent(*rest[:-1])

    def parties(self) -> Iterator[tuple[Party, Extent]]:
        """Every declaring party with the extent of its assets, those with most first."""
        for said, *rest in self._file.each(
            f"SELECT p.said, {_EXTENT} FROM members m JOIN parties p ON p.id = m.party "
            "GROUP BY p.id ORDER BY count(*) DESC, p.name"
        ):
            yield written.read_party(said), Extent(*rest)

    def kinds(self) -> Iterator[tuple[ObligationKind, int, Extent]]:
        """Each kind that is owed, by how many parties it is asked, and for how much.

        An asset for which a kind is asked several times counts once.
        """
        for kind, parties, *rest in self._file.each(
            f"SELECT x.kind, (SELECT count(DISTINCT party) FROM debts WHERE kind = x.kind), "
            f"{_EXTENT} FROM (SELECT DISTINCT d.kind, o.member FROM owed o "
            "JOIN debts d ON d.id = o.debt) x JOIN members m ON m.id = x.member "
            "GROUP BY x.kind ORDER BY x.kind"
        ):
            yield ObligationKind(kind), parties, Extent(*rest)

    def preferences(self) -> dict[Use, dict[Preference, int]]:
        """How many members each answer is given for, for each use that any answer is given for.

        One that two corpora hold with different answers counts for both.
        """
        found: dict[Use, dict[Preference, int]] = {}
        for use, answer, assets in self._file.each(
            "SELECT json_extract(u.value, '$[0]'), json_extract(u.value, '$[1]'), "
            "sum(x.assets) FROM (SELECT saying, count(*) AS assets FROM says GROUP BY saying) x "
            "JOIN sayings s ON s.id = x.saying, json_each(s.said, '$[0]') u GROUP BY 1, 2"
        ):
            found.setdefault(Use(use), {})[Preference(answer)] = assets
        return {
            use: {each: found[use][each] for each in Preference if each in found[use]}
            for use in Use
            if use in found
        }

    def credited(self) -> int:
        """How many members have the facts of a credit line."""
        return int(self._file.one("SELECT count(credit) FROM members")[0])

    def when(self) -> tuple[str, str] | None:
        """The first and the last time at which an asset was looked at, where any is known."""
        first, last = self._file.one("SELECT min(checked_at), max(checked_at) FROM members")
        return None if first is None else (first, last)

    def in_several(self) -> Iterator[str]:
        """The URLs of assets that stand on more than one footing."""
        for (url,) in self._file.each(
            "SELECT url FROM members GROUP BY url HAVING count(*) > 1 ORDER BY url"
        ):
            yield url

    def _members(self, how: str, values: Sequence[str] = ()) -> Iterator[Held]:
        footings = self.footings
        for (
            number,
            url,
            party,
            footing,
            credit,
            ask,
            size,
            tokens,
            at,
            origin,
            owed,
            says,
        ) in self._file.each(
            "SELECT m.id, m.url, p.said, m.footing, m.credit, c.said, m.bytes, m.tokens, "
            "m.checked_at, m.origin, (SELECT json_group_array(json(d.said)) FROM owed o "
            "JOIN debts d ON d.id = o.debt WHERE o.member = m.id), "
            "(SELECT json_group_array(json(s.said)) FROM says o "
            "JOIN sayings s ON s.id = o.saying WHERE o.member = m.id) "
            "FROM members m JOIN parties p ON p.id = m.party "
            f"JOIN contacts c ON c.id = m.ask {how}",
            values,
        ):
            yield Held(
                number,
                Member(
                    url,
                    written.read_party(party),
                    footings[footing],
                    origin,
                    written.read_debts(owed),
                    None if credit is None else written.read_credit(credit),
                    written.read_contacts(ask),
                    size,
                    tokens,
                    at,
                    written.read_stated(says),
                ),
                footing,
            )
