"""How a ledger is copied whole, also while others write to it."""

import os
import shutil
import sqlite3
from pathlib import Path
from tempfile import mkdtemp

from signals_agent.errors import StoreError
from signals_agent.store import connection as connections
from signals_agent.store.file import File


def copy(file: File, to: str | os.PathLike[str]) -> None:
    """Copy a ledger into a new file: all that was written until now, as of one moment.

    The file appears whole or not at all; what waits in the ``-wal`` of the ledger is in it.
    Raises ``StoreError``, also where there is a file of this name already.
    """
    path = Path(os.path.abspath(os.fsdecode(to)))  # noqa: PTH100  # .absolute() keeps ".."
    name = connections.shown(os.fsdecode(to))
    if os.path.lexists(path):
        raise StoreError(f"there is a file at {name} already; it was left as it is")
    folder = None
    try:
        folder = Path(mkdtemp(prefix=".signals-agent-", dir=path.parent))
        partial = folder / "ledger"
        with file.reading() as source, connections.told(str(partial)):
            target = sqlite3.connect(partial, isolation_level=None)
            try:
                source.backup(target)
            finally:
                target.close()
        _keep(partial, path)
    except FileExistsError:
        raise StoreError(f"there is a file at {name} already; it was left as it is") from None
    except OSError as error:
        raise StoreError(f"cannot write the copy {name}: {error.strerror or error}") from None
    except StoreError as error:
        # The name of the file that was in the making tells nobody anything.
        if folder is not None and str(folder) in str(error):
            raise StoreError(f"cannot write the copy {name}: {error.__cause__}") from error
        raise
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def _keep(partial: Path, path: Path) -> None:
    """Put what was copied on the disk, and give it its name unless another has got it."""
    with partial.open("rb+") as written:
        os.fsync(written.fileno())
    try:
        path.hardlink_to(partial)
    except FileExistsError:
        raise
    except OSError:
        # Not every file system has links; this one looks, and moves.
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        partial.replace(path)
