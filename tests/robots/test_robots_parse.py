"""Octets to records: line ends, places, spellings, and what is not a robots.txt at all."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from protego import Protego, _protego

from signals_agent.model.note import Severity
from signals_agent.model.position import LinePosition
from signals_agent.robots import access, groups, keys, match
from signals_agent.robots.parse import (
    LONG_PATTERN,
    READ_AT_MOST,
    READ_TO,
    FileKind,
    Record,
    RobotsFile,
    parse,
    parse_cached,
)


def pairs(file: RobotsFile) -> list[tuple[str, bytes]]:
    return [(record.key, record.value) for record in file.records]


def codes(file: RobotsFile) -> list[str]:
    return [note.code for note in file.notes]


@pytest.mark.parametrize(
    ("line", "key", "value"),
    [
        pytest.param(b"Disallow: /a", "disallow", b"/a", id="as it should be"),
        pytest.param(b" \tDisallow \t:\t /a \t", "disallow", b"/a", id="white space anywhere"),
        pytest.param(b"DISALLOW:/a", "disallow", b"/a", id="in capitals and without a space"),
        pytest.param(b"Disallow: /a # why", "disallow", b"/a", id="a comment ends the value"),
        pytest.param(b"Disallow: /a#b", "disallow", b"/a", id="also without a space before it"),
        pytest.param(b"Disallow: /a b", "disallow", b"/a b", id="a space inside stays"),
        pytest.param(b"Disallow: /a:b", "disallow", b"/a:b", id="a colon inside stays"),
        pytest.param(b"Disallow:", "disallow", b"", id="no value"),
        pytest.param(b"Disallow: # all is free", "disallow", b"", id="nothing but a comment"),
        pytest.param(b"Disallow /a", "disallow", b"/a", id="the colon is missing"),
        pytest.param(b"Disallow /a:b", "disallow", b"/a:b", id="missing, and one in the value"),
        pytest.param(b"Disallow", "disallow", b"", id="nothing but the key"),
        pytest.param(b"Dissallow: /a", "disallow", b"/a", id="dissallow"),
        pytest.param(b"dissalow: /a", "disallow", b"/a", id="dissalow"),
        pytest.param(b"Disalow: /a", "disallow", b"/a", id="disalow"),
        pytest.param(b"Diasllow: /a", "disallow", b"/a", id="diasllow"),
        pytest.param(b"Disallaw: /a", "disallow", b"/a", id="disallaw"),
        pytest.param(b"Useragent: a", "user-agent", b"a", id="useragent"),
        pytest.param(b"User agent: a", "user-agent", b"a", id="user agent"),
        pytest.param(b"User agent a", "user-agent", b"a", id="user agent without a colon"),
        pytest.param(b"User \t agent a", "user-agent", b"a", id="with more between the words"),
        pytest.param(b"Crawl delay 5", "crawl-delay", b"5", id="crawl delay without a colon"),
        pytest.param(b"Sitemaps: http://x/", "sitemap", b"http://x/", id="sitemaps"),
        pytest.param(b"Site-map http://x/", "sitemap", b"http://x/", id="site-map, no colon"),
        pytest.param(b"Content-Usage: /a train-ai=n", "content-usage", b"/a train-ai=n", id="cu"),
        pytest.param(b"CONTENT-SIGNAL:search=yes", "content-signal", b"search=yes", id="signal"),
        pytest.param(b"Content-signals: a=yes", "content-signals", b"a=yes", id="plural is kept"),
        pytest.param(b"license: https://x/", "license", b"https://x/", id="license"),
        pytest.param(b"No Index: /a", "no index", b"/a", id="an unknown key, lower-cased"),
        pytest.param(b"\xc2\xa0Disallow\xc2\xa0:\xc2\xa0/a\xc2\xa0", "disallow", b"/a", id="NBSP"),
        pytest.param(b"Disallow:\xa0/a", "disallow", b"/a", id="a Latin-1 no-break space"),
        pytest.param(b"\xef\xbb\xbfDisallow: /a", "disallow", b"/a", id="a byte order mark"),
        pytest.param(b"\x00Disallow\x00: /a\x00", "disallow", b"/a", id="NULs at the ends"),
        pytest.param(b"Allow: /a\x00", "allow", b"/a\x00", id="but an Allow keeps its NUL"),
        pytest.param(b"Disallow: /a\x00b", "disallow", b"/a\x00b", id="a NUL inside survives"),
        pytest.param(b"Disallow: /\xff\xfe", "disallow", b"/\xff\xfe", id="invalid UTF-8 survives"),
        pytest.param(b"Disallow: /a\x0b\x0c\xc2\x85b", "disallow", b"/a\x0b\x0c\xc2\x85b", id="VT"),
    ],
)
def test_a_line_becomes_a_record(line: bytes, key: str, value: bytes) -> None:
    body = b"User-agent: *\n" + line + b"\nAllow: /z"
    (record,) = parse(body).records[1:-1]
    assert (record.line, record.key, record.value, record.octets) == (2, key, value, line)
    if value:
        assert line[record.column - 1 :].startswith(value)
    else:
        assert record.column == len(line) + 1


@pytest.mark.parametrize(
    "line",
    [
        b"# Disallow: /a",
        b"",
        b" \t ",
        b"Disallow/a",
        b"Please disallow: not me ",
        b": /a",
        b"hello",
    ],
)
def test_what_is_no_rule_becomes_none(line: bytes) -> None:
    keys_found = {record.key for record in parse(b"User-agent: *\n" + line).records}
    assert "disallow" not in keys_found
    assert "" not in keys_found


def test_the_key_as_written_is_kept() -> None:
    written = [r.key_as_written for r in parse(b"USER-agent: *\nUser  agent b\nFoo:x").records]
    assert written == [b"USER-agent", b"User  agent", b"Foo"]


def test_every_spelling_that_protego_reads_is_read() -> None:
    aliases = {
        "user-agent": _protego._USER_AGENT_DIRECTIVE,
        "disallow": _protego._DISALLOW_DIRECTIVE,
        "allow": _protego._ALLOW_DIRECTIVE,
        "crawl-delay": _protego._CRAWL_DELAY_DIRECTIVE,
        "sitemap": _protego._SITEMAP_DIRECTIVE,
    }
    for key, spellings in aliases.items():
        for spelling in spellings:
            for line in (f"{spelling}: x", f"{spelling.upper()} x"):
                (record,) = parse(line.encode()).records
                assert (record.key, record.value) == (key, b"x"), line


FORGIVEN = "robots-spelling-forgiven"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        pytest.param(b"Dissallow: /a", [FORGIVEN], id="a slip is noted"),
        pytest.param(b"Disallow /a", [FORGIVEN], id="a missing colon is noted"),
        pytest.param(b"Disalow: /a\nDisalow: /b\nDisallow /c", [FORGIVEN], id="once for a key"),
        pytest.param(b"DISALLOW : /a", [], id="case and space are no slips"),
        pytest.param(b"Content-Usage train-ai=n", ["robots-colon-missing"], id="declares nothing"),
        pytest.param(
            b"Content-Usage a=n; b: c", ["robots-colon-missing"], id="nor with a late one"
        ),
        pytest.param(b"License MIT\nLicense BSD", ["robots-colon-missing"], id="once for a file"),
        pytest.param(b"Licensed: MIT", [], id="another word is another key"),
    ],
)
def test_what_is_forgiven_and_what_is_not_leaves_a_note(line: bytes, found: list[str]) -> None:
    file = parse(b"User-agent: *\n" + line)
    assert codes(file) == found
    assert all(note.position == LinePosition(2, 1) for note in file.notes)


LINES = [b"User-agent: *", b"", b"Disallow: /a#x", b"  Allow:  /b ", b"Content-Usage: a=n", b""]


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"], ids=["LF", "CR", "CRLF"])
def test_three_line_ends_give_the_same_records(end: bytes) -> None:
    assert parse(end.join(LINES)).records == parse(b"\n".join(LINES)).records
    assert [record.line for record in parse(end.join(LINES)).records] == [1, 3, 4, 5]


def test_lf_before_cr_is_two_ends() -> None:
    assert [r.line for r in parse(b"User-agent: *\n\rDisallow: /").records] == [1, 3]


@pytest.mark.parametrize("other", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028"])
def test_nothing_else_ends_a_line(other: str) -> None:
    file = parse(f"User-agent: *\nDisallow: /a{other}Disallow: /b".encode())
    assert len(file.records) == 2


def test_a_byte_order_mark_is_dropped_and_still_counts_in_columns() -> None:
    body = b"\xef\xbb\xbfUser-agent: *\nDisallow: /"
    first, second = parse(body).records
    assert (first.key, first.value, first.column) == ("user-agent", b"*", 16)
    assert (second.line, second.column) == (2, 11)
    assert body[first.column - 1 :].startswith(b"*")


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
    ],
    ids=["little-endian", "big-endian", "little-endian without a mark", "big-endian without"],
)
def test_utf_16_is_transcoded_with_a_note(encoding: str, mark: bytes) -> None:
    text = "User-agent: *\r\nDisallow: /\u00e9\r\n"
    file = parse(mark + text.encode(encoding))
    assert pairs(file) == [("user-agent", b"*"), ("disallow", "/\u00e9".encode())]
    assert codes(file) == ["robots-utf16"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param(b"", FileKind.EMPTY, id="nothing"),
        pytest.param(b"\xef\xbb\xbf\r\n \t\n", FileKind.EMPTY, id="blank"),
        pytest.param(b"# nothing here\n", FileKind.ROBOTS, id="a comment alone"),
        pytest.param(b"Content-Usage: train-ai=n", FileKind.ROBOTS, id="a line before any group"),
        pytest.param(b"\n <!DOCTYPE html><p>Disallow: /", FileKind.HTML, id="HTML"),
        pytest.param(b"<html>\nDisallow: /\nOur agents help you", FileKind.HTML, id="with agents"),
        pytest.param(b"<?xml version='1.0'?><Error/>", FileKind.HTML, id="XML"),
        pytest.param(b"<pre>\nUser-agent: *\nDisallow: /\n", FileKind.ROBOTS, id="rules in HTML"),
        pytest.param(b"\x1f\x8b\x08\x00\x00", FileKind.BINARY, id="gzip"),
        pytest.param(b"%PDF-1.7 user agents", FileKind.BINARY, id="PDF"),
        pytest.param(b"\x01\x02\x03\x00abc\n", FileKind.BINARY, id="NULs and nothing else"),
        pytest.param(b"\x00\x00\x00User-agent: *\nDisallow: /", FileKind.ROBOTS, id="padded"),
        pytest.param(
            b'{"error": "not found"}', FileKind.ROBOTS, id="JSON, of which no line counts"
        ),
    ],
)
def test_what_kind_of_file_it_is(body: bytes, kind: FileKind) -> None:
    file = parse(body)
    assert file.kind is kind
    other = kind in (FileKind.HTML, FileKind.BINARY)
    assert codes(file) == (["robots-not-robots"] if other else [])
    if kind is not FileKind.ROBOTS:
        assert file.records == ()


@pytest.mark.parametrize(
    ("octet", "kind"),
    [(b"<", FileKind.HTML), (b"\x00", FileKind.BINARY), (b"a", FileKind.ROBOTS)],
)
def test_a_document_without_a_line_end_is_known_by_its_beginning(
    octet: bytes, kind: FileKind
) -> None:
    assert parse(octet * (READ_AT_MOST + 1)).kind is kind


RULE = b"Disallow: /0123456789\n"


def test_every_whole_line_that_begins_before_the_cap_is_read() -> None:
    count = READ_TO // len(RULE) + 100
    file = parse(b"User-agent: *\n" + RULE * count + b"Disallow: /last")
    last = file.records[-1]
    begins = len(b"User-agent: *\n") + (len(file.records) - 2) * len(RULE)
    assert last.value == b"/0123456789"
    assert begins < READ_TO <= begins + len(RULE)
    assert file.truncated
    (note,) = file.notes
    assert (note.code, note.severity) == ("robots-over-cap", Severity.WARNING)
    assert note.position == LinePosition(last.line + 1, 1)


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"], ids=["LF", "CR", "CRLF"])
@pytest.mark.parametrize("spare", range(-3, 4))
def test_the_cap_falls_anywhere_about_a_line_end(end: bytes, spare: int) -> None:
    start = b"User-agent: *" + end
    first = b"Disallow: /" + b"a" * (READ_TO - len(start) - len(end) - 11 + spare)
    file = parse(start + first + end + b"Disallow: /b" + end + b"Disallow: /c")
    values = [record.value for record in file.records]
    assert values[:2] == [b"*", first[10:]]
    # The second begins before the cap only where the first leaves it an octet.
    assert values[2:] == ([b"/b"] if spare < 0 else [])
    assert file.truncated


def test_a_file_that_ends_with_the_line_at_the_cap_is_whole() -> None:
    body = b"User-agent: *\nDisallow: /" + b"a" * READ_TO
    for whole in (body, body + b"\r\n"):
        file = parse(whole)
        assert len(file.records[-1].value) == READ_TO + 1
        assert not file.truncated
        assert "robots-over-cap" not in codes(file)


def test_one_line_of_ten_megabytes_holds_no_record() -> None:
    file = parse(b"Disallow: /" + b"a" * 10_000_000)
    assert (file.records, file.truncated, codes(file)) == ((), True, ["robots-over-cap"])


def test_a_line_that_does_not_end_leaves_those_before_it() -> None:
    file = parse(b"User-agent: *\nDisallow: /a\nDisallow: /" + b"b" * READ_AT_MOST)
    assert pairs(file) == [("user-agent", b"*"), ("disallow", b"/a")]
    assert file.notes[0].position == LinePosition(3, 1)


def test_the_last_line_of_a_cut_file_is_not_read() -> None:
    body = b"User-agent: *\nDisallow: /a\nAllow: /long/pa"
    assert [r.value for r in parse(body, cut=True).records] == [b"*", b"/a"]
    assert parse(body, cut=True).truncated
    assert [r.value for r in parse_cached(body, cut=True).records] == [b"*", b"/a"]
    assert parse_cached(body).records == parse(body).records
    assert not parse(body).truncated


def test_a_long_pattern_is_kept_whole_with_a_note() -> None:
    path = b"/" + b"a" * LONG_PATTERN
    file = parse(b"User-agent: *\nDisallow: " + path + b"\nDisallow: " + path + b"b")
    assert file.records[1].value == path
    assert [(n.code, n.position) for n in file.notes] == [
        ("robots-pattern-over-cap", LinePosition(2, 11))
    ]


def test_a_file_is_parsed_once() -> None:
    small, large = b"User-agent: *\n", b"User-agent: *\n" * 10_000
    for body in (small, large):
        assert parse_cached(body) is parse_cached(bytes(bytearray(body)))


FRAGMENTS = st.sampled_from(
    (
        b"User-agent|user agent|Disallow|Allow|dissallow|Content-Usage|License|Sitemap|:|: | |\t|#|"
        b"*|$|/|/a|/b/c|%41|%2F|%|a=n|\r|\n|\r\n|\x00|\xff|\xc2\xa0|\xef\xbb\xbf"
    ).split(b"|")
)
BODIES = st.one_of(st.binary(max_size=300), st.lists(FRAGMENTS, max_size=60).map(b"".join))


@given(BODIES)
def test_any_octets_are_read_and_every_place_is_true(body: bytes) -> None:
    file = parse(body)
    if "robots-utf16" in codes(file):
        return
    lines = re.split(rb"\r\n|\r|\n", body)
    for record in file.records:
        line = lines[record.line - 1]
        assert record.octets == line
        at = record.column - 1
        assert line[at : at + len(record.value)] == record.value
        assert record.value or at == len(line)
        assert record.key_as_written in line
        assert record.key


@given(BODIES, st.sampled_from([b"\r", b"\r\n"]))
def test_line_ends_make_no_difference(body: bytes, end: bytes) -> None:
    body = body.replace(b"\r", b" ")
    if "robots-utf16" in codes(parse(body)) or "robots-utf16" in codes(
        parse(body.replace(b"\n", end))
    ):
        return
    assert parse(body.replace(b"\n", end)).records == parse(body).records


LINE_PARTS = st.sampled_from(
    [
        *("disallow", "Dissalow", "disal", "low", "allow", ":", ": ", " ", "\t", "/x", "/", "x"),
        *("y", "#", "*", "crawl", "-delay", "user", "agent", "\u00a0", "\ufeff", "\u3000", "\x00"),
    ]
)


@given(st.lists(LINE_PARTS, max_size=8).map("".join))
@example("disallow\u00a0: /x")
@example("Disallow /x")
def test_what_protego_refuses_is_never_lost_to_the_reading_of_a_line(line: str) -> None:
    text = f"User-agent: *\n{line}\n"
    file = parse(text.encode())
    group = groups.choose(file, ("ExampleBot",), groups.Reading.AIPREF)
    whole = Protego.parse(text)
    for path in ("/", "/x", "/xy", "/y"):
        if not whole.can_fetch("http://site" + path, "ExampleBot"):
            assert not access.decide(group, match.target(path)).allowed, (line, path)


def test_the_first_look_at_keys_agrees_with_the_second() -> None:
    for written, key in keys.USUAL.items():
        found = keys.split(written + b": x", len(written))
        assert found == (key, written, len(written) + 1, False)


def test_a_record_is_a_value() -> None:
    record = Record(1, 2, "allow", b"/", b"Allow: /", b"Allow")
    assert record == Record(1, 2, "allow", b"/", b"Allow: /", b"Allow")
    assert len({record, record}) == 1
