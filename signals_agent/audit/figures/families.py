"""What the families of declarations are called."""

from typing import Final

FAMILIES: Final = {
    "aipref": "AIPREF",
    "content-signal": "Content Signals",
    "rsl": "RSL",
    "tdmrep": "TDMRep",
    "robots-meta": "robots meta",
    "ai-txt": "ai.txt",
    "trust-txt": "trust.txt",
    "licence": "licence",
    "access": "terms of access",
    "plus": "PLUS",
    "cawg": "CAWG",
}
"""The families of declarations; others go by their own name."""


def called(name: str) -> str:
    """What a family is called; its own name where it is not a known one."""
    return FAMILIES.get(name, name)
