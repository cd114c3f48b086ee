"""The names that feeds use for licences, links and rights, and in which vocabularies."""

import re

from signals_agent.syntax.xml_elements import Element

UNSPECIFIED = "http://purl.org/atompub/license#unspecified"
"""The licence link that says that none is stated, and so takes no other over (RFC 4946 2.1)."""

_MAX_NAMESPACE = 100
_VOCABULARIES = {
    name: vocabulary
    for vocabulary, names in {
        "rss": " backend.userland.com/rss2 backend.userland.com/rss purl.org/rss/1.0"
        " blogs.law.harvard.edu/tech/rss my.netscape.com/rdf/simple/0.9"
        " channel.netscape.com/rdf/simple/0.9 purl.org/net/rss1.1 rss:",
        "atom": "w3.org/2005/atom purl.org/atom/ns atom: atom10: a10:",
        "cc": "creativecommons.org/ns web.resource.org/cc backend.userland.com/"
        "creativecommonsrssmodule cyber.law.harvard.edu/rss/creativecommonsrssmodule.html"
        " blogs.law.harvard.edu/tech/creativecommonsrssmodule cc: creativecommons:",
        "media": "search.yahoo.com/mrss video.search.yahoo.com/mrss rssboard.org/media-rss media:",
        "dc": "purl.org/dc/elements/1.1 purl.org/dc/elements/1.0 dc:",
        "dcterms": "purl.org/dc/terms dcterms: dct:",
        "podcast": "podcastindex.org/namespace/1.0 podcast: github.com/podcastindex-org/"
        "podcast-namespace/blob/main/docs/1.0.md",
        "itunes": "itunes.com/dtds/podcast-1.0.dtd itunes:",
        "rdf": "w3.org/1999/02/22-rdf-syntax-ns rdf:",
        "rsl": "rslstandard.org/rsl rsl:",
        "feedburner": "rssnamespace.org/feedburner/ext/1.0 feedburner:",
    }.items()
    for name in names.split(" ")
}
_SCHEME = re.compile(r"https?://(?:www\.)?")
SPEAKS = {
    "license": {"cc", "media", "dc", "dcterms", "podcast", "rss", "atom"},
    "rights": {"dc", "dcterms", "atom"},
    "copyright": {"rss", "atom", "media"},
}
RELATIONS = {"license", "http://www.iana.org/assignments/relation/license"}
ALTERNATE = {"", "alternate", "http://www.iana.org/assignments/relation/alternate", "enclosure"}
LINKS = {("rss", "link"), ("rss", "guid"), ("feedburner", "origLink")}
RSL = "https://rslstandard.org/rsl"
RSL_TYPE = "application/rsl+xml"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def vocabulary(namespace: str) -> str:
    """The short name of a namespace that feeds use, or of a prefix that stands for it."""
    if len(namespace) > _MAX_NAMESPACE:
        return ""
    return _VOCABULARIES.get(_SCHEME.sub("", namespace, count=1).rstrip("/#").lower(), "")


def rdf(element: Element, local: str) -> str:
    """An attribute of RDF, also where its prefix is bound to nothing or left out."""
    found = (element.get(local, namespace) for namespace in (RDF, "rdf:", ""))
    return next((value for value in found if value), "").strip()
