"""What is told of a declared licence, alone or beside another, before it takes a format."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from signals_agent.licences import activities, compare, expression
from signals_agent.licences.entry import UNDECIDED, Entry, Kind
from signals_agent.model.licence import Activity, ActivityTerms


@dataclass(frozen=True, slots=True)
class Side:
    """One licence as declared: ``label`` is its id, or its expression."""

    declared: str
    label: str
    recognised: bool
    licences: tuple[Entry, ...]
    activities: dict[Activity, ActivityTerms]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A licence, and where another was named the comparison with it."""

    licence: Side
    against: Side | None = None
    comparison: compare.Comparison | None = None


def make(declared: str, against: str | None = None, wanted: Sequence[Activity] = ()) -> Sheet:
    """The sheet of a URL, id or expression; for all ten activities where none are named."""
    chosen = tuple(wanted) or tuple(Activity)
    one = expression.read(declared)
    side = _side(declared, one, chosen)
    if against is None:
        return Sheet(side)
    other = expression.read(against)
    return Sheet(side, _side(against, other, chosen), compare.compare(one, other, chosen))


def _side(declared: str, terms: expression.Terms, wanted: tuple[Activity, ...]) -> Side:
    licences = expression.leaves(terms)
    return Side(
        declared,
        expression.written(terms),
        all(each.kind is not Kind.UNRECOGNISED for each in licences),
        licences,
        activities.row(terms, wanted),
        tuple(_remarks(declared, terms, licences)),
    )


def _remarks(declared: str, terms: expression.Terms, licences: tuple[Entry, ...]) -> Iterator[str]:
    if declared.strip().lower() == "other":
        yield (
            "Hugging Face's 'other' is known by the license_link of the card, else by its "
            "license_name: give that one."
        )
    if not isinstance(terms, Entry):
        yield (
            "Of licences joined by OR the least demanding answer counts, of those joined by AND "
            "the most demanding."
        )
    for each in licences:
        if each.kind is Kind.UNRECOGNISED:
            yield (
                "Not a licence that is recognised: until its text has been read, no answer is "
                "better than caution, and sharing the data is no."
            )
        elif each.kind in UNDECIDED:
            yield (
                f"{each.id} is a statement about rights, not a licence: no answer is better than "
                "caution, and sharing the data is no."
            )
        if each.retired is not None:
            yield f"{each.id} was withdrawn by its steward on {each.retired}; it still binds."
        if each.version is None and each.kind not in UNDECIDED and each.family in _VERSIONED:
            yield f"{each.id} does not say its version; the answers are those of all its versions."


_VERSIONED = frozenset({"creativecommons", "gfdl"})
