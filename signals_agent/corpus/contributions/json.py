"""The contributions of a corpus as one JSON document, ``signals-agent/contributions/1``."""

import json
from collections.abc import Iterator
from typing import Any, Final

from signals_agent.corpus.contributions import words
from signals_agent.corpus.contributions.account import Account, Kept, Sum
from signals_agent.corpus.contributions.books import Books
from signals_agent.corpus.contributions.gift import Gift, Recorded
from signals_agent.corpus.contributions.valuation import Asked, Ecosystem, Valuation
from signals_agent.corpus.held import Extent
from signals_agent.licences.jurisdictions import NO_ADVICE
from signals_agent.model.obligation import Party
from signals_agent.version import TABLES, VERSION

SCHEMA: Final = "signals-agent/contributions/1"


def render(books: Books) -> Iterator[str]:
    """The document in ASCII, a record a line; nothing is null, and lists are always there.

    Amounts are texts, so that no reader rounds them.
    """
    said = books.account
    head = {
        "schema": SCHEMA,
        "tool": {"version": VERSION, "tables": TABLES},
        "corpus": _there(name=books.facts.name, version=books.facts.version)
        | _extent(books.corpus),
        "as_of": books.today.isoformat(),
        "means": {}
        if books.facts.means is None
        else books.facts.means.model_dump(exclude_none=True),
        "account": _account(said),
    }
    for name, value in head.items():
        yield f"{'{' if name == 'schema' else ','}\n  {json.dumps(name)}: {_dumps(value)}"
    yield ',\n  "records": ['
    begun = False
    for each in books.records():
        yield ("," if begun else "") + "\n    " + _dumps(_record(each))
        begun = True
    yield "\n  ]" if begun else "]"
    yield f',\n  "notice": {_dumps(f"No price was computed for anyone. {NO_ADVICE}")}\n}}\n'


def _dumps(value: object) -> str:
    return json.dumps(value).replace("\x7f", "\\u007f")


def _account(said: Account) -> dict[str, Any]:
    return _there(
        records=said.records,
        ecosystems=said.ecosystems,
        open=said.open,
        given=[_sum(each) for each in said.sums],
        paid=[_sum(each) for each in said.paid],
        in_kind=said.in_kind,
        over_means=None if said.over_means is None else _sum(said.over_means),
        means_not_compared=[_sum(each) for each in said.not_compared],
        commitments=[_kept(each) for each in said.kept],
        not_counted=[
            {"record": each.id, "line": recorded.row.line, "reasons": list(recorded.reasons)}
            for each, recorded in said.uncounted
        ],
        left_over=[
            {"line": row.line, "reason": why, "cells": dict(row.said)}
            for row, why in said.left_over
        ],
    )


def _kept(each: Kept) -> dict[str, Any]:
    return _there(
        place=each.place,
        kind=each.commitment.kind.value,
        to=each.commitment.to,
        ceiling=each.commitment.ceiling,
        expires=each.commitment.expires and each.commitment.expires.isoformat(),
        evidence=each.commitment.evidence,
        flaw=each.flaw,
        about=each.about,
        partly=each.partly,
        answered=each.answered,
        given=[_sum(one) for one in each.sums],
        in_kind=each.in_kind,
        late=each.late,
        over=None if each.over is None else _sum(each.over),
        not_compared=[_sum(one) for one in each.apart],
    )


def _sum(each: Sum) -> dict[str, Any]:
    return {
        "currency": each.currency,
        "amount": words.amount(each.amount),
        "gifts": each.gifts,
    }


def _record(each: Valuation) -> dict[str, Any]:
    to = each.to
    gathers = isinstance(to, Ecosystem)
    return _there(
        id=each.id,
        kind=each.kind.value,
        binding=each.binding,
        to=None if isinstance(to, Ecosystem) else _party(to),
        ecosystem=_ecosystem(to) if isinstance(to, Ecosystem) else None,
        asked=[_asked(one) for one in each.asked],
        more_asked=each.more_asked or None,
        use=_extent(each.use) | {"share_of_assets": round(each.share, 9)},
        example=each.example,
        gathered_in=None if gathers else list(each.gathered_in),
        declared_beneficiaries=[_party(one) for one in each.declared],
        commitments=[
            _there(place=one.place, to=one.to, ceiling=one.ceiling, part=one.part, flaw=one.flaw)
            for one in each.promises
        ],
        agreements=[_there(party=one.party, flaw=one.flaw) for one in each.contracts],
        given=[_gift(one) for one in each.recorded if one.gift is not None],
        not_counted=[
            {"line": one.row.line, "reasons": list(one.reasons)}
            for one in each.recorded
            if one.gift is None
        ],
        state=each.state,
    )


def _ecosystem(to: Ecosystem) -> dict[str, Any]:
    return _there(
        name=to.name,
        signal=to.signal,
        parties=to.parties,
        collective=None if to.collective is None else _party(to.collective),
    )


def _asked(one: Asked) -> dict[str, Any]:
    debt = one.debt
    return _there(
        signal=debt.signal,
        signal_version=debt.signal_version,
        basis=debt.basis.value,
        binding=debt.binding,
        text=debt.text,
        terms_url=debt.terms_url,
        beneficiary=None if debt.beneficiary is None else _party(debt.beneficiary),
        assets=one.extent.assets,
    )


def _gift(recorded: Recorded) -> dict[str, Any]:
    gift: Gift | None = recorded.gift
    assert gift is not None
    return _there(
        form=gift.form.value,
        amount=None if gift.amount is None else words.amount(gift.amount),
        currency=gift.currency,
        in_kind=gift.in_kind,
        beneficiary=gift.beneficiary,
        beneficiary_confirmed_by=gift.confirmed_by,
        beneficiary_confirmed_on=gift.confirmed_on.isoformat(),
        given_on=gift.given_on.isoformat(),
        receipt=gift.receipt,
        note=gift.note,
        line=recorded.row.line,
    )


def _party(each: Party) -> dict[str, Any]:
    return _there(name=each.name, url=each.url, inferred=each.inferred)


def _extent(each: Extent) -> dict[str, Any]:
    """How much it is; octets and tokens only where something is known of them."""
    return _there(
        assets=each.assets,
        bytes=each.bytes if each.measured else None,
        assets_with_bytes=each.measured,
        tokens=each.tokens if each.counted else None,
        assets_with_tokens=each.counted,
    )


def _there(**facts: Any) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}
