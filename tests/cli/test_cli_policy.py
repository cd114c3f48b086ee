"""``policy init`` and ``policy check``."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from policies import CREDIT

from signals_agent.cli import consequences, new_file
from signals_agent.cli.policy import template
from signals_agent.policy import (
    Agreement,
    Commitment,
    LicensorStatement,
    On,
    Policy,
    Recipient,
)

NOW = datetime(2026, 11, 1, tzinfo=UTC)
MODELS = {
    "": Policy,
    "recipient": Recipient,
    "on": On,
    "commitment": Commitment,
    "agreement": Agreement,
    "statement": LicensorStatement,
}
KEYS = [
    (table, field.alias or name)
    for table, model in MODELS.items()
    for name, field in model.model_fields.items()
]


def test_what_init_writes_is_valid() -> None:
    policy = Policy.parse(template())
    assert policy.label == "Example Lab"
    assert policy.agreement[0].from_ == date(2026, 1, 1)


@pytest.mark.parametrize(("table", "key"), KEYS)
def test_every_key_stands_in_what_init_writes(table: str, key: str) -> None:
    section = ""
    found = set()
    for line in template().splitlines():
        if opened := re.fullmatch(r"\[+([a-z]+)\]+(\s*#.*)?", line):
            section = opened[1]
            found.add(("", section))
        elif given := re.match(r"(?:# )?([a-z_0-9]+) = ", line):
            found.add((section, given[1]))
    assert (table, key) in found


@pytest.mark.parametrize(("table", "key"), KEYS)
def test_every_key_stands_in_the_reference(table: str, key: str) -> None:
    text = (Path(__file__).parents[2] / "docs" / "policy.md").read_text("utf-8")
    heading = f"## `[[{table}]]`" if table in ("commitment", "agreement", "statement") else ""
    heading = heading or (f"## `[{table}]`" if table else "## At the top")
    section = text.split(heading, 1)[1].split("\n## ", 1)[0]
    assert re.search(rf"^\| `{key}` \|", section, re.MULTILINE)


def test_the_reference_names_no_key_that_is_not_there() -> None:
    text = (Path(__file__).parents[2] / "docs" / "policy.md").read_text("utf-8")
    assert set(re.findall(r"^\| `([a-z_0-9]+)` \|", text, re.MULTILINE)) == {key for _, key in KEYS}


def test_init_prints_or_writes_and_never_overwrites_unasked(
    run: Callable[..., Any], place: Path
) -> None:
    assert run("policy", "init").out == template()
    assert run("policy", "init", "lab.toml").code == 0
    (place / "lab.toml").write_text("mine")
    done = run("policy", "init", "lab.toml")
    assert (done.code, done.out) == (2, "")
    assert "lab.toml is there already; --force writes over it" in done.err
    assert (place / "lab.toml").read_text() == "mine"
    assert run("policy", "init", "lab.toml", "--force").code == 0
    assert (place / "lab.toml").read_text("utf-8") == template()
    done = run("policy", "init", "nowhere/lab.toml")
    assert done.code == 2
    assert "cannot write nowhere/lab.toml" in done.err


@pytest.mark.parametrize(
    ("arguments", "made"),
    [
        pytest.param(("policy", "init", "new"), [], id="a policy"),
        pytest.param(("policy", "init", "--force", "mine"), ["mine"], id="over another"),
        pytest.param(("corpus", "--init", "new"), [], id="what is said of a corpus"),
    ],
)
@pytest.mark.skipif(os.name != "posix", reason="limits of a process are those of POSIX")
def test_a_disk_that_takes_a_part_only_leaves_no_half_of_a_file(
    place: Path, arguments: tuple[str, ...], made: list[str]
) -> None:
    import resource

    def small() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    for each in made:
        (place / each).write_text("mine")
    done = subprocess.run(
        [sys.executable, "-B", "-m", "signals_agent", *arguments],
        cwd=place,
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
        preexec_fn=small,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stderr == f"signals-agent: cannot write {arguments[-1]}: File too large\n"
    assert [each.name for each in place.iterdir()] == made
    assert all((place / each).read_text() == "mine" for each in made)


def test_force_keeps_what_a_link_leads_to_and_its_mode(
    run: Callable[..., Any], place: Path
) -> None:
    (place / "lab").mkdir()
    (place / "lab" / "lab.toml").write_text("old")
    (place / "lab" / "lab.toml").chmod(0o640)
    (place / "link.toml").symlink_to("lab/lab.toml")
    assert run("policy", "init", "link.toml", "--force").code == 0
    assert (place / "link.toml").is_symlink()
    assert (place / "lab" / "lab.toml").read_text("utf-8") == template()
    assert (place / "lab" / "lab.toml").stat().st_mode & 0o777 == 0o640


def test_a_file_that_comes_in_between_is_left_as_it_is(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object) -> None:
        raise PermissionError("this file system has no links")

    monkeypatch.setattr(Path, "hardlink_to", none)
    new_file.write(place / "a", "text")
    assert (place / "a").read_text() == "text"
    monkeypatch.setattr(new_file.os, "fsync", lambda _: (place / "b").write_text("mine"))
    with pytest.raises(FileExistsError):
        new_file.write(place / "b", "text")
    assert (place / "b").read_text() == "mine"
    monkeypatch.undo()
    monkeypatch.setattr(new_file.os, "fsync", lambda _: (place / "c").write_text("mine"))
    with pytest.raises(FileExistsError):
        new_file.write(place / "c", "text")
    assert sorted(each.name for each in place.iterdir()) == ["a", "b", "c"]


def test_the_help_of_the_group_breaks_off_nowhere(run: Callable[..., Any]) -> None:
    done = run("policy", "--help")
    assert done.code == 0
    assert "Validate a policy, and say what it comes to." in done.out
    assert "..." not in done.out.split("Commands:")[1]


def test_check_reads_standard_input_and_says_nothing_when_quiet(run: Callable[..., Any]) -> None:
    done = run("policy", "check", "-", stdin=template().encode())
    assert done.code == 0
    assert done.out.startswith("Example Lab is a valid policy\n")
    done = run("policy", "check", "-", "-q", stdin=template().encode())
    assert (done.code, done.out) == (0, "")
    done = run("policy", "check", "-", stdin=b"\xff")
    assert done.code == 2
    assert "not UTF-8" in done.err


def test_check_names_every_mistake_with_what_is_accepted(
    run: Callable[..., Any], place: Path
) -> None:
    (place / "bad.toml").write_text(
        'unkown = 1\nuses = ["train-ai"]\n[on]\nunreadable = "ingest"\nunknwn = "hold"\n'
        '[[commitment]]\nkind = "payment"\nevidence = "x"\n'
    )
    done = run("policy", "check", "bad.toml")
    assert (done.code, done.out) == (2, "")
    lines = done.err.splitlines()
    assert len(lines) == 5
    for said in (
        "'train-ai' is an AIPREF label, not a use",
        "unknown key 'on.unknwn'; did you mean 'unknown'?",
        "'hold' or 'skip'",
        "payment cannot be promised one-sidedly",
        "unknown key 'unkown'",
    ):
        assert any(said in line for line in lines), said


def shown(text: str) -> str:
    """The consequences of a policy as one line of words."""
    lines = consequences.lines(Policy.parse(text, "test.toml"), NOW)
    return " ".join(" ".join(lines).split())


def rows(text: str) -> dict[str, str]:
    """Each situation and what happens then."""
    lines = consequences.lines(Policy.parse(text), NOW)
    found = {}
    for line in lines:
        if match := re.fullmatch(r"  (\S.{10,51}?) {2,}(ingest|hold|skip)\b.*", line):
            found[match[1]] = match[2]
    return found


def test_the_preset_standard_says_what_happens_in_each_situation() -> None:
    assert rows("") == {
        "robots.txt refuses access": "skip",
        "the publisher says no to an intended use": "skip",
        "robots.txt could not be looked at": "hold",
        "there is no asset (404, 410, other 4xx)": "skip",
        "the site states terms of access (402, 401, 403)": "hold",
        "the asset could not be reached": "hold",
        "a required source could not be looked at": "hold",
        "a declaration is there and cannot be read": "hold",
        "something is owed and not committed to": "hold",
        "everyone was asked and nobody spoke": "ingest",
        "the use is allowed, or all that is owed is met": "ingest",
    }


@pytest.mark.parametrize(
    ("text", "situation", "decision"),
    [
        pytest.param(
            'preset = "strict"', "everyone was asked and nobody spoke", "hold", id="strict"
        ),
        pytest.param(
            'preset = "strict"',
            "training is meant, and training crawlers are refused",
            "skip",
            id="refused training crawlers",
        ),
        pytest.param(
            '[on]\nunknown = "skip"', "everyone was asked and nobody spoke", "skip", id="unknown"
        ),
        pytest.param(
            '[on]\nundetermined = "skip"',
            "a required source could not be looked at",
            "skip",
            id="undetermined",
        ),
        pytest.param(
            '[on]\nunreadable = "skip"',
            "a declaration is there and cannot be read",
            "skip",
            id="unreadable",
        ),
        pytest.param('[on]\nno_licence = "hold"', "no licence was found", "hold", id="no licence"),
    ],
)
def test_a_choice_shows_in_its_situation(text: str, situation: str, decision: str) -> None:
    assert rows(text)[situation] == decision


AGREEMENT = '[[agreement]]\nparty = "Press"\norigins = ["https://press.example"]\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", "SignalsAgent, unless --token says otherwise", id="no token"),
        pytest.param("", "so all are intended", id="no use"),
        pytest.param(
            CREDIT + "expires = 2026-10-31",
            "its only promise does not count commitment.1 expired the commitment to credit expired",
            id="an expired commitment",
        ),
        pytest.param(
            CREDIT + "expires = 2026-10-31",
            "the commitment to credit expired on 2026-10-31 It answers nothing and lifts nothing.",
            id="what an expired commitment is good for",
        ),
        pytest.param(
            CREDIT + "expires = 2026-10-31",
            "Whatever asks for credit, direct-contribution,",
            id="an expired commitment answers nothing",
        ),
        pytest.param(
            CREDIT + "expires = 2026-11-01",
            "shown by https://us.example/card (asserted, not fetched), until 2026-11-01",
            id="a commitment on its last day",
        ),
        pytest.param(
            '[[commitment]]\nkind = "direct-contribution"\nceiling = "EUR 5"',
            "to everyone, up to EUR 5",
            id="a ceiling",
        ),
        pytest.param(
            AGREEMENT + 'uses = ["search"]\nfrom = 2026-12-01',
            "agreement.1 not yet the agreement with Press begins only on 2026-12-01",
            id="an agreement to come",
        ),
        pytest.param(
            AGREEMENT + 'uses = ["search"]\nuntil = 2026-10-31',
            "agreement.1 expired the agreement with Press expired on 2026-10-31",
            id="an agreement that has ended",
        ),
        pytest.param(AGREEMENT + 'uses = ["search"]', "in force", id="an agreement without dates"),
        pytest.param(
            'uses = ["search"]\n' + AGREEMENT + 'uses = ["train-other"]',
            "covers train-other, and none of that is intended",
            id="an agreement for what is not intended",
        ),
        pytest.param(
            AGREEMENT + 'activities = ["mirror"]',
            "names no use: it lifts no disallow",
            id="an agreement without a use",
        ),
        pytest.param(
            AGREEMENT + 'uses = ["search"]\nanswers = ["payment"]',
            "the agreement with Press names no document",
            id="an agreement without a document",
        ),
        pytest.param(
            'preset = "strict"\n[on]\nunknown = "ingest"',
            'on.unknown = "ingest" undoes that',
            id="strict undone",
        ),
        pytest.param(
            'preset = "strict"\ntraining_crawlers_refused = "note"',
            'training_crawlers_refused = "note" undoes that',
            id="the other half of strict undone",
        ),
        pytest.param("uses = []", "uses is empty, which is read as if it were left out", id="[]"),
        pytest.param(
            'tokens = ["OurBot", "ourbot"]', "the token OurBot is given twice", id="a token twice"
        ),
        pytest.param(
            'tokens = ["OurBot"]\nacquired_by = "ourbot"',
            'acquired_by = "ourbot" is one of our own tokens',
            id="acquired by ourselves",
        ),
        pytest.param(
            'activities = ["commercial-product"]\n[[commitment]]\nkind = "non-commercial"\n'
            'to = "Press"\nevidence = "https://us.example"',
            "the commitment to non-commercial for Press binds you towards Press, and "
            "commercial-product, which is planned, breaks it there unless it is agreed",
            id="non-commercial towards one party",
        ),
        pytest.param(
            'activities = ["release-weights"]\n[[commitment]]\nkind = "no-derivatives"\n'
            'evidence = "https://us.example"',
            "binds you towards everyone, and release-weights, which is planned, may break it",
            id="what may be an adaptation",
        ),
        pytest.param(
            '[recipient]\nuser = "commercial"\n[[commitment]]\nkind = "non-commercial"\n'
            'evidence = "https://us.example"',
            'the commitment to non-commercial stands beside recipient.user = "commercial"',
            id="a trader's promise not to trade",
        ),
        pytest.param(
            '[[commitment]]\nkind = "credit"\nevidence = "https://us.example"\nceiling = "EUR 5"',
            "the commitment to credit has a ceiling, which says something of payments only",
            id="a ceiling of no payment",
        ),
        pytest.param(
            '[[commitment]]\nkind = "direct-contribution"\nceiling = "EUR 5"\n[[commitment]]\n'
            'kind = "direct-contribution"\nto = "Press"\nceiling = "USD 5"',
            "ceilings are in EUR and USD: each is shown as it is, and none is converted",
            id="two currencies",
        ),
        pytest.param(
            '[[commitment]]\nkind = "open"\nto = "Press"\nevidence = "m"',
            "openness belongs to a system",
            id="openness for one party",
        ),
        pytest.param(
            '[[commitment]]\nkind = "credit"\nevidence = "https://us.example/a"\n' * 2,
            "two commitments to credit for everyone stand side by side",
            id="the same commitment twice",
        ),
        pytest.param(
            '[[statement]]\nlicence = "CC-BY-4.0"\norigins = ["https://d.example"]\n'
            'activity = "mirror"\nanswer = "ok"\nurl = "https://d.example/faq"',
            "CC-BY-4.0 of https://d.example: mirror is ok (https://d.example/faq)",
            id="what a licensor says",
        ),
        pytest.param(
            'vendor_semantics = ["bing"]', "counts as a no: noarchive and nocache", id="a vendor"
        ),
        pytest.param(
            'preset = "observe"',
            "only observes: verdicts are those below, told and counted; wrappers drop nothing",
            id="observe",
        ),
        pytest.param('acquired_by = "CCBot"', "the bytes come from CCBot", id="another's crawl"),
        pytest.param(
            '[recipient]\nuser = "education"\ncountry = "DE"',
            "recipient: education, DE",
            id="who we are",
        ),
    ],
)
def test_what_is_said(text: str, said: str) -> None:
    assert said in shown(text)


def test_an_agreement_in_force_for_an_intended_use_raises_no_doubt() -> None:
    text = (
        'tokens = ["X"]\nuses = ["search"]\n'
        + AGREEMENT
        + 'uses = ["search"]\nanswers = ["payment"]\ndocument = "https://us.example/d.pdf"\n'
    )
    assert "To look at again" not in shown(text)
    assert "To look at again" in shown("")
