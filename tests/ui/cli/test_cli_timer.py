"""Units and tasks that the systems' schedulers can read, and a sync that only acts when due."""

import os
import shutil
import subprocess
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.errors import InputError
from app.paths import Home
from app.store.outbox import BODY_LENGTH, Outbox
from app.store.post import Post
from sync.protocol.connection import Connection
from ui.cli import outbox
from ui.cli.main import main
from ui.cli.timer import describe_systemd, describe_task

SPACES = '/opt/a place/with "quotes", 50% off & $HOME/nearmiss'
SPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def _units(text: str) -> dict[str, str]:
    """The content of each unit, by its file's name."""
    found: dict[str, str] = {}
    name = ""
    for line in text.splitlines():
        if line.startswith("# "):
            name = line.rsplit("/", 1)[1]
            found[name] = ""
        else:
            found[name] += line + "\n"
    return found


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_itself_accepts_the_units(tmp_path: Path) -> None:
    program = tmp_path / "a place" / "near miss"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o700)
    units = _units(describe_systemd(str(program), {"NEARMISS_HOME": "/home/a b/50% off"}))
    assert set(units) == {"nearmiss-sync.service", "nearmiss-sync.timer"}
    for name, content in units.items():
        (tmp_path / name).write_text(content)
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / name) for name in units)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "LC_ALL": "C"},
    )
    ours = [line for line in checked.stderr.splitlines() if "nearmiss" in line]
    assert ours == []


def test_the_unit_keeps_nothing_of_what_is_said_and_quotes_what_systemd_would_change() -> None:
    service = _units(describe_systemd(SPACES, {}))["nearmiss-sync.service"]
    assert "StandardOutput=null\nStandardError=null\n" in service
    assert (
        'ExecStart="/opt/a place/with \\"quotes\\", 50%% off & $$HOME/nearmiss" sync --if-due\n'
        in service
    )
    assert "Environment" not in service


def test_a_path_that_could_add_a_line_is_refused() -> None:
    with pytest.raises(InputError):
        describe_systemd("/opt/near\nExecStart=/bin/sh", {})


def test_the_task_is_ascii_and_names_the_program_exactly() -> None:
    text = describe_task(r"C:\Programme\Zuständige & Co\nearmiss.exe", {})
    assert text.isascii()
    task = ET.fromstring(text)  # noqa: S314  (our own text)
    execute = task.find(f"{SPACE}Actions/{SPACE}Exec")
    assert execute is not None
    assert execute.findtext(f"{SPACE}Command") == r"C:\Programme\Zuständige & Co\nearmiss.exe"
    assert execute.findtext(f"{SPACE}Arguments") == "sync --if-due"
    assert task.findtext(f"{SPACE}Principals/{SPACE}Principal/{SPACE}RunLevel") == "LeastPrivilege"


@pytest.mark.parametrize(("option", "word"), [("systemd", "[Timer]"), ("task", "<Task ")])
def test_printing_needs_no_home_and_does_nothing_else(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    option: str,
    word: str,
) -> None:
    monkeypatch.setenv("NEARMISS_HOME", str(tmp_path / "none"))
    assert main(["sync", f"--print-{option}"]) == 0
    assert word in capsys.readouterr().out
    assert not (tmp_path / "none").exists()


@pytest.fixture
def exchanges(own_home: Home, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where an exchange would begin. The home is connected and was synced an hour ago."""
    url = "http://127.0.0.1:9"
    connection = Connection("a" * 32, "Invented", url, url, b"{}", bytes(32))
    own_home.connection_file.write_bytes(connection.to_bytes())
    _sync_at(own_home, datetime.now(UTC) - timedelta(hours=1))
    begun: list[str] = []

    def exchange(*_arguments: object, **_options: object) -> None:
        begun.append("exchange")
        raise InputError("far enough")

    monkeypatch.setattr(outbox, "exchange", exchange)
    return begun


def _sync_at(home: Home, moment: datetime) -> None:
    file = home.folder / "last-update"
    file.write_bytes(b"")
    os.utime(file, (moment.timestamp(), moment.timestamp()))


def test_without_a_reason_it_does_nothing_and_says_nothing(
    exchanges: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sync", "--if-due"]) == 0
    assert exchanges == []
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("hours", [29, -400])
def test_after_a_day_or_with_a_clock_that_was_set_back_it_fetches(
    exchanges: list[str], own_home: Home, hours: int
) -> None:
    _sync_at(own_home, datetime.now(UTC) - timedelta(hours=hours))
    main(["sync", "--if-due"])
    assert exchanges == ["exchange"]


@pytest.mark.parametrize(("hours", "begun"), [(-1, ["exchange"]), (1, [])])
def test_it_sends_with_the_vault_locked_when_the_time_has_come(
    exchanges: list[str],
    own_home: Home,
    monkeypatch: pytest.MonkeyPatch,
    hours: int,
    begun: list[str],
) -> None:
    monkeypatch.delenv("NEARMISS_PASSPHRASE_FILE")
    with Post.open_or_create(own_home.vault_folder("first")) as post:
        moment = datetime.now(UTC) + timedelta(hours=hours)
        Outbox(post).add(bytes(16), bytes(BODY_LENGTH), moment)
    main(["sync", "--if-due"])
    assert exchanges == begun
