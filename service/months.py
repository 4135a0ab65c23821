"""Months, the only time that the service knows. "YYYY-MM", in UTC, sorts as text."""

import re
from datetime import UTC, datetime

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def this_month() -> str:
    """The current month."""
    return datetime.now(UTC).strftime("%Y-%m")


def months_later(month: str, count: int) -> str:
    """The month that comes count months after the given one."""
    year, number = map(int, month.split("-"))
    years, index = divmod(number - 1 + count, 12)
    return f"{year + years:04d}-{index + 1:02d}"


def is_month(text: str) -> bool:
    """Whether the text is a month."""
    return _MONTH.fullmatch(text) is not None
