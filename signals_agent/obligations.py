"""What a resolution comes to as obligations: what, to whom, by which declaration (rule R23)."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from signals_agent import party
from signals_agent.model.declaration import Declaration
from signals_agent.model.ids import identify
from signals_agent.model.obligation import Basis, Obligation, ObligationKind, Party, Term
from signals_agent.model.resolution import UseResolution
from signals_agent.model.use import Use

CONVEY_TEXT = (
    "Let the preferences declared for this asset travel with every dataset and model that is made "
    "from it."
)


def owed(
    resolutions: Sequence[UseResolution],
    declarations: Mapping[str, Declaration],
    licensed: Sequence[tuple[Term, tuple[str, ...]]] = (),
) -> tuple[dict[Use, tuple[str, ...]], tuple[Obligation, ...]]:
    """The obligation ids of each use, and every obligation once.

    One obligation for each term and declaring party; what several declarations of one
    party ask for alike is owed once, because of all of them. ``licensed`` are the terms of
    licences, which are owed for every use alike.
    """
    if not licensed and not any(resolution.owed for resolution in resolutions):
        return {resolution.use: () for resolution in resolutions}, ()
    found: dict[tuple[Term, Party], dict[str, None]] = {}
    by_use: dict[Use, list[tuple[Term, Party]]] = {}
    for resolution in resolutions:
        keys = by_use.setdefault(resolution.use, [])
        asked = [(due.term, due.because) for due in resolution.owed]
        for term, because in (*asked, *licensed):
            for declaration_id in because:
                key = (term, party.declaring(term, declarations[declaration_id].source))
                found.setdefault(key, {})[declaration_id] = None
                if key not in keys:
                    keys.append(key)
    made = {key: _make(*key, because=tuple(ids)) for key, ids in found.items()}
    return (
        {use: tuple(made[key].id for key in keys) for use, keys in by_use.items()},
        tuple(made.values()),
    )


def _make(term: Term, to: Party, because: tuple[str, ...]) -> Obligation:
    return Obligation(
        id=_id(term, to),
        kind=term.kind,
        binding=term.binding,
        basis=term.basis,
        signal=term.signal,
        to=to,
        text=term.text,
        because=because,
        signal_version=term.signal_version,
        terms_url=term.terms_url,
        beneficiary=term.beneficiary,
    )


@lru_cache(maxsize=4096)
def _id(term: Term, to: Party) -> str:
    return identify(
        "obl",
        term.kind,
        term.basis,
        term.signal,
        term.signal_version or "",
        to.name,
        to.url or "",
        term.terms_url or "",
        *((term.beneficiary.name,) if term.beneficiary else ()),
    )


def convey(declarations: Sequence[Declaration]) -> Obligation:
    """The advisory obligation that preferences travel with what is made (rules, section 6)."""
    first = declarations[0]
    term = Term(
        kind=ObligationKind.CONVEY_PREFERENCES,
        signal=first.family,
        text=CONVEY_TEXT,
        basis=Basis.PREFERENCE,
        binding=False,
    )
    return _make(
        term,
        party.declaring(term, first.source),
        because=tuple(declaration.id for declaration in declarations),
    )
