"""How fields of a description are taken, and what is noted where they are not as they should be."""

import difflib
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from signals_agent import quote
from signals_agent.model.note import Note, Severity
from signals_agent.openness.nouns import Stated
from signals_agent.openness.plain_values import Lines, Plain

NOTE_CAP: Final = 50
CLAUSE: Final = "MOF 1.0, mof_schema.json"


class Notes:
    """The notes on one description, as many as anybody reads."""

    def __init__(self, lines: Lines | None = None) -> None:
        self._lines = lines or {}
        self._made: dict[Note, None] = {}
        self._more = 0

    def add(
        self, code: str, summary: str, severity: Severity = Severity.WARNING, at: str = ""
    ) -> None:
        """One note, once; with the line of the path that it is about, where that is known."""
        line = self._lines.get(at)
        told = f"line {line}: {summary}" if line else summary
        note = Note(code, severity, quote.text(told, 400), CLAUSE)
        if len(self._made) < NOTE_CAP:
            self._made[note] = None
        elif note not in self._made:
            self._more += 1

    def told(self) -> tuple[Note, ...]:
        """All of them, and how many more there were."""
        if not self._more:
            return tuple(self._made)
        left = f"{self._more} more notes are left out"
        return (*self._made, Note("openness-more-notes", Severity.WARNING, left, CLAUSE))

    def unknown(
        self,
        given: Mapping[str, Plain],
        accepted: Iterable[str],
        where: str,
        ignored: Collection[str] = (),
    ) -> None:
        """A note for each field that nobody knows; it is not used."""
        known = tuple(accepted)
        for key in given:
            if key in known or key in ignored:
                continue
            close = difflib.get_close_matches(key.lower()[:60], known, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            path = f"{where}.{key}" if where else key
            told = f"unknown field {path[:120]!r} is not used{hint}"
            self.add("openness-unknown-field", told, at=path)

    def malformed(self, where: str, wanted: str, given: Plain) -> None:
        """A note on a field of the wrong type."""
        self.add(
            "openness-wrong-type",
            f"{where} is {kind(given)}; it should be {wanted}",
            Severity.ERROR,
            at=where,
        )


def kind(value: Plain) -> str:
    """What a value is called in a sentence."""
    if value is None:
        return "not given"
    if isinstance(value, bool):
        return "yes or no"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "a mapping"


def stated(given: Plain, where: str, notes: Notes) -> Stated | None:
    """A licence that stands at a place; ``None`` where nothing does.

    Blank text stays: it says that there is no licence. What is no text is kept as one
    that cannot be read, so that no other licence is taken in its stead.
    """
    if given is None:
        return None
    if isinstance(given, str):
        return Stated(given.strip())
    notes.malformed(where, "text, the SPDX id of a licence", given)
    return Stated(kind(given), readable=False)
