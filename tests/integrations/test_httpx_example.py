"""The example of docs/httpx.md, run as it stands."""

from collections.abc import Callable


def test_the_example_takes_refuses_and_holds(run_example: Callable[..., str]) -> None:
    printed = run_example("httpx.md")
    assert "INGEST fenwiki/wiki/heron “Heron”, in Fenwiki, http://127.0.0.1:" in printed
    assert "SKIP harbour-times/subscribers/crossword access-refused\n" in printed
    assert "HOLD lantern-photo/prints unmet\n" in printed
    assert "What enforcement comes to, for 3 assets:" in printed
