"""Small corpora that owe contributions, and worksheets filled in as people and programs do."""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from signals_agent.cc_signals import SIGNALS
from signals_agent.corpus.contributions import Books, Worksheet, sheet
from signals_agent.corpus.facts import Facts
from signals_agent.corpus.holdings import Holdings
from signals_agent.corpus.member import Debt, Footing, Member
from signals_agent.model.obligation import Basis, ObligationKind, Party
from signals_agent.policy import Policy

TODAY = date(2026, 11, 22)
TERN = Party("Tern Museum", "https://tern.example", inferred=False)
WREN = Party("wren.example", "https://wren.example")
FEN = Party("fen.example", "https://fen.example")
COLLECTIVE = Party("api.rslcollective.org", "https://api.rslcollective.org", inferred=False)

FILLED = {
    "form": "money",
    "amount": "1500.50",
    "currency": "EUR",
    "beneficiary": "Friends of the Tern Museum",
    "beneficiary_confirmed_by": "Ada Fen",
    "beneficiary_confirmed_on": "2026-10-01",
    "given_on": "2026-10-02",
    "receipt": "R-1",
}
"""A row that counts as given."""


def signalled(token: str, to: Party) -> tuple[Debt, ...]:
    """What a CC signal asks for."""
    return tuple(
        Debt(t.kind, t.binding, t.basis, t.signal, to, t.text, t.signal_version, t.terms_url)
        for t in SIGNALS[token].terms
    )


def owed(
    kind: ObligationKind,
    to: Party,
    text: str = "Give.",
    signal: str = "rsl:contribution",
    beneficiary: Party | None = None,
) -> Debt:
    """One thing that RSL asks for."""
    return Debt(kind, True, Basis.PREFERENCE, signal, to, text, "1.0", None, beneficiary)


def asset(
    url: str, to: Party, *debts: Debt, size: int | None = None, tokens: int | None = None
) -> Member:
    return Member(url, to, Footing(), "a test", debts, bytes=size, tokens=tokens)


def holding(*members: Member) -> Holdings:
    made = Holdings(["a corpus"])
    made.add(members)
    return made


def three() -> Holdings:
    """One party that asks for a direct contribution, and two for the same ecosystem."""
    return holding(
        asset("https://tern.example/1", TERN, *signalled("cc-cr-dc", TERN), size=100),
        asset("https://wren.example/1", WREN, *signalled("cc-cr-ec", WREN), tokens=7),
        asset("https://wren.example/2", WREN, *signalled("cc-cr-ec", WREN), tokens=5),
        asset("https://fen.example/1", FEN, *signalled("cc-cr-ec", FEN)),
    )


def books(
    holdings: Holdings,
    worksheet: Worksheet | None = None,
    policy: Policy | None = None,
    facts: Facts | None = None,
    today: date = TODAY,
) -> Books:
    return Books(holdings, facts, policy, worksheet, today)


def ids(made: Books) -> dict[str, str]:
    """The ids of records by whom they are about."""
    return {each.to.name: each.id for each in made.records()}


def rows(text: str) -> list[dict[str, str]]:
    """A sheet as a spreadsheet program sees it."""
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def filled(
    made: Books,
    path: Path,
    by_party: Mapping[str, Mapping[str, str]],
    *,
    delimiter: str = ",",
    encoding: str = "utf-8-sig",
    ending: str = "\n",
) -> Path:
    """The sheet with cells filled in, saved as a program does it."""
    table = rows("".join(sheet.render(made)))
    for each in table:
        each.update(by_party.get(each["party"], {}))
    names = list(dict.fromkeys(name for each in table for name in each))
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(
            stream, names, delimiter=delimiter, lineterminator=ending, quoting=csv.QUOTE_ALL
        )
        writer.writeheader()
        writer.writerows(table)
    return path


def but(**changes: str) -> dict[str, str]:
    """A row that counts, with some of its cells different; an empty one is taken away."""
    return {name: cell for name, cell in {**FILLED, **changes}.items() if cell}


def named(party: Party, name: str) -> Party:
    return replace(party, name=name)
