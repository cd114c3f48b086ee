"""The members of a corpus as a plain list has them: URLs with licences, as CSV, TSV or JSONL."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TextIO

from signals_agent import licensing, quote, wording
from signals_agent import url as urls
from signals_agent.corpus.contacts import with_creators
from signals_agent.corpus.member import Debt, Footing, Member
from signals_agent.errors import ConfigError, InvalidURL
from signals_agent.licences import claims, declared
from signals_agent.model import citation
from signals_agent.model.attribution import Attribution, LicenceName
from signals_agent.model.licence import Contact, ContactKind, Licence
from signals_agent.model.obligation import Party

# A semicolon may also end a character reference: M&uuml;ller.
_NAME: Final = re.compile(r"(?:&(?:#[0-9]{1,7}|#x[0-9a-fA-F]{1,6}|[a-z]{2,8});|[^;])+")
_LONGEST: Final = 1_000_000
"""The longest line that is read, in characters (rule R39)."""

_NAMES: Final = 100
"""How many names of columns are held, for a message."""

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "url": ("url", "uri", "link", "source_url", "page_url", "image_url"),
    "licence": ("licence", "license", "licence_url", "license_url", "rights", "spdx"),
    "title": ("title", "name", "caption"),
    "creators": ("creators", "creator", "authors", "author", "artist"),
    "collection": ("collection", "site", "dataset"),
    "party": ("party", "publisher", "rights_holder", "rightsholder", "copyright_holder"),
    "contact": ("contact", "contact_url", "permissions_url"),
    "bytes": ("bytes", "size"),
    "tokens": ("tokens", "token_count", "n_tokens"),
}
"""By what names a column is known, in any casing; the first that is there counts."""


@dataclass(slots=True)
class Unread:
    """The lines of a list that could not be read, each with what is wrong with it."""

    count: int = 0
    first: list[str] = field(default_factory=list)
    most: int = 20
    doubts: list[str] = field(default_factory=list)
    """What was read, and may not be meant so: a list without any licence."""

    def note(self, what: str) -> None:
        """Keep one; beyond the first twenty they are only counted."""
        self.count += 1
        if len(self.first) < self.most:
            self.first.append(what)


def members(path: str | Path, unread: Unread) -> Iterator[Member]:
    """Each asset of a list, as its lines are read.

    ``.jsonl`` and ``.ndjson`` are JSON objects, a line each; ``.csv`` and ``.tsv`` have a line
    of column names. A line that cannot be read is noted in ``unread`` and left out. Raises
    ``ConfigError`` where the file cannot be read or names no URLs.
    """
    file = Path(path)
    licensed, names = False, dict[str, None]()
    try:
        with file.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            rows = _jsonl if file.suffix.lower() in (".jsonl", ".ndjson") else _table
            for line, row in rows(stream, file, unread, names):
                licensed = licensed or "licence" in row
                where = f"{quote.text(str(file), 300)} line {line}"
                made = _member(row, f"{file.name} line {line}")
                if isinstance(made, str):
                    unread.note(f"{where}: {made}")
                else:
                    yield made
    except OSError as error:
        raise ConfigError(f"cannot read {file}: {error.strerror or error}") from None
    if names and not licensed:
        unread.doubts.append(
            f"{quote.text(str(file), 300)} says nothing of licences, so every asset counts as "
            f"declaring none; what is read as a licence is {', '.join(COLUMNS['licence'])}, and it "
            f"has {', '.join(quote.text(each, 60) for each in list(names)[:12])}"
        )


def _jsonl(
    stream: TextIO, file: Path, unread: Unread, seen: dict[str, None]
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    del file
    number = 0
    while line := stream.readline(_LONGEST + 1):
        number += 1
        if len(line) > _LONGEST:
            unread.note(f"{stream.name} line {number}: longer than {_LONGEST} characters")
            while line and not line.endswith("\n"):
                line = stream.readline(_LONGEST)
            continue
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            unread.note(f"{stream.name} line {number}: no JSON: {error}")
            continue
        if isinstance(row, dict):
            if len(seen) < _NAMES:
                seen.update(dict.fromkeys(row))
            yield number, _named(row)
        else:
            unread.note(f"{stream.name} line {number}: a JSON object is expected")


def _table(
    stream: TextIO, file: Path, unread: Unread, seen: dict[str, None]
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    csv.field_size_limit(_LONGEST)
    head = stream.read(64 * 1024)
    stream.seek(0)
    first = head.partition("\n")[0]
    tabs = file.suffix.lower() == ".tsv" or (first.count("\t") > first.count(","))
    semicolons = not tabs and first.count(";") > first.count(",")
    # A NUL would end the reading of the whole file.
    lines = (line.replace("\0", "\ufffd") for line in stream)
    reader = csv.reader(lines, delimiter="\t" if tabs else ";" if semicolons else ",")
    names: list[str] | None = None
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            unread.note(f"{stream.name} line {reader.line_num}: {error}")
            continue
        if names is None:
            names = [cell.strip() for cell in cells]
            seen.update(dict.fromkeys(names[:_NAMES]))
            if not set(COLUMNS["url"]) & {name.lower() for name in names}:
                raise ConfigError(
                    f"{file} names no column of URLs; its first line has to name one of "
                    f"{', '.join(COLUMNS['url'])}"
                )
            continue
        if not any(cells):
            continue
        if len(cells) > len(names):
            unread.note(f"{stream.name} line {reader.line_num}: more cells than columns")
            continue
        yield reader.line_num, _named(dict(zip(names, cells, strict=False)))


def _named(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says, by our names for it."""
    given = {name.strip().lower(): value for name, value in row.items()}
    return {
        ours: given[name]
        for ours, names in COLUMNS.items()
        for name in [next((each for each in names if given.get(each) not in (None, "")), None)]
        if name is not None
    }


def _member(row: Mapping[str, Any], where: str) -> Member | str:
    """The member of a row, or what is wrong with it."""
    said = row.get("url")
    if not isinstance(said, str):
        return "there is no URL"
    try:
        url = urls.parse(said.strip()).text
    except InvalidURL as error:
        return str(error)
    sizes: dict[str, int | None] = {}
    for name in ("bytes", "tokens"):
        try:
            sizes[name] = _number(row.get(name))
        except ValueError:
            shown = quote.text(str(row[name]), 60)
            return f"{name} is {shown!r}, which is no whole number from 0 on"
    if _is_no_text(row.get("licence")):
        return "its licence is no text"
    named = tuple(dict.fromkeys(_texts(row.get("licence"))))
    licences = tuple(_licence(each) for each in named)
    title, collection, holder = (
        next(iter(_texts(row.get(name))), None) for name in ("title", "collection", "party")
    )
    creators = _creators(row.get("creators"))
    origin = urls.parse(url).origin
    host = origin.split("://", 1)[1]
    to = Party(host, origin) if holder is None else Party(holder, None, inferred=False)
    return Member(
        url,
        to,
        Footing(licences),
        where,
        tuple(dict.fromkeys(each for text in named for each in _debts(text, to))),
        _credit(url, title, creators, collection or host, licences)
        if licences or title or creators
        else None,
        with_creators(_ask(_texts(row.get("contact")), holder, host, origin), creators),
        sizes["bytes"],
        sizes["tokens"],
    )


def _texts(value: object) -> tuple[str, ...]:
    """One text or several, without blanks."""
    several = value if isinstance(value, list) else [value]
    return tuple(
        # JSON can say half of a character, which no file can hold.
        each.strip().encode("utf-8", "replace").decode()
        for each in several
        if isinstance(each, str) and each.strip()
    )


def _creators(value: object) -> tuple[str, ...]:
    """The names: those of a list as they are, those of one text set apart by semicolons."""
    said = _texts(value)
    if isinstance(value, list):
        return said
    return tuple(name for each in said for one in _NAME.findall(each) if (name := one.strip()))


def _is_no_text(value: object) -> bool:
    """Whether something is said that cannot be read: it must not count as nothing."""
    several = value if isinstance(value, list) else [value]
    return any(each is not None and not isinstance(each, str) for each in several)


def _number(value: object) -> int | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool) or not isinstance(value, int | str | float):
        raise ValueError
    number = int(value) if not isinstance(value, float) else _whole(value)
    if not 0 <= number < 2**63:
        raise ValueError
    return number


def _whole(value: float) -> int:
    if not value.is_integer():
        raise ValueError
    return int(value)


@lru_cache(maxsize=4096)
def _licence(text: str) -> Licence:
    return replace(declared.make(claims.read(text)), governs=True)


@lru_cache(maxsize=4096)
def _debts(text: str, to: Party) -> tuple[Debt, ...]:
    """What the licence of a text asks; nothing is planned yet, so nothing binds."""
    return tuple(
        Debt(
            term.kind,
            term.binding,
            term.basis,
            term.signal,
            to,
            term.text,
            term.signal_version,
            term.terms_url,
        )
        for term, _ in licensing.owed((_licence(text),), ())
    )


def _credit(
    url: str,
    title: str | None,
    creators: Iterable[str],
    collection: str,
    licences: tuple[Licence, ...],
) -> Attribution:
    names = tuple(LicenceName(wording.licence_name(each), each.url) for each in licences)
    made = Attribution(
        url=url,
        text="",
        collection=collection,
        title=title,
        creators=tuple(creators),
        licence=" and ".join(each.name for each in names) or None,
        licence_url=names[0].url if len(names) == 1 else None,
        licences=names,
    )
    return replace(made, text=citation.line(made))


def _ask(said: Iterable[str], holder: str | None, host: str, origin: str) -> tuple[Contact, ...]:
    """Whom to ask: who is named, the holder, and last the origin, which is inferred."""
    named = [
        Contact(ContactKind.CONTACT, None, each)
        if "://" in each or each.startswith("mailto:")
        else Contact(ContactKind.CONTACT, each)
        for each in said
    ]
    if holder is not None:
        named.append(Contact(ContactKind.LICENSOR, holder))
    return (*named, Contact(ContactKind.ORIGIN, host, origin + "/"))
