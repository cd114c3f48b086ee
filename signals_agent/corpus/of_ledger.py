"""The members of a corpus as a ledger has them: what was ingested, and still may be kept."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from signals_agent.corpus import written
from signals_agent.corpus.contacts import with_creators
from signals_agent.corpus.member import Debt, Declared, Footing, Member, Stated
from signals_agent.model.attribution import Attribution, LicenceName
from signals_agent.model.licence import Activity, Contact, ContactKind
from signals_agent.model.obligation import Basis, ObligationKind, Party
from signals_agent.model.statement import Preference
from signals_agent.model.use import Use
from signals_agent.policy import Policy
from signals_agent.store import Ledger
from signals_agent.store.last_ingested import last_ingested

_LONGEST: Final = 2000
"""Characters of an expression that travels; of a longer one only where it stands."""


@dataclass(slots=True)
class Dropped:
    """What reading a ledger left out.

    ``tightened`` are the URLs that became stricter after they were ingested, and that the
    policy says to drop (rule R38); ``kept`` how many became stricter and are kept, as it
    says. One that was ingested again under what is declared by now is neither.
    """

    tightened: list[str] = field(default_factory=list)
    kept: int = 0


def members(
    ledger: Ledger, policy: Policy | None = None, dropped: Dropped | None = None
) -> Iterator[Member]:
    """Each asset that was ingested, once: as it was ingested the last time.

    An asset whose declarations became stricter since is kept or dropped as the policy says:
    this one, else the one by which it was ingested (rule R38). Raises ``StoreError`` where the
    ledger is damaged.
    """
    told = Dropped() if dropped is None else dropped
    name = Path(ledger.path).name
    for entry in last_ingested(ledger):
        if entry.looked_at_again:
            found = ledger.tightened(entry.url, policy=policy)
            if found is not None:
                if found.then == "drop":
                    told.tightened.append(entry.url)
                    continue
                told.kept += found.taken_again is None
        yield member(json.loads(entry.result), f"{name} entry {entry.number}")


def member(result: Mapping[str, Any], origin: str) -> Member:
    """The member that a result describes; ``origin`` says where the result stands."""
    verdict = result.get("verdict", {})
    carried = frozenset(verdict.get("obligations", ()))
    owed = [each for each in result["obligations"] if each["id"] in carried]
    attribution = result.get("attribution")
    url = result["final_url"]
    return Member(
        url,
        _declaring(owed, url),
        _footing(result["licences"], verdict.get("agreed", ())),
        origin,
        tuple(_debt(each) for each in owed),
        None if attribution is None else _credit(attribution),
        with_creators(
            _ask(result.get("separate_licences", ())) or (_publisher(url),),
            () if attribution is None else attribution.get("creators", ()),
        ),
        _size(result["captures"], url),
        None,
        result["checked_at"],
        _stated(result, url),
    )


def _stated(result: Mapping[str, Any], url: str) -> Stated:
    """What the publisher prefers for every use, ours or not: all of it travels."""
    declared = [
        [
            each["family"],
            each["expression"] if len(each["expression"]) <= _LONGEST else None,
            None if each["source"] == url else each["source"],
        ]
        for each in result.get("declarations", ())
        if each["family"] != "licence"
    ]
    uses = [[use, said["preference"]] for use, said in result.get("uses", {}).items()]
    return _read_stated(json.dumps([uses, declared]))


@lru_cache(maxsize=4096)
def _read_stated(text: str) -> Stated:
    uses, declared = json.loads(text)
    return Stated(
        tuple(
            (Use(use), Preference(answer)) for use, answer in uses if answer != Preference.UNKNOWN
        ),
        tuple(dict.fromkeys(Declared(*each) for each in declared)),
    )


def _declaring(owed: Sequence[Mapping[str, Any]], url: str) -> Party:
    """Who declares: whom a binding credit is owed, a credit, anything; else the origin."""
    ranked = sorted(owed, key=lambda each: (each["kind"] != "credit", not each["binding"]))
    if ranked:
        return _party(ranked[0]["to"])
    return _of_origin(url)


def _of_origin(url: str) -> Party:
    scheme, _, rest = url.partition("://")
    host = rest.partition("/")[0]
    return Party(host, f"{scheme}://{host}")


def _party(said: Mapping[str, Any]) -> Party:
    return Party(said["name"], said.get("url"), said.get("inferred", True))


def _debt(said: Mapping[str, Any]) -> Debt:
    beneficiary = said.get("beneficiary")
    return Debt(
        ObligationKind(said["kind"]),
        said["binding"],
        Basis(said["basis"]),
        said["signal"],
        _party(said["to"]),
        said["text"],
        said.get("signal_version"),
        said.get("terms_url"),
        None if beneficiary is None else _party(beneficiary),
    )


def _footing(licences: Sequence[Mapping[str, Any]], agreed: Sequence[str]) -> Footing:
    governing = [
        {name: said for name, said in each.items() if name != "because"}
        for each in licences
        if each.get("governs")
    ]
    return _read_footing(json.dumps([governing, list(agreed)]))


@lru_cache(maxsize=4096)
def _read_footing(text: str) -> Footing:
    governing, agreed = json.loads(text)
    return Footing(
        tuple(written.read_licence(_as_written(each)) for each in governing),
        tuple(Activity(each) for each in agreed),
    )


def _as_written(said: Mapping[str, Any]) -> dict[str, Any]:
    absent = {"spdx": None, "name": None, "url": None, "version": None, "parts": (), "label": ""}
    cells = {
        activity: [
            cell["answer"],
            cell["conditions"],
            cell["reason"],
            cell.get("instead"),
            cell.get("clause"),
            cell.get("terms_url"),
        ]
        for activity, cell in said["activities"].items()
    }
    return {**absent, **said, "activities": cells}


def _credit(said: Mapping[str, Any]) -> Attribution:
    return Attribution(
        url=said["url"],
        text=said["text"],
        collection=said.get("collection"),
        title=said.get("title"),
        creators=tuple(said.get("creators", ())),
        licence=said.get("licence"),
        licence_url=said.get("licence_url"),
        credit_text=said.get("credit_text"),
        credit_url=said.get("credit_url"),
        copyright_notice=said.get("copyright_notice"),
        licences=tuple(
            LicenceName(each["name"], each.get("url")) for each in said.get("licences", ())
        ),
    )


def _ask(separate: Sequence[Mapping[str, Any]]) -> tuple[Contact, ...]:
    found = (
        Contact(ContactKind(said["kind"]), said.get("name"), said.get("url"))
        for each in separate
        for said in each["ask"]
    )
    return tuple(dict.fromkeys(found))


def _publisher(url: str) -> Contact:
    """Whom to ask where nothing had to be asked for when it was ingested: other plans may."""
    of = _of_origin(url)
    return Contact(ContactKind.ORIGIN, of.name, f"{of.url}/")


def _size(captures: Sequence[Mapping[str, Any]], url: str) -> int | None:
    return next(
        (
            each["bytes"]
            for each in captures
            if each["role"] == "asset" and each["url"] == url and "bytes" in each
        ),
        None,
    )
