"""The units for systemd start what exists, as an account of its own that may do little."""

import configparser
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from service.main import _parser

FOLDER = Path(__file__).parents[2] / "build" / "packaging" / "systemd"
PROGRAM = "/opt/nearmiss/.venv/bin/nearmiss-service"
SERVICES = sorted(path.name for path in FOLDER.glob("*.service"))


def read_unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string((FOLDER / name).read_text())
    return parser


def command_of(name: str) -> list[str]:
    """What nearmiss-service is told, on port 8700 and some day."""
    line = read_unit(name)["Service"]["ExecStart"].replace("%i", "8700").replace("%%", "%")
    words = shlex.split(line)
    if words[:2] == ["/bin/sh", "-c"]:
        words = shlex.split(words[2].removeprefix("exec ").replace("$(date +%Y-%m-%d)", "day"))
    program, *rest = words
    assert program == PROGRAM
    return rest


@pytest.mark.parametrize("name", SERVICES)
def test_unit_starts_a_command_that_exists(name: str) -> None:
    options = _parser().parse_args(command_of(name))
    assert options.folder == Path("/var/lib/nearmiss")


@pytest.mark.parametrize("name", SERVICES)
def test_unit_runs_as_an_account_that_may_do_little(name: str) -> None:
    service = read_unit(name)["Service"]
    assert service["User"] == "nearmiss"
    assert service["UMask"] == "0077"
    assert service["LimitCORE"] == "0"
    for setting in ("NoNewPrivileges", "PrivateTmp", "ProtectHome"):
        assert service[setting] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""


def test_every_timer_has_its_unit() -> None:
    timers = [path.stem for path in FOLDER.glob("*.timer")]
    assert sorted(timers) == ["nearmiss-service-backup", "nearmiss-service-tidy"]
    for each in timers:
        assert f"{each}.service" in SERVICES
        assert read_unit(f"{each}.timer")["Timer"]["Persistent"] == "yes"


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    for path in FOLDER.iterdir():
        name = path.name.replace("@.", "@8700.")
        # The programs need not be on this machine.
        text = path.read_text().replace(PROGRAM, "/bin/true")
        (tmp_path / name).write_text(text)
    units = [str(path) for path in tmp_path.iterdir()]
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    about_ours = [line for line in checked.stderr.splitlines() if str(tmp_path) in line]
    assert about_ours == []
