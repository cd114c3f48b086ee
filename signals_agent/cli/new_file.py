"""How a file is written that a person is to fill in: whole, or not at all."""

import os
import shutil
from pathlib import Path
from tempfile import mkdtemp


def write(path: Path, text: str, *, over: bool = False) -> None:
    """Write a text to a file, beside it first; ``over`` says whether it may be there already.

    Raises ``FileExistsError`` where it may not and is, and ``OSError`` where it cannot be
    written; then what was there is as it was. A device or a pipe is written to as it is.
    """
    if not over and os.path.lexists(path):
        raise FileExistsError(path)
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8") as out:
            out.write(text)
        return
    # What a link leads to is replaced, and not the link.
    target = path.resolve() if over else path
    folder = Path(mkdtemp(prefix=".signals-agent-", dir=target.parent))
    partial = folder / "partial"
    try:
        with partial.open("x", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        if over:
            if target.exists():
                partial.chmod(target.stat().st_mode & 0o7777)
            partial.replace(target)
        else:
            _appear(partial, target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _appear(partial: Path, target: Path) -> None:
    """Give a file its name, unless another has got it in the meantime."""
    try:
        target.hardlink_to(partial)
    except FileExistsError:
        raise
    except OSError:
        # Not every file system has links; this one looks, and moves.
        if os.path.lexists(target):
            raise FileExistsError(target) from None
        partial.replace(target)
