"""A policy that contradicts itself is refused, and both places are named with their lines."""

import pytest
from policies import AGREED, ASSERTED, CREDIT, DIGEST, STATED

import signals_agent as sa
from signals_agent.contradictions import BREAKING
from signals_agent.licences.activities import AGAINST

NON_COMMERCIAL = CREDIT.replace("credit", "non-commercial")
NO_DERIVATIVES = CREDIT.replace("credit", "no-derivatives")
PURSE = '[[commitment]]\nkind = "direct-contribution"\n'
SELLS = 'activities = [\n "mirror",\n "commercial-product",\n]\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            STATED + STATED.replace('"ok"', '"no"').replace("CC-BY", "cc-by"),
            "the statement on cc-by-ND-4.0 for https://d.example answers mirror with both ok and "
            "no (statement.1, line 5; statement.2, line 11)",
            id="two answers of one licensor",
        ),
        pytest.param(
            STATED
            + STATED.replace('"ok"', '"caution"').replace(
                "CC-BY-ND-4.0", "https://creativecommons.org/licenses/by-nd/4.0/"
            ),
            "answers mirror with both ok and caution (statement.1, line 5; statement.2, line 11)",
            id="two answers under two spellings of one licence",
        ),
        pytest.param(
            AGREED + f'sha256 = "{DIGEST}"\n' + AGREED + f'sha256 = "{"0" * 64}"',
            "two agreements give press.pdf two different sha256 (agreement.1, line 6; "
            "agreement.2, line 12)",
            id="two digests of one document",
        ),
        pytest.param(
            PURSE + 'ceiling = "EUR 5"\n' + PURSE + 'ceiling = "EUR 6"\n',
            "has two ceilings, EUR 5 and EUR 6 (commitment.1, line 3; commitment.2, line 6)",
            id="two ceilings",
        ),
        pytest.param(
            PURSE + 'ceiling = "EUR 5"\n' + PURSE + 'ceiling = "USD 5"\n',
            "has two ceilings, EUR 5 and USD 5",
            id="ceilings in two currencies",
        ),
        pytest.param(
            PURSE
            + 'to = "https://p.example"\nceiling = "EUR 5"\n'
            + PURSE
            + 'to = "https://P.example:443/"\nceiling = "EUR 6"\n',
            "has two ceilings, EUR 5 and EUR 6",
            id="two ceilings for one origin in two spellings",
        ),
        pytest.param(
            SELLS + NON_COMMERCIAL,
            "the commitment to non-commercial is made to everyone, and commercial-product is "
            "planned, which breaks it (commitment.1, line 5; activities, line 3)",
            id="non-commercial to everyone, and a product",
        ),
        pytest.param(
            'activities = ["redistribute-modified"]\n' + NO_DERIVATIVES,
            "redistribute-modified is planned, which breaks it (commitment.1, line 2; "
            "activities, line 1)",
            id="no derivatives, and modified copies",
        ),
        pytest.param(
            'activities = ["publish-adapted-samples"]\n' + NO_DERIVATIVES + 'to = "**"',
            "publish-adapted-samples is planned, which breaks it",
            id="no derivatives, and adapted samples",
        ),
        pytest.param(
            SELLS + '[recipient]\nuser = "non-commercial"\n',
            "recipient.user is non-commercial, and a commercial-product is planned "
            "(recipient.user, line 6; activities, line 3)",
            id="a recipient who does not trade, and a product",
        ),
    ],
)
def test_a_policy_that_contradicts_itself_is_refused(text: str, said: str) -> None:
    with pytest.raises(sa.PolicyError) as raised:
        sa.Policy.parse(text, "p.toml")
    assert str(raised.value).startswith("p.toml: the policy contradicts itself: ")
    assert said in str(raised.value)


def test_every_contradiction_has_a_line_of_its_own() -> None:
    with pytest.raises(sa.PolicyError) as raised:
        sa.Policy.parse(SELLS + NON_COMMERCIAL + STATED + STATED.replace('"ok"', '"no"'), "p.toml")
    first, second = str(raised.value).splitlines()
    assert "which breaks it" in second
    assert "both ok and no" in first


def test_a_policy_that_is_made_in_code_names_the_entries() -> None:
    credit = {"kind": "non-commercial", "evidence": "https://us.example"}
    with pytest.raises(sa.PolicyError, match=r"breaks it \(commitment\.1; activities\)"):
        sa.Policy(commitment=[credit], activities=["commercial-product"])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(STATED + STATED, id="the same answer twice"),
        pytest.param(
            STATED + STATED.replace("d.example", "e.example").replace('"ok"', '"no"'),
            id="two licensors",
        ),
        pytest.param(
            STATED + STATED.replace("BY-ND", "BY-NC").replace('"ok"', '"no"'), id="two licences"
        ),
        pytest.param(
            AGREED + f'sha256 = "{DIGEST}"\n' + AGREED + f'sha256 = "{DIGEST}"', id="one digest"
        ),
        pytest.param(
            PURSE
            + 'ceiling = "EUR 5"\nexpires = 2026-12-31\n'
            + PURSE
            + 'ceiling = "EUR 6"\nexpires = 2027-12-31\n',
            id="one ceiling after the other",
        ),
        pytest.param(SELLS + NON_COMMERCIAL + 'to = "Press"', id="towards one party"),
        pytest.param(SELLS + NON_COMMERCIAL + "expires = 2026-12-31", id="until a day"),
        pytest.param(
            SELLS + NON_COMMERCIAL + ASSERTED + 'activities = ["commercial-product"]',
            id="where it is agreed",
        ),
        pytest.param('activities = ["release-weights"]\n' + NO_DERIVATIVES, id="open to doubt"),
        pytest.param(SELLS + '[recipient]\nuser = "education"\n', id="a university"),
    ],
)
def test_what_can_be_meant_is_no_contradiction(text: str) -> None:
    sa.Policy.parse(text)


def test_a_stored_policy_is_read_though_it_contradicts_itself() -> None:
    kept = sa.Policy.parse(SELLS + CREDIT).record()
    kept["policy"]["commitment"][0]["kind"] = "non-commercial"
    with pytest.raises(sa.PolicyError, match="contradicts itself"):
        sa.Policy.make(kept["policy"])
    assert sa.Policy.from_record(kept).commitment[0].kind.value == "non-commercial"


def test_what_breaks_a_commitment_is_against_it() -> None:
    assert all(set(breaking) <= AGAINST[kind] for kind, breaking in BREAKING.items())
