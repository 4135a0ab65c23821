"""Quarters of a year in UTC, "YYYY-Qn": the only time that belongs to a token. Sorts as text."""

import re
from datetime import UTC, datetime

_QUARTER = re.compile("[1-9][0-9]{3}-Q[1-4]")


def quarter_of(moment: datetime) -> str:
    """The quarter of a moment, which has its time zone."""
    moment = moment.astimezone(UTC)
    return f"{moment.year:04}-Q{(moment.month - 1) // 3 + 1}"


def is_quarter(text: str) -> bool:
    """Whether the text is a quarter."""
    return _QUARTER.fullmatch(text) is not None


def quarters_later(quarter: str, count: int) -> str:
    """The quarter that comes `count` after the given one, or before it if that is negative."""
    year, number = quarter.split("-Q")
    years, place = divmod(int(number) - 1 + count, 4)
    return f"{int(year) + years:04}-Q{place + 1}"


def quarter_start(quarter: str) -> datetime:
    """Its first moment, in UTC."""
    year, number = quarter.split("-Q")
    return datetime(int(year), 3 * int(number) - 2, 1, tzinfo=UTC)


def accepted_quarters(current: str) -> frozenset[str]:
    """Those whose keys sign and whose tokens are taken: the current and the previous one."""
    return frozenset({current, quarters_later(current, -1)})
