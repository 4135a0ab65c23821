"""Two people publish: one prepares, the other looks and releases."""

import json
import shutil
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tuf.api.metadata import Metadata, Targets

from app.domain.archive import Operation
from app.errors import InputError, UntrustedError
from sync.desk.contents import next_index, pack_key, read_contents
from sync.desk.cosign import UnsoundPublicationError, cosign, inspect
from sync.desk.folder import read_index, read_prepared, read_released, write_file, write_target
from sync.desk.publish import Prepared, publish
from sync.desk.repository import ClockBehindError
from sync.feed import update
from sync.feed_folder import FolderSource
from sync.feed_index import DELTA_LIMIT, INDEX_TARGET, Index, PackEntry
from sync.packs import PackKind, write_pack
from tests.desk.feed_maker import FORM, NOW, Archive, Desk, delete, make_desk, put


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = make_desk(tmp_path_factory.mktemp("desk"))
    desk.release([put(number) for number in range(1, 30)])
    return desk


@pytest.fixture
def desk(made: Desk, tmp_path: Path) -> Desk:
    shutil.copytree(made.feed.folder, tmp_path / "desk")
    return made.at(tmp_path / "desk")


def prepare(desk: Desk, operations: list[Operation]) -> Prepared:
    return publish(desk.feed, desk.connection, desk.lead, operations, NOW)


def release(desk: Desk) -> None:
    digest = inspect(desk.feed, desk.connection, FORM, NOW).digest
    cosign(desk.feed, desk.connection, desk.second, FORM, NOW, digest)


def visible(desk: Desk, folder: Path) -> dict[int, int]:
    """Number and revision of what a new client sees."""
    archive = Archive()
    source = FolderSource(desk.feed.released)
    shutil.rmtree(folder, ignore_errors=True)
    update(desk.connection, source, folder, archive.marks, NOW, archive.apply)
    return {number: record.revision for number, record in archive.records.items()}


def test_what_is_prepared_cannot_be_seen(desk: Desk, tmp_path: Path) -> None:
    before = {place.name for place in desk.feed.released.rglob("*")}
    assert prepare(desk, [put(77), delete(1)]) == Prepared(2, 1, 1, has_new_base=False)
    assert {place.name for place in desk.feed.released.rglob("*")} == before
    assert 77 not in visible(desk, tmp_path / "cache")


def test_what_is_cosigned_can_be_seen(desk: Desk, tmp_path: Path) -> None:
    prepare(desk, [put(77), delete(1), put(2, revision=3)])
    release(desk)
    seen = visible(desk, tmp_path / "cache")
    assert seen[77] == 1
    assert seen[2] == 3
    assert 1 not in seen
    assert read_prepared(desk.feed) is None


def test_the_second_person_sees_what_it_is(desk: Desk) -> None:
    prepare(desk, [put(78), put(77), delete(1), delete(5)])
    proposal = inspect(desk.feed, desk.connection, FORM, NOW)
    assert (proposal.puts, proposal.deletes) == (2, 2)
    assert proposal.titles == ("Title 77", "Title 78")
    assert proposal.deleted == (1, 5)
    assert "2 added or changed, 2 taken out" in proposal.sentence()


def test_one_person_cannot_sign_twice(desk: Desk) -> None:
    prepare(desk, [put(77)])
    digest = inspect(desk.feed, desk.connection, FORM, NOW).digest
    with pytest.raises(InputError, match="twice"):
        cosign(desk.feed, desk.connection, desk.lead, FORM, NOW, digest)


def test_a_stranger_cannot_cosign(desk: Desk, tmp_path: Path) -> None:
    prepare(desk, [put(77)])
    digest = inspect(desk.feed, desk.connection, FORM, NOW).digest
    stranger = make_desk(tmp_path / "other").second
    with pytest.raises(InputError, match="does not belong"):
        cosign(desk.feed, desk.connection, stranger, FORM, NOW, digest)
    assert 77 not in visible(desk, tmp_path / "cache")


def test_what_was_exchanged_after_it_was_shown_is_not_signed(desk: Desk) -> None:
    prepare(desk, [put(77)])
    digest = inspect(desk.feed, desk.connection, FORM, NOW).digest
    prepare(desk, [put(78)])
    with pytest.raises(UnsoundPublicationError, match="changed since"):
        cosign(desk.feed, desk.connection, desk.second, FORM, NOW, digest)


def test_preparing_again_replaces(desk: Desk, tmp_path: Path) -> None:
    prepare(desk, [put(77)])
    prepare(desk, [put(78)])
    release(desk)
    seen = visible(desk, tmp_path / "cache")
    assert 78 in seen
    assert 77 not in seen


def test_nothing_to_publish_or_to_cosign_is_said(desk: Desk) -> None:
    with pytest.raises(InputError, match="nothing to publish"):
        prepare(desk, [])
    with pytest.raises(InputError, match="Nothing waits"):
        inspect(desk.feed, desk.connection, FORM, NOW)


def test_a_number_twice_is_a_defect(desk: Desk) -> None:
    with pytest.raises(ValueError, match="twice"):
        prepare(desk, [put(7), delete(7)])


def test_a_clock_that_is_behind_publishes_nothing(desk: Desk) -> None:
    with pytest.raises(ClockBehindError):
        publish(desk.feed, desk.connection, desk.lead, [put(7)], NOW - timedelta(days=2))


def test_a_new_base_is_made_when_the_chain_costs_more(desk: Desk, tmp_path: Path) -> None:
    big = put(77, text=" ".join(str(number * 7919) for number in range(3000)))
    assert prepare(desk, [big]).has_new_base
    assert inspect(desk.feed, desk.connection, FORM, NOW).has_new_base
    release(desk)
    assert len(visible(desk, tmp_path / "cache")) == 30


def test_of_many_publications_26_deltas_are_kept(desk: Desk, tmp_path: Path) -> None:
    for number in range(DELTA_LIMIT + 4):
        prepare(desk, [put(1, revision=number + 2)])
        release(desk)
    released = read_released(desk.feed, desk.connection)
    index = read_index(desk.feed, released.archive.signed, desk.connection.tenant)
    assert len(index.deltas) == DELTA_LIMIT
    assert len(released.archive.signed.targets) == DELTA_LIMIT + 2
    assert visible(desk, tmp_path / "cache")[1] == DELTA_LIMIT + 5
    contents = read_contents(desk.feed, released.archive.signed, index, desk.connection)
    assert len(contents) == 29


def test_order_of_the_operations_does_not_show(desk: Desk) -> None:
    prepare(desk, [put(80), put(70)])
    one = inspect(desk.feed, desk.connection, FORM, NOW).digest
    prepare(desk, [put(70), put(80)])
    assert inspect(desk.feed, desk.connection, FORM, NOW).digest == one


# What a lead who means ill could prepare, and sign with the lead's own key.

Change = Callable[[Desk, Targets], None]


def _add_mail(desk: Desk, signed: Targets) -> None:
    signed.targets["mail/x"] = write_target(desk.feed.prepared, "mail/x", b"x")


def _skip_version(_desk: Desk, signed: Targets) -> None:
    signed.version += 1


def _hold_for_ever(_desk: Desk, signed: Targets) -> None:
    signed.expires += timedelta(days=3650)


def _say_more(_desk: Desk, signed: Targets) -> None:
    signed.unrecognized_fields["more"] = 1


def _index(desk: Desk, signed: Targets) -> Index:
    return read_index(desk.feed, signed, desk.connection.tenant)


def _with_index(desk: Desk, signed: Targets, index: Index) -> None:
    signed.targets[INDEX_TARGET] = write_target(desk.feed.prepared, INDEX_TARGET, index.to_bytes())


def _predate(desk: Desk, signed: Targets) -> None:
    _with_index(desk, signed, replace(_index(desk, signed), signed_on="2025-12-31"))


def _postdate(desk: Desk, signed: Targets) -> None:
    _with_index(desk, signed, replace(_index(desk, signed), signed_on="2027-01-01"))


def _smuggle_base(desk: Desk, signed: Targets) -> None:
    """A base with a record that stands in no change."""
    pack = write_pack([put(1), put(666)], pack_key(desk.connection, PackKind.BASE))
    entry = PackEntry(PackKind.BASE, 0, 2, pack.figures)
    del signed.targets["archive/base-1.pack"]
    signed.targets[entry.target] = write_target(desk.feed.prepared, entry.target, pack.content)
    _with_index(desk, signed, replace(_index(desk, signed), base=entry))


def _exchange_base(desk: Desk, signed: Targets) -> None:
    """Another base under the old one's name."""
    pack = write_pack([put(666)], pack_key(desk.connection, PackKind.BASE))
    entry = PackEntry(PackKind.BASE, 0, 1, pack.figures)
    signed.targets[entry.target] = write_target(desk.feed.prepared, entry.target, pack.content)
    _with_index(desk, signed, replace(_index(desk, signed), base=entry))


def _misname_hash(desk: Desk, signed: Targets) -> None:
    path = "archive/delta-1-2.pack"
    signed.targets[path] = write_target(desk.feed.prepared, path, b"something else")


def _exchange_old_file(desk: Desk, signed: Targets) -> None:
    """A released pack that the index still names by its old hash."""
    path = "archive/base-1.pack"
    signed.targets[path] = write_target(desk.feed.prepared, path, b"something else")


def _say_more_of_a_file(_desk: Desk, signed: Targets) -> None:
    signed.targets["archive/base-1.pack"].unrecognized_fields["custom"] = {"more": 1}


def _lose_file(desk: Desk, _signed: Targets) -> None:
    for place in desk.feed.prepared.rglob("*.pack"):
        place.unlink()


@pytest.mark.parametrize(
    "change",
    [
        _add_mail,
        _skip_version,
        _hold_for_ever,
        _say_more,
        _predate,
        _postdate,
        _smuggle_base,
        _exchange_base,
        _misname_hash,
        _exchange_old_file,
        _say_more_of_a_file,
        _lose_file,
    ],
)
def test_an_unsound_publication_is_not_signed(desk: Desk, tmp_path: Path, change: Change) -> None:
    prepare(desk, [put(77)])
    prepared = read_prepared(desk.feed)
    assert prepared is not None
    signed = deepcopy(prepared.signed)
    change(desk, signed)
    forged = Metadata(signed)
    forged.sign(desk.lead.signer("archive"))
    write_file(desk.feed.prepared_archive, forged.to_bytes())
    with pytest.raises(UnsoundPublicationError):
        inspect(desk.feed, desk.connection, FORM, NOW)
    with pytest.raises(UnsoundPublicationError):
        cosign(desk.feed, desk.connection, desk.second, FORM, NOW, "")
    assert len(visible(desk, tmp_path / "cache")) == 29


def test_what_nobody_has_signed_is_not_cosigned(desk: Desk) -> None:
    prepare(desk, [put(77)])
    message = json.loads(desk.feed.prepared_archive.read_bytes())
    message["signatures"] = []
    desk.feed.prepared_archive.write_text(json.dumps(message))
    with pytest.raises(UnsoundPublicationError):
        inspect(desk.feed, desk.connection, FORM, NOW)


@pytest.mark.parametrize("raw", [b"", b"{}", b"rubbish"])
def test_prepared_rubbish_is_said(desk: Desk, raw: bytes) -> None:
    write_file(desk.feed.prepared_archive, raw)
    with pytest.raises(UntrustedError):
        inspect(desk.feed, desk.connection, FORM, NOW)


def test_the_next_index_follows_from_the_last_alone(desk: Desk) -> None:
    released = read_released(desk.feed, desk.connection)
    index = read_index(desk.feed, released.archive.signed, desk.connection.tenant)
    assert next_index(index, [], "2026-02-01") == replace(index, sequence=2, signed_on="2026-02-01")
