"""Which well-known licences the contents of an RSL document name as their terms."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from signals_agent.model.statement import Preference
from signals_agent.rsl.nouns import Content, License
from signals_agent.rsl.terms import Said

if TYPE_CHECKING:
    from signals_agent.licences.expression import Terms

Cite: TypeAlias = Callable[[Content, License | None], str]
"""The id under which an element of a document stands in a result."""

_PERMITS = (Preference.ALLOW, Preference.CONDITIONAL)


def named(content: Content, said: Said, cite: Cite) -> Iterator["tuple[Terms, str]"]:
    """Each licence that a content names, with the id of the element that does.

    The ``standard`` of a payment counts where its licence permits us something, and the
    ``terms`` of the content whatever is permitted (licences, *Where*). Only licences that
    are recognised count: other addresses are terms to be read by a person.
    """
    for address, licence in _addresses(content, said):
        written = address.strip()
        if not written:
            continue
        # Most documents name no licence, and what knows them all takes a while to load.
        from signals_agent.licences import declared, expression

        terms = expression.read(written)
        if declared.recognised(terms):
            yield terms, cite(content, licence)


def _addresses(content: Content, said: Said) -> Iterable[tuple[str, License | None]]:
    yield content.terms, None
    permitting = {
        each for word in said.words if word.preference in _PERMITS for each in word.licences
    }
    for each in sorted(permitting):
        for payment in content.licenses[each].payments:
            yield payment.standard, content.licenses[each]
