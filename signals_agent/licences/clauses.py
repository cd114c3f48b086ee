"""Which part of a licence's text an answer rests on."""

from typing import Final

from signals_agent.licences.entry import Element, Entry, Kind
from signals_agent.model.licence import Activity

_PRIVATE: Final = frozenset({Activity.RESEARCH_INTERNAL, Activity.PUBLISH_METRICS})
_ADAPTS: Final = frozenset(
    {
        Activity.REDISTRIBUTE_MODIFIED,
        Activity.RELEASE_WEIGHTS,
        Activity.PUBLISH_ADAPTED_SAMPLES,
        Activity.MERGE_CHECKPOINTS,
    }
)
_WHOLE: Final = "the licence as a whole"

# For what stays inside, for what is passed on, and for what is made from it.
_SECTIONS: Final[dict[str, tuple[str, str, str]]] = {
    "CC0-1.0": ("section 2",) * 3,
    "CC-PDM-1.0": ("the mark itself: no known copyright",) * 3,
    "CC-PDDC": ("the dedication",) * 3,
    "ODbL-1.0": ("section 3.1", "sections 4.2 and 4.3", "section 4.4"),
    "ODC-By-1.0": ("section 3.1", "sections 4.2 and 4.3", "section 4.2"),
    "PDDL-1.0": ("section 3.1",) * 3,
    "CDLA-Permissive-1.0": ("section 2", "section 3", "section 3"),
    "CDLA-Permissive-2.0": ("section 2", "section 2", "section 3.1"),
    "CDLA-Sharing-1.0": ("section 2", "section 3", "section 3"),
    "Apache-2.0": ("section 2", "section 4", "section 4"),
    "MPL-2.0": ("section 2", "section 3", "section 3"),
    "MIT": ("the permission notice",) * 3,
    "ISC": ("the permission notice",) * 3,
    "BSD-2-Clause": ("the conditions",) * 3,
    "BSD-3-Clause": ("the conditions",) * 3,
    "GPL-2.0-only": ("section 0", "sections 1 and 3", "sections 2 and 3"),
    "GPL-2.0-or-later": ("section 0", "sections 1 and 3", "sections 2 and 3"),
    "GPL-3.0-only": ("section 2", "sections 4 and 6", "sections 5 and 6"),
    "GPL-3.0-or-later": ("section 2", "sections 4 and 6", "sections 5 and 6"),
    "AGPL-3.0-only": ("section 2", "sections 4 and 6", "sections 5, 6 and 13"),
    "AGPL-3.0-or-later": ("section 2", "sections 4 and 6", "sections 5, 6 and 13"),
}


def clause(entry: Entry, activity: Activity) -> str:
    """The licence and the section that answers for the activity, in words."""
    if entry.kind is Kind.UNRECOGNISED:
        return "no text that is known"
    section = _section(entry, activity)
    return f"{entry.id}, {section}"


def terms_url(entry: Entry) -> str | None:
    """Where that text is: the legal code of a Creative Commons licence, else the licence's URL."""
    if entry.url is None or entry.family != "creativecommons" or entry.version is None:
        return entry.url
    return entry.url if entry.id == "CC-PDM-1.0" else entry.url + "legalcode"


def _section(entry: Entry, activity: Activity) -> str:
    place = 0 if activity in _PRIVATE else 2 if activity in _ADAPTS else 1
    if entry.id in _SECTIONS:
        return _SECTIONS[entry.id][place]
    match entry.family:
        case "creativecommons" if entry.version == "4.0":
            return _four(entry, activity)
        case "creativecommons" if entry.version is not None:
            # Versions 1.0 to 3.0 grant in section 3 and restrict in section 4.
            return "section 3" if place == 0 else "section 4"
        case "ogl" if entry.id.startswith("OGL-UK"):
            return _WHOLE if place == 0 else "the heading 'You must'"
        case "openrail":
            return "the use-based restrictions (Attachment A)"
        case "gfdl" if entry.version is not None:
            return "section 2" if place < 2 else "section 4"
        case "rightsstatements" | "other" if entry.kind is Kind.RESERVED:
            return "a statement about rights, which grants none"
        case _:
            return _WHOLE


def _four(entry: Entry, activity: Activity) -> str:
    """Version 4.0: 2(a)(1) grants, 3(a) asks for credit, 3(b) for the same licence."""
    if activity in _PRIVATE:
        return "section 2(a)(1)"
    if activity is Activity.COMMERCIAL_PRODUCT and Element.NC in entry.elements:
        return "section 2(a)(1), which grants for NonCommercial purposes only"
    if Element.ND in entry.elements and (
        activity in _ADAPTS or activity is Activity.COMMERCIAL_PRODUCT
    ):
        return "section 2(a)(1), which grants no sharing of Adapted Material"
    if activity in _ADAPTS and Element.SA in entry.elements:
        return "sections 3(a) and 3(b)"
    return "section 3(a)"
