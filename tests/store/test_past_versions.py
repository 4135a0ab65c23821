"""A file of every past version of each kind, made by the steps of its time, keeps all it had."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from app.progress import Silent
from app.store import chain
from app.store.engine import (
    StoreFile,
    backup_before_migration,
    create_file,
    open_as_it_is,
    open_file,
)
from app.store.kinds import ARCHIVE, CASES, POST, VAULT, FileKind

KEY = b"k" * 32
PAST = [
    replace(kind, version=version)
    for kind in (VAULT, POST, ARCHIVE, CASES)
    for version in range(1, kind.version)
]
PRESENT = {kind.name: kind for kind in (VAULT, POST, ARCHIVE, CASES)}
Rows = dict[str, list[dict[str, object]]]
_NAMES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
    "AND name NOT LIKE 'record_index%' AND name != 'alembic_version'"
)
past = pytest.mark.parametrize("kind", PAST, ids=lambda kind: f"{kind.name} {kind.version}")


def _invent(kind: str, *, is_key: bool) -> object:
    if kind == "BLOB":
        return b"k" * 16
    return 7 if kind == "INTEGER" else "key" if is_key else "2026-01-31T08:15:00.000000+00:00"


def _fill(connection: Connection) -> None:
    """A row in each table; every key and every reference to it has the same value."""
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    for name in connection.execute(text(_NAMES)).scalars().all():
        if name == "chain":
            continue  # it has the entry of an empty file
        columns = connection.execute(text(f"PRAGMA table_info({name})")).all()
        references = {
            row[3] for row in connection.execute(text(f"PRAGMA foreign_key_list({name})"))
        }
        values = {
            row[1]: _invent(row[2], is_key=bool(row[5]) or row[1] in references) for row in columns
        }
        named = ", ".join(f":{each}" for each in values)
        connection.execute(text(f"INSERT INTO {name} VALUES ({named})"), values)  # noqa: S608


def _rows(file: StoreFile) -> Rows:
    with file.reading() as connection:
        return {
            name: [dict(row._mapping) for row in connection.execute(text(f"SELECT * FROM {name}"))]  # noqa: S608
            for name in connection.execute(text(_NAMES)).scalars().all()
        }


def _make(path: Path, kind: FileKind) -> Rows:
    create_file(path, KEY, kind)
    with closing(open_file(path, KEY, kind)) as file:
        with file.writing() as connection:
            _fill(connection)
            if connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'chain'")).first():
                chain.extend(connection)
        file.check(Silent())
        return _rows(file)


@past
def test_an_old_file_is_migrated_with_every_row(tmp_path: Path, kind: FileKind) -> None:
    before = _make(tmp_path / "file.db", kind)
    assert all(before.values())  # or nothing would be compared
    with closing(open_file(tmp_path / "file.db", KEY, PRESENT[kind.name])) as file:
        file.check(Silent())
        after = _rows(file)
    for name, rows in before.items():
        kept = [{column: row[column] for column in rows[0]} for row in after[name][: len(rows)]]
        assert kept == rows


@past
def test_a_copy_of_the_old_file_is_kept_and_can_be_opened(tmp_path: Path, kind: FileKind) -> None:
    before = _make(tmp_path / "file.db", kind)
    open_file(tmp_path / "file.db", KEY, PRESENT[kind.name]).close()
    copy = backup_before_migration(tmp_path / "file.db", kind.version)
    with closing(open_as_it_is(copy, KEY, kind)) as file:
        file.check(Silent())
        assert _rows(file) == before
    # As it would be if somebody put it back.
    copy.replace(tmp_path / "file.db")
    open_file(tmp_path / "file.db", KEY, PRESENT[kind.name]).close()


@pytest.mark.parametrize("version", range(1, POST.version))
def test_an_old_outbox_begins_its_chain_with_what_waits(tmp_path: Path, version: int) -> None:
    _make(tmp_path / "post.db", replace(POST, version=version))
    with closing(open_file(tmp_path / "post.db", KEY, POST)) as file:
        with file.writing() as connection:
            connection.execute(text("UPDATE submissions SET body_hash = zeroblob(32)"))
            connection.execute(text("DELETE FROM submissions"))
            chain.extend(connection)
        with file.reading() as connection:
            assert chain.verify(connection).number == 2


def test_the_migration_makes_the_entry_that_the_check_expects(tmp_path: Path) -> None:
    _make(tmp_path / "post.db", replace(POST, version=4))
    with (
        closing(open_file(tmp_path / "post.db", KEY, POST)) as file,
        file.reading() as connection,
    ):
        first = connection.execute(text("SELECT digest FROM chain")).scalar_one()
        assert first == chain._digest(connection)
