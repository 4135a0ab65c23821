"""Recovery codes, destroying, erasing and moving from the command line."""

import json
from pathlib import Path

import pytest

from app.paths import Home
from app.store.drafts import Drafts
from app.store.keys import WrongPassphraseError
from app.store.vault import Vault
from app.use_cases import keep_safe, move_vault
from tests.store.decrypted import decrypt_all, vault_key
from ui.cli.main import main
from ui.cli.parts import read_words
from ui.cli.passphrase import CODE_ENVIRONMENT, ENVIRONMENT, NEW_ENVIRONMENT
from ui.cli.vault_trust import DRAWN_WORDS, draw_passphrase

PASSPHRASE = "seven lamps under water"
CANARY = "canariensis"


def write_code_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    (tmp_path / "code").write_text(code, "utf-8")
    monkeypatch.setenv(CODE_ENVIRONMENT, str(tmp_path / "code"))


def write_draft(home: Home) -> str:
    with keep_safe.open_vault(home, "first", PASSPHRASE) as vault:
        drafts = Drafts(vault)
        draft_id = drafts.create("form", 1, CANARY)
        drafts.save_answer(draft_id, "story", json.dumps(CANARY * 2000))
    with keep_safe.open_vault(home, "first", PASSPHRASE) as vault:
        assert vault.backups()
    return str(draft_id)


def test_words_are_drawn_anew_each_time_from_the_long_list(
    capsys: pytest.CaptureFixture[str],
) -> None:
    drawn = set()
    for _ in range(5):
        assert main(["vault", "words"]) == 0
        drawn.add(capsys.readouterr().out.strip())
    words = read_words()
    assert len(drawn) == 5
    for each in drawn:
        assert len(each.split(" ")) == DRAWN_WORDS
        assert all(word in words.places for word in each.split(" "))
    assert len(draw_passphrase(("one",)).split()) == DRAWN_WORDS


def test_recovery_code_sets_a_new_passphrase(
    own_home: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["vault", "recovery-code"]) == 0
    code = capsys.readouterr().out.splitlines()[0]
    write_code_file(tmp_path, monkeypatch, code.lower().replace("-", " "))
    (tmp_path / "new").write_text("another long one", "utf-8")
    monkeypatch.setenv(NEW_ENVIRONMENT, str(tmp_path / "new"))
    monkeypatch.delenv(ENVIRONMENT)
    assert main(["vault", "recover"]) == 0
    Vault.open(own_home.vault_folder("first"), "another long one").close()
    with pytest.raises(WrongPassphraseError):
        Vault.open(own_home.vault_folder("first"), PASSPHRASE)


def test_recovery_code_that_was_taken_away_opens_nothing(
    own_home: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["vault", "recovery-code"]) == 0
    write_code_file(tmp_path, monkeypatch, capsys.readouterr().out.splitlines()[0])
    assert main(["vault", "recovery-code", "--remove"]) == 0
    (tmp_path / "new").write_text("another long one", "utf-8")
    monkeypatch.setenv(NEW_ENVIRONMENT, str(tmp_path / "new"))
    capsys.readouterr()
    assert main(["vault", "recover"]) == 1
    assert "no recovery code" in capsys.readouterr().err
    Vault.open(own_home.vault_folder("first"), PASSPHRASE).close()


def test_mistyped_code_changes_nothing(
    own_home: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_code_file(tmp_path, monkeypatch, "ABCD-EFGH")
    assert main(["vault", "recover"]) == 1
    assert "not the code" in capsys.readouterr().err


def test_destroyed_report_is_found_nowhere_in_the_program_s_folder(
    own_home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    draft_id = write_draft(own_home)
    key = vault_key(own_home.vault_folder("first"), PASSPHRASE)
    assert CANARY.encode() in decrypt_all(own_home.folder / "backups", key)
    assert main(["destroy", draft_id]) == 1
    assert "not confirmed" in capsys.readouterr().err
    assert main(["destroy", draft_id, "--confirm", draft_id, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["waits"] is False
    assert CANARY.encode() not in decrypt_all(own_home.folder, key)
    assert list((own_home.folder / "backups").rglob("*.db"))  # the copies are there still


def test_copies_at_chosen_places_are_listed_when_something_is_destroyed(
    own_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft_id = write_draft(own_home)
    (tmp_path / "stick").mkdir()
    with keep_safe.open_vault(own_home, "first", PASSPHRASE) as vault:
        copy = vault.copy_to(tmp_path / "stick")
    assert main(["destroy", draft_id, "--confirm", draft_id]) == 0
    assert str(copy) in capsys.readouterr().out
    assert main(["vault", "erase", "--confirm", "first"]) == 0
    assert str(copy) in capsys.readouterr().out
    assert copy.exists()


def test_erasing_needs_the_typed_name_and_the_passphrase(
    own_home: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["vault", "erase"]) == 1
    assert main(["vault", "erase", "--confirm", "frist"]) == 1
    (tmp_path / "wrong").write_text("not this one", "utf-8")
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "wrong"))
    assert main(["vault", "erase", "--confirm", "first"]) == 1
    assert own_home.vault_names() == ("first",)
    capsys.readouterr()
    assert main(["vault", "erase", "--confirm", "first", "--lost-passphrase", "--everything"]) == 0
    assert "cannot reach" in capsys.readouterr().out
    assert not own_home.folder.exists()


def test_vault_moves_to_another_computer_and_is_erased_here(
    own_home: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_draft(own_home)
    new = Home(tmp_path / "new-home")
    file = tmp_path / "stick.nmm"
    monkeypatch.setenv("NEARMISS_HOME", str(new.folder))
    assert main(["vault", "expect"]) == 0
    write_code_file(tmp_path, monkeypatch, capsys.readouterr().out.splitlines()[0])
    monkeypatch.setenv("NEARMISS_HOME", str(own_home.folder))
    assert main(["vault", "move-out", str(file)]) == 0
    assert own_home.vault_names() == ()
    assert main(["vault", "moved"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "first"
    monkeypatch.setenv("NEARMISS_HOME", str(new.folder))
    assert main(["vault", "move-in", str(file)]) == 0
    assert main(["vault", "check"]) == 0
    assert main(["vault", "move-in", str(file), "--vault", "second"]) == 1
    monkeypatch.setenv("NEARMISS_HOME", str(own_home.folder))
    assert main(["vault", "moved", "--erase", "second"]) == 1
    assert main(["vault", "moved", "--erase", "first"]) == 1
    assert main(["vault", "moved", "--erase", "first", "--confirm", "first"]) == 0
    assert move_vault.moved_names(own_home) == ()


def test_vault_that_was_laid_aside_can_be_used_again(
    own_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = Home(tmp_path / "new-home")
    write_code_file(tmp_path, monkeypatch, move_vault.expect_vault(new))
    assert main(["vault", "move-out", str(tmp_path / "stick.nmm")]) == 0
    assert main(["vault", "check"]) == 1
    assert main(["vault", "moved", "--use-again", "first"]) == 0
    assert main(["vault", "check"]) == 0
