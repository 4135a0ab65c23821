"""Putting a backup back: cut off anywhere, nothing is lost and a repeat finishes it."""

import os
import shutil
import stat
from pathlib import Path

import pytest

from app.paths import DiskFullError
from app.progress import Cancelled, Silent
from app.store import restoring
from app.store.drafts import Drafts
from app.store.failures import NewerFileError
from app.store.keys import Cost, WrongPassphraseError
from app.store.restoring import restore
from app.store.safekeeping import Safekeeping
from app.store.vault import Vault
from app.store.witness import Witness
from tests.golden import make_vault
from tests.store.decrypted import decrypt_all, vault_key

PASSPHRASE = "seven plain words"
GOLDEN = Path(__file__).parent.parent / "golden"


@pytest.fixture
def safe(tmp_path: Path) -> Safekeeping:
    return Safekeeping(tmp_path / "backups", Witness(tmp_path / "counters" / "v"))


@pytest.fixture
def folder(tmp_path: Path, cheap: Cost, safe: Safekeeping) -> Path:
    with Vault.create(tmp_path / "vault", PASSPHRASE, cheap, safe=safe) as vault:
        Drafts(vault).create("form", 1, "the first")
    return tmp_path / "vault"


@pytest.fixture
def source(folder: Path, tmp_path: Path, safe: Safekeeping) -> Path:
    """A copy elsewhere, from before the second draft was written."""
    with Vault.open(folder, PASSPHRASE, safe) as vault:
        copy = vault.copy_to(tmp_path)
    with Vault.open(folder, PASSPHRASE, safe) as vault:
        Drafts(vault).create("form", 1, "the second")
    return copy


def _titles(folder: Path, safe: Safekeeping, passphrase: str = PASSPHRASE) -> set[str]:
    with Vault.open(folder, passphrase, safe) as vault:
        vault.check(Silent())
        assert not vault.is_older_than_noted()
        return {each.title for each in Drafts(vault).summaries()}


def test_what_was_there_is_a_backup_afterwards(
    folder: Path, source: Path, safe: Safekeeping, tmp_path: Path
) -> None:
    key = vault_key(folder, PASSPHRASE)
    restore(source, PASSPHRASE, folder, safe, Silent())
    assert _titles(folder, safe) == {"the first"}
    assert b"the second" in decrypt_all(tmp_path / "backups", key)
    modes = {stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()}
    assert os.name == "nt" or modes == {0o600}
    assert not [each for each in folder.iterdir() if each.name.startswith(".")]


@pytest.mark.parametrize("step", ["_put_aside", "replace_file", "flush_folder"])
def test_cut_off_in_between_nothing_is_lost_and_a_repeat_finishes_it(
    folder: Path, source: Path, safe: Safekeeping, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_args: object) -> None:
        raise DiskFullError

    key = vault_key(folder, PASSPHRASE)
    with monkeypatch.context() as patched:
        patched.setattr(restoring, step, fail)
        with pytest.raises(DiskFullError):
            restore(source, PASSPHRASE, folder, safe, Silent())
    assert b"the second" in decrypt_all(folder.parent, key)
    assert _titles(folder, safe) == {"the first", "the second"}  # there is a vault at any moment
    restore(source, PASSPHRASE, folder, safe, Silent())
    assert _titles(folder, safe) == {"the first"}
    assert b"the second" in decrypt_all(folder.parent, key)


def test_a_wrong_passphrase_and_a_wish_to_stop_change_nothing(
    folder: Path, source: Path, safe: Safekeeping
) -> None:
    class Stopped:
        def report(self, done: int, total: int) -> None:
            raise Cancelled

    with pytest.raises(WrongPassphraseError):
        restore(source, "wrong", folder, safe, Silent())
    with pytest.raises(Cancelled):
        restore(source, PASSPHRASE, folder, safe, Stopped())
    assert _titles(folder, safe) == {"the first", "the second"}


@pytest.mark.parametrize("version", ["vault_v1", "vault_v2", "vault_v3"])
def test_a_backup_of_every_past_version_is_put_back(
    folder: Path, tmp_path: Path, safe: Safekeeping, version: str
) -> None:
    copied = Path(shutil.copytree(GOLDEN / version, tmp_path / "old"))
    restore(copied / "vault.db", make_vault.PASSPHRASE, folder, safe, Silent())
    titles = _titles(folder, safe, make_vault.PASSPHRASE)
    assert titles == {"Ice on the bridge", "A dog behind the door"}
    # Of another key: it cannot be told what it holds, so it stays until something is destroyed.
    (aside,) = (tmp_path / "backups").glob("aside-*")
    with Vault.open(aside, PASSPHRASE) as vault:
        assert len(Drafts(vault).summaries()) == 1
    with Vault.open(folder, make_vault.PASSPHRASE, safe) as vault:
        drafts = Drafts(vault)
        drafts.destroy(drafts.summaries()[0].draft_id)
    assert not aside.exists()


def test_a_backup_of_a_newer_program_changes_nothing(
    folder: Path, source: Path, safe: Safekeeping, tmp_path: Path
) -> None:
    newer = Path(shutil.copytree(folder, tmp_path / "newer"))
    with Vault.open(newer, PASSPHRASE) as vault, vault.file.writing() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 99")
    with pytest.raises(NewerFileError):
        restore(newer / "vault.db", PASSPHRASE, folder, safe, Silent())
    assert _titles(folder, safe) == {"the first", "the second"}
