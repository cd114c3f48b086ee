"""Everything that a corpus holds, counted and in order, in memory that does not grow with it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import islice
from types import TracebackType
from typing import Final, Self

from signals_agent.corpus import written
from signals_agent.corpus.member import Debt, Member
from signals_agent.corpus.questions import Questions
from signals_agent.model import citation
from signals_agent.model.attribution import Attribution
from signals_agent.model.obligation import Party
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


class Holdings(Questions):
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
