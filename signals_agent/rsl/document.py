"""How the elements of a document find their place in RSL, and what is out of place restricts."""

import re
from typing import Final

from signals_agent.rsl import elements, grammar
from signals_agent.rsl.grammar import ROOT, UNREAD
from signals_agent.rsl.tokens import NAMESPACE
from signals_agent.rsl.unfinished import (
    MAX_VALUE,
    Frame,
    OpenContent,
    OpenDocument,
    OpenLicense,
)
from signals_agent.syntax.xml_elements import Element, Name, Source

MAX_OCTETS_KEPT: Final = 4 * 1024
"""Octets of an element that are kept to be shown."""

# How xml_elements names the namespace of what is in none, and of an unbound prefix.
_NO_NAMESPACE: Final = re.compile(r"(?:[^:/]+:)?")


class Listener:
    """Listens to one document. What it hears is in ``document``; ``begun`` says it is RSL.

    ``bare`` lets it begin with a content. ``prefix`` is one that stands for RSL where it
    is bound to nothing, since what is read was cut out of what binds it.
    """

    def __init__(self, source: Source, *, bare: bool = False, prefix: str = "") -> None:
        self.document = OpenDocument((NAMESPACE, prefix + ":") if prefix else (NAMESPACE,))
        self.begun = False
        self._source = source
        self._bare = bare
        self._ignored = 0
        self._open = [Frame(ROOT, Element(Name("", ""), {}, 0))]

    def start(self, element: Element) -> None:
        """An element begins."""
        if self._ignored:
            self._ignored += 1
            return
        parent = self._open[-1]
        sure = element.name.namespace in self.document.namespaces
        if parent.role != ROOT and not sure and not _NO_NAMESPACE.fullmatch(element.name.namespace):
            # An extension, with all that it holds (errata of 2026-08-07).
            self._ignored = 1
            return
        frame = Frame(UNREAD, element, parent.content, parent.license, parent.payment)
        if parent.role == ROOT:
            self._begin(frame, sure=sure)
        else:
            self._place(frame, parent)
        self._open.append(frame)
        if frame.role == UNREAD:
            if parent.forbids:
                # What is marked up within a prohibition is prohibited; nothing is permitted so.
                frame.words, frame.size, frame.forbids = parent.words, parent.size, True
                self.text(" ")
            return
        if frame.role in grammar.TEXTS:
            frame.words = []
            frame.forbids = frame.role == "prohibits"
        elements.begin(self.document, frame)
        self._look_at_attributes(frame)
        if not sure:
            self.document.remark(frame, "no-namespace", "is in no namespace")
            self._restrict(frame)

    def text(self, characters: str) -> None:
        """Characters of the innermost element."""
        frame = self._open[-1]
        if self._ignored or frame.words is None:
            return
        frame.size[0] += len(characters)
        if frame.size[0] <= MAX_VALUE:
            frame.words.append(characters)
        elif frame.role not in grammar.MAY_BE_CUT:
            why = f"one of its elements holds more than {MAX_VALUE} characters"
            self.document.fail("over-cap", why)

    def end(self, offset: int) -> None:
        """The innermost element ends."""
        if self._ignored:
            self._ignored -= 1
            return
        frame = self._open.pop()
        if frame.role == UNREAD:
            if frame.forbids:
                self.text(" ")
            return
        elements.end(self.document, frame, "".join(frame.words or ()).strip())
        for whole in (frame.content, frame.license):
            # What is implied begins where the element does that implies it.
            if whole is not None and whole.offset == frame.element.offset:
                whole.octets = self._source.span(whole.offset, offset, MAX_OCTETS_KEPT)

    def _begin(self, frame: Frame, *, sure: bool) -> None:
        """Look at the outermost element, which says whether this is RSL at all."""
        frame.role = frame.element.name.local
        if not sure:
            self.document.fail("not-rsl", "its root element is not in the namespace of RSL")
        if frame.role != "rsl" and not (self._bare and frame.role == "content"):
            self.document.fail("not-rsl", "its root element is not rsl")
        self.begun = True

    def _place(self, frame: Frame, parent: Frame) -> None:
        """Find out what an element is read as, where it stands."""
        local = frame.element.name.local
        if local in grammar.CHILDREN.get(parent.role, ()):
            frame.role = local
            return
        if local not in grammar.ELEMENTS:
            self.document.remark(frame, "unknown-element", "is not known")
            if frame.license is not None:
                frame.license.doubt = True
            return
        self.document.remark(frame, "misplaced", "does not belong where it stands")
        frame.stray = True
        if local in grammar.OF_CONTENT:
            frame.role = UNREAD if frame.content is None else local
            return
        if local in grammar.CHILDREN["license"]:
            frame.license = frame.license or self._implied_license(frame)
            frame.role = local
        elif local == "license" and frame.license is None:
            frame.content = frame.content or self._implied_content(frame)
            frame.role = local
        elif local in grammar.CHILDREN["payment"] and frame.payment is not None:
            frame.role = local
        self._restrict(frame)
        if local == "content":
            # About addresses of its own, which may be more than those around it.
            frame.role, frame.license, frame.payment = local, None, None

    def _implied_content(self, frame: Frame) -> OpenContent:
        """The content of a licence that stands in none; it may be about everything."""
        self.document.doubt = True
        return self.document.add_content(OpenContent(frame.element.offset, None))

    def _implied_license(self, frame: Frame) -> OpenLicense:
        """The licence of rules that stand in none, one for all those of a content."""
        content = frame.content = frame.content or self._implied_content(frame)
        content.doubt = True
        if content.implied is None:
            license_ = OpenLicense(frame.element.offset)
            content.implied = self.document.add_license(content, license_)
        return content.implied

    def _restrict(self, frame: Frame) -> None:
        """Let what an element stands in permit nothing: there may be a condition in it."""
        if frame.license is not None:
            frame.license.doubt = True
        elif frame.content is not None:
            frame.content.doubt |= frame.role not in grammar.OF_CONTENT
        elif frame.role != "content":
            self.document.doubt = True

    def _look_at_attributes(self, frame: Frame) -> None:
        known = grammar.ATTRIBUTES[frame.role] | grammar.IDLE
        for (namespace, local), value in frame.element.attributes.items():
            if len(value) > MAX_VALUE:
                why = f"an attribute in it holds more than {MAX_VALUE} characters"
                self.document.fail("over-cap", why)
            if local not in known and namespace in ("", *self.document.namespaces):
                self.document.remark(frame, "unknown-attribute", "has an unknown attribute")
                if frame.license is not None:
                    frame.license.doubt = True
                elif frame.content is not None and local.lower() in known:
                    # Its name in capitals: what it was to ask for is lost.
                    frame.content.doubt = True
