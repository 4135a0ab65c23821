"""Key rings: each in its own file, each with its own passphrase."""

from pathlib import Path

import pytest

from app.errors import DamagedError, InputError
from app.store.keys import FLOOR, WrongPassphraseError, lock_secret, open_secret
from sync.desk.custody import (
    MissingRingError,
    Ring,
    RingName,
    make_desk_key,
    make_research_key,
    make_ring,
    make_rings,
    open_ring,
    ring_file,
    save_ring,
)

TENANT = "ab" * 16


@pytest.fixture
def ring() -> Ring:
    sealing, research = make_research_key(TENANT, "2026-01", "2026-06")
    later, later_public = make_research_key(TENANT, "2026-07", "2026-12")
    signing, desk = make_desk_key(TENANT, "2026-01", "2026-12")
    made = make_ring(TENANT, RingName.LEAD)
    return made.with_key(sealing, research).with_key(later, later_public).with_key(signing, desk)


def test_what_is_locked_opens_again(ring: Ring, tmp_path: Path) -> None:
    save_ring(tmp_path, ring, "a passphrase", FLOOR)
    assert open_ring(tmp_path, RingName.LEAD, TENANT, "a passphrase") == ring


def test_a_wrong_passphrase_is_said(ring: Ring, tmp_path: Path) -> None:
    save_ring(tmp_path, ring, "a passphrase", FLOOR)
    with pytest.raises(WrongPassphraseError):
        open_ring(tmp_path, RingName.LEAD, TENANT, "another")


def test_a_ring_that_is_in_the_safe_is_said(tmp_path: Path) -> None:
    with pytest.raises(MissingRingError, match="root-1"):
        open_ring(tmp_path, RingName.ROOT_1, TENANT, "a passphrase")


def test_a_ring_does_not_open_as_another_or_for_another_tenant(ring: Ring, tmp_path: Path) -> None:
    place = save_ring(tmp_path, ring, "a passphrase", FLOOR)
    with pytest.raises(DamagedError):
        open_ring(tmp_path, RingName.LEAD, "cd" * 16, "a passphrase")
    place.rename(ring_file(tmp_path, RingName.SECOND))
    with pytest.raises(DamagedError):
        open_ring(tmp_path, RingName.SECOND, TENANT, "a passphrase")


def test_a_ring_with_a_key_less_is_damaged(ring: Ring, tmp_path: Path) -> None:
    place = save_ring(tmp_path, ring, "a passphrase", FLOOR)
    label = "nearmiss ring lead"
    secret = open_secret(place.read_bytes(), "a passphrase", label=label)
    less = secret.replace(b'"archive-1"', b'"archive-9"')
    place.write_bytes(lock_secret(less, "a passphrase", label=label, cost=FLOOR))
    with pytest.raises(DamagedError):
        open_ring(tmp_path, RingName.LEAD, TENANT, "a passphrase")


def test_no_seed_lies_in_the_file_or_is_shown(ring: Ring, tmp_path: Path) -> None:
    raw = save_ring(tmp_path, ring, "a passphrase", FLOOR).read_bytes()
    for seed in ring.seeds.values():
        assert seed not in raw
        assert seed.hex() not in repr(ring)
        assert repr(seed) not in repr(ring)


def test_keys_are_found_by_their_purpose(ring: Ring) -> None:
    months = [public.last_month for _, public in ring.research_keys()]
    assert months == ["2026-12", "2026-06"]
    key, public = ring.desk_key()
    assert key.public_bytes() == public.public
    with pytest.raises(InputError):
        make_ring(TENANT, RingName.SECOND).desk_key()


def test_each_ring_signs_for_its_own_roles_alone() -> None:
    expected = {
        RingName.LEAD: {"archive", "snapshot", "timestamp"},
        RingName.SECOND: {"archive", "snapshot", "timestamp"},
        RingName.ROOT_1: {"root"},
        RingName.ROOT_2: {"root"},
        RingName.ROOT_3: {"root"},
        RingName.TARGETS_1: {"targets"},
        RingName.TARGETS_2: {"targets"},
        RingName.RELEASE: {"release"},
    }
    rings = make_rings(TENANT)
    keys = set()
    for name, roles in expected.items():
        for role in ("archive", "snapshot", "timestamp", "root", "targets", "release"):
            if role in roles:
                keys.add(rings[name].signer(role).public_key.keyid)
            else:
                with pytest.raises(InputError):
                    rings[name].signer(role)
    assert len(keys) == 12
