"""RSL terms that stand within another document, made a document of their own."""

from html import escape
from typing import Final

from signals_agent.locate.xmp_vocabulary import is_rsl
from signals_agent.syntax.xml_elements import Element

_RSL_NAMESPACE: Final = "https://rslstandard.org/rsl"


class Terms:
    """RSL terms as a document of their own, whatever prefixes they had."""

    def __init__(self, element: Element, depth: int) -> None:
        self.element = element
        self.depth = depth
        self._parts: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def start(self, element: Element) -> None:
        """An element of the terms begins."""
        tag = element.name.local
        namespace = element.name.namespace
        if is_rsl(element.name):
            inherits = bool(self._open) and self._open[-1][1]
            declared = "" if inherits else f' xmlns="{_RSL_NAMESPACE}"'
        else:
            tag = f"x:{tag}" if namespace else tag
            declared = f' xmlns:x="{escape(namespace)}"' if namespace else ' xmlns=""'
        attributes = "".join(
            f' {name.local}="{escape(value)}"'
            for name, value in element.attributes.items()
            if not name.namespace
        )
        self._open.append((tag, is_rsl(element.name)))
        self._parts.append(f"<{tag}{declared}{attributes}>")

    def text(self, characters: str) -> None:
        """Characters of the terms."""
        self._parts.append(escape(characters, quote=False))

    def end(self) -> None:
        """An element of the terms ends."""
        self._parts.append(f"</{self._open.pop()[0]}>")

    def document(self) -> str:
        """The whole, with the outermost element that a document of terms must have."""
        inner = "".join(self._parts)
        if self.element.name.local == "rsl":
            return inner
        return f'<rsl xmlns="{_RSL_NAMESPACE}">{inner}</rsl>'
