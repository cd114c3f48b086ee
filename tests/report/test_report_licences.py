"""What text and tree show of licences, on results that the pipeline made."""

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from textwrap import dedent

import pytest

import signals_agent as sa
from signals_agent import report
from signals_agent.model.assessment import Assessment
from signals_agent.model.capture import Availability
from signals_agent.model.licence import Activity
from signals_agent.policy import Policy
from signals_agent.terminal import Screen

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
URL = "https://larks.example/song"
CC = "https://creativecommons.org/licenses"
PLAN = 'uses = ["train-generative"]\nactivities = ["release-weights", "commercial-product"]\n'
STATEMENT = (
    '[[statement]]\nlicence = "CC-BY-NC-ND-4.0"\norigins = ["https://larks.example"]\n'
    'activity = "release-weights"\nanswer = "ok"\nurl = "https://larks.example/faq"\n'
)
HEAD = f'<title>Two Larks</title><link rel="license" href="{CC}/by-nc-nd/4.0/deed.de">'
FREE = f'<title>Two Larks</title><link rel="license" href="{CC}/by/4.0/">'
FIGURE = f'<figure><img src="/boat.jpg"><a rel="license" href="{CC}/by-nd/4.0/">x</a></figure>'
LOOSE = f'<p><a rel="license" href="{CC}/by-sa/3.0/">x</a></p>'
OTHER = '<p><a rel="license" href="https://larks.example/terms">x</a></p>'
JSON_LD = (
    '<script type="application/ld+json">{"@type": "WebPage", "license": '
    f'"{CC}/by-nc/4.0/", "acquireLicensePage": "https://larks.example/buy"}}</script>'
)


def checked(
    head: str = "",
    body: str = "",
    policy: str = "",
    headers: Sequence[tuple[bytes, bytes]] = (),
    url: str = URL,
    content: bytes | None = None,
    media: bytes = b"text/html",
    robots: bytes = b"",
) -> Assessment:
    """The result for a page with this head and body, or for other content."""
    page = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()
    return sa.assess(
        sa.Capture(
            url,
            status=200,
            headers=((b"content-type", media), *headers),
            body=page if content is None else content,
            availability=Availability.PRESENT,
        ),
        robots=robots,
        site_files={"/.well-known/tdmrep.json": Availability.ABSENT},
        policy=Policy.parse(policy, "lab.toml") if policy else None,
        now=NOW,
    )


def text(result: Assessment, columns: int = 100) -> str:
    """The text report."""
    return report.render("text", [result], Screen(columns))


def words(shown: str) -> str:
    """The same in one line, so that it does not matter where lines break."""
    return " ".join(re.sub("[│├└─]", " ", shown).split())


def section(shown: str, heading: str) -> str:
    """One section of a text report, in one line."""
    (found,) = (part for part in shown.split("\n\n") if part.startswith(heading + "\n"))
    return words(found)


def test_planned_activities_that_a_licence_does_not_permit() -> None:
    shown = text(checked(HEAD, policy=PLAN), 84)
    assert shown.startswith(
        dedent("""\
        SKIP  https://larks.example/song
              commercial-product is not permitted by CC-BY-NC-ND-4.0: The licence grants
              nothing for commercial advantage. (licence-forbids)
                instead: Use a permissively licensed alternative in the product, or obtain a
                  separate licence.
              release-weights needs review under CC-BY-NC-ND-4.0: High risk: weights may be
              adapted material, and never commercial; the default is: do not release.
              (licence-caution)
                instead: Publish metrics, hashes or evaluation scripts rather than the
                  weights.
              For train-generative, with release-weights and commercial-product planned, by
              the policy lab.toml.

          use               said          decision                   owed
          train-generative  unknown       skip: licence-forbids,     nothing
                                          licence-caution
          not asked for:    train-other unknown, model-input unknown, search unknown,
                            other-analysis unknown

        Licence
          CC BY-NC-ND 4.0 (CC-BY-NC-ND-4.0), for the page: HTML link, <link> at octet 51
              (evidence 1)
              https://creativecommons.org/licenses/by-nc-nd/4.0/
          What is planned:
            caution, asking for credit, non-commercial and no-derivatives: release-weights
                (why, and what to do instead: above)
            no: commercial-product (why, and what to do instead: above)
          Ask for a licence to release weights trained on it and use it in a commercial
              product, from the publisher of https://larks.example/ (inferred from the
              address)
          credit line: “Two Larks”, in larks.example, https://larks.example/song, CC
              BY-NC-ND 4.0 (https://creativecommons.org/licenses/by-nc-nd/4.0/)
          This is no legal advice.

        Evidence
        """)
    )


@pytest.mark.parametrize("columns", [80, 100, 120])
@pytest.mark.parametrize("policy", [PLAN, 'uses = ["train-generative"]\n', ""])
@pytest.mark.parametrize("name", ["text", "explain"])
def test_a_reason_stands_once_in_a_report(name: str, policy: str, columns: int) -> None:
    shown = words(report.render(name, [checked(HEAD, policy=policy)], Screen(columns)))
    for said in (
        "The licence grants nothing for commercial advantage.",
        "the default is: do not release.",
        "Use a permissively licensed alternative in the product",
        "Publish metrics, hashes or evaluation scripts rather than the weights.",
        "This is no legal advice.",
    ):
        assert shown.count(said) == 1, said


def test_where_nothing_is_planned_all_ten_are_told_by_answer() -> None:
    shown = section(text(checked(HEAD)), "Licence")
    assert "No activity is planned; of all there are: ok: publish-metrics ok, asking for" in shown
    assert "ok, asking for non-commercial: research-internal" in shown
    assert (
        "caution, asking for credit, non-commercial and no-derivatives: mirror: Unaltered" in shown
    )
    assert "no: redistribute-modified: No adapted material may be shared. Instead: Publish" in shown
    assert "For what is not ok, ask for a licence of its own, from the publisher of" in shown
    for activity in Activity:
        assert re.search(rf"(?<![\w-]){activity}(?![\w-])", shown), activity


@pytest.mark.parametrize(
    ("result", "said"),
    [
        pytest.param(
            lambda: checked(FREE, FIGURE),
            "CC BY-ND 4.0 (CC-BY-ND-4.0), for a part only, in <figure>: "
            "https://larks.example/boat.jpg: HTML anchor, <a> at octet 165 (evidence 2); "
            "not counted, because it is for a part, not for the page",
            id="a part, which, and why it does not count",
        ),
        pytest.param(
            lambda: checked("<title>x</title>", FIGURE * 2),
            "<a> at octet 85 and 1 more (evidence 1 and 2); not counted, because it is for a part, "
            "not for the page No licence counts for the page as a whole.",
            id="one that stands at several parts is told once",
        ),
        pytest.param(
            lambda: checked(FREE, LOOSE),
            "CC BY-SA 3.0 (CC-BY-SA-3.0), unclear what it is for: HTML anchor, <a> at octet 139 "
            "(evidence 2); not counted, because a licence that is plainly for the page goes before",
            id="an unclear one beside one for the page",
        ),
        pytest.param(
            lambda: checked("", LOOSE + OTHER),
            "All that count do so together, with the most demanding answer each time.",
            id="several unclear ones",
        ),
        pytest.param(
            lambda: checked("", LOOSE + OTHER),
            "mirror, redistribute-modified, publish-adapted-samples and share-for-review "
            "(https://larks.example/terms): No licence that is known grants this, and without one "
            "it may be forbidden. instead of mirror: Link to the source rather than mirror it.",
            id="of several the one that decides is named",
        ),
        pytest.param(
            lambda: checked(JSON_LD, policy=PLAN),
            "Ask for a licence to release weights trained on it and use it in a commercial "
            "product, from https://larks.example/buy (acquireLicensePage); else from the publisher "
            "of https://larks.example/ (inferred from the address)",
            id="whom to ask, best first",
        ),
        pytest.param(
            lambda: checked(JSON_LD),
            "for the page: JSON-LD, <script> at octet 27, /license in it",
            id="a JSON pointer in a script",
        ),
        pytest.param(
            lambda: checked(headers=[(b"link", f"<{CC}/by/4.0/>; rel=license".encode())]),
            "CC BY 4.0 (CC-BY-4.0), for the page: HTTP header, field line 1 of link",
            id="a Link header",
        ),
        pytest.param(
            lambda: checked(
                url="https://huggingface.co/datasets/larks/l/raw/main/README.md",
                content=b"---\nlicense: cc-by-4.0\n---\n# Larks\n",
                media=b"text/markdown",
            ),
            "CC BY 4.0 (CC-BY-4.0), for the dataset: dataset card, line 2, column 10",
            id="a dataset card",
        ),
        pytest.param(
            lambda: checked(HEAD, policy=PLAN + STATEMENT),
            "ok, asking for credit and non-commercial: release-weights: The licensor permits this "
            "in its own statement (https://larks.example/faq).",
            id="what the licensor says itself",
        ),
    ],
)
def test_what_is_said_of_licences(result: Callable[[], Assessment], said: str) -> None:
    shown = text(result())
    heading = "Licences" if "\nLicences\n" in shown else "Licence"
    assert said in section(shown, heading)


def test_what_binds_is_told_apart_from_what_a_licence_would_ask() -> None:
    policy = (
        'uses = ["train-generative"]\nactivities = ["mirror"]\n'
        '[[commitment]]\nkind = "credit"\nevidence = "https://us.example/x"\n'
    )
    sharing = FREE.replace("/by/4.0/", "/by-nc-sa/4.0/")
    shown = text(checked(sharing, policy=policy.replace("mirror", "publish-metrics")))
    assert "share-alike to" not in shown
    waiting = shown.split(
        "What a licence would ask (not binding: no planned activity calls for it)"
    )
    assert [
        line.split()[0] for line in waiting[1].split("\n\n")[0].splitlines() if ": " in line
    ] == [
        "terms:",
        "credit:",
        "share-alike:",
        "non-commercial:",
    ]
    shown = text(checked(sharing, policy=policy))
    assert "credit to larks.example" in section(shown, "What is owed")
    assert "share-alike to larks.example" in section(shown, "What is owed")
    assert "What a licence would ask" not in shown
    nothing_planned = text(checked(sharing))
    assert "What a licence would ask (not binding: no activity is planned)" in nothing_planned


def test_a_page_without_a_licence_has_no_word_about_any() -> None:
    shown = text(checked("<title>x</title>"))
    assert "icence" not in shown
    assert "legal advice" not in shown


def test_several_results_have_a_line_for_each_licence_and_one_disclaimer() -> None:
    shown = report.render("text", [checked(HEAD, policy=PLAN), checked(FREE, policy=PLAN)])
    assert "  licence CC BY-NC-ND 4.0, for the page: HTML link, <link> at octet 51\n" in shown
    assert "  caution: release-weights\n  no: commercial-product\n" in shown
    assert "  ok: release-weights, commercial-product\n" in shown
    assert shown.count("This is no legal advice.") == 1


@pytest.mark.parametrize("columns", [60, 80, 90, 100, 120])
def test_a_long_decision_keeps_out_of_the_next_column(columns: int) -> None:
    shown = text(checked(HEAD, policy=PLAN), columns)
    head, *rows = shown[shown.index("  use ") : shown.index("  not asked for")].splitlines()
    row = rows[0]
    assert row.split("  ")[-1].strip() == "nothing"
    assert row.index("nothing") == head.index("owed")
    assert row[: head.index("owed")].endswith("  ")
    start = head.index("decision")
    decided = " ".join(line[start : head.index("owed")].strip() for line in rows)
    assert decided.strip() == "skip: licence-forbids, licence-caution"


@pytest.mark.parametrize(
    ("result", "said"),
    [
        pytest.param(
            lambda: checked(
                '<meta name="content-usage" content="train-ai=y">',
                robots=b"User-agent: *\nContent-Usage: train-ai=n\nAllow: /\n",
            ),
            "-> not counted: it allows, and here it may only restrict info aipref-allow-ignored",
            id="an allow where only restricting counts",
        ),
        pytest.param(
            lambda: checked(
                headers=[(b"content-usage", b"train-ai=y")],
                robots=b"User-agent: *\nContent-Signal: ai-train=no\nAllow: /\n",
            ),
            "-> overruled: a stricter declaration counts",
            id="another family is stricter",
        ),
        pytest.param(
            lambda: checked(
                headers=[(b"content-usage", b"train-ai=y")],
                robots=b"User-agent: *\nContent-Usage: train-ai=n\nAllow: /\n",
            ),
            "-> decides no use: overruled by a stricter declaration, or silent on these uses",
            id="the same family is stricter, which leaves no note",
        ),
        pytest.param(
            lambda: checked(
                robots=b"User-agent: *\nContent-Usage: train-genai=n\n"
                b"Content-Usage: /song train-genai=y\nAllow: /\n"
            ),
            "-> overruled: a rule with a longer path counts",
            id="a longer path counts",
        ),
        pytest.param(
            lambda: checked(
                robots=b"User-agent: *\nContent-Usage: train-ai=n\n"
                b"Content-Usage: /song train-ai=y\nAllow: /\n"
            ),
            "-> else overruled: a rule with a longer path counts",
            id="a longer path counts for one use of two",
        ),
    ],
)
@pytest.mark.parametrize("name", ["text", "explain"])
def test_beside_a_declaration_that_was_overruled_it_says_so(
    name: str, result: Callable[[], Assessment], said: str
) -> None:
    shown = words(report.render(name, [result()]))
    if name == "text":
        assert said in shown
    else:
        assert "statement " + said.removeprefix("-> ").partition(" info ")[0] in shown


def test_the_tree_goes_from_the_octets_of_a_licence_to_the_verdict() -> None:
    shown = report.render("explain", [checked(HEAD, FIGURE, PLAN)], Screen(120))
    assert [line for line in shown.splitlines() if "octets  " in line or "^^^" in line][:2] == [
        f'│  octets       <link rel="license" href="{CC}/by-nc-nd/4.0/deed.de">',
        "│" + " " * 41 + "^" * len(f"{CC}/by-nc-nd/4.0/deed.de"),
    ]
    told = words(shown)
    for said in (
        "1. HTML link, <link> at octet 51",
        f"licence CC-BY-NC-ND-4.0, {CC}/by-nc-nd/4.0/, by rules#licences-names",
        "scope for the page, because a link element is about its page, by rules#licences-whose",
        "CC BY-NC-ND 4.0: caution for release-weights CC BY-NC-ND 4.0: no for commercial-product",
        "2. HTML anchor, <a> at octet 178",
        "CC BY-ND 4.0: not counted, because it is for a part, not for the page",
        "counted: CC BY-NC-ND 4.0, by rules#licences-whose",
        "which grants for NonCommercial purposes only] -> skip (licence-forbids)",
        "no declaration decides it commercial-product: no, see Licences (licence-forbids), by rule",
        "Verdict: skip",
        "release-weights: caution, see Licences (licence-caution)",
    ):
        assert said in told, said


@pytest.mark.parametrize(
    ("result", "said"),
    [
        pytest.param(
            lambda: checked("", f"<footer>{LOOSE}</footer>"),
            "scope for the page, because it is the only licence link in the <footer>",
            id="footer",
        ),
        pytest.param(
            lambda: checked("", LOOSE + OTHER),
            "scope unclear what it is for, because it stands in <body>, and nothing says that it "
            "is for the page as a whole",
            id="somewhere in the body",
        ),
        pytest.param(
            lambda: checked(JSON_LD),
            "scope for the page, because its subject is the page",
            id="JSON-LD",
        ),
        pytest.param(
            lambda: checked(JSON_LD),
            "to ask for more than the licence gives: https://larks.example/buy (acquireLicense",
            id="whom to ask",
        ),
        pytest.param(
            lambda: checked(
                headers=[(b"link", f'<{CC}/by/4.0/>; rel=license; anchor="/code"'.encode())]
            ),
            "scope for a part only: https://larks.example/code, because what it is declared for is "
            "not the page",
            id="a Link header about something else",
        ),
        pytest.param(
            lambda: checked(HEAD),
            "no activity is planned: all are listed, and none changes a decision",
            id="nothing planned",
        ),
        pytest.param(
            lambda: checked("", FIGURE),
            "Licences rule R25: they answer for activities, not for uses none counts for the page.",
            id="none counts",
        ),
        pytest.param(
            lambda: checked(HEAD, policy=PLAN + STATEMENT),
            "release-weights: ok, asking for credit and non-commercial, The licensor permits this "
            "in its own statement (https://larks.example/faq).",
            id="what the licensor says itself",
        ),
    ],
)
def test_what_the_tree_says_of_licences(result: Callable[[], Assessment], said: str) -> None:
    assert said in words(report.render("explain", [result()]))


@pytest.mark.parametrize("name", report.FORMATS)
def test_a_hostile_licence_cannot_write_on_the_terminal(name: str) -> None:
    bad = "\x1b]0;owned\x07\u202eterms"
    head = f'<link rel="license" href="https://larks.example/{bad}" title="{bad}">'
    script = (
        '<script type="application/ld+json">{"@type": "WebPage", "license": '
        '"My \\u001b[2J \\u202e terms", "acquireLicensePage": "https://larks.example/\\u202e"}'
        "</script>"
    )
    results = [checked(head + script, policy=PLAN)]
    shown = report.render(name, results) + report.render(name, results * 2)
    assert {c for c in shown if c != "\n" and not c.isprintable()} == set()
    assert "\u202e" not in shown


@pytest.mark.parametrize("name", ["text", "explain"])
def test_colour_adds_nothing_but_colour_to_licences(name: str) -> None:
    result = checked(HEAD, FIGURE, PLAN)
    coloured = report.render(name, [result], Screen(colour=True))
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == report.render(name, [result])
    assert name == "explain" or "\x1b[31mno\x1b[0m: commercial-product" in coloured


@pytest.mark.parametrize(
    "result",
    [
        pytest.param(lambda: checked(HEAD, FIGURE + LOOSE, PLAN), id="page, part and unclear"),
        pytest.param(lambda: checked("", LOOSE + OTHER), id="several unclear, one unrecognised"),
        pytest.param(lambda: checked(JSON_LD), id="whom to ask"),
    ],
)
def test_machine_formats_hold_licences_without_a_null(result: Callable[[], Assessment]) -> None:
    made = json.loads(report.render("json", [result()]))["results"][0]
    places: list[object] = [made[key] for key in ("licences", "separate_licences", "attribution")]
    assert all(places)
    while places:
        place = places.pop()
        assert place is not None
        places += place.values() if isinstance(place, dict) else ()
        places += place if isinstance(place, list) else ()
    assert {key for each in made["licences"] for key in each["activities"]} == set(Activity)
