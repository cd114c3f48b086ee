"""The reader of the preference manifest: one file, no dependencies, a source by its URL."""

import json
import pickle
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
import travelling
from hypothesis import given
from hypothesis import strategies as st

from signals_agent import preference_manifest, url
from signals_agent.errors import InvalidURL
from signals_agent.model.attribution import Attribution
from signals_agent.model.citation import cite, line
from signals_agent.preference_manifest import Manifest, NotAManifest, Source

RAIN = "https://fenwiki.example/rain"
RAIN_TEXT = (
    "\u201cRainfall at Fenwick\u201d, by Ada Fen, in Fenwiki, https://fenwiki.example/rain, "
    "CC BY-SA 4.0 (https://creativecommons.org/licenses/by-sa/4.0/)"
)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder with the manifest of a small corpus."""
    with travelling.held(travelling.LIST, tmp_path) as holdings:
        return travelling.manifest(holdings, tmp_path / "corpus")


def found(manifest: Manifest, sought: str) -> Source:
    source = manifest.find(sought)
    assert source is not None
    return source


def write(folder: Path, lines: list[str], **more: object) -> Path:
    """A manifest made by hand; its lines as they are."""
    folder.mkdir(exist_ok=True)
    octets = "".join(each + "\n" for each in lines).encode()
    (folder / "sources.jsonl").write_bytes(octets)
    document = {
        "schema": "signals-agent/preferences/1",
        "obligations": [],
        "sets": [],
        "sources": {
            "file": "sources.jsonl",
            "bytes": len(octets),
            "sha256": sha256(octets).hexdigest(),
        },
        **more,
    }
    (folder / "preferences.json").write_text(json.dumps(document), "utf-8")
    return folder


def test_a_source_is_found_with_all_that_is_known_of_it(corpus: Path) -> None:
    with Manifest.open(corpus) as manifest:
        source = found(manifest, "https://press.example/a")
        assert (source.set, source.marked) == ("research-only", "Research-Only")
        assert source.licences == ("CC-BY-NC-ND-4.0",)
        assert source.party["name"] == "press.example"
        kinds = {each["kind"] for each in source.obligations}
        assert kinds == {"credit", "non-commercial", "no-derivatives"}
        assert all(each["to"] == source.party for each in source.obligations)
        assert manifest.obligations("https://press.example/a") == source.obligations
        assert (manifest.name, manifest.version) == ("fen-corpus", "1.2.0")
        assert found(manifest, RAIN).marked is None


def test_what_is_not_in_the_corpus_is_not_found(corpus: Path) -> None:
    with Manifest.open(corpus / "preferences.json") as manifest:
        for sought in (
            "https://nowhere.example/",
            "",
            "no URL",
            "https://fenwiki.example/rai",
            "~",
        ):
            assert manifest.find(sought) is None
            assert manifest.citation(sought) is None
            assert manifest.obligations(sought) == ()


def test_the_credit_line_in_each_style(corpus: Path) -> None:
    with Manifest.open(corpus) as manifest:
        by_sa = "https://creativecommons.org/licenses/by-sa/4.0/"
        assert manifest.citation(RAIN, changes="shortened") == (
            f"[Rainfall at Fenwick](<{RAIN}>), by Ada Fen, in Fenwiki, [CC BY-SA 4.0](<{by_sa}>). "
            "Changes: shortened."
        )
        assert manifest.citation(RAIN, "html") == (
            f'<a href="{RAIN}">Rainfall at Fenwick</a>, by Ada Fen, in Fenwiki, '
            f'<a href="{by_sa}">CC BY-SA 4.0</a>'
        )
        assert manifest.citation(RAIN, "text") == RAIN_TEXT
        facts = json.loads(manifest.citation(RAIN, "json") or "")
        assert (facts["title"], facts["creators"], facts["url"]) == (
            "Rainfall at Fenwick",
            ["Ada Fen"],
            RAIN,
        )
        with pytest.raises(ValueError, match=r"accepted: markdown, html, text, json"):
            manifest.citation(RAIN, "chicago")


def test_a_source_that_asks_for_no_credit_is_named_by_its_link(corpus: Path) -> None:
    blog = "https://blog.example/x"
    with Manifest.open(corpus) as manifest:
        assert found(manifest, blog).credit is None
        bare = Attribution(url=blog, text="")
        bare = replace(bare, text=line(bare))
        for style in ("markdown", "html", "text"):
            assert manifest.citation(blog, style) == cite(bare, style)


def test_a_source_on_two_terms_is_credited_on_both(tmp_path: Path) -> None:
    rows = "url,licence,title\nhttps://a.example/x,CC-BY-4.0,X\nhttps://a.example/x,MIT,X\n"
    with travelling.held(rows, tmp_path) as holdings:
        folder = travelling.manifest(holdings, tmp_path / "corpus")
    with Manifest.open(folder) as manifest:
        both = manifest.find_all("https://a.example/x")
        assert {each.licences for each in both} == {("CC-BY-4.0",), ("MIT",)}
        said = manifest.citation("https://a.example/x", "text")
        assert said is not None
        assert "CC BY 4.0" in said
        assert "MIT" in said
        assert {each["kind"] for each in manifest.obligations("https://a.example/x")} == {
            "credit",
            "notice",
        }
        assert len(json.loads(manifest.citation("https://a.example/x", "json") or "")["also"]) == 1


@pytest.mark.parametrize(
    "spelling",
    [
        pytest.param(RAIN + "#amounts", id="with a fragment"),
        pytest.param("HTTPS://FenWiki.Example/rain", id="host and scheme in capitals"),
        pytest.param("https://fenwiki.example:443/rain", id="with the default port"),
        pytest.param(RAIN + "/", id="with a slash at its end"),
        pytest.param(f"  {RAIN}\n", id="with blanks around it"),
        pytest.param("https://ada:secret@fenwiki.example/rain", id="with a user and a password"),
        pytest.param("https://fenwiki.example/fog/../rain", id="with a way up"),
        pytest.param(RAIN + "?", id="with an empty query"),
    ],
)
def test_a_source_is_found_in_another_spelling(corpus: Path, spelling: str) -> None:
    with Manifest.open(corpus) as manifest:
        assert found(manifest, spelling).url == RAIN


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("http://fenwiki.example/rain", id="another scheme"),
        pytest.param("https://fenwiki.example:8443/rain", id="another port"),
        pytest.param("https://fenwiki.example/Rain", id="another path"),
        pytest.param("https://fenwiki.example/rain?page=2", id="another query"),
        pytest.param("https://www.fenwiki.example/rain", id="another host"),
    ],
)
def test_another_source_is_not_taken_for_it(corpus: Path, other: str) -> None:
    with Manifest.open(corpus) as manifest:
        assert manifest.find(other) is None


PATHS = st.text(st.sampled_from("aZ09/.%2eE~-_'\"<>^`{}|\\[]@:;=+$&!*(), \u00e9\u4e2d\U0001f426?"))


@given(
    host=st.sampled_from(["a.example", "A.Example", "b\u00fccher.example", "127.0.0.1", "[::1]"]),
    port=st.sampled_from(["", ":443", ":8443", ":"]),
    path=PATHS,
)
def test_a_url_is_found_as_browsers_write_it(host: str, port: str, path: str) -> None:
    written = f"https://{host}{port}/{path}"
    try:
        normal = url.parse(written).text
    except InvalidURL:
        return
    assert normal in set(preference_manifest._spellings(written))


@given(st.text())
def test_any_text_may_be_looked_for(sought: str) -> None:
    assert next(preference_manifest._spellings(sought)) == sought
    list(preference_manifest._spellings("https://" + sought))


@given(
    urls=st.sets(
        st.text(st.sampled_from('ab/\u00e9\ufb01\U0001f426"\\\x1f'), max_size=6), max_size=40
    ),
    padding=st.sampled_from([0, 3, 900, 1100, 5000, 20_000]),
    sought=st.text(st.sampled_from("ab/\u00e9\ufb01"), max_size=4),
    ascii_only=st.booleans(),
)
def test_each_source_is_found_wherever_it_stands(
    tmp_path_factory: pytest.TempPathFactory,
    urls: set[str],
    padding: int,
    sought: str,
    ascii_only: bool,
) -> None:
    ordered = sorted(urls, key=lambda each: each.encode())
    lines = [
        # Every third line is longer.
        json.dumps(
            {"url": each, "x": "x" * (padding * (n % 3))},
            ensure_ascii=ascii_only,
            separators=(",", ":"),
        )
        for n, each in enumerate(ordered)
    ]
    folder = write(tmp_path_factory.mktemp("manifest"), lines)
    with Manifest.open(folder) as manifest:
        assert [each.url for each in manifest] == ordered
        for each in ordered:
            assert [one.url for one in manifest.find_all(each)] == [each]
        assert bool(list(manifest._lines_of(sought))) == (sought in urls)


def test_a_file_without_a_line_feed_at_its_end_is_read_to_its_end(tmp_path: Path) -> None:
    lines = ['{"url":"a"}', '{"url": "b"}', '{"x":1,"url":"c"}']
    folder = write(tmp_path / "corpus", lines)
    octets = (folder / "sources.jsonl").read_bytes().rstrip(b"\n")
    write(folder, lines, sources={"file": "sources.jsonl"})
    (folder / "sources.jsonl").write_bytes(octets)
    with Manifest.open(folder) as manifest:
        assert [found(manifest, each).url for each in "abc"] == ["a", "b", "c"]


def test_many_threads_share_one_manifest(tmp_path: Path) -> None:
    urls = [f"https://a.example/{number:05}" for number in range(3000)]
    folder = write(tmp_path / "corpus", [json.dumps({"url": each}) for each in urls])
    with Manifest.open(folder) as manifest, ThreadPoolExecutor(8) as pool:
        sources = list(pool.map(manifest.find, urls * 3))
    assert [each.url for each in sources if each is not None] == urls * 3


def test_without_pread_it_reads_all_the_same(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("os.pread")
    with Manifest.open(corpus) as manifest:
        assert manifest.citation(RAIN, "text") == RAIN_TEXT
        manifest.verify()


def test_it_crosses_to_another_process(corpus: Path) -> None:
    with Manifest.open(corpus) as manifest, pickle.loads(pickle.dumps(manifest)) as copy:
        assert copy.citation(RAIN) == manifest.citation(RAIN)


def test_a_closed_manifest_says_so(corpus: Path) -> None:
    manifest = Manifest.open(corpus)
    manifest.close()
    manifest.close()
    with pytest.raises(ValueError, match="the manifest is closed"):
        manifest.find(RAIN)


def test_both_files_can_be_verified(corpus: Path) -> None:
    with Manifest.open(corpus) as manifest:
        manifest.verify()


def changed(path: Path, old: bytes, new: bytes) -> None:
    octets = path.read_bytes()
    assert len(old) == len(new)
    assert octets.count(old) >= 1
    path.write_bytes(octets.replace(old, new, 1))


@pytest.mark.parametrize("file", ["preferences.json", "sources.jsonl"])
def test_what_was_changed_does_not_verify(corpus: Path, file: str) -> None:
    changed(corpus / file, b"press.example", b"fress.example")
    with (
        Manifest.open(corpus) as manifest,
        pytest.raises(NotAManifest, match="SHA-256 differs") as e,
    ):
        manifest.verify()
    assert file in str(e.value)


def test_a_seal_that_is_made_up_does_not_verify(corpus: Path) -> None:
    path = corpus / "preferences.json"
    document = json.loads(path.read_bytes())
    path.write_text(json.dumps({**document, "name": "another"}, indent=2), "utf-8")
    with Manifest.open(corpus) as manifest, pytest.raises(NotAManifest, match="SHA-256 differs"):
        manifest.verify()


@pytest.mark.parametrize(
    ("document", "said"),
    [
        pytest.param(None, "there is no preference manifest at", id="nothing there"),
        pytest.param(b"<html>", "it is not JSON", id="no JSON"),
        pytest.param(b"[" * 100_000, "it is not JSON", id="JSON without an end"),
        pytest.param(b"[]", "it names no schema", id="another kind of JSON"),
        pytest.param(
            b'{"schema": "signals-agent/credits/1"}',
            "its schema is 'signals-agent/credits/1'",
            id="another document of ours",
        ),
        pytest.param(
            b'{"schema": "signals-agent/preferences/x"}', "its schema is", id="no such version"
        ),
        pytest.param(
            b'{"schema": "signals-agent/preferences/1"}',
            "names no file of sources",
            id="no sources",
        ),
        pytest.param(
            b'{"schema": "signals-agent/preferences/7"}', "take a newer copy", id="far too new"
        ),
        pytest.param(
            b'{"schema": "signals-agent/preferences/1", "sources": {"file": "../../etc/passwd"}}',
            "names no file of sources",
            id="sources outside the folder",
        ),
        pytest.param(
            b'{"schema": "signals-agent/preferences/1", "sources": {"file": "sources.jsonl"}}',
            "travel together",
            id="sources that did not travel along",
        ),
    ],
)
def test_what_is_no_manifest_is_refused_in_a_sentence(
    tmp_path: Path, document: bytes | None, said: str
) -> None:
    if document is not None:
        (tmp_path / "preferences.json").write_bytes(document)
    with pytest.raises(NotAManifest, match=said) as raised:
        Manifest.open(tmp_path)
    assert "preferences.json" in str(raised.value)


def test_sources_that_were_cut_are_refused(corpus: Path) -> None:
    octets = (corpus / "sources.jsonl").read_bytes()
    (corpus / "sources.jsonl").write_bytes(octets[:-40])
    with pytest.raises(NotAManifest, match="it was cut or changed"):
        Manifest.open(corpus)


def test_a_broken_line_says_so(tmp_path: Path) -> None:
    folder = write(tmp_path / "corpus", ['{"url":"a","owed":[7]}', '{"url":"b","party":', "b"])
    with Manifest.open(folder) as manifest:
        for sought in ("a", "b"):
            with pytest.raises(NotAManifest, match="cannot be read"):
                manifest.find(sought)


def test_a_newer_manifest_is_read_as_far_as_it_is_alike(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "corpus",
        ['{"url":"a","owed":[0],"party":{"name":"A"},"dance":"tango","credit":{"text":"A."}}'],
        schema="signals-agent/preferences/2",
        obligations=[{"kind": "dance", "text": "Dance.", "to": [{"name": "A", "assets": 1}]}],
        dances=["tango"],
    )
    with Manifest.open(folder) as manifest:
        assert manifest.newer
        assert manifest.obligations("a") == (
            {"kind": "dance", "text": "Dance.", "to": {"name": "A"}},
        )
        assert manifest.citation("a", "text") == "A."


ALONE = """
import sys
from preference_manifest import Manifest
manifest = Manifest.open(sys.argv[1])
print(manifest.citation(sys.argv[2], "text"))
print(*sorted(name for name in sys.modules if "site-packages" in str(
    getattr(sys.modules[name], "__file__", ""))))
"""


def test_a_copy_of_it_works_alone(corpus: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(preference_manifest.__file__, alone / "preference_manifest.py")
    # -I leaves the folder of the program out, so the program takes it in itself.
    script = f"import sys; sys.path.insert(0, {str(alone)!r})\n{ALONE}"
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-W", "error", "-c", script, str(corpus), RAIN],
        capture_output=True,
        cwd=alone,
        check=True,
        env={"PYTHONIOENCODING": "utf-8", "PATH": ""},
        encoding="utf-8",
    )
    assert ran.stdout.splitlines() == [RAIN_TEXT, ""]


def test_importing_it_from_the_package_loads_nothing_else() -> None:
    script = (
        "import sys; before = set(sys.modules); import signals_agent.preference_manifest; "
        "after = set(sys.modules) - before; "
        "print(*sorted(n for n in after if n.split('.')[0] not in sys.stdlib_module_names))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    assert ran.stdout.split() == ["signals_agent", "signals_agent.preference_manifest"]
