"""Asks the system where the program's folder is; what it says is judged in `surroundings`.

Nothing is asked of the network, and nothing is kept.
"""

import ctypes
import os
import sys
from pathlib import Path, PurePath

from app.paths import Home
from app.surroundings import Surroundings

_MOUNTS = Path("/proc/self/mountinfo")
# <sys/mount.h> of macOS, with 64-bit inodes: f_fstypename begins here and has 16 bytes.
_STATFS_BYTES, _FSTYPE_AT, _FSTYPE_BYTES = 4_096, 72, 16


def look_around(home: Home) -> Surroundings:
    """What the system says; what it does not say is left empty."""
    folder = _nearest(home.folder)
    return Surroundings(
        platform=sys.platform,
        environ=os.environ,
        folder=folder,
        home=Path.home(),
        user=_user_name(),
        mounts=_read_mounts(),
        filesystem=_name_filesystem(folder) if sys.platform == "darwin" else "",
        drive_type=_ask_drive_type(folder) if sys.platform == "win32" else 0,
        profile_type=_ask_profile_type() if sys.platform == "win32" else 0,
        has_entry=_has_entry,
    )


def _nearest(folder: Path) -> Path:
    """The folder, or the one above it that is there already, with links followed."""
    for each in (folder, *folder.parents):
        if each.exists():
            return each.resolve()
    return folder


def _user_name() -> str:
    """By the system, not by the environment, where that is possible."""
    if sys.platform == "win32":
        return os.environ.get("USERNAME", "")
    else:  # noqa: RET505  (mypy knows by it what is there on Windows)
        import pwd  # noqa: PLC0415

        try:
            return pwd.getpwuid(os.getuid()).pw_name
        except KeyError:
            return ""


def _read_mounts() -> str:
    try:
        return _MOUNTS.read_text("utf-8", "surrogateescape")
    except OSError:
        return ""


def _has_entry(path: PurePath) -> bool:
    try:
        return Path(path).exists()
    except OSError:
        return False


def _name_filesystem(folder: Path) -> str:
    """macOS: statfs(2)."""
    library = ctypes.CDLL(None, use_errno=True)
    name = "statfs$INODE64" if hasattr(library, "statfs$INODE64") else "statfs"
    found = ctypes.create_string_buffer(_STATFS_BYTES)
    if getattr(library, name)(os.fsencode(folder), found) != 0:
        return ""
    raw = found.raw[_FSTYPE_AT : _FSTYPE_AT + _FSTYPE_BYTES]
    return raw.split(b"\0")[0].decode("ascii", "replace")


def _ask_drive_type(folder: Path) -> int:
    """Windows: GetDriveTypeW."""
    library = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
    library.GetDriveTypeW.argtypes = [ctypes.c_wchar_p]
    library.GetDriveTypeW.restype = ctypes.c_uint
    return int(library.GetDriveTypeW(folder.anchor))


def _ask_profile_type() -> int:
    """Windows: GetProfileType."""
    library = ctypes.WinDLL("userenv")  # type: ignore[attr-defined,unused-ignore]
    flags = ctypes.c_ulong(0)
    library.GetProfileType.argtypes = [ctypes.POINTER(ctypes.c_ulong)]
    library.GetProfileType.restype = ctypes.c_int
    return int(flags.value) if library.GetProfileType(ctypes.byref(flags)) else 0
