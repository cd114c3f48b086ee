"""How a description is held against the Model Openness Framework."""

from signals_agent import quote
from signals_agent.openness import components as mof
from signals_agent.openness import description as descriptions
from signals_agent.openness import open_licences
from signals_agent.openness.components import Part
from signals_agent.openness.nouns import (
    INCLUDED,
    Component,
    Description,
    MofClass,
    Openness,
    Progress,
    Source,
    Stated,
    Status,
)

SYSTEM = (
    "What counts is the system that you use: every model in it, and the code and data around "
    "them, in the versions that you run. This judges one description as it is written; it does "
    "not look at what was released, nor whether that is what you use."
)
CARD_IS_SILENT = "a card does not say"
"""The reason of a component of which a model card has nothing at all."""
_UNLICENSED = "unlicensed"
_WORST = (Status.OPEN, Status.CONDITIONAL, Status.UNLICENSED, Status.INVALID, Status.MISSING)
_SHOWN = 120


def of_file(octets: bytes, name: str) -> Openness:
    """The openness of the system that a file describes; never raises.

    ``octets`` are those of a Model Openness Tool description (YAML or JSON) or of a Hugging
    Face model card; ``name`` is how to call the file, and its ending tells JSON and cards.
    What cannot be read is not open, and ``unreadable`` says why.
    """
    return judge(descriptions.read(octets, name))


def judge(description: Description) -> Openness:
    """The class of what is described, component by component (MOF 1.0; never raises)."""
    if description.source is Source.MODEL_CARD:
        found = tuple(_of_card(part, description) for part in mof.PARTS)
    else:
        found = tuple(_component(part, description) for part in mof.PARTS)
    found = _stood_in(found)
    progress = _progress(found)
    reached = MofClass.NONE
    for each in progress:
        if each.reached:
            reached = MofClass(each.rank)
    return Openness(description, reached, found, progress, _not_known(description))


def _component(part: Part, description: Description) -> Component:
    """One component; where it stands twice, the worse counts."""
    listed = [each for each in description.components if each.part is part]
    if not listed:
        told = "not listed" if part.required else "not listed; no class requires it"
        return Component(part, Status.MISSING, told)
    judged = [_licensed(part, each.licence, description) for each in listed]
    return max(judged, key=lambda each: _WORST.index(each.status))


def _licensed(part: Part, own: Stated | None, description: Description) -> Component:
    """A component that is listed, by its own licence, else that of its kind, else of all."""
    if own is not None:
        if _says_none(own):
            # Said of the component itself, so that no other licence stands in.
            told = "it says itself that it has no licence"
            return Component(part, Status.UNLICENSED, told, found_in="component")
        return _by_licence(part, own, "component", "its own licence")
    for key, whose in (
        (part.content, f"the licence of the release for {_PLURAL[part.content]}"),
        ("distribution", "the licence of the whole release"),
    ):
        given = description.licences.get(key)
        if given is None or not given.name:
            continue
        where = f"release.license.{key}"
        if _says_none(given):
            told = f"{whose} says that there is none"
            return Component(part, Status.UNLICENSED, told, found_in=where)
        return _by_licence(part, given, where, whose)
    told = (
        f"no licence of its own, none of the release for {_PLURAL[part.content]} or for the whole"
    )
    return Component(part, Status.UNLICENSED, told)


_PLURAL = {"code": "code", "data": "data", "document": "documents"}


def _says_none(given: Stated) -> bool:
    return given.readable and given.name.lower() in ("", _UNLICENSED)


def _by_licence(part: Part, given: Stated, where: str, whose: str) -> Component:
    """A component whose licence was found: open, open on condition, or not open."""
    if not given.readable:
        return Component(part, Status.INVALID, f"{whose} is {given.name}, not text", "", where)
    shown = quote.text(given.name, _SHOWN)
    spdx = open_licences.known(given.name)
    if spdx is None:
        likely = open_licences.meant(given.name)
        hint = f"; if it is {likely}, write that id" if likely else ""
        told = f"{whose}, {shown}, is not on the list of open ones{hint}"
        return Component(part, Status.INVALID, told, given.name, where)
    if spdx in open_licences.MEANT_FOR[part.content]:
        return Component(part, Status.OPEN, f"{whose}, {spdx}, is open", given.name, where, spdx)
    told = f"{whose}, {spdx}, is open, though not one meant for {_PLURAL[part.content]}"
    return Component(part, Status.CONDITIONAL, told, given.name, where, spdx)


def _of_card(part: Part, description: Description) -> Component:
    """What a model card tells of one component: of itself its licence, of others nothing sure."""
    if part.name == mof.MODEL_CARD:
        whose = "the licence in the front matter"
        judged = [_by_licence(part, each, "front matter", whose) for each in description.card]
        if not judged:
            return Component(part, Status.UNLICENSED, "the front matter names no licence")
        return max(judged, key=lambda each: _WORST.index(each.status))
    told = CARD_IS_SILENT
    if part.name == mof.PARAMETERS and description.card:
        names = quote.text(", ".join(each.name for each in description.card), _SHOWN)
        told = (
            f"the card's licence, {names}, is for the repository; the card does not say whether "
            "the parameters are in it"
        )
    if part.name == mof.DATASETS and description.datasets:
        names = quote.text(", ".join(description.datasets), _SHOWN)
        told = f"the card names {names}, and does not say whether that is all, nor the licences"
    return Component(part, Status.UNKNOWN, told)


def _stood_in(found: tuple[Component, ...]) -> tuple[Component, ...]:
    """The components, the technical report saying so where the research paper stands in for it."""
    if not _stands_in(found):
        return found
    return tuple(
        Component(
            each.part,
            each.status,
            f"{each.reason}; the research paper stands in for it",
            each.licence,
            each.found_in,
            each.spdx,
        )
        if each.part.name == mof.TECHNICAL_REPORT
        else each
        for each in found
    )


def _stands_in(found: tuple[Component, ...]) -> bool:
    status = {each.part.name: each.status for each in found}
    return status[mof.RESEARCH_PAPER] in INCLUDED and status[mof.TECHNICAL_REPORT] not in INCLUDED


def _progress(found: tuple[Component, ...]) -> tuple[Progress, ...]:
    """The classes from the lowest; each needs all that the lower ones need: 6, 10 and 14.

    An open research paper is counted for itself and for the report that it stands in for.
    """
    included = {each.part.name for each in found if each.status in INCLUDED}
    stood_in = (mof.TECHNICAL_REPORT,) if _stands_in(found) else ()
    required: tuple[str, ...] = ()
    made: list[Progress] = []
    for rank in mof.RANKS:
        named = (part.name for part in mof.PARTS if part.rank == rank and part.required)
        required = (*required, *named)
        lacking = tuple(each for each in required if each not in included and each not in stood_in)
        made.append(Progress(rank, required, lacking, reached=not lacking, stood_in=stood_in))
    return tuple(made)


def _not_known(description: Description) -> tuple[str, ...]:
    """What nobody can tell from this kind of file."""
    told = [
        "whether what is described was released, and under these licences",
        "whether the system that you use is the one described",
    ]
    if description.source is Source.MODEL_CARD:
        told = [
            "the class of the Model Openness Framework: a card lists no components",
            "whether code, data, parameters and papers are released, and under which licences",
            told[1],
        ]
    if not description.osaid.asserted:
        told.append(
            "whether it is open source AI (OSAID 1.0): that is asserted by people, with evidence"
        )
    return tuple(told)
