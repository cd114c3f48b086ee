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
            "[[agreement]]\nparty='P'\norigins=['https://p.example']\nuses=['search']\n"
            "until=2026-01-01\nfrom=2026-02-01",
            "the agreement with P ends (2026-01-01) before it begins (2026-02-01) "
            "(agreement.1.from, line 6; agreement.1.until, line 5)",
            id="an agreement that ends before it begins",
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


REVERSED = (
    '[[agreement]]\nparty = "Late"\norigins = ["https://l.example"]\nuses = ["search"]\n'
    "from = 2026-05-01\nuntil = 2026-01-01\n"
)


def told(text: str) -> list[str]:
    """What is wrong with a policy, a line for each mistake."""
    with pytest.raises(sa.PolicyError) as raised:
        sa.Policy.parse(text, "p.toml")
    return str(raised.value).splitlines()


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        pytest.param("", (), id="contradictions alone"),
        pytest.param("[bogus]\n", ("unknown key 'bogus'",), id="an unknown key"),
        pytest.param(
            f'[[agreement]]\nparty = "B"\norigins = ["https://b.example"]\nsha256 = "{DIGEST}"\n',
            ("names the uses or activities", "name the document"),
            id="two mistakes of one entry",
        ),
        pytest.param(
            '[[commitment]]\nkind = "credit"\nosaid = "https://us.example"\nto = "http://"\n',
            ("osaid stands only in", "to: "),
            id="two mistakes of a commitment",
        ),
    ],
)
def test_no_mistake_waits_until_another_is_mended(mistake: str, said: tuple[str, ...]) -> None:
    lines = told(
        # What is wrong stands first in its tables, so that places are not those of what is valid.
        'activities = ["commercial-product"]\n[recipient]\nuser = "personal"\n'
        + mistake
        + NON_COMMERCIAL
        + PURSE
        + 'ceiling = "EUR 5"\n'
        + PURSE
        + 'ceiling = "EUR 6"\n'
        + REVERSED
        + AGREED
        + f'sha256 = "{DIGEST}"\n'
        + AGREED
        + f'sha256 = "{"0" * 64}"\n'
        + STATED
        + STATED.replace('"ok"', '"no"')
    )
    contradicting = [line for line in lines if "the policy contradicts itself" in line]
    for wanted in (
        "two ceilings",
        "before it begins",
        "two different sha256",
        "both ok and no",
        "which breaks it",
        "recipient.user is personal",
    ):
        assert sum(wanted in line for line in contradicting) == 1, wanted
    assert all(line.count(", line ") == 2 for line in contradicting)
    assert len(lines) == 6 + len(said)
    assert all(any(each in line for line in lines) for each in said)


def test_places_are_those_of_the_file_though_an_entry_is_left_out() -> None:
    flawed = '[[commitment]]\nkind = "payment"\n'
    lines = told("[[bogus]]\n" + flawed + PURSE + 'ceiling = "EUR 5"\n' + PURSE + 'ceiling="USD 1"')
    assert lines[-1].endswith("EUR 5 and USD 1 (commitment.2, line 6; commitment.3, line 9)")
    assert "commitment.1" in lines[0]
    lines = told('activities = ["nope", "commercial-product"]\n' + NON_COMMERCIAL)
    assert lines[-1].endswith("(commitment.1, line 2; activities, line 1)")


def test_an_agreement_with_a_mistake_may_yet_agree_to_what_is_planned() -> None:
    misspelt = ASSERTED + 'activites = ["commercial-product"]\n'
    assert len(told(SELLS + NON_COMMERCIAL + misspelt)) == 1


@pytest.mark.parametrize(
    "keys",
    [
        {"commitment": 3, "agreement": "x", "activities": "mirror", "recipient": []},
        {"commitment": [3, None, {}], "agreement": [[], {"uses": 3}], "statement": {"a": 1}},
        {"activities": [[], {}, None, 4], "recipient": {"user": ["personal"]}},
    ],
    ids=["no lists", "no tables", "no names"],
)
def test_values_of_any_kind_are_mistakes_and_nothing_worse(keys: dict[str, object]) -> None:
    with pytest.raises(sa.PolicyError):
        sa.Policy.make(keys)


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
