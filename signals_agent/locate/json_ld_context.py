"""What names in JSON-LD mean where they stand: contexts that stand in the page, and places."""

import re
from dataclasses import dataclass

from signals_agent import url as urls
from signals_agent.syntax.lenient_json import Array, Literal, Object, Value

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+:")
_WEB = re.compile("https?:", re.IGNORECASE)
_LAST_PART = re.compile(r"[^/#:]*\Z")
_ALIASES = {"id": "@id", "type": "@type"}


class Context:
    """What names mean here: the terms of this context, then those of the one around it."""

    __slots__ = ("_around", "_names", "_terms", "base")

    def __init__(self, base: str, terms: dict[str, str], around: "Context | None" = None) -> None:
        self.base = base
        self._terms = terms
        self._around = around
        self._names: dict[str, str] = {}

    def name(self, written: str) -> str:
        """The last part of what a property or a type is called, or a keyword."""
        known = self._names.get(written)
        if known is None:
            meant = self._term(written) or _ALIASES.get(written, written)
            last = _LAST_PART.search(meant)
            known = meant if meant[:1] == "@" or last is None else last[0]
            self._names[written] = known
        return known

    def absolute(self, written: str) -> str | None:
        """An absolute URL or URI, with its fragment; ``None`` for what is none (``_:b0``)."""
        text = written.strip()
        if text.startswith("_:"):
            return None
        prefix, colon, rest = text.partition(":")
        if colon and not rest.startswith("//") and (begin := self._term(prefix)):
            text = begin + rest
        if _SCHEME.match(text) and not _WEB.match(text):
            return text
        joined = urls.join(self.base, text)
        if joined is None:
            return None
        _, mark, fragment = text.partition("#")
        return joined.text + mark + fragment

    def inside(self, value: Value) -> "Context":
        """The context within an object that has this ``@context``."""
        terms: dict[str, str] = {}
        base, around = self.base, self
        for each in value.values if isinstance(value, Array) else (value,):
            if isinstance(each, Literal):
                terms, around = {}, Context(base, {})
            if not isinstance(each, Object):
                continue
            for name, meant in zip(each.names, each.values, strict=True):
                if isinstance(meant, Object):
                    ids = (v for n, v in zip(meant.names, meant.values, strict=True) if n == "@id")
                    meant = next(ids, "")
                if isinstance(meant, Literal) or not isinstance(meant, str) or not meant:
                    continue
                if name == "@base":
                    joined = urls.join(base, meant)
                    base = joined.text if joined is not None else base
                elif name[:1] != "@":
                    terms[name] = meant
        same = not terms and base == self.base and around is self
        return self if same else Context(base, terms, around)

    def _term(self, name: str) -> str:
        at: Context | None = self
        while at is not None:
            if meant := at._terms.get(name):
                return meant
            at = at._around
        return ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a container stands: under which other, as what; at the top, in which script."""

    script: int
    context: Context
    above: "Place | None" = None
    step: str | int = ""

    def pointer(self, *steps: str | int) -> str:
        """The JSON pointer (RFC 6901) of what stands this many steps below."""
        reversed_steps = list(reversed(steps))
        at: Place | None = self
        while at is not None and at.above is not None:
            reversed_steps.append(at.step)
            at = at.above
        return "".join(
            f"/{step}"
            if isinstance(step, int)
            else "/" + step.replace("~", "~0").replace("/", "~1")
            for step in reversed(reversed_steps)
        )
