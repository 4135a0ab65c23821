"""A home with a vault whose passphrase is checked quickly, for commands run in this process."""

from pathlib import Path

import pytest

from app.paths import Home
from app.store.keys import FLOOR
from app.store.post import Post
from app.store.vault import Vault
from ui.cli.passphrase import ENVIRONMENT

PASSPHRASE = "seven lamps under water"


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The home that the commands find, with the vault "first" and an empty outbox."""
    home = Home(tmp_path / "own-home")
    Vault.create(home.vault_folder("first"), PASSPHRASE, FLOOR).close()
    Post.open_or_create(home.vault_folder("first")).close()
    file = tmp_path / "own-passphrase"
    file.write_text(PASSPHRASE + "\n", "utf-8")
    monkeypatch.setenv("NEARMISS_HOME", str(home.folder))
    monkeypatch.setenv(ENVIRONMENT, str(file))
    return home
