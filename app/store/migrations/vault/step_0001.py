"""The first tables of the vault."""

from sqlalchemy import Connection

revision = "0001"
down_revision = None

_OF_DRAFT = "draft_id TEXT NOT NULL REFERENCES drafts (id) ON DELETE CASCADE"
_STATEMENTS = (
    """CREATE TABLE drafts (
        id TEXT NOT NULL PRIMARY KEY,
        title TEXT NOT NULL,
        state TEXT NOT NULL,
        form_id TEXT NOT NULL,
        form_version INTEGER NOT NULL,
        created_utc TEXT NOT NULL,
        changed_utc TEXT NOT NULL
    )""",
    f"""CREATE TABLE answers (
        {_OF_DRAFT},
        field TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (draft_id, field)
    )""",
    f"""CREATE TABLE private_answers (
        {_OF_DRAFT},
        field TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (draft_id, field)
    )""",
    f"""CREATE TABLE decisions (
        {_OF_DRAFT},
        field TEXT NOT NULL,
        findings TEXT NOT NULL,
        PRIMARY KEY (draft_id, field)
    )""",
    f"""CREATE TABLE scrub_maps (
        {_OF_DRAFT},
        map TEXT NOT NULL,
        PRIMARY KEY (draft_id)
    )""",
    f"""CREATE TABLE approvals (
        {_OF_DRAFT},
        report_id BLOB NOT NULL UNIQUE,
        words TEXT NOT NULL,
        PRIMARY KEY (draft_id)
    )""",
)


def upgrade(connection: Connection) -> None:
    """Make them."""
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement)
