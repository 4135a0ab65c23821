"""The self-test's look at the window can tell a good one from a blank and from a broken one."""

import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QImage

from ui.window_check import is_painted

_ROOT = Path(__file__).resolve().parents[2]
_BROKEN = """
import sys
from pathlib import Path
from app.errors import UserError
from app.paths import Home
from ui import main, window_check

class Broken:
    def import_module(self, name):
        raise ImportError(name)

main.importlib = Broken()
window_check._PATIENCE_MS = 3_000
try:
    window_check.check_window(Home(Path(sys.argv[1])))
except window_check.WindowCheckError:
    raise SystemExit(0)
raise SystemExit("nothing was noticed")
"""


def _image(colours: int) -> QImage:
    image = QImage(640, 480, QImage.Format.Format_RGB32)
    for x in range(640):
        for y in range(480):
            image.setPixel(x, y, 0xFF000000 + x * colours // 640)
    return image


def test_a_surface_of_one_colour_is_not_painted() -> None:
    assert not is_painted(_image(1))
    assert not is_painted(QImage())


def test_a_surface_with_many_colours_is_painted() -> None:
    assert is_painted(_image(20))


def test_a_window_whose_parts_cannot_be_read_fails_the_check(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _BROKEN, str(tmp_path)],
        cwd=_ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
