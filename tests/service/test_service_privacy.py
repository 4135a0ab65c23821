"""What a service must not know is in none of its files and none of its output: not in its
databases, their write-ahead logs, PostgreSQL's own log, or a backup.
"""

import http.client
import secrets
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from sync.protocol.keys import SigningKey
from sync.protocol.seal import MEDIA_TYPE
from sync.protocol.withdrawal import MEDIA_TYPE as WITHDRAWAL_TYPE
from sync.protocol.withdrawal import withdraw
from tests.service.postgres import PostgresServer
from tests.service.running import (
    SEALED,
    Answer,
    Desk,
    RunningService,
    ask_over,
    make_body,
    run_command,
)

ON_BOTH_DATABASES = True
CANARY = "canary-7f3a9d"
# All of 127/8 is this machine, so a client can have an address that stands nowhere else.
CLIENT = "127.91.17.203"


def headers() -> dict[str, str]:
    return {
        **SEALED,
        "User-Agent": f"{CANARY}/1.0",
        "X-Forwarded-For": f"203.0.113.77, {CANARY}",
        "Forwarded": f"for={CANARY}",
        "X-Request-Id": CANARY,
        "Cookie": f"name={CANARY}",
        "Referer": f"http://{CANARY}/",
    }


def ask(
    running: RunningService,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """One request from the client's address."""
    place = running.address.removeprefix("http://")
    connection = http.client.HTTPConnection(place, timeout=30, source_address=(CLIENT, 0))
    try:
        return ask_over(connection, method, path, body, headers)
    finally:
        connection.close()


def send_raw(running: RunningService, raw: bytes) -> None:
    host, port = running.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 10, (CLIENT, 0)) as connection:
        connection.sendall(raw)


def written(*folders: Path) -> dict[str, bytes]:
    """Every file below the folders."""
    paths = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return {str(path): path.read_bytes() for path in paths}


@pytest.fixture
def folders(service_folder: Path, database_kind: str, request: pytest.FixtureRequest) -> list[Path]:
    """All that a service and its database write into."""
    found = [service_folder.parent]
    if database_kind == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        found.append(server.folder)
    return found


def test_no_trace_of_who_asked(
    service_folder: Path, start: Callable[..., RunningService], folders: list[Path]
) -> None:
    running = start(service_folder, "--accept-unverified")
    desk = Desk(running)
    desk.register()
    accepted, refused = secrets.token_hex(16), secrets.token_hex(16)
    refused_body = make_body()
    path = f"/v1/reports/{accepted}?{CANARY}"
    assert ask(running, "PUT", path, make_body(), headers()).status == 201
    assert ask(running, "PUT", path, make_body(), headers()).status == 409
    path = f"/v1/reports/{refused}"
    token = {"Authorization": f"PrivateToken token={CANARY}"}
    assert ask(running, "PUT", path, refused_body, headers() | token).status == 401
    assert ask(running, "PUT", path, refused_body[:-1], headers()).status == 400
    assert ask(running, "PUT", path, refused_body, {"User-Agent": CANARY}).status == 415
    asked = withdraw(SigningKey.generate(), running.card.tenant, bytes.fromhex(refused))
    kind = headers() | {"Content-Type": WITHDRAWAL_TYPE}
    assert ask(running, "DELETE", path, asked.to_bytes(), kind).status == 404
    assert ask(running, "GET", f"/{CANARY}/{refused}", headers=headers()).status == 404
    assert ask(running, "GET", f"/feed/targets/{CANARY}", headers=headers()).status == 404
    assert ask(running, "POST", path, headers=headers()).status == 405
    assert ask(running, "GET", "/v1/desk/reports", headers={"NearMiss-Desk": CANARY}).status == 401
    assert desk.ask("GET", "/v1/desk/reports").status == 200
    # Not HTTP at all, and a client that goes away in the middle.
    send_raw(running, f"{CANARY}\r\n\r\n".encode())
    begun = f"PUT {path} HTTP/1.1\r\nHost: {CANARY}\r\nContent-Type: {MEDIA_TYPE}\r\n"
    send_raw(running, f"{begun}Content-Length: 65536\r\n\r\n{CANARY}".encode())
    send_raw(running, f"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: {CANARY}\r\n".encode())
    backup = service_folder.parent / "backup"
    assert run_command("backup", backup, "--dir", service_folder).returncode == 0
    while_running = written(*folders)
    assert run_command("tidy", "--dir", service_folder).returncode == 0
    assert running.stop() == 0
    traces = [
        *(each.encode() for each in (CANARY, CLIENT, "203.0.113.77", accepted, refused)),
        *(bytes.fromhex(refused), refused_body[100:140], asked.public, asked.signature),
    ]
    for files in (while_running, written(*folders)):
        # The search finds what may be there, so that it proves something.
        assert any(bytes.fromhex(accepted) in content for content in files.values())
        assert bytes.fromhex(accepted) in files[str(backup)]
        for name, content in files.items():
            for trace in traces:
                assert trace not in content, name
    assert running.stderr_file.read_bytes() == b""
    assert running.stdout_file.read_text() == f"listening on {running.address}\n"


def test_files_are_closed_to_others(service_folder: Path) -> None:
    assert service_folder.stat().st_mode & 0o077 == 0
    backup = service_folder.parent / "backup"
    assert run_command("backup", backup, "--dir", service_folder).returncode == 0
    paths = [path for path in service_folder.rglob("*") if path.is_file()]
    assert {"acknowledgement.key", "service.json"} <= {path.name for path in paths}
    for path in (*paths, backup):
        assert path.stat().st_mode & 0o077 == 0
