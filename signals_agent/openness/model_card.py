"""What the front matter of a Hugging Face model card says of a model's openness."""

from signals_agent.openness.fields import Notes, stated
from signals_agent.openness.nouns import Description, Source, Stated
from signals_agent.openness.plain_values import Plain

_IDS = {"odc-by": "ODC-By-1.0", "pddl": "PDDL-1.0", "odbl": "ODbL-1.0"}
"""Ids of Hugging Face that differ from those of SPDX by more than their case."""
_UNTOLD = frozenset({"other", "unknown"})
_SHOWN = 20


def card(given: dict[str, Plain], notes: Notes) -> Description:
    """A description that knows the licence of the repository, and little else.

    A card has dozens of fields of its own, so that unknown ones are not noted.
    """
    subject = {}
    for field, key in (("model_name", "name"), ("base_model", "base_model")):
        value = ", ".join(_texts(given.get(field)))
        if value:
            subject[key] = value
    return Description(
        "",
        Source.MODEL_CARD,
        subject=subject,
        card=_licences(given, notes),
        datasets=tuple(_texts(given.get("datasets")))[:_SHOWN],
    )


def _licences(given: dict[str, Plain], notes: Notes) -> tuple[Stated, ...]:
    value = given.get("license")
    found = []
    for each in value if isinstance(value, list) else [value]:
        one = stated(each, "license", notes)
        if one is None or not one.name:
            continue
        if one.readable and one.name.lower() in _UNTOLD:
            named = _texts(given.get("license_name")) or _texts(given.get("license_link"))
            one = Stated(f"{one.name}: {named[0]}") if named else one
        found.append(Stated(_IDS.get(one.name.lower(), one.name), one.readable))
    return tuple(found[:_SHOWN])


def _texts(given: Plain) -> list[str]:
    values = given if isinstance(given, list) else [given]
    return [each.strip() for each in values if isinstance(each, str) and each.strip()]
