"""The package: its control file, what is in it, and who may do what with it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from app.version import __version__
from build_steps import ROOT
from debian_package import make_package, package_file, write_control
from notices import sorted_distributions, write_notices
from run import QT_PACKAGES

needs_dpkg = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="needs dpkg-deb")


def _fields(control: str) -> dict[str, str]:
    lines = [line for line in control.splitlines() if not line.startswith(" ")]
    return dict(line.split(": ", 1) for line in lines)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package of a bundle with one program and one file, made by somebody with odd rights."""
    bundle = tmp_path / "bundle"
    (bundle / "_internal").mkdir(parents=True, mode=0o700)
    (bundle / "nearmiss").write_text("#!/bin/sh\n")
    (bundle / "nearmiss").chmod(0o700)
    (bundle / "_internal" / "file.txt").write_text("x")
    (bundle / "_internal" / "file.txt").chmod(0o600)
    make_package(bundle, tmp_path)
    return package_file(tmp_path)


def test_the_control_file_has_the_version_of_the_program() -> None:
    assert _fields(write_control(0))["Version"] == __version__


def test_the_control_file_depends_on_all_that_qt_loads() -> None:
    depends = _fields(write_control(0))["Depends"].split(", ")
    assert set(QT_PACKAGES) < set(depends)
    assert any(each.startswith("libc6 (>= ") for each in depends)


def test_the_control_file_is_written_as_debian_wants_it() -> None:
    control = write_control(2049)
    assert control.endswith("\n")
    assert "$" not in control
    assert _fields(control)["Installed-Size"] == "3"
    assert all(line and len(line) <= 80 for line in control.splitlines() if line[:1] == " ")


@needs_dpkg
def test_the_package_belongs_to_root_and_everybody_may_read_it(package: Path) -> None:
    listed = subprocess.run(
        ["dpkg-deb", "--contents", str(package)], check=True, capture_output=True, text=True
    ).stdout
    modes = {line.split()[-1].removeprefix("./"): line.split()[:2] for line in listed.splitlines()}
    assert {owner for _mode, owner in modes.values()} == {"root/root"}
    assert modes["opt/leo-near-miss/nearmiss"][0] == "-rwxr-xr-x"
    assert modes["opt/leo-near-miss/_internal/"][0] == "drwxr-xr-x"
    assert modes["opt/leo-near-miss/_internal/file.txt"][0] == "-rw-r--r--"
    assert "usr/share/applications/leo-near-miss.desktop" in modes
    assert "usr/share/icons/hicolor/scalable/apps/leo-near-miss.svg" in modes
    assert "usr/share/doc/leo-near-miss/copyright" in modes
    assert "usr/bin/nearmiss -> /opt/leo-near-miss/nearmiss" in listed


@needs_dpkg
def test_the_package_runs_no_scripts(package: Path, tmp_path: Path) -> None:
    subprocess.run(["dpkg-deb", "--control", str(package), str(tmp_path / "control")], check=True)
    assert {path.name for path in (tmp_path / "control").iterdir()} == {"control", "md5sums"}


def test_the_menu_entry_starts_the_program_and_has_its_icon() -> None:
    entry = (ROOT / "build/packaging/debian/leo-near-miss.desktop").read_text(encoding="utf-8")
    assert "\nExec=nearmiss\n" in entry
    assert "\nIcon=leo-near-miss\n" in entry


@needs_dpkg
def test_the_notices_hold_the_licence_of_everything_that_comes_along(tmp_path: Path) -> None:
    names = [each.name for each in sorted_distributions()]
    assert {"tuf", "requests", "urllib3", "sqlcipher3", "shiboken6"} <= set(names)
    assert not {"pytest", "ruff", "fastapi"} & set(names)
    assert len({name.lower() for name in names}) == len(names)
    notices = write_notices(tmp_path)
    for name in names:
        assert f"\n{name} " in notices
    for words in ("ZETETIC", "LGPL-3", "OFL", "Python Software Foundation"):
        assert words in notices
