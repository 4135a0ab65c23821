"""The desk vouches for one issuer key a quarter, and clients believe what is signed only."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from app.errors import DamagedError, InputError
from app.paths import Home
from app.progress import Silent
from app.store.tables.archive import SIGNED_KEYS
from sync.archive_update import import_archive, issuer_keys, officer_counts, open_archive
from sync.desk.custody import TARGETS_RINGS
from sync.desk.issuer import publish_issuer_key, read_issuer_file
from sync.feed_keys import UnsignedKeysError
from sync.protocol.issuer_key import IssuerKey
from tests.desk.feed_maker import NOW, Desk, make_desk
from tests.protocol.issuers import ISSUER, other_signer


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return make_desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def desk(made: Desk, tmp_path: Path) -> Desk:
    shutil.copytree(made.feed.folder, tmp_path / "desk")
    return made.at(tmp_path / "desk")


def _key(desk: Desk, quarter: str, modulus: int = ISSUER.modulus) -> IssuerKey:
    return IssuerKey(desk.connection.tenant, quarter, modulus)


def _publish(desk: Desk, key: IssuerKey, officers: int | None = None) -> None:
    holders = [desk.rings[name] for name in TARGETS_RINGS]
    publish_issuer_key(desk.feed, desk.connection, holders, desk.lead, key, officers, NOW)


def _fetch(desk: Desk, home: Home) -> None:
    folder = desk.feed.released
    import_archive(home, desk.connection, folder, NOW, Silent(), allow_expired=True)


def test_keys_and_the_rounded_number_reach_a_client(desk: Desk, tmp_path: Path) -> None:
    home, first = Home(tmp_path / "home"), _key(desk, "2026-Q1")
    second = _key(desk, "2026-Q2", other_signer().modulus)
    _fetch(desk, home)
    assert issuer_keys(home, desk.connection) == ()
    _publish(desk, first, 137)
    _publish(desk, second)
    _publish(desk, second, 260)
    _fetch(desk, home)
    assert set(issuer_keys(home, desk.connection)) == {first, second}
    assert [each.officers for each in officer_counts(home, desk.connection)] == [250]


def test_a_second_key_of_a_quarter_is_not_signed(desk: Desk) -> None:
    _publish(desk, _key(desk, "2026-Q1"))
    with pytest.raises(InputError, match="already"):
        _publish(desk, _key(desk, "2026-Q1", other_signer().modulus))


def test_another_tenants_key_is_not_read(desk: Desk) -> None:
    with pytest.raises(DamagedError, match="not an issuer key"):
        read_issuer_file(ISSUER.to_bytes(), desk.connection.tenant)


def test_a_key_that_was_put_into_the_archive_is_not_believed(desk: Desk, tmp_path: Path) -> None:
    home, key = Home(tmp_path / "home"), _key(desk, "2026-Q1")
    _publish(desk, key, 300)
    _fetch(desk, home)
    forged = replace(key, modulus=other_signer().modulus)
    with open_archive(home, desk.connection) as archive, archive.file.writing() as connection:
        is_it = SIGNED_KEYS.c.purpose == "issuer"
        connection.execute(update(SIGNED_KEYS).where(is_it).values(content=forged.to_bytes()))
        is_it = SIGNED_KEYS.c.purpose == "officers"
        connection.execute(update(SIGNED_KEYS).where(is_it).values(content=b"{}"))
    with pytest.raises(UnsignedKeysError):
        issuer_keys(home, desk.connection)
    with pytest.raises(UnsignedKeysError):
        officer_counts(home, desk.connection)


def test_what_no_token_needs_is_vouched_for_no_more(desk: Desk, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    first, second = _key(desk, "2026-Q1"), _key(desk, "2026-Q2", other_signer().modulus)
    _publish(desk, first, 137)
    _publish(desk, second)
    _fetch(desk, home)
    later = NOW.replace(month=8)
    holders = [desk.rings[name] for name in TARGETS_RINGS]
    third = _key(desk, "2026-Q3", ISSUER.modulus)
    publish_issuer_key(desk.feed, desk.connection, holders, desk.lead, third, 260, later)
    _fetch(desk, home)
    assert set(issuer_keys(home, desk.connection)) == {second, third}
    assert [each.officers for each in officer_counts(home, desk.connection)] == [250]


def test_a_desk_whose_clock_runs_ahead_takes_no_key_away_that_is_in_use(
    desk: Desk, tmp_path: Path
) -> None:
    home = Home(tmp_path / "home")
    first, second = _key(desk, "2026-Q1"), _key(desk, "2026-Q2", other_signer().modulus)
    _publish(desk, first)
    holders = [desk.rings[name] for name in TARGETS_RINGS]
    ahead = NOW.replace(year=NOW.year + 3)
    publish_issuer_key(desk.feed, desk.connection, holders, desk.lead, second, None, ahead)
    _fetch(desk, home)
    assert set(issuer_keys(home, desk.connection)) == {first, second}
