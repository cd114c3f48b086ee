"""The tree from octets to decision."""

from textwrap import dedent

from signals_agent import report
from signals_agent.model.assessment import Assessment
from signals_agent.terminal import Screen


def test_the_tree_goes_from_octets_to_the_decision(conditional: Assessment) -> None:
    assert report.render("explain", [conditional], Screen(84)) == dedent("""\
        https://library.example/ferry
        read as ExampleBot, vocabulary cumulative, literal answers by vocab-08

        Sources  rule R15
        ├─ https://library.example/ferry: looked at, required, status 200, sha256
        │     aaaaaaaaaaaa
        ├─ https://library.example/robots.txt: looked at, required, status 200, sha256
        │     bbbbbbbbbbbb
        └─ https://library.example/.well-known/tdmrep.json: looked for, and not there,
              optional

        Access: allowed  rule R13a
        └─ https://library.example/ferry: allowed, by Allow: /, line 2, column 8

        1. HTTP header, field line 1 of content-usage
        │  octets       content-usage: train-genai=n;exceptions=cc-cr-ec
        │                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        │  source       https://library.example/ferry
        │  declaration  dec-1, family aipref
        │  applies      by rule R12
        │  statement    conditional for train-generative, by rule R7
        │  statement    cc-cr-ec 0.1 asks for credit and ecosystem-contribution
        │  note         info aipref-older-label: train-genai is a label of an older draft
        │               (field line 1 of content-usage) [rule R1]
        └─ train-generative: conditional -> hold

        train-generative: conditional -> hold
        ├─ said by declaration 1
        ├─ a plain AIPREF recipient reads: unknown, by rule R22
        ├─ owed: credit, ecosystem-contribution to library.example
        └─ not committed to: ecosystem-contribution to library.example (unmet), by rule R27
        train-other: unknown -> ingest
        ├─ no declaration decides it
        └─ nobody has stated a preference (unknown), by rule R27
        model-input: unknown -> ingest
        ├─ no declaration decides it
        └─ nobody has stated a preference (unknown), by rule R27
        search: unknown -> ingest
        ├─ no declaration decides it
        └─ nobody has stated a preference (unknown), by rule R27
        other-analysis: unknown -> ingest
        ├─ no declaration decides it
        └─ nobody has stated a preference (unknown), by rule R27

        Verdict: hold
        ├─ for train-generative, by the policy lab.toml (sha256 cccccccccccc)
        └─ not committed to: ecosystem-contribution to library.example (unmet)
        """)


def test_what_was_not_looked_at_stands_among_the_sources(refused: Assessment) -> None:
    text = report.render("explain", [refused])
    assert "├─ https://library.example/ferry: not looked at, required\n" in text
    assert "Access: disallowed" in text
    assert "disallowed, by Disallow: /, line 4, column 11" in text


def test_trees_of_several_results_are_apart(silent: Assessment, refused: Assessment) -> None:
    one, two = report.render("explain", [silent]), report.render("explain", [refused])
    assert report.render("explain", [silent, refused]) == one + "\n" + two
