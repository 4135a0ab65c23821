"""After a draft is destroyed, its words are nowhere: pages are decrypted here to look."""

import json
from pathlib import Path

import pytest

from app.domain.report import Certainty, Finding, Kind, Span
from app.store.drafts import Drafts
from app.store.engine import backup_before_migration
from app.store.vault import Vault
from tests.store.decrypted import decrypt_file, vault_key

PASSPHRASE = "seven plain words"
CANARY = b"canariensis"


def _plain_pages(folder: Path) -> bytes:
    """Every page of file, copies and log, free pages too, as it is without encryption."""
    key = vault_key(folder, PASSPHRASE)
    paths = [each for each in folder.glob("vault.db*") if not each.name.endswith("-shm")]
    return b"".join(decrypt_file(each, key) for each in paths)


def _write_canaries(drafts: Drafts) -> None:
    word = CANARY.decode()
    draft_id = drafts.create("form", 1, f"title {word}")
    for number in range(40):
        drafts.save_answer(draft_id, f"field_{number}", json.dumps(f"{word} " * (number * 7 + 1)))
        drafts.save_answer(draft_id, f"aid_{number}", json.dumps(word * 3), is_private=True)
    drafts.save_answer(draft_id, "field_3", json.dumps(f"{word} " * 3000))
    drafts.save_answer(draft_id, "field_5", None)
    finding = Finding(Span(0, 1), Kind.NAME, "[NAME-1]", Certainty.SURE, True, word, "rule")
    drafts.save_decisions(draft_id, {"field_3": (finding,) * 30})
    drafts.save_scrub_map(draft_id, {"[NAME-1]": word})
    drafts.begin_approval(draft_id, bytes(16), f"{word} words")


def test_nothing_of_a_destroyed_draft_is_left(vault: Vault, tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    drafts = Drafts(vault)
    kept = drafts.create("form", 1, "what stays")
    drafts.save_answer(kept, "story", json.dumps("what stays " * 500))
    _write_canaries(drafts)
    assert CANARY in _plain_pages(folder)  # or this test could not fail
    assert all(CANARY not in each.read_bytes() for each in folder.iterdir())

    vault.file.copy_to(backup_before_migration(vault.file.path, 1))
    (doomed,) = (each for each in drafts.summaries() if each.draft_id != kept)
    drafts.destroy(doomed.draft_id)
    left = _plain_pages(folder)
    assert CANARY not in left
    assert b"what stays" in left
    assert not list(folder.glob("*.version-*"))


@pytest.mark.parametrize(
    "name",
    [
        ".moving-vault.db",
        "..moving-vault.db.0a1b2c3d",
        ".restored.0a1b2c3d",
        ".restored.0a1b2c3d-wal",
        ".vault.db.version-2.0a1b2c3d",
    ],
)
def test_copies_that_a_crash_has_left_go_with_what_is_destroyed(
    vault: Vault, tmp_path: Path, name: str
) -> None:
    drafts = Drafts(vault)
    draft_id = drafts.create("form", 1, CANARY.decode())
    vault.file.copy_to(tmp_path / "vault" / name)
    drafts.destroy(draft_id)
    assert not (tmp_path / "vault" / name).exists()
    assert vault.file.path.exists()


@pytest.mark.parametrize("name", ["vault.db", "vault.db-wal"])
def test_the_search_finds_a_planted_word(vault: Vault, tmp_path: Path, name: str) -> None:
    drafts = Drafts(vault)
    drafts.create("form", 1, CANARY.decode())
    if name == "vault.db":
        vault.file.empty_log()
    assert (tmp_path / "vault" / "vault.db-wal").stat().st_size == 0 or name == "vault.db-wal"
    assert CANARY in _plain_pages(tmp_path / "vault")
