"""Which licences a sentence names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.licences.catalogue import ENTRIES
from signals_agent.licences.entry import Kind
from signals_agent.licences.free_text import LONGEST, find

CC = "creativecommons.org/licenses"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (
            "Licensed under a Creative Commons Attribution-ShareAlike 4.0 International License.",
            ["CC-BY-SA-4.0"],
        ),
        ("CC BY-SA 4.0", ["CC-BY-SA-4.0"]),
        ("© 2020 Foo. CC BY 4.0", ["CC-BY-4.0"]),
        ("(CC-BY-NC-ND/4.0)", ["CC-BY-NC-ND-4.0"]),
        ("CC BY\u2011NC\u2011ND 4.0", ["CC-BY-NC-ND-4.0"]),
        ("cc by nc sa v2.5", ["CC-BY-NC-SA-2.5"]),
        ("Text is CC-BY.", ["CC-BY"]),
        ("CC-BY-SA 3.0 DE", ["CC-BY-SA-3.0-DE"]),
        ("cc-by-sa-3.0-de", ["CC-BY-SA-3.0-DE"]),
        ("CC BY-NC-SA 3.0 IGO", ["CC-BY-NC-SA-3.0-IGO"]),
        ("CC BY 3.0 in part", ["CC-BY-3.0"]),
        ("CC BY 3.0 OR later", ["CC-BY-3.0"]),
        ("CC BY 4.0 DE", ["CC-BY-4.0"]),
        ("Attribution-ShareAlike 4.0 International", ["CC-BY-SA-4.0"]),
        ("Attribution 4.0 International", ["CC-BY-4.0"]),
        ("Creative Commons Attribution 3.0 Unported", ["CC-BY-3.0"]),
        ("Creative Commons Attribution License 4.0", ["CC-BY-4.0"]),
        ("Creative Commons Attribution-Noncommercial-No Derivative Works 3.0", ["CC-BY-NC-ND-3.0"]),
        ("Creative Commons Attribution Non-Commercial Share Alike 2.0", ["CC-BY-NC-SA-2.0"]),
        ("Creative Commons BY-NC 4.0", ["CC-BY-NC-4.0"]),
        ("CC0", ["CC0-1.0"]),
        ("Creative Commons Zero 1.0 Universal", ["CC0-1.0"]),
        ("Public Domain Mark 1.0", ["CC-PDM-1.0"]),
        (f"Licensed under https://{CC}/by/4.0/.", ["CC-BY-4.0"]),
        (f"see <a href='http://{CC}/by-sa/3.0/de/deed.en'>", ["CC-BY-SA-3.0-DE"]),
        (f"({CC}/by-nc/2.0)", ["CC-BY-NC-2.0"]),
        (f"CC BY-SA 4.0 (https://{CC}/by-sa/4.0/)", ["CC-BY-SA-4.0"]),
        (f"Creative Commons Attribution https://{CC}/by/4.0/", ["CC-BY-4.0"]),
        (f"MIT License; text https://{CC}/by/4.0/", ["CC-BY-4.0", "MIT"]),
        ("CC BY-SA 3.0 and GFDL", ["CC-BY-SA-3.0", "GFDL"]),
        ("GNU Free Documentation License, Version 1.3", ["GFDL-1.3-only"]),
        ("Apache License, Version 2.0", ["Apache-2.0"]),
        ("available under the Open Government Licence v3.0", ["OGL-UK-3.0"]),
        ("Open Database License (ODbL)", ["ODbL-1.0"]),
        ("http://rightsstatements.org/vocab/InC/1.0/", ["rightsstatements-InC-1.0"]),
        ("All rights reserved", ["all-rights-reserved"]),
        ("© 2026 Example Press.\nALL  RIGHTS\tRESERVED.", ["all-rights-reserved"]),
        ("© Example. All rights reserved. Text: CC BY 4.0", ["CC-BY-4.0"]),
        ("CC BYNCND 4.0", ["CC-BY-NC-ND-4.0"]),
        ("ccbyncsa4.0", ["CC-BY-NC-SA-4.0"]),
        ("CC-BY4.0-NC", ["CC-BY-NC-4.0"]),
        ("CC BY 4.0 NC ND", ["CC-BY-NC-ND-4.0"]),
        ("CC Attribution 4.0 NC ND", ["CC-BY-NC-ND-4.0"]),
        ("Creative Commons Attribution 4.0 NonCommercial", ["CC-BY-NC-4.0"]),
        ("CC BY 4.0 International ShareAlike licence", ["CC-BY-SA-4.0"]),
        ("CC BY-NC 4.0, no derivatives", ["CC-BY-NC-ND-4.0"]),
        ("Creative Commons: by-nc-nd", ["CC-BY-NC-ND"]),
        ("University of Illinois/NCSA Open Source License", ["NCSA"]),
        ("GPL 2.0 only", ["GPL-2.0-only"]),
        ("CC BY-NC 4.0 (non-commercial use only)", ["CC-BY-NC-4.0"]),
        ("Except where otherwise noted, this site is under CC BY 4.0.", ["CC-BY-4.0"]),
        ("CC BY 4.0, unless otherwise stated", ["CC-BY-4.0"]),
        ("CC BY 4.0. The publisher is not liable.", ["CC-BY-4.0"]),
        ("CC BY 4.0 without warranty", ["CC-BY-4.0"]),
        ("This article is from 2019. CC BY 4.0", ["CC-BY-4.0"]),
        ("MIT, 2020. All rights reserved.", ["all-rights-reserved"]),
        ("MIT License (c) 2020", ["MIT"]),
        (
            "Open licence of the University of X, Chapel Hill, NC, for this very text: CC BY 4.0",
            ["CC-BY-4.0"],
        ),
    ],
)
def test_what_a_sentence_names(text: str, named: list[str]) -> None:
    assert [entry.id for entry in find(text)] == named


@pytest.mark.parametrize(
    "text",
    [
        "This work is not licensed under CC BY 4.0; all rights reserved.",
        f"not https://{CC}/by/4.0/",
        "This isn't CC BY 4.0",
        "Formerly CC BY 4.0",
        "Creative Commons Attribution (BY-NC-ND) license",
        "CC-BY (NC)",
        "(NC) CC BY 4.0",
        "CC-BY 4.0, non-commercial use only",
        "CC BY 4.0. Commercial use needs our consent.",
        "CC BY 4.0; no derivatives may be shared",
        "CC BY 4.0 SA ND",
        "CC BY 4.0, share alike where possible",
        "CC BY 4.0 for research only",
        "CC BY 4.0 for academic use",
        "CC BY 4.0 except images",
        "CC BY 4.0, no AI training",
        "CC BY 4.0. You may not train on it.",
        "Do not copy. CC0",
        "MIT License with Commons Clause",
        "MIT License; images CC BY 9.0",
        "CC BY-NC 4.0, no derivatives please",
        "CC BY-NC-ND 4.0, not for AI",
        f"https://{CC}/by/4.0/ NC",
        "Non CC BY 4.0",
        "non-CC BY 4.0",
        "Unlike CC BY 4.0 this licence forbids",
        "Unlike CC BY 4.0, ours is open",
        "Without CC BY 4.0",
        "without the usual CC BY 4.0",
        "Similar to CC BY 4.0",
        "Like a CC BY 4.0",
        "A licence compatible with CC BY 4.0",
        "CC BY 4.0 for the abstract",
        "The abstract is CC BY 4.0",
        "CC BY 4.0 for figures",
        "CC0 for metadata",
        "CC BY 4.0 from 2030",
        "From 1 January 2030: CC BY 4.0",
        "CC BY 4.0 after 12 months",
        "CC BY 4.0 after an embargo",
        "We used to be CC BY 4.0",
        "no longer CC BY",
        "No longer under CC BY 4.0",
        "MIT (c) 2020. No commercial use",
        "MIT (c) 2020",
        "MIT, no commercial use",
        "MIT without any commercial use",
        "MIT AND",
        "MIT AND AND BSD-3-Clause",
        "Zlib OR OR ISC",
        "MIT AND AND CC-BY-4.0",
        "MIT OR something else",
        "CC BY 4.0" + " x" * LONGEST + " noncommercial",
        "CC BY 4.0" + " x" * LONGEST + " GPL",
    ],
)
def test_what_is_narrowed_or_denied_is_not_recognised_as_a_whole(text: str) -> None:
    (found,) = find(text)
    assert found.kind is Kind.UNRECOGNISED
    assert found.name == text[:LONGEST]


@pytest.mark.parametrize(
    ("text", "reserved"),
    [
        ("(c) 2020 Foo. All rights reserved. Licensed under CC BY 4.0", False),
        ("This work is licensed under CC BY 4.0. © 2020 Foo. All rights reserved.", False),
        ("Copyright 2020 Foo, all rights reserved.\nCC BY 4.0", False),
        ("CC BY 4.0 for data, text (c) Foo all rights reserved", True),
        ("Text: CC BY 4.0. Images: All rights reserved.", True),
        ("© Foo. Images: all rights reserved. Text: CC BY 4.0.", True),
        ("© Foo. All rights reserved. Code: CC BY 4.0.", True),
        ("© Foo. All rights reserved. Figure 2 is licensed under CC BY 4.0.", True),
        ("© 2020 Foo, CC BY 4.0, all rights reserved", True),
        ("All rights reserved. CC BY 4.0", True),
    ],
)
def test_all_rights_reserved_is_a_habit_in_a_copyright_line_alone(
    text: str, reserved: bool
) -> None:
    expected = ["CC-BY-4.0", "all-rights-reserved"] if reserved else ["CC-BY-4.0"]
    assert [entry.id for entry in find(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "Some rights reserved", "Public domain", "Creative Commons", "CC", "by 4.0"),
        "Attribution required",
        "Attribution 4.0",
        "no derivatives, share alike",
        "CC BY-SA-ND 4.0",  # no such licence
        "CC BY 9.0",
        "A lecture at MIT, in Python 2.0 on BSD, served by Apache 2",
        "accby 4.0",
        "Sent in CC. By 4.0 we mean a grade",
        "https://example.org/licence",
        f"https://{CC}/by/7.0/",
        f"https://evil.example/{CC}/by/4.0/",
        f"https://{CC}.evil.example/by/4.0/",
        f"mailto:x@{CC}/by/4.0/",
        "All of the rights are reserved",
        "MIT Press 2020",
        "(c) MIT, 2020",
        "mit (freundlicher Genehmigung)",
        "(C) 2020 MIT AND HARVARD",
    ],
)
def test_what_names_none(text: str) -> None:
    assert find(text) == ()


def test_what_stands_behind_the_cap_is_not_read() -> None:
    assert find("x " * (LONGEST // 2 - 4) + "CC0")
    assert find("x " * (LONGEST // 2) + "CC0") == ()


@pytest.mark.parametrize(
    "entry",
    [each for each in ENTRIES if each.url and each.kind is not Kind.UNRECOGNISED],
    ids=lambda entry: entry.id,
)
def test_every_licence_is_found_by_its_url_in_a_sentence(entry: object) -> None:
    (found,) = find(f"Published under the terms of <{entry.url}>, as always.")
    assert (found.kind, found.url) == (entry.kind, entry.url)


PIECES = st.sampled_from(
    [
        *(
            "https://",
            f"{CC}/",
            "by",
            "-nc",
            "-sa",
            " 4.0",
            "3.0",
            "/",
            " DE",
            "CC ",
            "cc-",
            " non",
        ),
        *("Creative Commons ", "Attribution", "ShareAlike", " License", " version", "v", "\ud800"),
        *("NC", "ND", "not ", "BYNCND", "only", "except", "\x01", "© "),
        *("all rights reserved", "GPL", " v3", ".", "\x00", "é", "(", "@", ":", "-", " "),
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join)))
def test_whatever_is_sent_never_raises_and_each_is_named_once(text: str) -> None:
    found = find(text)
    assert len(set(found)) == len(found)
    assert len(found) == 1 or all(entry.kind is not Kind.UNRECOGNISED for entry in found)


@given(st.lists(PIECES, max_size=20).map("".join))
def test_capitals_alone_do_not_change_what_is_named(text: str) -> None:
    # But for a jurisdiction, which is told from a word by its capitals.
    def without_port(entry: object) -> object:
        return (entry.kind, entry.version, entry.elements)

    small, large = find(text.lower()), find(text.upper())
    assert {without_port(each) for each in small} == {without_port(each) for each in large}
