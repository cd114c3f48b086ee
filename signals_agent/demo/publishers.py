"""The bundled example publishers: what they send, and what their pages must come to."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from signals_agent import vocabulary
from signals_agent.model.obligation import ObligationKind
from signals_agent.model.resolution import AccessAnswer
from signals_agent.model.statement import Preference
from signals_agent.model.use import Use
from signals_agent.model.verdict import Decision, ReasonCode

_TYPES: Final = {
    ".html": b"text/html; charset=utf-8",
    ".txt": b"text/plain; charset=utf-8",
    ".json": b"application/json",
    ".xml": b"application/rsl+xml",
    ".jpg": b"image/jpeg",
    ".png": b"image/png",
}


@dataclass(frozen=True, slots=True)
class Expected:
    """What a use of a page must come to; ``obligations`` are the binding kinds."""

    preference: Preference = Preference.UNKNOWN
    literal: Preference = Preference.UNKNOWN
    obligations: frozenset[ObligationKind] = frozenset()


@dataclass(frozen=True, slots=True)
class Planned:
    """The verdict on a page, and its reasons, once a release is planned."""

    decision: Decision
    reasons: tuple[ReasonCode, ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed to whom: the declaring party, and whom a contribution is for.

    ``to`` is empty where the declaration names nobody, so that it is the origin. ``says``
    are words of the obligation's text (a price, say).
    """

    kind: ObligationKind
    to: str = ""
    beneficiary: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page to check, and the answers that it must come to under the bundled policy.

    ``reasons`` are those of the verdict, compared where they are given, and ``owed`` is
    among what is owed. ``planned`` is what it comes to under the other one, where the page
    shows that too.
    """

    path: str
    shows: str
    decision: Decision
    access: AccessAnswer
    uses: Mapping[Use, Expected]
    notes: tuple[str, ...]
    reasons: tuple[ReasonCode, ...] = ()
    owed: tuple[Owed, ...] = ()
    planned: Planned | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """How the server answers at a path, where that is not just sending the file."""

    path: str
    headers: tuple[tuple[bytes, bytes], ...]
    status: int | None
    reset: bool

    def matches(self, path: str) -> bool:
        """Whether the rule is for this path; a ``*`` at its end is for all that begin so."""
        if self.path.endswith("*"):
            return path.startswith(self.path[:-1])
        return path == self.path


@dataclass(frozen=True, slots=True)
class Response:
    """What the server sends: status, field lines, body; or a reset of the connection."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    reset: bool = False


@dataclass(frozen=True, slots=True)
class Publisher:
    """One made-up site; ``host`` is the name that stands for its loopback origin."""

    name: str
    title: str
    host: str
    kind: str
    shows: str
    rules: tuple[Rule, ...]
    pages: tuple[Page, ...]
    files: Mapping[str, tuple[bytes, bytes]]

    @property
    def origin(self) -> str:
        """The origin by which texts and the policy call the site."""
        return f"https://{self.host}"

    def respond(self, path: str) -> Response:
        """What the site answers at a path."""
        rules = [rule for rule in self.rules if rule.matches(path)]
        if any(rule.reset for rule in rules):
            return Response(0, reset=True)
        headers = tuple(line for rule in rules for line in rule.headers)
        status = next((rule.status for rule in reversed(rules) if rule.status), None)
        if status is not None and status != 200:
            body = b"" if status < 400 else b"Something is wrong, and it is not you.\n"
            return Response(status, (*headers, (b"Content-Type", _TYPES[".txt"])), body)
        if path not in self.files:
            return Response(404, ((b"Content-Type", _TYPES[".txt"]),), b"Nothing here.\n")
        kind, body = self.files[path]
        return Response(200, ((b"Content-Type", kind), *headers), body)


def folder() -> Path:
    """Where the publishers lie: in the installed package, else in the source tree."""
    bundled = Path(__file__).parent / "publishers"
    if bundled.is_dir():
        return bundled
    return Path(__file__).parents[2] / "fixtures" / "publishers"


@lru_cache(maxsize=4)
def load(place: Path | None = None) -> tuple[Publisher, ...]:
    """Every publisher, by name; raises ``ValueError`` for a key that the format does not have."""
    root = place or folder()
    return tuple(_publisher(file.parent) for file in sorted(root.glob("*/publisher.toml")))


def policy_text(place: Path | None = None) -> str:
    """The policy under which the pages' decisions are written, as TOML."""
    return ((place or folder()) / "policy.toml").read_text("utf-8")


def planned_text(place: Path | None = None) -> str:
    """The policy of who plans a release, as TOML."""
    return ((place or folder()) / "planned-release.toml").read_text("utf-8")


def _publisher(place: Path) -> Publisher:
    where = f"{place.name}/publisher.toml"
    document = tomllib.loads((place / "publisher.toml").read_text("utf-8"))
    _only(document, {"title", "host", "kind", "shows", "response", "page"}, where)
    return Publisher(
        name=place.name,
        title=document["title"],
        host=document["host"],
        kind=document["kind"],
        shows=document["shows"],
        rules=tuple(_rule(entry, where) for entry in document.get("response", ())),
        pages=tuple(_page(entry, where) for entry in document["page"]),
        files=_files(place / "site"),
    )


def _files(site: Path) -> dict[str, tuple[bytes, bytes]]:
    """Each path that a file answers, with its media type and octets."""
    found: dict[str, tuple[bytes, bytes]] = {}
    for file in sorted(site.rglob("*")):
        if file.is_file():
            path = "/" + file.relative_to(site).as_posix()
            entry = (_TYPES[file.suffix], file.read_bytes())
            found[path] = entry
            if file.name == "index.html":
                found[path.removesuffix("index.html")] = entry
            elif file.suffix == ".html":
                found[path.removesuffix(".html")] = entry
    return found


def _rule(entry: dict[str, Any], where: str) -> Rule:
    _only(entry, {"path", "headers", "status", "redirect", "behaviour"}, where)
    headers = [(name.encode(), value.encode()) for name, value in entry.get("headers", ())]
    status = entry.get("status")
    if "redirect" in entry:
        headers.append((b"Location", entry["redirect"].encode()))
        status = status or 302
    behaviour = entry.get("behaviour")
    if behaviour not in (None, "reset"):
        raise ValueError(f"{where}: unknown behaviour {behaviour!r}; accepted: reset")
    return Rule(entry["path"], tuple(headers), status, behaviour == "reset")


def _page(entry: dict[str, Any], where: str) -> Page:
    _only(entry, _PAGE, where)
    uses = entry.get("uses", {})
    expected = {use: Expected() for use in Use}
    for name, answer in uses.items():
        _only(answer, {"preference", "literal", "obligations"}, where)
        expected[vocabulary.use(name)] = Expected(
            Preference(answer["preference"]),
            Preference(answer.get("literal", "unknown")),
            frozenset(ObligationKind(kind) for kind in answer.get("obligations", ())),
        )
    return Page(
        path=entry["path"],
        shows=entry["shows"],
        decision=Decision(entry["decision"]),
        access=AccessAnswer(entry.get("access", "allowed")),
        uses=expected,
        notes=tuple(entry.get("notes", ())),
        reasons=tuple(ReasonCode(code) for code in entry.get("reasons", ())),
        owed=tuple(_owed(each, where) for each in entry.get("owed", ())),
        planned=_planned(entry["planned"], where) if "planned" in entry else None,
    )


_PAGE: Final = {
    "path",
    "shows",
    "access",
    "decision",
    "uses",
    "notes",
    "reasons",
    "owed",
    "planned",
}


def _owed(entry: dict[str, Any], where: str) -> Owed:
    _only(entry, {"kind", "to", "beneficiary", "says"}, where)
    kind = ObligationKind(entry["kind"])
    return Owed(kind, entry.get("to", ""), entry.get("beneficiary", ""), entry.get("says", ""))


def _planned(entry: dict[str, Any], where: str) -> Planned:
    _only(entry, {"decision", "reasons"}, where)
    return Planned(
        Decision(entry["decision"]), tuple(ReasonCode(code) for code in entry["reasons"])
    )


def _only(table: Mapping[str, Any], accepted: set[str], where: str) -> None:
    unknown = sorted(set(table) - accepted)
    if unknown:
        raise ValueError(f"{where}: unknown key {unknown[0]!r}; accepted: {sorted(accepted)}")
