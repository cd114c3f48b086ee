"""What a policy puts forward is checked; what fails or is over does not count, and is named."""

import copy
import json
import pickle
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from press import NOW, PAGE, page

import signals_agent as sa
from signals_agent.openness.components import PARTS
from signals_agent.proof import CURRENCIES, Outcome

CONTRACT = b"%PDF-1.7 what was agreed"
DIGEST = sha256(CONTRACT).hexdigest()
ORIGIN = "https://press.example"
AGREED = (
    f'[[agreement]]\nparty = "Press"\norigins = ["{ORIGIN}"]\nuses = ["train-generative"]\n'
    'document = "press.pdf"\n'
)
REFUSED = ("Content-Usage", "train-ai=n")


def owing(exceptions: str) -> sa.Capture:
    return page(PAGE, ("Content-Usage", f"train-ai=n;exceptions={exceptions}"))


def verdict(
    capture: sa.Capture, policy: sa.Policy, now: datetime = NOW, robots: Any = sa.ABSENT
) -> tuple[str, str]:
    """The decision for training a generative model, and all its reasons as one text."""
    result = sa.assess(
        capture, robots=robots, policy=policy, uses=["train-generative"], now=now, token="OurBot"
    )
    assert result.verdict is not None
    return result.verdict.decision.value, " | ".join(each.text for each in result.verdict.reasons)


def load(place: Path, text: str) -> sa.Policy:
    (place / "policy.toml").write_text(text)
    return sa.Policy.load(place / "policy.toml")


def described(parts: int, licence: str = "Apache-2.0") -> str:
    """A model's description with the first so many components of the framework."""
    names = [each.name for each in PARTS[:parts]]
    parted = [{"name": name, "license": licence} for name in names]
    return json.dumps(
        {
            "framework": {"name": "Model Openness Framework", "version": "1.0"},
            "release": {"name": "M", "producer": "P", "license": {}, "components": parted},
        }
    )


# Agreements


def test_an_agreement_whose_document_has_its_sha256_lifts_a_disallow(tmp_path: Path) -> None:
    (tmp_path / "press.pdf").write_bytes(CONTRACT)
    policy = load(tmp_path, AGREED + f'sha256 = "{DIGEST.upper()}"')
    assert verdict(page(PAGE, REFUSED), policy)[0] == "ingest"
    (check,) = policy.checks
    assert (check.outcome, check.counts, check.key) == (Outcome.HOLDS, True, "document")


@pytest.mark.parametrize(
    ("content", "digest", "said"),
    [
        pytest.param(b"other", DIGEST, "its document differs from its sha256", id="another file"),
        pytest.param(None, DIGEST, "its document is not there (press.pdf)", id="no file"),
        pytest.param(None, None, "its document is not there (press.pdf)", id="no file, no digest"),
        pytest.param(b"", None, "its document is empty (press.pdf)", id="an empty file"),
    ],
)
def test_an_agreement_that_fails_its_check_lifts_nothing_and_is_named(
    tmp_path: Path, content: bytes | None, digest: str | None, said: str
) -> None:
    if content is not None:
        (tmp_path / "press.pdf").write_bytes(content)
    policy = load(tmp_path, AGREED + (f'sha256 = "{digest}"' if digest else ""))
    decision, reasons = verdict(page(PAGE, REFUSED), policy)
    assert decision == "skip"
    assert "train-generative is disallowed; the agreement with Press: " + said in reasons
    assert not policy.checks[0].counts


def test_a_folder_is_no_document(tmp_path: Path) -> None:
    (tmp_path / "press.pdf").mkdir()
    assert "is not a file" in load(tmp_path, AGREED).checks[0].text


def test_a_name_that_no_file_can_have_fails_and_does_not_raise(tmp_path: Path) -> None:
    (check,) = load(tmp_path, AGREED.replace("press.pdf", "a\\u0000b")).checks
    assert (check.outcome, check.counts) == (Outcome.FAILS, False)
    (check,) = load(tmp_path, AGREED.replace("press.pdf", "x" * 5000)).checks
    assert (check.outcome, check.counts) == (Outcome.FAILS, False)


def test_a_document_may_be_a_url_which_is_asserted_and_its_digest_cannot_be_checked(
    tmp_path: Path,
) -> None:
    text = AGREED.replace("press.pdf", "https://vault.example/press.pdf")
    policy = load(tmp_path, text)
    assert policy.checks[0].outcome is Outcome.ASSERTED
    assert verdict(page(PAGE, REFUSED), policy)[0] == "ingest"
    policy = load(tmp_path, text + f'sha256 = "{DIGEST}"')
    decision, reasons = verdict(page(PAGE, REFUSED), policy)
    assert decision == "skip"
    assert "so its sha256 cannot be checked" in reasons


def test_a_digest_that_was_not_checked_fails_closed_and_a_document_without_one_does_not() -> None:
    assert verdict(page(PAGE, REFUSED), sa.Policy.parse(AGREED))[0] == "ingest"
    unchecked = sa.Policy.parse(AGREED + f'sha256 = "{DIGEST}"')
    decision, reasons = verdict(page(PAGE, REFUSED), unchecked)
    assert decision == "skip"
    assert "its document was not looked for, so its sha256 is not checked" in reasons
    assert unchecked.checks[0].outcome is Outcome.NOT_CHECKED


def test_a_policy_that_is_made_in_code_is_checked_from_a_folder_that_is_named(
    tmp_path: Path,
) -> None:
    (tmp_path / "press.pdf").write_bytes(CONTRACT)
    text = AGREED + f'sha256 = "{DIGEST}"'
    unchecked = sa.Policy.parse(text)
    for policy in (sa.Policy.parse(text, folder=tmp_path), unchecked.checked(str(tmp_path))):
        assert verdict(page(PAGE, REFUSED), policy)[0] == "ingest"
        assert policy.sha256 == unchecked.sha256
    assert not unchecked.checks[0].counts


@pytest.mark.parametrize(
    ("dates", "day", "said"),
    [
        pytest.param("until = 2026-10-31", NOW, "expired on 2026-10-31", id="over"),
        pytest.param("from = 2026-12-01", NOW, "begins only on 2026-12-01", id="to come"),
        pytest.param("until = 2026-11-01", NOW, None, id="the last day"),
        pytest.param("from = 2026-11-01", NOW, None, id="the first day"),
        pytest.param(
            "until = 2026-11-01",
            NOW + timedelta(days=1),
            "expired on 2026-11-01",
            id="the day after",
        ),
    ],
)
@pytest.mark.parametrize(
    ("capture", "robots", "alone"),
    [
        pytest.param(
            page(PAGE, REFUSED), sa.ABSENT, "train-generative is disallowed", id="disallow"
        ),
        pytest.param(
            page(), b"User-agent: *\nDisallow: /\n", "robots.txt refuses access", id="access"
        ),
    ],
)
def test_an_agreement_outside_its_dates_is_named_where_it_would_have_lifted_a_no(
    capture: sa.Capture, robots: Any, alone: str, dates: str, day: datetime, said: str | None
) -> None:
    decision, reasons = verdict(capture, sa.Policy.parse(AGREED + dates), day, robots)
    if said is None:
        assert decision == "ingest"
    else:
        assert decision == "skip"
        assert alone in reasons
        assert f"; the agreement with Press {said}" in reasons


@pytest.mark.parametrize(
    "change",
    [
        pytest.param((ORIGIN, "https://other.example"), id="another origin"),
        pytest.param(('"train-generative"', '"search"'), id="another use"),
        pytest.param(('document = "press.pdf"', 'paths = ["/old/"]'), id="another path"),
    ],
)
def test_an_expired_agreement_that_is_about_something_else_is_not_named(
    change: tuple[str, str],
) -> None:
    policy = sa.Policy.parse(AGREED.replace(*change) + "\nuntil = 2026-10-31")
    decision, reasons = verdict(page(PAGE, REFUSED), policy)
    assert (decision, reasons) == ("skip", "train-generative is disallowed")


def test_an_expired_agreement_beside_one_in_force_is_not_named() -> None:
    policy = sa.Policy.parse(AGREED + "until = 2026-10-31\n" + AGREED)
    decision, reasons = verdict(page(PAGE, REFUSED), policy)
    assert decision == "ingest"
    assert "expired" not in reasons


def test_an_expired_agreement_is_named_where_silence_is_held() -> None:
    policy = sa.Policy.parse('preset = "strict"\n' + AGREED + "until = 2026-10-31")
    decision, reasons = verdict(page(), policy)
    assert decision == "hold"
    assert reasons.endswith("; the agreement with Press expired on 2026-10-31")


def test_an_expired_agreement_is_named_where_terms_are_stated() -> None:
    policy = sa.Policy.parse(AGREED + 'answers = ["payment"]\nuntil = 2026-10-31')
    decision, reasons = verdict(page(b"pay", status=402), policy)
    assert decision == "hold"
    assert "owed: payment to press.example; the agreement with Press expired" in reasons


@pytest.mark.parametrize(
    ("licence", "activity", "decision"),
    [("by-nc/4.0", "commercial-product", "skip"), ("by-sa/4.0", "release-weights", "hold")],
    ids=["a licence that says no", "a licence that is not clear"],
)
def test_an_expired_agreement_is_named_where_it_would_have_covered_an_activity(
    licence: str, activity: str, decision: str
) -> None:
    link = ("Link", f'<https://creativecommons.org/licenses/{licence}/>; rel="license"')
    text = (
        'activities = ["ACTIVITY"]\n[[commitment]]\nkind = "credit"\nevidence = "x"\n'
        '[[commitment]]\nkind = "share-alike"\nevidence = "x"\n'
        '[[commitment]]\nkind = "notice"\nevidence = "x"\n'
        '[[agreement]]\nparty = "Press"\norigins = ["ORIGIN"]\nactivities = ["ACTIVITY"]\n'
    )
    text = text.replace("ACTIVITY", activity).replace("ORIGIN", ORIGIN)
    assert verdict(page(PAGE, link), sa.Policy.parse(text))[0] == "ingest"
    over = sa.Policy.parse(text + "until = 2026-10-31")
    found, reasons = verdict(page(PAGE, link), over)
    assert found == decision
    assert "the agreement with Press expired on 2026-10-31" in reasons


# Commitments


@pytest.mark.parametrize(
    ("to", "named"),
    [
        pytest.param("*", "the commitment to credit expired on 2026-10-31", id="to everyone"),
        pytest.param(
            ORIGIN, f"the commitment to credit for {ORIGIN} expired on 2026-10-31", id="to one"
        ),
    ],
)
def test_an_expired_commitment_is_named_where_it_would_have_answered(to: str, named: str) -> None:
    text = f'[[commitment]]\nkind = "credit"\nto = "{to}"\nevidence = "x"\nexpires = '
    assert verdict(owing("cc-cr"), sa.Policy.parse(text + "2026-11-01"))[0] == "ingest"
    decision, reasons = verdict(owing("cc-cr"), sa.Policy.parse(text + "2026-10-31"))
    assert decision == "hold"
    assert f"not committed to: credit to press.example; {named}" in reasons


def test_an_expired_commitment_to_somebody_else_or_of_another_kind_is_not_named() -> None:
    text = (
        '[[commitment]]\nkind = "credit"\nto = "https://other.example"\nevidence = "x"\n'
        'expires = 2026-10-31\n[[commitment]]\nkind = "notice"\nevidence = "x"\n'
        "expires = 2026-10-31\n"
    )
    _, reasons = verdict(owing("cc-cr"), sa.Policy.parse(text))
    assert reasons == "not committed to: credit to press.example"


def test_evidence_in_a_file_counts_where_the_file_is_there(tmp_path: Path) -> None:
    text = '[[commitment]]\nkind = "credit"\nevidence = "docs/card.md#sources"\n'
    missing = load(tmp_path, text)
    decision, reasons = verdict(owing("cc-cr"), missing)
    assert decision == "hold"
    assert ("the commitment to credit: its evidence is not there (docs/card.md#sources)") in reasons
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "card.md").write_text("# Sources\n")
    assert verdict(owing("cc-cr"), load(tmp_path, text))[0] == "ingest"
    # What was found when the policy was loaded stays so.
    assert verdict(owing("cc-cr"), missing)[0] == "hold"


@pytest.mark.parametrize(
    ("text", "outcome", "said"),
    [
        pytest.param(described(17), Outcome.HOLDS, "class I of", id="class I"),
        pytest.param(described(12), Outcome.HOLDS, "class II of", id="class II"),
        pytest.param(described(7), Outcome.FAILS, "class III only", id="class III"),
        pytest.param(described(2), Outcome.FAILS, "no class", id="no class"),
        pytest.param("[", Outcome.FAILS, "not open", id="broken"),
        pytest.param(None, Outcome.FAILS, "is not there", id="missing"),
    ],
)
def test_evidence_for_open_is_the_class_of_the_model_that_it_describes(
    tmp_path: Path, text: str | None, outcome: Outcome, said: str
) -> None:
    if text is not None:
        (tmp_path / "m.json").write_text(text)
    policy = load(
        tmp_path,
        '[[commitment]]\nkind = "open"\nevidence = "m.json"\n'
        '[[commitment]]\nkind = "credit"\nevidence = "https://us.example/card"\n',
    )
    check = policy.checks[0]
    assert check.outcome is outcome
    assert said in check.text
    decision, reasons = verdict(owing("cc-cr-op"), policy)
    assert decision == ("ingest" if check.counts else "hold")
    if not check.counts:
        assert "not committed to: open to press.example; the commitment to open: its ev" in reasons


def test_a_description_over_the_cap_fails_closed(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_bytes(described(17).encode() + b" " * (5 * 1024 * 1024))
    (check,) = load(tmp_path, '[[commitment]]\nkind = "open"\nevidence = "m.json"').checks
    assert (check.counts, "larger than" in check.text) == (False, True)


def test_an_assertion_of_osaid_stands_beside_a_class_that_does_not_suffice(
    tmp_path: Path,
) -> None:
    (tmp_path / "m.json").write_text(described(7))
    text = (
        '[[commitment]]\nkind = "credit"\nevidence = "https://us.example/card"\n'
        '[[commitment]]\nkind = "open"\nevidence = "m.json"\nosaid = "https://us.example/osaid"\n'
    )
    policy = load(tmp_path, text)
    assert verdict(owing("cc-cr-op"), policy)[0] == "ingest"
    assert [(each.key, each.outcome.value) for each in policy.checks] == [
        ("evidence", "asserted"),
        ("evidence", "fails"),
        ("osaid", "asserted"),
    ]


# Forms


@pytest.mark.parametrize(
    ("ceiling", "said"),
    [
        ("lots", "'lots' is not an amount"),
        ("EUR 20,000", "is not an amount"),
        ("EUR", "is not an amount"),
        ("eur 5", "is not an amount"),
        ("EUR 0", "is not an amount"),
        ("EUR 0.00", "is not an amount"),
        ("EUR -5", "is not an amount"),
        ("EUR 5\\n", None),
        ("20000 EUR", "is not an amount"),
        ("EUX 5", "EUX is not a currency code of ISO 4217"),
        ("XAU 5", "XAU is not a currency code of ISO 4217"),
        ("EUR 20000", None),
        ("JPY 1", None),
        ("USD 0.5", None),
    ],
)
def test_a_ceiling_is_a_currency_and_an_amount(ceiling: str, said: str | None) -> None:
    text = f'[[commitment]]\nkind = "direct-contribution"\nceiling = "{ceiling}"'
    if said is None:
        (check,) = sa.Policy.parse(text).checks
        assert (check.key, check.outcome) == ("ceiling", Outcome.HOLDS)
    else:
        with pytest.raises(sa.PolicyError, match=said):
            sa.Policy.parse(text)


def test_currencies_are_three_capital_letters() -> None:
    assert len(CURRENCIES) > 150
    assert all(len(each) == 3 and each.isalpha() and each.isupper() for each in CURRENCIES)


STATED = (
    '[[statement]]\nlicence = "CC-BY-ND-4.0"\norigins = ["https://d.example"]\n'
    'activity = "mirror"\nanswer = "ok"\nurl = "https://d.example/faq"\n'
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('[[commitment]]\nkind = "credit"\nevidence = "ftp://x/y"', id="evidence"),
        pytest.param('[[commitment]]\nkind = "open"\nosaid = "yes"', id="osaid"),
        pytest.param(AGREED.replace("press.pdf", "https://"), id="document"),
        pytest.param(STATED.replace("https://d.example/faq", "our FAQ"), id="statement"),
    ],
)
def test_a_url_of_the_wrong_form_is_refused(text: str) -> None:
    with pytest.raises(sa.PolicyError, match="URL"):
        sa.Policy.parse(text)


def test_a_statement_is_asserted_by_its_url() -> None:
    (check,) = sa.Policy.parse(STATED).checks
    assert (check.entry, check.place, check.key, check.value) == (
        "statement",
        1,
        "url",
        "https://d.example/faq",
    )
    assert check.outcome is Outcome.ASSERTED


# Contradictions


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            STATED + STATED.replace('"ok"', '"no"').replace("CC-BY", "cc-by"),
            "answers mirror with both ok and no",
            id="two answers of one licensor",
        ),
        pytest.param(
            AGREED + f'sha256 = "{DIGEST}"\n' + AGREED + f'sha256 = "{"0" * 64}"',
            "two agreements give press.pdf two different sha256",
            id="two digests of one document",
        ),
        pytest.param(
            '[[commitment]]\nkind = "direct-contribution"\nceiling = "EUR 5"\n'
            '[[commitment]]\nkind = "direct-contribution"\nceiling = "EUR 6"\n',
            "has two ceilings, EUR 5 and EUR 6",
            id="two ceilings",
        ),
    ],
)
def test_a_policy_that_contradicts_itself_is_refused(text: str, said: str) -> None:
    with pytest.raises(sa.PolicyError, match=f"p.toml: the policy contradicts itself: .*{said}"):
        sa.Policy.parse(text, "p.toml")


def test_what_only_repeats_or_follows_is_no_contradiction() -> None:
    sa.Policy.parse(STATED + STATED)
    sa.Policy.parse(STATED + STATED.replace("d.example", "e.example").replace('"ok"', '"no"'))
    sa.Policy.parse(AGREED + f'sha256 = "{DIGEST}"\n' + AGREED + f'sha256 = "{DIGEST}"')
    purse = '[[commitment]]\nkind = "direct-contribution"\nceiling = "EUR {}"\nexpires = {}\n'
    sa.Policy.parse(purse.format(5, "2026-12-31") + purse.format(6, "2027-12-31"))


# Keeping what was found


def test_a_policy_that_was_recorded_decides_as_it_did_without_its_files(tmp_path: Path) -> None:
    (tmp_path / "press.pdf").write_bytes(CONTRACT)
    text = 'preset = "strict"\n' + AGREED + f'from = 2026-01-01\nsha256 = "{DIGEST}"\n'
    text += '[[commitment]]\nkind = "credit"\nevidence = "gone.md"\n'
    policy = load(tmp_path, text)
    kept = json.dumps(policy.record())
    (tmp_path / "press.pdf").unlink()
    again = sa.Policy.from_record(json.loads(kept))
    assert again == policy
    assert again.checks == policy.checks
    assert again.sha256 == policy.sha256
    assert again.label == "policy.toml"
    for capture in (page(PAGE, REFUSED), owing("cc-cr"), page()):
        assert verdict(capture, again) == verdict(capture, policy)


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"policy": {}},
        {"policy": {"nonsense": 1}, "evidence": {}},
        {"policy": {}, "evidence": {"commitment": [], "agreement": [{"outcome": "holds"}]}},
        {"policy": {}, "evidence": []},
    ],
)
def test_what_is_no_record_is_refused(record: dict[str, Any]) -> None:
    with pytest.raises(sa.PolicyError):
        sa.Policy.from_record(record)


def test_copies_keep_what_was_found(tmp_path: Path) -> None:
    policy = load(tmp_path, AGREED)
    copies = (copy.deepcopy(policy), pickle.loads(pickle.dumps(policy)))
    for same in (*copies, policy.model_copy(update={"name": "another"})):
        assert [each.counts for each in same.checks] == [False]
    # A recipient that passes its entries on to another policy passes on what was found.
    assert not sa.Policy(agreement=policy.agreement).checks[0].counts


def test_what_was_found_is_no_key_of_the_file(tmp_path: Path) -> None:
    policy = load(tmp_path, AGREED)
    assert "_found" not in json.dumps(policy.model_dump(mode="json"))
    with pytest.raises(sa.PolicyError, match="unknown key"):
        sa.Policy.parse(AGREED + "_found = 1")
