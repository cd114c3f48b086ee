"""How octets become the description of a model: a file of the Model Openness Tool, or a card."""

import hashlib
import re
from dataclasses import replace

from signals_agent import quote
from signals_agent.openness import plain_values
from signals_agent.openness.fields import Notes
from signals_agent.openness.model_card import card
from signals_agent.openness.mot_file import release
from signals_agent.openness.nouns import Description, Source
from signals_agent.openness.osaid import osaid
from signals_agent.openness.plain_values import Lines, Plain, Unreadable
from signals_agent.syntax import json_values

_FRONT = re.compile(
    r"\s*?---[ \t]*(?:\r\n|\n|\r)(.*?)(?:\A|(?<=[\r\n]))---[ \t]*(?:\r\n|\n|\r|\Z)", re.DOTALL
)
_TOLD = (
    "give a description of the Model Openness Tool, with a `release` in it (YAML or JSON), "
    "or the README.md of a model with front matter"
)
_TOP = ("framework", "release", "osaid")
_OF_THE_TOOL = frozenset({"id", "classification"})
"""What the tool's own answers carry besides; the class is worked out here."""


def read(octets: bytes, name: str) -> Description:
    """What a file says of a model; ``name`` is only how to call it, and its ending a hint.

    Never raises: what can not be read leaves a description that says why (``unreadable``).
    """
    digest = hashlib.sha256(octets).hexdigest()
    try:
        return replace(_read(octets, name), name=name, sha256=digest)
    except Unreadable as error:
        why = quote.text(str(error), 400)
        return Description(name, Source.NONE, sha256=digest, unreadable=why)


def _read(octets: bytes, name: str) -> Description:
    if not octets.strip():
        raise Unreadable(f"it is empty; {_TOLD}")
    # A card may be long: only its front matter is read.
    begun = octets[: plain_values.MAX_OCTETS + 8]
    is_card = name.lower().endswith((".md", ".markdown"))
    whole = len(begun) == len(octets)
    decoded = json_values.decode(begun)
    if not decoded.clean and whole:
        raise Unreadable(f"it is not UTF-8 text{_from_line(begun)}")
    text = decoded.text
    front = _FRONT.match(text) if text.lstrip()[:3] == "---" else None
    before = text.count("\n", 0, front.start(1)) + 1 if front is not None else 1
    if front is not None and (is_card or text[front.end() :].strip()):
        return _of_front_matter(front[1], text[front.end() :], before)
    if is_card and whole:
        raise Unreadable(f"it is a text without front matter; {_TOLD}")
    if not whole:
        what = "front matter" if is_card else "description"
        raise Unreadable(f"no {what} ends within {plain_values.MAX_OCTETS} octets")
    if front is not None:
        # Closed by a line of hyphens, with nothing behind it.
        (value, lines), syntax = plain_values.of(front[1], json=False, first=before), "yaml"
        if isinstance(value, dict) and not set(_TOP) & {key.lower() for key in value}:
            return _of_front_matter(front[1], "", before)
    else:
        (value, lines), syntax = _value(text, name)
    return replace(_of_value(value, lines), syntax=syntax)


def _from_line(octets: bytes) -> str:
    """Where octets stop to be UTF-8, in words."""
    try:
        octets.decode()
    except UnicodeDecodeError as error:
        line = octets.count(b"\n", 0, error.start) + 1
        return f" (line {line})"
    return ""


def _value(text: str, name: str) -> tuple[tuple[Plain, Lines], str]:
    """The value of a whole text with its lines, and in which syntax it is."""
    if name.lower().endswith(".json"):
        return plain_values.of(text, json=True), "json"
    if text.lstrip()[:1] in ("{", "["):
        try:
            return plain_values.of(text, json=True), "json"
        except Unreadable as error:
            try:
                return plain_values.of(text, json=False), "yaml"
            except Unreadable as other:
                raise Unreadable(f"{error}, and {other}") from None
    return plain_values.of(text, json=False), "yaml"


def _of_front_matter(front: str, behind: str, first: int) -> Description:
    value, lines = plain_values.of(front, json=False, first=first)
    if value is None:
        raise Unreadable(f"its front matter is empty; {_TOLD}")
    if not isinstance(value, dict):
        raise Unreadable(f"its front matter is no mapping; {_TOLD}")
    if "release" in value or "framework" in value:
        if behind.strip():
            raise Unreadable("it holds more than one document; give one description alone")
        return replace(_of_value(value, lines), syntax="yaml")
    notes = Notes(lines)
    described = card(value, notes)
    return replace(
        described, syntax="yaml", osaid=osaid(value.get("osaid"), notes), notes=notes.told()
    )


def _of_value(value: Plain, lines: Lines) -> Description:
    if not isinstance(value, dict):
        raise Unreadable(f"it is no mapping; {_TOLD}")
    if "models" in value and "release" not in value:
        raise Unreadable("it holds a list of models; give the description of one")
    if not {"release", "osaid"} & set(value):
        raise Unreadable(f"it is no description of a model: it has no `release`; {_TOLD}")
    notes = Notes(lines)
    notes.unknown(value, _TOP, "", ignored=_OF_THE_TOOL)
    described = Description("", Source.MOF)
    if "release" in value:
        _framework(value.get("framework"), notes)
        described = release(value["release"], notes)
    given = value.get("osaid")
    held = value.get("release")
    if given is None and isinstance(held, dict):
        given = held.get("osaid")
    return replace(described, osaid=osaid(given, notes), notes=notes.told())


def _framework(given: Plain, notes: Notes) -> None:
    if not isinstance(given, dict):
        notes.malformed("framework", "a mapping with name, version and date", given)
        return
    notes.unknown(given, ("name", "version", "date"), "framework")
    if given.get("name") != "Model Openness Framework":
        notes.add(
            "openness-framework-unknown",
            f"framework.name is {_shown(given.get('name'))}, not 'Model Openness Framework'",
            at="framework.name",
        )
    if given.get("version") not in ("1.0", "1"):
        notes.add(
            "openness-framework-version",
            f"framework.version is {_shown(given.get('version'))}; the components and classes "
            "are those of version 1.0",
            at="framework.version",
        )


def _shown(value: Plain) -> str:
    if isinstance(value, str):
        return repr(value[:60])
    return "not given" if value is None else "no text"
