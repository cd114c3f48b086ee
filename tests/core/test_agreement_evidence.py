"""The document of an agreement is checked; what fails or is over lifts nothing, and is named."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from policies import AGREED, ASSERTED, CONTRACT, DIGEST, ORIGIN, REFUSED, load, verdict
from press import NOW, PAGE, page

import signals_agent as sa
from signals_agent.proof import Outcome


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


@pytest.mark.parametrize("digest", ["", f'sha256 = "{DIGEST}"'], ids=["no sha256", "a sha256"])
def test_a_document_that_nobody_could_look_at_does_not_count(digest: str) -> None:
    unchecked = sa.Policy.parse(AGREED + digest)
    decision, reasons = verdict(page(PAGE, REFUSED), unchecked)
    assert decision == "skip"
    assert "its document was not looked for, since no folder was named" in reasons
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
    decision, reasons = verdict(capture, sa.Policy.parse(ASSERTED + dates), day, robots)
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
        pytest.param(("answers = []", 'paths = ["/old/"]'), id="another path"),
    ],
)
def test_an_expired_agreement_that_is_about_something_else_is_not_named(
    change: tuple[str, str],
) -> None:
    policy = sa.Policy.parse(
        (ASSERTED + "answers = []\n").replace(*change) + "\nuntil = 2026-10-31"
    )
    decision, reasons = verdict(page(PAGE, REFUSED), policy)
    assert (decision, reasons) == ("skip", "train-generative is disallowed")


def test_an_expired_agreement_beside_one_in_force_is_not_named() -> None:
    policy = sa.Policy.parse(ASSERTED + "until = 2026-10-31\n" + ASSERTED)
    decision, reasons = verdict(page(PAGE, REFUSED), policy)
    assert decision == "ingest"
    assert "expired" not in reasons


def test_an_expired_agreement_is_named_where_silence_is_held() -> None:
    policy = sa.Policy.parse('preset = "strict"\n' + ASSERTED + "until = 2026-10-31")
    decision, reasons = verdict(page(), policy)
    assert decision == "hold"
    assert reasons.endswith("; the agreement with Press expired on 2026-10-31")


def test_an_expired_agreement_is_named_where_terms_are_stated() -> None:
    policy = sa.Policy.parse(ASSERTED + 'answers = ["payment"]\nuntil = 2026-10-31')
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
        'activities = ["ACTIVITY"]\n[[commitment]]\nkind = "credit"\nevidence = "https://us.example/x"\n'
        '[[commitment]]\nkind = "share-alike"\nevidence = "https://us.example/x"\n'
        '[[commitment]]\nkind = "notice"\nevidence = "https://us.example/x"\n'
        '[[agreement]]\nparty = "Press"\norigins = ["ORIGIN"]\nactivities = ["ACTIVITY"]\n'
    )
    text = text.replace("ACTIVITY", activity).replace("ORIGIN", ORIGIN)
    assert verdict(page(PAGE, link), sa.Policy.parse(text))[0] == "ingest"
    over = sa.Policy.parse(text + "until = 2026-10-31")
    found, reasons = verdict(page(PAGE, link), over)
    assert found == decision
    assert "the agreement with Press expired on 2026-10-31" in reasons
