"""What was backed up comes back, in either database, and a damaged backup does not."""

import hashlib
import io
import json
import secrets
import sqlite3
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from service.database import desk
from service.database.commits import run_now
from service.database.engine import open_engine
from service.database.issuer_tables import card
from service.database.tables import desk_key, desk_nonce
from service.folder import open_service
from service.issuer.home import open_issuer
from service.main import main
from tests.service.postgres import PostgresServer
from tests.service.running import Desk, RunningService, make_body, run_command, stored, transaction

ON_BOTH_DATABASES = True
FEED_FILE = "targets/a"


@pytest.fixture
def filled(
    service_folder: Path, start: Callable[..., RunningService]
) -> dict[str, tuple[bytes, str, bytes | None]]:
    """A service with two reports that wait, one that is confirmed, a desk, a nonce and a card."""
    running = start(service_folder, "--accept-unverified")
    bodies = {secrets.token_hex(16): make_body() for _ in range(3)}
    for report_id, body in bodies.items():
        assert running.put(report_id, body).status == 201
    Desk(running).register()
    assert running.ask("GET", "/v1/desk/nonce").status == 200
    assert running.stop() == 0
    confirmed = min(bodies)
    rows = stored(service_folder)
    with transaction(service_folder) as connection:
        desk.confirm([(bytes.fromhex(confirmed), rows[confirmed][0])])(connection)
    home = open_issuer(service_folder)
    assert home is not None
    engine = open_engine(home.database)
    run_now(engine, lambda c: c.execute(insert(card), {"digest": bytes(32)}))
    engine.dispose()
    (service_folder / "feed" / "targets").mkdir()
    (service_folder / "feed" / FEED_FILE).write_bytes(b"a file of the feed")
    return stored(service_folder)


def make(folder: Path) -> Path:
    """A backup beside the folder."""
    target = folder.parent / "backup.tar"
    assert main(["backup", str(target), "--dir", str(folder)]) == 0
    return target


def test_everything_but_feed_and_nonces_comes_back(
    service_folder: Path,
    filled: dict[str, tuple[bytes, str, bytes | None]],
    start: Callable[..., RunningService],
) -> None:
    restored = service_folder.parent / "restored"
    assert main(["restore", str(make(service_folder)), str(restored)]) == 0
    assert stored(restored) == filled
    assert sum(body is None for _, _, body in filled.values()) == 1
    for name in ("acknowledgement.key", "service.public.json"):
        assert (restored / name).read_bytes() == (service_folder / name).read_bytes()
    assert list((restored / "feed").iterdir()) == []
    with transaction(restored) as connection:
        assert len(connection.execute(select(desk_key.c.id)).all()) == 1
        assert connection.execute(select(desk_nonce.c.nonce)).all() == []
    home = open_issuer(restored)
    assert home is not None
    assert home.folder == restored / "issuer"
    engine = open_engine(home.database)
    with engine.connect() as connection:
        assert connection.execute(select(card.c.digest)).scalars().all() == [bytes(32)]
    engine.dispose()
    # It goes on where it was: what was acknowledged is acknowledged again.
    running = start(restored, "--accept-unverified")
    for report_id, (_, _, body) in filled.items():
        if body is not None:
            assert running.put(report_id, body).status == 200
        else:
            assert running.put(report_id, make_body()).status == 409


def test_restored_service_may_move_to_postgresql(
    service_folder: Path,
    filled: dict[str, tuple[bytes, str, bytes | None]],
    postgres_server: PostgresServer,
) -> None:
    address, issuer_address = postgres_server.new_database(), postgres_server.new_database()
    restored = service_folder.parent / "restored"
    backup = str(make(service_folder))
    words = ["--database", address, "--issuer-database", issuer_address]
    assert main(["restore", backup, str(restored), *words]) == 0
    assert open_service(restored).database == address
    assert not list(restored.rglob("*.sqlite*"))
    assert stored(restored) == filled
    # And never over what is there.
    again = service_folder.parent / "again"
    assert main(["restore", backup, str(again), *words]) == 1
    assert list(again.iterdir()) == []


def test_backup_holds_no_address_no_time_and_no_order(
    service_folder: Path, filled: dict[str, tuple[bytes, str, bytes | None]]
) -> None:
    with tarfile.open(make(service_folder)) as archive:
        for member in archive:
            assert (member.mtime, member.uid, member.gid, member.mode) == (0, 0, 0, 0o600)
            assert (member.uname, member.gname) == ("", "")
        settings = archive.extractfile("service.json")
        copy = archive.extractfile("intake.sqlite")
        assert settings is not None
        assert copy is not None
        assert json.loads(settings.read())["database"] is None
        raw = copy.read()
    bodies = {name: body for name, (_, _, body) in sorted(filled.items()) if body is not None}
    places = [raw.index(body[30_000:30_100]) for body in bodies.values()]
    assert places == sorted(places)


def test_backup_while_reports_come_in_is_of_one_moment(
    service_folder: Path, start: Callable[..., RunningService]
) -> None:
    running = start(service_folder, "--accept-unverified")
    for _ in range(20):
        assert running.put(secrets.token_hex(16), make_body()).status == 201
    restored = service_folder.parent / "restored"
    backup = make(service_folder)
    assert running.put(secrets.token_hex(16), make_body()).status == 201
    assert main(["restore", str(backup), str(restored)]) == 0
    assert len(stored(restored)) == 20


def test_backup_lies_elsewhere_and_replaces_nothing(
    service_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inside = service_folder / "backup.tar"
    assert main(["backup", str(inside), "--dir", str(service_folder)]) == 1
    assert "another disk" in capsys.readouterr().err
    assert not inside.exists()
    target = make(service_folder)
    before = target.read_bytes()
    assert main(["backup", str(target), "--dir", str(service_folder)]) == 1
    assert "another name" in capsys.readouterr().err
    assert target.read_bytes() == before
    assert {path.name for path in target.parent.iterdir()} == {"service", "backup.tar"}


def test_failed_backup_leaves_nothing(service_folder: Path) -> None:
    with transaction(service_folder) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    ended = run_command("backup", service_folder.parent / "b", "--dir", service_folder)
    assert ended.returncode == 1
    assert "another version" in ended.stderr
    assert [path.name for path in service_folder.parent.iterdir()] == ["service"]


def rewrite(backup: Path, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> None:
    """Replace each file of a backup by what change makes of it, or leave it out."""
    with tarfile.open(backup) as archive:
        found = [(m.name, archive.extractfile(m).read()) for m in archive]  # type: ignore[union-attr]
    with tarfile.open(backup, "w") as archive:
        for changed in (change(*each) for each in found):
            if changed is not None:
                entry = tarfile.TarInfo(changed[0])
                entry.size = len(changed[1])
                archive.addfile(entry, io.BytesIO(changed[1]))


def flip(name: str, content: bytes) -> tuple[str, bytes]:
    middle = len(content) // 2
    flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    return name, flipped if name == "intake.sqlite" else content


def leave_out(name: str, content: bytes) -> tuple[str, bytes] | None:
    return None if name == "acknowledgement.key" else (name, content)


def lead_outside(name: str, content: bytes) -> tuple[str, bytes]:
    return name.replace("acknowledgement", "../a"), content.replace(b"acknowledgement.", b"../a.")


def name_another_format(name: str, content: bytes) -> tuple[str, bytes]:
    return name, content.replace(b"nearmiss-service-backup-1", b"nearmiss-service-backup-2")


@pytest.mark.parametrize("change", [flip, leave_out, lead_outside, name_another_format])
def test_changed_backup_is_refused_and_nothing_stays(
    service_folder: Path,
    capsys: pytest.CaptureFixture[str],
    change: Callable[[str, bytes], tuple[str, bytes] | None],
) -> None:
    backup = make(service_folder)
    rewrite(backup, lambda name, content: (name, content))
    restored = service_folder.parent / "restored"
    assert main(["restore", str(backup), str(restored)]) == 0
    rewrite(backup, change)
    capsys.readouterr()
    refused = service_folder.parent / "refused"
    assert main(["restore", str(backup), str(refused)]) == 1
    assert "no whole backup" in capsys.readouterr().err
    assert list(refused.iterdir()) == []
    assert not (service_folder.parent / "a.key").exists()


@pytest.mark.parametrize("content", [b"", b"no archive", bytes(10_240), None])
def test_what_is_no_backup_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    file = tmp_path / "file"
    if content is not None:
        file.write_bytes(content)
    assert main(["restore", str(file), str(tmp_path / "folder")]) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert list((tmp_path / "folder").iterdir()) == []


def test_backup_that_is_cut_short_is_refused(service_folder: Path) -> None:
    backup = make(service_folder)
    raw = backup.read_bytes()
    for number, length in enumerate((300, 700, len(raw) // 2, len(raw) - 20_000)):
        backup.write_bytes(raw[:length])
        assert main(["restore", str(backup), str(service_folder.parent / f"r{number}")]) == 1


def test_older_backup_is_brought_to_the_form_of_today(service_folder: Path) -> None:
    backup = make(service_folder)
    with tarfile.open(backup) as archive:
        copy = archive.extractfile("intake.sqlite")
        assert copy is not None
        older = service_folder.parent / "older.sqlite"
        older.write_bytes(copy.read())
    connection = sqlite3.connect(older)
    with connection:
        for name in ("spent_token", "withdrawn", "withdrawn_told"):
            connection.execute(f"DROP TABLE {name}")
        connection.execute("ALTER TABLE report DROP COLUMN withdrawal")
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.close()
    content = older.read_bytes()

    def replace(name: str, former: bytes) -> tuple[str, bytes]:
        if name == "intake.sqlite":
            return name, content
        if name != "manifest.json":
            return name, former
        manifest = json.loads(former)
        for each in manifest["files"]:
            if each["path"] == "intake.sqlite":
                each |= {"hash": hashlib.sha256(content).hexdigest(), "length": len(content)}
        return name, json.dumps(manifest).encode()

    rewrite(backup, replace)
    restored = service_folder.parent / "restored"
    assert main(["restore", str(backup), str(restored)]) == 0
    assert main(["status", "--dir", str(restored)]) == 0
