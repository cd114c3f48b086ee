"""Which elements and attributes RSL has, and where each stands (RSL 1.0 section 3)."""

from typing import Final

ROOT: Final = ""
"""The role of what stands around the outermost element."""

UNREAD: Final = "?"
"""The role of an element that is not read for what it is."""

CHILDREN: Final = {
    ROOT: frozenset(("rsl",)),
    "rsl": frozenset(("content",)),
    "content": frozenset(("license", "alternate", "schema", "copyright", "terms")),
    "license": frozenset(("permits", "prohibits", "payment", "reporting", "legal")),
    "payment": frozenset(("standard", "custom", "amount", "accepts")),
}
"""Each element that holds others, with those that it holds."""

OF_CONTENT: Final = frozenset(("terms", "copyright", "schema", "alternate", "server"))
"""What tells of a content. An element ``server`` is none of RSL's, but rsl-wp writes it."""

ELEMENTS: Final = frozenset().union(*CHILDREN.values()) | {"server"}

ATTRIBUTES: Final = {
    "rsl": frozenset(("max-age",)),
    "content": frozenset(("url", "server", "encrypted", "lastmod")),
    "license": frozenset[str](),
    "permits": frozenset(("type",)),
    "prohibits": frozenset(("type",)),
    "payment": frozenset(("type",)),
    "standard": frozenset[str](),
    "custom": frozenset[str](),
    "amount": frozenset(("currency",)),
    "accepts": frozenset(("type",)),
    "reporting": frozenset(("type", "profile", "endpoint")),
    "legal": frozenset(("type",)),
    "alternate": frozenset(("type",)),
    "schema": frozenset(("type",)),
    "copyright": frozenset(("type", "contactEmail", "contactUrl")),
    "terms": frozenset[str](),
    "server": frozenset(("url",)),
}
"""Each element that is read, with its attributes."""

IDLE: Final = frozenset(("id", "name", "title", "lang", "class", "description", "version"))
"""Attributes that RSL has not and that cannot be a condition."""

TEXTS: Final = frozenset(
    (
        "permits",
        "prohibits",
        "payment",
        "standard",
        "custom",
        "amount",
        "legal",
        "alternate",
        "schema",
        "copyright",
        "terms",
        "server",
    )
)
"""Elements whose words are read; those of ``reporting`` and ``accepts`` are a protocol's."""

MAY_BE_CUT: Final = frozenset(("schema", "payment"))
"""Elements of whose words the beginning is enough."""
