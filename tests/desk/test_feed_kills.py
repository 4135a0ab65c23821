"""Killed at any write, the desk's folder is still one that clients and people can use."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import sync.desk.folder
from app.paths import replace_file
from sync.desk.cosign import cosign, inspect
from sync.desk.custody import make_rings
from sync.desk.folder import DeskFeed, read_prepared
from sync.desk.publish import publish
from sync.desk.repository import create_repository, refresh
from sync.feed import update
from sync.feed_folder import FolderSource
from sync.protocol.connection import new_tenant
from tests.desk.feed_maker import FORM, NOW, Archive, Desk, make_desk, put


class Killed(BaseException):
    """The process is gone."""


class Killer:
    """Lets so many writes through, and dies in the next: before it, or in the middle."""

    def __init__(self, writes: int, *, torn: bool) -> None:
        self._left = writes
        self._torn = torn

    def __call__(self, path: Path, content: bytes, mode: int = 0o600) -> None:
        if self._left:
            self._left -= 1
            replace_file(path, content, mode)
            return
        if self._torn:
            path.with_name(f".{path.name}.torn").write_bytes(content[: len(content) // 2])
        raise Killed


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = make_desk(tmp_path_factory.mktemp("desk"))
    desk.release([put(1), put(2)])
    return desk


def visible(desk: Desk, cache: Path, archive: Archive) -> set[int]:
    source = FolderSource(desk.feed.released)
    update(desk.connection, source, cache, archive.marks, NOW, archive.apply)
    return set(archive.records)


def _each_write(action: Callable[[Desk], None], desk: Desk, folder: Path) -> list[Desk]:
    """The desk after the action was killed at each of its writes, and a last time not at all."""
    outcomes = []
    for writes in range(40):
        copy = desk.at(folder / str(writes))
        shutil.copytree(desk.feed.folder, copy.feed.folder)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sync.desk.folder, "replace_file", Killer(writes, torn=writes % 2 == 0))
            try:
                action(copy)
            except Killed:
                outcomes.append(copy)
                continue
        outcomes.append(copy)
        return outcomes
    pytest.fail("it never came to an end")


def _publish(desk: Desk) -> None:
    publish(desk.feed, desk.connection, desk.lead, [put(3)], NOW)


def _cosign(desk: Desk) -> None:
    digest = inspect(desk.feed, desk.connection, FORM, NOW).digest
    cosign(desk.feed, desk.connection, desk.second, FORM, NOW, digest)


def test_killed_while_preparing(made: Desk, tmp_path: Path) -> None:
    outcomes = _each_write(_publish, made, tmp_path)
    assert len(outcomes) >= 4
    for place, desk in enumerate(outcomes):
        is_last = place == len(outcomes) - 1
        assert (read_prepared(desk.feed) is not None) is is_last
        archive = Archive()
        cache = tmp_path / f"cache-{place}"
        assert visible(desk, cache, archive) == {1, 2}
        _publish(desk)
        _cosign(desk)
        assert visible(desk, cache, archive) == {1, 2, 3}


def test_killed_while_preparing_anew(made: Desk, tmp_path: Path) -> None:
    desk = made.at(tmp_path / "first")
    shutil.copytree(made.feed.folder, desk.feed.folder)
    publish(desk.feed, desk.connection, desk.lead, [put(9)], NOW)
    for place, each in enumerate(_each_write(_publish, desk, tmp_path)[:-1]):
        assert read_prepared(each.feed) is None, place


def test_killed_while_releasing(made: Desk, tmp_path: Path) -> None:
    desk = made.at(tmp_path / "first")
    shutil.copytree(made.feed.folder, desk.feed.folder)
    _publish(desk)
    outcomes = _each_write(_cosign, desk, tmp_path)
    assert len(outcomes) >= 6
    for place, each in enumerate(outcomes):
        is_last = place == len(outcomes) - 1
        archive = Archive()
        cache = tmp_path / f"cache-{place}"
        assert visible(each, cache, archive) == ({1, 2, 3} if is_last else {1, 2})
        if not is_last:
            _cosign(each)
        assert visible(each, cache, archive) == {1, 2, 3}
        assert read_prepared(each.feed) is None


def test_killed_after_the_release_and_before_tidying_up(
    made: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = made.at(tmp_path / "desk")
    shutil.copytree(made.feed.folder, desk.feed.folder)
    _publish(desk)

    def die(_feed: DeskFeed) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("sync.desk.cosign.clear_prepared", die)
        with pytest.raises(Killed):
            _cosign(desk)
    archive = Archive()
    assert visible(desk, tmp_path / "cache", archive) == {1, 2, 3}
    publish(desk.feed, desk.connection, desk.lead, [put(4)], NOW)
    _cosign(desk)
    assert visible(desk, tmp_path / "cache", archive) == {1, 2, 3, 4}


def test_killed_while_refreshing(made: Desk, tmp_path: Path) -> None:
    def act(desk: Desk) -> None:
        refresh(desk.feed, desk.connection, desk.lead, NOW)

    for place, desk in enumerate(_each_write(act, made, tmp_path)):
        archive = Archive()
        assert visible(desk, tmp_path / f"cache-{place}", archive) == {1, 2}
        act(desk)
        assert visible(desk, tmp_path / f"cache-{place}", archive) == {1, 2}


def test_killed_while_the_desk_is_made(tmp_path: Path) -> None:
    rings = make_rings(new_tenant())
    for writes in range(20):
        feed = DeskFeed(tmp_path / str(writes))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sync.desk.folder, "replace_file", Killer(writes, torn=True))
            try:
                create_repository(feed, rings, [], NOW)
            except Killed:
                pass
            else:
                break
        create_repository(feed, rings, [], NOW)
    assert writes == 7
