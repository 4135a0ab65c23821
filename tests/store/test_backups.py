"""Copies after each session: which stay, what they hold, and what goes out of them again."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.errors import SurroundingsError
from app.progress import Silent
from app.store import vault_keys
from app.store.backups import KEPT_DAYS, KEPT_NEWEST, Backups, list_backups, replace_keys
from app.store.drafts import DraftId, Drafts
from app.store.engine import StoreFile, create_file, open_file
from app.store.keys import Cost, WrongPassphraseError
from app.store.kinds import VAULT
from app.store.receipts import KeptReceipt
from app.store.safekeeping import BackupFailedError, Safekeeping
from app.store.vault import Vault
from app.store.witness import Witness
from tests.store.decrypted import decrypt_all, decrypt_file, vault_key

PASSPHRASE = "seven plain words"
CANARY = "canariensis"
START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
RECEIPT = KeptReceipt(b"r" * 16, "ab" * 16, CANARY, CANARY, b"t" * 16, b"s" * 96)


class Clock:
    """A second later each time, and later still when it is told."""

    def __init__(self) -> None:
        self.now_utc = START

    def __call__(self) -> datetime:
        self.now_utc += timedelta(seconds=1)
        return self.now_utc


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def safe(tmp_path: Path, clock: Clock) -> Safekeeping:
    return Safekeeping(tmp_path / "backups", Witness(tmp_path / "counters" / "v"), clock)


@pytest.fixture
def folder(tmp_path: Path, cheap: Cost, safe: Safekeeping) -> Path:
    with Vault.create(tmp_path / "vault", PASSPHRASE, cheap, safe=safe) as vault:
        Drafts(vault).create("form", 1, "the first")
    return tmp_path / "vault"


@pytest.fixture
def file(tmp_path: Path) -> Iterator[StoreFile]:
    create_file(tmp_path / "file.db", b"k" * 32, VAULT)
    opened = open_file(tmp_path / "file.db", b"k" * 32, VAULT)
    yield opened
    opened.close()


def _everything(tmp_path: Path) -> bytes:
    """Every file below, its pages decrypted."""
    return decrypt_all(tmp_path, vault_key(tmp_path / "vault", PASSPHRASE))


def test_a_session_that_wrote_leaves_a_copy(folder: Path, tmp_path: Path) -> None:
    (copy,) = list_backups(tmp_path / "backups")
    assert copy.key_file.read_bytes() == (folder / "vault.key").read_bytes()
    assert b"the first" in _everything(tmp_path)


def test_a_copy_that_was_cut_off_goes_with_what_is_destroyed(
    folder: Path, safe: Safekeeping, tmp_path: Path
) -> None:
    (copy,) = list_backups(tmp_path / "backups")
    cut = copy.path.with_name(f".{copy.path.name}.0a1b2c3d")
    cut.write_bytes(copy.path.read_bytes())
    with Vault.open(folder, PASSPHRASE, safe) as vault:
        drafts = Drafts(vault)
        drafts.destroy(drafts.summaries()[0].draft_id)
    assert not cut.exists()
    assert b"the first" not in _everything(tmp_path)


def test_what_a_crash_left_in_copies_goes_when_the_vault_is_closed_whatever_was_done(
    folder: Path, safe: Safekeeping, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = Vault.open(folder, PASSPHRASE, safe)
    with monkeypatch.context() as patched:
        patched.setattr(Vault, "forget_deleted", lambda _vault: None)
        drafts = Drafts(vault)
        drafts.destroy(drafts.summaries()[0].draft_id)
        vault.file.close()
        vault._lock.release()  # as when the process is killed
    assert b"the first" in _everything(tmp_path)
    Vault.open(folder, PASSPHRASE, safe).close()
    assert b"the first" not in _everything(tmp_path)


def test_a_session_that_only_read_leaves_none(folder: Path, safe: Safekeeping) -> None:
    with Vault.open(folder, PASSPHRASE, safe) as vault:
        Drafts(vault).summaries()
        before = vault.backups()
    assert Vault.open(folder, PASSPHRASE, safe).backups() == before


def test_the_newest_stay_and_one_of_each_of_the_last_days(
    tmp_path: Path, file: StoreFile, clock: Clock
) -> None:
    backups = Backups(tmp_path / "backups", clock)
    made = []
    for _day in range(KEPT_DAYS + 3):
        for _session in range(2):
            made.append(backups.make(file, b"key"))
        clock.now_utc += timedelta(days=1)
    left = {each.made_utc for each in backups.all()}
    last_of_days = [each.made_utc for each in made[1::2]]
    newest = [each.made_utc for each in made[-KEPT_NEWEST:]]
    assert left == {*last_of_days[-KEPT_DAYS:], *newest}


def test_the_copy_just_made_stays_when_the_clock_was_set_back(
    tmp_path: Path, file: StoreFile, clock: Clock
) -> None:
    backups = Backups(tmp_path / "backups", clock)
    for _ in range(KEPT_DAYS + KEPT_NEWEST):
        backups.make(file, b"key")
        clock.now_utc += timedelta(days=1)
    clock.now_utc = START - timedelta(days=900)
    assert backups.make(file, b"key").path.exists()


def test_a_second_copy_in_the_same_second_replaces_none(tmp_path: Path, file: StoreFile) -> None:
    backups = Backups(tmp_path / "backups", lambda: START)
    made = [backups.make(file, b"key").path for _ in range(3)]
    assert sorted(each.path for each in backups.all()) == sorted(made)
    assert len(set(made)) == 3


def test_what_somebody_else_puts_there_is_left_alone(
    tmp_path: Path, file: StoreFile, clock: Clock
) -> None:
    backups = Backups(tmp_path / "backups", clock)
    backups.make(file, b"key")
    (tmp_path / "backups" / "mine.db").write_bytes(b"x")
    for _ in range(KEPT_NEWEST + 2):
        backups.make(file, b"key")
    assert (tmp_path / "backups" / "mine.db").exists()
    assert len(backups.all()) == KEPT_NEWEST


def test_a_destroyed_report_is_in_no_copy_and_another_one_is(
    folder: Path, tmp_path: Path, safe: Safekeeping
) -> None:
    with Vault.open(folder, PASSPHRASE, safe) as vault:
        drafts = Drafts(vault)
        doomed = drafts.create("form", 1, CANARY)
        for number in range(40):
            drafts.save_answer(doomed, f"f{number}", json.dumps(f"{CANARY} " * (number * 9 + 1)))
        drafts.receipts.keep(RECEIPT)
        drafts.receipts.save_reply(RECEIPT.report_id, 1, CANARY)
    assert CANARY.encode() in _everything(tmp_path)
    with Vault.open(folder, PASSPHRASE, safe) as vault:
        drafts = Drafts(vault)
        drafts.destroy(doomed)
        drafts.receipts.forget(RECEIPT.report_id)
        everything = _everything(tmp_path)
        assert CANARY.encode() not in everything
        assert len(vault.backups()) == 2
        assert vault.check_backups(Silent()) == ()
    key = vault_key(folder, PASSPHRASE)
    assert all(b"the first" in decrypt_file(each.path, key) for each in vault.backups())


def test_the_text_of_an_answer_that_arrived_is_in_no_copy(
    folder: Path, tmp_path: Path, safe: Safekeeping
) -> None:
    kept = KeptReceipt(b"r" * 16, "ab" * 16, "kept", "words", b"t" * 16, b"s" * 96)
    with Vault.open(folder, PASSPHRASE, safe) as vault:
        receipts = Drafts(vault).receipts
        receipts.keep(kept)
        receipts.save_reply(kept.report_id, 1, CANARY)
        receipts.mark_sealed(kept.report_id, 1, CANARY, b"i" * 16)
    assert CANARY.encode() in _everything(tmp_path)
    with Vault.open(folder, PASSPHRASE, safe) as vault:
        drafts = Drafts(vault)
        drafts.receipts.settle_reply(b"i" * 16, is_received=True)
        drafts.destroy(DraftId((b"i" * 16).hex()))  # as `settle` does
        assert CANARY.encode() not in _everything(tmp_path)


def test_a_crash_between_draft_and_copies_is_mended_when_the_vault_is_closed(
    folder: Path, tmp_path: Path, safe: Safekeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Vault.open(folder, PASSPHRASE, safe) as vault:
        doomed = Drafts(vault).create("form", 1, CANARY)
    with Vault.open(folder, PASSPHRASE, safe) as vault:
        with monkeypatch.context() as patched:
            patched.setattr(Vault, "forget_deleted", lambda _self: None)
            Drafts(vault).destroy(doomed)
        assert CANARY.encode() in _everything(tmp_path)
    assert CANARY.encode() not in _everything(tmp_path)


def test_a_copy_that_cannot_be_read_does_not_stay_when_something_is_destroyed(
    folder: Path, safe: Safekeeping
) -> None:
    with Vault.open(folder, PASSPHRASE, safe) as vault:
        (copy,) = vault.backups()
        copy.path.write_bytes(b"x" * 9000)
        (damaged,) = vault.check_backups(Silent())
        assert damaged.path == copy.path
        drafts = Drafts(vault)
        drafts.destroy(drafts.summaries()[0].draft_id)
        assert vault.backups() == ()


def test_a_passphrase_that_was_changed_opens_no_copy(
    folder: Path, tmp_path: Path, cheap: Cost
) -> None:
    before = (folder / "vault.key").read_bytes()
    Vault.change_passphrase(folder, PASSPHRASE, "another", cheap)
    replace_keys(tmp_path / "backups", before, (folder / "vault.key").read_bytes())
    (copy,) = list_backups(tmp_path / "backups")
    with pytest.raises(WrongPassphraseError):
        vault_keys.open_key(copy.key_file.read_bytes(), PASSPHRASE)
    assert vault_keys.open_key(copy.key_file.read_bytes(), "another")


def test_a_new_vault_of_the_same_name_leaves_the_copies_of_the_old_one_openable(
    folder: Path, tmp_path: Path, cheap: Cost, safe: Safekeeping
) -> None:
    for each in folder.iterdir():
        each.unlink()
    Vault.create(folder, "another", cheap, safe=safe).close()
    found = list_backups(tmp_path / "backups")
    assert len(found) == 2
    opened = {vault_keys.open_key(found[0].key_file.read_bytes(), "another")}
    opened.add(vault_keys.open_key(found[1].key_file.read_bytes(), PASSPHRASE))
    assert len(opened) == 2


def test_a_copy_that_fails_is_said_after_the_vault_is_closed(
    folder: Path, safe: Safekeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_self: Backups, _file: StoreFile, _key: bytes) -> None:
        raise SurroundingsError("The disk is full.")

    vault = Vault.open(folder, PASSPHRASE, safe)
    Drafts(vault).create("form", 1, "the second")
    with monkeypatch.context() as patched:
        patched.setattr(Backups, "make", fail)
        with pytest.raises(BackupFailedError, match="backup was not made") as raised:
            vault.close()
    assert "saved in the vault itself. The disk is full." in raised.value.sentence()
    with Vault.open(folder, PASSPHRASE, safe) as again:
        assert len(Drafts(again).summaries()) == 2


def test_what_went_wrong_inside_is_said_rather_than_the_copy(
    folder: Path, safe: Safekeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_self: Backups, _file: StoreFile, _key: bytes) -> None:
        raise SurroundingsError("The disk is full.")

    monkeypatch.setattr(Backups, "make", fail)

    def work() -> None:
        with Vault.open(folder, PASSPHRASE, safe) as vault:
            Drafts(vault).create("form", 1)
            raise KeyError

    with pytest.raises(KeyError):
        work()
    monkeypatch.undo()
    Vault.open(folder, PASSPHRASE, safe).close()
