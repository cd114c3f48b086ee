"""Whose repository a file is, by its address on a hub."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.locate.hub_address import Repository, repository

HUB = "https://huggingface.co/"
FERNS = Repository(
    "Hugging Face", "ada/ferns", "ada", HUB + "datasets/ada/ferns", HUB + "ada", is_card=True
)


@pytest.mark.parametrize(
    "path",
    [
        "datasets/ada/ferns",
        "datasets/ada/ferns/",
        "datasets/ada/ferns/raw/main/README.md",
        "datasets/ada/ferns/resolve/main/README.md?download=true",
        "datasets/ada/ferns/blob/0123abc/README.md",
        "api/datasets/ada/ferns",
        "api/datasets/ada/ferns/croissant",
    ],
)
def test_a_dataset_its_card_and_what_the_hub_says_of_it(path: str) -> None:
    assert repository(HUB + path) == FERNS


@pytest.mark.parametrize(
    ("url", "name", "page", "is_card"),
    [
        (HUB + "ada/fern-lm", "ada/fern-lm", HUB + "ada/fern-lm", True),
        (HUB + "ada/fern-lm/resolve/main/model.bin", "ada/fern-lm", HUB + "ada/fern-lm", False),
        (HUB + "api/models/ada/fern-lm", "ada/fern-lm", HUB + "ada/fern-lm", True),
        (HUB + "spaces/ada/show", "ada/show", HUB + "spaces/ada/show", True),
        (HUB + "datasets/squad", "squad", HUB + "datasets/squad", True),
        (HUB + "datasets/squad/raw/main/README.md", "squad", HUB + "datasets/squad", True),
        (HUB + "gpt2/raw/main/README.md", "gpt2", HUB + "gpt2", True),
        (HUB + "datasets/a/b/resolve/main/x/README.md", "a/b", HUB + "datasets/a/b", False),
        (HUB + "datasets/a/b/viewer/default", "a/b", HUB + "datasets/a/b", False),
        (
            "https://raw.githubusercontent.com/ada/fen/main/README.md",
            "ada/fen",
            "https://github.com/ada/fen",
            True,
        ),
        (
            "https://raw.githubusercontent.com/ada/fen/refs/heads/main/data/rain.csv",
            "ada/fen",
            "https://github.com/ada/fen",
            False,
        ),
    ],
    ids=[
        "a model",
        "a file of a model",
        "a model by the API",
        "a space",
        "a dataset without an owner",
        "its card",
        "the card of a model without an owner",
        "a README below the top",
        "a view",
        "a README on GitHub",
        "a file on GitHub",
    ],
)
def test_other_repositories(url: str, name: str, page: str, is_card: bool) -> None:
    found = repository(url)
    assert found is not None
    assert (found.name, found.page, found.is_card) == (name, page, is_card)
    assert found.owner == (name.partition("/")[0] if "/" in name else None)


@pytest.mark.parametrize(
    "url",
    [
        HUB,
        HUB + "ada",
        HUB + "ada/collections",
        HUB + "docs/datasets",
        HUB + "datasets",
        HUB + "models/ada/x",
        HUB + "api/whoami-v2",
        HUB + "datasets/a%22/b",
        "https://huggingface.co.evil.example/datasets/ada/ferns",
        "https://raw.githubusercontent.com/ada/fen",
        "https://github.com/ada/fen",
        "mailto:ada@fen.example",
        "",
    ],
)
def test_addresses_that_tell_of_no_repository(url: str) -> None:
    assert repository(url) is None


@given(st.text(max_size=60))
def test_nothing_raises(path: str) -> None:
    repository(HUB + path)
    repository("https://raw.githubusercontent.com/" + path)
