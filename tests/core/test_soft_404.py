"""A page that a site answers for whatever is asked is no site file (rule R15)."""

import itertools

import pytest

import signals_agent as sa
from signals_agent.families import FAMILIES
from signals_agent.plan import wanted_files

URL = "https://site.example/post"
ORIGIN = "https://site.example"
EXTENDED = sa.Policy.parse("sources = 'extended'")
PATHS = [file.path for file in wanted_files(FAMILIES, "extended")]
SAID = {
    "/.well-known/tdmrep.json": b'[{"location": "/", "tdm-reservation": 1}]',
    "/ai.txt": b"User-Agent: *\nDisallow: /\n",
    "/trust.txt": b"datatrainingallowed=no\n",
    "/.well-known/trust.txt": b"datatrainingallowed=no\n",
}
every_file = pytest.mark.parametrize("path", PATHS)


def assess(files: dict[str, bytes | sa.Capture]) -> sa.Assessment:
    page = sa.Capture(URL, status=200, headers={"Content-Type": "text/html"}, body=b"<p>")
    given = {path: files.get(path, sa.ABSENT) for path in PATHS}
    return sa.assess(page, robots=sa.ABSENT, site_files=given, policy=EXTENDED)


def state(result: sa.Assessment, path: str) -> str:
    (found,) = [each for each in result.coverage if each.source == ORIGIN + path]
    return str(found.availability)


def training(result: sa.Assessment) -> tuple[str, str]:
    use = result.uses[sa.Use.TRAIN_GENERATIVE]
    return str(use.preference), str(use.decision)


def test_every_site_file_has_an_example_here() -> None:
    assert set(PATHS) == set(SAID)


@every_file
def test_the_file_itself_is_read(path: str) -> None:
    result = assess({path: SAID[path]})
    assert state(result, path) == "present"
    assert training(result) == ("disallow", "skip")


@every_file
@pytest.mark.parametrize("media", ["text/html", "text/plain", "application/json"])
@pytest.mark.parametrize(
    "before",
    [b"<!DOCTYPE html>", b"\n \t<html>", b"\xef\xbb\xbf<!doctype html>", b"<", b"<?xml?><x/>\n"],
    ids=["HTML", "blanks before it", "a byte order mark before it", "no more than <", "XML"],
)
def test_markup_in_its_place_is_no_file(path: str, before: bytes, media: str) -> None:
    capture = sa.Capture(
        ORIGIN + path, status=200, headers={"Content-Type": media}, body=before + SAID[path]
    )
    result = assess({path: capture})
    assert state(result, path) == "absent"
    assert training(result) == ("unknown", "ingest")
    assert "site-file-soft-404" in {note.code for note in result.notes}


@every_file
def test_the_content_type_alone_decides_nothing(path: str) -> None:
    capture = sa.Capture(
        ORIGIN + path, status=200, headers={"Content-Type": "text/html"}, body=SAID[path]
    )
    assert training(assess({path: capture})) == ("disallow", "skip")


PAIRS = [
    pair
    for pair in itertools.combinations(PATHS, 2)
    if pair[0].rsplit("/")[-1] != pair[1].rsplit("/")[-1]
]


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=" and ".join)
@pytest.mark.parametrize("body", sorted(set(SAID.values())), ids=lambda body: str(body)[2:12])
def test_the_same_octets_at_two_files_are_neither(one: str, other: str, body: bytes) -> None:
    result = assess({one: body, other: body})
    assert (state(result, one), state(result, other)) == ("absent", "absent")
    assert training(result) == ("unknown", "ingest")
    assert [note.code for note in result.notes].count("site-file-soft-404") == 2


def test_one_text_at_all_of_them_is_none_of_them() -> None:
    result = assess(dict.fromkeys(PATHS, b"User-Agent: *\nDisallow: /\ndatatrainingallowed=no\n"))
    assert {state(result, path) for path in PATHS} == {"absent"}


def test_the_two_places_of_one_file_may_hold_the_same() -> None:
    places = ("/trust.txt", "/.well-known/trust.txt")
    result = assess({path: SAID[path] for path in places})
    assert {state(result, path) for path in places} == {"present"}
    assert training(result) == ("disallow", "skip")


def test_empty_files_are_like_each_other_and_hold_nothing() -> None:
    result = assess(dict.fromkeys(("/ai.txt", "/trust.txt"), b""))
    assert training(result) == ("unknown", "ingest")


def test_a_soft_404_hides_no_other_file() -> None:
    page = b"<!doctype html><title>Not found</title>"
    result = assess(
        {
            "/ai.txt": page,
            "/.well-known/tdmrep.json": page,
            "/trust.txt": b"member=x\ndatatrainingallowed=no\n",
        }
    )
    assert training(result) == ("disallow", "skip")


@every_file
@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (404, "absent"),
        (410, "absent"),
        (403, "unavailable"),
        (429, "unreachable"),
        (500, "unreachable"),
    ],
)
def test_a_status_tells_how_looking_ended(path: str, status: int, expected: str) -> None:
    result = assess({path: sa.Capture(ORIGIN + path, status=status, body=SAID[path])})
    assert state(result, path) == expected
    assert training(result) == ("unknown", "ingest")


@every_file
def test_what_a_cap_cut_is_held(path: str) -> None:
    cut = sa.Capture(ORIGIN + path, status=200, body=SAID[path], truncated=True)
    result = assess({path: cut})
    assert state(result, path) == "unreadable"
    assert training(result) == ("unknown", "hold")


@every_file
def test_what_is_no_text_is_held(path: str) -> None:
    result = assess({path: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"})
    assert training(result) == ("unknown", "hold")
    assert str(result.uses[sa.Use.SEARCH].decision) == "ingest"
