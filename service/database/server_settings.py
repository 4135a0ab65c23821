"""What a PostgreSQL server is set to that breaks a promise of ours."""

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, column, select, table

from service.database.commits import run_now
from service.database.engine import POSTGRESQL
from service.errors import ServiceError


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of postgresql.conf. is_fatal: what is acknowledged could be lost."""

    name: str
    value: str
    reason: str
    is_fatal: bool = False


_OFF = frozenset({"off"})
_NEVER = frozenset({"-1"})
_LOSES = "a power cut can lose what was acknowledged"
_LOGS = "its log can hold reports, with the time"
_TELLS_TIME = "it keeps the time of every report"
# name → values that are right, what the others do.
_EXPECTED = {
    "fsync": (frozenset({"on"}), _LOSES),
    "full_page_writes": (frozenset({"on"}), _LOSES),
    "log_statement": (frozenset({"none", "ddl"}), _LOGS),
    "log_min_duration_statement": (_NEVER, _LOGS),
    "log_min_duration_sample": (_NEVER, _LOGS),
    "log_transaction_sample_rate": (frozenset({"0"}), _LOGS),
    "log_parameter_max_length_on_error": (frozenset({"0"}), _LOGS),
    "track_commit_timestamp": (_OFF, _TELLS_TIME),
    "archive_mode": (_OFF, "what it archives tells time and order of every report"),
}
_FATAL = frozenset({"fsync", "full_page_writes"})


def check_server(engine: Engine) -> list[Setting]:
    """The settings that should be others. Raises ServiceError if one can lose reports."""
    wrong = run_now(engine, find_wrong_settings)
    for setting in wrong:
        if setting.is_fatal:
            raise ServiceError(
                f"PostgreSQL has {setting.name} = {setting.value}: {setting.reason}; "
                "set it to on and start again."
            )
    return wrong


def find_wrong_settings(connection: Connection) -> list[Setting]:
    """The settings that should be others, by name; none for SQLite."""
    if connection.dialect.name != POSTGRESQL:
        return []
    settings = table("pg_settings", column("name"), column("setting"))
    rows = connection.execute(
        select(settings.c.name, settings.c.setting)
        .where(settings.c.name.in_(_EXPECTED))
        .order_by(settings.c.name)
    )
    return [
        Setting(name, value, _EXPECTED[name][1], name in _FATAL)
        for name, value in rows
        if value not in _EXPECTED[name][0]
    ]
