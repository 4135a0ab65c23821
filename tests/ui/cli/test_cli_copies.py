"""Backups, copies and older files, from the command line."""

import shutil
from pathlib import Path

import pytest

from app.paths import Home
from app.store import vault_keys
from app.store.drafts import Drafts
from app.store.keys import WrongPassphraseError
from app.store.outbox import BODY_LENGTH, Outbox
from app.store.times import utc_now
from app.use_cases import keep_safe
from tests.ui.cli.conftest import PASSPHRASE
from ui.cli import passphrase
from ui.cli.main import main


def write(home: Home, title: str) -> None:
    """A session in which a draft is written."""
    with keep_safe.open_vault(home, "first", PASSPHRASE) as vault:
        Drafts(vault).create("form", 1, title)


def titles(home: Home) -> set[str]:
    with keep_safe.open_vault(home, "first", PASSPHRASE) as vault:
        return {each.title for each in Drafts(vault).summaries()}


def test_a_backup_is_listed_and_put_back(
    own_home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    write(own_home, "the first")
    assert main(["vault", "backups"]) == 0
    when = capsys.readouterr().out.splitlines()[0][:19]
    (backup,) = (own_home.backup_folder("first")).rglob("*.db")
    kept = backup.rename(backup.with_name("2026-01-02T03-04-05Z.db"))  # an older day
    write(own_home, "the second")
    assert len(when) == 19
    assert main(["vault", "restore", "2026-01-02 03:04:05"]) == 0
    assert "do not send it again" in capsys.readouterr().out
    assert titles(own_home) == {"the first"}
    assert kept.exists()
    assert main(["vault", "check"]) == 0


@pytest.mark.parametrize("lost", ["vault.db", "vault.key", "folder", "damaged", "garbage key"])
def test_what_is_lost_or_damaged_comes_back(own_home: Home, lost: str) -> None:
    write(own_home, "the first")
    folder = own_home.vault_folder("first")
    if lost == "folder":
        shutil.rmtree(folder)
    elif lost == "damaged":
        (folder / "vault.db").write_bytes(b"x" * 20_000)
    elif lost == "garbage key":
        (folder / "vault.key").write_bytes(b"{}")
    else:
        (folder / lost).unlink()
    (backup,) = own_home.backup_folder("first").rglob("2*.db")
    assert main(["vault", "restore", str(backup)]) == 0
    assert titles(own_home) == {"the first"}
    aside = list(own_home.backup_folder("first").glob("aside-*"))
    # With a whole file and a broken key the file is a backup like any other afterwards.
    assert len(aside) == (0 if lost in {"folder", "garbage key"} else 1)
    assert main(["vault", "check"]) == 0


def test_a_copy_at_a_chosen_place_opens_without_anything_else(
    own_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(own_home, "the first")
    place = tmp_path / "stick"
    place.mkdir()
    assert main(["vault", "copy", str(place), "--always"]) == 0
    (copy,) = place.iterdir()
    assert "Delete it when you do not need it" in capsys.readouterr().out
    shutil.rmtree(own_home.folder)
    assert main(["vault", "restore", str(copy), "--vault", "first-again"]) == 0
    with keep_safe.open_vault(own_home, "first-again", PASSPHRASE) as vault:
        assert [each.title for each in Drafts(vault).summaries()] == ["the first"]


def test_copies_are_made_once_a_day_listed_and_never_deleted(
    own_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "stick"
    place.mkdir()
    assert main(["vault", "copy", str(place), "--always"]) == 0
    for number in range(3):
        write(own_home, str(number))
    assert len(list(place.iterdir())) == 1
    assert main(["vault", "backups"]) == 0
    assert str(place) in capsys.readouterr().out
    shutil.rmtree(place)
    write(own_home, "no stick")
    assert main(["vault", "backups"]) == 0
    assert "(cannot be seen now)" in capsys.readouterr().out


def test_a_place_that_is_not_there_is_said(
    own_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["vault", "copy", str(tmp_path / "no")]) == 1
    assert "folder for copies is not there" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "not a whole copy"),
        (b"NEARMISS-VAULT-COPY-1\n", "not a whole copy"),
        (b"NEARMISS-VAULT-COPY-1\n\xff\xff\xff\xff", "not a whole copy"),
        (b"NEARMISS-VAULT-COPY-1\n\0\0\0\2{}SQLite", "key file is damaged"),
        (b"NEARMISS-VAULT-COPY-9\n", "newer version"),
    ],
)
def test_a_hostile_copy_changes_nothing(
    own_home: Home,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: bytes,
    told: str,
) -> None:
    write(own_home, "the first")
    (tmp_path / "x.nmcopy").write_bytes(content)
    assert main(["vault", "restore", str(tmp_path / "x.nmcopy")]) == 1
    assert told in capsys.readouterr().err
    assert titles(own_home) == {"the first"}
    folder = own_home.vault_folder("first")
    assert not [each for each in folder.iterdir() if each.name.startswith(".")]


def test_a_copy_that_was_cut_or_changed_changes_nothing(
    own_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(own_home, "the first")
    assert main(["vault", "copy", str(tmp_path)]) == 0
    (copy,) = tmp_path.glob("*.nmcopy")
    raw = copy.read_bytes()
    for content in (raw[:-4096], raw[:-1], raw[:-3000] + b"x" + raw[-2999:]):
        copy.write_bytes(content)
        assert main(["vault", "restore", str(copy)]) == 1
        assert "damaged" in capsys.readouterr().err
    assert titles(own_home) == {"the first"}


def test_a_vault_that_is_open_is_not_replaced(
    own_home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    write(own_home, "the first")
    (backup,) = own_home.backup_folder("first").rglob("*.db")
    with keep_safe.open_vault(own_home, "first", PASSPHRASE):
        assert main(["vault", "restore", str(backup)]) == 1
    assert "open in another window" in capsys.readouterr().err


def test_after_a_change_of_the_passphrase_backups_open_with_the_new_one(
    own_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(own_home, "the first")
    (tmp_path / "new").write_text("another long one", "utf-8")
    monkeypatch.setenv(passphrase.NEW_ENVIRONMENT, str(tmp_path / "new"))
    assert main(["vault", "change-passphrase"]) == 0
    (backup,) = own_home.backup_folder("first").rglob("*.db")
    key_file = backup.with_name("vault.key").read_bytes()
    assert vault_keys.open_key(key_file, "another long one")
    with pytest.raises(WrongPassphraseError):
        vault_keys.open_key(key_file, PASSPHRASE)


def test_an_older_vault_put_back_is_said_until_it_is_accepted(
    own_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(own_home, "the first")
    old = own_home.vault_folder("first") / "vault.db"
    shutil.copy(old, tmp_path / "old")
    write(own_home, "the second")
    shutil.copy(tmp_path / "old", old)
    write(own_home, "the third")
    assert main(["vault", "check"]) == 1
    err = capsys.readouterr().err
    assert "This vault is older than it was." in err
    assert "What you wrote after that copy was made is not in it." in err
    assert main(["vault", "check", "--accept-older"]) == 0
    assert main(["vault", "check"]) == 0
    assert capsys.readouterr().err == ""


def test_an_older_outbox_put_back_is_said_until_it_is_accepted(
    own_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = own_home.vault_folder("first") / "post.db"
    shutil.copy(old, tmp_path / "old")
    with keep_safe.open_post(own_home, "first") as post:
        Outbox(post).add(b"1" * 16, bytes(BODY_LENGTH), utc_now())
    shutil.copy(tmp_path / "old", old)
    with keep_safe.open_post(own_home, "first") as post:
        Outbox(post).add(b"2" * 16, bytes(BODY_LENGTH), utc_now())
    assert main(["vault", "check"]) == 1
    assert "The outbox is older than it was" in capsys.readouterr().err
    assert main(["vault", "check", "--accept-older"]) == 0
    assert main(["vault", "check"]) == 0


def test_post_and_its_counter_put_back_together_are_noticed_by_the_vault(
    own_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = (own_home.vault_folder("first") / "post.db", own_home.outbox_count_file("first"))
    assert main(["vault", "check"]) == 0
    for each in files:
        shutil.copy(each, tmp_path / each.name)
    with keep_safe.open_post(own_home, "first") as post:
        Outbox(post).add(b"1" * 16, bytes(BODY_LENGTH), utc_now())
    assert main(["vault", "check"]) == 0
    for each in files:
        shutil.copy(tmp_path / each.name, each)
    assert main(["vault", "check"]) == 1
    assert "The outbox is older than it was" in capsys.readouterr().err


def test_a_new_vault_of_a_name_that_was_used_is_not_called_older(
    own_home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    write(own_home, "the first")
    shutil.rmtree(own_home.vault_folder("first"))
    assert main(["vault", "create"]) == 0
    assert main(["vault", "check"]) == 0
    assert "older" not in capsys.readouterr().err
