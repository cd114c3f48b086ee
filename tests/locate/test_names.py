"""One text that names several people."""

import pytest

from signals_agent.locate.names import names_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada Fen", ["Ada Fen"]),
        (
            "M\u00e1ire \u00d3'Brien; Jan van der Berg",
            ["M\u00e1ire \u00d3'Brien", "Jan van der Berg"],
        ),
        ("Fen, Ada; Sea, Bo;", ["Fen, Ada", "Sea, Bo"]),
        ("Fen, Ada", ["Fen, Ada"]),
        ("Ada Fen, PhD", ["Ada Fen, PhD"]),
        ("Ada Fen, Bo Sea", ["Ada Fen", "Bo Sea"]),
        ("Ada Fen and Bo Sea", ["Ada Fen", "Bo Sea"]),
        ("Ada M. Fen, Bo Sea-Hill, and Cy Moor", ["Ada M. Fen", "Bo Sea-Hill", "Cy Moor"]),
        ("Fen and Marsh", ["Fen and Marsh"]),
        ("Department of Health and Human Services", ["Department of Health and Human Services"]),
        (
            "National Oceanic and Atmospheric Administration",
            ["National Oceanic and Atmospheric Administration"],
        ),
        ("Ada Fen, The Guardian", ["Ada Fen, The Guardian"]),
        ("Ministry of Health, New Zealand", ["Ministry of Health, New Zealand"]),
        ("Ada Fen, Ada Fen", ["Ada Fen"]),
        (";", [";"]),
        ("", [""]),
    ],
    ids=[
        "one",
        "a semicolon",
        "surnames first",
        "one with the surname first",
        "a degree",
        "a comma",
        "an and",
        "a list",
        "a firm",
        "a department",
        "an administration",
        "a newspaper",
        "a ministry",
        "the same twice",
        "no name",
        "nothing",
    ],
)
def test_names(text: str, expected: list[str]) -> None:
    assert list(names_in(text)) == expected
