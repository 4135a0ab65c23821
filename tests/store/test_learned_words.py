"""Words are learned into the vault, and into no other file."""

from pathlib import Path

from app.store.drafts import Drafts
from app.store.keys import FLOOR
from app.store.vault import Vault

WORD = "Zorblatron"


def test_a_learned_word_is_there_after_opening_again_until_it_is_forgotten(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    with_word = Vault.create(folder, "seven lamps", FLOOR)
    Drafts(with_word).learned.learn(WORD)
    Drafts(with_word).learned.learn("another")
    with_word.close()
    again = Vault.open(folder, "seven lamps")
    learned = Drafts(again).learned
    assert learned.all() == {WORD.casefold(), "another"}
    learned.forget(WORD)
    learned.forget("another")
    assert learned.all() == frozenset()
    again.close()


def test_no_file_shows_it(tmp_path: Path) -> None:
    vault = Vault.create(tmp_path / "vault", "seven lamps", FLOOR)
    Drafts(vault).learned.learn(WORD)
    vault.close()
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert WORD.casefold().encode() not in file.read_bytes().lower()
