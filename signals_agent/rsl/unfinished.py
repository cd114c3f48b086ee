"""An RSL document and its parts while their elements are still open."""

from dataclasses import dataclass, field
from typing import Final, NoReturn

from signals_agent import quote
from signals_agent.rsl.nouns import Content, Copyright, License, Payment, Reporting, Rule
from signals_agent.rsl.remarks import Remarks
from signals_agent.rsl.tokens import FREE, UNSTATED
from signals_agent.syntax.xml_elements import Element, Enough

MAX_CONTENTS: Final = 10_000
MAX_LICENSES: Final = 10_000
MAX_TOKENS: Final = 20_000
MAX_TERMS: Final = 100
"""Rules, payments, reportings and legal words of one licence, or ways to pay of one payment."""
MAX_ALTERNATES: Final = 10_000
MAX_VALUE: Final = 8 * 1024
"""Characters of one attribute, or of the words of one element."""


@dataclass(slots=True)
class OpenPayment:
    """A ``payment``; ``asks`` says that it holds something."""

    kind: str
    texts: dict[str, str] = field(default_factory=dict)
    currency: str = ""
    accepts: list[str] = field(default_factory=list)
    asks: bool = False

    def finish(self) -> Payment:
        """What was read; without a type it is free only if it asks for nothing at all."""
        return Payment(
            self.kind or (UNSTATED if self.asks else FREE),
            self.texts.get("standard", ""),
            self.texts.get("custom", ""),
            self.texts.get("amount", ""),
            self.currency,
            tuple(self.accepts),
        )


@dataclass(slots=True)
class OpenLicense:
    """A ``license``; ``doubt`` says that it cannot permit anything."""

    offset: int
    doubt: bool = False
    rules: list[Rule] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    reporting: list[Reporting] = field(default_factory=list)
    legal: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    octets: bytes = b""

    def finish(self, *, doubt: bool) -> License:
        """What was read, in doubt also where all around it is."""
        return License(
            tuple(self.rules),
            tuple(self.payments),
            tuple(self.reporting),
            tuple(self.legal),
            self.doubt or doubt,
            self.offset,
            self.octets,
        )


@dataclass(slots=True)
class OpenContent:
    """A ``content``; ``doubt`` says that none of its licences can permit anything.

    ``strays`` are what tells of it but stands elsewhere: it counts where nothing else does.
    ``implied`` is the licence of rules that stand in none.
    """

    offset: int
    url: str | None
    doubt: bool = False
    server: str = ""
    encrypted: bool = False
    lastmod: str = ""
    told: dict[str, str] = field(default_factory=dict)
    strays: dict[str, str] = field(default_factory=dict)
    copyright: Copyright | None = None
    alternates: list[str] = field(default_factory=list)
    licenses: list[OpenLicense] = field(default_factory=list)
    implied: OpenLicense | None = None
    octets: bytes = b""

    def finish(self, *, doubt: bool) -> Content:
        """What was read, in doubt also where the whole document is."""
        told = self.strays | self.told
        doubt = doubt or self.doubt
        return Content(
            self.url,
            tuple(each.finish(doubt=doubt) for each in self.licenses),
            self.server or told.get("server", ""),
            self.encrypted,
            self.lastmod,
            self.copyright,
            told.get("terms", ""),
            told.get("schema", ""),
            tuple(self.alternates),
            self.offset,
            self.octets,
        )


@dataclass(slots=True)
class Frame:
    """An open element: what it is read as, what it stands in, and where its words go.

    ``stray`` says that it stands where RSL does not have it, ``forbids`` that its words
    are those of a ``prohibits``.
    """

    role: str
    element: Element
    content: OpenContent | None = None
    license: OpenLicense | None = None
    payment: OpenPayment | None = None
    words: list[str] | None = None
    size: list[int] = field(default_factory=lambda: [0])
    stray: bool = False
    forbids: bool = False


class OpenDocument:
    """What has been read of a document; ``failed`` says, with a code, why it is no RSL.

    ``doubt`` says that no licence of it can permit anything. ``namespaces`` are those
    that stand for RSL's.
    """

    def __init__(self, namespaces: tuple[str, ...]) -> None:
        self.namespaces = namespaces
        self.failed: tuple[str, str] | None = None
        self.max_age: int | None = None
        self.draft = False
        self.doubt = False
        self.contents: list[OpenContent] = []
        self.remarks = Remarks()
        self._licenses = 0
        self._tokens = 0

    def finish(self) -> tuple[Content, ...]:
        """The contents that were read, once all of it is."""
        if not self.contents:
            self.remarks.add("no-content", "it names nothing that it licenses", 0)
        return tuple(each.finish(doubt=self.doubt) for each in self.contents)

    def add_content(self, content: OpenContent) -> OpenContent:
        """Take one more content in."""
        self.contents.append(content)
        if len(self.contents) > MAX_CONTENTS:
            self.fail("over-cap", f"it holds more than {MAX_CONTENTS} contents")
        return content

    def add_license(self, content: OpenContent, license_: OpenLicense) -> OpenLicense:
        """Take one more licence of a content in."""
        content.licenses.append(license_)
        self._licenses += 1
        if self._licenses > MAX_LICENSES:
            self.fail("over-cap", f"it holds more than {MAX_LICENSES} licences")
        return license_

    def add_tokens(self, tokens: tuple[str, ...]) -> tuple[str, ...]:
        """Count the tokens of one more list."""
        self._tokens += len(tokens)
        if self._tokens > MAX_TOKENS:
            self.fail("over-cap", f"it holds more than {MAX_TOKENS} tokens")
        return tokens

    def check(self, *lists: list[Rule] | list[Payment] | list[Reporting] | list[str]) -> None:
        """Fail where there are more things of one kind than anybody needs."""
        if any(len(each) > MAX_TERMS for each in lists):
            self.fail("over-cap", f"one element of it holds more than {MAX_TERMS} of a kind")

    def add_alternate(self, content: OpenContent, address: str) -> None:
        """Take one more address of the same asset in."""
        content.alternates.append(address)
        if len(content.alternates) > MAX_ALTERNATES:
            self.fail("over-cap", f"a content of it has more than {MAX_ALTERNATES} alternates")

    def stated(self, frame: Frame, local: str) -> str | None:
        """The value of an attribute, trimmed; ``None`` where it is not there."""
        for namespace in ("", *self.namespaces):
            value = frame.element.get(local, namespace)
            if value is not None:
                return value.strip()
        return None

    def value(self, frame: Frame, local: str) -> str:
        """The same, empty where it is not there."""
        return self.stated(frame, local) or ""

    def kind(self, frame: Frame, known: tuple[str, ...]) -> str:
        """The ``type`` of an element, in lower case, with a remark if it is not known."""
        kind = self.value(frame, "type").lower()
        if kind and kind not in known:
            self.remark(frame, "unknown-type", "has a type that is not known")
        return kind

    def found_draft(self, frame: Frame) -> None:
        """Say that it is written as RSL 0.9 was."""
        self.draft = True
        self.remark(frame, "draft", "is written as in RSL 0.9")

    def remark(self, frame: Frame, code: str, what: str) -> None:
        """Say one thing about an element."""
        name = quote.text(frame.element.name.local, 60)
        self.remarks.add(code, f"<{name}> {what}", frame.element.offset)

    def fail(self, code: str, why: str) -> NoReturn:
        """Give the document up."""
        self.failed = (code, why)
        raise Enough
