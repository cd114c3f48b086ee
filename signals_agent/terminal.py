"""How text is laid out on a screen of columns: colour, width, wrapping, underlining."""

import unicodedata
from dataclasses import dataclass

from signals_agent import quote

COLUMNS = 100
"""The width where there is no terminal to ask."""

_CODES = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33, "cyan": 36}


@dataclass(frozen=True, slots=True)
class Screen:
    """Where text is going: how many columns there are, and whether it may be coloured."""

    columns: int = COLUMNS
    colour: bool = False

    def paint(self, text: str, *styles: str) -> str:
        """The text in these styles (``bold``, ``dim``, ``red`` ...), or as it is."""
        if not self.colour or not styles:
            return text
        codes = ";".join(str(_CODES[style]) for style in styles)
        return f"\x1b[{codes}m{text}\x1b[0m"


PLAIN = Screen()


def width(text: str) -> int:
    """How many columns a terminal gives to the text: wide characters take two, marks none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def pad(text: str, columns: int) -> str:
    """The text followed by as many spaces as fill the columns."""
    return text + " " * max(0, columns - width(text))


def wrap(text: str, columns: int, first: str = "", rest: str | None = None) -> list[str]:
    """Lines of at most ``columns``, broken between words; a longer word stands alone.

    ``first`` stands before the first line and ``rest`` before the others (as many
    spaces as ``first`` is wide, where not given).
    """
    following = " " * width(first) if rest is None else rest
    lines: list[str] = []
    line, used, empty = first, width(first), True
    for word in text.split():
        size = width(word)
        if not empty and used + 1 + size > columns:
            lines.append(line)
            line, used, empty = following, width(following), True
        line += word if empty else " " + word
        used += size + (0 if empty else 1)
        empty = False
    return [*lines, line.rstrip()]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One printable line of a publisher's octets, and the marks to print below it."""

    line: str
    marks: str


def underline(octets: bytes, expression: str, columns: int, before: str = "") -> Excerpt:
    """The octets as one line with ``^`` under the expression; under all of it, if not found.

    ``before`` is printed in front (a field name, say). What does not fit is cut round
    the expression and shown as ``...``.
    """
    wanted = expression.encode("utf-8", "surrogateescape")
    start = octets.find(wanted) if wanted else -1
    if start < 0 and wanted:
        wanted = expression.encode("latin-1", "replace")
        start = octets.find(wanted)
    if start < 0:
        start, wanted = 0, octets
    room = max(20, columns - width(before))
    head, tail = octets[:start], octets[start + len(wanted) :]
    shown, shown_head, shown_tail = (quote.text(part, room) for part in (wanted, head, tail))
    if len(head) > 4 * room:
        shown_head = quote.text(head[-4 * room :], 4 * room)
    shown = _fit_left(shown, room)
    shown_head = _fit_right(shown_head, max(0, room - width(shown)))
    shown_tail = _fit_left(shown_tail, max(0, room - width(shown) - width(shown_head)))
    line = before + shown_head + shown + shown_tail
    marks = " " * width(before + shown_head) + "^" * max(1, width(shown))
    return Excerpt(line.rstrip(), marks)


def _fit_left(text: str, columns: int) -> str:
    """The beginning of the text, cut with ``...`` where it does not fit."""
    if width(text) <= columns:
        return text
    if columns < 4:
        return ""
    kept, used = [], 0
    for character in text:
        used += width(character)
        if used > columns - 3:
            break
        kept.append(character)
    return "".join(kept) + "..."


def _fit_right(text: str, columns: int) -> str:
    """The end of the text, cut with ``...`` where it does not fit."""
    if width(text) <= columns:
        return text
    return _fit_left(text[::-1], columns)[::-1]
