"""What a service must not know is in none of its files and none of its output."""

import secrets
import socket
from collections.abc import Callable
from pathlib import Path

from sync.protocol.seal import MEDIA_TYPE
from tests.service.running import SEALED, Desk, RunningService, make_body

CANARY = "canary-7f3a9d"


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


def send_raw(running: RunningService, raw: bytes) -> None:
    host, port = running.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(raw)


def written(running: RunningService) -> dict[str, bytes]:
    """Every file of the service and all of its output."""
    parent = running.folder.parent
    return {str(path): path.read_bytes() for path in parent.rglob("*") if path.is_file()}


def test_no_trace_of_who_asked(service_folder: Path, start: Callable[..., RunningService]) -> None:
    running = start(service_folder, "--accept-unverified")
    desk = Desk(running)
    desk.register()
    accepted, refused = secrets.token_hex(16), secrets.token_hex(16)
    refused_body = make_body()
    path = f"/v1/reports/{accepted}?{CANARY}"
    assert running.ask("PUT", path, make_body(), headers()).status == 201
    assert running.ask("PUT", path, make_body(), headers()).status == 409
    path = f"/v1/reports/{refused}"
    token = {"Authorization": f"PrivateToken token={CANARY}"}
    assert running.ask("PUT", path, refused_body, headers() | token).status == 401
    assert running.ask("PUT", path, refused_body[:-1], headers()).status == 400
    assert running.ask("PUT", path, refused_body, {"User-Agent": CANARY}).status == 415
    assert running.ask("GET", f"/{CANARY}/{refused}", headers=headers()).status == 404
    assert running.ask("GET", f"/feed/targets/{CANARY}", headers=headers()).status == 404
    assert running.ask("POST", path, headers=headers()).status == 405
    assert running.ask("GET", "/v1/desk/reports", headers={"NearMiss-Desk": CANARY}).status == 401
    assert desk.ask("GET", "/v1/desk/reports").status == 200
    # Not HTTP at all, and a client that goes away in the middle.
    send_raw(running, f"{CANARY}\r\n\r\n".encode())
    begun = f"PUT {path} HTTP/1.1\r\nHost: {CANARY}\r\nContent-Type: {MEDIA_TYPE}\r\n"
    send_raw(running, f"{begun}Content-Length: 65536\r\n\r\n{CANARY}".encode())
    send_raw(running, f"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: {CANARY}\r\n".encode())
    while_running = written(running)
    assert running.stop() == 0
    for files in (while_running, written(running)):
        for name, content in files.items():
            assert CANARY.encode() not in content, name
            assert b"203.0.113.77" not in content, name
            assert accepted.encode() not in content, name
            assert bytes.fromhex(refused) not in content, name
            assert refused.encode() not in content, name
            assert refused_body[100:140] not in content, name
    assert running.stderr_file.read_bytes() == b""
    assert running.stdout_file.read_text() == f"listening on {running.address}\n"


def test_files_are_closed_to_others(service_folder: Path) -> None:
    assert service_folder.stat().st_mode & 0o077 == 0
    for name in ("acknowledgement.key", "service.json", "intake.sqlite"):
        assert (service_folder / name).stat().st_mode & 0o077 == 0
