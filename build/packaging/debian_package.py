"""Make the Debian package: the bundle under /opt, a link, a menu entry, an icon, the licences.

There are no scripts in it: dpkg's own triggers bring menus and icons up to date, and what a
person has written lies in their home folder, which the package never touches.
"""

import gzip
import hashlib
import os
import shutil
import string
from datetime import UTC, datetime
from pathlib import Path

from app.version import __version__
from build_steps import OUT, ROOT, BuildError, folder_bytes, megabytes, run
from bundle import BUNDLE
from notices import write_notices
from run import QT_PACKAGES

NAME = "leo-near-miss"
OPT = Path("opt") / NAME
_ARCHITECTURE = "amd64"
_SOURCES = ROOT / "build" / "packaging" / "debian"
# Linked by the libraries in the bundle, besides those of Qt that run.py names.
_ALSO_NEEDED = ("libgcc-s1", "libstdc++6")


def package_file(out: Path = OUT) -> Path:
    """Where the package is written."""
    return out / "dist" / f"{NAME}_{__version__}_{_ARCHITECTURE}.deb"


def make_package(bundle: Path = BUNDLE, out: Path = OUT) -> None:
    """Stage the bundle and what goes with it, and pack them. Raises BuildError."""
    if shutil.which("dpkg-deb") is None:
        raise BuildError("dpkg-deb is missing. Build the package on Debian or Ubuntu.")
    stage, package = out / "deb-stage", package_file(out)
    shutil.rmtree(stage, ignore_errors=True)
    _stage_files(bundle, stage)
    _set_modes(stage)
    _stage_control(stage, write_control(folder_bytes(stage)))
    package.parent.mkdir(parents=True, exist_ok=True)
    run(["dpkg-deb", "--root-owner-group", "-Zxz", "--build", stage, package])
    shutil.rmtree(stage)
    print(f"        {package.name} {megabytes(package.stat().st_size)}")


def write_control(installed_bytes: int) -> str:
    """The text of the package's control file."""
    template = string.Template((_SOURCES / "control").read_text(encoding="utf-8"))
    return template.substitute(
        version=__version__,
        architecture=_ARCHITECTURE,
        installed_kib=-(-installed_bytes // 1024),
        depends=", ".join(depends()),
    )


def depends() -> tuple[str, ...]:
    """What has to be on the machine: a C library not older than this one's, and Qt's."""
    _, _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
    if not version:
        raise BuildError("The version of this machine's C library is not known.")
    return tuple(sorted([f"libc6 (>= {version})", *_ALSO_NEEDED, *QT_PACKAGES]))


def _stage_files(bundle: Path, stage: Path) -> None:
    shutil.copytree(bundle, stage / OPT, symlinks=True)
    program = stage / "usr" / "bin" / "nearmiss"
    program.parent.mkdir(parents=True)
    program.symlink_to(Path("/") / OPT / "nearmiss")
    share = stage / "usr" / "share"
    _copy(f"{NAME}.desktop", share / "applications")
    _copy(f"{NAME}.svg", share / "icons" / "hicolor" / "scalable" / "apps")
    papers = share / "doc" / NAME
    papers.mkdir(parents=True)
    (papers / "copyright").write_text(write_notices(bundle), encoding="utf-8")
    with gzip.GzipFile(papers / "changelog.gz", "wb", mtime=0) as changelog:
        changelog.write(_write_changelog().encode())


def _copy(name: str, folder: Path) -> None:
    folder.mkdir(parents=True)
    shutil.copyfile(_SOURCES / name, folder / name)


def _write_changelog() -> str:
    day = datetime.now(UTC).strftime("%a, %d %b %Y 00:00:00 +0000")
    return (
        f"{NAME} ({__version__}) stable; urgency=medium\n\n"
        f"  * Built from version {__version__}.\n\n"
        f" -- LEO Near Miss Desktop <maintainers@leo-near-miss.invalid>  {day}\n"
    )


def _set_modes(stage: Path) -> None:
    """Whoever built it: folders and the program 755, all else 644."""
    stage.chmod(0o755)
    for path in stage.rglob("*"):
        if not path.is_symlink():
            is_open = path.is_dir() or path == stage / OPT / "nearmiss"
            path.chmod(0o755 if is_open else 0o644)


def _stage_control(stage: Path, control: str) -> None:
    sums = [
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  "
        f"{path.relative_to(stage).as_posix()}\n"
        for path in sorted(stage.rglob("*"))
        if path.is_file() and not path.is_symlink()
    ]
    folder = stage / "DEBIAN"
    folder.mkdir()
    folder.chmod(0o755)  # whatever the umask
    for name, text in (("control", control), ("md5sums", "".join(sums))):
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o644)
