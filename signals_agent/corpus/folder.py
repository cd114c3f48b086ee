"""How a folder of outputs is written: whole or not at all, with the SHA-256 of each file."""

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from signals_agent.errors import ConfigError

SUMS: Final = "SHA256SUMS"
_PARTIAL: Final = ".signals-agent-partial"
_SUM = re.compile(r"([0-9a-f]{64})  ([^\n]+)")


@dataclass(frozen=True, slots=True)
class Output:
    """One file that was written; ``name`` is its path within the folder, with slashes."""

    name: str
    sha256: str
    bytes: int


@dataclass(slots=True)
class Folder:
    """A folder that is being written; nothing of it is seen before it is finished."""

    path: Path
    partial: Path
    outputs: dict[str, Output] = field(default_factory=dict)

    def write(self, name: str, text: Iterable[str]) -> Output:
        """Write one file as its text comes."""
        target = self.partial / name
        target.parent.mkdir(parents=True, exist_ok=True)
        digest, size = sha256(), 0
        with target.open("wb") as stream:
            for part in text:
                octets = part.encode("utf-8", "replace")
                digest.update(octets)
                size += len(octets)
                stream.write(octets)
            stream.flush()
            os.fsync(stream.fileno())
        made = Output(name, digest.hexdigest(), size)
        self.outputs[name] = made
        return made


@contextmanager
def written(path: Path) -> Iterator[Folder]:
    """A folder to write into; what is written appears in ``path`` when the block ends well.

    Files of an earlier run that are not written anew are taken away if nobody has changed
    them since (``SHA256SUMS`` tells), all other files stay. Raises ``ConfigError`` where the
    folder cannot be written; then it is as it was.
    """
    partial = path / _PARTIAL
    fresh = not path.exists()
    try:
        if path.exists() and not path.is_dir():
            raise ConfigError(f"{path} is no folder")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        made = Folder(path, partial)
        yield made
        sums = "".join(f"{each.sha256}  {each.name}\n" for _, each in sorted(made.outputs.items()))
        (partial / SUMS).write_text(sums, encoding="utf-8")
        before = _sums(path / SUMS)
        for name in made.outputs:
            # Before anything is replaced, so that no half of it is.
            if (path / name).is_dir():
                raise ConfigError(f"cannot write {path}: {name} is a folder there")
        for name in made.outputs:
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (partial / name).replace(path / name)
        (partial / SUMS).replace(path / SUMS)
        _take_away(path, {name: sum_ for name, sum_ in before.items() if name not in made.outputs})
    except OSError as error:
        raise ConfigError(f"cannot write {path}: {error.strerror or error}") from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        if fresh and path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def _sums(path: Path) -> dict[str, str]:
    try:
        return {name: sum_ for sum_, name in _SUM.findall(path.read_text("utf-8"))}
    except (OSError, UnicodeDecodeError):
        return {}


def _take_away(path: Path, stale: dict[str, str]) -> None:
    root = path.resolve()
    for name, sum_ in stale.items():
        old = path / name
        if root not in old.resolve().parents or not old.is_file() or old.is_symlink():
            continue
        if sha256(old.read_bytes()).hexdigest() == sum_:
            old.unlink()
