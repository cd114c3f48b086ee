"""What an RSL document says, as written (RSL 1.0, and 0.9 where it differs)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Payment:
    """What is asked in return; ``kind`` is its ``type``, lower-case.

    Where it has none, that is ``free``, or ``unstated`` where it holds anything at all.
    ``standard`` and ``custom`` are addresses of terms, as written; ``amount`` a decimal
    number, ``currency`` an ISO 4217 code; ``accepts`` are media types of ways to pay.
    """

    kind: str
    standard: str = ""
    custom: str = ""
    amount: str = ""
    currency: str = ""
    accepts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reporting:
    """What is to be reported; ``kind`` is telemetry, provenance, audit or another name."""

    kind: str
    profile: str = ""
    endpoint: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One ``permits`` or ``prohibits``: ``about`` is usage, user, geo or another name.

    ``tokens`` are the words of it as written; the caller knows which it understands.
    """

    permits: bool
    about: str
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class License:
    """One licence of a content; several of one content are alternatives (rule R18).

    ``restricts_only`` says that something in it is not understood or not conformant, so
    that it cannot be relied on to permit anything. ``legal`` pairs a type with its words.
    ``offset`` is the octet of its ``<`` in what was given, ``octets`` its element, cut.
    """

    rules: tuple[Rule, ...] = ()
    payments: tuple[Payment, ...] = ()
    reporting: tuple[Reporting, ...] = ()
    legal: tuple[tuple[str, tuple[str, ...]], ...] = ()
    restricts_only: bool = False
    offset: int = 0
    octets: bytes = b""


@dataclass(frozen=True, slots=True)
class Copyright:
    """Who holds the rights, as the document says: a claim (rule R24)."""

    name: str
    kind: str = ""
    email: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What is licensed, and how.

    ``url`` is a path, a pattern or an absolute URL as written; empty means the place
    where the document stands, ``None`` that the attribute is missing. ``server`` is the
    address of a licence server, ``terms`` of terms. ``alternates`` are addresses.
    """

    url: str | None
    licenses: tuple[License, ...] = ()
    server: str = ""
    encrypted: bool = False
    lastmod: str = ""
    copyright: Copyright | None = None
    terms: str = ""
    schema: str = ""
    alternates: tuple[str, ...] = ()
    offset: int = 0
    octets: bytes = b""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is to be said about a document: a note's code without its family, and where."""

    code: str
    summary: str
    warning: bool = True
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Rsl:
    """One document. ``max_age`` is in days; ``draft`` says that it is written as 0.9 was.

    ``failure`` says in a few words why it is no RSL that can be read: then it holds no
    contents, and what it was to license is not licensed (rule R18).
    """

    contents: tuple[Content, ...] = ()
    max_age: int | None = None
    draft: bool = False
    failure: str = ""
    findings: tuple[Finding, ...] = ()
