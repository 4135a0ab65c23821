"""What to say when no sync has worked for long, or when this computer's date cannot be right.

Nothing is stopped by it: reading, writing and sealing need no date and no network.
"""

from datetime import UTC, datetime, timedelta

from app.paths import Home

QUIET_DAYS = 7
CHECK_DATE = "check this computer's date"
_DAY_S = 86_400


def connected_utc(home: Home) -> datetime | None:
    """When this program was told whom to trust, None if it was not yet."""
    try:
        return datetime.fromtimestamp(home.connection_file.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


def count_quiet_days(
    synced_utc: datetime | None, connected: datetime | None, now_utc: datetime
) -> int:
    """Whole days since the last success, or since the connection if there was none; 0 below 7.

    A time that lies ahead tells nothing about the days and counts as 0.
    """
    since = synced_utc or connected
    if since is None:
        return 0
    days = int((now_utc - since).total_seconds() // _DAY_S)
    return days if days >= QUIET_DAYS else 0


def is_date_doubtful(synced_utc: datetime | None, signed_on: str, now_utc: datetime) -> bool:
    """Whether the clock is behind what it showed at the last success, or behind what was signed.

    signed_on: "YYYY-MM-DD" of the newest signature here, or empty. A day of grace for time zones.
    """
    tomorrow = now_utc + timedelta(days=1) if now_utc.year < 9999 else now_utc
    is_ahead = synced_utc is not None and synced_utc > tomorrow
    return is_ahead or signed_on > tomorrow.date().isoformat()


def describe_silence(days: int) -> str:
    """A sentence for a page; empty for 0 days."""
    if not days:
        return ""
    return (
        f"No sync has worked for {days} days. What waits is safe and goes up by itself as soon as "
        "one does. Check the network connection and, under Settings, the proxy; or carry reports "
        "out on a stick, from the Outbox."
    )


def describe_doubt(signed_on: str) -> str:
    """A sentence for a page about a date that cannot be right."""
    signed = f" The research team signed something on {signed_on}." if signed_on else ""
    return (
        f"This computer's date seems to be behind.{signed} Check this computer's date and time: "
        "secure connections depend on it. Nothing is lost, and nothing that has run out counts "
        "as valid again."
    )
