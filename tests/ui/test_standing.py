"""The status line says when nothing has come through for long, and when the date is odd."""

from datetime import UTC, datetime, timedelta

import pytest

from ui.standing import Standing, describe_standing

NOW = datetime(2026, 11, 14, 17, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("standing", "text"),
    [
        (Standing(True, NOW - 6 * DAY, "", None, NOW - 90 * DAY), "last sync 6 days ago"),
        (
            Standing(True, NOW - 8 * DAY, "", None, NOW - 90 * DAY),
            "no sync has worked for 8 days: see Outbox",
        ),
        (Standing(True, None, "", None, NOW - 2 * DAY), "no sync yet"),
        (
            Standing(True, None, "", 1, NOW - 9 * DAY),
            "no sync has worked for 9 days: see Outbox · 1 waits",
        ),
        (Standing(True, NOW + 900 * DAY, "", None, NOW), "check this computer's date"),
        (
            Standing(True, NOW, "2031-01-05", None, NOW),
            "check this computer's date · archive as of 5 Jan 2031",
        ),
        (Standing(False, None, "", None, None), "not connected to a research team"),
    ],
)
def test_silence_and_an_odd_date_are_said_in_the_status_line(standing: Standing, text: str) -> None:
    assert describe_standing(standing, NOW) == text
