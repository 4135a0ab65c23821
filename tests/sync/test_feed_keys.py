"""A key is used only if the research team signed it, whoever can write the archive's file."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, update

from app.paths import Home
from app.progress import Silent
from app.store.archive_changes import SignedKey
from app.store.keys import FLOOR
from app.store.tables.archive import MARKS, SIGNED_KEYS
from app.store.vault import Vault
from sync import archive_update
from sync.archive_update import import_archive, open_archive, research_key, verified_keys
from sync.desk.custody import ROOT_RINGS, TARGETS_RINGS, make_research_key
from sync.desk.repository import renew_root, renew_targets
from sync.feed_keys import UnsignedKeysError
from sync.protocol.keys import PublicKeyFile, Purpose, SealingKey
from tests.desk.feed_maker import NOW, Desk, make_desk


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return make_desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def desk(made: Desk, tmp_path: Path) -> Desk:
    shutil.copytree(made.feed.folder, tmp_path / "desk")
    return made.at(tmp_path / "desk")


@pytest.fixture
def home(desk: Desk, tmp_path: Path) -> Home:
    """A computer with one vault, which has fetched the archive."""
    found = Home(tmp_path / "home")
    Vault.create(found.vault_folder("first"), "long enough", FLOOR).close()
    _fetch(found, desk)
    return found


def _fetch(home: Home, desk: Desk) -> None:
    folder = desk.feed.released
    import_archive(home, desk.connection, folder, NOW, Silent(), allow_expired=True)


def _rows(home: Home, desk: Desk, purpose: str) -> tuple[SignedKey, ...]:
    with open_archive(home, desk.connection) as archive:
        return archive.signed_keys(purpose)


def _insert(home: Home, desk: Desk, row: SignedKey) -> None:
    with open_archive(home, desk.connection) as archive, archive.file.writing() as connection:
        values = {"purpose": row.purpose, "name": row.name, "content": row.content}
        connection.execute(insert(SIGNED_KEYS).values(values))


def _put(home: Home, desk: Desk, purpose: str, content: bytes) -> None:
    """In place of the last row for the purpose: of the proof, the targets metadata."""
    *_others, row = _rows(home, desk, purpose)
    fits = (SIGNED_KEYS.c.purpose == purpose) & (SIGNED_KEYS.c.name == row.name)
    with open_archive(home, desk.connection) as archive, archive.file.writing() as connection:
        connection.execute(update(SIGNED_KEYS).where(fits).values(content=content))


def _new_key(desk: Desk) -> PublicKeyFile:
    return make_research_key(desk.connection.tenant, "2026-07", "2026-12")[1]


def _renew(desk: Desk, key: PublicKeyFile) -> None:
    signers = [desk.rings[name] for name in TARGETS_RINGS]
    renew_targets(desk.feed, desk.connection, signers, desk.lead, NOW, [key])


def test_the_signed_keys_hold_and_the_newest_is_sealed_to(home: Home, desk: Desk) -> None:
    assert research_key(home, desk.connection) == desk.lead.research_keys()[0][1]
    assert len(verified_keys(home, desk.connection, Purpose.ACKNOWLEDGEMENT)) == 1
    newest = _new_key(desk)
    _renew(desk, newest)
    _fetch(home, desk)
    assert research_key(home, desk.connection) == newest


@pytest.mark.parametrize("purpose", [Purpose.RESEARCH, Purpose.ACKNOWLEDGEMENT])
def test_an_inserted_key_is_refused(home: Home, desk: Desk, purpose: Purpose) -> None:
    public = SealingKey.generate().public_bytes()
    if purpose is Purpose.ACKNOWLEDGEMENT:
        public = public[:32]
    key = PublicKeyFile(desk.connection.tenant, purpose, "2026-01", "9999-12", public)
    _insert(home, desk, SignedKey(purpose, key.name, key.to_bytes()))
    with pytest.raises(UnsignedKeysError) as caught:
        verified_keys(home, desk.connection, purpose)
    sentence = caught.value.sentence()
    assert "not signed by the research team" in sentence
    assert "Nothing was sealed" in sentence
    assert "archive update" in sentence


def test_an_altered_key_is_refused(home: Home, desk: Desk) -> None:
    (row,) = _rows(home, desk, Purpose.RESEARCH)
    _put(home, desk, Purpose.RESEARCH, row.content.replace(b"2026-06", b"9999-12"))
    with pytest.raises(UnsignedKeysError):
        research_key(home, desk.connection)


def test_a_key_that_was_taken_away_is_missed(home: Home, desk: Desk) -> None:
    newest = _new_key(desk)
    _renew(desk, newest)
    _fetch(home, desk)
    with open_archive(home, desk.connection) as archive, archive.file.writing() as connection:
        connection.execute(delete(SIGNED_KEYS).where(SIGNED_KEYS.c.name == newest.name))
    with pytest.raises(UnsignedKeysError):
        research_key(home, desk.connection)


@pytest.mark.parametrize("raw", [None, b"", b"{}", b"\xff"])
def test_replaced_targets_are_refused(
    home: Home, desk: Desk, tmp_path: Path, raw: bytes | None
) -> None:
    other = make_desk(tmp_path / "other")  # signed soundly, by somebody else
    theirs = (other.feed.released / "metadata" / "1.targets.json").read_bytes()
    _put(home, desk, "proof", theirs if raw is None else raw)
    with pytest.raises(UnsignedKeysError):
        research_key(home, desk.connection)


def test_metadata_of_another_role_is_no_proof(home: Home, desk: Desk) -> None:
    for name in ("1.root.json", "1.archive.json", "timestamp.json"):
        raw = (desk.feed.released / "metadata" / name).read_bytes()
        _put(home, desk, "proof", raw)
        with pytest.raises(UnsignedKeysError):
            research_key(home, desk.connection)


def test_keys_without_a_proof_are_refused_until_the_archive_is_updated(
    home: Home, desk: Desk
) -> None:
    with open_archive(home, desk.connection) as archive, archive.file.writing() as connection:
        connection.execute(delete(SIGNED_KEYS).where(SIGNED_KEYS.c.purpose == "proof"))
    with pytest.raises(UnsignedKeysError):
        research_key(home, desk.connection)
    _fetch(home, desk)
    assert research_key(home, desk.connection).tenant == desk.connection.tenant


def test_a_wiped_cache_does_not_matter(home: Home, desk: Desk) -> None:
    shutil.rmtree(archive_update._cache_folder(home, desk.connection))
    assert research_key(home, desk.connection).tenant == desk.connection.tenant


def test_old_but_valid_targets_hold_whatever_their_age(home: Home, tmp_path: Path) -> None:
    old = make_desk(tmp_path / "old", NOW - timedelta(days=4_000))
    _fetch(home, old)
    assert research_key(home, old.connection).tenant == old.connection.tenant


def test_older_targets_than_were_fetched_before_bring_no_key_back(home: Home, desk: Desk) -> None:
    former = {purpose: _rows(home, desk, purpose) for purpose in ("research", "proof")}
    _renew(desk, _new_key(desk))
    _fetch(home, desk)
    with open_archive(home, desk.connection) as archive, archive.file.writing() as connection:
        connection.execute(delete(SIGNED_KEYS).where(SIGNED_KEYS.c.purpose.in_(former)))
        connection.execute(delete(MARKS))  # the post's remain
    for rows in former.values():
        for row in rows:
            _insert(home, desk, row)
    with pytest.raises(UnsignedKeysError):
        research_key(home, desk.connection)


def test_keys_hold_through_a_chain_of_new_roots(home: Home, desk: Desk) -> None:
    for _each in range(2):
        signers = [desk.rings[name] for name in ROOT_RINGS]
        renew_root(desk.feed, desk.connection, signers, signers, NOW)
    _renew(desk, _new_key(desk))
    _fetch(home, desk)
    assert len(_rows(home, desk, "proof")) == 3
    assert research_key(home, desk.connection).tenant == desk.connection.tenant
    first, *_rest = _rows(home, desk, "proof")
    with open_archive(home, desk.connection) as archive, archive.file.writing() as connection:
        connection.execute(delete(SIGNED_KEYS).where(SIGNED_KEYS.c.name == first.name))
    with pytest.raises(UnsignedKeysError):
        research_key(home, desk.connection)
