"""What the outbox says about the way out: the last success, silence, dates, authorities."""

from datetime import UTC, datetime, timedelta

import pytest

from ui.pages.outbox_reach import ReachView, describe_reach

NOW = datetime(2026, 3, 6, 17, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("synced", "connected", "last", "title"),
    [
        (NOW - DAY / 8, NOW - 90 * DAY, "Last sync that worked: 3 h ago.", ""),
        (NOW - 6 * DAY, NOW - 90 * DAY, "Last sync that worked: 6 days ago.", ""),
        (None, NOW - 2 * DAY, "No sync has worked yet.", ""),
        (NOW - 9 * DAY, NOW - 90 * DAY, "Last sync that worked: 9 days ago.", "come through"),
        (None, NOW - 8 * DAY, "No sync has worked yet.", "come through"),
        (NOW + 400 * DAY, NOW, "cannot be told", "date right"),
    ],
)
def test_the_last_success_is_always_said_and_silence_after_seven_days(
    synced: datetime | None, connected: datetime, last: str, title: str
) -> None:
    found = describe_reach(synced, connected, "2026-03-01", "", NOW)
    assert last in found.last
    assert title in found.title
    assert bool(found.title) is bool(title)


def test_a_date_behind_what_was_signed_is_asked_about() -> None:
    found = describe_reach(NOW, NOW, "2026-11-14", "", NOW)
    assert "Check this computer's date" in found.text
    assert "2026-11-14" in found.text


def test_an_authority_that_is_not_public_is_named_and_blocks_nothing() -> None:
    found = describe_reach(NOW, NOW, "2026-03-01", "Invented Agency", NOW)
    assert "Invented Agency" in found.text
    assert found.kind == "info"


def test_the_view_shows_a_banner_only_when_there_is_something_to_say(qtbot: object) -> None:
    view = ReachView()
    view.show_reach(describe_reach(NOW, NOW, "", "", NOW))
    assert not view.banner.isVisibleTo(view)
    view.show_reach(describe_reach(NOW - 9 * DAY, NOW, "", "", NOW))
    assert view.banner.isVisibleTo(view)
    assert "9 days" in view.last.text()
