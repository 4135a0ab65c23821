"""Make the bundle: the program with its own Python and Qt in one folder."""

import os
import shutil
import sys

from build_steps import OUT, ROOT, BuildError, folder_bytes, megabytes, run

BUNDLE = OUT / "bundle" / "nearmiss"
_WORK = OUT / "bundle-work"
_SPEC = ROOT / "build" / "packaging" / "nearmiss.spec"


def make_bundle() -> None:
    """Run PyInstaller, take symbols for debuggers out, and start the result once.

    Raises BuildError.
    """
    run(
        [
            *(sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean"),
            *("--log-level", "ERROR", "--workpath", _WORK, "--distpath", BUNDLE.parent, _SPEC),
        ],
        # Its cache would lie in the home folder.
        {**os.environ, "PYINSTALLER_CONFIG_DIR": str(_WORK / "cache")},
    )
    before = folder_bytes(BUNDLE)
    _strip()
    started = run([BUNDLE / "nearmiss", "--version"])
    if not started.startswith("nearmiss "):
        raise BuildError(f"The bundle starts, but says: {started[:200]}")
    print(f"        bundle {megabytes(folder_bytes(BUNDLE))} ({megabytes(before)} with symbols)")


def _strip() -> None:
    """Qt's own come without symbols already, and the program's file carries an archive at its
    end that `strip` would cut off. Libraries that a wheel has repaired (numpy.libs and the like)
    have sections where `strip` moves them off their pages: they would not load any more.
    """
    strip = shutil.which("strip")
    if strip is None:
        return
    for path in BUNDLE.rglob("*.so*"):
        is_repaired = path.parent.name.endswith(".libs")
        if path.is_file() and not (path.is_symlink() or "PySide6" in path.parts or is_repaired):
            run([strip, "--strip-unneeded", path])
