"""The repository is signed as the protocol's table says."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from app.errors import InputError
from sync.desk.cosign import cosign, inspect
from sync.desk.custody import ROOT_RINGS, TARGETS_RINGS, make_research_key, make_ring
from sync.desk.folder import (
    BrokenFeedError,
    BusyDeskError,
    DeskFeed,
    read_index,
    read_released,
)
from sync.desk.publish import publish
from sync.desk.repository import (
    ClockBehindError,
    create_repository,
    refresh,
    renew_root,
    renew_targets,
)
from sync.feed import update
from sync.feed_folder import FolderSource
from sync.protocol.keys import Purpose
from tests.desk.feed_maker import FORM, NOW, Archive, Desk, make_desk, put


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return make_desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def desk(made: Desk, tmp_path: Path) -> Desk:
    shutil.copytree(made.feed.folder, tmp_path / "desk")
    return made.at(tmp_path / "desk")


def test_thresholds_periods_and_paths_are_those_of_the_table(desk: Desk) -> None:
    released = read_released(desk.feed, desk.connection)
    root = released.root.signed
    assert {name: (role.threshold, len(role.keyids)) for name, role in root.roles.items()} == {
        "root": (2, 3),
        "targets": (2, 2),
        "snapshot": (1, 2),
        "timestamp": (1, 2),
    }
    assert root.consistent_snapshot
    delegations = released.targets.signed.delegations
    assert delegations is not None
    assert delegations.roles is not None
    assert {
        name: (role.threshold, len(role.keyids), role.paths)
        for name, role in delegations.roles.items()
    } == {
        "archive": (2, 2, ["archive/*", "mail/*"]),
        "release": (1, 1, ["packages/*"]),
    }
    assert [
        (each.signed.expires - NOW).days
        for each in (
            released.root,
            released.targets,
            released.archive,
            released.release,
            released.snapshot,
            released.timestamp,
        )
    ] == [730, 365, 365, 365, 90, 30]


def test_no_key_signs_in_two_roles(desk: Desk) -> None:
    released = read_released(desk.feed, desk.connection)
    delegations = released.targets.signed.delegations
    assert delegations is not None
    assert delegations.roles is not None
    roles = [*released.root.signed.roles.values(), *delegations.roles.values()]
    ids = [key_id for role in roles for key_id in role.keyids]
    assert len(ids) == len(set(ids)) == 12


def test_the_first_index_is_empty(desk: Desk) -> None:
    released = read_released(desk.feed, desk.connection)
    index = read_index(desk.feed, released.archive.signed, desk.connection.tenant)
    assert (index.sequence, index.base, index.deltas) == (0, None, ())


def test_a_second_repository_in_the_same_folder_is_refused(desk: Desk) -> None:
    with pytest.raises(InputError):
        create_repository(desk.feed, desk.rings, [], NOW)


def test_without_a_feed_it_is_said(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_released(DeskFeed(tmp_path / "nowhere"), desk.connection)


def test_a_refresh_changes_dates_and_versions_only(desk: Desk) -> None:
    before = read_released(desk.feed, desk.connection)
    refresh(desk.feed, desk.connection, desk.second, NOW + timedelta(days=20))
    after = read_released(desk.feed, desk.connection)
    assert after.archive == before.archive
    assert after.timestamp.signed.version == 2
    assert after.snapshot.signed.meta == before.snapshot.signed.meta
    assert (after.timestamp.signed.expires - NOW).days == 50


def test_a_clock_that_is_behind_signs_nothing(desk: Desk) -> None:
    with pytest.raises(ClockBehindError, match="2026-01-10"):
        refresh(desk.feed, desk.connection, desk.lead, NOW - timedelta(days=1))


def test_a_new_research_key_reaches_the_client(desk: Desk, tmp_path: Path) -> None:
    _, research = make_research_key(desk.connection.tenant, "2026-07", "2026-12")
    signers = [desk.rings[name] for name in TARGETS_RINGS]
    renew_targets(desk.feed, desk.connection, signers, desk.lead, NOW, [research])
    found = update(
        desk.connection,
        FolderSource(desk.feed.released),
        tmp_path / "cache",
        Archive().marks,
        NOW,
        Archive().apply,
    )
    assert found.keys_for(Purpose.RESEARCH)[0] == research
    assert len(found.keys_for(Purpose.RESEARCH)) == 2


def test_one_holder_of_two_cannot_renew_the_targets(desk: Desk) -> None:
    before = read_released(desk.feed, desk.connection)
    with pytest.raises(InputError, match="Too few"):
        renew_targets(desk.feed, desk.connection, [desk.rings[TARGETS_RINGS[0]]], desk.lead, NOW)
    assert read_released(desk.feed, desk.connection) == before


def test_a_root_needs_two_of_the_old_and_two_of_the_new_holders(desk: Desk) -> None:
    old = [desk.rings[name] for name in ROOT_RINGS]
    new = [make_ring(desk.connection.tenant, name) for name in ROOT_RINGS]
    for signing in ([old[0], *new], [*old, new[0]]):
        with pytest.raises(InputError, match="Too few"):
            renew_root(desk.feed, desk.connection, signing, new, NOW)
    assert read_released(desk.feed, desk.connection).root.signed.version == 1
    renew_root(desk.feed, desk.connection, [*old[:2], *new[1:]], new, NOW)
    assert read_released(desk.feed, desk.connection).root.signed.version == 2


@pytest.mark.parametrize("name", ["1.snapshot", "1.targets", "1.archive", "timestamp"])
def test_a_feed_folder_that_was_changed_is_refused(desk: Desk, name: str) -> None:
    place = desk.feed.released / "metadata" / f"{name}.json"
    raw = bytearray(place.read_bytes())
    raw[len(raw) // 2] ^= 1
    place.write_bytes(raw)
    with pytest.raises(BrokenFeedError):
        read_released(desk.feed, desk.connection)
    place.unlink()
    with pytest.raises((BrokenFeedError, InputError)):
        read_released(desk.feed, desk.connection)


def test_two_programs_do_not_sign_at_once(desk: Desk) -> None:
    publish(desk.feed, desk.connection, desk.lead, [put(1)], NOW)
    digest = inspect(desk.feed, desk.connection, FORM, NOW).digest
    holders = [desk.rings[name] for name in ROOT_RINGS]
    signers = [desk.rings[name] for name in TARGETS_RINGS]
    connection, lead, second = desk.connection, desk.lead, desk.second
    with desk.feed.hold():
        for action in (
            lambda: refresh(desk.feed, connection, lead, NOW),
            lambda: publish(desk.feed, connection, lead, [put(2)], NOW),
            lambda: cosign(desk.feed, connection, second, FORM, NOW, digest),
            lambda: renew_targets(desk.feed, connection, signers, lead, NOW),
            lambda: renew_root(desk.feed, connection, holders, holders, NOW),
        ):
            with pytest.raises(BusyDeskError):
                action()
    assert read_released(desk.feed, connection).timestamp.signed.version == 1
    cosign(desk.feed, connection, second, FORM, NOW, digest)
