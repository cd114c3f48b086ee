"""What has to be settled for a corpus: each item, done, open, and not applicable."""

import json
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from signals_agent.corpus.checklist import How, Item, State, document, is_open, make, markdown
from signals_agent.corpus.facts import Facts
from signals_agent.corpus.holdings import Holdings
from signals_agent.corpus.of_list import Unread, members
from signals_agent.corpus.outputs import Corpus
from signals_agent.model.licence import Activity
from signals_agent.policy import Policy

TODAY = date(2026, 11, 22)
WRITTEN = (
    "README.md",
    "weights.md",
    "CREDITS.md",
    "templates/paper.md",
    "templates/paper.tex",
    "templates/readme.md",
    "templates/demo.html",
)
ANSWERED = {"by": "Bo | Waters", "on": "2026-11-20", "evidence": "https://you.example/x"}


def _items(
    folder: Path,
    licences: str,
    *planned: Activity,
    written: Collection[str] = (),
    statement: bool = False,
    **facts: Any,
) -> dict[str, Item]:
    file = folder / "list.csv"
    rows = "".join(f"https://a.example/{n},{each}\n" for n, each in enumerate(licences.split(",")))
    file.write_text("url,licence\n" + rows)
    policy = Policy.make(
        {
            "statement": [
                {
                    "licence": "CC-BY-ND-4.0",
                    "origins": ["https://a.example"],
                    "activity": "release-weights",
                    "answer": "no",
                    "url": "https://a.example/faq",
                }
            ]
        }
        if statement
        else {}
    )
    found = members(file, Unread())
    if statement:
        from datetime import UTC, datetime

        from signals_agent.corpus.by_policy import applied

        found = applied(found, policy, datetime(2026, 11, 22, tzinfo=UTC))
    with Holdings(["list.csv"]) as held:
        held.add(found)
        corpus = Corpus(held, Facts.make(facts), TODAY, policy, planned)
        from signals_agent.corpus.checklist import Ground

        ground = Ground(
            held, corpus.composition, corpus.weights, corpus.facts, planned, TODAY, written
        )
        items = make(ground)
    assert len({each.name for each in items}) == len(items) == 10
    for each in items:
        assert (each.state is State.OPEN) == (each.ask is not None), each
    return {each.name: each for each in items}


CASES: dict[str, tuple[str, tuple[str, tuple[Activity, ...], dict[str, Any]], State, How]] = {
    "every licence is known": (
        "licence_text_confirmed",
        ("CC-BY-4.0,MIT", (), {}),
        State.DONE,
        How.COMPUTED,
    ),
    "one licence is not known": (
        "licence_text_confirmed",
        ("CC-BY-4.0,ask us", (), {}),
        State.OPEN,
        How.COMPUTED,
    ),
    "one asset has no licence": (
        "licence_text_confirmed",
        ("CC-BY-4.0,", (), {}),
        State.OPEN,
        How.COMPUTED,
    ),
    "somebody read the unknown one": (
        "licence_text_confirmed",
        ("ask us", (), {"checklist": {"licence_text_confirmed": ANSWERED}}),
        State.DONE,
        How.STATED,
    ),
    "weights are allowed everywhere": (
        "publisher_faq_recorded",
        ("CC-BY-4.0", (), {}),
        State.NOT_APPLICABLE,
        How.COMPUTED,
    ),
    "what the publisher says of weights is not recorded": (
        "publisher_faq_recorded",
        ("CC-BY-ND-4.0", (), {}),
        State.OPEN,
        How.COMPUTED,
    ),
    "what the publisher says of weights is in the policy": (
        "publisher_faq_recorded",
        ("CC-BY-ND-4.0", (), {"statement": True}),
        State.DONE,
        How.COMPUTED,
    ),
    "nothing is for research only": (
        "research_only_documented",
        ("MIT", (), {}),
        State.NOT_APPLICABLE,
        How.COMPUTED,
    ),
    "research only, and no card": (
        "research_only_documented",
        ("CC-BY-NC-4.0", (), {}),
        State.OPEN,
        How.COMPUTED,
    ),
    "research only, and the card says so": (
        "research_only_documented",
        ("CC-BY-NC-4.0", (), {"written": WRITTEN}),
        State.DONE,
        How.COMPUTED,
    ),
    "no ND material": (
        "nd_stored_apart",
        ("CC-BY-NC-4.0", (), {}),
        State.NOT_APPLICABLE,
        How.COMPUTED,
    ),
    "ND material, and lists are not storage": (
        "nd_stored_apart",
        ("CC-BY-ND-4.0", (), {"written": WRITTEN}),
        State.OPEN,
        How.COMPUTED,
    ),
    "ND material is apart, somebody says": (
        "nd_stored_apart",
        ("CC-BY-ND-4.0", (), {"checklist": {"nd_stored_apart": ANSWERED}}),
        State.DONE,
        How.STATED,
    ),
    "everybody gets what no known licence lets anybody hand on": (
        "access_control",
        ("all-rights-reserved", (), {"access": "public"}),
        State.OPEN,
        How.COMPUTED,
    ),
    "everybody gets what may be handed on unaltered at most": (
        "access_control",
        ("CC-BY-ND-4.0", (), {"access": "public"}),
        State.OPEN,
        How.COMPUTED,
    ),
    "everybody gets what may be handed on": (
        "access_control",
        ("CC-BY-NC-4.0", (), {"access": "public"}),
        State.DONE,
        How.STATED,
    ),
    "who gives everybody access hands it on": (
        "redistribution_ruled_out",
        ("CC-BY-ND-4.0", (Activity.RESEARCH_INTERNAL,), {"access": "public"}),
        State.OPEN,
        How.COMPUTED,
    ),
    "who gives everybody access lets it out": (
        "legal_review",
        ("CC-BY-4.0", (Activity.RESEARCH_INTERNAL,), {"access": "public"}),
        State.OPEN,
        How.COMPUTED,
    ),
    "nobody said what is planned": (
        "redistribution_ruled_out",
        ("CC-BY-4.0", (), {}),
        State.OPEN,
        How.COMPUTED,
    ),
    "nothing is handed on": (
        "redistribution_ruled_out",
        ("CC-BY-ND-4.0", (Activity.RESEARCH_INTERNAL,), {}),
        State.DONE,
        How.COMPUTED,
    ),
    "handing on is allowed for all": (
        "redistribution_ruled_out",
        ("CC-BY-4.0,MIT", (Activity.MIRROR, Activity.REDISTRIBUTE_MODIFIED), {}),
        State.DONE,
        How.COMPUTED,
    ),
    "handing on is not allowed for one": (
        "redistribution_ruled_out",
        ("CC-BY-4.0,CC-BY-ND-4.0", (Activity.REDISTRIBUTE_MODIFIED,), {}),
        State.OPEN,
        How.COMPUTED,
    ),
    "the checkpoint policy is not written": (
        "checkpoint_policy_stated",
        ("CC-BY-4.0", (), {}),
        State.OPEN,
        How.COMPUTED,
    ),
    "the checkpoint policy is written": (
        "checkpoint_policy_stated",
        ("CC-BY-4.0", (), {"written": WRITTEN}),
        State.DONE,
        How.COMPUTED,
    ),
    "the plan goes against the checkpoint policy": (
        "checkpoint_policy_stated",
        ("CC-BY-ND-4.0", (Activity.RELEASE_WEIGHTS,), {"written": WRITTEN}),
        State.OPEN,
        How.COMPUTED,
    ),
    "nothing goes out": (
        "legal_review",
        ("CC-BY-4.0", (Activity.RESEARCH_INTERNAL,), {}),
        State.NOT_APPLICABLE,
        How.COMPUTED,
    ),
    "weights go out, and nobody reviewed": (
        "legal_review",
        ("CC-BY-4.0", (Activity.RELEASE_WEIGHTS,), {}),
        State.OPEN,
        How.COMPUTED,
    ),
    "a review is noted": (
        "legal_review",
        ("CC-BY-4.0", (Activity.MIRROR,), {"checklist": {"legal_review": ANSWERED}}),
        State.DONE,
        How.STATED,
    ),
    "a review that is to come is none": (
        "legal_review",
        (
            "CC-BY-4.0",
            (Activity.MIRROR,),
            {"checklist": {"legal_review": {**ANSWERED, "on": "2026-11-23"}}},
        ),
        State.OPEN,
        How.STATED,
    ),
    "templates are missing": ("attribution_templates", ("MIT", (), {}), State.OPEN, How.COMPUTED),
    "templates are written": (
        "attribution_templates",
        ("MIT", (), {"written": WRITTEN}),
        State.DONE,
        How.COMPUTED,
    ),
    "one template is missing": (
        "attribution_templates",
        ("MIT", (), {"written": WRITTEN[:-1]}),
        State.OPEN,
        How.COMPUTED,
    ),
    "access is not stated": ("access_control", ("MIT", (), {}), State.OPEN, How.COMPUTED),
    "access is stated": (
        "access_control",
        ("MIT", (), {"access": "public"}),
        State.DONE,
        How.STATED,
    ),
    "public, and not everything may be handed on": (
        "access_control",
        ("all rights reserved,CC-BY-ND-4.0", (), {"access": "public"}),
        State.OPEN,
        How.COMPUTED,
    ),
    "no date": ("audited_again_by", ("MIT", (), {}), State.OPEN, How.STATED),
    "a date": (
        "audited_again_by",
        ("MIT", (), {"checklist": {"audited_again_by": "2026-11-22"}}),
        State.DONE,
        How.STATED,
    ),
    "a date that is over": (
        "audited_again_by",
        ("MIT", (), {"checklist": {"audited_again_by": "2026-11-21"}}),
        State.OPEN,
        How.STATED,
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_an_item_is_as_far_as_the_corpus_and_people_say(
    tmp_path: Path,
    case: tuple[str, tuple[str, tuple[Activity, ...], dict[str, Any]], State, How],
) -> None:
    name, (licences, planned, more), state, how = case
    found = _items(tmp_path, licences, *planned, **more)[name]
    assert (found.state, found.how) == (state, how), found


def test_only_sets_that_hold_no_derivatives_are_cited(tmp_path: Path) -> None:
    found = _items(tmp_path, "CC-BY-ND-4.0,CC-BY-NC-SA-4.0,CC-BY-NC-4.0")["nd_stored_apart"]
    assert found.evidence == (
        "1 asset is under no-derivatives licences; sets/research-only-no-derivatives.jsonl lists "
        "what belongs apart."
    )
    assert _items(tmp_path, "CC-BY-ND-4.0 OR MIT")["nd_stored_apart"].state is State.NOT_APPLICABLE


def test_evidence_is_plain_in_json_and_escaped_in_markdown(tmp_path: Path) -> None:
    answer = {"licence_text_confirmed": {**ANSWERED, "note": "see_http://x.example/*"}}
    for facts in ({}, {"checklist": answer}):
        items = tuple(_items(tmp_path, "http://a.example/*my*_terms", **facts).values())
        told = json.loads("".join(document(items)))["items"][0]["evidence"]
        assert "http://a.example/*my*_terms" in told
        assert "\\" not in told
        shown = "".join(markdown(items))
        assert "http\\://a.example/\\*my\\*\\_terms" in shown
        assert told not in shown


def test_an_empty_corpus_has_an_open_item(tmp_path: Path) -> None:
    with Holdings(["nothing"]) as held:
        items = Corpus(held, Facts(), TODAY).checklist()
    assert items[0].state is State.OPEN
    assert items[0].evidence == "Nothing is in the corpus, so nothing could be looked at."


def test_an_answer_that_is_open_names_what_to_write(tmp_path: Path) -> None:
    found = _items(tmp_path, "CC-BY-ND-4.0")["nd_stored_apart"]
    assert found.ask is not None
    assert "[checklist.nd_stored_apart]" in found.ask
    assert "sets/" in found.evidence


def test_the_list_as_markdown_ticks_what_is_done(tmp_path: Path) -> None:
    """And keeps what people wrote on one line, without markup of theirs."""
    items = tuple(
        _items(
            tmp_path,
            "CC-BY-ND-4.0",
            checklist={"nd_stored_apart": {**ANSWERED, "note": "*x*\n# y"}},
        ).values()
    )
    text = "".join(markdown(items))
    assert text.count("- [ ]") == is_open(items)
    assert text.count("- [x]") == 10 - is_open(items)
    assert "Bo \\| Waters" in text
    assert "\n# y" not in text


def test_the_list_as_json_has_every_item(tmp_path: Path) -> None:
    import json

    items = tuple(_items(tmp_path, "MIT").values())
    told = json.loads("".join(document(items)))
    assert told["schema"] == "signals-agent/checklist/1"
    assert told["open"] == is_open(items)
    assert [each["item"] for each in told["items"]] == [each.name for each in items]
    assert all("ask" in each for each in told["items"] if each["state"] == "open")
