"""How Creative Commons writes the URLs and short names of its licences."""

import re
from typing import Final

from signals_agent.licences import cc_units
from signals_agent.licences.catalogue import BY_ID
from signals_agent.licences.cc_units import JURISDICTIONS, ORDERS, UNITS
from signals_agent.licences.entry import Entry

_JURISDICTION: Final = r"[a-z]{2}|igo|scotland"
# declarations, section 6.2; possessive, so that it is linear.
_TAIL: Final = re.compile(
    rf"(?P<version>[0-9]{{1,2}}\.[0-9]{{1,2}})?"
    rf"(?:(?:^|/)(?P<port>{_JURISDICTION}))?"
    r"(?:(?:^|/)(?:deed|legalcode|rdf)(?:[._/-][a-z0-9._@/-]*+)?|/[a-z]{2,3}[_-][a-z0-9]{2,8})?",
)
_UNIT: Final = "|".join(
    sorted((re.escape(unit) for unit in (*UNITS, *ORDERS)), key=len, reverse=True)
)
_SHORT: Final = re.compile(
    rf"(?:cc-|creative-commons-)?(?P<unit>{_UNIT})"
    rf"(?:-v?(?P<version>[0-9]\.[0-9]))?(?:-(?P<port>{_JURISDICTION}))?"
)
_LONG: Final = (
    ("noncommercial", "nc"),
    ("non-commercial", "nc"),
    ("noderivatives", "nd"),
    ("noderivs", "nd"),
    ("no-derivatives", "nd"),
    ("no-derivs", "nd"),
    ("sharealike", "sa"),
    ("share-alike", "sa"),
    ("attribution", "by"),
)
_SUFFIXES: Final = (
    "-deed",
    "-license",
    "-licence",
    "-international",
    "-unported",
    "-generic",
)


def from_path(folder: str, rest: str) -> Entry | None:
    """The licence at ``/folder/rest`` of creativecommons.org, both in lower case."""
    unit, _, tail = rest.partition("/")
    found = _TAIL.fullmatch(tail)
    if found is None:
        return None
    version = found["version"]
    if unit in {"zero", "cc0", "mark"}:  # each has but one version
        ident = "cc-pdm-1.0" if unit == "mark" else "cc0-1.0"
        return BY_ID[ident] if version in (None, "1.0") else None
    if unit == "certification" or (folder == "licenses" and unit == "publicdomain"):
        return BY_ID["cc-pddc"]
    return _entry(unit, version, found["port"]) if folder == "licenses" else None


def from_short(key: str) -> Entry | None:
    """The licence of a short or long name, in lower case with ``-`` for spaces.

    ``cc-by-sa-3.0-de`` (SPDX, Hugging Face), ``by-nc/4.0``, ``attribution-4.0-international``.
    """
    for suffix in _SUFFIXES:
        key = key.removesuffix(suffix)
    for word, short in _LONG:
        key = key.replace(word, short)
    found = _SHORT.fullmatch(key)
    if found is None:
        return None
    if found["version"] is None and not key.startswith(("cc-", "creative-commons-", "by-")):
        return None  # "sampling", "sa" and "nc" alone are words of other trades
    if found["port"] is not None and found["port"] not in JURISDICTIONS:
        return None  # "CC-BY-4.0 OR" is half an expression
    return _entry(found["unit"], found["version"], found["port"])


def _entry(unit: str, version: str | None, port: str | None) -> Entry | None:
    unit = ORDERS.get(unit, unit)
    if unit not in UNITS or (version and not cc_units.version_known(unit, version)):
        return None
    # From 4.0 on there are no ports, and a language may stand in their place.
    if port not in JURISDICTIONS or version in (None, "4.0"):
        port = None
    return cc_units.creative_commons(unit, version, port)
