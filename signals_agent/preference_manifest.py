"""What a source of a dataset or model asks, looked up in the preference manifest of the corpus.

This file needs nothing but Python 3.11: copy it into a retrieval server as it is. ::

    manifest = Manifest.open("corpus")            # the folder, or its preferences.json
    manifest.citation("https://example.org/rain") # the credit line, or None

``preferences.json`` says what is asked, and ``sources.jsonl`` beside it has a line for each
source, in the order of the octets of their URLs, so that one is found without reading them all.
"""

import encodings.idna
import html
import json
import os
import re
import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from json.decoder import scanstring  # type: ignore[attr-defined]  # the C one, where there is one
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote as percent

PREFERENCES: Final = "preferences.json"
SOURCES: Final = "sources.jsonl"
SCHEMA: Final = "signals-agent/preferences/"
VERSION: Final = 1
"""The version of the schema that this file knows; it reads newer ones as far as they are alike."""

STYLES: Final = ("markdown", "html", "text", "json")

_BEGIN: Final = b'{"url":"'
_SEAL: Final = b'  "sha256": "'
_END: Final = re.compile(rb'\A  "sha256": "([0-9a-f]{64})"\n\}\n?\Z')
_PROBE: Final = 1024
_BLOCK: Final = 4096
_MOST: Final = 1 << 20
_KNOWN: Final = 8192
_AFTER_ALL: Final = b"\xff"  # no octet of UTF-8


class NotAManifest(ValueError):
    """What was opened is no preference manifest, or its two files do not belong together."""


@dataclass(frozen=True, slots=True)
class Source:
    """What the manifest says of one source.

    ``party`` is who declares (``name``, ``url``, ``inferred``), ``licences`` their labels,
    ``obligations`` what is asked (``kind``, ``text``, ``to`` ...). ``credit`` are the facts of
    its credit line, ``None`` where nobody asks for one. ``preferences`` says by the name of a
    use how its publisher answers it (``disallow``, ``undetermined``, ``conditional`` or
    ``allow``). ``set`` is the set that it is kept in, ``marked`` what people must see on that.
    ``said`` is the whole line.
    """

    url: str
    party: Mapping[str, Any]
    licences: tuple[str, ...]
    obligations: tuple[Mapping[str, Any], ...]
    credit: Mapping[str, Any] | None
    preferences: Mapping[str, str]
    set: str | None
    marked: str | None
    said: Mapping[str, Any]


class Manifest:
    """A preference manifest that is open; threads and forked processes may share it."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Open it; raises ``NotAManifest``."""
        given = Path(path)
        self.path: Final = given / PREFERENCES if given.is_dir() else given
        self.document: Final[Mapping[str, Any]] = _document(self.path)
        """All that ``preferences.json`` says."""
        about = self.document.get("sources")
        if not isinstance(about, dict) or not _is_name(about.get("file")):
            raise NotAManifest(_misses(self.path, self.newer, "names no file of sources"))
        self.sources_path: Final = self.path.parent / about["file"]
        self._about: Final[Mapping[str, Any]] = about
        self._asked: Final = _objects(self.document, "obligations")
        self._marked: Final = {
            each.get("name"): each.get("marked") for each in _objects(self.document, "sets")
        }
        try:
            descriptor = os.open(self.sources_path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        except OSError as error:
            raise NotAManifest(
                f"{self.sources_path} cannot be read: {error.strerror}; {PREFERENCES} and "
                f"{about['file']} travel together"
            ) from None
        self._descriptor: int | None = descriptor
        self._close: Final = weakref.finalize(self, os.close, descriptor)
        self._size: Final = os.fstat(descriptor).st_size
        self._probes: Final[dict[tuple[int, int], tuple[int, bytes]]] = {}
        if about.get("bytes", self._size) != self._size:
            self.close()
            raise NotAManifest(
                f"{self.sources_path} has {self._size} octets and {about['bytes']} are told of: "
                f"it was cut or changed, or is of another {PREFERENCES}"
            )

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> "Manifest":
        """The manifest in a folder, or of a ``preferences.json``; raises ``NotAManifest``."""
        return cls(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return type(self), (str(self.path),)

    def close(self) -> None:
        """Close it; doing so twice does no harm."""
        self._descriptor = None
        self._close()

    @property
    def newer(self) -> bool:
        """Whether newer software wrote it: there may be things in it that this file passes over."""
        return int(self.document["schema"].removeprefix(SCHEMA)) > VERSION

    @property
    def name(self) -> str | None:
        """What the dataset or model is called."""
        return _text(self.document.get("name")) or None

    @property
    def version(self) -> str | None:
        """Which version of the dataset or model it is for."""
        return _text(self.document.get("version")) or None

    def find(self, url: str) -> Source | None:
        """What is said of a source; ``None`` where it is not in the corpus.

        The URL is looked for as it is, then without its fragment, then written as browsers
        write it (small letters in the host, no default port, escapes), then with or without
        a slash at its end. Of a source that is there on several terms this is the first.
        """
        return next(iter(self.find_all(url)), None)

    def find_all(self, url: str) -> tuple[Source, ...]:
        """All that is said of a source: one for each set of terms that it is there on."""
        for spelling in _spellings(url):
            if found := tuple(self._lines_of(spelling)):
                return found
        return ()

    def obligations(self, url: str) -> tuple[Mapping[str, Any], ...]:
        """What is asked for a source, to whom, on whatever terms it is there; each once."""
        found: list[Mapping[str, Any]] = []
        for source in self.find_all(url):
            found.extend(each for each in source.obligations if each not in found)
        return tuple(found)

    def citation(self, url: str, style: str = "markdown", changes: str = "") -> str | None:
        """The credit line of a source, safe to show; ``None`` where it is not in the corpus.

        ``style`` is ``markdown``, ``html``, ``text``, or ``json`` for its facts as a JSON
        object. ``changes`` says in a few words what was changed, where something was. A
        source that asks for no credit is named by its link. Several terms for one source make
        several lines, joined by a semicolon. Raises ``ValueError`` for another style.
        """
        if style not in STYLES:
            raise ValueError(f"unknown citation style {style!r}; accepted: {', '.join(STYLES)}")
        found = [
            {"url": each.url, "text": _printable(_address(each.url) or each.url, _LONGEST)}
            if each.credit is None
            else {"url": each.url, **each.credit}
            for each in self.find_all(url)
        ]
        if not found:
            return None
        if style == "json":
            first, *others = found
            return json.dumps({**first, "also": others} if others else first)
        return "; ".join(dict.fromkeys(_cite(each, style, changes) for each in found))

    def __iter__(self) -> Iterator[Source]:
        """Every source, in order."""
        for line in self._lines(0):
            yield self._source(line)

    def verify(self) -> None:
        """Compare both files with their SHA-256; raises ``NotAManifest`` where one differs."""
        octets = self.path.read_bytes()
        begin = octets.rfind(_SEAL)
        sealed = _END.match(octets[begin:]) if begin >= 0 else None
        if sealed is None or sha256(octets[:begin]).hexdigest() != sealed[1].decode():
            raise NotAManifest(f"{self.path} is not as it was written: its SHA-256 differs")
        digest, at = sha256(), 0
        while block := self._read(at, 1 << 20):
            digest.update(block)
            at += len(block)
        if digest.hexdigest() != self._about.get("sha256"):
            raise NotAManifest(f"{self.sources_path} is not as it was written: its SHA-256 differs")

    def _read(self, at: int, length: int) -> bytes:
        """Octets at a place; nobody's place in the file moves."""
        if self._descriptor is None:
            raise ValueError("the manifest is closed")
        if hasattr(os, "pread"):
            return os.pread(self._descriptor, length, at)
        with open(self.sources_path, "rb") as stream:  # noqa: PTH123  # the path is a text here
            stream.seek(at)
            return stream.read(length)

    def _lines_of(self, url: str) -> Iterator[Source]:
        key = url.encode("utf-8", "surrogatepass")
        for line in self._lines(self._near(key)):
            found = _url_of(line)
            if found > key:
                return
            if found == key:
                yield self._source(line)

    def _near(self, key: bytes) -> int:
        """Where a line begins, a few before the first whose URL is not before this one."""
        low, high = 0, self._size
        while high - low > _BLOCK:
            probe = self._probes.get((low, high))
            if probe is None:
                probe = self._probe((low + high) // 2, high)
                if len(self._probes) < _KNOWN:
                    self._probes[low, high] = probe
            if probe[1] < key:
                low = probe[0]
            else:
                high = (low + high) // 2
        return low

    def _probe(self, middle: int, high: int) -> tuple[int, bytes]:
        """Where the first line begins from ``middle`` on, and its URL.

        One after all URLs stands for it where no line begins before ``high``.
        """
        start, length = max(middle - 1, 0), _PROBE
        while True:
            block = self._read(start, length)
            ends = len(block) < length
            begin = 0 if middle == 0 else block.find(b"\n") + 1
            if begin or middle == 0:
                if start + begin >= high:
                    return high, _AFTER_ALL
                line, end, _ = block[begin:].partition(b"\n")
                if end or ends or (line.startswith(_BEGIN) and line.find(b'"', len(_BEGIN)) > 0):
                    try:
                        return start + begin, _url_of(line)
                    except NotAManifest:
                        if end or ends:
                            raise
            elif ends:
                return high, _AFTER_ALL
            length *= 4

    def _lines(self, at: int) -> Iterator[bytes]:
        """The lines from here on, where one begins."""
        length = 2 * _BLOCK
        while at < self._size:
            block = self._read(at, length)
            *lines, rest = block.split(b"\n")
            yield from lines
            at += len(block) - len(rest)
            if len(block) < length:
                if rest:
                    yield rest
                return
            # A line may be longer than a block, so there is no limit where there is no line.
            length = length * 2 if length < _MOST or not lines else length

    def _source(self, line: bytes) -> Source:
        try:
            said = json.loads(line)
            url, party = said["url"], said.get("party", {})
            kept = _text(said.get("set")) or None
            credit = said.get("credit")
            return Source(
                url,
                party,
                tuple(said.get("licences", ())),
                tuple(self._owed(each, party) for each in said.get("owed", ())),
                credit if isinstance(credit, dict) else None,
                said.get("preferences", {}),
                kept,
                self._marked.get(kept),
                said,
            )
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise NotAManifest(
                _misses(self.sources_path, self.newer, f"has a line that cannot be read: {error}")
            ) from None

    def _owed(self, said: Any, party: Mapping[str, Any]) -> Mapping[str, Any]:
        """An obligation of a source: asked by its own party, unless the line names another."""
        if isinstance(said, dict):
            return {**self._asked[said["obligation"]], "to": said["to"]}
        return {**self._asked[said], "to": party}


def _document(path: Path) -> Mapping[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise NotAManifest(f"there is no preference manifest at {path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise NotAManifest(f"{path} is no preference manifest: it is not JSON: {error}") from None
    schema = document.get("schema") if isinstance(document, dict) else None
    if not isinstance(schema, str) or not re.fullmatch(re.escape(SCHEMA) + "[0-9]{1,6}", schema):
        named = f"its schema is {schema!r}" if isinstance(schema, str) else "it names no schema"
        raise NotAManifest(f"{path} is no preference manifest: {named}, not {SCHEMA}{VERSION}")
    return dict(document)


def _misses(path: Path, newer: bool, what: str) -> str:
    hint = "; it was written by newer software: take a newer copy of this reader" if newer else ""
    return f"{path} {what}{hint}"


def _is_name(name: object) -> bool:
    """Whether it names a file in the same folder, and nothing else."""
    return isinstance(name, str) and name not in ("", ".", "..") and not set("/\\:\0") & set(name)


def _objects(document: Mapping[str, Any], name: str) -> tuple[Mapping[str, Any], ...]:
    """A list of objects, without what describes one only as a member of that list."""
    found = document.get(name)
    return tuple(
        {key: value for key, value in each.items() if key not in ("to", "assets", "parties")}
        for each in (found if isinstance(found, list) else ())
        if isinstance(each, dict)
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _url_of(line: bytes) -> bytes:
    """The URL of a line, without reading the rest of it."""
    try:
        if line.startswith(_BEGIN):
            found, _ = scanstring(line.decode("utf-8", "replace"), len(_BEGIN))
            return str(found).encode("utf-8", "surrogatepass")
        return str(json.loads(line)["url"]).encode("utf-8", "surrogatepass")
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise NotAManifest(f"a line of the sources cannot be read: {error}") from None


# How a URL may be spelt: as WHATWG writes it (https://url.spec.whatwg.org/), without libraries.

_WEB: Final = re.compile(r"(https?):[/\\]*([^/\\?]*)([^?]*)(\?.*)?", re.IGNORECASE | re.DOTALL)
_STRAY: Final = "".join(map(chr, range(33)))
_PORTS: Final = {"http": "80", "https": "443"}
_IN_PATHS: Final = "!$%&'()*+,-./:;=@[]^_~|\\"
_IN_QUERIES: Final = "!$%&()*+,-./:;=?@[\\]^_`{|}~"


def _spellings(url: str) -> Iterator[str]:
    """A URL as it is, and other ways to write what is most likely the same, each once."""
    yield url
    bare = url.strip(_STRAY).translate({9: None, 10: None, 13: None}).partition("#")[0]
    found = dict.fromkeys((bare, *_written_otherwise(bare)))
    found.pop(url, None)
    yield from found


def _written_otherwise(bare: str) -> Iterator[str]:
    parts = _WEB.fullmatch(bare)
    if parts is None:
        return
    scheme, authority, path, query = parts.groups(default="")
    origin = f"{scheme.lower()}://{_host(authority, scheme.lower())}"
    path = percent(_dotless(path.replace("\\", "/")), safe=_IN_PATHS, errors="replace")
    query = percent(query, safe=_IN_QUERIES, errors="replace")
    # An empty query is none, to most who write URLs.
    for asked in (query,) if query != "?" else ("?", ""):
        yield origin + path + asked
        other = path.removesuffix("/") if len(path) > 1 and path.endswith("/") else path + "/"
        yield origin + other + asked


def _host(authority: str, scheme: str) -> str:
    host = authority.rpartition("@")[2]
    name, colon, port = host.rpartition(":")
    if colon and (port == "" or port.isdigit()):
        number = port.lstrip("0") or port[-1:]
        host = name if number in ("", _PORTS[scheme]) else f"{name}:{number}"
    if host.isascii():
        return host.lower()
    try:
        labels = host.lower().replace("\u3002", ".").split(".")
        return ".".join(encodings.idna.ToASCII(each).decode() if each else "" for each in labels)
    except UnicodeError:
        return host.lower()


def _dotless(path: str) -> str:
    """A path without the segments that mean *here* and *one up*."""
    kept: list[str] = []
    *folders, last = (path or "/").removeprefix("/").split("/")
    for each in folders:
        plain = each.lower().replace("%2e", ".")
        if plain == "..":
            del kept[-1:]
        elif plain != ".":
            kept.append(each)
    plain = last.lower().replace("%2e", ".")
    if plain == "..":
        del kept[-1:]
    kept.append("" if plain in (".", "..") else last)
    return "/" + "/".join(kept)


# How a credit line is written: title, names, source and licence, as licences ask for them.
# It is the line that ``signals_agent`` writes for the same facts, octet for octet.

_LONGEST: Final = 12_000
_LONGEST_URL: Final = 8000
_ADDRESS: Final = re.compile(r"https?://[^\s/]|mailto:[^\s]", re.IGNORECASE)
_IN_ADDRESSES: Final = "!#$%&'()*+,/:;=?@[]~"
_REFERENCE: Final = re.compile(r"&(?=#?\w+;)")
_SAYS_HOW: Final = re.compile(
    r"(?:by|courtesy|credits?|from|images?|photos?(?:graphs?)?|copyright|source|via)\b|\u00a9|\(c\)",
    re.IGNORECASE,
)
_CHANGES: Final = re.compile(r"changes\s*:\s*", re.IGNORECASE)
_BARE_LINK: Final = re.compile(r"(www|https?|ftp|mailto)([.:])", re.IGNORECASE)
_BEGINNING: Final = re.compile(r"^( *(?:[0-9]{1,9}(?=[.)]))?)([#+=.)-])")
_ESCAPES: Final = {"\t": "\\t", "\n": "\\n", "\r": "\\r", "\x00": "\\0", "\x1b": "\\e"}


def _cite(credit: Mapping[str, Any], style: str, changes: str) -> str:
    said = " ".join(changes.split())
    said = _CHANGES.sub("", said, count=1).strip(". \t")
    said = f"Changes: {said}" if said else ""
    if style == "text":
        parts = [_text(credit.get("text")), *([said] if said else [])]
        return _sentences([_printable(each, _LONGEST) for each in parts])
    return _linked(credit, _html if style == "html" else _markdown, said)


def _linked(credit: Mapping[str, Any], write: "_Write", changes: str) -> str:
    escape = _escape_html if write is _html else _escape_markdown

    def linked(text: str, url: str | None) -> str:
        shown = escape(text)
        return write(shown, url) if url else shown

    source = _text(credit.get("url"))
    url, wish = _address(source), _address(_text(credit.get("credit_url")))
    wish = wish if wish and _differs(wish, source) else None
    title, collection = _text(credit.get("title")), _text(credit.get("collection"))
    asked, licence = _text(credit.get("credit_text")), _text(credit.get("licence"))
    names = (asked,) if asked else tuple(map(_text, credit.get("creators", ())))
    said = "" if asked and _SAYS_HOW.match(asked) else "by "
    alone = not names and not (title and collection)
    parts = [linked(title or collection or source, wish if alone and wish else url)]
    if names:
        parts.append(escape(said) + linked(", ".join(names), wish))
    if collection and title:
        parts.append("in " + linked(collection, None if names else wish))
    if licence:
        parts.append(
            "".join(
                " " * text.startswith(" ") + linked(text.removeprefix(" "), link)
                for text, link in _licence_parts(credit, licence)
            )
        )
    notice = _text(credit.get("copyright_notice"))
    after = [notice] if notice and licence and notice != asked else []
    after += [changes] if changes else []
    return _sentences([", ".join(parts), *(escape(each) for each in after)])


def _licence_parts(credit: Mapping[str, Any], said: str) -> Iterator[tuple[str, str | None]]:
    """The words that name the licences, each name with its URL, what joins them without."""
    named = credit.get("licences", ())
    if not named:
        yield said, _address(_text(credit.get("licence_url")))
        return
    shown = at = 0
    for each in named:
        name = _text(each.get("name"))
        found = re.compile(rf"(?<![\w.+-]){re.escape(name)}(?![\w.+-])").search(said, at)
        if found is None or not name:
            continue
        begin, at = found.span()
        if url := _address(_text(each.get("url"))):
            if begin > shown:
                yield said[shown:begin], None
            yield said[begin:at], url
            shown = at
    if shown < len(said):
        yield said[shown:], None


def _sentences(parts: list[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    return " ".join(part if part.endswith(".") else part + "." for part in parts)


def _differs(one: str, other: str) -> bool:
    return one.rstrip("/") != (_address(other) or other).rstrip("/")


def _address(url: str) -> str | None:
    """A URL that may be linked to, printable and without what ends a link; else ``None``."""
    if not _ADDRESS.match(url.strip()):
        return None
    bare = url.strip()
    if not bare.lower().startswith("mailto:"):
        bare = _without_userinfo(bare)
    safe = percent(bare.encode("utf-8", "surrogatepass"), safe=_IN_ADDRESSES)
    return safe if len(safe) <= _LONGEST_URL else None


def _without_userinfo(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    if "@" in authority:
        return scheme + separator + authority.rsplit("@", 1)[1] + slash + path
    if ":" in authority and "@" in path and not authority.rsplit(":", 1)[1].isdigit():
        return scheme + separator + path.rsplit("@", 1)[1]
    return url


_Write = Callable[[str, str], str]


def _markdown(text: str, url: str) -> str:
    return f"[{text}](<{_REFERENCE.sub('&amp;', url)}>)"


def _html(text: str, url: str) -> str:
    return f'<a href="{html.escape(_printable(url, _LONGEST_URL))}">{text}</a>'


def _escape_html(text: str) -> str:
    return html.escape(_printable(text, _LONGEST))


def _escape_markdown(text: str) -> str:
    shown = html.escape(_printable(text, _LONGEST).lstrip(" "), quote=False)
    inline = "".join("\\" + c if c in "\\`*_[]|~@" else c for c in shown)
    unlinked = _BARE_LINK.sub(lambda found: found[1] + "\\" + found[2], inline)
    return _BEGINNING.sub(lambda found: found[1] + "\\" + found[2], unlinked, count=1)


def _printable(text: str, limit: int) -> str:
    """One printable line: what a terminal or a page would obey is written out."""
    shown = "".join(c if " " <= c <= "~" else _visible(c) for c in text[:limit])
    return shown + "..." if len(text) > limit else shown


def _visible(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    reorders = (
        0x200B <= code <= 0x200F
        or 0x202A <= code <= 0x202E
        or 0x2060 <= code <= 0x206F
        or code in (0xFEFF, 0x061C, 0x180E)
    )
    if character.isprintable() and not reorders:
        return character
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{{{code:x}}}"
