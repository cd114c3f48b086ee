"""How a report is written to a file: whole, or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import BinaryIO

from signals_agent import quote
from signals_agent.errors import ConfigError


@contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """Where to write; it has its name once the block ends well, else what was there stays.

    What a link leads to is replaced, and not the link; a device or a pipe is written to as it
    is. Raises ``ConfigError`` where the file cannot be written.
    """
    shown = quote.text(str(path), 1000)
    try:
        if path.is_dir():
            raise ConfigError(f"cannot write {shown}: it is a folder")
        if path.exists() and not path.is_file():
            with path.open("wb") as out:
                yield out
            return
        target = path.resolve()
        if not target.parent.is_dir():
            raise ConfigError(f"cannot write {shown}: there is no folder {target.parent}")
        folder = Path(mkdtemp(prefix=".signals-agent-", dir=target.parent))
        try:
            partial = folder / "partial"
            with partial.open("xb") as out:
                yield out
                out.flush()
                os.fsync(out.fileno())
            if target.exists():
                partial.chmod(target.stat().st_mode & 0o7777)
            partial.replace(target)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise ConfigError(f"cannot write {shown}: {error.strerror or error}") from None
