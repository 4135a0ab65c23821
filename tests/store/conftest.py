"""Open files for the tests of the store, made with a cheap passphrase."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store.archive import ArchiveStore
from app.store.cases import CaseStore
from app.store.keys import Cost
from app.store.post import Post
from app.store.vault import Vault

PASSPHRASE = "seven plain words"


@pytest.fixture
def cheap() -> Cost:
    return Cost(memory_kib=8_192, passes=1, lanes=1)


@pytest.fixture
def vault(tmp_path: Path, cheap: Cost) -> Iterator[Vault]:
    with Vault.create(tmp_path / "vault", PASSPHRASE, cheap) as opened:
        yield opened


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with Post.open_or_create(tmp_path / "post") as opened:
        yield opened


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[ArchiveStore]:
    with ArchiveStore.open_or_create(tmp_path / "archive" / "archive.db", b"a" * 32) as opened:
        yield opened


@pytest.fixture
def cases(tmp_path: Path) -> Iterator[CaseStore]:
    with CaseStore.open_or_create(tmp_path / "desk" / "cases.db", b"c" * 32) as opened:
        yield opened
