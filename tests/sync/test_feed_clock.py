"""The private part of python-tuf that this program leans on is still as it was."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tuf.api.exceptions import ExpiredMetadataError
from tuf.ngclient import Updater

from sync.feed_clock import NEVER_EXPIRED, set_clock, verified_roles, verified_targets
from sync.feed_fetcher import SourceFetcher
from sync.feed_folder import FolderSource
from tests.desk.feed_maker import Desk, make_desk

SIGNED = datetime(2001, 1, 1, tzinfo=UTC)
"""Long ago, so that only a clock that is really ours accepts it."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return make_desk(tmp_path_factory.mktemp("desk"), SIGNED)


def _updater(desk: Desk, folder: Path) -> Updater:
    return Updater(
        metadata_dir=str(folder),
        metadata_base_url="metadata/",
        fetcher=SourceFetcher(FolderSource(desk.feed.released), lambda _length: None),
        bootstrap=desk.connection.root,
    )


@pytest.mark.parametrize("now", [NEVER_EXPIRED, SIGNED, SIGNED + timedelta(days=29)])
def test_what_expired_by_the_system_clock_is_valid_by_ours(
    desk: Desk, tmp_path: Path, now: datetime
) -> None:
    updater = _updater(desk, tmp_path)
    set_clock(updater, now)
    updater.refresh()
    updater.get_targetinfo("archive/index.json")
    assert set(verified_roles(updater)) == {"root", "timestamp", "snapshot", "targets", "archive"}
    assert verified_roles(updater)["timestamp"].version == 1
    assert len(verified_targets(updater).targets) == 2


def test_what_has_expired_by_our_clock_is_refused(desk: Desk, tmp_path: Path) -> None:
    updater = _updater(desk, tmp_path)
    set_clock(updater, SIGNED + timedelta(days=31))
    with pytest.raises(ExpiredMetadataError):
        updater.refresh()


def test_without_our_clock_the_system_clock_holds(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(ExpiredMetadataError):
        _updater(desk, tmp_path).refresh()
