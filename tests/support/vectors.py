"""The language-neutral vectors, and what we make of each, for tests that need many inputs."""

from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import signals_agent as sa

_FILE = Path(__file__).parents[1] / "test_vectors.py"
_spec = spec_from_file_location("vectors_as_they_are_read", _FILE)
assert _spec is not None
assert _spec.loader is not None
_module = module_from_spec(_spec)
_spec.loader.exec_module(_module)

VECTORS: list[dict[str, Any]] = _module.VECTORS
run: Callable[[dict[str, Any]], sa.Assessment] = _module.run
