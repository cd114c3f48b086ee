"""A filter for datatrove that keeps what may be ingested and puts on it what is owed."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, TypeAlias, cast

try:
    from datatrove.data import Document
    from datatrove.io import DataFolderLike, get_datafolder
    from datatrove.pipeline.filters.base_filter import BaseFilter
    from datatrove.pipeline.readers.base import BaseDiskReader
    from datatrove.pipeline.writers.disk_base import DiskWriter
    from loguru import logger
except ImportError as error:
    from signals_agent.errors import MissingExtra

    raise MissingExtra(
        f"the filter for datatrove needs datatrove and what it loads ({error.name} is missing): "
        "pip install 'signals-agent[datatrove]'"
    ) from error

from signals_agent import availability
from signals_agent import url as urls
from signals_agent.errors import InvalidURL, UsageError
from signals_agent.fetch.exchange import within_caps
from signals_agent.integrations.responses import header_lines, settle
from signals_agent.integrations.tally import Tally, decision_of, reasons_of
from signals_agent.limits import DEFAULT_LIMITS, Limits
from signals_agent.model.assessment import Assessment
from signals_agent.model.capture import Availability, Capture, Role
from signals_agent.model.use import Use
from signals_agent.model.verdict import Decision
from signals_agent.plan import Known, Want
from signals_agent.policy import Policy
from signals_agent.resolve.access import Given
from signals_agent.syntax import encoding
from signals_agent.wishes import Wishes

KEY: Final = "signals_agent"
"""Where in a document's metadata the answer is put."""

TEXT: Final = "text"
"""What ``html_key`` is called where the document's own text is the page."""

Source: TypeAlias = Mapping[str, Given] | Callable[[str], Given | None] | None
"""What was captured elsewhere: by origin or URL, or a callable that is asked for one."""

_IS_PAGE: Final = ("", "text/html", "application/xhtml+xml")
_IS_TEXT = re.compile(r"^$|^text/|[/+](?:html|xml|json)$")


class _Sources:
    """What was captured elsewhere; datatrove writes a step's plain attributes into its logs."""

    def __init__(self, robots: Source, site_files: Source, documents: Source) -> None:
        for what, source in (
            ("robots", robots),
            ("site_files", site_files),
            ("documents", documents),
        ):
            if not (source is None or isinstance(source, Mapping) or callable(source)):
                raise UsageError(f"{what} is a mapping or a callable, not {type(source).__name__}")
        self._robots = _by_origin(robots) if isinstance(robots, Mapping) else robots
        self._site_files = site_files
        self._documents = documents

    def __repr__(self) -> str:
        return "sources"

    def find(self, want: Want) -> Given:
        """What there is of it; what there is not, or what is none, was not looked at."""
        source, key = self._documents, want.url
        if want.role is Role.ROBOTS:
            source, key = self._robots, _origin(want)
        elif want.role is Role.SITE_FILE:
            source = self._site_files
        if source is None:
            return Availability.NOT_LOOKED
        return _given(source.get(key) if isinstance(source, Mapping) else source(key))


class SignalsFilter(BaseFilter):  # type: ignore[misc]  # datatrove has no types
    """Drops each document whose verdict is not *ingest*; the reason is ``hold-unmet``, say.

    A document says where it is from (``url_key``) and what was received: ``headers_key``
    (pairs, a mapping, or a header section as text), ``status_key``, ``date_key`` (ISO 8601)
    and the page, which is its text (``html_key="text"``), another key of its metadata, or
    ``None`` where it was not kept. ``robots`` (by origin), ``site_files`` and ``documents``
    (by URL) are mappings, or callables that are asked for one at a time; ``robots_key`` is
    where a document carries its own. What is nowhere was *not looked at*: without robots.txt
    or the header section nothing is ingested (rule R15a).

    Kept documents carry decision, reasons, obligations and credit line in
    ``metadata["signals_agent"]``, dropped ones too; with ``whole=True`` the whole result.
    Under the preset ``observe`` nothing is dropped, and each task logs in the end what
    enforcement would have cost. Nothing is fetched. Raises ``UsageError`` and its kin for
    a mistake in the arguments, never for what is in a document.
    """

    name = "🚦 Signals"

    def __init__(
        self,
        policy: Policy | Mapping[str, Any] | None = None,
        *,
        token: str | None = None,
        tokens: Iterable[str] = (),
        acquired_by: str | None = None,
        uses: Iterable[Use | str] | None = None,
        depth: str = "page",
        robots: Source = None,
        site_files: Source = None,
        documents: Source = None,
        url_key: str = "url",
        status_key: str = "status",
        headers_key: str = "headers",
        date_key: str = "date",
        truncated_key: str = "truncated",
        html_key: str | None = TEXT,
        robots_key: str | None = None,
        whole: bool = False,
        limits: Limits = DEFAULT_LIMITS,
        exclusion_writer: DiskWriter | None = None,
    ) -> None:
        super().__init__(exclusion_writer)
        self._prepare = partial(
            Wishes.prepare,
            token,
            tuple(tokens),
            acquired_by,
            # Checked there, where it is a mapping.
            cast("Policy", Policy() if policy is None else policy),
            None if uses is None else tuple(uses),
            "cumulative",
            depth,
            None,
            None,
        )
        self._observes = self._prepare().policy.preset == "observe"
        self._sources = _Sources(robots, site_files, documents)
        self._keys = (url_key, status_key, headers_key, date_key, truncated_key)
        self._html_key = html_key
        self._robots_key = robots_key
        self._whole = whole
        self._limits = limits
        self.tally = Tally()

    def filter(self, doc: Document) -> bool | tuple[bool, str]:
        """Whether the document is ingested, and why not."""
        answer = self.judge(doc)
        if answer is None:
            self.stat_update("unjudged")
            doc.metadata[KEY] = {"decision": "hold", "reasons": [{"code": "no-url"}]}
            return True if self._observes else (False, "hold-no-url")
        self.tally.add(answer)
        decision, reasons = decision_of(answer), reasons_of(answer)
        doc.metadata[KEY] = answer.model_dump(mode="json") if self._whole else _summary(answer)
        self.stat_update(decision.value)
        if self._observes or decision is Decision.INGEST:
            return True
        return False, f"{decision.value}-{reasons[0].code.value}"

    def judge(self, doc: Document) -> Assessment | None:
        """The result for a document; ``None`` where it does not say where it is from."""
        try:
            asset = self._asset(doc)
        except InvalidURL:
            return None

        here = urls.parse(asset.url).origin

        def find(want: Want) -> Given:
            own = doc.metadata.get(self._robots_key) if self._robots_key else None
            if want.role is Role.ROBOTS and own is not None and _origin(want) == here:
                return _given(own)
            return self._sources.find(want)

        return settle(self._prepare(), Known(asset.url, asset=asset), find)

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """As every filter; under ``observe`` it logs in the end what was found."""
        try:
            yield from super().run(data, rank, world_size)
        finally:
            if self._observes:
                logger.info("\n{}", self.tally.text("What enforcement would have cost"))

    def _asset(self, doc: Document) -> Capture:
        """The response that a document holds; *not looked at* where it has no header section."""
        url, status, headers, date, truncated = (doc.metadata.get(key) for key in self._keys)
        if not isinstance(url, str):
            raise InvalidURL("the document has no URL")
        text = urls.parse(url).text
        at = _moment(date)
        try:
            lines = None if headers is None else header_lines(headers)
            code = None if status is None else int(status)
            told = None if lines is None else Capture(text, code, lines, b"", at)
        except (UsageError, ValueError, TypeError):
            told = None
            self.stat_update("headers_unreadable")
        if told is None:
            return Capture(text, fetched_at=at, availability=Availability.NOT_LOOKED)
        body = self._body(doc, told.content_type)
        fields = told.headers
        if isinstance(body, str):
            # Text has been decoded: it is UTF-8 by now, whatever it was.
            fields = () if body.isascii() else ((b"content-type", _utf_8(told)),)
            fields = (*told.headers, *fields)
            body = body.encode("utf-8", "replace")
        return within_caps(
            Capture(text, told.status, fields, body, at, bool(truncated)),
            self._limits,
            Role.ASSET,
        )

    def _body(self, doc: Document, content_type: str) -> bytes | str | None:
        """The page, where what the document has is one."""
        if self._html_key is None:
            return None
        page = doc.text if self._html_key == TEXT else doc.metadata.get(self._html_key)
        if isinstance(page, bytes):
            return page
        # Text that was drawn from a PDF or an image is not what was received; nor is that
        # of a web page without its markup, and with it what the page says.
        if not isinstance(page, str) or not _IS_TEXT.search(content_type):
            return None
        return None if content_type in _IS_PAGE and "<" not in page else page


class WarcResponses(BaseDiskReader):  # type: ignore[misc]  # datatrove has no types
    """Reads the HTML responses of WARC files, each with status, header section and date.

    datatrove's own ``WarcReader`` leaves these out, and without them a page cannot be
    judged. Takes the arguments of every disk reader; ``compression`` as ``WarcReader``.
    """

    name = "🕷 WARC responses"
    _requires_dependencies = ("warcio",)

    def __init__(
        self,
        data_folder: DataFolderLike,
        paths_file: Any = None,
        compression: str | None = "infer",
        **more: Any,
    ) -> None:
        self.compression = compression
        super().__init__(data_folder, paths_file, **more)

    def read_file(self, filepath: str) -> Iterator[Document]:
        """The documents of one file."""
        with self.data_folder.open(filepath, "rb", compression=self.compression) as file:
            for number, (record_id, told) in enumerate(_responses(file)):
                if told.content_type not in ("text/html", "application/xhtml+xml"):
                    continue
                found = {
                    self.text_key: _decoded(told),
                    self.id_key: record_id,
                    "url": told.url,
                    "status": told.status,
                    "headers": [
                        [name.decode("latin-1"), value.decode("latin-1")]
                        for name, value in told.headers
                    ],
                    # What is still in a coding cannot be told from text once it is decoded.
                    "truncated": told.truncated or availability.still_coded(told, page=True),
                }
                if told.fetched_at is not None:
                    found["date"] = told.fetched_at.isoformat()
                document = self.get_document_from_dict(found, filepath, number)
                if document:
                    yield document


def robots_in(data_folder: DataFolderLike, compression: str | None = "infer") -> dict[str, Capture]:
    """The robots.txt files that WARC files hold, by origin; of several the last one.

    For a crawl's own WARC files, and those that Common Crawl keeps apart for robots.txt.
    """
    folder = get_datafolder(data_folder)
    found: dict[str, Capture] = {}
    for path in folder.list_files():
        with folder.open(path, "rb", compression=compression) as file:
            for _, told in _responses(file):
                try:
                    url = urls.parse(told.url)
                except InvalidURL:
                    continue
                if url.target == "/robots.txt":
                    found[url.origin] = told
    return found


def _responses(file: Any) -> Iterator[tuple[str, Capture]]:
    """The response records of a WARC file."""
    from warcio.archiveiterator import ArchiveIterator

    for record in ArchiveIterator(file):
        if record.rec_type != "response" or record.http_headers is None:
            continue
        status = record.http_headers.get_statuscode()
        cut = record.rec_headers.get_header("WARC-Truncated") is not None
        try:
            body = record.content_stream().read()
        except Exception:
            # Its coding is broken, or what would take it off is: the next record may be whole.
            body, cut = b"", True
        yield (
            record.rec_headers.get_header("WARC-Record-ID") or "",
            Capture(
                record.rec_headers.get_header("WARC-Target-URI") or "",
                int(status) if status and status.isdigit() else None,
                record.http_headers.headers,
                body,
                _moment(record.rec_headers.get_header("WARC-Date")),
                cut,
            ),
        )


def _decoded(told: Capture) -> str:
    """A page as text, by the charset of its header section; UTF-8 else."""
    line = (told.field_lines(b"content-type") or (b"",))[-1]
    # Markup first: of UTF-16 taken for UTF-8 nothing could be read.
    octets = encoding.markup(told.body or b"", line).octets
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    field = line.decode("latin-1")
    named = re.search(r'charset\s*=\s*"?([\w.:-]+)', field, re.IGNORECASE)
    try:
        return octets.decode(named[1] if named else "utf-8", "replace")
    except (LookupError, ValueError):
        return octets.decode("utf-8", "replace")


def _utf_8(told: Capture) -> bytes:
    return f"{told.content_type or 'text/html'}; charset=utf-8".encode("latin-1")


def _summary(answer: Assessment) -> dict[str, Any]:
    """What a document carries along: the decision, why, what is owed, and the credit line."""
    verdict = answer.verdict
    owed = set(verdict.obligations if verdict is not None else ())
    found: dict[str, Any] = {
        "decision": decision_of(answer).value,
        "uses": [each.value for each in (verdict.uses if verdict is not None else answer.uses)],
        "reasons": [{"code": each.code.value, "text": each.text} for each in reasons_of(answer)],
        "obligations": [
            each
            for each in answer.model_dump(mode="json", include={"obligations"})["obligations"]
            if each["id"] in owed
        ],
    }
    if answer.attribution is not None:
        found["credit"] = answer.citation()
    if verdict is not None:
        found["policy"] = {"name": verdict.policy.name, "sha256": verdict.policy.sha256}
    return found


def _by_origin(robots: Mapping[str, Given]) -> dict[str, Given]:
    """robots.txt by origin; each is a capture, so that it is read once for many documents."""
    found: dict[str, Given] = {}
    for key, given in robots.items():
        origin = urls.parse(key).origin
        octets = _given(given)
        found[origin] = (
            Capture(f"{origin}/robots.txt", 200, body=octets)
            if isinstance(octets, bytes)
            else octets
        )
    return found


def _origin(want: Want) -> str:
    return urls.parse(want.url).origin


def _given(found: object) -> Given:
    if isinstance(found, str):
        return found.encode("utf-8")
    return found if isinstance(found, Capture | bytes | Availability) else Availability.NOT_LOOKED


def _moment(said: object) -> datetime | None:
    """A time in ISO 8601, taken as UTC where it names no zone."""
    if isinstance(said, datetime):
        moment = said
    else:
        try:
            moment = datetime.fromisoformat(str(said))
        except ValueError:
            return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
