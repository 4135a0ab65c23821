"""Making, checking and locking a vault anew; and passphrases that a person types."""

import getpass
import sys
from pathlib import Path

import pytest

from app.paths import Home
from app.store.keys import WrongPassphraseError
from app.store.vault import Vault
from ui.cli import passphrase
from ui.cli.main import main


def type_in(monkeypatch: pytest.MonkeyPatch, *typed: str) -> list[str]:
    """Let a person type these, one after the other; returns what is left of them."""
    left = list(typed)
    monkeypatch.delenv(passphrase.ENVIRONMENT, raising=False)
    monkeypatch.delenv(passphrase.NEW_ENVIRONMENT, raising=False)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: left.pop(0))
    return left


def test_vault_is_checked(own_home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["vault", "check"]) == 0
    assert "is whole" in capsys.readouterr().out


def test_damage_deep_in_the_file_is_found_by_the_check(
    own_home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    path = own_home.vault_folder("first") / "vault.db"
    raw = bytearray(path.read_bytes())
    raw[-2000] ^= 1
    path.write_bytes(raw)
    assert main(["vault", "check"]) == 1
    assert "damaged" in capsys.readouterr().err


def test_new_passphrase_opens_and_the_old_one_does_not(
    own_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "new").write_text("another long one", "utf-8")
    monkeypatch.setenv(passphrase.NEW_ENVIRONMENT, str(tmp_path / "new"))
    assert main(["vault", "change-passphrase"]) == 0
    folder = own_home.vault_folder("first")
    Vault.open(folder, "another long one").close()
    with pytest.raises(WrongPassphraseError):
        Vault.open(folder, "seven lamps under water")


@pytest.mark.parametrize("new", ["short", ""])
def test_unusable_new_passphrase_changes_nothing(
    own_home: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    new: str,
) -> None:
    (tmp_path / "new").write_text(new, "utf-8")
    monkeypatch.setenv(passphrase.NEW_ENVIRONMENT, str(tmp_path / "new"))
    assert main(["vault", "change-passphrase"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    Vault.open(own_home.vault_folder("first"), "seven lamps under water").close()


def test_chosen_passphrase_is_typed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    left = type_in(monkeypatch, "seven lamps", "seven lamps")
    assert passphrase.choose_passphrase() == "seven lamps"
    assert left == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [(("seven lamps", "seven lambs"), "differ"), (("short",), "at least 8")],
)
def test_passphrase_that_was_mistyped_makes_no_vault(
    own_home: Home,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: tuple[str, ...],
    told: str,
) -> None:
    type_in(monkeypatch, *typed)
    assert main(["vault", "create", "--vault", "second"]) == 1
    assert told in capsys.readouterr().err
    assert own_home.vault_names() == ("first",)


def test_name_that_cannot_be_is_said_before_anything_is_asked(
    own_home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    left = type_in(monkeypatch, "never asked")
    assert main(["vault", "create", "--vault", "../x"]) == 1
    assert "cannot be the name" in capsys.readouterr().err
    assert left == ["never asked"]
