"""What a declaration comes to where it holds several licences, or narrows the one it names."""

import time

import pytest

import signals_agent as sa
from signals_agent.licences.free_text import find
from signals_agent.model.licence import Activity, ActivityAnswer, LicenceScope
from signals_agent.policy import LicensorStatement

BY = "https://creativecommons.org/licenses/by/4.0/"
NC_ND = "https://creativecommons.org/licenses/by-nc-nd/4.0/"
URL = "https://site.example/post"


def asked(*head: str, policy: sa.Policy | None = None) -> sa.Assessment:
    body = f"<!doctype html><html><head><title>t</title>{''.join(head)}</head></html>"
    capture = sa.Capture(
        URL, status=200, headers=[("Content-Type", b"text/html")], body=body.encode()
    )
    return sa.assess(
        capture,
        robots=b"User-agent: *\nAllow: /\n",
        site_files={"/.well-known/tdmrep.json": sa.ABSENT},
        token="ExampleBot",
        policy=policy,
    )


def governing(*head: str) -> list[str]:
    return sorted(each.label for each in asked(*head).licences if each.governs)


@pytest.mark.parametrize(
    "head",
    [
        f'<link rel="license" href="{BY} {NC_ND}">',
        f'<link rel="license" href="{BY}%20{NC_ND}">',
        f'<meta name="license" content="{BY} {NC_ND}">',
        f'<meta name="license" content="{BY}\n{NC_ND}">',
        f'<meta name="dc.rights" content="{BY} {NC_ND}">',
    ],
)
def test_of_two_urls_in_one_text_both_count(head: str) -> None:
    assert governing(head) == ["CC-BY-4.0", "CC-BY-NC-ND-4.0"]


def test_what_stands_behind_a_url_is_not_left_out() -> None:
    said = f"{BY} https://press.example/terms"
    assert governing(f'<meta name="license" content="{said}">') == [
        "CC-BY-4.0",
        "https://press.example/terms",
    ]
    (narrowed,) = governing(f'<meta name="license" content="{BY} noncommercial use only">')
    assert narrowed == f"{BY} noncommercial use only"


@pytest.mark.parametrize("name", ["license", "dc.rights"])
@pytest.mark.parametrize(
    "text",
    [
        "This work is not licensed under CC BY 4.0; all rights reserved.",
        "CC0 for data, text (c) Foo all rights reserved",
        "Creative Commons Attribution (BY-NC-ND) license",
        "CC-BY (NC)",
        "CC-BY 4.0, non-commercial use only",
    ],
)
def test_a_text_that_takes_back_what_it_names_counts_beside_a_link(name: str, text: str) -> None:
    found = [
        each
        for each in asked(
            f'<link rel="license" href="{BY}">', f'<meta name="{name}" content="{text}">'
        ).licences
        if each.governs
    ]
    assert all(each.scope is LicenceScope.PAGE for each in found)
    assert ActivityAnswer.NO in {each.activities[Activity.MIRROR].answer for each in found}


def test_a_name_that_no_licence_has_is_a_licence_that_is_not_recognised() -> None:
    (found,) = asked('<meta name="dc.rights" content="CC BY-SA-ND 4.0">').licences
    assert found.scope is LicenceScope.UNCLEAR
    assert found.activities[Activity.MIRROR].answer is ActivityAnswer.NO


@pytest.mark.parametrize(
    ("licence", "activity", "committed", "unmet"),
    [
        ("by-nc", "commercial-product", "non-commercial", {"credit"}),
        ("by-nc", "commercial-product", "credit", set()),
        ("by-nc-nd", "redistribute-modified", "credit", {"non-commercial"}),
    ],
)
def test_what_a_licensor_permits_is_still_owed_its_other_duties(
    licence: str, activity: str, committed: str, unmet: set[str]
) -> None:
    url = f"https://creativecommons.org/licenses/{licence}/4.0/"
    policy = sa.Policy.model_validate(
        {
            "activities": [activity],
            "commitment": [
                {
                    "kind": committed,
                    "to": "https://site.example",
                    "evidence": "https://us.example/",
                }
            ],
            "statement": [
                LicensorStatement(
                    licence=url,
                    origins=("https://site.example",),
                    activity=Activity(activity),
                    answer="ok",
                    url="https://site.example/faq",
                ).model_dump()
            ],
        }
    )
    result = asked(f'<link rel="license" href="{url}">', policy=policy)
    binding = {each.kind for each in result.obligations if each.binding}
    assert binding - {committed} == unmet
    decided = {each.decision for each in result.uses.values()}
    assert ("hold" in decided) is bool(unmet)


@pytest.mark.parametrize(
    "piece",
    [
        *("CC BY 4.0 ", "CC BY ", "not ", "CC BY 4.0 unless where ", "non-commercial use ", " "),
        *("\n", "a.b/", "by-nc-", "all rights reserved ", "NC ", "©. ", "except where when as "),
    ],
)
def test_a_long_text_is_read_in_a_time_that_grows_with_it(piece: str) -> None:
    text = "CC BY 4.0 " + piece * (200_000 // len(piece))
    begun = time.perf_counter()
    find(text)
    assert time.perf_counter() - begun < 5
