"""URLs as sitemaps have them, and the sitemaps that an index names (sitemaps.org protocol)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final
from urllib.parse import unquote, urlsplit

from signals_agent.sources.listed import Firsts
from signals_agent.syntax import xml_elements
from signals_agent.syntax.xml_elements import Element, Reading

_PIECE: Final = 64 * 1024
_LONGEST: Final = 64 * 1024
_ENTRIES: Final = {"urlset": "url", "sitemapindex": "sitemap"}
_LOC: Final = re.compile(rb"<loc>([^<>]{1,65536}+)</loc>")
_ESCAPES: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ESCAPED: Final = re.compile("&(" + "|".join(_ESCAPES) + ");")
_PLAIN: Final = re.compile(r"[^/\\\0]{1,255}")


@dataclass(frozen=True, slots=True)
class Entry:
    """What an entry names: an asset, or (in an index) another sitemap; ``number`` from 1."""

    number: int
    text: str
    sitemap: bool


def entries(stream: BinaryIO, name: str, skipped: Firsts, lost: Firsts) -> Iterator[Entry]:
    """Each entry of a sitemap or an index, however large the file is.

    Only ``loc`` of the entry itself: images, videos and languages of a page are not entries.
    """
    heard = _Heard(name, skipped)
    reading = xml_elements.read_pieces(iter(lambda: stream.read(_PIECE), b""), heard)
    ended: Reading | None = None
    while ended is None:
        try:
            next(reading)
        except StopIteration as end:
            ended = end.value
        yield from heard.ready
        heard.ready.clear()
        if heard.root and heard.root not in _ENTRIES:
            break
    if ended is not None and (ended.refused or ended.broken):
        after = f"; read up to entry {heard.count}" if heard.count else ""
        rest = 0
        if ended.broken and heard.root in _ENTRIES:
            for text in _behind(stream, ended.behind):
                rest += 1
                yield Entry(heard.count + rest, text, heard.root == "sitemapindex")
        found = f", and {rest} behind it by their tags alone" if rest else ""
        lost.note(name, 0, f"no whole sitemap: {ended.refused or ended.broken}{after}{found}")
    elif heard.root not in _ENTRIES:
        lost.note(name, 0, f"XML, but no sitemap: its first element is {heard.root[:60]!r}")


def _behind(stream: BinaryIO, octets: bytes) -> Iterator[str]:
    """What stands in each ``loc`` behind an error: one bare ``&`` must not lose the rest."""
    while True:
        end = 0
        for found in _LOC.finditer(octets):
            end = found.end()
            text = _ESCAPED.sub(
                lambda found: _ESCAPES[found[1]], found[1].decode("utf-8", "surrogateescape")
            )
            if text.strip():
                yield text.strip()
        piece = stream.read(_PIECE)
        if not piece:
            return
        octets = octets[end:][-_LONGEST:] + piece


def local_name(url: str) -> str | None:
    """The name of the file beside an index that is the sitemap of this URL, if it is one.

    Never a path: an index is somebody else's, and must not choose what is read here.
    """
    try:
        last = unquote(urlsplit(url.strip()).path.rpartition("/")[2], errors="strict")
    except ValueError:
        return None
    return last if _PLAIN.fullmatch(last) and last not in (".", "..") else None


class _Heard:
    """A listener that keeps what stands in the ``loc`` of each entry."""

    def __init__(self, name: str, skipped: Firsts) -> None:
        self.root = ""
        self.count = 0
        self.ready: list[Entry] = []
        self._name = name
        self._skipped = skipped
        self._path: list[str] = []
        self._text: list[str] | None = None
        self._room = 0
        self._found = False

    def start(self, element: Element) -> None:
        self._path.append(element.name.local)
        match self._path:
            case [root]:
                self.root = root
            case [root, entry] if entry == _ENTRIES.get(root):
                self.count += 1
                self._found = False
            case [root, entry, "loc"] if entry == _ENTRIES.get(root) and not self._found:
                # Beside it image:loc may stand where a site forgot image:image.
                if not element.name.namespace.startswith("http://www.google.com/schemas/sitemap-"):
                    self._text, self._room = [], _LONGEST + 1

    def text(self, characters: str) -> None:
        if self._text is not None and self._room > 0:
            self._text.append(characters[: self._room])
            self._room -= len(characters)

    def end(self, offset: int) -> None:
        del offset
        depth = len(self._path)
        if depth == 3 and self._text is not None:
            text = "".join(self._text).strip()
            self._text = None
            if text:
                self._found = True
                self.ready.append(Entry(self.count, text, self.root == "sitemapindex"))
        elif depth == 2 and self._path[1] == _ENTRIES.get(self.root) and not self._found:
            self._skipped.note(self._name, self.count, "an entry without a URL")
        self._path.pop()
