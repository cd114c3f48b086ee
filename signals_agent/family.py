"""The contract of a declaration family; it knows no family."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from signals_agent.model.declaration import Located
from signals_agent.model.document import Document
from signals_agent.model.statement import Reading, Settled, Statement
from signals_agent.model.use import Use


@dataclass(frozen=True, slots=True)
class Listen:
    """One place where a family's expressions stand.

    ``carrier`` is ``http-header``, ``http-body``, ``robots-txt``, ``html-meta``,
    ``html-link``, ``html-anchor``, ``html-script``, ``json-ld``, ``microdata``, ``rdfa``,
    ``feed``, ``dataset-card`` or ``embedded``; ``field`` is the lower-case field name, record
    name, meta name or link relation, the media type of a script or body, or a property by
    its last name as its vocabulary spells it (``license``, ``usageInfo``).

    * ``http-header``: ``joined`` field lines of one name are read as one expression
      (RFC 9110 5.3), otherwise each for itself; with ``needles`` only the lines that
      hold one, in any case, are read.
    * ``robots-txt``: ``path`` says that a value may begin with a path pattern; ``rule``
      that the record is a rule in the sense of rule R14, of which only the longest
      matching count; ``aliases`` are other spellings of the record name.
    * ``html-meta``: ``attribute`` is ``name``, ``property`` or ``http-equiv``;
      ``crawler_named`` adds metas whose name is one of our product tokens; ``needles`` are
      lower-case octets of which the content of a declaring element must hold at least one
      (none: any content declares), so that a page without them is never parsed.
    * ``robots-txt``: ``site_wide`` records count outside of groups too, where the group
      that governs us has none of its own (rules R13d, R18).
    * ``embedded``: ``joined`` properties of one packet are read as one expression.
    * ``found_on``: also read from the page on which the asset was found (rule R36).
    * ``http-header`` and ``http-body``: ``at`` says of which answers: ``asset``, ``terms``
      (401, 402, 403 and 451: terms of access, rule R12) or ``both``.
    """

    carrier: str
    field: str
    joined: bool = False
    path: bool = False
    rule: bool = False
    aliases: tuple[str, ...] = ()
    attribute: str = "name"
    crawler_named: bool = False
    needles: tuple[bytes, ...] = ()
    found_on: bool = False
    site_wide: bool = False
    at: str = "asset"


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A file of a site that a family wants: its path, and what its octets must be.

    ``kind`` is ``json`` or ``text``; ``sources`` is ``default`` or ``extended`` (rule R15a).
    ``governs`` are the uses that are left in the dark where it is there but unreadable.
    """

    path: str
    kind: str
    sources: str = "default"
    governs: tuple[Use, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """What a family may know while it reads and settles.

    ``vocabulary`` is ``cumulative`` or a draft number; ``tokens`` are all product tokens
    that count for us, lower-case; ``url`` is the asset's, ``target`` its path and query
    as rule R13b normalises them; ``media`` is ``image`` where the asset is an image.
    ``vendors`` are those whose own meaning of advisory directives the policy lets count.
    ``documents`` are those that declarations name, by URL, as far as they were looked at;
    one that is not there was not looked at. ``user`` and ``country`` are what the policy
    says of the recipient, empty where it is silent. ``status`` is that of the answer.
    """

    url: str
    target: bytes
    tokens: tuple[str, ...]
    vocabulary: str = "cumulative"
    media: str = ""
    now: datetime | None = None
    vendors: tuple[str, ...] = ()
    documents: Mapping[str, Document] = field(default_factory=dict)
    user: str = ""
    country: str = ""
    status: int | None = None


class Family(Protocol):
    """One declaration family: a specification, what it listens to, and how it reads."""

    @property
    def name(self) -> str:
        """The family's name as it stands in results."""
        ...

    @property
    def title(self) -> str:
        """What people call it."""
        ...

    @property
    def specification(self) -> str:
        """The URL of its specification."""
        ...

    @property
    def version(self) -> str:
        """The version of the specification that is read."""
        ...

    @property
    def listens(self) -> tuple[Listen, ...]:
        """Where its expressions stand."""
        ...

    @property
    def site_files(self) -> tuple[SiteFile, ...]:
        """Which site files it wants."""
        ...

    @property
    def codes(self) -> tuple[str, ...]:
        """Every note code that it may leave."""
        ...

    def read(self, unit: tuple[Located, ...], context: Context) -> Reading:
        """Read one expression; never raises, whatever the octets.

        Where it names documents that are not in ``context.documents``, the reading says so
        (``names``), and it is read once more when they were looked for.
        """
        ...

    def settle(self, statements: Sequence[Statement], context: Context) -> Settled:
        """Bring the statements that reach one asset to one answer for each use (rule R18)."""
        ...

    def write(self, statement: Statement) -> bytes | None:
        """The expression that reads back to these answers; ``None`` where none can."""
        ...
