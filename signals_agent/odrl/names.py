"""How the names in a TDM policy are spelled: short, prefixed, or as whole IRIs."""

import re
from collections.abc import Iterable
from typing import Final

from signals_agent.syntax.lenient_json import Array, Literal, Object, Value

PROFILE: Final = "tdm:"
"""The profile's own IRI, once its namespace is put short."""

_NAMESPACES: Final = (
    (re.compile(r"https?://(?:www\.)?w3\.org/ns/odrl/2[/#]"), "odrl:"),
    # "ns.tdmrep" stands in a template that sites copy.
    (re.compile(r"https?://(?:www\.)?w3\.org/ns[/.]tdmrep(?:[/#]|$)"), "tdm:"),
    (re.compile(r"https?://(?:www\.)?w3\.org/2006/vcard/ns#"), "vcard:"),
    (re.compile(r"https?://(?:www\.)?w3\.org/1999/02/22-rdf-syntax-ns#"), "rdf:"),
)
_SAME: Final = {
    # The ODRL context's own aliases, plurals, and what templates and drafts have it called.
    "id": "@id",
    "uid": "@id",
    "type": "@type",
    "duties": "duty",
    "obligations": "obligation",
    "prohibitions": "prohibition",
    "constraints": "constraint",
    "refinements": "refinement",
    "targets": "target",
    "assignees": "assignee",
    "asigner": "assigner",
    "tdm:commercial": "tdm:non-research",
}
_SHORT: Final = {
    **dict.fromkeys(("mine", "research", "non-research", "commercial"), "tdm:"),
    **dict.fromkeys(
        ("fn", "nickname", "organization-name", "hasEmail", "hasURL", "hasTelephone", "hasAddress"),
        "vcard:",
    ),
}
"""Names that also stand without their prefix."""

_REMARK: Final = re.compile(
    # How long something holds is no remark.
    r"[_$/#].*|(?:vcard|rdfs|skos|dc|dct|dcterms|schema|foaf):(?!valid|expires|temporal).*"
    r"|label|comment|description|title|name|note|remark",
    re.DOTALL,
)


class Names:
    """The names of one policy, by its ``@context``.

    Remote contexts are known, not fetched; those written out may bind prefixes and names
    anew. What a name does not stand for in ODRL, TDMRep or vCard stays as it is written.
    """

    __slots__ = ("_bound", "_known", "_outer")

    def __init__(self, contexts: Iterable[Value], outer: "Names | None" = None) -> None:
        """Take the values of an object's ``@context``, inside of what holds around it."""
        self._outer = outer
        self._bound: dict[str, str] = {}
        self._known: dict[str, str] = {}
        for context in contexts:
            parts = context.values if isinstance(context, Array) else [context]
            for part in parts:
                if isinstance(part, Object):
                    self._bind(part)

    def _bind(self, context: Object) -> None:
        for name, value in zip(context.names, context.values, strict=True):
            meant = value
            if isinstance(value, Object):
                meant = next(
                    (v for n, v in zip(value.names, value.values, strict=True) if n == "@id"), ""
                )
            if isinstance(meant, str) and not isinstance(meant, Literal) and meant:
                self._bound[name] = meant

    def of(self, written: str) -> str:
        """The short name: bare for ODRL, ``tdm:``, ``vcard:`` and ``rdf:`` for those, or as is."""
        known = self._known.get(written)
        if known is None:
            known = self._known[written] = self._shortened(written.strip())
        return known

    def _shortened(self, written: str) -> str:
        name = self._expanded(self._expanded(written))
        for namespace, prefix in _NAMESPACES:
            found = namespace.match(name)
            if found is not None:
                name = prefix + name[found.end() :]
                break
        short = name.removeprefix("odrl:")
        if short == name:
            short = _SHORT.get(name, "") + name
        return _SAME.get(short, short)

    def _expanded(self, name: str) -> str:
        bound = self._meant(name)
        if bound is not None:
            return bound
        prefix, colon, rest = name.partition(":")
        meant = self._meant(prefix) if colon and not rest.startswith("//") else None
        return name if meant is None else meant + rest

    def _meant(self, name: str) -> str | None:
        bound = self._bound.get(name)
        return self._outer._meant(name) if bound is None and self._outer is not None else bound


def is_remark(written: str) -> bool:
    """Whether a property is for people only, and limits nothing."""
    return _REMARK.fullmatch(written) is not None
