"""What ``policy check`` says of licences."""

from datetime import UTC, datetime

import pytest

from signals_agent.cli import consequences
from signals_agent.policy import Policy
from signals_agent.terminal import Screen, width

NOW = datetime(2026, 11, 1, tzinfo=UTC)
PLAN = 'activities = ["release-weights", "commercial-product"]\n'
CREDIT = '[[commitment]]\nkind = "credit"\nevidence = "https://lab.example/credit"\n'


def stated(licence: str, activity: str = "release-weights", answer: str = "ok") -> str:
    """What a licensor says, as a policy holds it."""
    return (
        f'[[statement]]\nlicence = "{licence}"\norigins = ["https://larks.example"]\n'
        f'activity = "{activity}"\nanswer = "{answer}"\nurl = "https://larks.example/faq"\n'
    )


def shown(text: str) -> str:
    """The consequences of a policy as one line of words."""
    lines = consequences.lines(Policy.parse(text, "test.toml"), NOW)
    return " ".join(" ".join(lines).split())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            PLAN, "a licence says no to a planned activity skip", id="a no is a situation"
        ),
        pytest.param(
            PLAN,
            "a licence answers caution for a planned activity hold",
            id="a caution is a situation",
        ),
        pytest.param(
            PLAN + '[on]\ncaution = "skip"',
            "a licence answers caution for a planned activity skip",
            id="as the policy chooses for caution",
        ),
        pytest.param(
            PLAN,
            "commercial-product ok: ingest CC0 ok: hold MIT (notice), CC-BY (credit), CC-BY-SA "
            "(credit, share-alike), GPL (share-alike, notice), OpenRAIL (use-restrictions) "
            "caution: hold CC-BY-ND (credit, no-derivatives), a licence that is not recognised "
            "no: skip CC-BY-NC, CC-BY-NC-SA, CC-BY-NC-ND",
            id="nothing is committed to",
        ),
        pytest.param(
            PLAN + CREDIT,
            "release-weights ok: ingest CC0, CC-BY (credit) ok: hold MIT (notice)",
            id="credit is committed to",
        ),
        pytest.param(
            PLAN + CREDIT + "expires = 2026-10-31\n",
            "release-weights ok: ingest CC0 ok: hold MIT (notice), CC-BY (credit)",
            id="a commitment that has expired counts for nothing",
        ),
        pytest.param(
            PLAN + CREDIT + 'to = "larks.example"\n',
            "release-weights ok: ingest CC0 ok: hold MIT (notice), CC-BY (credit)",
            id="a commitment to one party is none to everyone",
        ),
        pytest.param(
            PLAN + '[on]\ncaution = "ingest"',
            "caution: ingest a licence that is not recognised caution: hold CC-BY-SA (credit,",
            id="a caution that is let in still owes",
        ),
        pytest.param(
            PLAN + '[on]\ncaution = "ingest"',
            "on.caution lets in what a licence does not plainly permit",
            id="a caution that is let in is doubted",
        ),
        pytest.param(
            PLAN + stated("http://creativecommons.org/licenses/by-nc-nd/4.0/deed.de"),
            "but CC-BY-NC-ND-4.0 of https://larks.example: ok, as the licensor says (below)",
            id="a statement beside the activity",
        ),
        pytest.param(
            PLAN + stated("CC-BY-NC-ND-4.0"),
            "release-weights is ok (https://larks.example/faq); the licence itself: caution",
            id="a statement beside what the licence answers",
        ),
        pytest.param(
            PLAN + stated("Larks Licence"),
            "Larks Licence in a [[statement]] is not a licence that is recognised: the statement "
            "counts nowhere",
            id="a statement about an unknown name",
        ),
        pytest.param(
            PLAN + stated("https://larks.example/terms"),
            "is not a licence that is recognised: the statement counts only where a page declares "
            "this very URL",
            id="a statement about an unknown URL",
        ),
        pytest.param(
            PLAN + stated("CC-BY-ND-4.0", "mirror"),
            "a [[statement]] is about mirror, which activities does not list as planned",
            id="a statement about what nobody plans",
        ),
        pytest.param(
            "",
            "No activity is planned, so what licences answer is reported and decides nothing",
            id="nothing is planned",
        ),
    ],
)
def test_what_is_said_of_licences(text: str, said: str) -> None:
    assert said in shown(text)


@pytest.mark.parametrize(
    ("text", "unsaid"),
    [
        pytest.param(PLAN + stated("CC-BY-ND-4.0"), "not recognised: the", id="a known licence"),
        pytest.param(PLAN, "Said by licensors", id="no statement"),
        pytest.param("", "planned activity", id="nothing is planned"),
    ],
)
def test_what_is_not_said_of_licences(text: str, unsaid: str) -> None:
    assert unsaid not in shown(text)


@pytest.mark.parametrize("columns", [80, 100, 120])
def test_lines_keep_to_the_screen(columns: int) -> None:
    policy = Policy.parse(PLAN + stated("CC-BY-NC-ND-4.0") + CREDIT, "test.toml")
    lines = list(consequences.lines(policy, NOW, Screen(columns)))
    assert max(width(line) for line in lines) <= columns
