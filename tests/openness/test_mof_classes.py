"""Classes of the Model Openness Framework: the algorithm, its table, real descriptions."""

import json
from pathlib import Path
from typing import Any

import pytest

from signals_agent.openness import MofClass, Openness, Status, of_file
from signals_agent.openness.components import PARTS
from signals_agent.openness.open_licences import FSF_LIBRE, MEANT_FOR, OPEN, OSI_APPROVED, known

GOLDEN = json.loads((Path(__file__).parent / "mot_golden.json").read_text("utf-8"))
"""What the Model Openness Tool says of its own test files (``Test_Data/expected_results.json``)."""
RANKS = {"3": 0, "2": 1, "1": 2}

# The class, and how many of the components that III, II and I require are included.
MODELS = {
    "Amber.yml": ("I", (6, 10, 14)),
    "Baichuan-1-13B.yml": ("none", (2, 4, 4)),
    "CPM-2.yml": ("none", (0, 0, 0)),
    "CodeFuse.yml": ("none", (1, 1, 1)),
    "CodeT5+-6B.yml": ("none", (0, 0, 0)),
    "DeBERTa.yml": ("none", (0, 0, 0)),
    "DeepSeek-V3.yml": ("none", (1, 2, 2)),
    "Falcon-180B.yml": ("none", (0, 0, 1)),
    "GPT-4o.yml": ("none", (1, 1, 2)),
    "Granite-20B-Code-Instruct.yml": ("III", (6, 6, 9)),
    "Granite-4.0-H-Tiny.yml": ("III", (6, 6, 6)),
    "HGRN2.yml": ("none", (0, 0, 0)),
    "Jamba.yml": ("none", (0, 0, 0)),
    "Llama-2-7B.yml": ("none", (0, 0, 0)),
    "Llama-3.1-8B-Instruct.yml": ("none", (0, 0, 0)),
    "Megalogon.yml": ("none", (0, 0, 0)),
    "Mistral-7B-Instruct-v0.2.yml": ("none", (4, 6, 7)),
    "NTT-Dialog.yml": ("none", (0, 0, 0)),
    "OPT.yml": ("none", (0, 0, 0)),
    "OpenELM-3B.yml": ("none", (0, 0, 0)),
    "PaLM-2.yml": ("none", (0, 0, 0)),
    "Plato-2.yml": ("none", (0, 0, 0)),
    "Pythia-2.8B.yml": ("I", (6, 10, 14)),
    "Qwen1.5-7B.yml": ("none", (0, 0, 0)),
    "RWKV-v4-World.yml": ("none", (2, 5, 5)),
    "Stable-Diffusion-v1-3.yml": ("none", (0, 0, 0)),
    "StellarX.yml": ("none", (0, 0, 0)),
    "UL2.yml": ("none", (0, 0, 0)),
    "Yayi-2.yml": ("none", (0, 0, 0)),
    "gemma-1.1-2b.yml": ("none", (0, 0, 0)),
    "japanese-large-lm-3.6b.yml": ("none", (0, 0, 0)),
}


def included(found: Openness) -> tuple[int, ...]:
    return tuple(len(each.required) - len(each.lacking) for each in found.progress)


def described(
    components: dict[str, Any], licences: dict[str, Any] | None = None, **more: Any
) -> Openness:
    """The openness of a model with these components, each with its licence if it has a key."""
    listed = [
        {"name": name} if licence is ... else {"name": name, "license": licence}
        for name, licence in components.items()
    ]
    document = {
        "framework": {"name": "Model Openness Framework", "version": "1.0", "date": "2024-12-15"},
        "release": {
            "name": "Skylark",
            "producer": "Lark Lab",
            "license": {key: {"name": name} for key, name in (licences or {}).items()},
            "components": listed,
        },
        **more,
    }
    return of_file(json.dumps(document).encode(), "skylark.json")


def of_class(rank: str, *, without: str = "") -> dict[str, Any]:
    """Every component that a class requires, but one."""
    ranks = {"III": ["III"], "II": ["III", "II"], "I": ["III", "II", "I"]}[rank]
    names = (part.name for part in PARTS if part.rank in ranks and part.required)
    return {name: ... for name in names if name != without}


def one(found: Openness, name: str) -> Any:
    return next(each for each in found.components if each.part.name == name)


@pytest.mark.parametrize("name", MODELS)
def test_a_published_description_has_its_class(real_data: Path, name: str) -> None:
    file = real_data / "mof" / "models" / name
    if not file.exists():
        pytest.skip("the descriptions of the Model Openness Tool are not on this machine")
    found = of_file(file.read_bytes(), name)
    assert (found.unreadable, found.description.notes) == ("", ())
    assert (found.mof_class.value, included(found)) == MODELS[name]
    assert found.open is (found.mof_class in (MofClass.I, MofClass.II))


def test_every_published_description_is_in_the_table(real_data: Path) -> None:
    folder = real_data / "mof" / "models"
    if not folder.is_dir():
        pytest.skip("the descriptions of the Model Openness Tool are not on this machine")
    assert {file.name for file in folder.iterdir()} == set(MODELS)


@pytest.mark.parametrize(
    "golden", GOLDEN, ids=[f"{at} {each['name']}" for at, each in enumerate(GOLDEN)]
)
def test_the_tool_says_the_same_of_its_own_test_files(golden: dict[str, Any]) -> None:
    components = {each[0]: each[1] if len(each) > 1 else ... for each in golden["components"]}
    found = described(components, golden["licences"])
    assert found.mof_class.value == golden["class"]
    lower = True
    for number, at in RANKS.items():
        progress = found.progress[at]
        # The tool counts a research paper once that stands in for the report as well.
        once = len(progress.stood_in) if number == "1" else 0
        share = 100 * (1 - len(progress.lacking) / (len(progress.required) - once))
        # The tool counts no further than the first class that is not reached.
        assert golden["progress"][number] == pytest.approx(share if lower else 0, abs=0.001)
        lower = progress.reached


def test_the_table_of_open_licences_is_that_of_the_tool(real_data: Path) -> None:
    files = [real_data / "mof" / name for name in ("licenses.json", "mof-licenses.json")]
    if not all(file.exists() for file in files):
        pytest.skip("the licence lists of the Model Openness Tool are not on this machine")
    listed: dict[str, Any] = {}
    for file in files:  # the second goes before the first
        listed |= {each["licenseId"]: each for each in json.loads(file.read_bytes())["licenses"]}
    assert {name for name, each in listed.items() if each.get("isOsiApproved")} == OSI_APPROVED
    assert {name for name, each in listed.items() if each.get("isFsfLibre")} == FSF_LIBRE
    for content, names in MEANT_FOR.items():
        meant = {
            name
            for name, each in listed.items()
            if content in ([held] if isinstance(held := each.get("ContentType", []), str) else held)
        }
        assert meant == names
    assert {name for name in OPEN if name not in listed} == set()


def test_there_are_seventeen_components_six_four_and_four_of_them_required() -> None:
    required = [part.rank for part in PARTS if part.required]
    assert len(PARTS) == 17
    assert [required.count(rank) for rank in ("III", "II", "I")] == [6, 4, 4]


@pytest.mark.parametrize("rank", ["III", "II", "I"])
def test_a_class_is_reached_with_all_that_it_requires_and_not_with_one_less(rank: str) -> None:
    assert described(of_class(rank), {"distribution": "MIT"}).mof_class == rank
    below = {"III": "none", "II": "III", "I": "II"}[rank]
    for part in PARTS:
        if part.rank == rank and part.required:
            found = described(of_class(rank, without=part.name), {"distribution": "MIT"})
            stands_in = rank == "I" and part.name == "Technical report"
            assert found.mof_class == (rank if stands_in else below), part.name
            assert (part.name in found.progress[RANKS[str(len(rank))]].lacking) is not stands_in


def test_a_higher_class_is_not_reached_without_a_lower_one() -> None:
    found = described(of_class("I", without="Data card"), {"distribution": "MIT"})
    assert found.mof_class is MofClass.NONE
    assert [each.lacking for each in found.progress] == [("Data card",)] * 3


@pytest.mark.parametrize("report", ["nowhere", "unlicensed", "Proprietary"])
def test_an_open_research_paper_stands_in_for_the_technical_report(report: str) -> None:
    components = of_class("III", without="Technical report") | {"Research paper": "CC-BY-4.0"}
    if report != "nowhere":
        components["Technical report"] = report
    found = described(components, {"distribution": "MIT"})
    assert found.mof_class is MofClass.III
    assert "the research paper stands in for it" in one(found, "Technical report").reason
    assert "Technical report" not in found.progress[0].lacking
    # Each class requires what it always does, and the counts of two models can be compared.
    assert [len(each.required) for each in found.progress] == [6, 10, 14]
    assert included(found) == (6, 6, 7)


def test_a_research_paper_that_is_not_open_stands_in_for_nothing() -> None:
    components = of_class("III", without="Technical report") | {"Research paper": "Proprietary"}
    found = described(components, {"distribution": "MIT"})
    assert found.mof_class is MofClass.NONE
    assert found.progress[0].lacking == ("Technical report",)


def test_class_one_asks_for_the_research_paper_itself() -> None:
    found = described(of_class("I", without="Research paper"), {"distribution": "MIT"})
    assert found.mof_class is MofClass.II
    assert found.progress[2].lacking == ("Research paper",)


FALL_BACK = {"distribution": "MIT", "data": "CDLA-Permissive-2.0"}


@pytest.mark.parametrize(
    ("name", "licence", "licences", "status", "found_in"),
    [
        pytest.param(*row[1:], id=row[0])
        for row in [
            ("its own licence goes first", "Datasets", "PDDL-1.0", FALL_BACK, "open", "component"),
            ("then that of its kind", "Datasets", ..., FALL_BACK, "open", "release.license.data"),
            (
                "then that of the whole release",
                "Model card",
                ...,
                FALL_BACK,
                "conditional",
                "release.license.distribution",
            ),
            (
                "null is as if it were not there",
                "Datasets",
                None,
                FALL_BACK,
                "open",
                "release.license.data",
            ),
            (
                "blank is none, and nothing stands in",
                "Datasets",
                "",
                FALL_BACK,
                "unlicensed",
                "component",
            ),
            ("so are spaces", "Datasets", "  ", FALL_BACK, "unlicensed", "component"),
            ("and so is the word", "Datasets", "unlicensed", FALL_BACK, "unlicensed", "component"),
            (
                "a blank licence of the kind is passed over",
                "Datasets",
                ...,
                {"data": "", "distribution": "MIT"},
                "conditional",
                "release.license.distribution",
            ),
            (
                "a licence of the kind that says there is none is not",
                "Datasets",
                ...,
                {"data": "unlicensed", "distribution": "MIT"},
                "unlicensed",
                "release.license.data",
            ),
            ("no licence anywhere", "Datasets", ..., {}, "unlicensed", ""),
            (
                "a licence of another kind is none",
                "Datasets",
                ...,
                {"code": "MIT"},
                "unlicensed",
                "",
            ),
            (
                "one that is not open is no reason to look further",
                "Datasets",
                "Proprietary",
                FALL_BACK,
                "invalid",
                "component",
            ),
            (
                "a yes is no licence, and no reason to look further",
                "Datasets",
                True,
                FALL_BACK,
                "invalid",
                "component",
            ),
            ("nor is a list", "Datasets", ["MIT"], FALL_BACK, "invalid", "component"),
            (
                "a mapping with a name is read",
                "Datasets",
                {"name": "PDDL-1.0"},
                {},
                "open",
                "component",
            ),
            (
                "code under a licence for code",
                "Training code",
                "Apache-2.0",
                {},
                "open",
                "component",
            ),
            (
                "data under a licence for code",
                "Datasets",
                "Apache-2.0",
                {},
                "conditional",
                "component",
            ),
            (
                "the GPL is open, though on no list for code",
                "Training code",
                "GPL-3.0-only",
                {},
                "conditional",
                "component",
            ),
            ("free to the FSF alone", "Training code", "Vim", {}, "conditional", "component"),
            ("open for data alone", "Datasets", "OGL-UK-3.0", {}, "conditional", "component"),
            ("made for models", "Model parameters (Final)", "OpenMDW-1.0", {}, "open", "component"),
            ("PDDL as the tool spells it", "Datasets", "ODC-PDDL-1.0", {}, "open", "component"),
            ("ids in any case", "Training code", "apache-2.0", {}, "open", "component"),
            (
                "meant for data, and yet not open",
                "Datasets",
                "C-UDA-1.0",
                {},
                "invalid",
                "component",
            ),
            ("no derivatives", "Datasets", "CC-BY-NC-ND-4.0", {}, "invalid", "component"),
            ("a name is no id", "Training code", "Apache 2.0", {}, "invalid", "component"),
        ]
    ],
)
def test_where_a_licence_is_found_and_what_it_comes_to(
    name: str, licence: Any, licences: dict[str, Any], status: str, found_in: str
) -> None:
    found = one(described({name: licence}, licences), name)
    assert (found.status.value, found.found_in) == (status, found_in)


def test_a_name_that_seems_to_stand_for_an_id_is_hinted_at() -> None:
    found = described({"Training code": "Apache License 2.0", "Inference code": "MIT license"})
    assert "if it is Apache-2.0, write that id" in one(found, "Training code").reason
    assert "if it is MIT, write that id" in one(found, "Inference code").reason


def test_a_component_that_stands_twice_is_as_the_worse_of_the_two() -> None:
    octets = b"release: {components: [%s]}"
    card = b"{name: Model card, license: CC-BY-4.0}", b"{name: Model card, license: Proprietary}"
    for order in (card, card[::-1]):
        found = of_file(octets % b", ".join(order), "x.yml")
        assert one(found, "Model card").status is Status.INVALID
        assert "openness-component-twice" in {note.code for note in found.description.notes}


def test_the_example_of_the_page_reads_as_it_says(root: Path) -> None:
    page = (root / "docs" / "openness.md").read_text("utf-8")
    found = of_file(page.partition("```yaml\n")[2].partition("```")[0].encode(), "example.yml")
    assert (found.unreadable, found.description.notes) == ("", ())
    licensed = {each.part.name: each.spdx for each in found.components if each.spdx}
    assert licensed == {
        "Model architecture": "Apache-2.0",
        "Model parameters (Final)": "CDLA-Permissive-2.0",
        "Research paper": "CC-BY-4.0",
    }
    assert {each.status for each in found.components} == {Status.OPEN, Status.MISSING}


def test_licences_are_known_by_their_ids() -> None:
    assert [known(each) for each in ("mit", " MIT ", "odc-pddl-1.0", "Proprietary", "")] == [
        "MIT",
        "MIT",
        "PDDL-1.0",
        None,
        None,
    ]
