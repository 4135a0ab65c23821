"""Nothing of a person is left in the data folder, and nothing of others is touched."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.errors import UserError
from app.paths import Home
from app.store.drafts import Drafts
from app.store.failures import MissingFileError
from app.store.keys import FLOOR
from app.store.post import Post
from app.store.vault import Vault, VaultInUseError
from app.use_cases import erase, keep_safe
from tests.store.decrypted import decrypt_all, vault_key

PASSPHRASE = "seven plain words"
CANARY = "canariensis"


def fill(home: Home, name: str) -> bytes:
    """A vault with a draft, a post, a counter and what backups may leave; returns its key."""
    folder = home.vault_folder(name)
    with Vault.create(folder, PASSPHRASE, FLOOR) as vault:
        drafts = Drafts(vault)
        drafts.save_answer(drafts.create("form", 1, CANARY), "story", json.dumps(CANARY * 900))
    with Post.open_or_create(folder) as post:
        keep_safe.Outbox(post).add(bytes(16), bytes(65_536), datetime(2026, 3, 1, tzinfo=UTC))
    for room in ("counters", "backups"):
        (home.folder / room).mkdir(exist_ok=True)
    home.counter_file(name).write_text("3")
    (home.folder / "counters" / f"{name}.chain").write_text("3 00")
    (home.folder / "backups" / name).mkdir()
    copied = home.folder / "backups" / name / "vault.db"
    copied.write_bytes((folder / "vault.db").read_bytes())
    return vault_key(folder, PASSPHRASE)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_nothing_of_the_vault_is_left_and_all_of_the_other(home: Home) -> None:
    key, other_key = fill(home, "first"), fill(home, "first-2")
    before = {
        path.relative_to(home.folder): path.read_bytes()
        for path in home.folder.rglob("*")
        if path.is_file() and "first-2" in str(path.relative_to(home.folder))
    }
    assert CANARY.encode() in decrypt_all(home.folder, key)  # or this test could not fail
    erase.erase_vault(home, "first")
    assert CANARY.encode() not in decrypt_all(home.folder, key)
    assert CANARY.encode() in decrypt_all(home.folder, other_key)
    after = {p.relative_to(home.folder): p.read_bytes() for p in home.folder.rglob("*.*")}
    assert all(after.get(path, b"") == raw for path, raw in before.items() if "." in path.name)
    left = [each for each in home.folder.rglob("*") if each.name.split(".")[0] == "first"]
    assert left == []
    assert home.vault_names() == ("first-2",)


def test_while_somebody_sends_nothing_is_erased(home: Home) -> None:
    fill(home, "first")
    with (
        keep_safe.open_post(home, "first") as post,
        post.only_sender(),
        pytest.raises(UserError, match="sending already"),
    ):
        erase.erase_vault(home, "first")
    assert (home.vault_folder("first") / "vault.key").exists()
    erase.erase_vault(home, "first")
    assert home.vault_names() == ()


def test_the_keys_go_first(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(home, "first")
    folder = home.vault_folder("first")
    raw_keys = [each.read_bytes() for each in folder.glob("*.key")]

    def cut(path: Path) -> None:
        assert path == folder
        raise KeyboardInterrupt

    monkeypatch.setattr("shutil.rmtree", cut)
    with pytest.raises(KeyboardInterrupt):
        erase.erase_vault(home, "first")
    assert len(raw_keys) == 2
    assert list(folder.glob("*.key")) == []
    monkeypatch.undo()
    erase.erase_vault(home, "first")
    assert home.vault_names() == ()


def test_open_vault_is_not_erased(home: Home) -> None:
    fill(home, "first")
    with (
        keep_safe.open_vault(home, "first", PASSPHRASE),
        pytest.raises(VaultInUseError),
    ):
        erase.erase_vault(home, "first")
    keep_safe.open_vault(home, "first", PASSPHRASE).close()


def test_vault_that_is_not_there_is_said(home: Home) -> None:
    with pytest.raises(MissingFileError):
        erase.erase_vault(home, "first")
    with pytest.raises(UserError):
        erase.erase_vault(home, "../first")


def test_the_rest_goes_only_after_the_last_vault(home: Home) -> None:
    fill(home, "first")
    fill(home, "second")
    assert not erase.is_alone(home)
    erase.erase_vault(home, "first")
    with pytest.raises(erase.OthersHereError):
        erase.erase_rest(home)
    assert erase.is_alone(home)
    for name in ("connection.json", "window.json", "roster.txt", "network.json", "last-update"):
        (home.folder / name).write_text("x")
    (home.folder / "archive").mkdir()
    (home.folder / "archive" / "archive.db").write_text("x")
    erase.erase_vault(home, "second")
    erase.erase_rest(home)
    assert not home.folder.exists()


@pytest.mark.parametrize("room", ["desk", "moved"])
def test_the_rest_stays_for_a_desk_and_for_a_vault_laid_aside(home: Home, room: str) -> None:
    (home.folder / room / "thing").mkdir(parents=True)
    with pytest.raises(erase.OthersHereError):
        erase.erase_rest(home)
    assert (home.folder / room / "thing").exists()


def test_what_is_not_the_programs_own_stays(home: Home) -> None:
    home.folder.mkdir(parents=True)
    (home.folder / "thesis.odt").write_text("x")
    (home.folder / "window.json").write_text("{}")
    erase.erase_rest(home)
    assert [each.name for each in home.folder.iterdir()] == ["thesis.odt"]


def test_vault_called_like_a_room_takes_nothing_else_along(home: Home) -> None:
    fill(home, "metadata")
    (home.folder / "feed" / "metadata").mkdir(parents=True)
    erase.erase_vault(home, "metadata")
    assert (home.folder / "feed" / "metadata").is_dir()


def test_backups_of_a_vault_that_is_lost_are_not_taken_along(home: Home) -> None:
    fill(home, "first")
    (home.folder / "backups" / "second").mkdir()
    assert not erase.is_alone(home)
    erase.erase_vault(home, "first")
    with pytest.raises(erase.OthersHereError):
        erase.erase_rest(home)
    erase.erase_vault(home, "second")
    erase.erase_rest(home)
    assert not home.folder.exists()
