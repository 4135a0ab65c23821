"""Full disks and read-only folders, as they really are."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import SurroundingsError
from app.paths import DiskFullError, NotWritableError, make_private_folder, replace_file
from app.progress import Silent
from app.store.drafts import DraftId, Drafts
from app.store.engine import create_file, open_file
from app.store.failures import NoMemoryError
from app.store.keys import Cost
from app.store.kinds import POST
from app.store.vault import Vault

PASSPHRASE = "seven plain words"
WORDS = '"' + "what happened " * 700 + '"'
# Saves until the limit on the size of files is met, then says what the person is told.
UNTIL_THE_LIMIT = """
import resource, sys
from pathlib import Path
from app.errors import UserError
from app.store.drafts import Drafts
from app.store.vault import Vault

vault = Vault.open(Path(sys.argv[1]), sys.argv[2])
drafts = Drafts(vault)
(summary,) = drafts.summaries()
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
number = 0
try:
    while number < 1000:
        drafts.save_answer(summary.draft_id, f"f{number}", sys.argv[3])
        number += 1
except UserError as error:
    print(number, error.sentence())
"""
posix_only = pytest.mark.skipif(os.name == "nt", reason="limits and mounts of POSIX systems")


def _vault_with_a_draft(folder: Path, cheap: Cost) -> DraftId:
    with Vault.create(folder, PASSPHRASE, cheap) as vault:
        return Drafts(vault).create("form", 1, "kept")


@posix_only
def test_at_a_size_limit_it_is_said_and_every_earlier_save_is_kept(
    tmp_path: Path, cheap: Cost
) -> None:
    draft_id = _vault_with_a_draft(tmp_path / "vault", cheap)
    done = subprocess.run(
        [sys.executable, "-c", UNTIL_THE_LIMIT, str(tmp_path / "vault"), PASSPHRASE, WORDS],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.stderr == ""
    count, _, sentence = done.stdout.partition(" ")
    assert "The disk did not read or write as asked." in sentence
    assert int(count) > 3
    with Vault.open(tmp_path / "vault", PASSPHRASE) as vault:
        vault.check(Silent())
        drafts = Drafts(vault)
        assert set(drafts.answers(draft_id)) == {f"f{number}" for number in range(int(count))}
        drafts.save_answer(draft_id, "afterwards", "1")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a small disk can be mounted by root only")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_on_a_full_disk_it_is_said_and_every_earlier_save_is_kept(
    small_disk: Path, cheap: Cost
) -> None:
    folder = small_disk / "vault"
    draft_id = _vault_with_a_draft(folder, cheap)
    saved: set[str] = set()
    with Vault.open(folder, PASSPHRASE) as vault:
        drafts = Drafts(vault)
        with pytest.raises(DiskFullError, match="disk is full"):
            _save_until_told(drafts, draft_id, saved)
        with pytest.raises(DiskFullError):
            vault.file.copy_to(small_disk / "copy")
        assert set(drafts.answers(draft_id)) == saved
    assert len(saved) > 3
    with Vault.open(folder, PASSPHRASE) as vault:
        vault.check(Silent())
        assert set(Drafts(vault).answers(draft_id)) == saved


def _save_until_told(drafts: Drafts, draft_id: DraftId, saved: set[str]) -> None:
    for number in range(1000):
        drafts.save_answer(draft_id, f"f{number}", WORDS)
        saved.add(f"f{number}")


def test_on_a_full_disk_no_half_made_vault_is_left(small_disk: Path, cheap: Cost) -> None:
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * 1_000_000)
    with pytest.raises(DiskFullError):
        Vault.create(small_disk / "vault", PASSPHRASE, cheap)
    filler.unlink()
    Vault.create(small_disk / "vault", PASSPHRASE, cheap).close()


def test_a_full_file_is_said_by_the_engine_too(tmp_path: Path) -> None:
    create_file(tmp_path / "post.db", b"k" * 32, POST)
    opened = open_file(tmp_path / "post.db", b"k" * 32, POST)
    with opened.reading() as connection:  # the pool gives this connection out again
        connection.exec_driver_sql("PRAGMA max_page_count = 20")
    with pytest.raises(DiskFullError), opened.writing() as connection:
        connection.exec_driver_sql("INSERT INTO settings VALUES ('a', zeroblob(200000))")
    opened.close()


@pytest.fixture
def closed_folder(tmp_path: Path, cheap: Cost) -> Iterator[Path]:
    """A folder with a vault that may be read, not changed; for root a disk mounted so."""
    folder = tmp_path / "closed"
    folder.mkdir()
    if os.name == "nt":
        pytest.skip("permissions are another thing there")
    if os.geteuid() != 0:
        _vault_with_a_draft(folder / "vault", cheap)
        for each in (folder / "vault", folder):
            each.chmod(0o500)
        yield folder
        for each in (folder, folder / "vault"):
            each.chmod(0o700)
        return
    _vault_with_a_draft(folder / "vault", cheap)
    mounts = (
        ["mount", "--bind", str(folder), str(folder)],
        ["mount", "-o", "remount,ro,bind", str(folder)],
    )
    try:
        for command in mounts:
            subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("root may write everywhere, and may not mount here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_in_a_read_only_folder_it_is_said(closed_folder: Path, cheap: Cost) -> None:
    tries = (
        lambda: Vault.create(closed_folder / "new", PASSPHRASE, cheap),
        lambda: Vault.change_passphrase(closed_folder / "vault", PASSPHRASE, "new", cheap),
        lambda: make_private_folder(closed_folder / "a" / "b"),
        lambda: replace_file(closed_folder / "x", b"y"),
        lambda: create_file(closed_folder / "post.db", b"k" * 32, POST),
    )
    for attempt in tries:
        with pytest.raises(NotWritableError, match="may not write"):
            attempt()


def test_a_vault_on_a_read_only_disk_is_said(closed_folder: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("its owner may still write the lock file of an existing vault")
    with pytest.raises(NotWritableError):
        Vault.open(closed_folder / "vault", PASSPHRASE)


def test_each_sentence_of_the_surroundings_says_what_to_do() -> None:
    for error in (DiskFullError(), NotWritableError(), NoMemoryError()):
        assert isinstance(error, SurroundingsError)
        assert "What was saved before is still there" in error.text
        assert error.hint
