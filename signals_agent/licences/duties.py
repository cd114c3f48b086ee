"""What a licence asks its recipient to do, condition by condition, in plain words."""

from collections.abc import Iterator

from signals_agent.licences.clauses import stem
from signals_agent.licences.duty_table import ANY, DUTIES, EARLY, SAYS
from signals_agent.licences.entry import Element, Entry
from signals_agent.model.obligation import ObligationKind


def text(entry: Entry, kind: ObligationKind) -> str:
    """What must be done to meet this condition, with the licence's id and the clause it rests on.

    Of the six kinds that licences ask for (rule R23); for any other a ``ValueError``.
    """
    if kind not in DUTIES:
        raise ValueError(f"No licence asks for {kind}.")
    duties = DUTIES[kind]
    sentence, clause = next(duties[each] for each in _subjects(entry) if each in duties)
    if entry.family == "creativecommons":
        clause = _letters(entry, kind, clause)
    where = f"{entry.id}, {clause}" if clause else entry.id
    return f"{sentence.removesuffix('.').format(id=entry.id)} ({where})."


def says_changes(entry: Entry) -> bool:
    """Whether who shares a changed version must say that, or how, it was changed.

    Creative Commons 4.0 3(a)(1)(B); 3.0 3(b) and 4; before, a credit that says how an
    adaptation uses the work. The early ND licences allow none.
    """
    if entry.family == "creativecommons":
        return Element.BY in entry.elements and not _early_nd(entry)
    return any(each in SAYS for each in _subjects(entry))


def _subjects(entry: Entry) -> Iterator[str]:
    """Under what a licence may stand in the tables, the narrowest first."""
    base = stem(entry)
    yield base
    yield base.partition("-")[0]
    if _early_nd(entry):
        yield "creativecommons/early-nd"
    yield f"{entry.family}/{entry.version}"
    yield entry.family
    yield ANY


def _early_nd(entry: Entry) -> bool:
    """Whether it is a version before 4.0 with ND, which grants no right to adapt at all."""
    early = entry.version is not None and entry.version < "4.0"
    return early and entry.family == "creativecommons" and Element.ND in entry.elements


def _letters(entry: Entry, kind: ObligationKind, clause: str | None) -> str | None:
    """The clause, by the letters that the unit has; ports number theirs in their own ways."""
    if entry.version is None or entry.port not in {None, "igo"}:
        return None
    if entry.retired is not None and entry.version != "1.0":
        return None  # published in Japan only
    if entry.version == "4.0" or kind not in {ObligationKind.CREDIT, ObligationKind.NON_COMMERCIAL}:
        return clause
    credit, commerce = EARLY.get(frozenset(entry.elements), (None, None))
    letter = credit if kind is ObligationKind.CREDIT else commerce
    if letter is None or entry.retired is not None:
        return None
    if (
        kind is ObligationKind.CREDIT
        and entry.version == "3.0"
        and Element.ND not in entry.elements
    ):
        return f"sections 3(b) and {letter}"
    return f"section {letter}"
