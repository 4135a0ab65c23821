"""What an administrator has fixed about the window: it can only become more careful."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policy import FORMAT, Policy, lock_minutes, read_policy
from app.settings import Settings


def write(folder: Path, **found: object) -> Path:
    """A policy file."""
    path = folder / "policy.json"
    path.write_text(json.dumps({"format": FORMAT, **found}))
    return path


def test_no_file_fixes_nothing(tmp_path: Path) -> None:
    assert read_policy(tmp_path / "policy.json") == Policy(None)


def test_a_shorter_time_holds(tmp_path: Path) -> None:
    policy = read_policy(write(tmp_path, lock_minutes=1))
    assert lock_minutes(Settings(lock_minutes=30), policy) == 1


def test_what_other_versions_fix_is_left_alone(tmp_path: Path) -> None:
    assert read_policy(write(tmp_path, other=7)) == Policy(None)


@pytest.mark.parametrize("minutes", [0, -1, 31, 1.5, "1", True, [], {}])
def test_a_slip_of_the_administrator_means_the_default_and_never_longer(
    tmp_path: Path, minutes: object
) -> None:
    policy = read_policy(write(tmp_path, lock_minutes=minutes))
    assert lock_minutes(Settings(lock_minutes=30), policy) == 2
    assert lock_minutes(Settings(lock_minutes=1), policy) == 1


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 50_000])
def test_a_damaged_file_means_the_default(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "policy.json").write_bytes(damage)
    assert read_policy(tmp_path / "policy.json") == Policy(2)


@given(st.integers(1, 30), st.one_of(st.none(), st.integers(1, 30)))
def test_it_never_becomes_longer_than_the_person_wants(wanted: int, fixed: int | None) -> None:
    found = lock_minutes(Settings(lock_minutes=wanted), Policy(fixed))
    assert found == min(wanted, fixed or wanted)


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux'")
def test_a_crash_of_the_program_leaves_no_dump() -> None:
    script = (
        "import ctypes, resource; from app.no_dumps import limit_dumps, refuse_dumps\n"
        "limit_dumps(); refuse_dumps()\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "(0, 0) 0"
