"""Whom and what to credit, and where the page says so."""

from dataclasses import dataclass

from signals_agent.model.position import Position


@dataclass(frozen=True, slots=True)
class FactSource:
    """One fact of a credit line and where it stands: a claim of the page (rule R24).

    ``fact`` is ``title``, ``creator``, ``collection``, ``credit-text``, ``credit-url``,
    ``copyright-notice``, ``copyright-holder``, ``licence``, ``url``, ``published``,
    ``modified`` or ``derived-from``. ``source`` is the URL of the capture it stands in and
    ``carrier`` what it was found in: ``html-title``, ``html-meta``, ``html-link``,
    ``html-anchor``, ``rdfa``, ``microdata``, ``json-ld``, ``feed`` or ``dataset-card``, that
    of the declaration for a licence; or ``url`` where it is only inferred from the address,
    which has no position.
    ``url`` is the address that goes with it, such as that of a creator.
    """

    fact: str
    value: str
    carrier: str
    source: str
    position: Position | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class LicenceName:
    """One licence as the credit line names it, and the URL of its text where it has one."""

    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """The facts of a credit line; names in pages are claims (rule R24).

    ``url`` is that of the asset; of a card it is the page of what the card is for.
    ``collection`` is the site or collection, ``text`` the line as plain text. ``licence``
    is the short name of the licence that governs; several are joined with " and ", and
    ``licence_url`` is there only where one governs. ``licences`` are the names in it, of
    an expression each of its licences, with their URLs. ``credit_text`` and
    ``credit_url`` are what the page asks to be named as and linked to.
    ``copyright_notice`` is kept as it stands. ``sources`` says where each fact stands.
    """

    url: str
    text: str
    collection: str | None = None
    title: str | None = None
    creators: tuple[str, ...] = ()
    licence: str | None = None
    because: tuple[str, ...] = ()
    licence_url: str | None = None
    credit_text: str | None = None
    credit_url: str | None = None
    copyright_notice: str | None = None
    sources: tuple[FactSource, ...] = ()
    licences: tuple[LicenceName, ...] = ()

    def first(self, *facts: str) -> str | None:
        """The value of the first of these facts that is known; ``None`` where none is."""
        for fact in facts:
            for each in self.sources:
                if each.fact == fact:
                    return each.value
        return None
