"""Inserting a row unless its key is taken, without an error.

The unique key decides between all workers on all hosts. No IntegrityError is raised, because
PostgreSQL would write it to its log, with the key and the time.
"""

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from service.database.engine import SQLITE


def insert_new(connection: Connection, table: Table, **values: object) -> bool:
    """Insert a row; False, and nothing is changed, if one with its key is there.

    If another transaction is inserting the same key at this moment, its end is awaited; what
    it has committed is seen by the next statement.
    """
    insert = sqlite.insert if connection.dialect.name == SQLITE else postgresql.insert
    statement = insert(table).on_conflict_do_nothing()
    # SQLAlchemy counts the rows of an INSERT only when asked to.
    options = {"preserve_rowcount": True}
    return connection.execute(statement, values, execution_options=options).rowcount == 1
