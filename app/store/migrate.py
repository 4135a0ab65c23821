"""Brings a file's schema up to date: numbered steps, each a file in `migrations/`.

A step's revision is its number with four digits; `PRAGMA user_version` holds the number
too, so that opening an up-to-date file need not import alembic.
"""

from collections.abc import Iterable
from importlib import resources

from alembic.migration import MigrationContext
from alembic.runtime.migration import MigrationStep
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.store.kinds import FileKind


def migrate(connection: Connection, kind: FileKind) -> None:
    """Take every step that the file has not taken, inside the connection's transaction.

    Each step's `upgrade(connection)` is given the connection; alembic's `op` is a global of
    the process and two files may be migrated at once.
    """
    with resources.as_file(resources.files("app.store") / "migrations" / kind.name) as folder:
        script = ScriptDirectory(folder, version_locations=[folder])

        def steps(heads: tuple[str, ...], _context: MigrationContext) -> Iterable[MigrationStep]:
            found = script.iterate_revisions(f"{kind.version:04}", heads or "base")
            return [
                MigrationStep.upgrade_from_script(script.revision_map, each)
                for each in reversed(list(found))
            ]

        context = MigrationContext.configure(connection, opts={"fn": steps})
        context.run_migrations(connection=connection)
    connection.exec_driver_sql(f"PRAGMA user_version = {kind.version}")
