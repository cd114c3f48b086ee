"""The licences that are known, as a table."""

from dataclasses import replace
from typing import Final

from signals_agent.licences.entry import Element, Entry, Kind

_BY, _NC, _ND, _SA = Element.BY, Element.NC, Element.ND, Element.SA
_KINDS: Final[dict[frozenset[Element], Kind]] = {
    frozenset(): Kind.ATTRIBUTION,
    frozenset({_SA}): Kind.SHARE_ALIKE,
    frozenset({_NC}): Kind.NON_COMMERCIAL,
    frozenset({_NC, _SA}): Kind.NON_COMMERCIAL_SHARE_ALIKE,
    frozenset({_ND}): Kind.NO_DERIVATIVES,
    frozenset({_NC, _ND}): Kind.NON_COMMERCIAL_NO_DERIVATIVES,
}
_WORDS: Final = {
    _BY: "Attribution",
    _NC: "NonCommercial",
    _ND: "NoDerivatives",
    _SA: "ShareAlike",
}
_FULL: Final = ("1.0", "2.0", "2.1", "2.5", "3.0", "4.0")
_EARLY: Final = ("1.0", "2.0")
_FIRST: Final = ("1.0",)

UNITS: Final[dict[str, tuple[tuple[Element, ...], tuple[str, ...], str | None]]] = {
    "by": ((_BY,), _FULL, None),
    "by-sa": ((_BY, _SA), _FULL, None),
    "by-nc": ((_BY, _NC), _FULL, None),
    "by-nc-sa": ((_BY, _NC, _SA), _FULL, None),
    "by-nd": ((_BY, _ND), _FULL, None),
    "by-nc-nd": ((_BY, _NC, _ND), _FULL, None),
    "sa": ((_SA,), _EARLY, "2004-05-25"),
    "nc": ((_NC,), _EARLY, "2004-05-25"),
    "nc-sa": ((_NC, _SA), _EARLY, "2004-05-25"),
    "nd": ((_ND,), _EARLY, "2004-05-25"),
    "nd-nc": ((_NC, _ND), _EARLY, "2004-05-25"),
    "devnations": ((_BY,), ("2.0",), "2007-06-04"),
    "sampling": ((_BY,), _FIRST, "2007-06-04"),
    "sampling+": ((_BY,), _FIRST, "2011-09-12"),
    "nc-sampling+": ((_BY, _NC), _FIRST, "2011-09-12"),
}
"""The units of Creative Commons: elements, versions, and when withdrawn.

Stated in creativecommons/cc-legal-tools-app, ``legal_tools/models.py``.
"""

ORDERS: Final = {"by-nd-nc": "by-nc-nd", "nc-nd": "nd-nc"}
"""Units whose elements may stand in another order; version 1.0 wrote ``by-nd-nc``."""

_TITLES: Final = {
    "devnations": "Developing Nations",
    "sampling": "Sampling",
    "sampling+": "Sampling Plus",
    "nc-sampling+": "NonCommercial Sampling Plus",
}

# Ports that SPDX lists; every other port has our own id, of the same form.
_PORTS: Final = {
    "by": "2.5-AU 3.0-AT 3.0-AU 3.0-DE 3.0-IGO 3.0-NL 3.0-US",
    "by-nc": "3.0-DE",
    "by-nc-nd": "3.0-DE 3.0-IGO",
    "by-nc-sa": "2.0-DE 2.0-FR 2.0-UK 3.0-DE 3.0-IGO",
    "by-nd": "3.0-DE",
    "by-sa": "2.0-UK 2.1-JP 3.0-AT 3.0-DE 3.0-IGO",
}


def creative_commons(unit: str, version: str | None = None, port: str | None = None) -> Entry:
    """A licence of Creative Commons; ``unit`` is a key of ``UNITS``.

    A version that the unit never had is the caller's mistake (``version_known``).
    """
    elements, _, retired = UNITS[unit]
    alone = unit in _TITLES  # no successor asks the same
    title = _TITLES[unit] if alone else "-".join(_WORDS[each] for each in elements)
    edition = f" {version}" if version else ""
    where = f" {port.upper() if len(port) < 4 else port.title()}" if port else ""
    generic = " International" if version == "4.0" else ""
    ident = "-".join(each for each in ("CC", unit.upper(), version, port and port.upper()) if each)
    # Version 1.0 alone wrote these elements in this order (declarations, section 6.2).
    written = "by-nd-nc" if (unit, version) == ("by-nc-nd", "1.0") else unit
    path = "/".join(each for each in (written, version, port) if each)
    return Entry(
        ident,
        f"Creative Commons {title}{edition}{generic}{where}",
        Kind.RETIRED if alone else _KINDS[frozenset(elements) - {_BY}],
        "creativecommons",
        ident if _in_spdx(unit, version, port) else None,
        f"https://creativecommons.org/licenses/{path}/",
        elements,
        version,
        port,
        retired,
    )


def version_known(unit: str, version: str) -> bool:
    """Whether Creative Commons published this version of the unit."""
    return version in UNITS[unit][1]


def _in_spdx(unit: str, version: str | None, port: str | None) -> bool:
    if version is None:
        return False
    if port is not None:
        return f"{version}-{port.upper()}" in _PORTS.get(unit, "").split()
    if unit == "sa":
        return version == "1.0"
    return UNITS[unit][2] is None and version != "2.1"


_ZERO: Final = Entry(
    "CC0-1.0",
    "Creative Commons Zero 1.0 Universal",
    Kind.PUBLIC_DOMAIN,
    "creativecommons",
    "CC0-1.0",
    "https://creativecommons.org/publicdomain/zero/1.0/",
    version="1.0",
)
_MARK: Final = Entry(
    "CC-PDM-1.0",
    "Creative Commons Public Domain Mark 1.0",
    Kind.PUBLIC_DOMAIN,
    "creativecommons",
    "CC-PDM-1.0",
    "https://creativecommons.org/publicdomain/mark/1.0/",
    version="1.0",
)
_CERTIFICATION: Final = Entry(
    "CC-PDDC",
    "Creative Commons Public Domain Dedication and Certification",
    Kind.PUBLIC_DOMAIN,
    "creativecommons",
    "CC-PDDC",
    "https://creativecommons.org/licenses/publicdomain/",
    retired="2010-10-11",
)

_P, _K = Kind.PERMISSIVE, Kind.COPYLEFT
_OSI: Final = "https://opensource.org/license/"
_GNU: Final = "https://www.gnu.org/licenses/"
_OLD: Final = _GNU + "old-licenses/"
_ODC: Final = "https://opendatacommons.org/licenses/"
_OGL: Final = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/"

# SPDX id, name, kind, family, URL, elements.
_SPDX: Final[tuple[tuple[str, str, Kind, str, str, tuple[Element, ...]], ...]] = (
    ("ODbL-1.0", "Open Data Commons Open Database License 1.0", Kind.SHARE_ALIKE,
     "opendatacommons", _ODC + "odbl/1-0/", (_BY, _SA)),
    ("ODC-By-1.0", "Open Data Commons Attribution License 1.0", Kind.ATTRIBUTION,
     "opendatacommons", _ODC + "by/1-0/", (_BY,)),
    ("PDDL-1.0", "Open Data Commons Public Domain Dedication and License 1.0",
     Kind.PUBLIC_DOMAIN, "opendatacommons", _ODC + "pddl/1-0/", ()),
    ("CDLA-Permissive-1.0", "Community Data License Agreement Permissive 1.0",
     Kind.DATA_PERMISSIVE, "cdla", "https://cdla.dev/permissive-1-0/", ()),
    ("CDLA-Permissive-2.0", "Community Data License Agreement Permissive 2.0",
     Kind.DATA_PERMISSIVE, "cdla", "https://cdla.dev/permissive-2-0/", ()),
    ("CDLA-Sharing-1.0", "Community Data License Agreement Sharing 1.0",
     Kind.SHARE_ALIKE, "cdla", "https://cdla.dev/sharing-1-0/", (_SA,)),
    ("OGL-UK-1.0", "Open Government Licence (UK) 1.0", Kind.ATTRIBUTION, "ogl",
     _OGL + "1/", (_BY,)),
    ("OGL-UK-2.0", "Open Government Licence (UK) 2.0", Kind.ATTRIBUTION, "ogl",
     _OGL + "2/", (_BY,)),
    ("OGL-UK-3.0", "Open Government Licence (UK) 3.0", Kind.ATTRIBUTION, "ogl",
     _OGL + "3/", (_BY,)),
    ("OGL-Canada-2.0", "Open Government Licence (Canada) 2.0", Kind.ATTRIBUTION, "ogl",
     "https://open.canada.ca/en/open-government-licence-canada", (_BY,)),
    ("etalab-2.0", "Licence Ouverte 2.0 (Etalab)", Kind.ATTRIBUTION, "ogl",
     "https://www.etalab.gouv.fr/licence-ouverte-open-licence/", (_BY,)),
    ("NLOD-2.0", "Norwegian Licence for Open Government Data 2.0", Kind.ATTRIBUTION, "ogl",
     "https://data.norge.no/nlod/en/2.0", (_BY,)),
    ("DL-DE-BY-2.0", "Data licence Germany, attribution, 2.0", Kind.ATTRIBUTION, "ogl",
     "https://www.govdata.de/dl-de/by-2-0", (_BY,)),
    ("DL-DE-ZERO-2.0", "Data licence Germany, zero, 2.0", Kind.PUBLIC_DOMAIN, "ogl",
     "https://www.govdata.de/dl-de/zero-2-0", ()),
    ("NCGL-UK-2.0", "Non-Commercial Government Licence (UK) 2.0", Kind.NON_COMMERCIAL, "ogl",
     "https://www.nationalarchives.gov.uk/doc/non-commercial-government-licence/version/2/",
     (_BY, _NC)),
    ("MIT", "MIT License", _P, "software", _OSI + "mit", ()),
    ("Apache-2.0", "Apache License 2.0", _P, "software",
     "https://www.apache.org/licenses/LICENSE-2.0", ()),
    ("BSD-2-Clause", "BSD 2-Clause License", _P, "software", _OSI + "bsd-2-clause", ()),
    ("BSD-3-Clause", "BSD 3-Clause License", _P, "software", _OSI + "bsd-3-clause", ()),
    ("BSD-3-Clause-Clear", "BSD 3-Clause Clear License", _P, "software",
     "https://spdx.org/licenses/BSD-3-Clause-Clear.html", ()),
    ("BSD-4-Clause", "BSD 4-Clause License", _P, "software",
     "https://spdx.org/licenses/BSD-4-Clause.html", ()),
    ("ISC", "ISC License", _P, "software", _OSI + "isc-license-txt", ()),
    ("Zlib", "zlib License", _P, "software", _OSI + "zlib", ()),
    ("NCSA", "University of Illinois/NCSA Open Source License", _P, "software",
     _OSI + "uoi-ncsa-php", ()),
    ("PostgreSQL", "PostgreSQL License", _P, "software", _OSI + "postgresql", ()),
    ("BSL-1.0", "Boost Software License 1.0", _P, "software",
     "https://www.boost.org/LICENSE_1_0.txt", ()),
    ("AFL-3.0", "Academic Free License 3.0", _P, "software", _OSI + "afl-3-0-php", ()),
    ("ECL-2.0", "Educational Community License 2.0", _P, "software", _OSI + "ecl-2-0", ()),
    ("Python-2.0", "Python License 2.0", _P, "software", _OSI + "python-2-0", ()),
    ("Unlicense", "The Unlicense", Kind.PUBLIC_DOMAIN, "software",
     "https://unlicense.org/", ()),
    ("0BSD", "BSD Zero Clause License", Kind.PUBLIC_DOMAIN, "software", _OSI + "0bsd", ()),
    ("MIT-0", "MIT No Attribution", Kind.PUBLIC_DOMAIN, "software", _OSI + "mit-0", ()),
    ("WTFPL", "Do What The F*ck You Want To Public License", Kind.PUBLIC_DOMAIN, "software",
     "https://www.wtfpl.net/about/", ()),
    ("GPL-1.0-only", "GNU General Public License 1.0 only", _K, "software",
     _OLD + "gpl-1.0.html", (_SA,)),
    ("GPL-2.0-only", "GNU General Public License 2.0 only", _K, "software",
     _OLD + "gpl-2.0.html", (_SA,)),
    ("GPL-2.0-or-later", "GNU General Public License 2.0 or later", _K, "software",
     _OLD + "gpl-2.0.html", (_SA,)),
    ("GPL-3.0-only", "GNU General Public License 3.0 only", _K, "software",
     _GNU + "gpl-3.0.html", (_SA,)),
    ("GPL-3.0-or-later", "GNU General Public License 3.0 or later", _K, "software",
     _GNU + "gpl-3.0.html", (_SA,)),
    ("AGPL-3.0-only", "GNU Affero General Public License 3.0 only", _K, "software",
     _GNU + "agpl-3.0.html", (_SA,)),
    ("AGPL-3.0-or-later", "GNU Affero General Public License 3.0 or later", _K, "software",
     _GNU + "agpl-3.0.html", (_SA,)),
    ("LGPL-2.1-only", "GNU Lesser General Public License 2.1 only", _K, "software",
     _OLD + "lgpl-2.1.html", (_SA,)),
    ("LGPL-2.1-or-later", "GNU Lesser General Public License 2.1 or later", _K, "software",
     _OLD + "lgpl-2.1.html", (_SA,)),
    ("LGPL-3.0-only", "GNU Lesser General Public License 3.0 only", _K, "software",
     _GNU + "lgpl-3.0.html", (_SA,)),
    ("LGPL-3.0-or-later", "GNU Lesser General Public License 3.0 or later", _K, "software",
     _GNU + "lgpl-3.0.html", (_SA,)),
    ("MPL-2.0", "Mozilla Public License 2.0", _K, "software",
     "https://www.mozilla.org/MPL/2.0/", (_SA,)),
    ("EPL-1.0", "Eclipse Public License 1.0", _K, "software",
     "https://www.eclipse.org/legal/epl-v10.html", (_SA,)),
    ("EPL-2.0", "Eclipse Public License 2.0", _K, "software",
     "https://www.eclipse.org/legal/epl-2.0/", (_SA,)),
    ("EUPL-1.1", "European Union Public Licence 1.1", _K, "software",
     _OSI + "eupl-1-1", (_SA,)),
    ("EUPL-1.2", "European Union Public Licence 1.2", _K, "software",
     _OSI + "eupl-1-2", (_SA,)),
    ("OSL-3.0", "Open Software License 3.0", _K, "software", _OSI + "osl-3-0-php", (_SA,)),
    ("OFL-1.1", "SIL Open Font License 1.1", _K, "software", "https://openfontlicense.org/",
     (_SA,)),
    ("LAL-1.3", "Free Art License 1.3", Kind.SHARE_ALIKE, "other",
     "https://artlibre.org/licence/lal/en/", (_BY, _SA)),
    ("GFDL-1.1-only", "GNU Free Documentation License 1.1 only", Kind.SHARE_ALIKE, "gfdl",
     _OLD + "fdl-1.1.html", (_SA,)),
    ("GFDL-1.1-or-later", "GNU Free Documentation License 1.1 or later", Kind.SHARE_ALIKE,
     "gfdl", _OLD + "fdl-1.1.html", (_SA,)),
    ("GFDL-1.2-only", "GNU Free Documentation License 1.2 only", Kind.SHARE_ALIKE, "gfdl",
     _OLD + "fdl-1.2.html", (_SA,)),
    ("GFDL-1.2-or-later", "GNU Free Documentation License 1.2 or later", Kind.SHARE_ALIKE,
     "gfdl", _OLD + "fdl-1.2.html", (_SA,)),
    ("GFDL-1.3-only", "GNU Free Documentation License 1.3 only", Kind.SHARE_ALIKE, "gfdl",
     _GNU + "fdl-1.3.html", (_SA,)),
    ("GFDL-1.3-or-later", "GNU Free Documentation License 1.3 or later", Kind.SHARE_ALIKE,
     "gfdl", _GNU + "fdl-1.3.html", (_SA,)),
)  # fmt: skip

_HF: Final = "https://huggingface.co/"
_RAIL: Final = (
    ("openrail", "OpenRAIL (version not said)", None),
    ("openrail++", "CreativeML Open RAIL++-M",
     _HF + "stabilityai/stable-diffusion-xl-base-1.0/blob/main/LICENSE.md"),
    ("creativeml-openrail-m", "CreativeML Open RAIL-M",
     _HF + "spaces/CompVis/stable-diffusion-license"),
    ("bigscience-openrail-m", "BigScience Open RAIL-M",
     "https://bigscience.huggingface.co/blog/bigscience-openrail-m"),
    ("bigscience-bloom-rail-1.0", "BigScience BLOOM RAIL 1.0", _HF + "spaces/bigscience/license"),
    ("bigcode-openrail-m", "BigCode Open RAIL-M",
     _HF + "spaces/bigcode/bigcode-model-license-agreement"),
)  # fmt: skip

_UNVERSIONED: Final = (
    Entry("BSD", "BSD License (which one is not said)", _P, "software"),
    Entry("GPL", "GNU General Public License (version not said)", _K, "software",
          url=_GNU + "gpl.html", elements=(_SA,)),
    Entry("AGPL", "GNU Affero General Public License (version not said)", _K, "software",
          url=_GNU + "agpl.html", elements=(_SA,)),
    Entry("LGPL", "GNU Lesser General Public License (version not said)", _K, "software",
          url=_GNU + "lgpl.html", elements=(_SA,)),
    Entry("GFDL", "GNU Free Documentation License (version not said)", Kind.SHARE_ALIKE, "gfdl",
          url=_GNU + "fdl.html", elements=(_SA,)),
    Entry("OGL-UK", "Open Government Licence (UK, version not said)", Kind.ATTRIBUTION, "ogl",
          url="https://www.nationalarchives.gov.uk/doc/open-government-licence/",
          elements=(_BY,)),
    Entry("all-rights-reserved", "All rights reserved", Kind.RESERVED, "other"),
)  # fmt: skip

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
        _ZERO,
        _MARK,
        _CERTIFICATION,
        *(creative_commons(unit, each) for unit, known in UNITS.items() for each in known[1]),
        *(
            creative_commons(unit, *port.lower().split("-"))
            for unit, ports in _PORTS.items()
            for port in ports.split()
        ),
        *(creative_commons(unit) for unit in UNITS),
        *(
            Entry(spdx, name, kind, family, spdx, url, elements, _version(spdx))
            for spdx, name, kind, family, url, elements in _SPDX
        ),
        *(
            Entry(ident, name, Kind.USE_RESTRICTED, "openrail", url=url)
            for ident, name, url in _RAIL
        ),
        *_UNVERSIONED,
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
