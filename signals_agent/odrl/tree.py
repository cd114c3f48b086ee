"""The objects of a TDM policy by what their names mean, each value with its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from signals_agent import limits
from signals_agent.odrl.names import Names
from signals_agent.syntax.lenient_json import Array, Literal, Object, Value

_NULL: Final = "null"


@dataclass(frozen=True, slots=True)
class Node:
    """A value, its JSON pointer (RFC 6901), and the names of the policy that it stands in.

    ``nodes`` are the objects of the document by their identifiers.
    """

    value: Value
    pointer: str
    names: Names
    nodes: "dict[str, Node]"

    @property
    def string(self) -> str:
        """The text of a string or number; empty for anything else."""
        if isinstance(self.value, Literal):
            return "" if self.value in (_NULL, "true", "false") else str(self.value)
        return self.value if isinstance(self.value, str) else ""

    @property
    def there(self) -> bool:
        """Whether it says anything: neither ``null`` nor an empty list."""
        if isinstance(self.value, Array):
            return any(each.there for each in self.each())
        return not (isinstance(self.value, Literal) and self.value == _NULL)

    def each(self) -> "Iterator[Node]":
        """The elements of an array, or the value itself."""
        if not isinstance(self.value, Array):
            yield self
            return
        for index, value in enumerate(self.value.values):
            yield Node(value, f"{self.pointer}/{index}", self.names, self.nodes)

    def fields(self) -> "dict[str, list[Node]]":
        """The members of an object by their short names; nothing for anything else."""
        found: dict[str, list[Node]] = {}
        if not isinstance(self.value, Object):
            return found
        for name, value in zip(self.value.names, self.value.values, strict=True):
            escaped = name.replace("~", "~0").replace("/", "~1")
            node = Node(value, f"{self.pointer}/{escaped}", self.names, self.nodes)
            found.setdefault(self.names.of(name), []).append(node)
        return found

    def identifier(self) -> str:
        """What the value names: a string, or the identifier or value of an object."""
        if not isinstance(self.value, Object):
            return self.string
        fields = self.fields()
        for name in ("@id", "@value", "rdf:value"):
            for node in fields.get(name, ()):
                if isinstance(node.value, Object):
                    inner = node.fields()
                    return next((each.string for each in inner.get("@id", ())), "")
                if node.string:
                    return node.string
        return ""

    def resolved(self) -> "Node":
        """The object that a mere reference means, where it stands in the document.

        A reference to something long is not followed: it could be made many times.
        """
        if isinstance(self.value, Object) and (
            len(self.value.names) != 1 or set(self.fields()) != {"@id"}
        ):
            return self
        meant = self.nodes.get(self.identifier(), self)
        inside = meant.value
        if isinstance(inside, Object) and inside.end - inside.begin > limits.MAX_EXPRESSION:
            return self
        return meant


def listed(fields: dict[str, list[Node]], name: str) -> Iterator[Node]:
    """Every value of a property, however often it stands there and whether in a list or not."""
    for node in fields.get(name, ()):
        for each in node.each():
            if each.there:
                yield each


def says(fields: dict[str, list[Node]], name: str) -> bool:
    """Whether a property has any value; ``null`` and an empty list are none."""
    return any(True for _ in listed(fields, name))
