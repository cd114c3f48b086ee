"""The licences of Creative Commons: units, versions, ports, and its public-domain tools."""

from itertools import product
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

ONLY_PORTED: Final = frozenset(
    {*product(("by", "by-sa", "by-nc", "by-nc-sa", "by-nd", "by-nc-nd"), ("2.1",))}
    | {*product(("sa", "nc", "nc-sa", "nd", "nd-nc"), ("2.0",))}
)
"""Units and versions that were published for single jurisdictions only (2.1; 2.0 in Japan).

Their URL without one is written all the same, and leads to 2.0 (``publish.py`` there).
"""

JURISDICTIONS: Final = frozenset(
    {
        *("am", "ar", "at", "au", "az", "be", "bg", "br", "ca", "ch", "cl"),
        *("cn", "co", "cr", "cz", "de", "dk", "ec", "ee", "eg", "es", "fi"),
        *("fr", "ge", "gr", "gt", "hk", "hr", "hu", "ie", "igo", "il", "in"),
        *("it", "jo", "jp", "kr", "lu", "mk", "mt", "mx", "my", "ng", "nl"),
        *("no", "nz", "pe", "ph", "pl", "pr", "pt", "ro", "rs", "scotland", "se"),
        *("sg", "si", "th", "tw", "ua", "ug", "uk", "us", "ve", "vn", "za"),
    }
)
"""To which licences were ported; any other segment of two letters is a language.

Stated in creativecommons/cc-legal-tools-app, ``i18n/__init__.py``.
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
PORTS: Final = {
    "by": "2.5-AU 3.0-AT 3.0-AU 3.0-DE 3.0-IGO 3.0-NL 3.0-US",
    "by-nc": "3.0-DE 3.0-IGO",
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
        return f"{version}-{port.upper()}" in PORTS.get(unit, "").split()
    if unit == "sa":
        return version == "1.0"
    return UNITS[unit][2] is None and version != "2.1"


ZERO: Final = Entry(
    "CC0-1.0",
    "Creative Commons Zero 1.0 Universal",
    Kind.PUBLIC_DOMAIN,
    "creativecommons",
    "CC0-1.0",
    "https://creativecommons.org/publicdomain/zero/1.0/",
    version="1.0",
)
MARK: Final = Entry(
    "CC-PDM-1.0",
    "Creative Commons Public Domain Mark 1.0",
    Kind.PUBLIC_DOMAIN,
    "creativecommons",
    "CC-PDM-1.0",
    "https://creativecommons.org/publicdomain/mark/1.0/",
    version="1.0",
)
CERTIFICATION: Final = Entry(
    "CC-PDDC",
    "Creative Commons Public Domain Dedication and Certification",
    Kind.PUBLIC_DOMAIN,
    "creativecommons",
    "CC-PDDC",
    "https://creativecommons.org/licenses/publicdomain/",
    retired="2010-10-11",
)
