"""The laws of licences (rule R25, licences), as properties of the whole pipeline."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

import signals_agent as sa
from signals_agent.licences.activities import RANK
from signals_agent.model.licence import Activity
from signals_agent.model.obligation import Basis
from signals_agent.model.verdict import Decision

NOW = datetime(2026, 11, 1, tzinfo=UTC)
URL = "https://example.org/blog/post"
ROBOTS = b"User-agent: *\nAllow: /\n"
WORST = {Decision.INGEST: 0, Decision.HOLD: 1, Decision.SKIP: 2}

NAMED = st.sampled_from(
    [
        "https://creativecommons.org/licenses/by/4.0/",
        "http://creativecommons.org/licenses/by-sa/3.0/de/",
        "https://creativecommons.org/licenses/by-nc/4.0/deed.fr",
        "https://creativecommons.org/licenses/by-nc-nd/4.0",
        "https://creativecommons.org/publicdomain/zero/1.0/",
        "https://opendatacommons.org/licenses/odbl/1-0/",
        "https://rightsstatements.org/vocab/InC/1.0/",
        "/terms",
        "javascript:void(0)",
        "",
    ]
)
CARRIED = st.builds(
    lambda form, named: form.format(named),
    st.sampled_from(
        [
            '<link rel="license" href="{0}">',
            '<meta name="dcterms.license" content="{0}">',
            '<p><a rel="license" href="{0}">l</a></p>',
            '<footer><a rel="license" href="{0}">l</a></footer>',
            '<figure><a rel="license" href="{0}">l</a></figure>',
            '<div about="/other"><a rel="license" href="{0}">l</a></div>',
            '<script type="application/ld+json">{{"@type":"WebPage","license":"{0}"}}</script>',
            (
                '<p itemscope itemtype="https://schema.org/Photograph">'
                '<a itemprop="license" href="{0}">l</a></p>'
            ),
        ]
    ),
    NAMED,
)
PAGE = st.lists(CARRIED, max_size=4)
USAGE = st.sampled_from(["", "train-ai=n", "train-ai=y", "train-genai=n;exceptions=cc-cr"])
ACTIVITIES = st.lists(st.sampled_from(list(Activity)), max_size=3, unique=True)


def ask(
    parts: list[str], usage: str = "", activities: list[Activity] | None = None, link: str = ""
) -> sa.Assessment:
    head = "".join(part for part in parts if part.startswith(("<link", "<meta")))
    body = "".join(part for part in parts if not part.startswith(("<link", "<meta")))
    headers = [("Content-Type", b"text/html")]
    headers += [("Content-Usage", usage.encode())] if usage else []
    headers += [("Link", f'<{link}>; rel="license"'.encode())] if link else []
    html = f"<!doctype html><html><head><title>t</title>{head}</head><body>{body}</body></html>"
    capture = sa.Capture(URL, status=200, headers=headers, body=html.encode())
    policy = sa.Policy(activities=activities) if activities is not None else None
    return sa.assess(
        capture,
        robots=ROBOTS,
        site_files={"/.well-known/tdmrep.json": sa.ABSENT},
        token="ExampleBot",
        policy=policy,
        now=NOW,
    )


@given(parts=PAGE, usage=USAGE)
def test_a_licence_neither_allows_nor_disallows_a_use(parts: list[str], usage: str) -> None:
    with_, without = ask(parts, usage), ask([], usage)
    for use in sa.Use:
        assert with_.uses[use].preference is without.uses[use].preference
        assert with_.uses[use].literal is without.uses[use].literal


@given(parts=PAGE, usage=USAGE, activities=ACTIVITIES)
def test_a_licence_never_relaxes_a_decision(
    parts: list[str], usage: str, activities: list[Activity]
) -> None:
    with_, without = ask(parts, usage, activities), ask([], usage, activities)
    for use in sa.Use:
        assert WORST[with_.uses[use].decision] >= WORST[without.uses[use].decision]


@given(parts=PAGE, link=NAMED)
def test_one_more_licence_of_the_page_never_makes_an_answer_better(
    parts: list[str], link: str
) -> None:
    parts = ['<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">', *parts]
    before, after = (
        [one for one in ask(parts, link=each).licences if one.governs] for each in ("", link)
    )
    for activity in Activity:
        ranks = [
            max(RANK[one.activities[activity].answer] for one in found) for found in (before, after)
        ]
        assert ranks[1] >= ranks[0]


@given(parts=PAGE, data=st.data())
def test_the_order_in_which_licences_stand_does_not_matter(
    parts: list[str], data: st.DataObject
) -> None:
    def said(result: sa.Assessment) -> set[tuple[object, ...]]:
        return {(one.label, one.scope, one.governs, one.parts) for one in result.licences}

    assert said(ask(data.draw(st.permutations(parts)))) == said(ask(parts))


@given(parts=PAGE, activities=ACTIVITIES)
def test_ingest_means_that_nothing_planned_is_refused_or_owed(
    parts: list[str], activities: list[Activity]
) -> None:
    result = ask(parts, activities=activities)
    governing = [one for one in result.licences if one.governs]
    worst = max(
        (RANK[one.activities[a].answer] for one in governing for a in activities), default=0
    )
    owed = [due for due in result.obligations if due.binding and due.basis is Basis.LICENCE]
    for use in sa.Use:
        if result.uses[use].decision is Decision.INGEST:
            assert worst == 0
            assert not owed


@given(parts=PAGE, activities=ACTIVITIES)
def test_what_a_licence_asks_is_traced_to_the_octets_that_name_it(
    parts: list[str], activities: list[Activity]
) -> None:
    result = ask(parts, activities=activities)
    shown = {each.id for each in result.declarations}
    for each in (*result.licences, *(one for one in result.obligations if one.signal)):
        assert each.because
        assert set(each.because) <= shown
    written = result.model_dump_json()
    assert "null" not in written
    assert sa.Assessment.model_validate_json(written).licences == result.licences
