"""The documents: links resolve, rules that are cited have an address, pictures are true."""

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from signals_agent.families import FAMILIES
from signals_agent.version import VERSION

ROOT = Path(__file__).parents[1]
LEFT_OUT = {".git", ".venv", ".venv-lowest", ".pytest_cache", "node_modules", "build", "dist"}
DOCUMENTS = sorted(
    file
    for file in ROOT.rglob("*.md")
    if not LEFT_OUT & set(file.relative_to(ROOT).parts) and ".dist-info" not in str(file)
)
SOURCES = sorted((ROOT / "signals_agent").rglob("*.py"))
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")


def prose(file: Path) -> str:
    """A document without its code."""
    return re.sub(r"`[^`\n]*`", "", _FENCE.sub("", file.read_text("utf-8")))


@cache
def anchors(file: Path) -> frozenset[str]:
    """Every place in a document that a link can name."""
    text = _FENCE.sub("", file.read_text("utf-8"))
    found = set(re.findall(r'<a id="([^"]+)"></a>', text))
    for heading in re.findall(r"^#{1,6} +(.+?) *$", text, re.MULTILINE):
        words = re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower())
        found.add(words.replace(" ", "-"))
    return frozenset(found)


def links() -> list[tuple[Path, str]]:
    return [(file, target) for file in DOCUMENTS for target in _LINK.findall(prose(file))]


@pytest.mark.parametrize(
    ("file", "target"),
    [link for link in links() if not re.match(r"[a-z]+:", link[1])],
    ids=lambda value: str(value.relative_to(ROOT)) if isinstance(value, Path) else value,
)
def test_a_link_between_documents_resolves(file: Path, target: str) -> None:
    path, _, anchor = target.partition("#")
    aim = (file.parent / path).resolve() if path else file
    assert aim.exists(), f"{target} leads nowhere"
    if anchor:
        assert anchor in anchors(aim), f"{aim.name} has no place called {anchor}"


def test_there_are_links_to_check() -> None:
    assert len(links()) > 50


def test_links_to_the_web_are_secure() -> None:
    assert [target for _, target in links() if target.startswith("http:")] == []


def test_every_rule_that_the_code_cites_has_an_address() -> None:
    known = anchors(ROOT / "docs" / "rules.md")
    cited = {
        (number, file.relative_to(ROOT).as_posix())
        for file in SOURCES
        for number in re.findall(r"\bR(\d{1,2}[a-e]?)\b", file.read_text("utf-8"))
    }
    assert len(cited) > 20
    assert sorted((f"R{n}", where) for n, where in cited if f"r{n}" not in known) == []


def test_every_rule_that_a_document_cites_has_an_address() -> None:
    known = anchors(ROOT / "docs" / "rules.md")
    cited = {
        (number, file.name)
        for file in DOCUMENTS
        for number in re.findall(r"\bR(\d{1,2}[a-e]?)\b", prose(file))
    }
    assert sorted((f"R{n}", where) for n, where in cited if f"r{n}" not in known) == []


def test_the_rules_are_in_order_and_complete() -> None:
    found = re.findall(
        r'^<a id="(r\d+[a-e]?)"></a>\n### (R\d+[a-e]?)\. \S',
        (ROOT / "docs" / "rules.md").read_text("utf-8"),
        re.MULTILINE,
    )
    assert all(anchor == heading.lower() for anchor, heading in found)
    numbers = {int(re.sub(r"\D", "", anchor)) for anchor, _ in found}
    assert numbers == set(range(1, 40)) - {21}
    assert len(found) == len(set(found))


def test_note_codes_of_the_vectors_are_left_by_the_code() -> None:
    source = "\n".join(file.read_text("utf-8") for file in SOURCES)
    of_families = {code for family in FAMILIES for code in family.codes}
    named = set()
    for file in (ROOT / "fixtures" / "vectors").glob("*.toml"):
        for vector in tomllib.loads(file.read_text("utf-8"))["vector"]:
            named |= {*vector["expect"].get("notes", ()), *vector["expect"].get("not_notes", ())}
    assert len(named) > 8
    left = {code for code in named if f'"{code}"' in source} | of_families
    assert sorted(named - left) == []


def rooms() -> set[str]:
    """The modules and packages that stand directly in the package."""
    return {
        entry.stem
        for entry in (ROOT / "signals_agent").iterdir()
        if (entry.suffix == ".py" or (entry / "__init__.py").exists())
        and entry.stem not in {"__init__", "__main__"}
    }


def test_every_room_is_in_the_picture_of_the_house() -> None:
    picture = (ROOT / "ARCHITECTURE.md").read_text("utf-8").split("```")[3]
    drawn = set(re.findall(r"^  (\w+)(?:\.py|/) ", picture, re.MULTILINE)) - {"__init__"}
    assert drawn == rooms()


def test_every_room_has_its_place_among_the_arrows() -> None:
    drawn = (ROOT / "ARCHITECTURE.md").read_text("utf-8").split("## Arrows")[1].split("```")[1]
    arrows = [set(line.split(" | ")) for line in drawn.strip().splitlines()]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (layers,) = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    held = [set(re.findall(r"\w+", layer)) - {"__main__"} for layer in layers]
    assert arrows == [each for each in held if each]
    assert rooms() <= set().union(*held)


def test_the_changelog_knows_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.search(rf"^## \[{re.escape(VERSION)}\]", text, re.MULTILINE)
