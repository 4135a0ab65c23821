"""How long until the unlock window is painted, beside a bare PySide6 window. `./run bench start`

Both are processes started from nothing, in turns. The clock runs from before the process is
started until its first paint has been shown. The bare window is the first program of Qt for
Python's own introduction (doc.qt.io/qtforpython-6, "Getting started"): a label and a button.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
QPA = "QT_QPA_PLATFORM"
GOAL = 1.25
_RUNS = 7
# The word comes from the process as soon as its first paint is done; then it ends at once.
_TELL = """
import os, time
def tell():
    os.write(1, str(time.clock_gettime_ns(time.CLOCK_MONOTONIC)).encode())
    os._exit(0)
"""
_BARE = (
    _TELL
    + """
import random, sys
from PySide6 import QtCore, QtWidgets, QtGui

class MyWidget(QtWidgets.QWidget):
    def __init__(self):
        super().__init__()
        self.hello = ["Hallo Welt", "Hei maailma", "Hola Mundo"]
        self.button = QtWidgets.QPushButton("Click me!")
        self.text = QtWidgets.QLabel("Hello World", alignment=QtCore.Qt.AlignmentFlag.AlignCenter)
        self.layout = QtWidgets.QVBoxLayout(self)
        self.layout.addWidget(self.text)
        self.layout.addWidget(self.button)
        self.button.clicked.connect(self.magic)

    @QtCore.Slot()
    def magic(self):
        self.text.setText(random.choice(self.hello))

    def paintEvent(self, event):
        super().paintEvent(event)
        QtCore.QTimer.singleShot(0, tell)

app = QtWidgets.QApplication([])
widget = MyWidget()
widget.resize(1280, 720)
widget.show()
app.exec()
"""
)
_OURS = (
    _TELL
    + """
from ui.cli import main
import ui.main_window
from PySide6 import QtCore

class Timed(ui.main_window.MainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QtCore.QTimer.singleShot(0, tell)

ui.main_window.MainWindow = Timed
main.main([])
"""
)


def measure(program: str, home: str) -> float:
    """Milliseconds from the start of a process to its first paint."""
    environment = {**os.environ, "NEARMISS_HOME": home}
    began = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=False,
    )
    if not done.stdout:
        raise SystemExit(f"nothing was painted: {done.stderr.decode()}")
    return (int(done.stdout) - began) / 1e6


def main() -> int:
    """Print both medians and their ratio."""
    parser = argparse.ArgumentParser(prog="run bench start", description=__doc__)
    parser.add_argument("--runs", type=int, default=_RUNS)
    runs = parser.parse_args().runs
    with _display():
        return compare(runs)


@contextmanager
def _display() -> Iterator[None]:
    """The display that there is, or Xvfb; without either Qt's offscreen platform."""
    xvfb = shutil.which("Xvfb")
    if sys.platform != "linux" or any(os.environ.get(name) for name in ("DISPLAY", QPA)):
        yield
    elif xvfb is None:
        os.environ[QPA] = "offscreen"
        yield
    else:
        read, write = os.pipe()
        command = [xvfb, "-displayfd", str(write), "-screen", "0", "1366x768x24"]
        server = subprocess.Popen(
            [*command, "-nolisten", "tcp"], pass_fds=(write,), stderr=subprocess.DEVNULL
        )
        os.close(write)
        try:
            with os.fdopen(read) as numbers:
                os.environ["DISPLAY"] = f":{numbers.readline().strip()}"
            yield
        finally:
            server.terminate()
            server.wait(30)


def compare(runs: int) -> int:
    """Measure both in turns and print what came out; 1 if the ratio misses the goal."""
    bare: list[float] = []
    ours: list[float] = []
    with tempfile.TemporaryDirectory() as home:
        (Path(home) / "vaults" / "first").mkdir(parents=True)
        for turn in range(runs + 1):  # the first turn only warms the disk's cache
            for program, times in ((_BARE, bare), (_OURS, ours)):
                taken = measure(program, home)
                if turn:
                    times.append(taken)
    ratio = statistics.median(ours) / statistics.median(bare)
    platform = os.environ.get(QPA, "a display")
    print(f"bare PySide6 window   {statistics.median(bare):6.0f} ms   (median of {runs})")
    print(f"unlock window         {statistics.median(ours):6.0f} ms   (on {platform})")
    print(f"ratio                 {ratio:6.2f}      goal: at most {GOAL}")
    return 0 if ratio <= GOAL else 1


if __name__ == "__main__":
    raise SystemExit(main())
