"""Lists of URLs: every kind of input, what is told of it, and what it costs."""

import gzip
import io
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals_agent import url as urls
from signals_agent.errors import ConfigError, MissingExtra, UsageError
from signals_agent.sources import lists, parquet
from signals_agent.sources.listed import Listed, Told
from signals_agent.sources.shards import Shard, shard

A, B, C = "https://a.example/", "https://b.example/x", "https://c.example/y?z=1"


def listed(
    path: Path, name: str, octets: bytes, column: str | None = None
) -> tuple[list[str], Told, list[Listed]]:
    file = path / name
    file.write_bytes(octets)
    told = Told()
    found = list(lists.read([str(file)], column=column, told=told))
    return [each.url for each in found], told, found


def sentences(told: Told) -> list[str]:
    return [f"{each.line}: {each.what}" for each in told.skipped]


TABLE = [
    ("plain text has one a line", "l.txt", f"{A}\n{B}\n{C}\n", [A, B, C]),
    ("comments and blank lines are passed over", "l.txt", f"# one\n\n{A}  # a\n \n{B}", [A, B]),
    ("a fragment is no comment", "l.txt", "https://a.example/#top\n", [A]),
    ("lines may end in CR LF", "l.txt", f"{A}\r\n{B}\r\n", [A, B]),
    ("lines may end in CR", "l.txt", f"{A}\r{B}\r", [A, B]),
    ("a byte order mark is no part of the URL", "l.txt", f"\ufeff{A}\n", [A]),
    ("a bare host is https", "l.txt", "a.example\n", [A]),
    ("a bare host with its root dot is a host", "l.txt", "a.example.\n", ["https://a.example./"]),
    (
        "a bare host may have a port and a path",
        "l.txt",
        "a.example:8443/x\n",
        ["https://a.example:8443/x"],
    ),
    ("a URL without scheme is https", "l.txt", "//a.example\n", [A]),
    ("an IPv4 address is a host", "l.txt", "192.0.2.1/x\n", ["https://192.0.2.1/x"]),
    (
        "international names become A-labels",
        "l.txt",
        "https://müller.example/ü\nпример.рф\n",
        ["https://xn--mller-kva.example/%C3%BC", "https://xn--e1afmkfd.xn--p1ai/"],
    ),
    (
        "names with combining marks are hosts",
        "l.txt",
        "उदाहरण.परीक्षा\n",
        ["https://xn--p1b6ci4b4b3a.xn--11b5bs3a9aj6g/"],
    ),
    ("a table names its column", "l.csv", f"id,URL,title\n1,{A},x\n2,{B},y\n", [A, B]),
    (
        "a column may be quoted and hold commas",
        "l.csv",
        f'title,url\n"a, ""b""\nc",{A}\nd,"{B}"\n',
        [A, B],
    ),
    ("semicolons set cells apart too", "l.csv", f"id;url\n1;{A}\n", [A]),
    ("a table without names is known by content", "l.csv", f"1,{A}\n2,{B}\n", [A, B]),
    ("ranks before hosts are known by content", "l.csv", "1,a.example\n2,b.example/x\n", [A, B]),
    ("a name we do not know is passed over", "l.csv", f"Adresse,Titel\n{A},x\n{B},y\n", [A, B]),
    ("URLs go before file names", "l.csv", f"x.html,{A}\ny.html,{B}\n", [A, B]),
    ("one column needs no delimiter", "l.csv", f"url\n{A}\n", [A]),
    (
        "commas in URLs without names stay in them",
        "l.csv",
        "https://a.example/1,2\nhttps://a.example/3\n",
        ["https://a.example/1,2", "https://a.example/3"],
    ),
    ("tabs set cells apart", "l.tsv", f"n\turl\n1\t{A}\n", [A]),
    (
        "a mark that never closes loses nothing",
        "l.csv",
        f'url,t\n{A},"x\n{B},y\n{C},z\n',
        [A, B, C],
    ),
    ("a mark within a cell is itself", "l.csv", f'url,t\n{A},5" x\n{B},y\n', [A, B]),
    ("JSONL has url", "l.jsonl", f'{{"url": "{A}"}}\n{{"URL": "{B}", "x": 1}}\n', [A, B]),
    ("JSONL may be texts", "l.ndjson", f'"{A}"\n"{B}"\n', [A, B]),
    (
        "a sitemap has loc",
        "s.xml",
        (
            f"<urlset><url><loc> {A} </loc><lastmod>x</lastmod></url>"
            f"<url><loc>https://c.example/y?z=1&amp;a</loc></url></urlset>"
        ),
        [A, C + "&a"],
    ),
    (
        "images are not entries",
        "s.xml",
        (
            "<urlset xmlns:i='http://www.google.com/schemas/sitemap-image/1.1'>"
            f"<url><i:image><i:loc>{B}</i:loc></i:image><i:loc>{B}</i:loc><loc>{A}</loc></url></urlset>"
        ),
        [A],
    ),
    ("text is known without an ending", "list", f"{A}\n{B}\n", [A, B]),
    ("a table is known by its first line", "list", f"id,url\n1,{A}\n", [A]),
    ("a table without names is known too", "list", f"1\t{A}\n2\t{B}\n", [A, B]),
    ("JSONL is known by its first octet", "list", f'{{"url":"{A}"}}\n', [A]),
    (
        "a sitemap is known by its first octet",
        "list",
        f"\n<urlset><url><loc>{A}</loc></url></urlset>",
        [A],
    ),
    (
        "a URL with a comma is plain text",
        "list",
        "https://a.example/1,https\n",
        ["https://a.example/1,https"],
    ),
    ("nothing is nothing", "l.txt", "", []),
    ("a table of nothing is nothing", "l.csv", "\n\n", []),
]


@pytest.mark.parametrize("zipped", [False, True], ids=["as it is", "in gzip"])
@pytest.mark.parametrize(
    ("name", "text", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_every_kind_gives_its_urls(
    tmp_path: Path, name: str, text: str, expected: list[str], zipped: bool
) -> None:
    octets = gzip.compress(text.encode()) if zipped else text.encode()
    found, told, _ = listed(tmp_path, name + ".gz" * zipped, octets)
    assert found == expected
    assert (told.listed, told.skipped.count, told.lost.count) == (len(expected), 0, 0)


SKIPPED = [
    ("words are no URL", "l.txt", f"hello\n{A}\n", "1: no URL: 'hello'"),
    ("several words are told", "l.txt", f"{B} x\n{A}\n", f"1: more than one word: '{B} x'"),
    (
        "two URLs in a cell are told",
        "l.csv",
        f'url\n"{B} {C}"\n{A}\n',
        f"2: more than one URL: '{B} {C}'",
    ),
    (
        "other schemes are told",
        "l.txt",
        f"ftp://x.example\n{A}",
        "1: no http or https URL: 'ftp://x.example'",
    ),
    (
        "mail addresses are told",
        "l.txt",
        f"me@x.example\n{A}",
        "1: no URL, but perhaps a mail address: 'x.example'",
    ),
    (
        "a port that is none is told",
        "l.txt",
        f"https://x.example:99999\n{A}",
        "1: no URL: 'https://x.example:99999'",
    ),
    (
        "passwords are not shown",
        "l.txt",
        f"https://u:secret@x y/\n{A}",
        "1: more than one word: 'https://x y/'",
    ),
    (
        "JSON that is none is told",
        "l.jsonl",
        f'{{"url"\n{{"url":"{A}"}}',
        "1: no JSON: Expecting ':' delimiter: line 2 column 1 (char 7)",
    ),
    (
        "JSON that nests is told",
        "l.jsonl",
        "[" * 100_000 + f'\n{{"url":"{A}"}}',
        "1: no JSON: nests too deep",
    ),
    (
        "JSON without a URL is told",
        "l.jsonl",
        f'{{"a":1}}\n{{"url":"{A}"}}',
        "1: no member among url, uri, link, loc, ... that holds a URL",
    ),
    (
        "a URL that is no text is told",
        "l.jsonl",
        f'{{"url":[1]}}\n{{"url":"{A}"}}',
        "1: its URL is no text",
    ),
    (
        "half a character is told",
        "l.jsonl",
        f'{{"url":"https://x.example/\\ud800"}}\n"{A}"',
        "1: half of a character: 'https://x.example/\\u{d800}'",
    ),
    (
        "a control character is told",
        "l.jsonl",
        f'{{"url":"https://x.example/\\u0007"}}\n"{A}"',
        "1: a control character: 'https://x.example/\\x07'",
    ),
    (
        "an empty cell is told",
        "l.csv",
        f"t,url\nx,\ny,{A}\n",
        "2: nothing in column 2, that of the URLs",
    ),
    (
        "too many cells are told",
        "l.csv",
        f"t,url\nx,{B},c\ny,{A}\n",
        "2: 3 cells in a table of 2 columns",
    ),
    (
        "an entry without a URL is told",
        "s.xml",
        f"<urlset><url/><url><loc>{A}</loc></url></urlset>",
        "1: an entry without a URL",
    ),
    (
        "an overlong line is told",
        "l.txt",
        "x" * 1_000_001 + f"\n{A}\n",
        "1: longer than 1000000 characters",
    ),
    (
        "an overlong URL is told",
        "l.txt",
        B + "x" * 70_000 + f"\n{A}\n",
        "1: longer than 65536 characters, which no server answers",
    ),
]


@pytest.mark.parametrize(
    ("name", "text", "said"), [row[1:] for row in SKIPPED], ids=[row[0] for row in SKIPPED]
)
def test_what_is_no_url_is_told_and_the_rest_is_read(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    found, told, _ = listed(tmp_path, name, text.encode())
    assert found == [A]
    assert sentences(told) == [said]


def test_octets_that_are_no_utf_8_are_one_lines_fault(tmp_path: Path) -> None:
    found, told, _ = listed(tmp_path, "l.txt", b"https://x.example/\xfc\n" + A.encode())
    assert found == [A]
    assert sentences(told) == ["1: octets that are no UTF-8: 'https://x.example/\\xfc'"]
    assert str(told.skipped.first[0]).startswith(str(tmp_path / "l.txt") + " line 1: ")


def test_twenty_are_kept_and_all_are_counted(tmp_path: Path) -> None:
    _, told, _ = listed(tmp_path, "l.txt", b"nothing\n" * 50)
    assert (told.skipped.count, len(list(told.skipped))) == (50, 20)


LOST = [
    (
        "UTF-16 is told",
        "l.txt",
        A.encode("utf-16"),
        [],
        "UTF-16 or other octets that are no text in UTF-8",
    ),
    (
        "a table without URLs is told",
        "l.csv",
        b"a,b\n1,2\n",
        [],
        "no column named url, and none that holds URLs; its first line has: a, b",
    ),
    (
        "gzip that is cut is read up to there",
        "l.txt.gz",
        gzip.compress(A.encode() + b"\n")[:-4],
        [A],
        "gzip that is cut short; read up to there",
    ),
    (
        "XML that is no sitemap is told",
        "s.xml",
        b"<rss></rss>",
        [],
        "XML, but no sitemap: its first element is 'rss'",
    ),
    (
        "XML that breaks off is read up to there",
        "s.xml",
        f"<urlset><url><loc>{A}</loc></url><url><loc>".encode(),
        [A],
        "no whole sitemap: no element found: line 1, column 58; read up to entry 2",
    ),
    ("an empty file is no sitemap", "s.xml", b"", [], "no whole sitemap: it is empty"),
    (
        "entities are refused",
        "s.xml",
        b'<!DOCTYPE u [<!ENTITY a "b">]><urlset/>',
        [],
        "no whole sitemap: its document type has declarations of its own",
    ),
    (
        "a late document type is refused",
        "s.xml",
        b"<!--" + b"x" * 70_000 + b'--><!DOCTYPE u [<!ENTITY a "b">]><urlset/>',
        [],
        "no whole sitemap: no element begins in its first 65536 octets",
    ),
    (
        "a huge tag is refused",
        "s.xml",
        b"<urlset a='" + b"x" * 2_000_000 + b"'/>",
        [],
        "no whole sitemap: no element begins in its first 65536 octets",
    ),
    (
        "a huge tag within is refused",
        "s.xml",
        f"<urlset><url><loc>{A}</loc></url><x a='".encode() + b"x" * 2_000_000 + b"'/></urlset>",
        [A],
        "no whole sitemap: a tag of more than 1048576 octets; read up to entry 1",
    ),
    (
        "UTF-16 is no sitemap",
        "s.xml",
        "<urlset/>".encode("utf-16-le"),
        [],
        "UTF-16 or other octets that are no text in UTF-8",
    ),
]


@pytest.mark.parametrize(
    ("name", "octets", "expected", "said"), [row[1:] for row in LOST], ids=[row[0] for row in LOST]
)
def test_an_input_that_cannot_be_read_is_told_and_the_next_is_read(
    tmp_path: Path, name: str, octets: bytes, expected: list[str], said: str
) -> None:
    (tmp_path / name).write_bytes(octets)
    (tmp_path / "next.txt").write_text(C)
    told = Told()
    paths = [str(tmp_path / name), str(tmp_path / "next.txt")]
    found = [each.url for each in lists.read(paths, told=told)]
    assert found == [*expected, C]
    assert [each.what for each in told.lost] == [said]


def test_one_bare_ampersand_does_not_lose_the_rest_of_a_sitemap(tmp_path: Path) -> None:
    urls_ = [f"https://a.example/?n={n}" for n in range(9000)]
    urls_[10] += "&b=1"
    urls_[20] += "&amp;b=1"
    entries = "\n".join(f"<url><loc>{each}</loc></url>" for each in urls_)
    found, told, _ = listed(tmp_path, "s.xml", f"<urlset>{entries}</urlset>".encode())
    assert found == [each.replace("&amp;", "&") for each in urls_]
    assert told.duplicates == 0
    assert [each.what.partition("; ")[2] for each in told.lost] == [
        "read up to entry 11, and 8990 behind it by their tags alone"
    ]


def test_a_last_line_that_is_cut_with_its_gzip_is_no_url(tmp_path: Path) -> None:
    whole = "".join(f"https://a.example/{n * 7919}\n" for n in range(5000)).encode()
    found, told, _ = listed(tmp_path, "l.gz", gzip.compress(whole)[:9000])
    assert 100 < len(found) < 5000
    assert set(found) <= set(whole.decode().split())
    assert told.lost.count == 1


def test_damaged_gzip_is_read_up_to_the_damage(tmp_path: Path) -> None:
    whole = "".join(f"https://a.example/{n * 7919}\n" for n in range(50_000)).encode()
    octets = bytearray(gzip.compress(whole))
    octets[len(octets) // 2 : len(octets) // 2 + 40] = b"\xff" * 40
    _, told, _ = listed(tmp_path, "l.gz", bytes(octets))
    assert told.listed > 1000
    assert told.lost.count == 1


def test_gzip_in_several_members_is_read_whole(tmp_path: Path) -> None:
    octets = b"".join(gzip.compress(f"{each}\n".encode()) for each in (A, B, C)) + b"\0" * 100
    found, told, _ = listed(tmp_path, "l.txt.gz", octets)
    assert (found, told.lost.count) == ([A, B, C], 0)


def test_a_gzip_bomb_ends(tmp_path: Path) -> None:
    bomb = gzip.compress(A.encode() + b"\n" + b"\n" * 50_000_000)
    found, told, _ = listed(tmp_path, "l.txt.gz", bomb)
    assert found == [A]
    assert [each.what for each in told.lost] == [
        "gzip that unfolds to more than 100 times its size; read up to there"
    ]


def test_a_column_is_named_or_numbered(tmp_path: Path) -> None:
    table = f"url,other,more\n{B},{C},x\n".encode()
    assert listed(tmp_path, "l.csv", table, "other")[0] == [C]
    assert listed(tmp_path, "l.csv", f"{B},{C}\n{A},{C}x\n".encode(), "2")[0] == [C, C + "x"]
    told = listed(tmp_path, "l.csv", table, "absent")[1]
    assert [each.what for each in told.lost] == [
        "no column absent with URLs; its first line has: url, other, more"
    ]
    rows = json.dumps({"url": A, "meta": {"url": B}}).encode()
    assert listed(tmp_path, "l.jsonl", rows, "meta.url")[0] == [B]


def test_duplicates_and_variants_are_folded_and_counted_apart(tmp_path: Path) -> None:
    spellings = [A, A, "HTTPS://A.example:443", "https://a.example/./#x", "a.example", B]
    found, told, all_ = listed(tmp_path, "l.txt", "\n".join(spellings).encode())
    assert found == [A, B]
    assert (told.duplicates, told.variants, told.folded, told.bare) == (1, 3, 4, 1)
    assert [(each.origin, each.host, each.line) for each in all_] == [
        ("https://a.example", "a.example", 1),
        ("https://b.example", "b.example", 6),
    ]


def test_schemes_ports_and_queries_are_not_folded(tmp_path: Path) -> None:
    kept = ["http://a.example/", A, "https://a.example:8443/", "https://a.example/?"]
    assert listed(tmp_path, "l.txt", "\n".join(kept).encode())[1].folded <= 1
    assert listed(tmp_path, "l.txt", "\n".join(kept[:3]).encode())[0] == kept[:3]


def test_inputs_are_read_in_order_and_folded_together(tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_text(f"{A}\n{B}\n")
    told = Told()
    stdin = io.BytesIO(f'{{"url": "{B}"}}\n{{"url": "{C}"}}\n'.encode())
    found = list(lists.read([str(tmp_path / "1.txt"), "-"], stdin=stdin, told=told))
    assert [(each.url, each.input, each.line) for each in found] == [
        (A, str(tmp_path / "1.txt"), 1),
        (B, str(tmp_path / "1.txt"), 2),
        (C, "standard input", 2),
    ]
    assert told.duplicates == 1
    assert not stdin.closed


def test_an_index_reads_the_sitemaps_beside_it_and_tells_the_others(tmp_path: Path) -> None:
    names = ["one.xml.gz", "sub/two.xml", "gone.xml", "..%2Fsecret.xml", "index.xml", "notes.txt"]
    (tmp_path / "secret.xml").write_text(f"<urlset><url><loc>{C}</loc></url></urlset>")
    folder = tmp_path / "maps"
    folder.mkdir()
    entries = "".join(f"<sitemap><loc>https://x.example/{n}</loc></sitemap>" for n in names)
    (folder / "index.xml").write_text(f"<sitemapindex>{entries}</sitemapindex>")
    (folder / "one.xml.gz").write_bytes(
        gzip.compress(f"<urlset><url><loc>{A}</loc></url></urlset>".encode())
    )
    (folder / "two.xml").write_text(f"<urlset><url><loc>{B}</loc></url></urlset>")
    (folder / "notes.txt").write_text(C)
    told = Told()
    found = list(lists.read([str(folder / "index.xml")], told=told))
    assert [each.url for each in found] == [A, B]
    assert found[0].input == str(folder / "one.xml.gz")
    assert [each.what for each in told.not_fetched] == [
        f"names the sitemap 'https://x.example/{name}', which is no file beside it and not fetched"
        for name in ("gone.xml", "..%2Fsecret.xml")
    ]
    assert [each.what for each in told.lost] == [
        "named by an index of sitemaps, and no sitemap in XML"
    ]


@pytest.mark.parametrize("name", ["absent.txt", "."], ids=["a file that is not there", "a folder"])
def test_a_file_that_cannot_be_is_refused_before_anything_is_read(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "good.txt").write_text(A)
    with pytest.raises(ConfigError, match="cannot read"):
        lists.read([str(tmp_path / "good.txt"), str(tmp_path / name)])


@pytest.mark.parametrize(
    "inputs", [["-", "-"], [""], "urls.txt", ["a\0b"]], ids=["twice stdin", "empty", "text", "NUL"]
)
def test_inputs_that_cannot_be_are_refused(inputs: list[str]) -> None:
    with pytest.raises(UsageError):
        lists.read(inputs)


def test_a_url_for_an_input_is_explained() -> None:
    with pytest.raises(ConfigError, match="a URL is written into a file"):
        lists.read([A])


def test_a_source_that_fails_midway_is_told(tmp_path: Path) -> None:
    class Failing(io.BytesIO):
        def read1(self, size: int | None = -1, /) -> bytes:
            piece = super().read1(size)
            if not piece:
                raise OSError(5, "Input/output error")
            return piece

    told = Told()
    (tmp_path / "next.txt").write_text(C)
    stdin = Failing(f"{A}\nhttps://cut.exam".encode())
    found = list(lists.read(["-", str(tmp_path / "next.txt")], stdin=stdin, told=told))
    assert [each.url for each in found] == [A, C]
    assert [each.what for each in told.lost] == ["cannot be read any further: Input/output error"]


def test_parquet_without_its_library_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.parquet", None)
    (tmp_path / "x").write_bytes(parquet.MAGIC)
    with pytest.raises(MissingExtra, match=r"pip install 'signals-agent\[parquet\]'"):
        lists.read([str(tmp_path / "x")])


@pytest.mark.parametrize("name", ["url", "strange"], ids=["by name", "by content"])
def test_parquet_gives_its_column(tmp_path: Path, name: str) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install pyarrow")
    pq = pytest.importorskip("pyarrow.parquet", reason="Parquet is read with pyarrow")
    table = pyarrow.table({"n": [1, 2, 3], "t": ["x", "y", "z"], name: [A, None, B]})
    file = tmp_path / "l.parquet"
    pq.write_table(table, file)
    told = Told()
    assert [(each.url, each.line) for each in lists.read([str(file)], told=told)] == [
        (A, 1),
        (B, 3),
    ]
    assert sentences(told) == ["2: an empty cell"]
    file.write_bytes(file.read_bytes()[:-20])
    told = Told()
    assert list(lists.read([str(file)], told=told)) == []
    assert told.lost.count == 1
    told = Told()
    assert list(lists.read(["-"], stdin=_Pipe(parquet.MAGIC), told=told)) == []
    assert told.lost.count == 1


class _Pipe(io.BytesIO):
    def seekable(self) -> bool:
        return False


HOSTS = st.from_regex(r"[a-z]{1,4}\.(example|test)", fullmatch=True)
URLS = st.builds(
    lambda scheme, host, path: f"{scheme}://{host}/{path}",
    st.sampled_from(["http", "https", "HTTPS"]),
    HOSTS,
    st.sampled_from(["", "a", "./a", "b#c", "%7Ea", "?q"]),
)


def _streamed(lines: list[str], part: Shard | None = None) -> tuple[list[str], Told]:
    told = Told()
    stdin = io.BytesIO("\n".join(lines).encode())
    return [each.url for each in lists.read(["-"], stdin=stdin, shard=part, told=told)], told


@given(st.lists(URLS))
def test_folding_keeps_the_first_of_each_normal_form(lines: list[str]) -> None:
    found, told = _streamed(lines)
    assert found == list(dict.fromkeys(urls.parse(each).text for each in lines))
    assert told.listed + told.folded == len(lines)
    repeated = {}
    for each in lines:
        repeated.setdefault(urls.parse(each).text, each)
    firsts = list(repeated.values())
    assert told.duplicates == sum(lines.count(each) - 1 for each in firsts)


@given(st.lists(URLS), st.integers(1, 7))
def test_shards_partition_a_list_by_host(lines: list[str], of: int) -> None:
    whole, _ = _streamed(lines)
    parts = [_streamed(lines, Shard(index, of)) for index in range(1, of + 1)]
    assert sorted(whole) == sorted(each for found, _ in parts for each in found)
    hosts = [{urls.parse(each).host for each in found} for found, _ in parts]
    assert sum(map(len, hosts)) == len(set().union(*hosts))
    assert all(
        told.listed + told.folded + told.elsewhere + told.skipped.count == len(lines)
        for _, told in parts
    )


@settings(max_examples=200)
@given(
    st.binary(max_size=300), st.sampled_from(["l.txt", "l.csv", "l.tsv", "l.jsonl", "s.xml", "l"])
)
def test_no_octets_raise(
    tmp_path_factory: pytest.TempPathFactory, octets: bytes, name: str
) -> None:
    if octets.startswith(parquet.MAGIC):
        return
    file = tmp_path_factory.getbasetemp() / name
    for each in (octets, b"\x1f\x8b" + octets, gzip.compress(octets)):
        file.write_bytes(each)
        list(lists.read([str(file)]))


@given(st.lists(st.text('ab",\n\r', max_size=6), max_size=6), st.integers(0, 6))
def test_no_quotation_mark_loses_the_lines_behind_it(before: list[str], at: int) -> None:
    lines = [each.replace("\r", "").replace("\n", "") for each in before]
    lines.insert(min(at, len(lines)), f"x,{A}")
    quoted = [each for each in lines if each.count('"') == 0]
    octets = ("t,url\n" + "\n".join(quoted) + f'\n"open,{B}\nx,{C}\n').encode()
    told = Told()
    found = [each.url for each in lists.read(["-"], stdin=io.BytesIO(octets), told=told)]
    assert {A, C} <= set(found)


def test_marks_that_never_close_do_not_swallow_one_another(tmp_path: Path) -> None:
    octets = f'url,t\n"{B},x\n"{C},x\n{A},"y\n{A}2,z\n{A}3,"q"\n'.encode()
    found, told, _ = listed(tmp_path, "l.csv", octets)
    assert found == [A, A + "2", A + "3"]
    assert [each.line for each in told.skipped] == [2, 3]


def test_shards_are_stable() -> None:
    assert [
        next(n for n in range(1, 9) if Shard(n, 8).holds(host))
        for host in ("example.org", "example.com", "xn--mller-kva.de")
    ] == [7, 6, 3]


@pytest.mark.parametrize("text", ["0/8", "9/8", "3", "a/b", "1/0", "-1/2", "1/2/3", "", "٣/٨"])
def test_a_shard_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="shard"):
        shard(text)


def test_a_shard_reads_as_it_is_written() -> None:
    assert str(shard(" 3/8 ")) == "3/8"


class _Endless(io.RawIOBase):
    """Lines that are made as they are read."""

    def __init__(self, count: int, head: bytes, line: str, tail: bytes) -> None:
        self._pieces: Iterator[bytes] = iter(
            [head, *()] if count == 0 else self._made(count, head, line, tail)
        )

    @staticmethod
    def _made(count: int, head: bytes, line: str, tail: bytes) -> Iterator[bytes]:
        yield head or b"\n"
        for first in range(0, count, 500):
            yield "".join(line.format(n=n, h=n % 977) for n in range(first, first + 500)).encode()
        yield tail or b"\n"

    def readable(self) -> bool:
        return True

    def read1(self, size: int = -1) -> bytes:
        del size
        return next(self._pieces, b"")


def _peak(count: int, head: bytes, line: str, tail: bytes) -> int:
    tracemalloc.start()
    try:
        stream = _Endless(count, head, line, tail)
        found = sum(1 for _ in lists.read(["-"], stdin=stream))  # type: ignore[arg-type]  # it has read1
        assert found == count
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("head", "line", "tail", "count"),
    [
        (b"", "https://h{h}.example/{n}\n", b"", 200_000),
        (b"<urlset>", "<url><loc>https://h{h}.example/{n}</loc></url>", b"</urlset>", 50_000),
    ],
    ids=["plain text", "a sitemap"],
)
def test_a_long_list_takes_no_more_memory_than_ten_thousand_lines(
    head: bytes, line: str, tail: bytes, count: int
) -> None:
    few = _peak(10_000, head, line, tail)
    many = _peak(count, head, line, tail)
    assert many < few * 1.2
