"""Which part of a licence's text an answer rests on."""

from typing import Final

from signals_agent.licences.cc_units import ONLY_PORTED
from signals_agent.licences.entry import Element, Entry, Kind
from signals_agent.model.licence import Activity

_PRIVATE: Final = frozenset({Activity.RESEARCH_INTERNAL, Activity.PUBLISH_METRICS})
_CHANGED: Final = frozenset({Activity.REDISTRIBUTE_MODIFIED, Activity.PUBLISH_ADAPTED_SAMPLES})
_MADE: Final = frozenset(
    {Activity.RELEASE_WEIGHTS, Activity.COMMERCIAL_PRODUCT, Activity.MERGE_CHECKPOINTS}
)
_PLACES: Final = {
    **dict.fromkeys(_PRIVATE, 0),
    **dict.fromkeys(_CHANGED, 2),
    **dict.fromkeys(_MADE, 3),
}
_WHOLE: Final = "the licence as a whole"
_MUST: Final = "the heading 'You must'"

# For what stays inside, for what is passed on unaltered or altered, and for what is trained
# on it. Named by id, or by the family and version of several.
_SECTIONS: Final[dict[str, tuple[str, str, str, str]]] = {
    "CC0-1.0": ("section 2",) * 4,
    "CC-PDM-1.0": ("the mark itself: no known copyright",) * 4,
    "CC-PDDC": ("the dedication",) * 4,
    "ODbL-1.0": ("section 3.1", "sections 4.2 and 4.3", "sections 4.4 and 4.6", "section 4.4"),
    "ODC-By-1.0": ("section 3.1", "sections 4.2 and 4.3", "section 4.2", "section 4.3"),
    "PDDL-1.0": ("section 3.1",) * 4,
    "CDLA-Permissive-1.0": ("section 2.1", "section 3.1", "section 3.1", "section 3.4"),
    "CDLA-Permissive-2.0": ("section 1.1", "section 2.1", "section 2.1", "section 3.1"),
    "CDLA-Sharing-1.0": (
        *("section 2.1", "sections 3.1 and 3.3", "sections 3.1 and 3.3"),
        "sections 3.1 and 3.5 (results are free, the data in them is not)",
    ),
    "DL-DE-BY-2.0": ("paragraph 1", "paragraph 2", "paragraphs 2 and 3", "paragraph 2"),
    "NLOD-2.0": ("section 2", "section 5", "section 5", "section 5"),
    "OGL-Canada-2.0": ("the heading 'You are free to'", _MUST, _MUST, _MUST),
    "NCGL-UK-2.0": (
        *("the heading 'You are free to'", _MUST, _MUST),
        "the heading 'You are not permitted to'",
    ),
    "Apache-2.0": ("section 2", "section 4", "section 4", "section 4"),
    "ECL-2.0": ("section 2", "section 4", "section 4", "section 4"),
    "MPL-2.0": ("section 2", "section 3", "section 3", "section 3"),
    "EPL-2.0": ("section 2", "section 3", "section 3", "section 3"),
    "EPL-1.0": ("section 2", "section 3", "section 3", "section 3"),
    "EUPL-1.1": ("Article 2", "Article 5", "Article 5", "Article 5"),
    "EUPL-1.2": ("Article 2", "Article 5", "Article 5", "Article 5"),
    "LAL-1.3": ("section 2.1", "section 2.2", "section 2.3", "section 2.3"),
    "MIT": ("the permission notice",) * 4,
    "ISC": ("the permission notice",) * 4,
    "BSD-2-Clause": ("the conditions",) * 4,
    "BSD-3-Clause": ("the conditions",) * 4,
    "GPL-2.0": ("section 0", "sections 1 and 3", "sections 2 and 3", "sections 2 and 3"),
    "GPL-3.0": ("section 2", "sections 4 and 6", "sections 5 and 6", "sections 5 and 6"),
    "AGPL-3.0": (
        *("section 2", "sections 4 and 6"),
        *("sections 5, 6 and 13", "sections 5, 6 and 13"),
    ),
    "LGPL-2.1": ("section 0", "sections 1 and 4", "sections 2 and 4", "sections 2 and 4"),
    "ogl": ("the heading 'You are free to'", _MUST, _MUST, _MUST),
    "gfdl": ("section 2", "section 2", "section 4", "section 4"),
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
    if entry.id == "CC-PDM-1.0" or _nowhere(entry):
        return entry.url
    return entry.url + "legalcode"


def stem(entry: Entry) -> str:
    """The id of a licence without what follows its version: an exception, *only*, *or later*."""
    return entry.id.partition(" WITH ")[0].removesuffix("-only").removesuffix("-or-later")


def _nowhere(entry: Entry) -> bool:
    """Whether it is a version that has legal code in single jurisdictions only."""
    unit = stem(entry).removeprefix("CC-").lower().removesuffix(f"-{entry.version}")
    return entry.port is None and (unit, entry.version) in ONLY_PORTED


def _section(entry: Entry, activity: Activity) -> str:
    place = _PLACES.get(activity, 1)
    if activity is Activity.PUBLISH_SAMPLES and entry.kind is Kind.COPYLEFT:
        place = 0  # running it, and what it puts out, is free
    if found := _SECTIONS.get(stem(entry)):
        return found[place]
    match entry.family:
        case "openrail" if activity is Activity.PUBLISH_SAMPLES:
            return "the paragraph on outputs"
        case "openrail":
            return "the use-based restrictions (Attachment A)"
        case "creativecommons" if entry.version == "4.0":
            return _four(entry, activity)
        case "creativecommons" if entry.version is not None:
            # Versions 1.0 to 3.0 grant in section 3 and restrict in section 4.
            return "section 3" if place == 0 else _early(entry, activity)
        case "ogl" if entry.id.startswith("OGL-UK"):
            return _SECTIONS["ogl"][place]
        case "gfdl" if entry.version is not None:
            return _SECTIONS["gfdl"][place]
        case "rightsstatements" | "other" if entry.kind is Kind.RESERVED:
            return "a statement about rights, which grants none"
        case _:
            return _WHOLE


def _early(entry: Entry, activity: Activity) -> str:
    """Versions 1.0 to 3.0: no right to adapt is granted where ND stands."""
    adapts = activity in _CHANGED or activity in _MADE
    if adapts and Element.ND in entry.elements:
        return "sections 3 and 4" if Element.NC in entry.elements else "section 3"
    return "section 4"


def _four(entry: Entry, activity: Activity) -> str:
    """Version 4.0: 2(a)(1) grants, 3(a) asks for credit, 3(b) for the same licence."""
    if activity in _PRIVATE:
        return "section 2(a)(1)"
    if activity is Activity.COMMERCIAL_PRODUCT and Element.NC in entry.elements:
        return "section 2(a)(1), which grants for NonCommercial purposes only"
    adapts = activity in _CHANGED or activity in _MADE
    if Element.ND in entry.elements and adapts:
        return "section 2(a)(1), which grants no sharing of Adapted Material"
    if adapts and Element.SA in entry.elements:
        return "sections 3(a) and 3(b)"
    return "section 3(a)"
