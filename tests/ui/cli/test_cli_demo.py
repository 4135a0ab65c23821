"""The demonstration touches no folder that is not its own, and names the step that fails."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app.errors import SurroundingsError
from ui.cli.demo import Demonstration
from ui.cli.main import main


@pytest.fixture
def other_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """No step is taken; the folder alone is prepared."""
    monkeypatch.setattr(Demonstration, "run", lambda _self: None)


@pytest.mark.usefixtures("other_step")
def test_folder_with_other_things_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter").write_text("dear")
    for place in (tmp_path, tmp_path / "letter"):
        assert main(["demo", "--headless", str(place)]) == 1
        assert "holds other things" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["letter"]
    assert (tmp_path / "letter").read_text() == "dear"


@pytest.mark.usefixtures("other_step")
def test_former_demonstration_is_begun_anew(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "demo"
    assert main(["demo", "--headless", str(folder)]) == 0
    first = (folder / "passphrase").read_bytes()
    (folder / "rest").write_text("of a run that was cut off")
    assert main(["demo", "--headless", str(folder)]) == 0
    assert not (folder / "rest").exists()
    assert (folder / "passphrase").read_bytes() != first


@pytest.mark.usefixtures("other_step")
def test_without_a_folder_it_lies_in_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEARMISS_HOME", str(tmp_path / "home"))
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(variable, raising=False)
    assert main(["demo"]) == 0
    assert (tmp_path / "home" / "demonstration" / "first_report.json").is_file()


def test_step_that_fails_is_named_with_its_own_sentence(tmp_path: Path) -> None:
    demonstration = Demonstration(tmp_path)
    with pytest.raises(SurroundingsError) as caught:
        demonstration._step("try what is not there", "service.main", ("status",), {})
    assert "'try what is not there' failed" in caught.value.title
    assert "There is no service in this folder" in caught.value.text


def test_a_package_without_the_service_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.frozen", True, raising=False)
    assert main(["demo", "--headless", str(tmp_path / "demo")]) == 1
    assert "service, which is not part of this package" in capsys.readouterr().err
    assert not (tmp_path / "demo").exists()


@pytest.mark.skipif(os.name == "nt", reason="there are no signals of that kind on Windows")
def test_a_demonstration_that_is_ended_ends_its_service(tmp_path: Path) -> None:
    folder = tmp_path / "demonstration"
    command = [sys.executable, "-m", "ui.cli.main", "demo", "--headless", str(folder)]
    root = Path(__file__).resolve().parents[3]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while "put the sample reports" not in process.stdout.readline():
            assert process.poll() is None
        process.terminate()
        process.stdout.read()
    assert process.returncode == 1
    connection = json.loads((folder / "desk" / "desk" / "connection.json").read_bytes())
    port = int(connection["service_url"].rpartition(":")[2])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)
