"""How what members share is written down in the working file, and read back."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from signals_agent.corpus.member import Debt, Declared, Footing, Stated
from signals_agent.model.attribution import Attribution, LicenceName
from signals_agent.model.licence import (
    Activity,
    ActivityAnswer,
    ActivityTerms,
    Contact,
    ContactKind,
    Licence,
    LicenceScope,
)
from signals_agent.model.obligation import Basis, ObligationKind, Party
from signals_agent.model.statement import Preference
from signals_agent.model.use import Use


def _dumps(value: object) -> str:
    return plain(json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=True))


def plain(text: str) -> str:
    """A text that any file can hold: half a character, which JSON can say, becomes a mark."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def party(said: Party) -> str:
    """A party as a text of its own."""
    return _dumps(_party(said))


def _party(said: Party) -> list[object]:
    return [said.name, said.url, said.inferred]


@lru_cache(maxsize=4096)
def read_party(text: str) -> Party:
    """The party of a text."""
    return Party(*json.loads(text))


@lru_cache(maxsize=4096)
def footing(said: Footing) -> str:
    """A footing as a text of its own."""
    licences = sorted((_licence(each) for each in said.licences), key=_dumps)
    return _dumps({"licences": licences, "agreed": sorted(said.agreed)})


def _licence(said: Licence) -> dict[str, object]:
    return {
        "id": said.id,
        "scope": said.scope,
        "label": said.label,
        "spdx": said.spdx,
        "name": said.name,
        "url": said.url,
        "version": said.version,
        "parts": said.parts,
        "activities": {
            activity: [
                cell.answer,
                cell.conditions,
                cell.reason,
                cell.instead,
                cell.clause,
                cell.terms_url,
            ]
            for activity, cell in said.activities.items()
        },
    }


def read_footing(text: str) -> Footing:
    """The footing of a text."""
    said = json.loads(text)
    return Footing(
        tuple(read_licence(each) for each in said["licences"]),
        tuple(Activity(each) for each in said["agreed"]),
    )


def read_licence(said: Mapping[str, Any]) -> Licence:
    """A licence that counts, from what was written of it."""
    return Licence(
        id=said["id"],
        scope=LicenceScope(said["scope"]),
        activities={
            Activity(activity): ActivityTerms(
                ActivityAnswer(answer),
                tuple(ObligationKind(each) for each in conditions),
                reason,
                instead,
                clause,
                terms_url,
            )
            for activity, (answer, conditions, reason, instead, clause, terms_url) in said[
                "activities"
            ].items()
        },
        because=(),
        label=said["label"],
        spdx=said["spdx"],
        name=said["name"],
        url=said["url"],
        version=said["version"],
        parts=tuple(said["parts"]),
        governs=True,
    )


@lru_cache(maxsize=4096)
def debt(said: Debt) -> str:
    """A debt as a text of its own."""
    return _dumps(
        [
            said.kind,
            said.binding,
            said.basis,
            said.signal,
            _party(said.to),
            said.text,
            said.signal_version,
            said.terms_url,
            None if said.beneficiary is None else _party(said.beneficiary),
        ]
    )


@lru_cache(maxsize=4096)
def read_debt(text: str) -> Debt:
    """The debt of a text."""
    return _debt(json.loads(text))


@lru_cache(maxsize=4096)
def read_debts(text: str) -> tuple[Debt, ...]:
    """The debts of a list of them, in the order of their kinds."""
    kinds = list(ObligationKind)
    found = (_debt(each) for each in json.loads(text))
    return tuple(sorted(found, key=lambda each: (kinds.index(each.kind), each.signal, each.text)))


def _debt(said: Sequence[Any]) -> Debt:
    kind, binding, basis, signal, to, text, version, terms_url, beneficiary = said
    return Debt(
        ObligationKind(kind),
        binding,
        Basis(basis),
        signal,
        Party(*to),
        text,
        version,
        terms_url,
        None if beneficiary is None else Party(*beneficiary),
    )


def stated(said: Stated) -> str:
    """The preferences of an asset as a text of its own."""
    declared = [[each.family, each.expression, each.source] for each in said.declared]
    return _dumps([[list(each) for each in said.uses], declared])


@lru_cache(maxsize=4096)
def read_stated(text: str) -> Stated:
    """The preferences of a list of such texts, joined."""
    made = Stated()
    for uses, declared in json.loads(text):
        made = made.joined(
            Stated(
                tuple((Use(use), Preference(answer)) for use, answer in uses),
                tuple(Declared(*each) for each in declared),
            )
        )
    return made


def contacts(said: Sequence[Contact]) -> str:
    """Whom to ask, as a text of its own."""
    return _dumps([[each.kind, each.name, each.url] for each in said])


@lru_cache(maxsize=4096)
def read_contacts(text: str) -> tuple[Contact, ...]:
    """Whom to ask, of a text."""
    return tuple(Contact(ContactKind(kind), name, url) for kind, name, url in json.loads(text))


def credit(said: Attribution) -> str:
    """The facts of a credit line as a text, without their places."""
    facts = {
        "url": said.url,
        "text": said.text,
        "collection": said.collection,
        "title": said.title,
        "creators": said.creators,
        "licence": said.licence,
        "licence_url": said.licence_url,
        "credit_text": said.credit_text,
        "credit_url": said.credit_url,
        "copyright_notice": said.copyright_notice,
        "licences": [[each.name, each.url] for each in said.licences],
    }
    return _dumps({name: fact for name, fact in facts.items() if fact or name in ("url", "text")})


def read_credit(text: str) -> Attribution:
    """The facts of a credit line, of a text."""
    said: dict[str, Any] = json.loads(text)
    said["creators"] = tuple(said.get("creators", ()))
    said["licences"] = tuple(LicenceName(*each) for each in said.get("licences", ()))
    return Attribution(**said)
