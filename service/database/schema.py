"""Bringing the databases to the form that this version of the service knows."""

from dataclasses import dataclass

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, func, inspect, select
from sqlalchemy.exc import DBAPIError

from service.database import issuer_tables, tables
from service.database.engine import POSTGRESQL, WRITES
from service.errors import ServiceError

_UNREACHABLE = "The database cannot be reached or changed; check its address, its disk and rights."
# For PostgreSQL's advisory lock: the word "nearmiss" as a number.
_LOCK = 0x6E65_6172_6D69_7373


@dataclass(frozen=True, slots=True)
class Schema:
    """migrations: the folder here whose steps make the tables."""

    migrations: str
    metadata: MetaData


INTAKE = Schema("migrations", tables.metadata)
ISSUER = Schema("issuer_migrations", issuer_tables.metadata)


def migrate(engine: Engine, whose: Schema = INTAKE) -> None:
    """Apply the migrations that are missing, all in one transaction. Raises ServiceError.

    Of several workers that start at once, the others wait and find it done.
    """
    try:
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            upgrade(connection, whose)
    except DBAPIError as error:
        raise ServiceError(_UNREACHABLE) from error


def upgrade(connection: Connection, whose: Schema) -> None:
    """The same within a transaction that writes. Raises DBAPIError."""
    if connection.dialect.name == POSTGRESQL:
        # SQLite's writer has its lock since the beginning of the transaction.
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    config = _configure(whose)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def refuse_used(engine: Engine) -> None:
    """Raises ServiceError unless the database is still empty."""
    try:
        names = inspect(engine).get_table_names()
    except DBAPIError as error:
        raise ServiceError(_UNREACHABLE) from error
    if names:
        raise ServiceError("This database is already in use; name an empty one.")


def expect_current(engine: Engine, whose: Schema = INTAKE) -> None:
    """Raises ServiceError unless the database is in the form that this version knows."""
    head = ScriptDirectory.from_config(_configure(whose)).get_current_head()
    try:
        with engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
    except DBAPIError as error:
        raise ServiceError(_UNREACHABLE) from error
    if found != head:
        raise ServiceError(
            "The database was made by another version; start the service once with this one."
        )


def _configure(whose: Schema) -> Config:
    config = Config()
    config.set_main_option("script_location", f"service.database:{whose.migrations}")
    config.set_main_option("path_separator", "os")
    return config
