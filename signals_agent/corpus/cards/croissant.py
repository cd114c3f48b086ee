"""A corpus as Croissant describes datasets to machines: JSON-LD, with its terms and its files.

Croissant 1.1 (http://mlcommons.org/croissant/1.1) and its vocabulary for responsible AI 1.0.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from signals_agent import quote, wording
from signals_agent.corpus import called
from signals_agent.corpus.cards import front_matter
from signals_agent.corpus.cards.croissant_context import CONTEXT
from signals_agent.corpus.cards.provenance import Provenance
from signals_agent.corpus.composition.nouns import Composition, ForActivity
from signals_agent.corpus.facts import Creator, Facts
from signals_agent.corpus.folder import Output
from signals_agent.corpus.holdings import Holdings
from signals_agent.licences.identity import identify
from signals_agent.licences.jurisdictions import NO_ADVICE
from signals_agent.model import citation
from signals_agent.model.attribution import Attribution, FactSource
from signals_agent.model.licence import ActivityAnswer, Licence
from signals_agent.preference_manifest import PREFERENCES, SOURCES

CONFORMS: Final = (
    "http://mlcommons.org/croissant/1.1",
    "http://mlcommons.org/croissant/RAI/1.0",
)

_MEDIA: Final = {
    ".json": "application/json",
    ".jsonl": "application/jsonlines",
    ".md": "text/markdown",
    ".csv": "text/csv",
    ".bib": "application/x-bibtex",
    ".cff": "application/yaml",
    ".html": "text/html",
    ".tex": "application/x-tex",
}
_LETTER: Final = re.compile(r"v(?=[0-9])")


def document(
    holdings: Holdings,
    composition: Composition,
    facts: Facts,
    files: Iterable[Output] = (),
    provenance: Provenance | None = None,
) -> Iterator[str]:
    """The description as JSON-LD, ``croissant.json``; ``files`` are those that lie beside it."""
    made = _dataset(holdings, composition, facts, tuple(files), provenance or Provenance())
    yield json.dumps(made, indent=2).replace("\x7f", "\\u007f") + "\n"


def missing(facts: Facts) -> tuple[str, ...]:
    """The keys of ``corpus.toml`` that Croissant asks for, and that nobody has said."""
    asked = {
        "url": facts.url,
        "creator": facts.creator,
        "released": facts.released,
        "version": facts.version,
    }
    return tuple(key for key, said in asked.items() if not said)


def _dataset(
    holdings: Holdings,
    composition: Composition,
    facts: Facts,
    files: tuple[Output, ...],
    provenance: Provenance,
) -> dict[str, Any]:
    name = _text(called.name(facts, composition.names))
    made: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": list(CONFORMS),
        "name": name,
        "description": _description(composition, facts),
        "license": list(_licences(holdings, composition)),
    }
    said: dict[str, Any] = {
        "alternateName": facts.title if facts.title != facts.name else None,
        "url": citation.address(facts.url),
        "version": None if facts.version is None else _LETTER.sub("", facts.version, count=1),
        "datePublished": None if facts.released is None else facts.released.isoformat(),
        "identifier": None if facts.doi is None else f"https://doi.org/{_doi(facts.doi)}",
        "sdLicense": None if facts.licence is None else _licence_url(facts.licence),
        "conditionsOfAccess": facts.access,
        "isAccessibleForFree": True if facts.access == "public" else None,
    }
    made.update(
        (key, _text(fact) if isinstance(fact, str) else fact)
        for key, fact in said.items()
        if fact is not None
    )
    made["citeAs"] = _cite(composition, facts)
    made["creator"] = [_creator(each) for each in facts.creator]
    made["inLanguage"] = [_text(each) for each in facts.language]
    made["keywords"] = [_text(each) for each in front_matter.tags(composition)]
    made["usageInfo"] = _usage(holdings, files)
    made.update(_responsible(holdings, composition, facts, provenance))
    made["distribution"] = [_file(each) for each in files]
    made["recordSet"] = _records(holdings, files)
    return {key: value for key, value in made.items() if value != []}


def _text(text: str, limit: int = 5000) -> str:
    return quote.text(" ".join(text.split()), limit)


def _several(number: int, one: str, more: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def _doi(doi: str) -> str:
    return re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)", "", doi.strip(), flags=re.IGNORECASE)


def _description(composition: Composition, facts: Facts) -> str:
    said = facts.description or (
        f"A corpus of {_several(composition.extent.assets, 'work')} of others, with what each asks."
    )
    return f"{_text(said)} Each work keeps its own licence. {NO_ADVICE}"


def _licences(holdings: Holdings, composition: Composition) -> Iterator[str | dict[str, str]]:
    """Each licence once, by its URL where it has one; that some works have none is said too."""
    found: dict[str, Licence] = {}
    for footing in holdings.footings.values():
        found.update((each.label, each) for each in footing.licences)
    seen = set()
    for label, licence in sorted(found.items()):
        url = citation.address(licence.url) or _licence_url(label)
        if not url.startswith(("http://", "https://")):
            yield {"@type": "CreativeWork", "name": _text(label, 500)}
        elif url not in seen:
            seen.add(url)
            yield url
    without = sum(extent.assets for labels, extent in composition.licences if not labels)
    if without:
        yield {
            "@type": "CreativeWork",
            "name": "no licence declared",
            "description": f"{_several(without, 'work')} without a licence: ask before you share.",
        }


def _licence_url(said: str) -> str:
    """The URL of a licence, by that of its steward; else what is said."""
    return identify(said).url or said


def _cite(composition: Composition, facts: Facts) -> str:
    """The corpus itself as a BibTeX entry."""
    released = "" if facts.released is None else facts.released.isoformat()
    title = called.title(facts, composition.names)
    return citation.cite(
        Attribution(
            url=facts.url or title,
            text="",
            title=title,
            creators=tuple(each.name for each in facts.creator),
            sources=(FactSource("published", released, "url", ""),) if released else (),
        ),
        "bibtex",
    )


def _creator(each: Creator) -> dict[str, Any]:
    made: dict[str, Any] = {"@type": "sc:Person", "name": _text(each.name)}
    if url := citation.address(each.url) or citation.address(each.orcid):
        made["url"] = url
    if each.affiliation is not None:
        made["affiliation"] = {"@type": "sc:Organization", "name": _text(each.affiliation)}
    return made


def _usage(holdings: Holdings, files: tuple[Output, ...]) -> list[dict[str, Any]]:
    """What the sources ask, each kind as a term, and where it stands in full."""
    made: list[dict[str, Any]] = []
    if any(each.name == PREFERENCES for each in files):
        made.append(
            {
                "@type": "CreativeWork",
                "name": "What the sources ask",
                "description": "Preferences and obligations of each source, by its URL.",
                "hasPart": [{"@id": PREFERENCES}, {"@id": SOURCES}],
            }
        )
    for kind, parties, extent in holdings.kinds():
        made.append(
            {
                "@type": "DefinedTerm",
                "termCode": kind.value,
                "name": kind.value,
                "description": (
                    f"{wording.DUTIES[kind]} (asked for {_several(extent.assets, 'work')} by "
                    f"{_several(parties, 'party', 'parties')})"
                ),
            }
        )
    return made


def _responsible(
    holdings: Holdings, composition: Composition, facts: Facts, provenance: Provenance
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "rai:dataCollection": (
            "Works of others; what each asks was read from what its publisher declares."
            if provenance.crawled
            else "Works of others, with the licences that are known of each."
        )
    }
    if provenance.crawled:
        made["rai:dataCollectionType"] = ["Web Scraping"]
    if when := holdings.when():
        made["rai:dataCollectionTimeframe"] = [_text(each, 40) for each in when]
    if missing := provenance.missing():
        made["rai:dataCollectionMissingData"] = " ".join(missing)
    by_answer: dict[ActivityAnswer, list[str]] = {}
    for each in composition.activities.values():
        by_answer.setdefault(each.answer, []).append(_use(each))
    made["rai:dataUseCases"] = by_answer.get(ActivityAnswer.OK, [])
    made["rai:dataLimitations"] = [
        *by_answer.get(ActivityAnswer.NO, []),
        *by_answer.get(ActivityAnswer.CAUTION, []),
    ]
    if holdings.credited():
        made["rai:personalSensitiveInformation"] = [
            "Names of creators, as pages give them, stand in the credit lines."
        ]
    if by := facts.checklist.audited_again_by:
        made["rai:dataReleaseMaintenancePlan"] = f"Looked at again by {by.isoformat()}."
    return made


def _use(each: ForActivity) -> str:
    asked = f" Asked: {', '.join(each.conditions)}." if each.conditions else ""
    return f"{each.activity}: {each.answer}. {_text(each.reason)}{asked}"


def _file(each: Output) -> dict[str, Any]:
    _, dot, ending = each.name.rpartition(".")
    return {
        "@type": "cr:FileObject",
        "@id": each.name,
        "name": each.name,
        "contentUrl": each.name,
        "contentSize": f"{each.bytes} B",
        "encodingFormat": _MEDIA.get(dot + ending, "text/plain"),
        "sha256": each.sha256,
    }


def _records(holdings: Holdings, files: tuple[Output, ...]) -> list[dict[str, Any]]:
    """The sources as records; a column that no line has is none that can be read."""
    if not any(each.name == SOURCES for each in files) or not holdings.extent().assets:
        return []
    fields = [
        _field("url", "The URL of the source.", "sc:URL", "url"),
        _field("party", "Who declares for it: a claim.", "sc:Text", "party", "$.name"),
        {**_field("licences", "Its licences.", "sc:Text", "licences"), "repeated": True},
    ]
    if holdings.credited():
        credit = "Its credit line, as plain text; none where nobody asks for one."
        fields.append(_field("credit", credit, "sc:Text", "credit", "$.text"))
    return [
        {
            "@type": "cr:RecordSet",
            "@id": "sources",
            "name": "sources",
            "description": "A record for each source, in the order of the octets of their URLs.",
            "field": fields,
        }
    ]


def _field(
    name: str, description: str, kind: str, column: str, path: str | None = None
) -> dict[str, Any]:
    source: dict[str, Any] = {"fileObject": {"@id": SOURCES}, "extract": {"column": column}}
    if path is not None:
        source["transform"] = {"jsonPath": path}
    return {
        "@type": "cr:Field",
        "@id": f"sources/{name}",
        "name": name,
        "description": description,
        "dataType": kind,
        "source": source,
    }
