"""The columns of tables stand in the documentation as they are."""

import re
from pathlib import Path

from signals_agent.audit.reports import rows

DOCS = Path(__file__).parents[3] / "docs" / "audit.md"


def test_the_documentation_has_every_column_in_order_with_what_it_holds() -> None:
    told = re.findall(
        r"^\| `([\w-]+)` \| (.*) \| [\w ,]+ \|$", DOCS.read_text("utf-8"), re.MULTILINE
    )
    assert told == [(column.name, column.says) for column in rows.COLUMNS]
