"""``policy check``: every piece of evidence with how checking it ended, and what contradicts."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from policies import described

from signals_agent.cli import consequences
from signals_agent.policy import Policy

NOW = datetime(2026, 11, 1, tzinfo=UTC)
AGREED = (
    '[[agreement]]\nparty = "Press"\norigins = ["https://press.example"]\n'
    'uses = ["train-generative"]\nanswers = ["payment"]\n'
)
CREDIT = '[[commitment]]\nkind = "credit"\nevidence = "https://us.example/card"\n'


def shown(policy: Policy) -> str:
    """The consequences of a policy as one line of words."""
    return " ".join(" ".join(consequences.lines(policy, NOW)).split())


def test_check_shows_every_check_and_exits_with_1_where_one_fails(
    run: Callable[..., Any], place: Path
) -> None:
    (place / "lab").mkdir()
    (place / "lab" / "press.pdf").write_bytes(b"agreed")
    digest = sha256(b"agreed").hexdigest()
    text = CREDIT + AGREED + 'document = "press.pdf"\nsha256 = "'
    (place / "lab" / "good.toml").write_text(f'{text}{digest}"\n')
    (place / "lab" / "bad.toml").write_text(f'{text}{"0" * 64}"\n')
    # Files are seen from the policy's folder, wherever one stands.
    done = run("policy", "check", "lab/good.toml")
    assert done.code == 0
    lines = " ".join(done.out.split())
    assert "asserted the commitment to credit, evidence https://us.example/card: a URL" in lines
    assert "holds the agreement with Press, document press.pdf: the file is there" in lines
    done = run("policy", "check", "lab/bad.toml")
    assert done.code == 1
    lines = " ".join(done.out.split())
    assert "FAILS the agreement with Press, document press.pdf: its document differs" in lines
    assert "for train-generative; answers payment; FAILS ITS CHECK" in lines
    assert run("policy", "check", "lab/bad.toml", "-q").code == 1


def test_a_policy_on_standard_input_is_seen_from_where_one_stands(
    run: Callable[..., Any], place: Path
) -> None:
    text = b'[[commitment]]\nkind = "credit"\nevidence = "card.md"\n'
    assert run("policy", "check", "-", stdin=text).code == 1
    (place / "card.md").write_text("Sources\n")
    assert run("policy", "check", "-", stdin=text).code == 0


def test_what_has_expired_is_told_and_is_no_failure(run: Callable[..., Any], place: Path) -> None:
    (place / "old.toml").write_text(CREDIT + "expires = 2020-01-01\n")
    done = run("policy", "check", "old.toml")
    assert done.code == 0
    assert "EXPIRED 2020-01-01" in done.out


def test_a_policy_that_contradicts_itself_is_wrong_usage(
    run: Callable[..., Any], place: Path
) -> None:
    purse = '[[commitment]]\nkind = "direct-contribution"\nceiling = "EUR {}"\n'
    (place / "two.toml").write_text(purse.format(5) + purse.format(6))
    done = run("policy", "check", "two.toml")
    assert (done.code, done.out) == (2, "")
    assert "two.toml: the policy contradicts itself: the commitment to direct-con" in done.err
    assert "(commitment.1, line 3; commitment.2, line 6)" in done.err
    assert "two ceilings, EUR 5 and EUR 6" in done.err


def test_a_check_of_a_page_with_failing_evidence_holds_and_says_why(
    run: Callable[..., Any], place: Path
) -> None:
    (place / "p.toml").write_text(
        'tokens = ["OurBot"]\nuses = ["train-generative"]\n'
        '[[commitment]]\nkind = "credit"\nevidence = "card.md"\n'
    )
    (place / "headers").write_text(
        "HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Usage: train-ai=n;exceptions=cc-cr\n"
    )
    (place / "body").write_text("<p>Words.</p>")
    (place / "robots").write_text("User-agent: *\nAllow: /\n")
    site = ("--site-file", "/.well-known/tdmrep.json=absent")
    arguments = ("--headers", "headers", "--body", "body", "--robots", "robots", *site)
    page = ("check", "https://press.example/a", *arguments, "--policy", "p.toml")
    (place / "absent").write_text("[]")
    done = run(*page)
    assert done.code == 1
    said = " ".join(done.out.split())
    assert "the commitment to credit: its evidence is not there (card.md)" in said
    (place / "card.md").write_text("Sources\n")
    assert run(*page).code == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            CREDIT + CREDIT + "expires = 2026-10-31\n",
            "the commitment to credit expired on 2026-10-31, so it does not count; the commitment "
            "to credit stands beside it and does",
            id="an expired commitment beside one that stands",
        ),
        pytest.param(
            CREDIT + 'expires = 2026-10-31\n[[commitment]]\nkind = "notice"\nevidence = "x"\n',
            "so it does not count, and nothing else here takes its place",
            id="an expired commitment alone",
        ),
        pytest.param(
            AGREED + f'document = "d"\nsha256 = "{"0" * 64}"\n' + AGREED.replace("Press", "Other"),
            "to look from (d), so it does not count; the agreement with Other stands",
            id="two agreements for the same scope of which one is broken",
        ),
        pytest.param(
            AGREED
            + f'document = "d"\nsha256 = "{"0" * 64}"\n'
            + AGREED.replace("train-generative", "search"),
            "so it does not count, and nothing else here takes its place",
            id="two agreements for different uses of which one is broken",
        ),
        pytest.param(
            AGREED + "until = 2026-10-31\n",
            "credit, direct-contribution, ecosystem-contribution, open, payment,",
            id="an expired agreement answers nothing",
        ),
        pytest.param(
            "[on]\ntightened = 'drop'",
            "has stricter declarations by now is dropped, and reported with both readings",
            id="what tightened is dropped",
        ),
        pytest.param("", "has stricter declarations by now is kept", id="what tightened is kept"),
        pytest.param(
            '[[commitment]]\nkind = "direct-contribution"\nceiling = "EUR 5"',
            "holds the commitment to direct-contribution, ceiling EUR 5: a currency of ISO 4217",
            id="a ceiling",
        ),
        pytest.param(
            '[[commitment]]\nkind = "credit"\nevidence = "card.md"',
            "not checked the commitment to credit, evidence card.md: its evidence was not looked",
            id="a file that was not looked for",
        ),
    ],
)
def test_what_is_said(text: str, said: str) -> None:
    assert said in shown(Policy.parse(text))


def test_an_agreement_that_does_not_count_is_not_said_to_lift_anything() -> None:
    assert "unless an agreement lifts it" in shown(Policy.parse(AGREED))
    over = shown(Policy.parse(AGREED + "until = 2026-10-31\n"))
    assert "unless an agreement lifts it" not in over
    assert "Evidence" not in over


def test_a_licence_that_asks_for_what_failed_its_check_holds(tmp_path: Path) -> None:
    text = (
        'activities = ["mirror"]\n[[commitment]]\nkind = "notice"\nevidence = "https://u.example"\n'
        '[[commitment]]\nkind = "credit"\nevidence = "card.md"\n'
    )
    unchecked = Policy.parse(text)
    assert "ok: hold CC-BY (credit), " in shown(unchecked)
    assert "ok: hold CC-BY (credit), " in shown(unchecked.checked(tmp_path))
    (tmp_path / "card.md").write_text("Sources\n")
    assert "ok: ingest CC0, MIT (notice), CC-BY (credit) " in shown(unchecked.checked(tmp_path))


def test_a_hostile_name_is_shown_quoted(tmp_path: Path) -> None:
    text = '[[commitment]]\nkind = "credit"\nevidence = "a\\u001b[31mb"\n'
    policy = Policy.parse(text, folder=tmp_path)
    assert not policy.checks[0].counts
    assert "\x1b" not in policy.checks[0].text
    assert "\x1b" not in shown(policy).split("Evidence", 1)[1]


def test_a_digest_of_a_url_is_said_to_be_unchecked_and_not_to_fail(
    run: Callable[..., Any], place: Path
) -> None:
    (place / "p.toml").write_text(
        AGREED + f'document = "https://vault.example/p.pdf"\nsha256 = "{"0" * 64}"\n'
    )
    done = run("policy", "check", "p.toml")
    assert done.code == 1
    said = " ".join(done.out.split())
    assert "answers payment; CANNOT BE CHECKED" in said
    assert "not checked the agreement with Press, document https://vault.example/p.pdf: its" in said
    assert "so its sha256 cannot be checked; name a copy; it does not count" in said
    assert "FAILS" not in said


@pytest.mark.parametrize(
    ("content", "name", "osaid", "decision", "said"),
    [
        pytest.param(17, "m.mof.yaml", "", "ingest", "", id="class I"),
        pytest.param(12, "m.mof.yaml", "", "ingest", "", id="class II"),
        pytest.param(7, "m.mof.yaml", "", "hold", "not open: class III only", id="class III"),
        pytest.param(2, "m.mof.yaml", "", "hold", "not open: no class", id="no class"),
        pytest.param(None, "m.mof.yaml", "", "hold", "is not there (m.mof.yaml)", id="no file"),
        pytest.param(7, "m.mof.yaml", "https://us.example/o", "ingest", "", id="OSAID beside III"),
        pytest.param(None, "", "https://us.example/o", "ingest", "", id="OSAID alone"),
    ],
)
def test_the_class_of_the_system_decides_where_a_page_asks_for_openness(
    run: Callable[..., Any],
    place: Path,
    content: int | None,
    name: str,
    osaid: str,
    decision: str,
    said: str,
) -> None:
    if content is not None:
        (place / name).write_text(described(content))
    shown_by = f'evidence = "{name}"\n' if name else ""
    shown_by += f'osaid = "{osaid}"\n' if osaid else ""
    (place / "p.toml").write_text(
        f'tokens = ["OurBot"]\nuses = ["train-generative"]\n{CREDIT}'
        f'[[commitment]]\nkind = "open"\n{shown_by}'
    )
    (place / "headers").write_text(
        "HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Usage: train-ai=n;exceptions=cc-cr-op\n"
    )
    (place / "body").write_text("<p>Words.</p>")
    (place / "robots").write_text("User-agent: *\nAllow: /\n")
    (place / "absent").write_text("[]")
    files = ("--headers", "headers", "--body", "body", "--robots", "robots")
    site = ("--site-file", "/.well-known/tdmrep.json=absent", "--policy", "p.toml")
    done = run("check", "https://press.example/a", *files, *site, "--format", "json")
    verdict = json.loads(done.out)["results"][0]["verdict"]
    assert (verdict["decision"], done.code) == (decision, 0 if decision == "ingest" else 1)
    assert said in " ".join(reason["text"] for reason in verdict["reasons"])
