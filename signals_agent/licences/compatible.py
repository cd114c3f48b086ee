"""Which share-alike licences can be met together: what made under one may go out under another."""

from functools import lru_cache
from typing import Final

from signals_agent.licences.catalogue import ENTRIES
from signals_agent.licences.entry import Element, Entry, Kind

_LATER: Final = {"2.0": 0, "2.1": 1, "2.5": 2, "3.0": 3, "4.0": 4}
"""Versions of Creative Commons whose adaptations may go out under a later one.

1.0 has no such clause; 2.0 to 3.0 have it in section 4(b), 4.0 in section 3(b)(1).
"""

# From a licence to those under which an adaptation may be released; one-way.
_ONE_WAY: Final[dict[str, frozenset[str]]] = {
    # creativecommons.org/compatiblelicenses: the Free Art License both ways, GPL version 3 one
    # way; a later GPL is not named.
    "CC-BY-SA-4.0": frozenset({"LAL-1.3", "GPL-3.0-only"}),
    # Free Art License 1.3, sections 2.3 and 5
    "LAL-1.3": frozenset({"CC-BY-SA-4.0"}),
    # gnu.org/licenses/gpl-faq: AllCompatibility. With AGPL-3.0 by GPL-3.0 section 13: the two are
    # conveyed as one, though each part keeps its own licence.
    "GPL-2.0-or-later": frozenset(
        {"GPL-2.0-only", "GPL-3.0-only", "GPL-3.0-or-later", "AGPL-3.0-only", "AGPL-3.0-or-later"}
    ),
    "GPL-3.0-only": frozenset({"AGPL-3.0-only"}),
    "GPL-3.0-or-later": frozenset({"GPL-3.0-only", "AGPL-3.0-only", "AGPL-3.0-or-later"}),
    "AGPL-3.0-or-later": frozenset({"AGPL-3.0-only"}),
    # LGPL-2.1 section 3: the GPL, version 2 or newer
    "LGPL-2.1-only": frozenset(
        {
            *("GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later"),
            *("AGPL-3.0-only", "AGPL-3.0-or-later"),
        }
    ),
    "LGPL-2.1-or-later": frozenset(
        {
            *("LGPL-2.1-only", "LGPL-3.0-only", "LGPL-3.0-or-later"),
            *("GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later"),
            *("AGPL-3.0-only", "AGPL-3.0-or-later"),
        }
    ),
    # LGPL-3.0 section 2(b)
    "LGPL-3.0-only": frozenset({"GPL-3.0-only", "AGPL-3.0-only"}),
    "LGPL-3.0-or-later": frozenset(
        {"LGPL-3.0-only", "GPL-3.0-only", "GPL-3.0-or-later", "AGPL-3.0-only", "AGPL-3.0-or-later"}
    ),
    # MPL-2.0 section 1.12, its secondary licences
    "MPL-2.0": frozenset(
        {
            *("GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later"),
            *("LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later"),
            *("AGPL-3.0-only", "AGPL-3.0-or-later"),
        }
    ),
    # EUPL-1.2 Article 5 and appendix, which name versions and no later ones; its CC BY-SA is for
    # works other than software
    "EUPL-1.2": frozenset(
        {
            *("GPL-2.0-only", "GPL-3.0-only", "AGPL-3.0-only", "LGPL-2.1-only", "LGPL-3.0-only"),
            *("OSL-3.0", "EPL-1.0", "MPL-2.0", "EUPL-1.1", "CC-BY-SA-3.0"),
        }
    ),
    # EUPL-1.1 Article 5 and appendix
    "EUPL-1.1": frozenset({"EUPL-1.2", "GPL-2.0-only", "OSL-3.0", "EPL-1.0"}),
    # EPL-1.0 section 7
    "EPL-1.0": frozenset({"EPL-2.0"}),
    # GFDL section 10. Section 11 of 1.3, to CC BY-SA 3.0, was for wikis and ended on 2009-08-01.
    "GFDL-1.1-or-later": frozenset(
        {"GFDL-1.1-only", "GFDL-1.2-only", "GFDL-1.2-or-later", "GFDL-1.3-only"}
        | {"GFDL-1.3-or-later"}
    ),
    "GFDL-1.2-or-later": frozenset({"GFDL-1.2-only", "GFDL-1.3-only", "GFDL-1.3-or-later"}),
    "GFDL-1.3-or-later": frozenset({"GFDL-1.3-only"}),
}

# Permissive licences that a copyleft licence refuses (gnu.org/licenses/license-list).
_REFUSED: Final = frozenset(
    (permissive, copyleft)
    for permissive, copylefts in (
        ("Apache-2.0", ("GPL-1.0-only", "GPL-2.0-only")),
        ("ECL-2.0", ("GPL-1.0-only", "GPL-2.0-only")),
        *(
            (old, ("GPL-1.0-only", "GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only"))
            for old in ("BSD-4-Clause", "AFL-3.0")
        ),
        *(
            (old, ("GPL-3.0-or-later", "AGPL-3.0-only", "AGPL-3.0-or-later"))
            for old in ("BSD-4-Clause", "AFL-3.0")
        ),
    )
    for copyleft in copylefts
)

# Refused by the one version, and taken in by a later one that the licence allows as well.
_LATER_ONE: Final = {
    (permissive, "GPL-2.0-or-later"): "GPL-3.0-or-later" for permissive in ("Apache-2.0", "ECL-2.0")
}

_GNU: Final = ("GPL", "AGPL", "LGPL")

SHARING: Final = frozenset({Kind.SHARE_ALIKE, Kind.COPYLEFT, Kind.NON_COMMERCIAL_SHARE_ALIKE})
"""Kinds that ask for their own licence on what is made from them."""


def may_become(source: Entry, target: Entry) -> bool:
    """Whether an adaptation of the one may be released under the other; not symmetric.

    An exception (``WITH``) only adds a permission, and may be dropped, but never added.
    """
    if source.id == target.id:
        return source.version is not None
    if base(target) != target.id:
        return False
    if base(source) == target.id:
        return source.version is not None
    return target.id in _ONE_WAY.get(base(source), frozenset()) or _later(source, target)


def base(entry: Entry) -> str:
    """The id of a licence without its exception."""
    return entry.id.partition(" WITH ")[0]


def refused(permissive: Entry, copyleft: Entry) -> bool:
    """Whether the copyleft licence cannot take in what the permissive one covers."""
    if permissive.id == "Apache-2.0 WITH LLVM-exception":
        return False  # it waives what GPL 2.0 would refuse
    if _early_attribution(permissive) and permissive.version is not None:
        return copyleft.id.startswith((*_GNU, "GFDL"))
    return (base(permissive), base(copyleft)) in _REFUSED


def unsaid(permissive: Entry, copyleft: Entry) -> bool:
    """Whether nobody who keeps one of the two says if the copyleft one takes the other in.

    gnu.org/licenses/license-list: CC BY 4.0 goes with every version of the GPL; CC BY 2.0,
    and with it those that ask the same, with neither the GPL nor the GFDL.
    """
    if permissive.family == "creativecommons" and permissive.kind is Kind.ATTRIBUTION:
        if permissive.version is None:
            return copyleft.id.startswith((*_GNU, "GFDL"))
        return permissive.version == "4.0" and copyleft.id.startswith("GFDL")
    return permissive.kind is Kind.ATTRIBUTION and copyleft.id.startswith(_GNU)


def taken_under(permissive: Entry, copyleft: Entry) -> str:
    """The licence under which the whole goes out where the copyleft one takes the other in."""
    return _LATER_ONE.get((base(permissive), base(copyleft)), copyleft.id)


def together(one: Entry, other: Entry) -> tuple[str, ...]:
    """The licences under which something made from both may go out; none where there is none.

    Looked for among the two and what either may become; ports stand for themselves only.
    """
    if one.version is None or other.version is None:
        return ()
    if may_become(one, other):
        return (other.id, one.id) if one.id != other.id and may_become(other, one) else (other.id,)
    if may_become(other, one):
        return (one.id,)
    shared = targets(one) & targets(other)
    return tuple(sorted(shared & {base(one), base(other)} or shared))


@lru_cache(maxsize=1024)
def targets(source: Entry) -> frozenset[str]:
    """The ids of licences under which an adaptation may be released, its own among them.

    Of the other ports of a Creative Commons licence none is named: what may go out under one
    may go out under the unported licence of that version.
    """
    later = (each.id for each in ENTRIES if each.port is None and _later(source, each))
    return frozenset({source.id, base(source), *_ONE_WAY.get(base(source), ()), *later})


def _early_attribution(entry: Entry) -> bool:
    cc = entry.family == "creativecommons" and entry.kind is Kind.ATTRIBUTION
    return cc and entry.version != "4.0"


def _later(source: Entry, target: Entry) -> bool:
    """A later version of the same Creative Commons licence, or a port of the same version."""
    if "creativecommons" not in (source.family, target.family) or source.family != target.family:
        return False
    if source.elements != target.elements or Element.SA not in source.elements:
        return False
    old, new = source.version, target.version
    if old is None or new is None or old not in _LATER or new not in _LATER:
        return False
    if _LATER[old] < _LATER[new]:
        return True
    # Another jurisdiction's licence of the same version (2.0 and 3.0 section 4(b); 4.0 has none).
    return old == new
