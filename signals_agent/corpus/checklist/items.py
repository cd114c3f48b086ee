"""Each item of the checklist: computed where it can be, asked for where not."""

from collections.abc import Callable
from typing import Final

from signals_agent import quote, wording
from signals_agent.corpus.checklist.nouns import Ground, How, Item, State
from signals_agent.corpus.composition.nouns import Release, SetKind
from signals_agent.corpus.composition.standing import STATED
from signals_agent.corpus.facts import Answered
from signals_agent.corpus.held import Extent
from signals_agent.licences import activities as table
from signals_agent.licences import declared, expression
from signals_agent.model.licence import Activity, ActivityAnswer, Licence
from signals_agent.model.obligation import ObligationKind

_TEMPLATES: Final = ("paper.md", "paper.tex", "readme.md", "demo.html")
_PUBLIC: Final = (
    Activity.MIRROR,
    Activity.REDISTRIBUTE_MODIFIED,
    Activity.RELEASE_WEIGHTS,
    Activity.COMMERCIAL_PRODUCT,
    Activity.PUBLISH_SAMPLES,
    Activity.PUBLISH_ADAPTED_SAMPLES,
    Activity.MERGE_CHECKPOINTS,
)
"""What lets something of the corpus out of the house."""
_REDISTRIBUTING: Final = (
    Activity.MIRROR,
    Activity.REDISTRIBUTE_MODIFIED,
    Activity.SHARE_FOR_REVIEW,
)


def make(ground: Ground) -> tuple[Item, ...]:
    """Every item of the list, in its order (licences, *Checklist*)."""
    return tuple(each(ground) for each in _ITEMS)


def _licence_texts(ground: Ground) -> Item:
    """Every licence of the corpus is one whose text is known, in a version that is said."""
    if not ground.composition.extent.assets:
        return _computed(
            "licence_text_confirmed",
            State.OPEN,
            "Nothing is in the corpus, so nothing could be looked at.",
            "see why nothing was ingested, or what was left out",
        )
    unclear: dict[str, Extent] = {}
    none = Extent()
    for number, extent in ground.holdings.on_footings().items():
        footing = ground.holdings.footings[number]
        if not footing.licences:
            none += extent
        for licence in footing.licences:
            if not _text_is_known(licence):
                unclear[licence.label] = unclear.get(licence.label, Extent()) + extent
    if not unclear and not none.assets:
        count = len({label for labels, _ in ground.composition.licences for label in labels})
        text = (
            "The one licence is recognised, and its text is known (composition.md)."
            if count == 1
            else f"All {count} licences are recognised, and their texts are known (composition.md)."
        )
        return _computed("licence_text_confirmed", State.DONE, text)
    return _stated_or_open(
        ground,
        "licence_text_confirmed",
        _unconfirmed(unclear, none, quote.text),
        "read the texts of these licences, or leave the assets out; then say who did",
        _unconfirmed(unclear, none, quote.markdown),
    )


def _unconfirmed(
    unclear: dict[str, Extent], none: Extent, quoted: Callable[[str, int], str]
) -> str:
    said = [
        f"{extent.assets} {_assets(extent)} under {quoted(label, 200)}"
        for label, extent in sorted(unclear.items(), key=lambda each: (-each[1].assets, each[0]))
    ]
    shown = said[:5] + ([f"{len(said) - 5} more"] if len(said) > 5 else [])
    if none.assets:
        shown.append(f"{none.assets} {_assets(none)} without any licence")
    return f"Not confirmed by the tables: {'; '.join(shown)}."


def _text_is_known(licence: Licence) -> bool:
    terms = expression.read(licence.label)
    versioned = all(each.url is not None for each in expression.leaves(terms))
    return declared.recognised(terms) and versioned


def _publisher_statements(ground: Ground) -> Item:
    """Where weights are not plainly allowed, what the licensor itself says of them is recorded."""
    name = "publisher_faq_recorded"
    asked, recorded = Extent(), Extent()
    for number, extent in ground.holdings.on_footings().items():
        cells = [each.activities[_WEIGHTS] for each in ground.holdings.footings[number].licences]
        if any(each.clause == STATED for each in cells):
            recorded += extent
        elif cells and table.join(cells).answer is not ActivityAnswer.OK:
            asked += extent
    if asked.assets:
        return _stated_or_open(
            ground,
            name,
            f"{asked.assets} {_assets(asked)} under licences that do not plainly allow weights, "
            "and no statement of a licensor is recorded for them.",
            "look for the publishers' own words on weights, and record them as [[statement]] in "
            "the policy with their URL",
        )
    if recorded.assets:
        text = (
            f"The policy has the licensors' statements for {recorded.assets} {_assets(recorded)}."
        )
        return _computed(name, State.DONE, text)
    if not ground.composition.extent.assets:
        text = "Nothing is in the corpus."
    else:
        text = "Every licence allows weights, or none is declared."
    return _computed(name, State.NOT_APPLICABLE, text)


_WEIGHTS: Final = Activity.RELEASE_WEIGHTS


def _research_only(ground: Ground) -> Item:
    sets = [each for each in ground.composition.sets if each.kind is SetKind.RESEARCH_ONLY]
    extent = sum((each.extent for each in sets), Extent())
    if not sets:
        text = "Nothing in the corpus is limited to research."
        return _computed("research_only_documented", State.NOT_APPLICABLE, text)
    if "README.md" in ground.written:
        text = f"{_are(extent)} marked Research-Only in README.md, preferences.json and sets/."
        return _computed("research_only_documented", State.DONE, text)
    return _stated_or_open(
        ground,
        "research_only_documented",
        f"{_are(extent)} for research only, and no card says so yet.",
        "write the card with --output FOLDER, and publish it with the corpus",
    )


def _apart(ground: Ground) -> Item:
    """That material is stored apart is something only a person can see."""
    no_derivatives = {
        number
        for number, footing in ground.holdings.footings.items()
        for licence in footing.licences
        if ObligationKind.NO_DERIVATIVES in table.conditions(expression.read(licence.label))
    }
    # Where a licence may be chosen that lets changes be shared, nothing has to lie apart.
    sets = [
        each
        for each in ground.composition.sets
        if each.marked and not no_derivatives.isdisjoint(each.footings)
    ]
    extents = ground.holdings.on_footings()
    apart = no_derivatives & {number for each in sets for number in each.footings}
    extent = sum((extents[each] for each in sorted(apart)), Extent())
    if not extent.assets:
        text = "Nothing in the corpus is under a no-derivatives licence."
        return _computed("nd_stored_apart", State.NOT_APPLICABLE, text)
    names = [f"sets/{each.name}.jsonl" for each in sets]
    return _stated_or_open(
        ground,
        "nd_stored_apart",
        f"{_are(extent)} under no-derivatives licences; "
        f"{wording.series(names)} {'lists' if len(names) == 1 else 'list'} what belongs apart.",
        "store them by these lists, and say where",
    )


def _redistribution(ground: Ground) -> Item:
    name = "redistribution_ruled_out"
    published = ground.facts.access == "public"
    if not ground.planned and not published:
        return _stated_or_open(
            ground,
            name,
            "Nobody has said what is planned with the corpus.",
            "name the planned activities (activities in corpus.toml, or in the policy)",
        )
    planned = [each for each in _REDISTRIBUTING if each in _plans(ground)]
    if not planned:
        text = "No planned activity hands the data on."
        return _computed(name, State.DONE, text)
    unclear = [
        each
        for each in planned
        if ground.composition.activities[each].answer is not ActivityAnswer.OK
    ]
    if not unclear:
        text = f"Expressly allowed for every asset: {wording.series(planned)}."
        return _computed(name, State.DONE, text)
    return _computed(
        name,
        State.OPEN,
        f"Planned, and not allowed for every asset: {wording.series(unclear)}.",
        "take these out of the plan, leave out the assets that stand in the way "
        "(composition.md), or ask for licences (separate-licences.md)",
    )


def _plans(ground: Ground) -> tuple[Activity, ...]:
    """What is planned; whoever gives everybody access hands the data on, said or not."""
    published = ground.facts.access == "public" and Activity.MIRROR not in ground.planned
    return (*ground.planned, *((Activity.MIRROR,) if published else ()))


def _checkpoints(ground: Ground) -> Item:
    name = "checkpoint_policy_stated"
    said = {
        Release.RELEASE: "checkpoints may be released",
        Release.ASK: "checkpoints are released only after review",
        Release.DO_NOT_RELEASE: "checkpoints are not released",
    }[ground.weights.release]
    if "weights.md" not in ground.written:
        return _stated_or_open(
            ground,
            name,
            f"By the licences {said}; this is not written down with the corpus yet.",
            "write it with --output FOLDER (weights.md, weights.json)",
        )
    planned = [each for each in (_WEIGHTS, Activity.MERGE_CHECKPOINTS) if each in ground.planned]
    if planned and ground.weights.release is Release.DO_NOT_RELEASE:
        return _computed(
            name,
            State.OPEN,
            f"The plan is to {wording.series(planned)}, but by the licences {said} (weights.md).",
            "change the plan, or train on what remains (weights.md says what that is)",
        )
    return _computed(name, State.DONE, f"Stated in weights.md: {said}.")


def _legal_review(ground: Ground) -> Item:
    name = "legal_review"
    public = [each for each in _PUBLIC if each in _plans(ground)]
    if ground.planned and not public:
        text = "Nothing that is planned lets anything out."
        return _computed(name, State.NOT_APPLICABLE, text)
    what = wording.series(public) if public else "nobody has said what is planned"
    return _stated_or_open(
        ground,
        name,
        f"Planned: {what}." if public else f"{what.capitalize()}.",
        "have it reviewed before anything is released, and say who did",
    )


def _templates(ground: Ground) -> Item:
    missing = [each for each in _TEMPLATES if f"templates/{each}" not in ground.written]
    if not missing and "CREDITS.md" in ground.written:
        text = "CREDITS.md and templates/ for paper, README and demo page are written."
        return _computed("attribution_templates", State.DONE, text)
    return _stated_or_open(
        ground,
        "attribution_templates",
        "The credits and their templates are not written yet.",
        "write them with --output FOLDER",
    )


def _access(ground: Ground) -> Item:
    name = "access_control"
    if ground.facts.access is None:
        return _stated_or_open(
            ground,
            name,
            "Nobody has said who may have the corpus.",
            'say who may have it: access = "private", "on-request" or "public"',
        )
    text = f"Access is {ground.facts.access}."
    mirrored = ground.composition.activities[Activity.MIRROR]
    if ground.facts.access == "public" and mirrored.answer is not ActivityAnswer.OK:
        return _stated_or_open(
            ground,
            name,
            f"{text} Not every asset may plainly be handed on (mirror: {mirrored.answer}).",
            "publish only the sets that may be, or restrict access",
        )
    return Item(name, _TITLES[name], State.DONE, How.STATED, text)


def _again(ground: Ground) -> Item:
    name, title = "audited_again_by", _TITLES["audited_again_by"]
    by = ground.facts.checklist.audited_again_by
    if by is None:
        return Item(
            name,
            title,
            State.OPEN,
            How.STATED,
            "No date is set.",
            "set audited_again_by under [checklist] in corpus.toml",
        )
    if by < ground.today:
        late = f"It was due on {by.isoformat()}."
        ask = "look at the declarations again, and set the next date"
        return Item(name, title, State.OPEN, How.STATED, late, ask)
    return Item(name, title, State.DONE, How.STATED, f"Due by {by.isoformat()}.")


_TITLES: Final = {
    "licence_text_confirmed": "Licence text confirmed",
    "publisher_faq_recorded": "Publishers' own words on weights recorded",
    "research_only_documented": "Research-only use documented",
    "nd_stored_apart": "No-derivatives data stored apart",
    "redistribution_ruled_out": "Redistribution ruled out unless expressly allowed",
    "checkpoint_policy_stated": "Checkpoint policy stated",
    "legal_review": "Legal review noted before any public release",
    "attribution_templates": "Attribution templates ready",
    "access_control": "Access control stated",
    "audited_again_by": "Audited again by a date",
}

_ITEMS: Final[tuple[Callable[[Ground], Item], ...]] = (
    _licence_texts,
    _publisher_statements,
    _research_only,
    _apart,
    _redistribution,
    _checkpoints,
    _legal_review,
    _templates,
    _access,
    _again,
)


def _computed(name: str, state: State, evidence: str, ask: str | None = None) -> Item:
    return Item(name, _TITLES[name], state, How.COMPUTED, evidence, ask)


def _stated_or_open(
    ground: Ground, name: str, found: str, ask: str, shown: str | None = None
) -> Item:
    """What a person has said of it, beside what was found; else it is open.

    ``shown`` is what was found as Markdown, where others' words are in it.
    """
    answered: Answered | None = getattr(ground.facts.checklist, name)
    if answered is None:
        asked = f"{ask}; in corpus.toml: [checklist.{name}] with by, on and evidence."
        return Item(name, _TITLES[name], State.OPEN, How.COMPUTED, found, asked, shown)
    if answered.on > ground.today:
        later = f"set the day on which {name} was settled; {answered.on.isoformat()} is to come"
        return Item(name, _TITLES[name], State.OPEN, How.STATED, found, later, shown)
    plain = _settled(found, answered, quote.text)
    marked = _settled(shown or found, answered, quote.markdown)
    return Item(name, _TITLES[name], State.DONE, How.STATED, plain, shown=marked)


def _settled(found: str, answered: Answered, quoted: Callable[[str, int], str]) -> str:
    note = f" {quoted(answered.note, 500)}" if answered.note else ""
    return (
        f"{found} Settled by {quoted(answered.by, 200)} on {answered.on.isoformat()}: "
        f"{quoted(answered.evidence, 500)}.{note}"
    )


def _assets(extent: Extent) -> str:
    return "asset" if extent.assets == 1 else "assets"


def _are(extent: Extent) -> str:
    return "1 asset is" if extent.assets == 1 else f"{extent.assets:,} assets are"
