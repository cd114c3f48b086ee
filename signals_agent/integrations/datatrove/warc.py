"""The responses of WARC files, as documents that can be judged."""

import re
from collections.abc import Collection, Iterator
from typing import Any, Final

from datatrove.data import Document
from datatrove.io import DataFolderLike, get_datafolder
from datatrove.pipeline.readers.base import BaseDiskReader

from signals_agent import availability, plan
from signals_agent import url as urls
from signals_agent.errors import InvalidURL
from signals_agent.families import FAMILIES
from signals_agent.fetch import redirect
from signals_agent.integrations.datatrove.sources import moment_of
from signals_agent.model.capture import Capture
from signals_agent.syntax import encoding

_IS_PAGE: Final = ("text/html", "application/xhtml+xml")
_IS_TEXT = re.compile(r"^$|^text/|[/+](?:html|xml|json)$")
_KINDS: Final = frozenset({"application", "audio", "font", "image", "text", "video"})
_PAYMENT_REQUIRED: Final = 402


class WarcResponses(BaseDiskReader):  # type: ignore[misc]  # datatrove has no types
    """Reads the HTML responses of WARC files, each with status, header section and date.

    datatrove's own ``WarcReader`` leaves these out, and without them a page cannot be
    judged. An answer 402 (Payment Required) is read whatever it holds, for it states terms,
    and is held by the filter. What else is no page is counted in the statistics:
    ``left_out_redirect``, ``left_out_error``, ``left_out_image`` and so on by the kind of
    content, ``left_out_empty`` for pages without a word. Takes the arguments of every disk
    reader; ``compression`` as ``WarcReader``.
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
                text, why = _page(told)
                if why:
                    self.stat_update(f"left_out_{why}")
                    continue
                found = {
                    self.text_key: text,
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


def _page(told: Capture) -> tuple[str, str]:
    """A response as text, or in a word why it is left out."""
    is_page, terms = told.content_type in _IS_PAGE, told.status == _PAYMENT_REQUIRED
    readable = is_page or (terms and _IS_TEXT.search(told.content_type))
    if readable and (text := _decoded(told)):
        return text, ""
    if terms:
        # Its header section may state them; and datatrove drops what has no text at all.
        return "\n", ""
    if told.status in redirect.STATUSES:
        return "", "redirect"
    if told.status is not None and told.status >= 400:
        return "", "error"
    if is_page:
        return "", "empty"
    kind = told.content_type.partition("/")[0]
    return "", kind if kind in _KINDS else "other"


def robots_in(data_folder: DataFolderLike, compression: str | None = "infer") -> dict[str, Capture]:
    """The robots.txt files that WARC files hold, by origin; of several the last one.

    For a crawl's own WARC files, and those that Common Crawl keeps apart for robots.txt.
    """
    return {url.origin: told for url, told in _at(data_folder, compression, ("/robots.txt",))}


def site_files_in(
    data_folder: DataFolderLike, compression: str | None = "infer"
) -> dict[str, Capture]:
    """The site files that WARC files hold, by URL; of several the last one.

    These are ``/.well-known/tdmrep.json`` and those that ``sources = "extended"`` adds
    (rule R15a), also where the site answered that there is none.
    """
    paths = [file.path for file in plan.wanted_files(FAMILIES, "extended")]
    return {url.text: told for url, told in _at(data_folder, compression, paths)}


def _at(
    data_folder: DataFolderLike, compression: str | None, targets: Collection[str]
) -> Iterator[tuple[urls.Url, Capture]]:
    """The responses for these paths, of whatever origin."""
    folder = get_datafolder(data_folder)
    for path in folder.list_files():
        with folder.open(path, "rb", compression=compression) as file:
            for _, told in _responses(file):
                try:
                    url = urls.parse(told.url)
                except InvalidURL:
                    continue
                if url.target in targets:
                    yield url, told


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
                moment_of(record.rec_headers.get_header("WARC-Date")),
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
