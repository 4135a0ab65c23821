import json
import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.main import main
from service.months import this_month
from sync.protocol.connection import ServiceCard
from sync.protocol.keys import PublicKeyFile, Purpose, SigningKey
from tests.service.running import Desk, RunningService, make_body, run_command

TENANT = "0" * 32


@pytest.fixture(autouse=True)
def _restored_umask() -> Iterator[None]:
    former = os.umask(0o022)
    yield
    os.umask(former)


def key_file(folder: Path, tenant: str, purpose: Purpose = Purpose.DESK, last: str = "") -> Path:
    public = SigningKey.generate().public_bytes()
    key = PublicKeyFile(tenant, purpose, "2020-01", last or this_month(), public)
    path = folder / key.name
    path.write_bytes(key.to_bytes())
    return path


def tenant_of(folder: Path) -> str:
    return ServiceCard.from_bytes((folder / "service.public.json").read_bytes()).tenant


def test_init_makes_a_card_and_refuses_a_second_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new" / "service"
    assert main(["init", str(folder)]) == 0
    assert tenant_of(folder) in capsys.readouterr().out
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert main(["init", str(folder)]) == 1
    assert "already holds a service" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_init_leaves_other_files_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "letter").write_text("dear")
    assert main(["init", str(tmp_path)]) == 1
    assert "not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["letter"]


@pytest.mark.parametrize("address", ["nonsense", "foo://x", "sqlite:////nonexistent/folder/x"])
def test_init_with_an_unusable_database_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    folder = tmp_path / "service"
    assert main(["init", str(folder), "--database", address]) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "Traceback" not in error
    assert list(folder.iterdir()) == []


def test_database_may_lie_elsewhere_and_is_not_shared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = f"sqlite:///{tmp_path / 'elsewhere.sqlite'}"
    first, second = tmp_path / "first", tmp_path / "second"
    assert main(["init", str(first), "--database", address]) == 0
    assert not (first / "intake.sqlite").exists()
    assert main(["status", "--dir", str(first)]) == 0
    assert main(["init", str(second), "--database", address]) == 1
    assert "already in use" in capsys.readouterr().err


def test_status_counts_by_month_and_names_missing_desk_keys(
    service_folder: Path, start: Callable[..., RunningService], capsys: pytest.CaptureFixture[str]
) -> None:
    running = start(service_folder, "--accept-unverified")
    for number in range(3):
        running.put(f"{number:032x}", make_body())
    assert main(["status", "--dir", str(service_folder)]) == 0
    text = capsys.readouterr().out
    assert text.partition("accounts")[0].split() == [
        *("waiting", "3", "confirmed", "0", "withdrawn", "0", this_month(), "3"),
        *("desk", "keys", "none:", "no", "desk", "can", "pull"),
    ]
    Desk(running).register()
    assert main(["status", "--dir", str(service_folder)]) == 0
    assert "desk keys  1" in capsys.readouterr().out.splitlines()


def test_folder_comes_from_the_environment_or_is_the_current_one(
    service_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEARMISS_SERVICE_DIR", str(service_folder))
    assert main(["status"]) == 0
    monkeypatch.setenv("NEARMISS_SERVICE_DIR", "")
    assert main(["status"]) == 1
    monkeypatch.chdir(service_folder)
    assert main(["status"]) == 0


def test_desk_key_is_added_once(service_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(key_file(service_folder.parent, tenant_of(service_folder)))
    for expected in ("added", "there already"):
        assert main(["desk-key", "add", file, "--dir", str(service_folder)]) == 0
        assert expected in capsys.readouterr().out


def test_desk_that_is_removed_is_let_in_no_more(
    service_folder: Path, start: Callable[..., RunningService], capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--dir", str(service_folder)]
    assert main(["desk-key", "list", *at]) == 0
    assert "none" in capsys.readouterr().out
    running = start(service_folder)
    desks = [Desk(running), Desk(running)]
    for desk in desks:
        desk.register()
    ids = [desk.public.key_id.hex() for desk in desks]
    assert main(["desk-key", "list", *at]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert listed == [f"{each}  2020-01 to 2999-12" for each in sorted(ids)]
    assert main(["desk-key", "remove", ids[0], *at]) == 0
    assert [desk.ask("GET", "/v1/desk/reports").status for desk in desks] == [401, 200]
    assert main(["desk-key", "remove", ids[0], *at]) == 1
    assert "list" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["desk-key", "remove", "x", *at])


def test_wrong_desk_keys_are_refused(
    service_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, tenant = service_folder.parent, tenant_of(service_folder)
    garbage = folder / "garbage"
    garbage.write_bytes(b"{}")
    wrong = [
        folder / "missing",
        garbage,
        folder,
        key_file(folder, TENANT),
        key_file(folder, tenant, Purpose.ACKNOWLEDGEMENT),
        key_file(folder, tenant, last="2020-02"),
        key_file(folder, tenant, last="forever"),
    ]
    for file in wrong:
        assert main(["desk-key", "add", str(file), "--dir", str(service_folder)]) == 1
        assert capsys.readouterr().err.count("\n") == 1
    assert main(["status", "--dir", str(service_folder)]) == 0
    assert "none" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["service.json", "service.public.json", "acknowledgement.key"])
@pytest.mark.parametrize("content", [None, b"", b"{}", b'{"format":"nearmiss-service-1"}'])
def test_damaged_or_missing_file_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes | None
) -> None:
    folder = tmp_path / "service"
    assert main(["init", str(folder)]) == 0
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    assert main(["status", "--dir", str(folder)]) == 1
    error = capsys.readouterr().err
    assert name in error
    assert error.count("\n") == 1


def test_files_of_another_service_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a", "b"):
        assert main(["init", str(tmp_path / name)]) == 0
    (tmp_path / "a" / "acknowledgement.key").write_bytes(
        (tmp_path / "b" / "acknowledgement.key").read_bytes()
    )
    assert main(["status", "--dir", str(tmp_path / "a")]) == 1
    assert "different services" in capsys.readouterr().err


def test_key_never_shows_in_a_settings_file(service_folder: Path) -> None:
    settings = json.loads((service_folder / "service.json").read_bytes())
    assert set(settings) == {"format", "tenant", "database"}


@pytest.mark.parametrize(
    "arguments", [[], ["serve"], ["serve", "x", "--port", "70000"], ["status", "--port", "1"]]
)
def test_wrong_usage_ends_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


def test_taken_port_is_a_sentence(service_folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = run_command("serve", service_folder, "--port", port)
    assert ended.returncode == 1
    assert "choose another host or port" in ended.stderr
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_stops_it_cleanly_with_open_connections(
    service_folder: Path, start: Callable[..., RunningService], number: signal.Signals
) -> None:
    running = start(service_folder, "--accept-unverified")
    idle = socket.create_connection(
        ("127.0.0.1", int(running.address.rpartition(":")[2])), timeout=10
    )
    running.put("0" * 32, make_body())
    running.process.send_signal(number)
    assert running.process.wait(15) == 0
    idle.close()
    assert running.stderr_file.read_text() == ""
