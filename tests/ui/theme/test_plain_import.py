"""The start leaves the process as Python made it. In a process of its own: here Qt is loaded."""

import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[3]
_LOOK = """
import builtins, gc
plain = builtins.__import__
import ui.main_window
assert builtins.__import__ is plain, "the import function is not Python's own"
assert gc.isenabled(), "the garbage collector is off"
from PySide6.QtWidgets import QApplication
from PySide6.QtCore import *
assert QObject is not None
"""


def test_import_and_garbage_collector_are_pythons_own_after_qt_was_loaded() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOOK], cwd=_ROOT, check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
