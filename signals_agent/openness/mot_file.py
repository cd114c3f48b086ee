"""How the ``release`` of a file of the Model Openness Tool is read."""

from signals_agent.model.note import Severity
from signals_agent.openness.components import BY_NAME, PARTS
from signals_agent.openness.fields import Notes, kind, stated
from signals_agent.openness.nouns import Described, Description, Source, Stated
from signals_agent.openness.plain_values import Plain, Unreadable

_TEXTS = (
    "name",
    "version",
    "date",
    "type",
    "architecture",
    "treatment",
    "origin",
    "producer",
    "contact",
    "repository",
    "huggingface",
)
"""The last two stand in most files, though not in the schema."""
_REQUIRED = ("name", "producer", "license", "components")
_KINDS = ("distribution", "code", "data", "document")
_OF_A_COMPONENT = ("name", "description", "license", "license_path", "component_path")


def release(given: Plain, notes: Notes) -> Description:
    """What a release says; raises ``Unreadable`` where it is no release at all."""
    if not isinstance(given, dict):
        raise Unreadable(f"its `release` is {kind(given)}, and should be a mapping")
    notes.unknown(given, (*_TEXTS, "license", "components", "osaid"), "release")
    for name in _REQUIRED:
        if name not in given:
            # Without components there is nothing to judge.
            severity = Severity.ERROR if name == "components" else Severity.WARNING
            told = f"release.{name} is not given"
            notes.add("openness-field-missing", told, severity, at="release")
    subject = {}
    for name in _TEXTS:
        value = given.get(name)
        if isinstance(value, str) and value.strip():
            subject[name] = value.strip()
        elif value is not None and not isinstance(value, str):
            notes.malformed(f"release.{name}", "text", value)
    return Description(
        "",
        Source.MOF,
        subject=subject,
        licences=_licences(given.get("license"), notes),
        components=_components(given.get("components"), notes),
    )


def _licences(given: Plain, notes: Notes) -> dict[str, Stated]:
    """Licences by content type; a blank name is none, and the next place is looked at."""
    where = "release.license"
    # An empty list is how PHP writes an empty mapping.
    if given is None or given == []:
        return {}
    if isinstance(given, dict):
        notes.unknown(given, _KINDS, where)
        found = {key: _named(given[key], f"{where}.{key}", notes) for key in _KINDS if key in given}
    else:
        if isinstance(given, str):
            notes.malformed(where, "a mapping, read as {distribution: {name: ...}}", given)
        found = {"distribution": stated(given, where, notes)}
    return {key: each for key, each in found.items() if each is not None and each.name}


def _named(given: Plain, where: str, notes: Notes) -> Stated | None:
    """The licence of ``{name, path}``; plain text in its place is taken for the name."""
    if given == []:
        return None
    if isinstance(given, dict):
        notes.unknown(given, ("name", "path"), where)
        return stated(given.get("name"), f"{where}.name", notes)
    if isinstance(given, str):
        notes.malformed(where, "a mapping, read as {name: ...}", given)
    return stated(given, where, notes)


def _components(given: Plain, notes: Notes) -> tuple[Described, ...]:
    if given is None:
        return ()
    if not isinstance(given, list):
        raise Unreadable(f"its release.components is {kind(given)}, and should be a list")
    found: list[Described] = []
    for number, each in enumerate(given, 1):
        where = f"release.components[{number}]"
        if not isinstance(each, dict):
            notes.malformed(where, "a mapping, and is not counted", each)
            continue
        notes.unknown(each, _OF_A_COMPONENT, where)
        name = each.get("name")
        part = BY_NAME.get(" ".join(name.split()).lower()) if isinstance(name, str) else None
        if part is None:
            shown = repr(name[:60]) if isinstance(name, str) else "not a text"
            notes.add(
                "openness-unknown-component",
                f"{where}.name is {shown}, none of the {len(PARTS)} components; it is not counted",
                at=f"{where}.name" if name is not None else where,
            )
            continue
        if any(part is one.part for one in found):
            notes.add(
                "openness-component-twice",
                f"the component {part.name!r} stands twice; the worse of the two counts",
                at=f"{where}.name",
            )
        found.append(Described(part, _own(each.get("license"), f"{where}.license", notes)))
    return tuple(found)


def _own(given: Plain, where: str, notes: Notes) -> Stated | None:
    if isinstance(given, dict) and given:
        return _named(given, where, notes)
    return stated(given, where, notes)
