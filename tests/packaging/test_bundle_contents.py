"""What goes into the bundle: all of ours, nothing of Qt or the system that is not needed."""

import ast
import importlib.util

import pytest

from build_steps import ROOT
from bundle_contents import PACKAGES, UNWANTED_MODULES, is_wanted, own_files, own_modules
from resources.read import list_names
from ui.cli.main import _MODULES
from ui.cli.self_checks import PACKAGED_FOLDERS


def test_every_command_of_the_program_goes_into_the_bundle() -> None:
    assert set(_MODULES.values()) <= set(own_modules(ROOT))


def test_every_module_named_for_the_bundle_can_be_found() -> None:
    for name in own_modules(ROOT):
        assert importlib.util.find_spec(name) is not None


def test_the_service_stays_out() -> None:
    assert "service" not in PACKAGES
    assert not [name for name in own_modules(ROOT) if name.startswith("service")]


def test_every_packaged_file_lies_in_the_bundle_under_its_name() -> None:
    found = {f"{folder}/{path.rpartition('/')[2]}" for path, folder in own_files(ROOT)}
    for folder in PACKAGED_FOLDERS:
        assert {f"resources/{folder}/{name}" for name in list_names(folder)} <= found


def test_the_self_test_knows_every_packaged_folder() -> None:
    folders = {path.name for path in (ROOT / "resources").iterdir() if path.is_dir()}
    assert folders - {"__pycache__"} == set(PACKAGED_FOLDERS)


def test_every_migration_lies_in_the_bundle_as_a_file() -> None:
    found = {path for path, _folder in own_files(ROOT)}
    steps = {str(path) for path in (ROOT / "app/store/migrations").rglob("step_*.py")}
    assert steps
    assert steps <= found
    assert not [path for path in found if "__pycache__" in path]


@pytest.mark.parametrize(
    ("name", "source", "wanted"),
    [
        ("PySide6/Qt/lib/libQt6Widgets.so.6", "/venv/PySide6/Qt/lib/libQt6Widgets.so.6", True),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", "/venv/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqoffscreen.so", "/venv/libqoffscreen.so", True),
        ("PySide6/Qt/plugins/platforms/libqvnc.so", "/venv/libqvnc.so", False),
        ("PySide6/Qt/lib/libQt6Qml.so.6", "/venv/libQt6Qml.so.6", False),
        ("libQt6Network.so.6", "PySide6/Qt/lib/libQt6Network.so.6", False),
        ("PySide6/Qt/translations/qtbase_de.qm", "/venv/qtbase_de.qm", False),
        ("libxcb-cursor.so.0", "/usr/lib/x86_64-linux-gnu/libxcb-cursor.so.0", False),
        ("libstdc++.so.6", "/usr/lib/x86_64-linux-gnu/libstdc++.so.6", False),
        ("libssl.so.3", "/usr/lib/x86_64-linux-gnu/libssl.so.3", True),
        ("python3.11/lib-dynload/_ssl.so", "/usr/lib/python3.11/lib-dynload/_ssl.so", True),
    ],
)
def test_of_qt_and_the_system_only_what_is_used_goes_along(
    name: str, source: str, *, wanted: bool
) -> None:
    assert is_wanted(name, source) is wanted


def test_the_window_uses_nothing_that_is_left_out() -> None:
    used = set()
    for path in (ROOT / "ui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                used |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
            elif isinstance(node, ast.Import):
                used |= {each.name for each in node.names}
    assert not used & set(UNWANTED_MODULES)
