"""Where files are, and how one is replaced."""

import errno
import os
import stat
from pathlib import Path

import pytest

from app.errors import InputError, SurroundingsError
from app.paths import (
    DiskFailedError,
    DiskFullError,
    Home,
    NotWritableError,
    explain,
    make_private_folder,
    replace_file,
)

posix_only = pytest.mark.skipif(os.name == "nt", reason="permissions are another thing there")


def test_home_is_where_the_environment_says(tmp_path: Path) -> None:
    home = Home.from_environment({"NEARMISS_HOME": str(tmp_path)})
    assert home.folder == tmp_path
    assert home.vault_folder("desk-2") == tmp_path / "vaults" / "desk-2"
    places = {home.archive_folder, home.feed_cache_folder, home.connection_file, home.desk_folder}
    assert all(each.parent == tmp_path for each in places)
    assert len(places) == 4


def test_home_is_absolute_without_the_variable() -> None:
    assert Home.from_environment({}).folder.is_absolute()
    assert Home.from_environment({"NEARMISS_HOME": "here"}).folder.is_absolute()


@pytest.mark.parametrize(
    "name", ["", "-x", "..", "a/b", "a b", "x" * 33, "é", "a\n", "CON", "com1", "a.b"]
)
def test_a_vault_cannot_be_called(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="name of a vault"):
        Home(tmp_path).vault_folder(name)


def test_vault_names_are_listed_sorted(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert home.vault_names() == ()
    for name in ("b", "a"):
        make_private_folder(home.vault_folder(name))
    assert home.vault_names() == ("a", "b")


@posix_only
def test_every_new_folder_is_private(tmp_path: Path) -> None:
    make_private_folder(tmp_path / "a" / "b")
    for folder in (tmp_path / "a", tmp_path / "a" / "b"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_file_in_the_place_of_a_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(SurroundingsError):
        make_private_folder(tmp_path / "a")


def test_replace_leaves_one_private_file(tmp_path: Path) -> None:
    path = tmp_path / "key"
    for content in (b"one", b"two"):
        replace_file(path, content)
        assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@posix_only
def test_replace_gives_the_mode_that_was_asked_for(tmp_path: Path) -> None:
    replace_file(tmp_path / "public", b"x", mode=0o644)
    assert stat.S_IMODE((tmp_path / "public").stat().st_mode) == 0o644


def test_a_failed_replace_leaves_the_old_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "key"
    replace_file(path, b"old")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFullError):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, DiskFullError),
        (errno.EDQUOT, DiskFullError),
        (errno.EROFS, NotWritableError),
        (errno.EACCES, NotWritableError),
        (errno.EIO, DiskFailedError),
    ],
)
def test_each_error_of_the_disk_has_its_sentence(number: int, told: type[Exception]) -> None:
    assert isinstance(explain(OSError(number, "x")), told)


def test_the_sentences_hold_no_path(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsError) as raised:
        replace_file(tmp_path / "missing" / "secret-name", b"")
    assert "secret-name" not in raised.value.sentence()
    assert raised.value.__suppress_context__
