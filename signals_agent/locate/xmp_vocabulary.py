"""By which names an XMP packet knows what declarations are made of, whatever its prefixes."""

from functools import lru_cache
from typing import Final

from signals_agent.syntax.xml_elements import Name

# As they are spelt when lower-case, without "https:", "http:" and what ends them; a prefix that
# is bound to nothing means what it always means.
_NAMESPACES: Final = {
    "//www.w3.org/1999/02/22-rdf-syntax-ns": "rdf",
    "//ns.useplus.org/ldf/xmp/1.0": "plus",
    "//ns.useplus.org/ldf/1.0": "plus",
    "//ns.adobe.com/xap/1.0/rights": "xmprights",
    "//creativecommons.org/ns": "cc",
    "//web.resource.org/cc": "cc",
    "//www.w3.org/1999/xhtml/vocab": "xhv",
    "//purl.org/dc/elements/1.1": "dc",
    "//purl.org/dc/terms": "dcterms",
    "//www.w3.org/ns/tdmrep": "tdm",
    "//rslstandard.org/rsl": "rsl",
    "//iptc.org/std/iptc4xmpext/2008-02-29": "iptc4xmpext",
    "iptcext": "iptc4xmpext",
}
_KNOWN: Final = frozenset(_NAMESPACES.values())
_FIELDS: Final = {
    ("plus", "DataMining"): "plus:DataMining",
    ("iptc4xmpext", "DataMining"): "plus:DataMining",
    ("plus", "OtherConstraints"): "plus:OtherConstraints",
    ("iptc4xmpext", "LinkedEncRightsExpr"): "Iptc4xmpExt:LinkedEncRightsExpr",
    ("iptc4xmpext", "EmbdEncRightsExpr"): "Iptc4xmpExt:EmbdEncRightsExpr",
    ("xmprights", "WebStatement"): "xmpRights:WebStatement",
    ("xmprights", "UsageTerms"): "xmpRights:UsageTerms",
    ("cc", "license"): "cc:license",
    ("xhv", "license"): "cc:license",
    ("dcterms", "license"): "cc:license",
    ("dc", "rights"): "dc:rights",
    ("dcterms", "rights"): "dc:rights",
    ("tdm", "reservation"): "tdm-reservation",
    ("tdm", "tdm-reservation"): "tdm-reservation",
    ("tdm", "policy"): "tdm-policy",
    ("tdm", "tdm-policy"): "tdm-policy",
}
_LEGACY: Final = "DMI-"


@lru_cache(maxsize=1024)
def prefix(namespace: str) -> str:
    """The prefix that a namespace is known by; empty where it is none of ours."""
    spelt = namespace.lower().removeprefix("https:").removeprefix("http:").rstrip("/#:")
    return _NAMESPACES.get(spelt, spelt if namespace.endswith(":") and spelt in _KNOWN else "")


def field_of(name: Name) -> str:
    """What families listen for under a name; empty where they listen for nothing."""
    known = prefix(name.namespace)
    if known == "iptc4xmpext" and name.local.upper().startswith(_LEGACY):
        return "plus:DataMining"
    return _FIELDS.get((known, name.local), "")


def is_rsl(name: Name) -> bool:
    """Whether a name is one of RSL."""
    return prefix(name.namespace) == "rsl"


def is_legacy(name: Name) -> bool:
    """Whether a property is named like a value of PLUS, as older software wrote it."""
    return name.local.upper().startswith(_LEGACY)
