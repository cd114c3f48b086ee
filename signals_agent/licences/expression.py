"""SPDX licence expressions: ``MIT OR Apache-2.0``, ``WITH``, parentheses."""

import re
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from signals_agent.licences.catalogue import unrecognised
from signals_agent.licences.entry import Entry, Kind
from signals_agent.licences.identity import identify

LONGEST: Final = 1000
"""Characters of an expression; a longer one is unrecognised (rule R39)."""

# Operators in capitals, as SPDX writes them: "use and share" is a sentence.
_OPERATORS: Final = re.compile(r"(?:^|[\s()])(?:AND|OR|WITH)(?=[\s()])")
_GRAMMAR: Final = re.compile(r"[A-Za-z0-9.+:()\s-]+")
_SYMBOL: Final = re.compile(r"[A-Za-z0-9.+:-]+")
# How SPDX names its exceptions, all of them permissions.
_EXCEPTION: Final = re.compile(
    r"exception|^(?:eCos-2\.0|GPL-CC-1\.0|Linux-syscall-note|LLGPL|SHL-2\.[01])\Z", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Licences that bind together (``AND``)."""

    parts: tuple["Terms", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Licences of which the recipient may choose (``OR``)."""

    parts: tuple["Terms", ...]


Terms: TypeAlias = Entry | AllOf | AnyOf
"""What a declaration puts us under: one licence, or several in an expression."""


def read(declared: str) -> Terms:
    """The licence or licences that a text means; never raises.

    What looks like an SPDX expression and is none is *unrecognised* as a whole, and so is
    one in which no licence is known.
    """
    text = declared.strip()
    found = identify(text)
    if found.kind is not Kind.UNRECOGNISED or not _OPERATORS.search(text[:LONGEST]):
        return found
    if len(text) > LONGEST or not _GRAMMAR.fullmatch(text):
        return found
    tree = _parsed(text)
    if tree is None or all(leaf.kind is Kind.UNRECOGNISED for leaf in leaves(tree)):
        return found
    return tree


def leaves(terms: Terms) -> tuple[Entry, ...]:
    """Every licence of the terms, each once, in order."""
    if isinstance(terms, Entry):
        return (terms,)
    return tuple(dict.fromkeys(leaf for part in terms.parts for leaf in leaves(part)))


def written(terms: Terms) -> str:
    """The terms as an SPDX expression of our ids; what is unrecognised as it was declared."""
    if isinstance(terms, Entry):
        declared = terms.url or terms.name
        return declared if terms.kind is Kind.UNRECOGNISED else terms.id
    word = " AND " if isinstance(terms, AllOf) else " OR "
    return word.join(
        written(part) if isinstance(part, Entry) else f"({written(part)})" for part in terms.parts
    )


def _parsed(text: str) -> Terms | None:
    # It takes a while to load, and most declarations are no expressions.
    from license_expression import (  # type: ignore[import-untyped]  # it has no types
        ExpressionError,
        ExpressionParseError,
        Licensing,
    )

    try:
        return _terms(Licensing().parse(text))
    except (ExpressionError, ExpressionParseError, RecursionError):
        return None
    except (AssertionError, AttributeError, IndexError, TypeError, ValueError):
        return None  # its own faults: "(( AND MIT" is one


def _terms(node: Any) -> Terms | None:
    """A node of the library in our own words; ``None`` where a symbol is none of SPDX."""
    operator = getattr(node, "operator", "")
    if operator:
        parts = tuple(_terms(part) for part in node.args)
        known = tuple(dict.fromkeys(part for part in parts if part is not None))
        if len(known) == 1 and None not in parts:
            return known[0]
        made = AllOf if operator.strip() == "AND" else AnyOf
        return None if None in parts else made(known)
    exception = getattr(node, "exception_symbol", None)
    if exception is not None:
        base = _symbol(node.license_symbol.key)
        if base is None or base.kind is Kind.UNRECOGNISED:
            return base
        if not _EXCEPTION.search(exception.key):
            # "Commons-Clause" is none of SPDX's: it takes away.
            return unrecognised(name=f"{base.id} WITH {exception.key}")
        # An exception only ever permits more, so the licence alone is the careful reading.
        full = f"{base.id} WITH {exception.key}"
        name = f"{base.name}, with {exception.key}"
        return replace(base, id=full, name=name, spdx=full if base.spdx else None)
    return _symbol(node.key) if hasattr(node, "key") else None


def _symbol(key: str) -> Entry | None:
    if not _SYMBOL.fullmatch(key):
        return None
    found = identify(key)
    if found.kind is Kind.UNRECOGNISED and key.endswith("+"):
        found = identify(key[:-1])
    return found if found.kind is not Kind.UNRECOGNISED else unrecognised(name=key)
