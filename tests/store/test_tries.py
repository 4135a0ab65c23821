"""Wrong passphrases make the next try wait."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.paths import Home
from app.store.keys import FLOOR, WrongPassphraseError
from app.store.tries import TooSoonError, Tries, delay_s, describe_wait
from app.store.vault import Vault, VaultInUseError
from app.use_cases import keep_safe


class _Clock:
    def __init__(self, now_s: float) -> None:
        self.now_s = now_s

    def __call__(self) -> float:
        return self.now_s


def fail(tries: Tries, times: int, clock: _Clock | None = None) -> None:
    """Try wrong passphrases, each as soon as that may be."""
    for _ in range(times):
        if clock is not None:
            clock.now_s += tries.wait_s()
        with pytest.raises(WrongPassphraseError), tries.counted():
            raise WrongPassphraseError


@given(st.integers(0, 200))
def test_the_wait_grows_and_ends_at_five_minutes(wrong: int) -> None:
    assert delay_s(wrong) <= delay_s(wrong + 1) <= 300
    assert (delay_s(wrong) == 0) == (wrong < 3)


def test_three_slips_cost_nothing_then_it_waits_longer_each_time(tmp_path: Path) -> None:
    clock = _Clock(1_000_000)
    tries = Tries(tmp_path, clock)
    fail(tries, 3)
    waits = []
    for _ in range(9):
        waits.append(tries.wait_s())
        fail(tries, 1, clock)
    assert waits == [5, 10, 20, 40, 80, 160, 300, 300, 300]


def test_nothing_is_tried_while_it_waits_not_even_the_right_one(tmp_path: Path) -> None:
    clock = _Clock(1_000_000)
    tries = Tries(tmp_path, clock)
    fail(tries, 3)
    with pytest.raises(TooSoonError) as caught, tries.counted():
        raise AssertionError("it was tried")
    assert caught.value.wait_s == 5
    clock.now_s += 5
    with tries.counted():
        pass
    assert list(tmp_path.iterdir()) == []


def test_another_window_counts_the_same_tries(tmp_path: Path) -> None:
    clock = _Clock(1_000_000)
    one, other = Tries(tmp_path, clock), Tries(tmp_path, clock)
    fail(one, 2)
    fail(other, 1)
    assert one.wait_s() == other.wait_s() == 5


@pytest.mark.parametrize("jump_s", [-86_400 * 365, 86_400 * 365])
def test_a_clock_that_was_set_does_not_make_it_wait_for_a_year(tmp_path: Path, jump_s: int) -> None:
    clock = _Clock(1_700_000_000)
    tries = Tries(tmp_path, clock)
    fail(tries, 4, clock)
    clock.now_s += jump_s
    assert tries.wait_s() <= 10
    clock.now_s += 10
    assert tries.wait_s() == 0


def test_what_was_not_a_wrong_passphrase_does_not_count(tmp_path: Path) -> None:
    tries = Tries(tmp_path)
    for _ in range(9):
        with pytest.raises(VaultInUseError), tries.counted():
            raise VaultInUseError
    assert tries.wait_s() == 0


def test_a_folder_that_takes_nothing_lets_its_owner_in(tmp_path: Path) -> None:
    tries = Tries(tmp_path / "missing")
    fail(tries, 9)
    with tries.counted():
        pass


def test_the_file_says_how_often_and_nothing_else(tmp_path: Path) -> None:
    clock = _Clock(1_700_000_000)
    fail(Tries(tmp_path, clock), 80, clock)
    (found,) = tmp_path.iterdir()
    assert found.read_bytes() == b"." * 64
    assert os.name == "nt" or found.stat().st_mode & 0o777 == 0o600


def test_it_holds_after_a_restart(tmp_path: Path) -> None:
    home = Home(tmp_path)
    Vault.create(home.vault_folder("first"), "right words here", FLOOR).close()
    script = (
        "import sys; from pathlib import Path; from app.paths import Home\n"
        "from app.use_cases import keep_safe\n"
        "for _ in range(3):\n"
        "    try: keep_safe.open_vault(Home(Path(sys.argv[1])), 'first', 'wrong')\n"
        "    except Exception as error: print(type(error).__name__)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["WrongPassphraseError"] * 3
    with pytest.raises(TooSoonError):
        keep_safe.open_vault(home, "first", "right words here")
    with pytest.raises(TooSoonError):
        keep_safe.change_passphrase(home, "first", "right words here", "other words here")
    assert 0 < keep_safe.wait_before_try(home, "first") <= 5


@pytest.mark.parametrize(
    ("wait_s", "words"),
    [(1, "1 second"), (80, "80 seconds"), (90, "2 minutes"), (300, "5 minutes")],
)
def test_the_wait_is_told_in_words(wait_s: int, words: str) -> None:
    assert describe_wait(wait_s) == words
