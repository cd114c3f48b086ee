"""What checking a policy found is kept with it, and decides again as it did."""

import copy
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from policies import AGREED, CONTRACT, DIGEST, REFUSED, load, owing, verdict
from press import PAGE, page

import signals_agent as sa


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
