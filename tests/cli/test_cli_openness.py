"""The command ``openness``."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from signals_agent.openness.components import PARTS

CLASS_TWO: dict[str, Any] = {
    "framework": {"name": "Model Openness Framework", "version": "1.0", "date": "2024-12-15"},
    "release": {
        "name": "Skylark-1B",
        "producer": "Lark Lab",
        "license": {"distribution": {"name": "Apache-2.0"}},
        "components": [
            {"name": part.name} for part in PARTS if part.required and part.rank in ("III", "II")
        ],
    },
}
LESS: dict[str, Any] = {
    **CLASS_TWO,
    "release": {**CLASS_TWO["release"], "license": {}},
}


def octets(document: Any) -> bytes:
    return json.dumps(document).encode()


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("document", "code", "first"),
    [
        (CLASS_TWO, 0, "class II (Open Tooling Model)  Skylark-1B"),
        (LESS, 1, "no class  Skylark-1B"),
        (
            {**LESS, "osaid": {"conformant": True, "evidence": "https://lark.example/osaid"}},
            0,
            "open as asserted, no class  Skylark-1B",
        ),
        ({**LESS, "osaid": {"conformant": True}}, 1, "no class  Skylark-1B"),
    ],
    ids=["class II", "less", "OSAID asserted with evidence", "OSAID asserted without"],
)
def test_the_exit_code_says_whether_it_is_open(
    run: Callable[..., Any], place: Path, document: Any, code: int, first: str
) -> None:
    (place / "model.mof.json").write_bytes(octets(document))
    done = run("openness", "model.mof.json")
    assert (done.code, done.err) == (code, "")
    assert done.out.splitlines()[0] == first
    assert max(map(len, done.out.splitlines())) <= 100
    assert "What counts is the system that you use" in done.out
    done = run("openness", "model.mof.json", "--format", "json")
    assert done.code == code
    told = json.loads(done.out)
    assert told["open"] is (code == 0)


def test_the_text_gives_each_component_its_reason(run: Callable[..., Any]) -> None:
    done = run("openness", "-", stdin=octets(CLASS_TWO))
    for said in (
        "from standard input, a description of the Model Openness Tool",
        "III Model architecture open the licence of the whole release, Apache-2.0, is open",
        "III Model parameters (Final) conditional the licence of the whole release, Apache-2.0, is",
        "open, though not one meant for data",
        "the other 7 of the 17 components are not listed",
        "class I, Open Science Model: 10 of 14; lacking: Datasets, Data preprocessing code,",
        "on condition: Model parameters (Final), Evaluation data should be",
        "OSAID 1.0: nobody asserts it in this file",
    ):
        assert said in flat(done.out)


def test_the_document_has_all_components_and_nothing_null(run: Callable[..., Any]) -> None:
    done = run("openness", "-", "--format", "json", stdin=octets(CLASS_TWO))
    told = json.loads(done.out)
    assert (told["schema"], told["class"], told["open"]) == ("signals-agent/openness/1", "II", True)
    assert list(told["components"]) == [part.name for part in PARTS]
    assert told["components"]["Training code"] == {
        "class": "II",
        "required": True,
        "content": "code",
        "status": "open",
        "reason": "the licence of the whole release, Apache-2.0, is open",
        "licence": "Apache-2.0",
        "found_in": "release.license.distribution",
        "spdx": "Apache-2.0",
    }
    assert told["classes"]["I"]["lacking"] == [
        "Datasets",
        "Data preprocessing code",
        "Model parameters (Intermediate)",
        "Research paper",
    ]
    assert told["conditional"] == ["Model parameters (Final)", "Evaluation data"]
    assert told["osaid"] == {
        "asserted": False,
        "counts": False,
        "reason": "nobody asserts it in this file",
    }
    assert "null" not in done.out
    assert done.out.isascii()


def test_a_card_says_that_it_cannot_tell(run: Callable[..., Any]) -> None:
    done = run("openness", "-", stdin=b"---\nlicense: apache-2.0\n---\n# Lark\n")
    assert done.code == 1
    for said in (
        "not shown to be open: a model card cannot tell the class",
        "a Hugging Face model card, a weaker source",
        "which class it is in, a card cannot tell",
        "III Model card open the licence in the front matter, Apache-2.0, is open",
        "of the other 15 a card does not say",
    ):
        assert said in flat(done.out)
    assert done.out.startswith("class not known  standard input\n")
    assert "no class" not in done.out
    card = b"---\nosaid: {conformant: true, evidence: 'https://lark.example/o'}\n---\n# Lark\n"
    done = run("openness", "-", stdin=card)
    assert done.code == 0
    assert done.out.startswith("open as asserted, class not known  standard input\n")


def test_what_is_wrong_stands_first_and_little_is_said_of_little(run: Callable[..., Any]) -> None:
    done = run("openness", "-", stdin=b"release: {name: X}\n")
    assert done.code == 1
    lines = done.out.splitlines()
    severities = [line.split()[0] for line in lines if "openness-" in line]
    assert severities == ["error", "error", "warning", "warning"]
    assert lines[4].startswith("error  openness-")
    assert "none of the 17 components is listed" in lines
    assert "no class requires it" not in done.out
    assert done.out.count("Model architecture") == 1
    assert "of 10; lacking besides: Training code," in flat(done.out)
    assert len(lines) <= 28


def test_of_many_mistakes_the_first_are_shown(run: Callable[..., Any]) -> None:
    release = {**CLASS_TWO["release"], **{f"odd{at}": "x" for at in range(14)}}
    done = run("openness", "-", stdin=octets({**CLASS_TWO, "release": release}))
    assert done.out.count("openness-unknown-field") == 10
    assert "and 4 more; --format json has them" in done.out.splitlines()


def test_what_no_class_requires_is_explained_once(run: Callable[..., Any]) -> None:
    listed = [*CLASS_TWO["release"]["components"], {"name": "Model metadata"}]
    release = {**CLASS_TWO["release"], "components": listed}
    done = run("openness", "-", stdin=octets({**CLASS_TWO, "release": release}))
    assert "Model metadata *" in done.out
    assert done.out.count("no class requires it") == 1


def test_a_report_that_a_paper_stands_in_for_has_a_row(run: Callable[..., Any]) -> None:
    parts = [{"name": "Research paper", "license": "CC-BY-4.0"}]
    release = {**CLASS_TWO["release"], "components": parts}
    said = flat(run("openness", "-", stdin=octets({**CLASS_TWO, "release": release})).out)
    assert "Technical report missing not listed; the research paper stands in for it" in said
    assert "the other 15 of the 17 components are not listed" in said


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("folder", None, "cannot read folder: Is a directory"),
        ("nowhere.yml", None, "cannot read nowhere.yml: No such file or directory"),
        ("x.yml", b"", "cannot judge x.yml: it is empty"),
        ("x.yml", b"a: 1", "it is no description of a model: it has no `release`"),
        ("x.yml", b"release: {", "it is no YAML"),
        ("x.yml", b"\xff\xfe\x00", "cannot judge x.yml: it is "),
        ("x.yml", b"#" * (3 << 20), "no description ends within 131072 octets"),
    ],
    ids=["a folder", "no file", "empty", "no model", "broken", "no text", "too long"],
)
def test_what_cannot_be_read_is_wrong_usage(
    run: Callable[..., Any], place: Path, name: str, content: bytes | None, said: str
) -> None:
    (place / "folder").mkdir()
    if content is not None:
        (place / name).write_bytes(content)
    done = run("openness", name, "--format", "json")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("signals-agent: ")
    assert said in done.err
    assert len(done.err.splitlines()) == 1


def test_what_a_file_says_cannot_steer_the_terminal(run: Callable[..., Any]) -> None:
    hostile = "\x1b[2J\u202e\r\n"
    release = {
        "name": f"Lark{hostile}",
        "producer": hostile + "x",
        hostile: 1,
        "license": {"distribution": {"name": f"MIT{hostile}x"}},
        "components": [{"name": "Model card"}, {"name": f"x{hostile}"}],
    }
    document = {"release": release, "osaid": {"conformant": True, "evidence": hostile + "x"}}
    done = run("openness", "-", stdin=octets(document))
    assert done.code == 1
    assert not {"\x1b", "\u202e", "\r"} & set(done.out)
    assert "\\e[2J" in done.out
    done = run("openness", "-", stdin=b"release: '\xe2\x80\xae" + b"\n")
    assert done.code == 2
    assert "\u202e" not in done.err


def test_it_runs_as_a_program_without_a_traceback(program: Callable[..., Any]) -> None:
    assert program("openness", "-", stdin=octets(CLASS_TWO)).code == 0
    done = program("openness", "-", stdin=b"\x00\x01\x02")
    assert done.code == 2
    assert "Traceback" not in done.err
