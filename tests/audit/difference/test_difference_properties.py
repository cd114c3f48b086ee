"""What holds of every difference: of a state with itself, turned round, in any order."""

import json
from collections import Counter
from collections.abc import Mapping
from random import Random

import differing
from differing import BLIND, VARIANTS
from hypothesis import given
from hypothesis import strategies as st

import signals_agent as sa
from signals_agent import change
from signals_agent.audit.difference import (
    Book,
    Changed,
    Declared,
    Kind,
    Outcome,
    Unseen,
    Verdict,
    account,
)
from signals_agent.audit.difference import as_json as json_document

Which = Mapping[str, int | None]

URLS = tuple(f"https://{host}.example/{path}" for host in "ab" for path in "xyz")


def states(variants: int) -> st.SearchStrategy[Which]:
    return st.dictionaries(
        st.sampled_from(URLS), st.none() | st.integers(0, variants - 1), max_size=len(URLS)
    )


SEEN, ANY = states(len(VARIANTS)), states(len(BLIND))


def answers(which: Which, day: int = 0) -> dict[str, sa.Assessment | None]:
    return {
        url: None if number is None else differing.variant(url, number, day)
        for url, number in which.items()
    }


@given(ANY)
def test_a_state_does_not_differ_from_itself_whenever_it_was_asked(which: Which) -> None:
    made, found = differing.differ(answers(which), answers(which, day=3))
    assert found == {}
    assert made.counts.lost == 0
    assert (made.counts.only_before.count, made.counts.only_after.count) == (0, 0)


@given(ANY, ANY)
def test_turned_round_what_was_added_is_withdrawn_and_what_was_lost_is_found(
    one: Which, other: Which
) -> None:
    there, found = differing.differ(answers(one), answers(other))
    back, turned = differing.differ(answers(other), answers(one))
    for url in {*found, *turned}:
        here, again = found.get(url), turned.get(url)
        assert declared(here) == {turn(each) for each in declared(again)}
        assert unseen(here) == {swap(each) for each in unseen(again)}
        # Words of what is owed count as stricter both ways, and what cannot be seen any more is
        # not given up: so this holds in one direction.
        assert of(here, tighter=False) <= of(again, tighter=True)
        assert of(again, tighter=False) <= of(here, tighter=True)
    assert there.counts.only_before == back.counts.only_after
    assert there.counts.unasked == back.counts.unasked_before


@given(SEEN, SEEN)
def test_where_all_was_seen_what_was_loosened_is_what_was_tightened_turned_round(
    one: Which, other: Which
) -> None:
    _, found = differing.differ(answers(one), answers(other))
    _, turned = differing.differ(answers(other), answers(one))
    assert found.keys() == turned.keys()
    for url, here in found.items():
        assert of(here, tighter=True) == of(turned[url], tighter=False)


def declared(found: Changed | None) -> set[Declared]:
    return set(found.declared) if found is not None else set()


def unseen(found: Changed | None) -> set[Unseen]:
    return set(found.unseen) if found is not None else set()


def turn(each: Declared) -> Declared:
    kinds = {Kind.ADDED: Kind.WITHDRAWN, Kind.WITHDRAWN: Kind.ADDED, Kind.CHANGED: Kind.CHANGED}
    return Declared(each.said, kinds[each.kind], each.after, each.before)


def swap(each: Unseen) -> Unseen:
    return Unseen(each.source, each.after, each.before, not each.lost, each.expressions)


def of(found: Changed | None, *, tighter: bool) -> set[tuple[str, ...]]:
    """The changes in one direction, as they read in the stricter sense."""
    outcomes: tuple[Outcome, ...] = found.outcomes if found is not None else ()
    return {
        (
            each.change.aspect,
            each.change.use or "",
            each.change.subject,
            *sorted((each.change.before, each.change.after)),
        )
        for each in outcomes
        if each.tighter is tighter and each.change.declared
    }


@given(SEEN, SEEN)
def test_a_small_difference_is_what_a_plain_look_at_every_pair_finds(
    one: Which, other: Which
) -> None:
    before, after = answers(one), answers(other, day=1)
    made, found = differing.differ(before, after)
    expected = {}
    for url in before.keys() & after.keys():
        was, is_ = before[url], after[url]
        if was is not None and is_ is not None:
            word = plainly(was, is_)
            if word:
                expected[url] = word
    assert {url: each.verdict.value for url, each in found.items()} == expected
    assert made.counts.only_before.first == sorted(before.keys() - after.keys())
    assert made.counts.only_after.first == sorted(after.keys() - before.keys())
    assert made.counts.verdicts == {
        each: Counter(expected.values())[each.value] for each in Verdict
    }


def plainly(was: sa.Assessment, is_: sa.Assessment) -> str:
    tighter = change.tightened(was, is_)
    looser = any(each.declared for each in change.relaxed(was, is_))
    if tighter or looser:
        return "both" if tighter and looser else "tightened" if tighter else "loosened"
    return "reworded" if said(was) != said(is_) else ""


def said(answer: sa.Assessment) -> Counter[str]:
    words = Counter(
        f"{each.family} {each.carrier} {each.source} {each.scope} {each.expression}"
        for each in answer.declarations
    )
    return words + Counter(f"access {hop.rule}" for hop in answer.access.hops if hop.rule)


@given(ANY, ANY, st.randoms(use_true_random=False))
def test_the_report_does_not_depend_on_the_order_of_what_is_put_in(
    one: Which, other: Which, random: Random
) -> None:
    before, after = answers(one), answers(other)
    shuffled = list(before.items())
    random.shuffle(shuffled)
    assert written(before, after) == written(dict(shuffled), after)


@given(ANY, ANY)
def test_what_is_told_adds_up(one: Which, other: Which) -> None:
    document = json.loads(written(answers(one), answers(other)))
    counts, urls = document["counts"], document["urls"]
    verdicts = Counter(each["verdict"] for each in urls)
    assert {name: counts[name.replace("-", "_")] for name in verdicts} == dict(verdicts)
    words = ("tightened", "both", "loosened", "reworded")
    assert counts["changed"] == sum(counts[word] for word in words)
    assert counts["lost"] == document["not_asked_after"]["count"] + sum(
        "lost" in each for each in urls
    )
    # Each URL of both has one word, those of which nothing is told included.
    unasked = ("not_asked_after", "not_asked_before", "asked_neither_time")
    every = [each.value.replace("-", "_") for each in Verdict]
    assert counts["urls_in_both"] == sum(counts[n] for n in (*every, "unchanged", *unasked))
    assert counts["lost"] >= counts["not_found_out"] + counts["not_asked_after"]
    for site in document["sites"]:
        assert sum(site["counts"][name] for name in every) == site["urls"]
        assert site["counts"]["lost"] >= site["counts"]["not_found_out"]
    # What is told of a site is told of its URLs once, and of each that it names.
    of_site = Counter(each["site"] for each in urls if each.get("of_site"))
    for site in document["sites"]:
        assert max(each["urls"] for each in site["sources"]) <= of_site[site["site"]]
        assert sum(site["counts"][word] for word in words) <= site["urls"]
    assert {each["site"] for each in document["sites"]} == set(of_site)
    for each in urls:
        told = each["declarations"], each["not_found_out"], each["changes"], each.get("of_site")
        assert any(told)


def written(
    before: Mapping[str, sa.Assessment | None], after: Mapping[str, sa.Assessment | None]
) -> str:
    made = differing.Differ(differing.Made(before), differing.Made(after))
    book = Book()
    book.fill(made.changes())
    text = "".join(json_document.write(account(made), book))
    book.close()
    return text
