"""A vault that is not there is said to be missing, never made by looking for its outbox."""

from pathlib import Path

import pytest

from app.errors import InputError
from app.paths import Home
from app.store.failures import MissingFileError
from app.use_cases import keep_safe


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_the_outbox_of_no_vault_is_not_an_empty_one(home: Home) -> None:
    with pytest.raises(MissingFileError, match="no vault here"):
        keep_safe.open_post(home, "frist")
    assert home.vault_names() == ()


def test_a_name_that_cannot_be_is_refused(home: Home) -> None:
    with pytest.raises(InputError):
        keep_safe.open_post(home, "../first")


@pytest.mark.parametrize("name", ["vault.key", "vault.db"])
def test_an_outbox_is_made_for_whatever_is_left_of_a_vault(home: Home, name: str) -> None:
    home.vault_folder("first").mkdir(parents=True)
    (home.vault_folder("first") / name).write_bytes(b"")
    keep_safe.open_post(home, "first").close()
    (home.vault_folder("first") / name).unlink()
    keep_safe.open_post(home, "first").close()
