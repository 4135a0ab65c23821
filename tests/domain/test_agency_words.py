"""What an agency may say, what it cannot take away, and what a slip in its file leads to."""

import json
from pathlib import Path

import pytest

from app.agency_words import NOTICE_TITLE, notice_text, peer_support
from app.policy import FORMAT, PeerSupport, Policy, read_policy
from app.settings import DEFAULT_LOCK_MINUTES

PEERS = [{"name": "Peer team", "number": "555 0100, day and night"}]


def _write(folder: Path, **members: object) -> Path:
    path = folder / "policy.json"
    path.write_text(json.dumps({"format": FORMAT, **members}), "utf-8")
    return path


def test_without_a_file_the_programs_own_words_stand(tmp_path: Path) -> None:
    policy = read_policy(tmp_path / "none.json")
    assert policy == Policy()
    assert "representative" in notice_text(policy)
    assert peer_support(policy)


def test_an_agency_says_its_own_words_and_numbers(tmp_path: Path) -> None:
    path = _write(tmp_path, notice="Talk to the association first.\nIts lawyer too.")
    policy = read_policy(path)
    assert notice_text(policy) == "Talk to the association first.\nIts lawyer too."
    policy = read_policy(_write(tmp_path, lock_minutes=1, peer_support=PEERS))
    assert policy.lock_minutes == 1
    assert peer_support(policy) == (PeerSupport("Peer team", "555 0100, day and night"),)


def test_no_policy_takes_away_that_it_is_not_privileged(tmp_path: Path) -> None:
    read_policy(_write(tmp_path, notice="All of this is secret for ever."))
    assert "not privileged" in NOTICE_TITLE
    assert "subpoenaed" in NOTICE_TITLE


@pytest.mark.parametrize(
    "members",
    [
        {"notice": 5},
        {"notice": "x" * 1_501},
        {"notice": "turned \u202e round"},
        {"peer_support": {}},
        {"peer_support": ["988"]},
        {"peer_support": [{"name": "Peer team"}]},
        {"peer_support": [{"name": "x" * 81, "number": "1"}]},
        {"peer_support": [{"name": "Peer\u0007", "number": "1"}]},
        {"peer_support": PEERS * 9},
        {"lock_minutes": 31},
    ],
)
def test_a_slip_leaves_the_programs_own_words_and_its_default(
    tmp_path: Path, members: dict[str, object]
) -> None:
    assert read_policy(_write(tmp_path, **members)) == Policy(DEFAULT_LOCK_MINUTES)
