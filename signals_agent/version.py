"""Which version of the package and of its data tables this is."""

from typing import Final

VERSION: Final = "0.1.0"
"""The version of the package."""

TABLES: Final = "2026.11"
"""The month in which the tables of labels, signals and directives were last brought up to date."""
