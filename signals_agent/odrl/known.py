"""Which properties are known where they stand in a policy, and which may limit what it permits."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Final

from signals_agent.odrl.names import is_remark
from signals_agent.odrl.tree import Node

BESIDE_PERMISSIONS: Final = {
    "@context",
    "@graph",
    "@id",
    "@type",
    "conflict",
    "inheritFrom",
    "permission",
    "profile",
    "action",
    "assigner",
    "constraint",
    "duty",
    "obligation",
    "prohibition",
    "target",
    # What documents say about themselves.
    "contact",
    "created",
    "creator",
    "issued",
    "lang",
    "language",
    "modified",
    "publisher",
    "updated",
    "url",
    "version",
}
REPEATED_BESIDE: Final = BESIDE_PERMISSIONS - {"action", "assigner", "target"}
IN_A_PERMISSION: Final = {
    "@id",
    "@type",
    "action",
    "assigner",
    "constraint",
    "duty",
    "target",
}
IN_A_TARGET: Final = {"@id", "@type"}
IN_A_CONSTRAINT: Final = {"@id", "@type", "leftOperand", "operator", "rightOperand"}
IN_AN_ATTRIBUTION: Final = {"@id", "@type", "action", "attributedParty", "assigner"}
RULES_OF_A_DUTY: Final = {
    "consequence",
    "duty",
    "obligation",
    "permission",
    "prohibition",
    "remedy",
}
"""With any of these a duty asks for more than its action."""
SAYS_NOTHING: Final = {"@context", "@graph", "@id"}
"""What an object that is only mentioned, or a graph with a name, consists of."""

_IN_AN_ACTION: Final = {"@id", "@type", "rdf:value", "refinement"}
_REPEATED_IN_AN_ACTION: Final = {"refinement"}


def limiting(
    fields: dict[str, list[Node]],
    known: AbstractSet[str],
    repeated: AbstractSet[str] = frozenset(),
) -> Iterator[str]:
    """The properties that may limit what they stand in: neither known nor remarks, or repeated.

    ``repeated`` are those of the known ones that may be. What is ``null`` says nothing.
    """
    for name, values in fields.items():
        if is_remark(name) or (name in known and (len(values) == 1 or name in repeated)):
            continue
        if any(each.there for each in values):
            yield name[:60]


def limits_of(action: Node) -> Iterator[str]:
    """What stands in an action and is not understood; its refinements are read elsewhere."""
    return limiting(action.fields(), _IN_AN_ACTION, _REPEATED_IN_AN_ACTION)
