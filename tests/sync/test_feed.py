"""The way in, when nobody means ill: what is fetched, what it costs, what may break off."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.archive import Operation
from app.errors import SurroundingsError
from app.progress import Cancelled
from sync.feed import BusyFeedError, Update, UpdateState, import_folder, update
from sync.feed_folder import FolderSource
from sync.feed_marks import Marks
from sync.feed_source import FeedSource
from sync.protocol.keys import Purpose
from tests.desk.feed_maker import NOW, Archive, Desk, Recording, delete, make_desk, put


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return make_desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def desk(made: Desk, tmp_path: Path) -> Desk:
    shutil.copytree(made.feed.folder, tmp_path / "desk")
    return made.at(tmp_path / "desk")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def fetch(desk: Desk, cache: Path, archive: Archive, source: FeedSource | None = None) -> Update:
    return update(
        desk.connection,
        source or FolderSource(desk.feed.released),
        cache,
        archive.marks,
        NOW,
        archive.apply,
    )


def test_before_the_first_publication_the_keys_come(desk: Desk, cache: Path) -> None:
    archive = Archive()
    found = fetch(desk, cache, archive)
    assert found.state is UpdateState.NOTHING_NEW
    assert found.sequence == 0
    assert {key.purpose for key in found.keys} == {Purpose.RESEARCH, Purpose.ACKNOWLEDGEMENT}
    assert found.keys_for(Purpose.RESEARCH) == tuple(
        public for _, public in desk.lead.research_keys()
    )
    assert archive.applied == 1
    assert archive.signed_on == "2026-01-10"


def test_from_scratch_everything_comes_in_one_base(desk: Desk, cache: Path) -> None:
    desk.release([put(1), put(2)])
    archive = Archive()
    source = Recording(FolderSource(desk.feed.released))
    found = fetch(desk, cache, archive, source)
    assert found.state is UpdateState.NEW
    assert found.replaces_all
    assert found.operations == 2
    assert set(archive.records) == {1, 2}
    assert archive.marks == Marks(1, "2026-01-10", 1, 2, 2, 1, 2)
    assert len(source.paths) == 9  # root, timestamp, snapshot, 2 roles, index, 2 keys, pack


def test_nothing_new_costs_two_requests_and_changes_no_record(desk: Desk, cache: Path) -> None:
    desk.release([put(1)])
    archive = Archive()
    fetch(desk, cache, archive)
    source = Recording(FolderSource(desk.feed.released))
    found = fetch(desk, cache, archive, source)
    assert found.state is UpdateState.NOTHING_NEW
    assert source.paths == ["metadata/2.root.json", "metadata/timestamp.json"]
    assert source.length < 1_000
    assert found.operations == 0
    assert set(archive.records) == {1}
    assert "Nothing newer" in found.sentence()
    assert "2026-01-10" in found.sentence()


def test_a_change_comes_as_a_delta(desk: Desk, cache: Path) -> None:
    desk.release([put(number) for number in range(1, 60)])
    archive = Archive()
    fetch(desk, cache, archive)
    desk.release([put(1, revision=2, text="Two dogs."), delete(2)])
    source = Recording(FolderSource(desk.feed.released))
    found = fetch(desk, cache, archive, source)
    assert not found.replaces_all
    assert found.operations == 2
    assert archive.records[1].revision == 2
    assert 2 not in archive.records
    assert len(archive.records) == 58
    assert [path for path in source.paths if path.endswith(".pack")] == [
        path for path in source.paths if path.endswith(".delta-1-2.pack")
    ]


def test_a_client_far_behind_takes_the_cheaper_way(desk: Desk, cache: Path) -> None:
    desk.release([put(1)])
    archive = Archive()
    fetch(desk, cache, archive)
    for number in range(2, 6):
        desk.release([put(number, text=f"{number} " * 200)])
    fetch(desk, cache, archive)
    assert set(archive.records) == {1, 2, 3, 4, 5}
    other = Archive()
    fetch(desk, cache.with_name("other"), other)
    assert other.records == archive.records


def test_a_lost_archive_comes_again_though_the_mark_is_high(desk: Desk, cache: Path) -> None:
    desk.release([put(1)])
    archive = Archive()
    fetch(desk, cache, archive)
    source = FolderSource(desk.feed.released)
    lost = Archive()
    found = update(desk.connection, source, cache, archive.marks, NOW, lost.apply, held=0)
    assert found.state is UpdateState.NEW
    assert set(lost.records) == {1}


def test_the_cache_may_vanish_or_rot_at_any_time(desk: Desk, cache: Path) -> None:
    desk.release([put(1)])
    archive = Archive()
    fetch(desk, cache, archive)
    for place in cache.rglob("*"):
        if place.is_file() and not place.is_symlink():
            place.write_bytes(b"rot")
    assert fetch(desk, cache, archive).state is UpdateState.NOTHING_NEW
    shutil.rmtree(cache)
    assert fetch(desk, cache, archive).state is UpdateState.NOTHING_NEW
    assert set(archive.records) == {1}


def test_keys_that_the_archive_lost_come_again(desk: Desk, cache: Path) -> None:
    archive = Archive()
    fetch(desk, cache, archive)
    lost = Archive(marks=archive.marks)
    fetch(desk, cache, lost)
    assert lost.applied == 1


def test_a_refreshed_date_reaches_the_archive(desk: Desk, cache: Path) -> None:
    from sync.desk.repository import refresh

    desk.release([put(1)])
    archive = Archive()
    fetch(desk, cache, archive)
    refresh(desk.feed, desk.connection, desk.lead, NOW + timedelta(days=3))
    found = fetch(desk, cache, archive)
    assert found.state is UpdateState.NOTHING_NEW
    assert archive.signed_on == "2026-01-13"
    assert set(archive.records) == {1}


class _Stopping:
    def __init__(self) -> None:
        self.seen: list[tuple[int, int]] = []

    def report(self, done: int, total: int) -> None:
        self.seen.append((done, total))
        if total and done:
            raise Cancelled


def test_cancelling_changes_nothing_and_a_repeat_works(desk: Desk, cache: Path) -> None:
    desk.release([put(1)])
    archive = Archive()
    source = FolderSource(desk.feed.released)
    stopping = _Stopping()
    with pytest.raises(Cancelled):
        update(desk.connection, source, cache, archive.marks, NOW, archive.apply, progress=stopping)
    assert archive.applied == 0
    assert all(done <= total for done, total in stopping.seen)
    fetch(desk, cache, archive)
    assert set(archive.records) == {1}


def test_when_the_archive_cannot_be_written_the_packs_are_kept(desk: Desk, cache: Path) -> None:
    desk.release([put(1)])

    def full_disk(_found: Update, operations: Iterator[Operation]) -> None:
        next(operations)
        raise SurroundingsError("The disk is full.")

    source = FolderSource(desk.feed.released)
    with pytest.raises(SurroundingsError, match="full"):
        update(desk.connection, source, cache, Marks(), NOW, full_disk)
    again = Recording(source)
    archive = Archive()
    fetch(desk, cache, archive, again)
    assert set(archive.records) == {1}
    assert not [path for path in again.paths if path.endswith(".pack")]
    assert not list(cache.rglob("*.pack*"))


def test_two_updates_at_once_are_one_too_many(desk: Desk, cache: Path) -> None:
    archive = Archive()

    def apply(_found: Update, _operations: Iterator[Operation]) -> None:
        with pytest.raises(BusyFeedError):
            fetch(desk, cache, archive)

    update(desk.connection, FolderSource(desk.feed.released), cache, Marks(), NOW, apply)
    assert archive.applied == 0


@pytest.mark.parametrize("stop_after", range(12))
def test_a_connection_that_breaks_anywhere_is_a_sentence_and_can_be_repeated(
    desk: Desk, cache: Path, stop_after: int
) -> None:
    desk.release([put(1)])
    archive = Archive()
    source = _Breaking(FolderSource(desk.feed.released), stop_after)
    if stop_after < 8:  # 9 requests, the first of them for a root that is not there
        with pytest.raises(SurroundingsError, match="connection broke"):
            fetch(desk, cache, archive, source)
        assert archive.applied == 0
    fetch(desk, cache, archive)
    assert set(archive.records) == {1}


class _Breaking:
    """Breaks off in the middle of a piece, as sockets do: with an OSError."""

    def __init__(self, source: FeedSource, pieces: int) -> None:
        self._source = source
        self._left = pieces

    def read(self, path: str, limit: int) -> Iterator[bytes]:
        for piece in self._source.read(path, limit):
            if not self._left:
                yield piece[: len(piece) // 2]
                raise ConnectionResetError
            self._left -= 1
            yield piece


def test_what_a_source_explains_is_passed_on_as_it_is(desk: Desk, cache: Path) -> None:
    class Proxy:
        def read(self, path: str, limit: int) -> Iterator[bytes]:
            yield b"{"
            raise SurroundingsError(f"The proxy wants a password for {path}, {limit}.")

    with pytest.raises(SurroundingsError, match="proxy"):
        fetch(desk, cache, Archive(), Proxy())


def test_a_copy_that_was_cut_short_is_said(desk: Desk, cache: Path) -> None:
    desk.release([put(1)])
    for place in desk.feed.released.rglob("*.pack"):
        place.unlink()
    with pytest.raises(SurroundingsError, match="missing"):
        fetch(desk, cache, Archive())


def test_an_empty_folder_is_said(desk: Desk, cache: Path, tmp_path: Path) -> None:
    archive = Archive()
    folder = tmp_path / "empty"
    folder.mkdir()
    with pytest.raises(SurroundingsError, match="missing"):
        import_folder(desk.connection, folder, cache, archive.marks, NOW, archive.apply)
