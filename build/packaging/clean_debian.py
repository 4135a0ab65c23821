"""Install the package on a clean Debian 12, use it as an ordinary person, remove it.

The clean Debian is a folder made by debootstrap; commands run in it with mounts and processes
of their own, which vanish with the command, so that nothing stays mounted.
"""

import os
import shutil
import subprocess
import time
from pathlib import Path

from app.version import __version__
from build_steps import OUT, BuildError, run, timed
from debian_package import NAME, OPT, package_file
from screen_picture import count_colours, write_png

_SUITE = "bookworm"
_CLEAN = OUT / "package-test"
_PICTURE = OUT / "package-test.png"
_HOME = Path("home/officer")
_DATA = _HOME / ".local/share" / NAME
_SCREEN = Path("tmp/screen")
_LINE = "Officer Dana Whitlock called (314) 555-0142 from 1418 Harlow Avenue."
_WINDOW_S = 30
# Own mounts (/proc, /dev) and own processes; $0 is the clean Debian, the rest is the command.
_ENTER = 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" "$@"'


def run_package_test() -> None:
    """All steps, each printed with its time. Raises BuildError at the first that fails."""
    _check_means()
    with timed("a clean Debian 12"):
        _make_clean_debian()
    with timed("apt installs the package and what it depends on"):
        shutil.copy(package_file(), _CLEAN / "root")
        _as_root("apt-get", "install", "-y", "--no-install-recommends", f"/root/{_name()}")
        _as_root("useradd", "--create-home", _HOME.name)
    with timed("every library is found"):
        _check_libraries()
    with timed("nearmiss --version"):
        _expect(f"nearmiss {__version__}\n", _as_officer("nearmiss", "--version"))
    with timed("nearmiss self-test"):
        print("  " + _as_officer("nearmiss", "self-test").strip().replace("\n", "\n  "))
    with timed("nearmiss scrub"):
        _check_scrub()
    with timed("a vault is made"):
        _make_vault()
    with timed(f"the window on a screen, in {_PICTURE.name}"):
        _take_picture()
    with timed("as root too, which may write into the program's folder"):
        _as_root("nearmiss", "self-test")
    with timed("apt removes it; the person's data stays"):
        before = _list_data()
        _as_root("apt-get", "purge", "-y", NAME)
        _check_removed(before)
    shutil.rmtree(_CLEAN)


def _check_means() -> None:
    if os.geteuid() != 0:
        raise BuildError("A clean Debian can be made by root only. Type: sudo ./run package-test")
    if shutil.which("debootstrap") is None:
        line = "apt-get install -y --no-install-recommends debootstrap"
        if shutil.which("apt-get") is None:
            raise BuildError("debootstrap is missing. Install it, then try again.")
        run(line.split(), {**os.environ, "DEBIAN_FRONTEND": "noninteractive"})


def _make_clean_debian() -> None:
    shutil.rmtree(_CLEAN, ignore_errors=True)
    _CLEAN.mkdir(parents=True)
    _CLEAN.chmod(0o755)
    # In mounts of its own: should it break off, what it mounted does not stay.
    run(["unshare", "--mount", "debootstrap", "--variant=minbase", _SUITE, _CLEAN])
    shutil.copy("/etc/resolv.conf", _CLEAN / "etc")
    shutil.copy("/etc/hosts", _CLEAN / "etc")
    # This machine's way to the packages, such as a proxy; its other settings stay here.
    (_CLEAN / "etc/apt/apt.conf.d/90network").write_text(run(["apt-config", "dump", "Acquire"]))
    _as_root("apt-get", "update", "-q")


def _check_libraries() -> None:
    """Also those that only a window loads, before a screen brings libraries with it."""
    folder = f"/{OPT}/_internal"
    linked = _as_officer(
        "sh", "-c", f"export LD_LIBRARY_PATH={folder}; find {folder} -name '*.so*' | xargs ldd"
    )
    missing = {line.split()[0] for line in linked.splitlines() if "not found" in line}
    if missing:
        raise BuildError(f"The package's Depends lack what brings: {' '.join(sorted(missing))}")


def _check_scrub() -> None:
    (_CLEAN / _HOME / "line.txt").write_text(_LINE)
    scrubbed = _as_officer("nearmiss", "scrub", f"/{_HOME}/line.txt")
    print(f"  {scrubbed.strip()}")
    if "Whitlock" in scrubbed or "555" in scrubbed or "Harlow" in scrubbed:
        raise BuildError("The installed program did not mask what it should.")


def _make_vault() -> None:
    (_CLEAN / _HOME / "passphrase").write_text("four words in a row\n")
    for action in ("create", "check"):
        _as_officer(
            *("env", f"NEARMISS_PASSPHRASE_FILE=/{_HOME}/passphrase", "nearmiss", "vault", action)
        )
    if not _list_data():
        raise BuildError(f"The vault does not lie in {_DATA}.")


def _take_picture() -> None:
    """Start the program on a screen that is a file, wait until it shows something, copy it."""
    _as_root("apt-get", "install", "-y", "--no-install-recommends", "xvfb")
    screen = _CLEAN / _SCREEN
    for folder in (screen, _CLEAN / "tmp/.X11-unix"):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o1777)
    start = (
        f"Xvfb :7 -screen 0 1366x768x24 -nolisten tcp -fbdir /{_SCREEN} & sleep 2; "
        "DISPLAY=:7 nearmiss"
    )
    command = _enter("runuser", "-u", _HOME.name, "--", "sh", "-c", start)
    showing = subprocess.Popen(command, env=_environment(f"/{_HOME}"), stdin=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + _WINDOW_S
        picture = screen / "Xvfb_screen0"
        while not picture.exists() or count_colours(picture) < 8:
            if time.monotonic() > deadline or showing.poll() is not None:
                raise BuildError("The window did not come up on the screen.")
            time.sleep(0.5)
        time.sleep(2)
        write_png(picture, _PICTURE)
    finally:
        showing.kill()
        showing.wait(30)


def _check_removed(before: list[str]) -> None:
    for place in (OPT, Path("usr/bin/nearmiss"), Path(f"usr/share/applications/{NAME}.desktop")):
        if os.path.lexists(_CLEAN / place):
            raise BuildError(f"After the removal /{place} is still there.")
    if _list_data() != before:
        raise BuildError("The removal touched the person's data.")


def _list_data() -> list[str]:
    return sorted(str(path) for path in (_CLEAN / _DATA).rglob("*") if path.is_file())


def _expect(wanted: str, found: str) -> None:
    if found != wanted:
        raise BuildError(f"Expected {wanted!r}, found {found!r}.")


def _name() -> str:
    return package_file().name


def _as_officer(*command: str) -> str:
    return run(_enter("runuser", "-u", _HOME.name, "--", *command), _environment(f"/{_HOME}"))


def _as_root(*command: str) -> str:
    return run(_enter(*command), _environment("/root"))


def _enter(*command: str) -> list[str]:
    own = ("unshare", "--mount", "--pid", "--fork", "--kill-child")
    return [*own, "sh", "-c", _ENTER, str(_CLEAN), *command]


def _environment(home: str) -> dict[str, str]:
    """Nothing of this machine's environment."""
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    return {"PATH": path, "HOME": home, "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
