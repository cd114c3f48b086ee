"""The licences as fixtures/licences states them: every spelling, and every cell of the table."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from signals_agent.licences import activities
from signals_agent.licences.catalogue import ENTRIES
from signals_agent.licences.entry import Kind
from signals_agent.licences.expression import leaves, read
from signals_agent.licences.identity import identify, identify_card
from signals_agent.licences.risk_table import TABLE
from signals_agent.model.licence import Activity

FOLDER = Path(__file__).parents[2] / "fixtures" / "licences"


def _table(name: str) -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads((FOLDER / name).read_text("utf-8"))


ROWS = _table("activities.toml")["row"]
SPELLINGS = _table("spellings.toml")
CELLS = [
    pytest.param(licence, row, activity, id=f"{licence} {activity}")
    for row in ROWS
    for licence in row["licences"]
    for activity in Activity
]


@pytest.mark.parametrize(("licence", "row", "activity"), CELLS)
def test_a_cell(licence: str, row: dict[str, Any], activity: Activity) -> None:
    terms = read(licence)
    assert {leaf.kind for leaf in leaves(terms)} == {row["kind"]}
    found = activities.ask(terms, activity)
    assert found.answer == row[activity]["answer"]
    assert sorted(found.conditions) == sorted(row[activity]["conditions"])
    assert len(set(found.conditions)) == len(found.conditions)


def test_the_rows_are_those_of_the_table_and_nothing_else_stands_in_them() -> None:
    assert {row["kind"] for row in ROWS} == set(Kind) == set(TABLE)
    for row in ROWS:
        assert set(row) == {"kind", "title", "licences", *Activity}


@pytest.mark.parametrize("licence", SPELLINGS["licence"], ids=lambda licence: licence["id"])
def test_every_spelling_means_the_licence(licence: dict[str, Any]) -> None:
    assert set(licence) == {"id", "written"}
    for written in licence["written"]:
        found = identify(written)
        assert found.id == licence["id"], written
        assert found.spdx in {None, licence["id"]}
        assert identify(f'  "{written}" \n').id == licence["id"], written


def test_every_licence_of_the_catalogue_is_spelled() -> None:
    spelled = [licence["id"] for licence in SPELLINGS["licence"]]
    assert len(spelled) == len(set(spelled))
    ported = {ident for ident in spelled if identify(ident).port}
    assert {entry.id for entry in ENTRIES} | ported == set(spelled)


@pytest.mark.parametrize("card", SPELLINGS["card"], ids=lambda card: " ".join(card.values()))
def test_a_dataset_card(card: dict[str, str]) -> None:
    link = card.get("license_link")
    found = identify_card(card["license"], card.get("license_name"), link)
    assert found.id == card["id"]
    if found.id == "unrecognised" and link:
        assert (found.url, found.name) == (link, card["license_name"])


@pytest.mark.parametrize("none", SPELLINGS["unrecognised"], ids=lambda none: none["title"])
def test_what_means_no_licence_is_unrecognised_and_kept(none: dict[str, Any]) -> None:
    for written in none["written"]:
        found = identify(written)
        assert found.kind is Kind.UNRECOGNISED, written
        assert found.url == none.get("url")
        assert found.url is not None or found.name == written
