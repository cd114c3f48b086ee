"""What is remarked of a licence before it takes a format."""

import pytest

from signals_agent.licences import sheet


@pytest.mark.parametrize("declared", ["other", " Other "])
def test_other_is_known_by_the_link_of_its_card(declared: str) -> None:
    remarks = " ".join(sheet.make(declared).licence.remarks)
    assert "license_link" in remarks
    assert "Not a licence that is recognised" in remarks


def test_another_name_that_nobody_knows_is_no_word_of_hugging_face() -> None:
    assert "license_link" not in " ".join(sheet.make("another").licence.remarks)
