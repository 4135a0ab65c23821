"""What goes into the bundle, and what does not. The spec file asks here.

A bundle's entry is (name in the bundle, path on this machine, kind), as PyInstaller has it.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path

Entry = tuple[str, str, str]

# The service is a program of its own and is not part of this one.
PACKAGES = ("app", "resources", "sync", "ui")
# Imported by name: SQLAlchemy's dialect, the driver, and what alembic's steps are read with.
NAMED_IMPORTS = (
    "alembic.migration",
    "alembic.runtime.migration",
    "alembic.script",
    "backports.zstd",
    "sqlalchemy.dialects.sqlite",
    "sqlcipher3.dbapi2",
)
UNWANTED_MODULES = (
    "PySide6.QtNetwork",
    "PySide6.QtOpenGL",
    "PySide6.QtOpenGLWidgets",
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "PySide6.QtSql",
    "PySide6.QtTest",
    "_pytest",
    "curses",
    "onnxruntime.datasets",
    "onnxruntime.quantization",
    "onnxruntime.tools",
    "onnxruntime.transformers",
    "pip",
    "pytest",
    "readline",
    "setuptools",
    "sqlite3",
    "tkinter",
    "unittest",
)
_DATA_ENDINGS = frozenset({".json", ".bin", ".onnx", ".txt", ".md", ".ttf", ".svg", ".qss", ".png"})
# On-screen keyboard, embedded displays, other desktops' themes and formats that this program
# never meets. Each would draw in QML, OpenGL widgets, the network or GTK with it.
_UNWANTED_QT = re.compile(
    r"PySide6/Qt/(translations|qml|plugins/(generic|networkinformation|tls|"
    r"platforminputcontexts/libqtvirtualkeyboard|platforms/libq(eglfs|linuxfb|minimal|minimalegl|"
    r"vkkhrdisplay|vnc|wayland)|imageformats/libq(pdf|icns|tga|tiff|wbmp|webp|gif)|"
    r"platformthemes/libqgtk3|egldeviceintegrations|wayland))|"
    r"libQt6(EglF[Ss]|Network|OpenGL|Pdf|Qml|Quick|VirtualKeyboard|WlShell|Wayland)"
)
# Of this machine's own libraries only what Python links goes along. What Qt links is named in
# the package's Depends: there the system keeps it safe and fits it to its graphics drivers.
_SYSTEM_FOLDERS = ("/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/")
_PYTHONS_OWN = re.compile(
    r"lib(python3|ffi|ssl|crypto|bz2|lzma|uuid|expat|mpdec|z)[.\d-]*\.so(\.|$)"
)


def own_modules(root: Path) -> list[str]:
    """Every module of the client, by dotted name: many are imported by name only."""
    found = []
    for package in PACKAGES:
        for path in (root / package).rglob("*.py"):
            parts = path.relative_to(root).with_suffix("").parts
            found.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return sorted(found)


def own_files(root: Path) -> list[tuple[str, str]]:
    """Files that are read as files, with the folder they go to: resources, and the migrations,
    which alembic loads from the disk one by one.
    """
    resources = [
        path
        for path in (root / "resources").rglob("*")
        if path.is_file() and path.suffix in _DATA_ENDINGS
    ]
    steps = (root / "app" / "store" / "migrations").rglob("*.py")
    return [
        (str(path), path.parent.relative_to(root).as_posix())
        for path in sorted([*resources, *steps])
    ]


def without_unwanted(entries: Iterable[Entry]) -> list[Entry]:
    """The entries without the parts of Qt and the system that do not belong into the bundle."""
    return [entry for entry in entries if is_wanted(entry[0], entry[1])]


def is_wanted(name: str, source: str) -> bool:
    """Whether a file goes into the bundle. name: in it. source: its path on this machine."""
    if _UNWANTED_QT.search(Path(name).as_posix()):
        return False
    is_of_the_system = os.path.realpath(source).startswith(_SYSTEM_FOLDERS)
    is_library = ".so" in Path(source).name and "python3" not in Path(source).parent.as_posix()
    return not (is_of_the_system and is_library) or bool(_PYTHONS_OWN.match(Path(source).name))
