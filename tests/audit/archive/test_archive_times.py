"""Which capture of a file counts for an asset, and where redirects lead (rules R16, R31, R32)."""

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("fastwarc", reason="archives are read with fastwarc")

A, B = "https://a.example", "https://b.example"
PAGE, ROBOTS, TDM = f"{A}/page", f"{A}/robots.txt", f"{A}/.well-known/tdmrep.json"
REFUSES = b"User-agent: *\nDisallow: /\n"
LETS = b"User-agent: *\nAllow: /\n"
RESERVES = b'HTTP/1.1 200 OK\r\n\r\n[{"location": "/", "tdm-reservation": 1}]'
RSL = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/rsl+xml\r\n\r\n"
    b'<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license>'
    b'<prohibits type="usage">all</prohibits></license></content></rsl>'
)


def notes(result: dict[str, Any]) -> set[str]:
    return {each["code"] for each in result["notes"]}


@pytest.mark.parametrize(
    ("held", "answer", "note"),
    [
        ([(-1, LETS)], "allowed", ""),
        ([(-24, LETS)], "allowed", ""),
        ([(-24.001, LETS)], "undetermined", ""),
        ([(-3, REFUSES), (-1, LETS)], "allowed", ""),
        ([(-1, REFUSES), (-3, LETS)], "disallowed", ""),
        ([(-23, LETS), (0.5, REFUSES)], "allowed", ""),
        ([(-25, REFUSES), (5, LETS)], "allowed", "source-captured-later"),
        ([(5, LETS), (6, REFUSES)], "allowed", "source-captured-later"),
        ([(24, REFUSES)], "disallowed", "source-captured-later"),
        ([(24.001, LETS), (-30, LETS)], "undetermined", ""),
        ([], "undetermined", ""),
    ],
    ids=[
        "of an hour before",
        "of exactly a day before",
        "never of more than a day before",
        "the nearest before",
        "the nearest before, whatever their order in the file",
        "one before and not a nearer one after",
        "one after where none is of the day before, with a note",
        "the nearest after",
        "of exactly a day after",
        "never of another day",
        "of none that is there",
    ],
)
def test_the_robots_txt_that_counts_is(
    held: list[tuple[float, bytes]], answer: str, note: str, press: Any, bench: Any,
    file: Callable[..., str],
) -> None:  # fmt: skip
    records = [press.robots(A, lines, hours) for hours, lines in held]
    (made,) = bench.results(file(press.page(PAGE), *records))
    assert made["access"]["answer"] == answer
    later = notes(made) & {"source-captured-later", "source-of-another-day"}
    assert later == ({note} if note else set())
    if answer == "undetermined":
        assert bench.looked(made)[ROBOTS] == "not-looked"
        assert made["verdict"]["decision"] == "hold"


@pytest.mark.parametrize(
    "other", ["http://a.example", "https://a.example:8443", "https://www.a.example"]
)
def test_no_other_origin_speaks_for_an_asset(
    other: str, press: Any, bench: Any, file: Callable[..., str]
) -> None:
    (made,) = bench.results(file(press.robots(other, LETS), press.page(PAGE)))
    assert bench.looked(made)[ROBOTS] == "not-looked"


def test_a_record_without_a_time_has_no_robots_txt_and_is_none(
    press: Any, bench: Any, file: Callable[..., str]
) -> None:
    undated = press.page(PAGE, WARC_Date="2026-11-01")
    (made,) = bench.results(file(press.robots(A, LETS), undated))
    assert made["access"]["answer"] == "undetermined"
    dateless = press.record(ROBOTS, press.PLAIN + LETS, WARC_Date="2026-11-01")
    (made,) = bench.results(file(dateless, press.page(PAGE)))
    assert made["access"]["answer"] == "undetermined"


@pytest.mark.parametrize(
    ("hours", "state", "preference"),
    [
        (-2, "present", "disallow"),
        (3, "present", "disallow"),
        (-25, "not-looked", "unknown"),
        (25, "not-looked", "unknown"),
    ],
)
def test_a_site_file_counts_within_a_day(
    hours: float, state: str, preference: str, press: Any, bench: Any, file: Callable[..., str]
) -> None:
    path = file(press.robots(A, LETS), press.record(TDM, RESERVES, hours), press.page(PAGE))
    (made,) = bench.results(path)
    assert bench.looked(made)[TDM] == state
    assert made["uses"]["train-generative"]["preference"] == preference
    assert ("source-captured-later" in notes(made)) == (0 < hours < 24)


def test_a_site_file_that_robots_txt_refuses_is_not_looked_at(
    press: Any, bench: Any, file: Callable[..., str]
) -> None:
    robots = press.robots(A, LETS + b"Disallow: /.well-known/\n")
    (made,) = bench.results(file(robots, press.record(TDM, RESERVES), press.page(PAGE)))
    assert bench.looked(made)[TDM] == "not-looked"
    # Without any robots.txt there is nothing that refuses it, and nothing that lets us in.
    (made,) = bench.results(file(press.record(TDM, RESERVES), press.page(PAGE)))
    assert bench.looked(made)[TDM] == "present"
    assert made["verdict"]["decision"] == "skip"


def test_the_octets_of_robots_txt_are_those_of_its_redirect(
    press: Any, bench: Any, file: Callable[..., str]
) -> None:
    moved = press.moved(ROBOTS, f"{B}/rules.txt")
    there = press.record(f"{B}/rules.txt", press.PLAIN + REFUSES)
    made = bench.results(file(moved, there, press.page(PAGE)))
    assert [each["url"] for each in made] == [f"{B}/rules.txt", PAGE]
    assert made[1]["access"]["answer"] == "disallowed"
    (made,) = bench.results(file(moved, press.page(PAGE)))
    assert bench.looked(made)[ROBOTS] == "not-looked"
    chain = [press.moved(f"{A}/{n or 'robots.txt'}", f"{A}/{n + 1}") for n in range(7)]
    *_, made = bench.results(file(*chain, press.page(PAGE)))
    assert bench.looked(made)[ROBOTS] == "unavailable"
    *_, made = bench.results(
        file(*chain[:5], press.record(f"{A}/5", press.PLAIN + REFUSES), press.page(PAGE))
    )
    assert made["access"]["answer"] == "disallowed"


def test_robots_txt_of_which_a_part_is_missing_tells_nothing(
    press: Any, bench: Any, file: Callable[..., str]
) -> None:
    part = press.record(ROBOTS, press.PLAIN + LETS, WARC_Truncated="length")
    (made,) = bench.results(file(part, press.page(PAGE)))
    assert bench.looked(made)[ROBOTS] == "unreachable"
    assert made["access"]["answer"] == "undetermined"


def test_a_redirect_comes_to_what_its_last_hop_returned(
    press: Any, bench: Any, file: Callable[..., str]
) -> None:
    usage = LETS + b"Content-Usage: train-ai=n\n"
    records = [
        press.robots(A, usage),
        press.robots(B, LETS),
        press.moved(f"{A}/old", f"{B}/new"),
        press.page(f"{B}/new", 0.01, b"<meta name=robots content=noindex><p>x"),
        press.page(f"{B}/new", 5, b"<p>of later"),
    ]
    moved, *_ = bench.results(file(*records))
    assert (moved["url"], moved["final_url"]) == (f"{A}/old", f"{B}/new")
    assert [hop["url"] for hop in moved["access"]["hops"]] == [f"{A}/old", f"{B}/new"]
    assert bench.looked(moved)[ROBOTS] == bench.looked(moved)[f"{B}/robots.txt"] == "present"
    assert moved["uses"]["train-generative"]["preference"] == "disallow"
    assert moved["uses"]["search"]["preference"] == "disallow"
    assert "redirect-hop-preference" in notes(moved)
    # And a hop without its own robots.txt leaves it open whether it may be followed.
    moved, *_ = bench.results(file(*records[1:]))
    assert moved["access"]["answer"] == "undetermined"


def test_a_redirect_that_leads_out_of_the_archive_was_not_looked_at(
    press: Any, bench: Any, file: Callable[..., str]
) -> None:
    files = [press.robots(A, LETS), press.moved(PAGE, f"{A}/new")]
    (made,) = bench.results(file(*files))
    assert made["final_url"] == f"{A}/new"
    assert bench.looked(made)[f"{A}/new"] == "not-looked"
    assert bench.looked(made)[ROBOTS] == "present"
    assert made["verdict"]["decision"] == "hold"
    made, _ = bench.results(file(*files, press.page(f"{A}/new", 25)))
    assert bench.looked(made)[f"{A}/new"] == "not-looked"


def test_redirects_in_a_circle_end(press: Any, bench: Any, file: Callable[..., str]) -> None:
    circle = [press.moved(f"{A}/{n}", f"{A}/{1 - n}", n) for n in (0, 1)]
    for made in bench.results(file(press.robots(A, LETS), *circle)):
        assert made["verdict"]["decision"] == "hold"
    chain = [press.moved(f"{A}/{n}", f"{A}/{n + 1}") for n in range(12)]
    results = bench.results(file(press.robots(A, LETS), *chain, press.page(f"{A}/12")))
    ends = {made["url"]: bench.looked(made)[made["final_url"]] for made in results}
    # Ten redirects are followed, and not an eleventh (rule R15).
    assert ends[f"{A}/2"] == "present"
    assert ends[f"{A}/1"] == "unreachable"


def test_a_redirect_to_itself_leads_to_what_was_returned_next(
    press: Any, bench: Any, file: Callable[..., str]
) -> None:
    path = file(press.robots(A, LETS), press.moved(PAGE, PAGE), press.page(PAGE, 0.001))
    moved, page = bench.results(path)
    assert len(moved["access"]["hops"]) == 2
    assert bench.looked(moved)[PAGE] == bench.looked(page)[PAGE] == "present"


def test_from_files_of_robots_txt_nothing_else_is_taken(
    press: Any, bench: Any, file: Callable[..., str]
) -> None:
    apart = file(
        press.robots(A, LETS + b"License: /license.xml\n"),
        press.record(TDM, RESERVES),
        press.record(f"{A}/license.xml", RSL),
        press.page(f"{A}/new"),
        name="robots.warc",
    )
    made, moved = bench.results(
        file(press.page(PAGE), press.moved(f"{A}/old", f"{A}/new")), robots_files=[apart]
    )
    looked = bench.looked(made)
    assert looked[ROBOTS] == looked[TDM] == "present"
    assert looked[f"{A}/license.xml"] == "not-looked"
    assert bench.looked(moved)[f"{A}/new"] == "not-looked"


def test_both_tokens_are_asked_about_what_another_crawler_acquired(
    press: Any, bench: Any, file: Callable[..., str]
) -> None:
    lines = b"User-agent: CCBot\nDisallow: /page\n\nUser-agent: ExampleBot\nDisallow: /ours\n"
    path = file(press.robots(A, lines), *(press.page(f"{A}/{n}") for n in ("page", "ours", "x")))

    def answers(**more: Any) -> list[str]:
        made = bench.results(path, run=bench.wishes(**more))
        return [each["access"]["answer"] for each in made]

    assert answers() == ["allowed", "disallowed", "allowed"]
    assert answers(acquired_by="CCBot") == ["disallowed", "disallowed", "allowed"]


@pytest.mark.parametrize(
    ("hours", "state", "preference"),
    [(-20, "present", "disallow"), (1, "present", "disallow"), (-25, "not-looked", "undetermined"),
     (25, "not-looked", "undetermined")],
)  # fmt: skip
def test_a_document_that_is_named_counts_where_the_archive_holds_it(
    hours: float, state: str, preference: str, press: Any, bench: Any, file: Callable[..., str]
) -> None:
    robots = press.robots(A, LETS + b"License: https://b.example/license\n")
    path = file(
        robots, press.robots(B, LETS), press.record(f"{B}/license", RSL, hours), press.page(PAGE)
    )
    *_, made = bench.results(path)
    assert bench.looked(made)[f"{B}/license"] == state
    assert made["uses"]["train-generative"]["preference"] == preference


def test_what_is_named_and_is_no_such_document_is_read_all_the_same(
    press: Any, bench: Any, file: Callable[..., str]
) -> None:
    robots = press.robots(A, LETS + b"License: /license\n")
    *_, made = bench.results(file(robots, press.page(f"{A}/license"), press.page(PAGE)))
    assert bench.looked(made)[f"{A}/license"] == "present"
    assert made["uses"]["train-generative"]["preference"] == "disallow"
    refused = press.robots(A, LETS + b"License: /license\nDisallow: /license\n")
    *_, made = bench.results(file(refused, press.record(f"{A}/license", RSL), press.page(PAGE)))
    assert bench.looked(made)[f"{A}/license"] == "not-looked"
    assert made["uses"]["train-generative"]["preference"] == "undetermined"
