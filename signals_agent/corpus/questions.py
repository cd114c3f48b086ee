"""What is asked of a corpus that is held: counts, sums, and its members in every order."""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Final

from signals_agent.corpus import written
from signals_agent.corpus.held import Collection, Extent, Held
from signals_agent.corpus.member import Debt, Footing, Member
from signals_agent.model.obligation import Basis, ObligationKind, Party
from signals_agent.model.statement import Preference
from signals_agent.model.use import Use
from signals_agent.store.scratch import Scratch

_EXTENT: Final = (
    "count(*), coalesce(sum(m.bytes), 0), coalesce(sum(m.tokens), 0), count(m.bytes), "
    "count(m.tokens)"
)


_BY_COLLECTION: Final = "p.name COLLATE NOCASE, m.party, m.collection COLLATE NOCASE, m.collection"

_OWES: Final = (
    "EXISTS (SELECT 1 FROM owed o JOIN debts d ON d.id = o.debt WHERE o.member = m.id "
    "AND d.kind IN (SELECT value FROM json_each(?)))"
)


def _said(kinds: Iterable[ObligationKind]) -> str:
    """The kinds as a query takes them: all where none is named."""
    return json.dumps([each.value for each in tuple(kinds) or ObligationKind])


class Questions:
    """The questions that holdings answer; none of them changes what is held."""

    _file: Scratch

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
