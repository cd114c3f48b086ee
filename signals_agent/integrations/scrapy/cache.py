"""Scrapy's HTTP cache in files, of which a kill leaves whole entries alone."""

import logging
import os
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Final

from scrapy.extensions.httpcache import FilesystemCacheStorage

from signals_agent.integrations.scrapy import captures

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.http import Response
    from scrapy.settings import BaseSettings

_log = logging.getLogger(__name__)

_LAST: Final = "request_body"
"""The file that Scrapy writes last: an entry without it is not whole."""


class CacheStorage(FilesystemCacheStorage):
    """``HTTPCACHE_STORAGE = "signals_agent.integrations.scrapy.CacheStorage"``.

    The files are those of Scrapy's own ``FilesystemCacheStorage``. That writes an entry file
    by file where it is looked for, so that after a kill a page may be there with half of its
    octets, or none, and nothing that tells. Here an entry is made beside its place and put
    there at once; what is not whole is not there; and a response that was cut is not kept.
    """

    def __init__(self, settings: "BaseSettings") -> None:
        """Reads ``HTTPCACHE_DIR``, ``HTTPCACHE_EXPIRATION_SECS`` and ``HTTPCACHE_GZIP``."""
        super().__init__(settings)
        self._making: Path | None = None

    def retrieve_response(self, spider: "Spider", request: "Request") -> "Response | None":
        """The response of a whole entry; ``None`` where there is none."""
        if not Path(self._get_request_path(spider, request), _LAST).exists():
            return None
        try:
            response = super().retrieve_response(spider, request)
        except Exception as error:
            # Whatever unpickling may raise: what cannot be read is asked for again.
            _log.warning("the cache entry of %s cannot be read, so it is left: %r", request, error)
            return None
        if response is not None:
            # No signal tells of it, and Scrapy makes a new request of it at once.
            response.flags.append("cached")
            captures.note_redirect(request, response)
            response.flags.remove("cached")
            response.flags.append(captures.WHOLE)
        return response

    def store_response(self, spider: "Spider", request: "Request", response: "Response") -> None:
        """Put the entry of a response in its place, whole; one that was cut is not kept."""
        if captures.cut(response):
            return
        place = Path(self._get_request_path(spider, request))
        made = place.with_name(f"{place.name}.{os.getpid()}.new")
        gone = place.with_name(f"{place.name}.{os.getpid()}.old")
        rmtree(made, ignore_errors=True)
        self._making = made
        try:
            super().store_response(spider, request, response)
        except BaseException:
            rmtree(made, ignore_errors=True)
            raise
        finally:
            self._making = None
        if place.exists():
            # A folder cannot be put in the place of another that holds files.
            rmtree(gone, ignore_errors=True)
            place.rename(gone)
        made.rename(place)
        rmtree(gone, ignore_errors=True)

    def _get_request_path(self, spider: "Spider", request: "Request") -> str:
        if self._making is not None:
            return str(self._making)
        return super()._get_request_path(spider, request)
