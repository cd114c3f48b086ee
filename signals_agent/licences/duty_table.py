"""What each condition of each licence asks, and the clause that asks it, as data."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from signals_agent.licences.entry import Element
from signals_agent.model.obligation import ObligationKind


class Duty(NamedTuple):
    """What must be done, ``{id}`` standing for the licence, and the clause where it is known."""

    text: str
    clause: str | None = None


_CREDIT, _NOTICE = ObligationKind.CREDIT, ObligationKind.NOTICE
_SA, _NC = ObligationKind.SHARE_ALIKE, ObligationKind.NON_COMMERCIAL
_ND, _USE = ObligationKind.NO_DERIVATIVES, ObligationKind.USE_RESTRICTIONS

ANY: Final = ""
"""The name under which what holds for every other licence stands."""

_MUST: Final = "heading 'You must'"
_STATEMENT: Final = (
    "Give the attribution statement that the provider asks for, and link to the licence where "
    "that is possible."
)
_RELEASE: Final = "Release what is made from it under {id}"
_SOURCE: Final = (
    "Keep the notices, pass on the licence and the source, and mark what was changed and when."
)
_SAME: Final = (
    "Release what is made from it under {id} as a whole, with its source, and add no restriction."
)
_FILES: Final = "Keep the files that came under {id} under it, and pass on their source."
_FILED: Final = (
    "Keep the notices, pass on the licence and the NOTICE file, and mark the files that were "
    "changed."
)

DUTIES: Final[Mapping[ObligationKind, Mapping[str, Duty]]] = {
    _CREDIT: {
        "creativecommons/4.0": Duty(
            "Name the creators as they ask, keep the notices, link to the source and to the "
            "licence, and say what was changed.",
            "section 3(a)(1)",
        ),
        "creativecommons/3.0": Duty(
            "Name the author and the title, link to the source and to the licence, and in an "
            "adaptation say that and how the work was changed.",
        ),
        "creativecommons/None": Duty(
            "Name the creators as they ask and the title, keep the notices, link to the source and "
            "to the licence, and say what was changed.",
        ),
        "creativecommons/early-nd": Duty(
            "Name the author and the title, keep the notices, and link to the source and to the "
            "licence.",
        ),
        "creativecommons": Duty(
            "Name the author and the title, keep the notices, link to the source and to the "
            "licence, and say in what is made from it how the work is used.",
        ),
        "opendatacommons": Duty(
            "Keep the notices, put the licence or a link to it beside the data, and where "
            "something made from the data is shown name the database and the licence, with links.",
            "sections 4.2 and 4.3",
        ),
        "ogl": Duty(_STATEMENT, _MUST),
        "NCGL-UK-2.0": Duty(_STATEMENT, _MUST),
        "etalab-2.0": Duty(
            "Name the source, at least who provides it, and the date of its last update.",
        ),
        "NLOD-2.0": Duty(
            "Name the licensor as it asks, link to the licence and to the source, and say that "
            "the data was changed where it was.",
            "section 5",
        ),
        "DL-DE-BY-2.0": Duty(
            "Name the provider as it asks, the licence and the dataset, with links, and say that "
            "the data was changed where it was.",
            "paragraphs 2 and 3",
        ),
        "LAL-1.3": Duty(
            "Name every author, say where the originals are, put the licence or a link to it "
            "beside each copy, and say what was changed.",
            "sections 2.2 and 2.3",
        ),
        ANY: Duty("Name the creators and link to the source and to the licence."),
    },
    _NOTICE: {
        "creativecommons": Duty(
            "Keep the notices that came with the work, and put the licence or a link to it beside "
            "each copy.",
            "section 4(a)",
        ),
        "CDLA-Permissive-1.0": Duty(
            "Pass on the agreement's text or a link to it, keep the credit that came with the "
            "data, and mark the files that were changed.",
            "section 3.1",
        ),
        "CDLA-Permissive-2.0": Duty(
            "Make the text of the agreement available with the data.",
            "section 2.1",
        ),
        "CDLA-Sharing-1.0": Duty(
            "Pass on the agreement's text or a link to it, keep the credit that came with the "
            "data, and mark the files that were changed.",
            "sections 3.1 and 3.3",
        ),
        "gfdl": Duty(
            "Keep the copyright and licence notices and pass on the licence; in a changed version "
            "name its authors and say in its History what became of it.",
            "sections 2 and 4",
        ),
        "openmdw": Duty("Pass on the agreement and all notices of copyright and origin."),
        "Apache-2.0": Duty(_FILED, "section 4"),
        "ECL-2.0": Duty(_FILED, "section 4"),
        "AFL-3.0": Duty(
            "Keep the notices, and say prominently in the source that the work was changed.",
            "section 6",
        ),
        "OSL-3.0": Duty(
            "Keep the notices, and say prominently in the source that the work was changed.",
            "section 6",
        ),
        "Zlib": Duty("Keep the notice, and mark altered versions as such."),
        "Python-2.0": Duty(
            "Keep the agreement and the copyright notice, and summarise what was changed.",
        ),
        "GPL-1.0": Duty(_SOURCE, "sections 1 to 3"),
        "GPL-2.0": Duty(_SOURCE, "sections 1 to 3"),
        "GPL-3.0": Duty(_SOURCE, "sections 4 to 6"),
        "AGPL-3.0": Duty(_SOURCE, "sections 4 to 6 and 13"),
        "LGPL-2.1": Duty(_SOURCE, "sections 1, 2 and 4"),
        "LGPL-3.0": Duty(_SOURCE, "sections 2 and 4"),
        "GPL": Duty(_SOURCE),
        "AGPL": Duty(_SOURCE),
        "LGPL": Duty(_SOURCE),
        "MPL-2.0": Duty(
            "Keep the notices, and tell recipients of the licence and of the source.",
            "section 3",
        ),
        "EPL-1.0": Duty("Keep the notices, and pass on the licence with the source.", "section 3"),
        "EPL-2.0": Duty("Keep the notices, and pass on the licence with the source.", "section 3"),
        "EUPL": Duty(
            "Keep the notices, pass on the licence and the source, and say that the work was "
            "changed and when.",
            "Article 5",
        ),
        "OFL-1.1": Duty("Put the copyright notice and the licence into each copy.", "condition 2"),
        "BSD-4-Clause": Duty(
            "Keep the copyright notice, the conditions and the disclaimer, and acknowledge the "
            "author in advertising material.",
            "conditions 1 to 3",
        ),
        "BSD": Duty("Keep the copyright notice, the conditions and the disclaimer."),
        ANY: Duty("Keep the copyright notice and the licence text with each copy."),
    },
    _SA: {
        "creativecommons/4.0": Duty(
            _RELEASE + ", a later version or a licence declared compatible, and add no "
            "restriction.",
            "section 3(b)",
        ),
        "creativecommons/1.0": Duty(_RELEASE + " itself, and add no restriction.", "section 4(b)"),
        "creativecommons": Duty(
            _RELEASE + ", a later version or a port with the same elements, and add no "
            "restriction.",
            "section 4(b)",
        ),
        "opendatacommons": Duty(
            _RELEASE + " where it is a database, and offer that database or the changes in a "
            "machine-readable form.",
            "sections 4.4 and 4.6",
        ),
        "CDLA-Sharing-1.0": Duty(
            "Publish the data, changed or not, under {id} unmodified, and add no restriction.",
            "sections 3.1 to 3.3",
        ),
        "gfdl": Duty("Release a changed version under precisely this licence, {id}.", "section 4"),
        "LAL-1.3": Duty(_RELEASE + " or a compatible licence.", "section 2.3"),
        "GPL-1.0": Duty(_SAME, "sections 2 and 3"),
        "GPL-2.0": Duty(_SAME, "sections 2, 3 and 6"),
        "GPL-3.0": Duty(_SAME, "sections 5, 6 and 10"),
        "AGPL-3.0": Duty(
            _SAME.removesuffix(".") + "; who uses it over a network is offered the source.",
            "sections 5, 6, 10 and 13",
        ),
        "AGPL": Duty(_SAME),
        "GPL": Duty(_SAME),
        "LGPL-2.1": Duty(_SAME, "sections 2 and 4"),
        "LGPL-3.0": Duty(_SAME, "section 2"),
        "LGPL": Duty(_SAME),
        "MPL-2.0": Duty(_FILES, "section 3"),
        "EPL": Duty(_FILES, "section 3"),
        "EUPL": Duty(
            _RELEASE + ", a later version or a licence of its appendix, with the source.",
            "Article 5",
        ),
        "OSL-3.0": Duty(_RELEASE + ", with its source.", "sections 1(c) and 3"),
        "OFL-1.1": Duty("Keep the font, changed or not, wholly under {id}.", "condition 5"),
        ANY: Duty(_RELEASE + ", and add no restriction."),
    },
    _NC: {
        "creativecommons/4.0": Duty(
            "Use it for nothing that is primarily intended for commercial advantage or payment.",
            "sections 1 and 2(a)(1)",
        ),
        "creativecommons": Duty(
            "Use it for nothing that is primarily intended for commercial advantage or payment.",
        ),
        "NCGL-UK-2.0": Duty(
            "Use it for nothing that is primarily intended for commercial advantage or payment, "
            "and license it onward for non-commercial purposes only.",
            "headings 'You are not permitted to' and 'You must'",
        ),
        ANY: Duty("Use it for non-commercial purposes only."),
    },
    _ND: {
        "creativecommons/4.0": Duty(
            "Share it unaltered only: nothing that is adapted from it may be shared.",
            "sections 2(a)(1)(B) and 3(a)",
        ),
        "creativecommons": Duty(
            "Share it unaltered only: no right to make adaptations is granted.",
            "section 3",
        ),
        ANY: Duty("Share it unaltered only."),
    },
    _USE: {
        ANY: Duty(
            "Keep to the use restrictions, and bind whoever receives it, or what is made from it, "
            "to them.",
        ),
        "openrail": Duty(
            "Keep to the use restrictions, and bind whoever receives it, or what is made from it, "
            "to them; pass on the licence, and mark what was changed.",
            "Attachment A",
        ),
    },
}
"""What each condition asks, by the narrowest of the licence's names that stands here.

The names: its id without *only* and *or later*; that without its version; family and version;
the family; and ``ANY``.
"""

EARLY: Final = {
    frozenset({Element.BY}): ("4(b)", None),
    frozenset({Element.BY, Element.ND}): ("4(b)", None),
    frozenset({Element.BY, Element.SA}): ("4(c)", None),
    frozenset({Element.BY, Element.NC}): ("4(c)", "4(b)"),
    frozenset({Element.BY, Element.NC, Element.ND}): ("4(c)", "4(b)"),
    frozenset({Element.BY, Element.NC, Element.SA}): ("4(d)", "4(c)"),
}
"""Where Creative Commons 1.0 to 3.0 asks for credit, and where it rules commerce out."""

SAYS: Final = frozenset(
    {
        *("Apache-2.0", "ECL-2.0"),  # section 4(b)
        *("AFL-3.0", "OSL-3.0"),  # section 6
        "Zlib",  # condition 2
        "Python-2.0",  # section 3
        *("CDLA-Permissive-1.0", "CDLA-Sharing-1.0"),  # section 3.1(b)
        *("GPL-1.0", "GPL-2.0"),  # section 2(a)
        *("GPL-3.0", "AGPL-3.0", "LGPL-3.0"),  # section 5(a)
        "LGPL-2.1",  # section 2(b)
        *("GPL", "AGPL", "LGPL"),
        "gfdl",  # section 4(I)
        "EUPL",  # Article 5
        "LAL-1.3",  # section 2.3
        "NLOD-2.0",  # section 5
        "DL-DE-BY-2.0",  # paragraph 3
        "openrail",  # paragraph 4(c)
    }
)
"""Names, as in ``DUTIES``, of the licences that ask to say what was changed, CC apart."""
