"""The licences that are known, as a table."""

from dataclasses import replace
from typing import Final

from signals_agent.licences.cc_units import (
    CERTIFICATION,
    MARK,
    PORTS,
    UNITS,
    ZERO,
    creative_commons,
)
from signals_agent.licences.entry import Entry, Kind
from signals_agent.licences.listed import OTHERS, RAIL, SPDX

_STATEMENTS: Final = {
    "InC": "In Copyright",
    "InC-OW-EU": "In Copyright, EU Orphan Work",
    "InC-EDU": "In Copyright, Educational Use Permitted",
    "InC-NC": "In Copyright, Non-Commercial Use Permitted",
    "InC-RUU": "In Copyright, Rights-holder(s) Unlocatable or Unidentifiable",
    "NoC-CR": "No Copyright, Contractual Restrictions",
    "NoC-NC": "No Copyright, Non-Commercial Use Only",
    "NoC-OKLR": "No Copyright, Other Known Legal Restrictions",
    "NoC-US": "No Copyright, United States",
    "CNE": "Copyright Not Evaluated",
    "UND": "Copyright Undetermined",
    "NKC": "No Known Copyright",
}


def _version(ident: str) -> str | None:
    """The part of an SPDX id that is a version number."""
    parts = (part for part in ident.split("-") if part.replace(".", "").isdigit() and "." in part)
    return next(parts, None)


def _entries() -> tuple[Entry, ...]:
    return (
        ZERO,
        MARK,
        CERTIFICATION,
        *(creative_commons(unit, each) for unit, known in UNITS.items() for each in known[1]),
        *(
            creative_commons(unit, *port.lower().split("-"))
            for unit, ports in PORTS.items()
            for port in ports.split()
        ),
        *(creative_commons(unit) for unit in UNITS),
        *(
            Entry(spdx, name, kind, family, spdx, url, elements, _version(spdx))
            for spdx, name, kind, family, url, elements in SPDX
        ),
        *(
            Entry(ident, name, Kind.USE_RESTRICTED, "openrail", url=url)
            for ident, name, url in RAIL
        ),
        *OTHERS,
        *(
            Entry(
                f"rightsstatements-{code}-1.0",
                f"RightsStatements.org: {name}",
                Kind.RESERVED,
                "rightsstatements",
                url=f"https://rightsstatements.org/vocab/{code}/1.0/",
                version="1.0",
            )
            for code, name in _STATEMENTS.items()
        ),
    )


ENTRIES: Final = _entries()
"""Every licence that is known, unversioned ones last of their family; ports by rule besides."""

BY_ID: Final = {entry.id.lower(): entry for entry in ENTRIES}
"""By id in lower case."""

_UNKNOWN: Final = Entry(
    "unrecognised", "Not a licence that is recognised", Kind.UNRECOGNISED, "other"
)


def unrecognised(url: str | None = None, name: str | None = None) -> Entry:
    """What is no licence we know: it keeps its URL, or the words that were declared."""
    return replace(_UNKNOWN, url=url, name=name or _UNKNOWN.name)
