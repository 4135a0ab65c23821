"""Keys of quarters: made in time, told apart by one byte, taken and given up in time."""

from pathlib import Path

import pytest

from service.accepted_keys import AcceptedKeys
from service.errors import ServiceError
from service.issuer import private_keys
from service.issuer.private_keys import PrivateKeys
from service.issuer.signing import generate_private_key
from sync.protocol.issuer_key import read_issuer_key
from sync.protocol.quarters import quarters_later

TENANT = "0" * 32


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "issuer").mkdir()
    return tmp_path / "issuer", tmp_path / "issuer-keys"


def test_four_quarters_of_rotation_keep_what_signs(folders: tuple[Path, Path]) -> None:
    private, public = folders
    quarter = "2026-Q3"
    for _ in range(4):
        keys = PrivateKeys(private, TENANT)
        while keys.rotate(public, quarter) is not None:
            pass
        held = [each.public.quarter for each in keys.all()]
        assert held[-2:] == [quarter, quarters_later(quarter, 1)]
        assert set(held) <= {quarters_later(quarter, each) for each in (-1, 0, 1)}
        assert len({each.hint for each in keys.all()}) == len(held)
        assert all(path.stat().st_mode & 0o077 == 0 for path in private.iterdir())
        quarter = quarters_later(quarter, 1)
    assert len(list(public.iterdir())) == 5


def test_a_hint_that_is_taken_is_drawn_again(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    private, public = folders
    first, second = generate_private_key(), generate_private_key()
    drawn = iter((first, first, first, second))
    monkeypatch.setattr(private_keys, "generate_private_key", lambda: next(drawn))
    keys = PrivateKeys(private, TENANT)
    keys.rotate(public, "2026-Q3")
    # The same modulus for another quarter has the same id, and so the same last byte.
    keys.rotate(public, "2026-Q3")
    assert (private / "2026-Q4.key").read_bytes() == second
    assert next(drawn, None) is None


def test_a_key_signs_in_its_quarter_and_the_next(folders: tuple[Path, Path]) -> None:
    private, public = folders
    keys = PrivateKeys(private, TENANT)
    keys.rotate(public, "2026-Q3")
    (key,) = keys.all()
    found = [keys.find(key.hint, f"2026-Q{each}") is not None for each in (2, 3, 4)]
    assert found == [False, True, True]
    assert keys.find((key.hint + 1) % 256, "2026-Q3") is None


def test_intake_takes_keys_of_this_quarter_and_the_previous_one(
    folders: tuple[Path, Path],
) -> None:
    private, public = folders
    clock = ["2026-Q3"]
    accepted = AcceptedKeys(public, TENANT, lambda: clock[0])
    assert accepted.now() == {}
    keys = PrivateKeys(private, TENANT)
    keys.rotate(public, "2026-Q3")
    assert [each.quarter for each in accepted.now().values()] == ["2026-Q3"]
    keys.rotate(public, "2026-Q3")
    found = []
    for clock[0] in ("2026-Q2", "2026-Q3", "2026-Q4", "2027-Q1", "2027-Q2"):
        found.append(sorted(each.quarter for each in accepted.now().values()))
    assert found == [[], ["2026-Q3"], ["2026-Q3", "2026-Q4"], ["2026-Q4"], []]


def test_a_public_key_of_another_tenant_is_not_taken(folders: tuple[Path, Path]) -> None:
    private, public = folders
    PrivateKeys(private, "f" * 32).rotate(public, "2026-Q3")
    with pytest.raises(ServiceError, match="another tenant"):
        AcceptedKeys(public, TENANT, lambda: "2026-Q3").now()


def test_a_private_key_that_is_damaged_is_said(folders: tuple[Path, Path]) -> None:
    private, _ = folders
    (private / "2026-Q3.key").write_bytes(b"x")
    with pytest.raises(ServiceError, match="2026-Q3"):
        PrivateKeys(private, TENANT).all()


def test_the_public_half_of_a_rotation_that_broke_off_is_replaced(
    folders: tuple[Path, Path],
) -> None:
    private, public = folders
    PrivateKeys(private, TENANT).rotate(public, "2026-Q3")
    (private / "2026-Q3.key").unlink()
    made = PrivateKeys(private, TENANT).rotate(public, "2026-Q3")
    (file,) = public.iterdir()
    assert read_issuer_key(file.read_bytes(), TENANT) == made
