"""Single responses of archive files, read once more from where they stand."""

import zipfile
from collections import OrderedDict
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from signals_agent.archives import arc
from signals_agent.archives.losses import Losses
from signals_agent.archives.read import is_arc, is_zip
from signals_agent.archives.record import Record
from signals_agent.archives.streams import GZIP
from signals_agent.archives.warc import Warc
from signals_agent.limits import DEFAULT_LIMITS, Limits
from signals_agent.model.capture import Capture, Role

_INNER: Final = "!archive/"
_OPEN: Final = 16
"""So many files are kept open at once."""


class _Opened:
    """One archive; in a WACZ file the archive in it."""

    def __init__(self, name: str, depth: str, limits: Limits) -> None:
        self._bag: zipfile.ZipFile | None = None
        outer, inner, member = name.rpartition(_INNER)
        if inner and not Path(name).exists():
            self._bag = zipfile.ZipFile(outer)
            self._file: IO[bytes] = self._bag.open(inner[1:] + member)
        else:
            self._file = Path(name).open("rb")  # noqa: SIM115  # closed with this
        self.arc: arc.Arc | None = None
        self.warc: Warc | None = None
        try:
            self._look(name, depth, limits)
        except BaseException:
            self.close()
            raise

    def _look(self, name: str, depth: str, limits: Limits) -> None:
        losses = Losses()
        if self._bag is None and is_zip(self._file):
            # Its directory could not be read, so that its records were looked for.
            self.warc = Warc(self._file, name, depth, limits, losses, packed=GZIP)
        elif is_arc(self._file):
            self.arc = arc.Arc(self._file, name, depth, limits, losses)
        else:
            self.warc = Warc(self._file, name, depth, limits, losses)

    def close(self) -> None:
        self._file.close()
        if self._bag is not None:
            self._bag.close()


class Again:
    """Reads responses again, taken for whatever they are wanted as (a document, say)."""

    def __init__(self, *, depth: str = "page", limits: Limits = DEFAULT_LIMITS) -> None:
        """``depth`` and ``limits`` as for ``captures``; nothing is opened yet."""
        self._depth, self._limits = depth, limits
        self._opened: OrderedDict[str, _Opened] = OrderedDict()

    def response(self, place: Record, role: Role, url: str, at: datetime | None) -> Capture | None:
        """The response at a place; ``None`` where no sound one of that URL is there any more."""
        if place.offset is None or not place.sound:
            return None
        try:
            opened = self._open(place.file)
            if opened.arc is not None:
                return opened.arc.again(place, role, url, at)
            assert opened.warc is not None
            told = opened.warc.again(place, role)
        # A RuntimeError where a member of a WACZ file cannot be taken out.
        except (OSError, zipfile.BadZipFile, EOFError, KeyError, RuntimeError):
            return None
        return told if told is not None and told.url == url else None

    def close(self) -> None:
        """Close what was opened."""
        while self._opened:
            self._opened.popitem()[1].close()

    def _open(self, name: str) -> _Opened:
        known = self._opened.get(name)
        if known is None:
            if len(self._opened) >= _OPEN:
                self._opened.popitem(last=False)[1].close()
            known = self._opened[name] = _Opened(name, self._depth, self._limits)
        self._opened.move_to_end(name)
        return known
