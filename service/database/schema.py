"""Bringing the database to the form that this version of the service knows."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect
from sqlalchemy.exc import DBAPIError

from service.database.engine import WRITES
from service.errors import ServiceError

_UNREACHABLE = "The database cannot be reached or changed; check its address, its disk and rights."


def migrate(engine: Engine) -> None:
    """Apply the migrations that are missing, all in one transaction. Raises ServiceError."""
    config = _configure()
    try:
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except DBAPIError as error:
        raise ServiceError(_UNREACHABLE) from error


def refuse_used(engine: Engine) -> None:
    """Raises ServiceError unless the database is still empty."""
    try:
        names = inspect(engine).get_table_names()
    except DBAPIError as error:
        raise ServiceError(_UNREACHABLE) from error
    if names:
        raise ServiceError("This database is already in use; name an empty one.")


def expect_current(engine: Engine) -> None:
    """Raises ServiceError unless the database is in the form that this version knows."""
    head = ScriptDirectory.from_config(_configure()).get_current_head()
    try:
        with engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
    except DBAPIError as error:
        raise ServiceError(_UNREACHABLE) from error
    if found != head:
        raise ServiceError(
            "The database was made by another version; start the service once with this one."
        )


def _configure() -> Config:
    config = Config()
    config.set_main_option("script_location", "service.database:migrations")
    config.set_main_option("path_separator", "os")
    return config
