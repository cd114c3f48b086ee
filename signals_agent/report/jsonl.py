"""Results as one JSON object a line, each with its ``schema``."""

import json

from signals_agent.model.assessment import Assessment
from signals_agent.terminal import PLAIN, Screen


class Writer:
    """Writes a line for each result; it is ASCII, so that it is safe on any terminal."""

    def __init__(self, screen: Screen = PLAIN, several: bool = False) -> None:
        """Neither the screen nor the number of results changes the lines."""
        del screen, several

    def begin(self) -> str:
        """Nothing."""
        return ""

    def add(self, assessment: Assessment) -> str:
        """One line."""
        try:
            # DEL is ASCII, but nothing for a terminal; it stands in strings only.
            return assessment.model_dump_json(ensure_ascii=True).replace("\x7f", "\\u007f") + "\n"
        except ValueError:  # half a surrogate pair, which only Python's own writer takes
            return json.dumps(assessment.model_dump(mode="json"), separators=(",", ":")) + "\n"

    def end(self) -> str:
        """Nothing."""
        return ""
