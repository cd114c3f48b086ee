"""The folder of a run's working files: what is in it, and when it is taken away."""

import os
import pickle
import platform
import re
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

from signals_agent.errors import ConfigError
from signals_agent.model.capture import Capture

_NAME: Final = "signals-agent-archive"
_INDEX: Final = "index.db"
_QUICKLY: Final = 1


@contextmanager
def made(place: str | None) -> Iterator[Path]:
    """A folder for a run, gone when it ends; what killed runs left behind goes first.

    ``place`` is the folder in which it is made, by default that for temporary files.
    Raises ``ConfigError`` where it cannot be made.
    """
    within = Path(place or tempfile.gettempdir())
    host = re.sub(r"[^A-Za-z0-9.]", "", platform.node()) or "here"
    _sweep(within, f"{_NAME}-{host}-")
    try:
        folder = Path(tempfile.mkdtemp(prefix=f"{_NAME}-{host}-{os.getpid()}-", dir=within))
    except OSError as error:
        raise ConfigError(f"no working folder can be made in {within}: {error.strerror}") from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(within: Path, beginning: str) -> None:
    """Take away the folders of runs on this machine that are no longer there."""
    if os.name != "posix":
        # Elsewhere asking whether a process is there may end it.
        return
    for each in within.glob(f"{beginning}*-*"):
        number = each.name.removeprefix(beginning).partition("-")[0]
        try:
            os.kill(int(number), 0)
        except ProcessLookupError:
            shutil.rmtree(each, ignore_errors=True)
        except (ValueError, OSError, OverflowError):
            continue


def index(folder: Path) -> str:
    """The file of the index."""
    return str(folder / _INDEX)


def located(folder: Path, file: int) -> Path:
    """The file of what was located in an archive."""
    return folder / f"located-{file}"


def rows(folder: Path, file: int) -> Path:
    """The file of an archive's responses, on their way to the index."""
    return folder / f"rows-{file}"


def aside(folder: Path, file: int) -> Path:
    """The file of captures whose octets cannot be found again in their archive."""
    return folder / f"aside-{file}"


def write(file: IO[bytes], value: Any) -> int:
    """Write a value, and tell where it stands."""
    at = file.tell()
    pickle.dump(value, file, pickle.HIGHEST_PROTOCOL)
    return at


def read(file: IO[bytes], at: int) -> Any:
    """The value that stands there."""
    file.seek(at)
    return pickle.load(file)  # noqa: S301  # of this run's own making


def each(path: Path) -> Iterator[Any]:
    """The values of a file, one after the other."""
    with path.open("rb") as file:
        while file.peek(1):
            yield pickle.load(file)  # noqa: S301  # of this run's own making


def packed(capture: Capture) -> bytes:
    """A capture with its octets, to be set aside."""
    return zlib.compress(pickle.dumps(capture, pickle.HIGHEST_PROTOCOL), _QUICKLY)


def unpacked(octets: bytes) -> Capture:
    """A capture that was set aside."""
    told: Capture = pickle.loads(zlib.decompress(octets))  # noqa: S301  # of this run's own making
    return told
