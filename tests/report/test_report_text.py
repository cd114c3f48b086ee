"""The text that a person reads."""

from textwrap import dedent

import pytest

from signals_agent import report
from signals_agent.model.assessment import Assessment
from signals_agent.terminal import Screen, width


def test_one_result_shows_decision_then_uses_then_what_is_owed_then_evidence(
    conditional: Assessment,
) -> None:
    assert report.render("text", [conditional], Screen(84)) == dedent("""\
        HOLD  https://library.example/ferry
              not committed to: ecosystem-contribution to library.example (unmet)
              For train-generative, by the policy lab.toml.

          use               said          decision                   owed
          train-generative  conditional   hold: unmet                credit,
                                                                     ecosystem-contribution
                                                                     to library.example
                            a plain AIPREF recipient reads: unknown
          not asked for:    train-other unknown, model-input unknown, search unknown,
                            other-analysis unknown

        What is owed
          credit to library.example (inferred from the address), for train-generative, by
              cc-cr-ec 0.1
              the policy answers for it
              Give appropriate credit, by the method, means and context of the use: in
              training, cite the collection in the documentation of the dataset and of the
              model; in retrieval, or wherever output can be tied to its input, cite the
              collection in the output with a link.
              terms: https://terms.example/cc-cr-ec/0.1
          ecosystem-contribution to library.example (inferred from the address), for
              train-generative, by cc-cr-ec 0.1
              the policy does not commit to it
              Give monetary or in-kind support back to the ecosystem that you benefit from,
              by a good-faith valuation of the use and of your means.
              terms: https://terms.example/cc-cr-ec/0.1
          credit line: “The ferry”, by Odile Marsh, https://library.example/ferry

        Evidence
          1. HTTP header, field line 1 of content-usage of https://library.example/ferry
               content-usage: train-genai=n;exceptions=cc-cr-ec
                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
             -> conditional for train-generative
             info    aipref-older-label: train-genai is a label of an older draft (field
                     line 1 of content-usage) [rule R1]
        """)


def test_without_a_verdict_every_use_has_its_own_line(silent: Assessment) -> None:
    text = report.render("text", [silent])
    assert text.splitlines()[:2] == [
        "https://library.example/ferry",
        "      One answer for each use follows; --use or --policy gives one decision.",
    ]
    rows = [line for line in text.splitlines() if "ingest: unknown" in line]
    assert [row.split()[0] for row in rows] == [
        "train-generative",
        "train-other",
        "model-input",
        "search",
        "other-analysis",
    ]
    assert "Nothing was declared in the 3 sources that could be looked at." in text
    assert "Not everything was looked at" not in text


def test_a_refusal_names_the_line_of_robots_txt(refused: Assessment) -> None:
    text = report.render("text", [refused])
    assert "access refused by robots.txt, line 4, column 11: Disallow: /" in text
    assert "https://library.example/ferry: not looked at (required)" in text


def test_what_could_not_be_reached_is_named(undetermined: Assessment) -> None:
    text = report.render("text", [undetermined])
    assert "access undetermined: its robots.txt could not be looked at" in text
    assert "https://library.example/robots.txt: could not be reached (required)" in text


def test_several_results_are_short_and_summed_up(
    conditional: Assessment, silent: Assessment, refused: Assessment
) -> None:
    text = report.render("text", [conditional, silent, refused])
    assert "Give monetary" not in text
    assert "because HTTP header, field line 1 of content-usage: train-genai=n;exceptions=cc" in text
    assert text.endswith("\n\n3 URLs: 1 hold.\n")


def test_several_results_without_a_verdict_are_summed_up_by_use(
    silent: Assessment, refused: Assessment
) -> None:
    last = report.render("text", [silent, refused]).split("\n\n")[-1]
    assert last.startswith("2 URLs, for each use: train-generative 1 ingest, 1 skip; train-other")


def test_no_result_is_no_text() -> None:
    assert report.render("text", []) == ""


@pytest.mark.parametrize("columns", [60, 100, 160])
def test_lines_keep_to_the_screen_where_words_allow(conditional: Assessment, columns: int) -> None:
    text = report.render("text", [conditional], Screen(columns))
    table = {line for line in text.splitlines() if "hold: unmet" in line or "  use  " in line}
    words = max(width(word) for word in text.split())
    for line in set(text.splitlines()) - table:
        assert width(line) <= max(columns, words + 24, 85)


def test_colour_is_there_only_when_asked_for(conditional: Assessment) -> None:
    coloured = report.render("text", [conditional], Screen(colour=True))
    assert "\x1b[33;1mHOLD\x1b[0m" in coloured
    assert "\x1b" not in report.render("text", [conditional], Screen(colour=False))
    for code in (
        "\x1b[0m",
        "\x1b[1m",
        "\x1b[2m",
        "\x1b[32m",
        "\x1b[33m",
        "\x1b[33;1m",
        "\x1b[36m",
        "\x1b[32;1m",
    ):
        coloured = coloured.replace(code, "")
    assert coloured == report.render("text", [conditional])


@pytest.mark.parametrize("name", report.FORMATS)
def test_publishers_cannot_write_on_the_terminal(name: str, hostile: Assessment) -> None:
    text = report.render(name, [hostile]) + report.render(name, [hostile, hostile])
    forbidden = {c for c in text if c != "\n" and not c.isprintable()}
    assert forbidden == set()
    assert "\u202e" not in text
