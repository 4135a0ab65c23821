"""The vault's life, and the sentence for everything that can be wrong with it."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app.errors import DamagedError, InputError
from app.progress import Silent
from app.store.drafts import Drafts
from app.store.engine import create_file
from app.store.failures import AlreadyThereError, DamagedFileError, MissingFileError
from app.store.keys import Cost, DamagedKeyError, WrongPassphraseError
from app.store.kinds import VAULT
from app.store.vault import Vault, VaultInUseError

PASSPHRASE = "seven plain words"


@pytest.fixture
def folder(tmp_path: Path, cheap: Cost) -> Path:
    with Vault.create(tmp_path / "vault", PASSPHRASE, cheap) as vault:
        Drafts(vault).create("form", 1, "the first")
    return tmp_path / "vault"


def test_what_was_written_is_there_again(folder: Path) -> None:
    with Vault.open(folder, PASSPHRASE) as vault:
        vault.check(Silent())
        assert [each.title for each in Drafts(vault).summaries()] == ["the first"]


@pytest.mark.skipif(os.name == "nt", reason="permissions are another thing there")
def test_everything_in_the_folder_is_private(folder: Path) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    with Vault.open(folder, PASSPHRASE) as vault:
        Drafts(vault).create("form", 1)
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()}
    assert modes == dict.fromkeys(modes, 0o600)
    assert "vault.db-wal" in modes


def test_a_wrong_passphrase_is_said_and_the_right_one_works_afterwards(folder: Path) -> None:
    with pytest.raises(WrongPassphraseError):
        Vault.open(folder, "wrong")
    Vault.open(folder, PASSPHRASE).close()


def test_an_empty_passphrase_makes_no_vault(tmp_path: Path, cheap: Cost) -> None:
    with pytest.raises(InputError, match="empty"):
        Vault.create(tmp_path / "v", "", cheap)
    Vault.create(tmp_path / "v", "not empty", cheap).close()


def test_a_vault_is_not_made_over_another(folder: Path, cheap: Cost) -> None:
    with pytest.raises(AlreadyThereError):
        Vault.create(folder, "other", cheap)
    Vault.open(folder, PASSPHRASE).close()


def test_no_vault_here(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="no vault"):
        Vault.open(tmp_path / "nothing", PASSPHRASE)
    assert not (tmp_path / "nothing").exists()


def test_a_missing_file_beside_its_key_is_said(folder: Path, cheap: Cost) -> None:
    (folder / "vault.db").rename(folder / "elsewhere")
    with pytest.raises(MissingFileError):
        Vault.open(folder, PASSPHRASE)
    with pytest.raises(AlreadyThereError):
        Vault.create(folder, "other", cheap)
    (folder / "elsewhere").rename(folder / "vault.db")
    Vault.open(folder, PASSPHRASE).close()


def test_a_missing_key_is_said(folder: Path) -> None:
    (folder / "vault.key").unlink()
    with pytest.raises(DamagedKeyError):
        Vault.open(folder, PASSPHRASE)


def test_a_damaged_key_is_said(folder: Path) -> None:
    (folder / "vault.key").write_bytes((folder / "vault.key").read_bytes()[:100])
    with pytest.raises(DamagedKeyError):
        Vault.open(folder, PASSPHRASE)


def test_a_damaged_file_is_not_called_a_wrong_passphrase(folder: Path) -> None:
    raw = bytearray((folder / "vault.db").read_bytes())
    raw[30] ^= 1
    (folder / "vault.db").write_bytes(raw)
    with pytest.raises(DamagedFileError) as raised:
        Vault.open(folder, PASSPHRASE)
    assert "Do not delete it" in raised.value.sentence()
    assert isinstance(raised.value, DamagedError)


def test_a_second_window_is_told(folder: Path) -> None:
    with (
        Vault.open(folder, PASSPHRASE),
        pytest.raises(VaultInUseError, match="open in another window"),
    ):
        Vault.open(folder, PASSPHRASE)
    Vault.open(folder, PASSPHRASE).close()


def test_a_second_process_is_told(folder: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from app.store.vault import *;"
        "Vault.open(Path(sys.argv[1]), sys.argv[2])"
    )
    with Vault.open(folder, PASSPHRASE):
        done = subprocess.run(
            [sys.executable, "-c", script, str(folder), PASSPHRASE],
            capture_output=True,
            check=False,
            text=True,
        )
    assert "VaultInUseError: This vault is open in another window" in done.stderr


def test_a_new_passphrase_leaves_the_file_as_it_is(folder: Path, cheap: Cost) -> None:
    before = (folder / "vault.db").read_bytes()
    Vault.change_passphrase(folder, PASSPHRASE, "another", cheap)
    assert (folder / "vault.db").read_bytes() == before
    with pytest.raises(WrongPassphraseError):
        Vault.open(folder, PASSPHRASE)
    Vault.open(folder, "another").close()


def test_a_change_needs_the_old_passphrase(folder: Path, cheap: Cost) -> None:
    with pytest.raises(WrongPassphraseError):
        Vault.change_passphrase(folder, "wrong", "another", cheap)
    Vault.open(folder, PASSPHRASE).close()


def test_a_creation_cut_off_before_the_key_can_be_repeated(tmp_path: Path, cheap: Cost) -> None:
    folder = tmp_path / "v"
    folder.mkdir()
    create_file(folder / "vault.new", b"l" * 32, VAULT)
    Vault.create(folder, PASSPHRASE, cheap).close()
    Vault.open(folder, PASSPHRASE).close()
    assert not (folder / "vault.new").exists()


def test_a_creation_cut_off_after_the_key_is_finished_by_opening(folder: Path) -> None:
    (folder / "vault.db").rename(folder / "vault.new")
    with Vault.open(folder, PASSPHRASE) as vault:
        assert len(Drafts(vault).summaries()) == 1
