"""The feed goes up in an order in which nobody ever sees half of it."""

import json
import shutil
from pathlib import Path

import pytest

from app.errors import InputError, SurroundingsError
from sync.desk.upload import RemoteFile, plan_upload, read_listing, upload
from sync.feed import update
from sync.feed_folder import FolderSource
from tests.desk.feed_maker import NOW, Archive, Desk, make_desk, put
from tests.desk.service_listing import list_folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = make_desk(tmp_path_factory.mktemp("desk"))
    desk.release([put(1)])
    return desk


@pytest.fixture
def desk(made: Desk, tmp_path: Path) -> Desk:
    shutil.copytree(made.feed.folder, tmp_path / "desk")
    return made.at(tmp_path / "desk")


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    folder = tmp_path / "remote"
    folder.mkdir()
    return folder


def send_to(remote: Path, path: str, content: bytes) -> None:
    place = remote / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)


def test_everything_goes_up_once_and_the_timestamp_last(desk: Desk, remote: Path) -> None:
    plan = plan_upload(desk.feed.released, {})
    assert plan[-1] == "metadata/timestamp.json"
    assert plan[-2].endswith("snapshot.json")
    kinds = [path.partition("/")[0] for path in plan]
    assert kinds == sorted(kinds, reverse=True)
    upload(desk.feed.released, plan, lambda path, content: send_to(remote, path, content))
    assert plan_upload(desk.feed.released, read_listing(list_folder(remote))) == []


def test_broken_off_anywhere_a_client_sees_the_old_state_or_the_new(
    desk: Desk, remote: Path, tmp_path: Path
) -> None:
    shutil.copytree(desk.feed.released, remote, dirs_exist_ok=True)
    desk.release([put(2)])
    plan = plan_upload(desk.feed.released, read_listing(list_folder(remote)))
    assert len(plan) >= 5
    for place, path in enumerate(plan):
        archive = Archive()
        cache = tmp_path / f"cache-{place}"
        update(desk.connection, FolderSource(remote), cache, archive.marks, NOW, archive.apply)
        assert set(archive.records) == {1}
        send_to(remote, path, (desk.feed.released / path).read_bytes())
    archive = Archive()
    cache = tmp_path / "cache"
    update(desk.connection, FolderSource(remote), cache, archive.marks, NOW, archive.apply)
    assert set(archive.records) == {1, 2}


def test_a_file_that_differs_goes_up_again_and_half_written_ones_never(
    desk: Desk, remote: Path
) -> None:
    shutil.copytree(desk.feed.released, remote, dirs_exist_ok=True)
    (remote / "metadata" / "1.root.json").write_bytes(b"rot")
    (desk.feed.released / "metadata" / ".x.json.1234").write_bytes(b"half")
    listing = read_listing(list_folder(remote))
    assert plan_upload(desk.feed.released, listing) == ["metadata/1.root.json"]


def test_what_is_prepared_does_not_go_up(desk: Desk) -> None:
    from sync.desk.publish import publish

    before = plan_upload(desk.feed.released, {})
    publish(desk.feed, desk.connection, desk.lead, [put(2)], NOW)
    assert plan_upload(desk.feed.released, {}) == before


def test_without_a_feed_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        plan_upload(tmp_path, {})


def test_progress_is_told(desk: Desk) -> None:
    seen = []

    class Listener:
        def report(self, done: int, total: int) -> None:
            seen.append((done, total))

    plan = plan_upload(desk.feed.released, {})
    upload(desk.feed.released, plan, lambda _path, _content: None, Listener())
    assert seen == [(done, len(plan)) for done in range(len(plan) + 1)]


def test_a_listing_is_read(remote: Path) -> None:
    send_to(remote, "metadata/a.json", b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert read_listing(list_folder(remote)) == {"metadata/a.json": RemoteFile(empty, 0)}


@pytest.mark.parametrize(
    "message",
    [
        [],
        {"format": "other", "files": []},
        {"format": "nearmiss-feed-listing-1"},
        {"format": "nearmiss-feed-listing-1", "files": [1]},
        {"format": "nearmiss-feed-listing-1", "files": [{"path": "a", "hash": "0", "length": 1}]},
    ],
)
def test_an_answer_that_is_no_listing_is_said(message: object) -> None:
    with pytest.raises(SurroundingsError):
        read_listing(json.dumps(message).encode())
