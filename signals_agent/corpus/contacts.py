"""Whom to ask for more than an asset's licence gives: who is named, its creators, its origin."""

from collections.abc import Sequence
from typing import Final

from signals_agent.model.licence import Contact, ContactKind

_MOST: Final = 5
"""How many creators are named as contacts; a paper may have thousands."""


def with_creators(ask: Sequence[Contact], creators: Sequence[str]) -> tuple[Contact, ...]:
    """The contacts, with the creators before what is only inferred from an address.

    Who is named as a contact, a licensor or by a page of permissions stays before them, and a
    creator who is among those is not named twice.
    """
    named = [each for each in ask if each.kind is not ContactKind.ORIGIN]
    known = {each.name for each in named}
    made = [Contact(ContactKind.CONTACT, each) for each in dict.fromkeys(creators)]
    origins = [each for each in ask if each.kind is ContactKind.ORIGIN]
    return (*named, *[each for each in made if each.name not in known][:_MOST], *origins)
