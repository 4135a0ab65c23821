"""One job on a database that nobody else keeps open here: for the operator's commands."""

from typing import TypeVar

from service.database.commits import Job, run_now
from service.database.engine import open_engine
from service.database.schema import INTAKE, Schema, expect_current, migrate, refuse_used

T = TypeVar("T")


def make_database(address: str, whose: Schema = INTAKE) -> None:
    """Make the tables in an empty database. Raises ServiceError."""
    engine = open_engine(address)
    try:
        refuse_used(engine)
        migrate(engine, whose)
    finally:
        engine.dispose()


def run_once(address: str, job: Job[T], whose: Schema = INTAKE) -> T:
    """Open the database, run and commit a job, close. Raises ServiceError, UnavailableError."""
    engine = open_engine(address)
    try:
        expect_current(engine, whose)
        return run_now(engine, job)
    finally:
        engine.dispose()
