"""The kept list of names: read once, again when it changes, and refused in words when broken."""

import stat
from pathlib import Path

import pytest

from app.errors import InputError
from app.paths import Home
from sync.roster_file import RosterFile


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_it_is_kept_read_and_forgotten(home: Home) -> None:
    kept = RosterFile(home.roster_file)
    assert kept.read().people == 0
    assert kept.keep(b"Dale Wrenfield\nKwame Ozmar\n").people == 2
    assert stat.S_IMODE(home.roster_file.stat().st_mode) == 0o600
    assert RosterFile(home.roster_file).read().people == 2
    kept.forget()
    kept.forget()
    assert not home.roster_file.exists()
    assert kept.read().people == 0


def test_it_is_prepared_once_and_again_when_the_file_changes(home: Home) -> None:
    kept = RosterFile(home.roster_file)
    kept.keep(b"Dale Wrenfield")
    assert kept.read() is kept.read()
    home.roster_file.write_bytes(b"Dale Wrenfield\nKwame Ozmar\nLi Ng")
    assert kept.read().people == 3
    home.roster_file.unlink()
    assert kept.read().people == 0


def test_a_list_that_cannot_be_used_does_not_replace_a_good_one(home: Home) -> None:
    kept = RosterFile(home.roster_file)
    kept.keep(b"Dale Wrenfield")
    with pytest.raises(InputError):
        kept.keep(b"\xff")
    assert RosterFile(home.roster_file).read().people == 1


def test_a_broken_file_is_said_at_every_reading(home: Home) -> None:
    kept = RosterFile(home.roster_file)
    kept.keep(b"Dale Wrenfield")
    home.roster_file.write_bytes(b"\xff\xff")
    for _ in range(2):
        with pytest.raises(InputError, match="UTF-8"):
            kept.read()
