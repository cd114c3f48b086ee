"""Documents that are written from the code say what the code says."""

from tools import crawlers, declarations, licences


def test_the_page_on_declarations_is_what_the_families_say() -> None:
    assert declarations.TARGET.read_text("utf-8") == declarations.document(), "run: make docs"


def test_the_page_on_licences_is_what_the_tables_say() -> None:
    assert licences.TARGET.read_text("utf-8") == licences.document(), "run: make docs"


def test_the_page_on_crawlers_is_what_the_table_says() -> None:
    assert crawlers.TARGET.read_text("utf-8") == crawlers.document(), "run: make docs"
