"""Whoever holds the files, but not the keys, gets nothing into the archive."""

import itertools
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tuf.api.metadata import Metadata

from app.errors import SurroundingsError, UntrustedError
from sync.desk.custody import ROOT_RINGS, TARGETS_RINGS, make_ring
from sync.desk.folder import ARCHIVE_ROLE, DeskFeed, read_prepared, read_released, write_target
from sync.desk.publish import publish
from sync.desk.repository import release_state, renew_root, renew_targets
from sync.feed import ExpiredFeedError, Update, UpdateState, import_folder, update
from sync.feed_folder import FolderSource
from sync.feed_index import INDEX_TARGET
from sync.feed_marks import Marks, OlderFeedError, higher_marks, trusted_time
from sync.feed_source import FeedSource, MissingFileError
from tests.desk.feed_maker import NOW, Archive, Desk, Recording, make_desk, put


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = make_desk(tmp_path_factory.mktemp("desk"))
    desk.release([put(1), put(2)])
    return desk


@pytest.fixture
def desk(made: Desk, tmp_path: Path) -> Desk:
    shutil.copytree(made.feed.folder, tmp_path / "desk")
    return made.at(tmp_path / "desk")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def fetch(
    desk: Desk,
    cache: Path,
    archive: Archive,
    source: FeedSource | None = None,
    now: datetime = NOW,
    *,
    allow_expired: bool = False,
) -> Update:
    return update(
        desk.connection,
        source or FolderSource(desk.feed.released),
        cache,
        archive.marks,
        now,
        archive.apply,
        allow_expired=allow_expired,
    )


@dataclass
class Hostile:
    """Hands out something else for the n-th file that is there."""

    source: FeedSource
    target: int
    change: Callable[[bytes], Iterator[bytes]]
    reached: bool = False
    count: int = 0

    def read(self, path: str, limit: int) -> Iterator[bytes]:
        content = b"".join(self.source.read(path, limit))
        if self.count == self.target:
            self.reached = True
            self.count += 1
            yield from self.change(content)
            return
        self.count += 1
        yield content


FILES = 8  # timestamp, snapshot, targets, archive, index, two keys, pack


def _flip(content: bytes) -> Iterator[bytes]:
    raw = bytearray(content)
    raw[len(raw) // 2] ^= 0x20
    yield bytes(raw)


def _cut(content: bytes) -> Iterator[bytes]:
    yield content[:-1]


def _empty(_content: bytes) -> Iterator[bytes]:
    yield b""


def _lengthen(content: bytes) -> Iterator[bytes]:
    yield content + b"}"  # white space alone would change nothing of a signed timestamp


def _endless(content: bytes) -> Iterator[bytes]:
    yield content
    for _ in range(100_000):
        yield b" " * 65_536
    pytest.fail("the whole of an endless file was read")


def _nested(_content: bytes) -> Iterator[bytes]:
    yield b"[" * 5_000


@pytest.mark.parametrize("change", [_flip, _cut, _empty, _lengthen, _endless, _nested])
@pytest.mark.parametrize("target", range(FILES))
def test_a_file_that_is_not_the_signed_one_is_refused(
    desk: Desk, cache: Path, target: int, change: Callable[[bytes], Iterator[bytes]]
) -> None:
    archive = Archive()
    source = Hostile(FolderSource(desk.feed.released), target, change)
    with pytest.raises(UntrustedError):
        fetch(desk, cache, archive, source)
    assert source.reached
    assert archive.applied == 0
    # And nothing of it stays: the honest feed is accepted afterwards, with the same cache.
    fetch(desk, cache, archive)
    assert set(archive.records) == {1, 2}


def test_there_are_no_more_files_than_were_attacked(desk: Desk, cache: Path) -> None:
    source = Hostile(FolderSource(desk.feed.released), -1, _flip)
    fetch(desk, cache, Archive(), source)
    assert source.count == FILES


def test_any_two_files_that_are_swapped_are_refused(desk: Desk, cache: Path) -> None:
    honest = FolderSource(desk.feed.released)
    recording = Recording(honest)
    fetch(desk, cache, Archive(), recording)
    paths = [path for path in recording.paths if path != "metadata/2.root.json"]
    for number, (one, other) in enumerate(itertools.combinations(paths, 2)):
        archive = Archive()
        swapped = {one: other, other: one}
        with pytest.raises(UntrustedError):
            fetch(desk, cache / str(number), archive, _Renamed(honest, swapped))
        assert archive.applied == 0


@dataclass
class _Renamed:
    source: FeedSource
    names: dict[str, str]

    def read(self, path: str, limit: int) -> Iterator[bytes]:
        yield from self.source.read(self.names.get(path, path), limit)


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets", "archive"])
@pytest.mark.parametrize("field", ["version", "expires", "spec_version"])
def test_edited_metadata_is_refused(desk: Desk, cache: Path, role: str, field: str) -> None:
    def edit(content: bytes) -> Iterator[bytes]:
        message = json.loads(content)
        values = {"version": 99, "expires": "2040-01-01T00:00:00Z", "spec_version": "1.0.1"}
        message["signed"][field] = values[field]
        yield json.dumps(message).encode()

    place = ["timestamp", "snapshot", "targets", "archive"].index(role)
    archive = Archive()
    with pytest.raises(UntrustedError):
        fetch(desk, cache, archive, Hostile(FolderSource(desk.feed.released), place, edit))
    assert archive.applied == 0


def test_metadata_of_two_states_is_refused(desk: Desk, cache: Path) -> None:
    desk.release([put(3)])
    metadata = desk.feed.released / "metadata"
    for role in ("snapshot", "archive"):
        kept = (metadata / f"3.{role}.json").read_bytes()
        (metadata / f"3.{role}.json").write_bytes((metadata / f"2.{role}.json").read_bytes())
        with pytest.raises(UntrustedError):
            fetch(desk, cache / role, Archive())
        (metadata / f"3.{role}.json").write_bytes(kept)
    fetch(desk, cache / "whole", Archive())


def _one_signature(desk: Desk, *, twice: bool) -> None:
    """Release what only the lead has signed, as a thief of the lead's ring could."""
    publish(desk.feed, desk.connection, desk.lead, [put(666)], NOW)
    prepared = read_prepared(desk.feed)
    assert prepared is not None
    for path, target in prepared.signed.targets.items():
        write_target(desk.feed.released, path, desk.feed.read_target(path, target))
    released = read_released(desk.feed, desk.connection)
    release_state(desk.feed, released, {ARCHIVE_ROLE: prepared}, desk.lead, NOW)
    if twice:
        place = desk.feed.released / "metadata" / "3.archive.json"
        message = json.loads(place.read_bytes())
        message["signatures"] *= 2
        place.write_bytes(json.dumps(message).encode())


@pytest.mark.parametrize("twice", [False, True])
def test_one_signature_of_two_is_too_few(desk: Desk, cache: Path, twice: bool) -> None:
    _one_signature(desk, twice=twice)
    archive = Archive()
    with pytest.raises(UntrustedError):
        fetch(desk, cache, archive)
    assert archive.applied == 0


def test_two_analysts_cannot_vouch_for_a_key(desk: Desk, cache: Path) -> None:
    released = read_released(desk.feed, desk.connection)
    signed = deepcopy(released.archive.signed)
    signed.version += 1
    key = desk.lead.research_keys()[0][1]
    forged = replace(key, last_month="2099-12")
    path = f"keys/{forged.name}"
    signed.targets[path] = write_target(desk.feed.released, path, forged.to_bytes())
    archive_role = Metadata(signed)
    for ring in (desk.lead, desk.second):
        archive_role.sign(ring.signer(ARCHIVE_ROLE), append=True)
    release_state(desk.feed, released, {ARCHIVE_ROLE: archive_role}, desk.lead, NOW)
    found = fetch(desk, cache, Archive())
    assert forged not in found.keys


def _sign_key(desk: Desk, path: str, content: bytes) -> None:
    """Let both holders of the targets role sign a file under keys/."""
    released = read_released(desk.feed, desk.connection)
    signed = deepcopy(released.targets.signed)
    signed.version += 1
    signed.targets[path] = write_target(desk.feed.released, path, content)
    targets = Metadata(signed)
    for name in TARGETS_RINGS:
        targets.sign(desk.rings[name].signer("targets"), append=True)
    release_state(desk.feed, released, {"targets": targets}, desk.lead, NOW)


def test_a_key_of_another_tenant_is_refused(desk: Desk, cache: Path) -> None:
    key = replace(desk.lead.research_keys()[0][1], tenant="00" * 16)
    _sign_key(desk, f"keys/{key.name}", key.to_bytes())
    with pytest.raises(UntrustedError):
        fetch(desk, cache, Archive())


@pytest.mark.parametrize("name", ["research-00.json", "acknowledgement-00.json"])
def test_a_key_under_another_name_or_purpose_is_refused(desk: Desk, cache: Path, name: str) -> None:
    _sign_key(desk, f"keys/{name}", desk.lead.research_keys()[0][1].to_bytes())
    with pytest.raises(UntrustedError):
        fetch(desk, cache, Archive())


def test_a_key_that_is_far_too_long_is_refused(desk: Desk, cache: Path) -> None:
    _sign_key(desk, "keys/research-00.json", b" " * 10_000)
    with pytest.raises(UntrustedError):
        fetch(desk, cache, Archive())


def test_a_key_for_a_purpose_of_the_future_is_left_out(desk: Desk, cache: Path) -> None:
    _sign_key(desk, "keys/issuer-00.json", b"what a later version understands")
    assert len(fetch(desk, cache, Archive()).keys) == 2


@pytest.mark.parametrize("is_longer", [False, True])
def test_a_pack_that_the_index_describes_otherwise_is_not_even_fetched(
    desk: Desk, cache: Path, is_longer: bool
) -> None:
    released = read_released(desk.feed, desk.connection)
    signed = deepcopy(released.archive.signed)
    signed.version += 1
    path = "archive/base-1.pack"
    if is_longer:
        signed.targets[path].length *= 1_000_000
    else:
        signed.targets[path] = write_target(desk.feed.released, path, b"a bomb")
    archive_role = Metadata(signed)
    for ring in (desk.lead, desk.second):
        archive_role.sign(ring.signer(ARCHIVE_ROLE), append=True)
    release_state(desk.feed, released, {ARCHIVE_ROLE: archive_role}, desk.lead, NOW)
    source = Recording(FolderSource(desk.feed.released))
    with pytest.raises(UntrustedError):
        fetch(desk, cache, Archive(), source)
    assert not [path for path in source.paths if path.endswith(".pack")]


def test_the_feed_of_another_desk_is_refused(desk: Desk, cache: Path, tmp_path: Path) -> None:
    other = make_desk(tmp_path / "other")
    other.release([put(1)])
    archive = Archive()
    with pytest.raises(UntrustedError):
        fetch(desk, cache, archive, FolderSource(other.feed.released))
    assert archive.applied == 0


def test_a_connection_with_a_broken_root_is_refused(desk: Desk, cache: Path) -> None:
    broken = Desk(desk.feed, replace(desk.connection, root=b"{}"), desk.rings)
    with pytest.raises(UntrustedError):
        fetch(broken, cache, Archive())


@pytest.fixture
def old(desk: Desk, tmp_path: Path) -> FolderSource:
    """The feed as it was, before one more publication."""
    shutil.copytree(desk.feed.released, tmp_path / "old")
    desk.release([put(3)])
    return FolderSource(tmp_path / "old")


def test_an_old_repository_is_refused(desk: Desk, cache: Path, old: FolderSource) -> None:
    archive = Archive()
    fetch(desk, cache, archive)
    with pytest.raises(OlderFeedError):
        fetch(desk, cache, archive, old)
    assert set(archive.records) == {1, 2, 3}


def test_an_old_repository_is_refused_with_a_wiped_cache(
    desk: Desk, cache: Path, old: FolderSource
) -> None:
    archive = Archive()
    fetch(desk, cache, archive)
    shutil.rmtree(cache)
    with pytest.raises(OlderFeedError):
        fetch(desk, cache, archive, old)
    assert archive.applied == 1
    # This is what plain TUF does, and why there are marks:
    fetch(desk, cache, Archive(), old)


@pytest.mark.parametrize(
    "part", ["root", "timestamp", "snapshot", "targets", "archive", "sequence"]
)
def test_nothing_below_any_mark_is_accepted(desk: Desk, cache: Path, part: str) -> None:
    archive = Archive()
    fetch(desk, cache, archive)
    high = replace(archive.marks, **{part: getattr(archive.marks, part) + 1})
    with pytest.raises(OlderFeedError):
        update(
            desk.connection,
            FolderSource(desk.feed.released),
            cache,
            high,
            NOW,
            archive.apply,
            allow_expired=True,
        )


def test_an_archive_that_holds_more_than_the_feed_is_not_rewound(desk: Desk, cache: Path) -> None:
    archive = Archive()
    with pytest.raises(OlderFeedError):
        update(
            desk.connection,
            FolderSource(desk.feed.released),
            cache,
            Marks(),
            NOW,
            archive.apply,
            held=5,
        )


def test_a_new_root_may_begin_timestamp_and_snapshot_again() -> None:
    high = Marks(5, "2026-01-10", root=1, timestamp=900, snapshot=900, targets=2, archive=7)
    high.check_not_older(
        Marks(5, "2026-01-11", root=2, timestamp=1, snapshot=1, targets=2, archive=7)
    )
    with pytest.raises(OlderFeedError):
        high.check_not_older(
            Marks(4, "2026-01-11", root=2, timestamp=1, snapshot=1, targets=2, archive=7)
        )


def test_of_two_marks_the_higher_holds_in_each_respect() -> None:
    one = Marks(5, "2026-01-10", root=1, timestamp=9, snapshot=8, targets=2, archive=7)
    other = Marks(4, "2026-01-20", root=1, timestamp=10, snapshot=9, targets=3, archive=6)
    expected = Marks(5, "2026-01-20", root=1, timestamp=10, snapshot=9, targets=3, archive=7)
    assert higher_marks(one, other) == higher_marks(other, one) == expected
    assert higher_marks(one, Marks()) == one
    assert Marks.from_mapping(one.to_mapping()) == one
    assert Marks.from_mapping({}) == Marks()


def test_a_frozen_repository_is_no_failure_and_shows_its_date(desk: Desk, cache: Path) -> None:
    archive = Archive()
    fetch(desk, cache, archive)
    found = fetch(desk, cache, archive, now=NOW + timedelta(days=31))
    assert found.state is UpdateState.EXPIRED
    assert found.is_expired
    assert found.sentence() == "Nothing newer. The archive was last signed on 2026-01-10."
    assert found.marks == archive.marks
    assert archive.applied == 1


def test_an_expired_network_feed_is_not_used_unasked(desk: Desk, cache: Path) -> None:
    archive = Archive()
    late = NOW + timedelta(days=800)
    unused = fetch(desk, cache, archive, now=late)
    assert unused.state is UpdateState.EXPIRED
    assert unused.marks == Marks()
    assert archive.applied == 0
    found = fetch(desk, cache, archive, now=late, allow_expired=True)
    assert found.state is UpdateState.NEW
    assert found.is_expired
    assert set(archive.records) == {1, 2}


def test_a_forged_expired_feed_is_still_refused(desk: Desk, cache: Path) -> None:
    archive = Archive()
    source = Hostile(FolderSource(desk.feed.released), 7, _flip)  # 0 and 1: timestamp, twice
    with pytest.raises(UntrustedError):
        fetch(desk, cache, archive, source, NOW + timedelta(days=800), allow_expired=True)
    assert source.reached
    assert archive.applied == 0


def _import(
    desk: Desk, cache: Path, archive: Archive, now: datetime, *, allow_expired: bool = False
) -> Update:
    return import_folder(
        desk.connection,
        desk.feed.released,
        cache,
        archive.marks,
        now,
        archive.apply,
        allow_expired=allow_expired,
    )


def test_an_expired_stick_is_imported_on_a_click_that_shows_its_date(
    desk: Desk, cache: Path
) -> None:
    archive = Archive()
    late = NOW + timedelta(days=200)
    with pytest.raises(ExpiredFeedError) as caught:
        _import(desk, cache, archive, late)
    assert "2026-01-10" in caught.value.sentence()
    assert caught.value.signed_on == "2026-01-10"
    assert archive.applied == 0
    assert _import(desk, cache, archive, late, allow_expired=True).state is UpdateState.NEW
    assert set(archive.records) == {1, 2}


def test_an_expired_stick_below_the_mark_is_refused_even_on_a_click(
    desk: Desk, cache: Path, old: FolderSource
) -> None:
    archive = Archive()
    fetch(desk, cache, archive)
    for folder in (cache, cache.with_name("wiped")):
        with pytest.raises(OlderFeedError):
            import_folder(
                desk.connection,
                old.folder,
                folder,
                archive.marks,
                NOW + timedelta(days=200),
                archive.apply,
                allow_expired=True,
            )
    assert archive.applied == 1


def test_after_400_days_offline_and_two_new_roots_the_feed_is_accepted(
    desk: Desk, cache: Path
) -> None:
    archive = Archive()
    fetch(desk, cache, archive)
    holders = [desk.rings[name] for name in ROOT_RINGS]
    for days in (150, 300):
        then = NOW + timedelta(days=days)
        new = make_ring(desk.connection.tenant, ROOT_RINGS[0])
        renewed = [*holders[1:], new]
        renew_root(desk.feed, desk.connection, [*holders, new], renewed, then)
        holders = renewed
        signers = [desk.rings[name] for name in TARGETS_RINGS]
        renew_targets(desk.feed, desk.connection, signers, desk.lead, then)
    now = NOW + timedelta(days=400)
    desk.release([put(9)], now)
    for folder in (cache, cache.with_name("wiped")):
        late = Archive(dict(archive.records), archive.marks)
        found = fetch(desk, folder, late, now=now)
        assert found.state is UpdateState.NEW
        assert not found.is_expired
        assert found.marks.root == 3
        assert set(late.records) == {1, 2, 9}


def test_a_root_that_too_few_of_the_old_holders_signed_is_refused(desk: Desk, cache: Path) -> None:
    holders = [desk.rings[name] for name in ROOT_RINGS]
    thieves = [make_ring(desk.connection.tenant, name) for name in ROOT_RINGS]
    place = desk.feed.released / "metadata" / "2.root.json"
    renew_root(desk.feed, desk.connection, [*holders, *thieves], thieves, NOW)
    message = json.loads(place.read_bytes())
    stolen = {holders[0].signer("root").public_key.keyid} | {
        thief.signer("root").public_key.keyid for thief in thieves
    }
    message["signatures"] = [each for each in message["signatures"] if each["keyid"] in stolen]
    place.write_bytes(json.dumps(message).encode())
    with pytest.raises(UntrustedError):
        fetch(desk, cache, Archive())


def test_a_clock_that_is_set_back_makes_nothing_valid_again(desk: Desk, cache: Path) -> None:
    archive = Archive()
    fetch(desk, cache, archive)
    # Elsewhere this program has seen a feed that was signed 40 days later.
    seen = replace(archive.marks, signed_on="2026-02-19")
    found = update(
        desk.connection,
        FolderSource(desk.feed.released),
        cache,
        seen,
        NOW - timedelta(days=100),
        archive.apply,
    )
    assert found.state is UpdateState.EXPIRED


def test_a_clock_that_is_behind_is_said(desk: Desk, cache: Path) -> None:
    found = fetch(desk, cache, Archive(), now=NOW - timedelta(days=3))
    assert found.is_clock_behind
    assert "clock" in found.sentence()
    assert not fetch(desk, cache, Archive(), now=NOW - timedelta(hours=20)).is_clock_behind


def test_the_later_of_both_clocks_holds() -> None:
    assert trusted_time(NOW, Marks()) == NOW
    assert trusted_time(NOW, Marks(signed_on="2026-01-09")) == NOW
    assert trusted_time(NOW, Marks(signed_on="2026-03-01")).date().isoformat() == "2026-03-01"


@pytest.mark.parametrize("path", ["../secret", "/etc/hostname", "a/../../secret", "a\\b", "C:x"])
def test_a_stick_cannot_name_a_file_outside(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "feed").mkdir()
    with pytest.raises(MissingFileError):
        list(FolderSource(tmp_path / "feed").read(path, 100))


@pytest.mark.skipif(sys.platform == "win32", reason="pipes in folders are not there")
def test_a_pipe_or_device_on_a_stick_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    for name in ("pipe", "zero"):
        with pytest.raises(MissingFileError):
            list(FolderSource(tmp_path).read(name, 100))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything is readable here")
def test_a_stick_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "closed").write_bytes(b"x")
    (tmp_path / "closed").chmod(0)
    with pytest.raises(SurroundingsError):
        list(FolderSource(tmp_path).read("closed", 100))


def test_a_folder_gives_no_more_than_was_asked_for(tmp_path: Path) -> None:
    (tmp_path / "long").write_bytes(b"x" * 300_000)
    assert sum(map(len, FolderSource(tmp_path).read("long", 100_000))) == 100_001


def test_the_index_lies_where_both_ends_expect_it(desk: Desk) -> None:
    released = read_released(DeskFeed(desk.feed.folder), desk.connection)
    assert INDEX_TARGET in released.archive.signed.targets
