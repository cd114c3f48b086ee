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
    assert "shown by https://us.example/card (asserted, not fetched)" in lines
    assert "document press.pdf (holds: the file is there, and its sha256 is the one given)" in lines
    done = run("policy", "check", "lab/bad.toml")
    assert done.code == 1
    lines = " ".join(done.out.split())
    assert lines.startswith("bad.toml can be read, and 1 of its 2 promises does not count agreem")
    assert "agreement.1 FAILS the agreement with Press: its document differs from its" in lines
    assert lines.count("Press") == 1
    assert "valid" not in lines
    assert run("policy", "check", "lab/bad.toml", "-q").code == 1


def test_what_does_not_count_is_told_first_once_and_on_one_page(
    run: Callable[..., Any], place: Path
) -> None:
    names = ("credit", "notice", "share-alike", "use-restrictions")
    shown_by = '[[commitment]]\nkind = "{0}"\nevidence = "{0}.md"\n'
    (place / "bad.toml").write_text(
        'tokens = ["OurBot"]\nuses = ["train-generative"]\nactivities = ["mirror"]\n'
        + "".join(shown_by.format(name) for name in names)
        + AGREED
        + 'document = "press.pdf"\n'
    )
    done = run("policy", "check", "bad.toml")
    assert done.code == 1
    lines = done.out.splitlines()
    assert lines[0] == "bad.toml can be read, and none of its 5 promises counts"
    assert lines[1].split()[:2] == ["commitment.1", "FAILS"]
    assert sum(" FAILS " in line for line in lines) == 5
    assert all(done.out.count(f"({name}.md)") == 1 for name in names)
    assert done.out.count("press.pdf") == 1
    assert len(lines) <= 50


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
    assert "expired  the commitment to credit expired on 2020-01-01" in done.out


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


def test_a_hostile_party_is_shown_quoted() -> None:
    hostile = AGREED.replace("Press", "a\\u001b[31mb", 1)
    assert "the agreement with a\\e[31mb expired" in shown(
        Policy.parse(hostile + "until = 2026-10-31\n")
    )
    assert "a\\e[31mb: https://press.example" in shown(Policy.parse(hostile))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            CREDIT + CREDIT + "expires = 2026-10-31\n",
            "1 of its 2 promises does not count commitment.2 expired the commitment to credit "
            "expired on 2026-10-31; the commitment to credit stands beside it and counts: take out",
            id="an expired commitment beside one that stands",
        ),
        pytest.param(
            CREDIT + 'expires = 2026-10-31\n[[commitment]]\nkind = "notice"\nevidence = "x"\n',
            "none of its 2 promises counts commitment.1 expired the commitment to credit expired "
            "on 2026-10-31 commitment.2 not checked the commitment to notice: its evidence was not",
            id="an expired commitment alone",
        ),
        pytest.param(
            AGREED + f'document = "d"\nsha256 = "{"0" * 64}"\n' + AGREED.replace("Press", "Other"),
            "to look from (d); the agreement with Other stands beside it and counts",
            id="two agreements for the same scope of which one is broken",
        ),
        pytest.param(
            AGREED
            + f'document = "d"\nsha256 = "{"0" * 64}"\n'
            + AGREED.replace("train-generative", "search"),
            "to look from (d) It answers nothing and lifts nothing.",
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
            "direct-contribution: support the declaring party, in money or in kind; to everyone, "
            "up to EUR 5 Whatever",
            id="a ceiling",
        ),
        pytest.param(
            CREDIT.replace("https://us.example/card", "card.md") + "expires = 2026-10-31\n",
            "not checked the commitment to credit expired on 2026-10-31; and its evidence was not",
            id="what has expired and was not looked for",
        ),
        pytest.param(
            '[[commitment]]\nkind = "open"\nevidence = "m"\nosaid = "https://us.example/o"\n',
            "and every promise counts, but one piece of its evidence fails its check commitment.1 "
            "not checked the commitment to open: its evidence was not looked for, since no folder "
            "was named to look from (m); it counts all the same, by its osaid preset",
            id="evidence that fails beside an assertion that counts",
        ),
        pytest.param(
            '[[commitment]]\nkind = "credit"\nevidence = "card.md"',
            "not checked the commitment to credit: its evidence was not looked for",
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
    assert "(a\\e[31mb)" in shown(policy)
    assert "\x1b" not in shown(policy)
    asserted = Policy.parse(text.replace('"a', '"https://us.example/#a'))
    assert "shown by https://us.example/#a\\e[31mb (asserted" in shown(asserted)
    assert "\x1b" not in shown(asserted)


def test_a_digest_of_a_url_is_said_to_be_unchecked_and_not_to_fail(
    run: Callable[..., Any], place: Path
) -> None:
    (place / "p.toml").write_text(
        AGREED + f'document = "https://vault.example/p.pdf"\nsha256 = "{"0" * 64}"\n'
    )
    done = run("policy", "check", "p.toml")
    assert done.code == 1
    said = " ".join(done.out.split())
    assert "agreement.1 not checked the agreement with Press: its document is a URL" in said
    assert "so its sha256 cannot be checked; name a copy It answers nothing" in said
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
