"""Results for machines: JSON, JSON lines, and their schema."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from signals_agent import report
from signals_agent.model.assessment import SCHEMA, Assessment
from signals_agent.report.json import schema, schema_text

SHIPPED = Path(__file__).parents[2] / "signals_agent" / "schema" / "assessment-1.json"


def nulls(value: Any, place: str = "") -> list[str]:
    """Where a JSON value holds null."""
    if value is None:
        return [place]
    if isinstance(value, dict):
        return [found for key, each in value.items() for found in nulls(each, f"{place}/{key}")]
    if isinstance(value, list):
        return [found for n, each in enumerate(value) for found in nulls(each, f"{place}/{n}")]
    return []


@pytest.fixture
def every(
    silent: Assessment,
    conditional: Assessment,
    refused: Assessment,
    undetermined: Assessment,
    hostile: Assessment,
) -> list[Assessment]:
    return [silent, conditional, refused, undetermined, hostile]


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_json_is_one_document_whatever_the_number_of_results(
    every: list[Assessment], count: int
) -> None:
    document = json.loads(report.render("json", every[:count]))
    assert set(document) == {"schema", "results"}
    assert document["schema"] == SCHEMA
    assert document["results"] == [each.model_dump(mode="json") for each in every[:count]]


def test_jsonl_is_one_result_a_line_each_with_its_schema(every: list[Assessment]) -> None:
    lines = report.render("jsonl", every).splitlines()
    assert [json.loads(line) for line in lines] == [each.model_dump(mode="json") for each in every]
    assert {json.loads(line)["schema"] for line in lines} == {SCHEMA}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a caf\u00e9 \u2028 \U0001f600", id="beyond ASCII"),
        pytest.param("half a pair \ud83d", id="half a surrogate pair"),
        pytest.param('\x00 \x1b \x7f " \\ / \n \t', id="controls"),
    ],
)
def test_a_line_of_jsonl_is_written_as_python_writes_it(silent: Assessment, text: str) -> None:
    result = silent.model_copy(update={"vocabulary": text})
    plain = json.dumps(result.model_dump(mode="json"), separators=(",", ":"))
    assert report.render("jsonl", [result]) == plain + "\n"
    assert plain.isprintable()


def test_nothing_is_null_and_times_are_rfc_3339(every: list[Assessment]) -> None:
    document = json.loads(report.render("json", every))
    assert nulls(document) == []
    assert {result["checked_at"] for result in document["results"]} == {"2026-11-01T12:30:59Z"}


def test_a_result_reads_back_from_what_was_written(every: list[Assessment]) -> None:
    for each in every:
        again = Assessment.model_validate_json(report.render("jsonl", [each]))
        assert again.declarations == each.declarations
        assert again.model_dump(mode="json") == each.model_dump(mode="json")


@pytest.mark.tools
def test_the_shipped_schema_is_the_one_that_the_models_give() -> None:
    assert SHIPPED.read_text("utf-8") == schema_text(), "run: make docs"


@pytest.mark.tools
def test_every_result_fits_the_schema(every: list[Assessment]) -> None:
    validator = jsonschema.Draft202012Validator(schema())
    validator.check_schema(schema())
    document = json.loads(report.render("json", every))
    validator.validate(document)
    for result in document["results"]:
        validator.validate(result)


@pytest.mark.tools
@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda result: result.pop("uses"), id="uses are missing"),
        pytest.param(lambda result: result.update(url=None), id="a fact is null"),
        pytest.param(lambda result: result.update(schema="other/1"), id="another schema is named"),
        pytest.param(
            lambda result: result["uses"]["search"].update(decision="maybe"),
            id="a closed list has another member",
        ),
        pytest.param(
            lambda result: result["uses"].update({"train-ai": result["uses"]["search"]}),
            id="a label stands among the uses",
        ),
    ],
)
def test_the_schema_refuses_what_is_no_result(silent: Assessment, spoil: Any) -> None:
    validator = jsonschema.Draft202012Validator(schema())
    result = silent.model_dump(mode="json")
    assert validator.is_valid(result)
    spoil(result)
    assert not validator.is_valid(result)
    assert not validator.is_valid({"schema": SCHEMA, "results": [result]})
