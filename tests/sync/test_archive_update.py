"""Where the high-water marks come from, and that what stands beside them is not in the way."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.archive import Operation
from app.paths import Home
from app.progress import Progress, Silent
from app.store.keys import Cost
from app.store.vault import Vault
from app.use_cases import keep_safe
from sync import archive_update, feed
from sync.feed import Update, UpdateState
from sync.feed_marks import Marks
from sync.protocol.connection import Connection

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CHEAP = Cost(memory_kib=8_192, passes=1, lanes=1)
CONNECTION = Connection("a" * 32, "A", "https://a.example", "https://a.example/f", b"r", bytes(32))
BEFORE = Marks(3, "2026-02-01", root=1, timestamp=100, snapshot=90, targets=2, archive=5)
AFTER = Marks(3, "2026-02-20", root=2, timestamp=1, snapshot=1, targets=2, archive=5)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home(tmp_path / "home")
    Vault.create(found.vault_folder("first"), "long enough", CHEAP).close()
    return found


@pytest.fixture
def fetch(home: Home, monkeypatch: pytest.MonkeyPatch) -> Callable[[Marks], Marks]:
    """Accepts a feed with these marks; returns those that it would have been checked against."""

    def run(found: Marks) -> Marks:
        handed: list[Marks] = []

        def accept(
            _connection: Connection,
            _folder: Path,
            _cache: Path,
            marks: Marks,
            _now: datetime,
            apply: feed.Apply,
            *,
            held: int,
            held_mail: Collection[str],
            allow_expired: bool,
            progress: Progress,
        ) -> Update:
            handed.append(marks)
            update = Update(
                state=UpdateState.NEW,
                sequence=found.sequence,
                signed_on=found.signed_on,
                published_on=found.signed_on,
                is_expired=False,
                is_clock_behind=False,
                replaces_all=not held,
                operations=0,
                keys=(),
                marks=found,
            )
            nothing: Iterator[Operation] = iter(())
            apply(update, nothing)
            return update

        monkeypatch.setattr(feed, "import_folder", accept)
        archive_update.import_archive(home, CONNECTION, Path(), NOW, Silent(), allow_expired=False)
        return handed[0]

    return run


def _lose_archive(home: Home) -> None:
    for file in home.archive_folder.iterdir():
        file.unlink()


def test_the_post_keeps_the_marks_when_the_archive_is_lost(
    home: Home, fetch: Callable[[Marks], Marks]
) -> None:
    assert fetch(BEFORE) == Marks()
    _lose_archive(home)
    assert fetch(BEFORE) == BEFORE


def test_after_a_new_root_the_versions_that_began_again_are_not_mixed_with_the_old_ones(
    home: Home, fetch: Callable[[Marks], Marks]
) -> None:
    fetch(BEFORE)
    fetch(AFTER)
    marks = fetch(AFTER)
    assert marks == AFTER
    marks.check_not_older(AFTER)
    _lose_archive(home)
    assert fetch(AFTER) == AFTER


def test_a_stray_folder_and_a_colleagues_damaged_post_are_not_in_the_way(
    home: Home, fetch: Callable[[Marks], Marks]
) -> None:
    fetch(BEFORE)
    (home.folder / "vaults" / ".stray folder").mkdir()
    (home.folder / "vaults" / "empty").mkdir()
    damaged = home.vault_folder("colleague")
    Vault.create(damaged, "long enough", CHEAP).close()
    keep_safe.open_post(home, "colleague").close()
    (damaged / "post.key").unlink()
    newer = replace(BEFORE, sequence=4, archive=6)
    fetch(newer)
    _lose_archive(home)
    assert fetch(newer) == newer
    assert not list((home.folder / "vaults" / "empty").iterdir())
