"""How long ago something was, in the words of a list. Without Qt."""

from datetime import datetime

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400
_DAYS_COUNTED = 14


def describe_age(then_utc: datetime, now_utc: datetime) -> str:
    """Such as "just now", "5 min ago", "3 h ago", "yesterday", "6 days ago" or "14 Nov 2026".

    A time that lies ahead, by a clock that was set back, counts as just now.
    """
    age_s = int((now_utc - then_utc).total_seconds())
    if age_s < 2 * _MINUTE_S:
        return "just now"
    if age_s < 2 * _HOUR_S:
        return f"{age_s // _MINUTE_S} min ago"
    if age_s < _DAY_S:
        return f"{age_s // _HOUR_S} h ago"
    days = age_s // _DAY_S
    if days == 1:
        return "yesterday"
    if days <= _DAYS_COUNTED:
        return f"{days} days ago"
    return f"{then_utc.day} {then_utc:%b %Y}"


def name_month(month: str) -> str:
    """Such as "March 2026", from "2026-03"."""
    return f"{datetime.strptime(month, '%Y-%m'):%B %Y}"  # noqa: DTZ007  (a month has no zone)
