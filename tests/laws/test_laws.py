"""The laws of the rules (docs/rules.md, section 9), as properties of the whole pipeline."""

from collections.abc import Sequence
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

import signals_agent as sa
from signals_agent.model.statement import strictness

NOW = datetime(2026, 11, 1, tzinfo=UTC)
URL = "https://example.org/blog/post?x=1"

LABELS = st.sampled_from(
    ["train-ai", "train-genai", "ai-use", "search", "all", "bots", "tdm", "ai", "genai", "foo"]
)
VALUES = st.sampled_from(
    [
        "y",
        "n",
        "n;exceptions=cc-cr",
        "n;exceptions=cc-cr-op",
        'n;exceptions="cc-cr cc-cr-dc"',
        "n;exceptions=cc-foo",
        "y;exceptions=cc-cr-ec",
        "no",
        '"n"',
        "?0",
        "N",
        "",
    ]
)
MEMBERS = st.builds(lambda label, value: f"{label}={value}" if value else label, LABELS, VALUES)
EXPRESSIONS = st.lists(MEMBERS, min_size=1, max_size=4).map(", ".join)
PATHS = st.sampled_from(["", "/ ", "/blog/ ", "/blog/post ", "/bl* ", "/other/ "])
RULES = st.builds(lambda path, usage: f"Content-Usage: {path}{usage}", PATHS, EXPRESSIONS)
SIGNALS = st.builds(
    lambda key, value: f"Content-Signal: {key}={value}",
    st.sampled_from(["ai-train", "ai-input", "search", "use"]),
    st.sampled_from(["yes", "no", "reference", "immediate", "NO", "maybe"]),
)
LINES = st.lists(
    st.one_of(
        RULES, SIGNALS, st.sampled_from(["Disallow: /private", "Allow: /", "Disallow: /blog/p"])
    ),
    max_size=4,
)
AGENTS = st.sampled_from(["*", "ExampleBot", "OtherBot", "examplebot"])
HEADERS = st.lists(
    st.one_of(
        st.tuples(st.just("Content-Usage"), EXPRESSIONS),
        st.tuples(st.just("tdm-reservation"), st.sampled_from(["0", "1", "2", "yes"])),
        st.tuples(
            st.just("X-Robots-Tag"),
            st.sampled_from(["noai", "noindex", "otherbot: noai", "ExampleBot: noml", "all"]),
        ),
    ),
    max_size=3,
)


@st.composite
def groups(draw: st.DrawFn) -> list[str]:
    """A robots.txt as a list of whole groups."""
    made = []
    for _ in range(draw(st.integers(0, 3))):
        agents = draw(st.lists(AGENTS, min_size=1, max_size=2))
        lines = draw(LINES)
        made.append("\n".join([*(f"User-agent: {agent}" for agent in agents), "Allow: /a", *lines]))
    return made


def ask(
    robots: Sequence[str] | sa.Availability,
    headers: Sequence[tuple[str, str]] = (),
    policy: sa.Policy | None = None,
    capture: sa.Capture | None = None,
) -> sa.Assessment:
    body = robots if isinstance(robots, sa.Availability) else "\n".join(robots).encode()
    asset = capture or sa.Capture(URL, status=200, headers=headers, body=b"text")
    return sa.assess(asset, robots=body, token="ExampleBot", policy=policy, now=NOW)


@given(groups(), HEADERS)
def test_we_never_allow_what_the_current_draft_disallows(
    robots: list[str], headers: list[tuple[str, str]]
) -> None:
    for answer in ask(robots, headers).uses.values():
        if answer.literal is sa.Preference.DISALLOW:
            assert answer.preference in (sa.Preference.DISALLOW, sa.Preference.CONDITIONAL)


@given(groups(), HEADERS, EXPRESSIONS, st.sampled_from(["train-ai", "search", "ai-use"]))
def test_adding_a_disallow_to_the_header_never_relaxes(
    robots: list[str], headers: list[tuple[str, str]], expression: str, label: str
) -> None:
    usage = [*headers, ("Content-Usage", expression)]
    more = [*usage, ("Content-Usage", f"{label}=n")]
    before, after = ask(robots, usage), ask(robots, more)
    governed = {"train-ai": "train-generative", "search": "search", "ai-use": "model-input"}[label]
    assert strictness(after.uses[sa.Use(governed)].preference) >= strictness(
        before.uses[sa.Use(governed)].preference
    )


@given(LINES, PATHS, EXPRESSIONS, st.sampled_from(["train-ai", "search", "ai-use"]))
def test_adding_a_disallow_to_a_group_at_the_same_path_never_relaxes(
    lines: list[str], path: str, expression: str, label: str
) -> None:
    group = ["User-agent: *", *lines, f"Content-Usage: {path}{expression}"]
    before = ask(["\n".join(group)])
    after = ask(["\n".join([*group, f"Content-Usage: {path}{label}=n"])])
    governed = {"train-ai": "train-generative", "search": "search", "ai-use": "model-input"}[label]
    assert strictness(after.uses[sa.Use(governed)].preference) >= strictness(
        before.uses[sa.Use(governed)].preference
    )


@given(
    groups(),
    HEADERS,
    st.sampled_from(
        ["robots", "robots gone", "robots unreadable", "asset", "asset gone", "asset unreadable"]
    ),
)
def test_taking_a_required_source_away_never_yields_ingest(
    robots: list[str], headers: list[tuple[str, str]], missing: str
) -> None:
    asset = None
    given_robots: Sequence[str] | sa.Availability = robots
    match missing:
        case "robots":
            given_robots = sa.NOT_LOOKED
        case "robots gone":
            given_robots = sa.UNREACHABLE
        case "robots unreadable":
            given_robots = sa.Availability.UNREADABLE
        case "asset unreadable":
            asset = sa.Capture(
                URL, status=200, headers=headers, availability=sa.Availability.UNREADABLE
            )
        case "asset":
            asset = sa.Capture(URL, availability=sa.NOT_LOOKED)
        case _:
            asset = sa.Capture(URL, status=503, headers=headers)
    result = ask(given_robots, headers, capture=asset)
    assert all(answer.decision is not sa.Decision.INGEST for answer in result.uses.values())


@given(groups(), HEADERS, st.randoms(use_true_random=False))
def test_the_order_of_groups_and_of_fields_of_different_names_does_not_matter(
    robots: list[str], headers: list[tuple[str, str]], random: object
) -> None:
    shuffled = list(robots)
    random.shuffle(shuffled)
    names = sorted({name for name, _ in headers}, reverse=True)
    reordered = [pair for name in names for pair in headers if pair[0] == name]
    one, other = ask(robots, headers), ask(shuffled, reordered)
    assert {u: (a.preference, a.literal, a.decision) for u, a in one.uses.items()} == {
        u: (a.preference, a.literal, a.decision) for u, a in other.uses.items()
    }


@given(groups(), HEADERS, st.sampled_from(["", "credit", "open", "ecosystem-contribution"]))
def test_ingest_means_that_every_binding_obligation_is_committed_to(
    robots: list[str], headers: list[tuple[str, str]], kind: str
) -> None:
    toml = f"[[commitment]]\nkind={kind!r}\nevidence='https://us.example/x'\n" if kind else ""
    result = ask(robots, headers, sa.Policy.parse(toml))
    for use, answer in result.uses.items():
        if answer.decision is sa.Decision.INGEST:
            binding = {due.kind for due in result.obligations_for(use) if due.binding}
            assert binding <= {kind}


@given(groups(), HEADERS)
def test_the_same_input_gives_the_same_document_and_nothing_in_it_is_null(
    robots: list[str], headers: list[tuple[str, str]]
) -> None:
    one, other = ask(robots, headers), ask(robots, headers)
    assert one.model_dump_json() == other.model_dump_json()
    assert "null" not in one.model_dump_json().replace('"null"', "")
    assert sa.Assessment.model_validate_json(one.model_dump_json()) == one
