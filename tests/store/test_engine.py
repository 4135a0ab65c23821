"""Opening, migrating, transactions and what exceptions say."""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from app.errors import UserError
from app.progress import Silent
from app.store.engine import backup_before_migration, create_file, open_file
from app.store.failures import (
    AlreadyThereError,
    DamagedFileError,
    FileBusyError,
    MissingFileError,
    NewerFileError,
)
from app.store.kinds import ARCHIVE, CASES, POST, VAULT, FileKind
from app.store.tables import archive, cases, post, vault

KEY = b"k" * 32
NEXT = replace(VAULT, version=VAULT.version + 1)
KINDS = [
    (VAULT, vault.METADATA),
    (POST, post.METADATA),
    (ARCHIVE, archive.METADATA),
    (CASES, cases.METADATA),
]
all_kinds = pytest.mark.parametrize("kind", [kind for kind, _ in KINDS], ids=lambda kind: kind.name)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file.db"


@pytest.mark.parametrize(("kind", "metadata"), KINDS, ids=lambda each: getattr(each, "name", ""))
def test_the_tables_equal_the_migrated_schema(
    kind: FileKind, metadata: MetaData, path: Path
) -> None:
    create_file(path, KEY, kind)
    opened = open_file(path, KEY, kind)

    def is_ours(_item: object, name: str | None, what: str, *_: object) -> bool:
        # The tables behind the full-text index are its own. SQLAlchemy does not read what
        # happens on delete from a column's REFERENCES, so foreign keys are compared below.
        is_index = what == "table" and str(name).startswith("record_index")
        return not is_index and what != "foreign_key_constraint"

    options: dict[str, Any] = {"include_object": is_ours, "compare_type": True}
    with opened.reading() as connection:
        differences = compare_metadata(
            MigrationContext.configure(connection, opts=options), metadata
        )
        foreign = {
            (name, key.column.table.name, key.ondelete)
            for name, table in metadata.tables.items()
            for key in table.foreign_keys
        }
        found = {
            (name, row[2], row[6])
            for name in metadata.tables
            for row in connection.execute(text(f"PRAGMA foreign_key_list({name})"))
        }
    opened.close()
    assert differences == []
    assert found == foreign


@all_kinds
def test_a_file_is_opened_as_its_kind_says(kind: FileKind, path: Path) -> None:
    create_file(path, KEY, kind)
    opened = open_file(path, KEY, kind)
    with opened.reading() as connection:

        def pragma(name: str) -> str:
            return str(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())

        assert pragma("page_size") == str(kind.page_size)
        assert pragma("journal_mode") == "wal"
        assert pragma("synchronous") == {"NORMAL": "1", "FULL": "2"}[kind.synchronous]
        assert pragma("secure_delete") == str(int(kind.secure_delete))
        assert pragma("foreign_keys") == "1"
        assert pragma("cipher_memory_security") == "0"
        assert pragma("user_version") == str(kind.version)
    opened.check(Silent())
    opened.close()
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_opening_an_up_to_date_file_does_not_import_alembic(path: Path) -> None:
    create_file(path, KEY, VAULT)
    script = (
        "import sys; from pathlib import Path; from app.store.engine import open_file;"
        "from app.store.kinds import VAULT;"
        "open_file(Path(sys.argv[1]), b'k' * 32, VAULT).close();"
        "sys.exit('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    assert done.returncode == 0


def test_a_file_is_not_made_twice(path: Path) -> None:
    create_file(path, KEY, VAULT)
    with pytest.raises(AlreadyThereError):
        create_file(path, KEY, VAULT)


def test_a_missing_file_is_said_and_not_made(path: Path) -> None:
    with pytest.raises(MissingFileError, match="no vault"):
        open_file(path, KEY, VAULT)
    assert not path.exists()


def test_a_wrong_key_is_said_without_noise(path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    create_file(path, KEY, VAULT)
    with pytest.raises(DamagedFileError, match="damaged, or its key"):
        open_file(path, b"j" * 32, VAULT)
    assert capfd.readouterr() == ("", "")


def _fill(path: Path) -> None:
    create_file(path, KEY, POST)
    opened = open_file(path, KEY, POST)
    with opened.writing() as connection:
        for number in range(60):
            connection.execute(
                text("INSERT INTO settings VALUES (:n, :v)"), {"n": str(number), "v": "x" * 3000}
            )
    opened.close()


@pytest.mark.parametrize("size", [0, 100, 4096, 10_000])
def test_a_truncated_file_is_said_and_stays_as_it_is(path: Path, size: int) -> None:
    _fill(path)
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(DamagedFileError):
        _open_and_check(path)
    assert path.stat().st_size == size


@pytest.mark.parametrize("place", [3, 20, 4_000, 90_000])
def test_a_flipped_byte_is_found(path: Path, place: int) -> None:
    _fill(path)
    raw = bytearray(path.read_bytes())
    raw[place] ^= 1
    path.write_bytes(raw)
    with pytest.raises(DamagedFileError):
        _open_and_check(path)


def _open_and_check(path: Path) -> None:
    opened = open_file(path, KEY, POST)
    try:
        opened.check(Silent())
    finally:
        opened.close()


def test_a_page_that_was_half_moved_out_of_the_log_is_not_called_damaged(
    path: Path, tmp_path: Path
) -> None:
    _fill(path)
    opened = open_file(path, KEY, POST)
    with opened.writing() as connection:
        connection.execute(text("UPDATE settings SET value = 'another'"))
    left = tmp_path / "left"
    left.mkdir()
    for each in (path, path.with_name(f"{path.name}-wal")):
        shutil.copyfile(each, left / each.name)
    opened.close()
    log = (left / f"{path.name}-wal").read_bytes()
    frame = 24 + POST.page_size  # https://www.sqlite.org/fileformat2.html, section 4.1
    pages = {int.from_bytes(log[at : at + 4], "big") for at in range(32, len(log), frame)}
    torn = max(pages)
    assert torn > 1
    whole = bytearray((left / path.name).read_bytes())
    start = (torn - 1) * POST.page_size
    whole[start : start + 512] = bytes(512)
    (left / path.name).write_bytes(whole)
    _open_and_check(left / path.name)


def test_reading_a_damaged_page_is_said(path: Path) -> None:
    _fill(path)
    raw = bytearray(path.read_bytes())
    raw[90_000] ^= 1
    path.write_bytes(raw)
    opened = open_file(path, KEY, POST)
    with pytest.raises(DamagedFileError), opened.reading() as connection:
        connection.execute(text("SELECT * FROM settings")).all()
    opened.close()


def test_a_newer_file_is_left_alone(path: Path) -> None:
    create_file(path, KEY, VAULT)
    opened = open_file(path, KEY, VAULT)
    with opened.writing() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 99")
    opened.close()
    with pytest.raises(NewerFileError, match="newer version"):
        open_file(path, KEY, VAULT)


def test_a_migration_keeps_a_copy_of_the_older_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_file(path, KEY, VAULT)

    def next_step(connection: Connection, _kind: FileKind) -> None:
        connection.exec_driver_sql("ALTER TABLE drafts ADD COLUMN colour TEXT")
        connection.exec_driver_sql(f"PRAGMA user_version = {NEXT.version}")

    monkeypatch.setattr("app.store.migrate.migrate", next_step)
    opened = open_file(path, KEY, NEXT)
    with opened.reading() as connection:
        connection.execute(text("SELECT colour FROM drafts")).all()
    opened.close()
    copy = open_file(backup_before_migration(path, VAULT.version), KEY, VAULT)
    copy.check(Silent())
    copy.close()


def test_a_migration_that_fails_changes_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_file(path, KEY, VAULT)

    def broken_step(connection: Connection, _kind: FileKind) -> None:
        connection.exec_driver_sql("CREATE TABLE half (x)")
        raise RuntimeError("the step is broken")

    monkeypatch.setattr("app.store.migrate.migrate", broken_step)
    with pytest.raises(RuntimeError):
        open_file(path, KEY, NEXT)
    opened = open_file(path, KEY, VAULT)
    with opened.reading() as connection:
        names = connection.execute(text("SELECT name FROM sqlite_master")).scalars().all()
    opened.close()
    assert "half" not in names


def test_a_second_writer_waits_and_is_told(path: Path) -> None:
    create_file(path, KEY, POST)
    opened = open_file(path, KEY, POST)
    with opened.reading() as connection:  # the pool gives this connection out again
        connection.exec_driver_sql("PRAGMA busy_timeout = 1")
    insert = text("INSERT INTO settings VALUES ('a', 'b')")
    holder = open_file(path, KEY, POST)
    with holder.writing() as writer:
        writer.execute(insert)
        with pytest.raises(FileBusyError, match="in use"), opened.writing():
            pass
        with opened.reading() as reader:
            assert reader.execute(text("SELECT count(*) FROM settings")).scalar_one() == 0
    opened.close()
    holder.close()


def test_exceptions_never_hold_what_was_written(path: Path) -> None:
    create_file(path, KEY, POST)
    opened = open_file(path, KEY, POST)
    row = {"n": "canarium", "v": "the story"}
    statement = text("INSERT INTO settings VALUES (:n, :v)")
    with pytest.raises(IntegrityError) as raised, opened.writing() as connection:
        connection.execute(statement, [row, row])
    assert "canarium" not in str(raised.value)
    assert "story" not in str(raised.value)
    with opened.reading() as reader:
        assert reader.execute(text("SELECT count(*) FROM settings")).scalar_one() == 0
    opened.close()


def test_a_defect_is_not_turned_into_a_sentence(path: Path) -> None:
    create_file(path, KEY, POST)
    opened = open_file(path, KEY, POST)
    with pytest.raises(DatabaseError) as raised, opened.reading() as connection:
        connection.execute(text("SELECT * FROM no_such_table"))
    assert not isinstance(raised.value, UserError)
    opened.close()


def test_a_copy_opens_under_the_same_key_and_is_encrypted(path: Path) -> None:
    _fill(path)
    opened = open_file(path, KEY, POST)
    copy = path.with_name("copy.db")
    copy.write_bytes(b"an older copy")
    opened.copy_to(copy)
    opened.close()
    assert b"xxxxxxxx" not in copy.read_bytes()
    other = open_file(copy, KEY, POST)
    with other.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM settings")).scalar_one() == 60
    other.close()


def test_the_file_cannot_be_opened_without_encryption(path: Path) -> None:
    create_file(path, KEY, POST)
    plain = sqlcipher.connect(path)
    with pytest.raises(sqlcipher.DatabaseError):
        plain.execute("SELECT * FROM sqlite_master")
    plain.close()
