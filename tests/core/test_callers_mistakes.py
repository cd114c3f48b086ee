"""A caller's mistake is named by an exception of ours, and no password is kept (rule R33)."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from press import NOW, PAGE, URL, page

import signals_agent as sa
from signals_agent.integrations import responses


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: sa.Policy(usess=1),
        lambda: sa.assess(None),
        lambda: sa.assess(page(), robots="User-agent: *"),
        lambda: sa.assess(page(), policy=3),
        lambda: sa.assess(page(), now="2026"),
        lambda: sa.Capture(URL, body="text"),
        lambda: sa.assess(page(), token=""),
        lambda: sa.assess(page(), tokens=[None]),
        lambda: sa.assess(sa.Capture(None)),
        lambda: sa.permit(b"https://press.example/"),
        lambda: sa.Capture(URL, status="200"),
        lambda: sa.Capture(URL, fetched_at=datetime(2026, 1, 1)),  # noqa: DTZ001  # naive is the mistake
        lambda: sa.Capture(URL, headers=["Content-Usage: train-ai=n"]),
        lambda: sa.assess(page(), hops=page()),
        lambda: sa.assess(page(), hops=[1]),
        lambda: sa.assess(page(), site_files=[1]),
        lambda: sa.assess(page(), documents={"x": 3}),
        lambda: sa.assess(page(), found_on=3),
        lambda: sa.Limits(timeout=float("nan")),
        lambda: sa.Limits(max_body_bytes=-1),
        lambda: sa.assess(page(), robots=b"").obligations_for("nope"),
    ],
)
def test_a_callers_mistake_is_ours_to_name(wrong: object) -> None:
    with pytest.raises(sa.SignalsAgentError):
        wrong()


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ("policy.toml", "not str; to read a file: signals_agent.Policy.load('policy.toml')"),
        (Path("policy.toml"), "to read a file: signals_agent.Policy.load(path)"),
        ("uses = []\n", "not str; to read a file: signals_agent.Policy.load(path)"),
    ],
    ids=["a file's name", "a path", "a file's text"],
)
@pytest.mark.parametrize(
    "call",
    [
        lambda policy: sa.assess(page(), policy=policy),
        lambda policy: sa.Agent(policy=policy),
        lambda policy: responses.judge(URL, 200, [], b"", policy=policy),
    ],
    ids=["assess", "Agent", "a wrapper"],
)
def test_who_hands_in_a_file_for_a_policy_is_told_how_to_read_it(
    call: Callable[[object], object], policy: object, said: str
) -> None:
    with pytest.raises(sa.UsageError) as raised:
        call(policy)
    assert "policy is a signals_agent.Policy or a mapping of its keys" in str(raised.value)
    assert str(raised.value).endswith(said)


def test_a_policy_of_a_files_name_is_told_how_to_read_it() -> None:
    with pytest.raises(sa.PolicyError, match=r"not of str; signals_agent.Policy.load\(path\)"):
        sa.Policy.make("policy.toml")  # type: ignore[arg-type]  # the mistake


def test_a_password_is_never_stored() -> None:
    capture = sa.Capture("https://user:secretpw@press.example/new/x", status=200, body=PAGE)
    assert "secretpw" not in repr(capture)
    assert "secretpw" not in sa.assess(capture, robots=b"", now=NOW).model_dump_json()
    for broken in ("http://u:secretpw" + "x" * 300 + "@bad host/", "http://u:secret/pw@host:abc/"):
        with pytest.raises(sa.InvalidURL) as raised:
            sa.assess(sa.Capture(broken))
        assert "secret" not in str(raised.value)
