"""How a time is kept: UTC as text of one width, so that the order of texts is that of times."""

from datetime import UTC, datetime


def to_text(moment_utc: datetime) -> str:
    """The text of a time. Raises ValueError for one without a time zone."""
    if moment_utc.tzinfo is None:
        raise ValueError("a time that is kept has a time zone")
    return moment_utc.astimezone(UTC).isoformat(timespec="microseconds")


def from_text(text: str) -> datetime:
    """The time, in UTC."""
    return datetime.fromisoformat(text)


def utc_now() -> datetime:
    """The system's clock, in UTC."""
    return datetime.now(UTC)
