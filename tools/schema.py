"""The JSON Schema that is shipped, written from the models: ``python -m tools.schema``."""

from pathlib import Path

from signals_agent.report.json import schema_text

TARGET = Path(__file__).parents[1] / "signals_agent" / "schema" / "assessment-1.json"

if __name__ == "__main__":
    TARGET.write_text(schema_text(), "utf-8")
