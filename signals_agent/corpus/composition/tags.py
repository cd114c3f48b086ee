"""The tags for machines: which licences a set or a checkpoint carries, and what they ask."""

from collections.abc import Iterable
from typing import Final

from signals_agent.corpus.composition.nouns import SegregatedSet, SetKind
from signals_agent.licences import activities as table
from signals_agent.licences.entry import UNDECIDED, Element, Entry
from signals_agent.model.obligation import ObligationKind

NO_LICENCE: Final = "license:unknown"
RESEARCH_ONLY: Final = "research-only"

_MARKS: Final = (
    (Element.ND, "no-derivatives"),
    (Element.NC, "non-commercial"),
    (Element.SA, "share-alike"),
)

# Hugging Face's own list of licences (huggingface.co/docs/hub/repositories-licenses); any other
# is ``other`` there, with its name and link.
_HUB_IDS: Final = """
apache-2.0 mit openrail bigscience-openrail-m creativeml-openrail-m bigscience-bloom-rail-1.0
bigcode-openrail-m afl-3.0 artistic-2.0 bsl-1.0 bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear
cc0-1.0 cc-by-2.0 cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc-by-nc-2.0 cc-by-
nc-3.0 cc-by-nc-4.0 cc-by-nd-4.0 cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0
cc-by-nc-sa-4.0 cdla-sharing-1.0 cdla-permissive-1.0 cdla-permissive-2.0 wtfpl ecl-2.0 epl-1.0
epl-2.0 etalab-2.0 eupl-1.1 eupl-1.2 agpl-3.0 gfdl gpl gpl-2.0 gpl-3.0 lgpl lgpl-2.1 lgpl-3.0
isc mpl-2.0 odc-by odbl openmdw-1.0 openrail++ osl-3.0 postgresql ofl-1.1 ncsa unlicense zlib
pddl
"""
_HUB: Final = frozenset(_HUB_IDS.split())
_OTHERWISE: Final = {"odc-by-1.0": "odc-by", "odbl-1.0": "odbl", "pddl-1.0": "pddl"}


def hub(label: str) -> str | None:
    """The id by which Hugging Face's hub knows a licence; ``None`` where it does not."""
    ident = label.lower()
    for ending in ("-only", "-or-later"):
        ident = ident.removesuffix(ending)
    if ident.startswith("gfdl-"):
        ident = "gfdl"
    ident = _OTHERWISE.get(ident, ident)
    return ident if ident in _HUB else None


def licence(entry: Entry) -> str:
    """The tag of one licence: its id in small letters; ``other`` where it is none we know."""
    known = entry.kind not in UNDECIDED
    return f"license:{entry.id.lower().replace(' ', '-')}" if known else "license:other"


def of(entries: Iterable[Entry], owed: Iterable[ObligationKind] = ()) -> tuple[str, ...]:
    """The licences with what they ask, and what is owed besides; where there is none, that."""
    named = frozenset(entries)
    marks = {mark for each in named for element, mark in _MARKS if element in each.elements}
    kinds = {*owed, *(kind for each in named for kind in table.conditions(each))}
    if ObligationKind.USE_RESTRICTIONS in kinds:
        marks.add("use-restrictions")
    licences = sorted({licence(each) for each in named}) or [NO_LICENCE]
    return (*licences, *sorted(marks), *obligations(kinds))


def whole(sets: Iterable[SegregatedSet]) -> tuple[str, ...]:
    """The tags of a corpus as a whole: what restricts any of its sets, and what any asks.

    That something may be freely changed and passed on is true of the whole only where it is
    true of every set. Sorted, each once.
    """
    several = tuple(sets)
    found = {tag for each in several for tag in each.tags}
    if any(each.kind is not SetKind.PERMISSIVE for each in several):
        found.discard(SetKind.PERMISSIVE.value)
    return tuple(sorted(found))


def obligations(kinds: Iterable[ObligationKind]) -> tuple[str, ...]:
    """The tags of obligations, in the order of their list."""
    found = frozenset(kinds)
    return tuple(f"obligation:{kind}" for kind in ObligationKind if kind in found)
