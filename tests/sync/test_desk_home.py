"""Keys and cases of a desk are never replaced by new, empty ones."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.errors import DamagedError, InputError
from app.progress import Silent
from app.store import keys
from sync.desk.home import DeskHome, init_desk
from sync.protocol.connection import Connection, ServiceCard
from sync.protocol.keys import PublicKeyFile, Purpose, SigningKey

NOW = datetime(2026, 3, 1, tzinfo=UTC)
TENANT = "a" * 32
CHEAP = keys.Cost(memory_kib=8_192, passes=1, lanes=1)
URL = "https://a.example"
CONNECTION = Connection(TENANT, "A", URL, f"{URL}/f", b"r", bytes(32))


@pytest.fixture
def desk(tmp_path: Path) -> DeskHome:
    """A desk with a case, and the copy that was made before it was confirmed."""
    found = DeskHome(tmp_path / "desk")
    found.backup_file.parent.mkdir(parents=True)
    found.connection_file.write_bytes(CONNECTION.to_bytes())
    locked = keys.lock_secret(bytes(32), "long enough", label="cases", cost=CHEAP)
    found.cases_key_file.write_bytes(locked)
    cases, key = found.open_cases("long enough")
    with cases:
        cases.add(bytes(16), "2026-03", {})
        cases.backup(found.backup_file, key, Silent())
    return found


def test_lost_cases_are_not_replaced_by_none_while_there_is_a_copy(desk: DeskHome) -> None:
    copy = desk.backup_file.read_bytes()
    desk.cases_file.unlink()
    with pytest.raises(DamagedError, match="missing") as caught:
        desk.open_cases("long enough")
    assert "backup/cases.db" in caught.value.hint
    assert not desk.cases_file.exists()
    desk.cases_file.write_bytes(copy)
    cases, _key = desk.open_cases("long enough")
    with cases:
        assert len(cases.summaries()) == 1


@pytest.mark.parametrize("is_copy_left", [False, True])
def test_a_desk_that_has_lost_its_connection_file_keeps_its_keys(
    desk: DeskHome, is_copy_left: bool
) -> None:
    desk.connection_file.unlink()
    if is_copy_left:
        desk.cases_file.unlink()
    else:
        desk.backup_file.unlink()
    public = SigningKey.generate().public_bytes()
    card = ServiceCard(
        TENANT, PublicKeyFile(TENANT, Purpose.ACKNOWLEDGEMENT, "2026-01", "2026-12", public)
    )
    with pytest.raises(InputError, match="already"):
        init_desk(desk, card, "A", URL, f"{URL}/f", "long enough", NOW)
    assert not desk.rings.exists()


def test_the_key_lies_beside_the_copy_and_both_together_bring_the_cases_back(
    desk: DeskHome, tmp_path: Path
) -> None:
    cases, key = desk.open_cases("long enough")
    with cases:
        desk.back_up(cases, key, Silent())
    desk.cases_key_file.unlink()
    with pytest.raises(DamagedError, match="key of the cases is missing") as caught:
        desk.open_cases("long enough")
    assert "backup/cases.key" in caught.value.hint
    other = DeskHome(tmp_path / "other")
    other.folder.mkdir()
    other.connection_file.write_bytes(desk.connection_file.read_bytes())
    other.cases_file.write_bytes(desk.backup_file.read_bytes())
    other.cases_key_file.write_bytes(desk.backup_key_file.read_bytes())
    cases, _key = other.open_cases("long enough")
    with cases:
        assert len(cases.summaries()) == 1
