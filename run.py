"""Set up, then run: `./run` shows the program, `./run test` tests it, `./run setup` prepares.

Standard library only, since it runs before anything is installed. It makes `.venv` from the
hashed requirements files and, on Debian and Ubuntu, installs the system packages that are
missing, or prints the one line that does.
"""

import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
IS_WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if IS_WINDOWS else "bin/python")
REQUIREMENTS = ROOT / "build" / "requirements" / "dev.txt"
STAMP = VENV / "set-up-from"
LOWEST_PYTHON = (3, 11)
# What Qt opens at run time; those from libxcb-cursor0 on only for a window.
QT_PACKAGES = (
    "libegl1",
    "libgl1",
    "libxkbcommon0",
    "libdbus-1-3",
    "libfontconfig1",
    "libglib2.0-0",
    "libgssapi-krb5-2",
    "libxcb-cursor0",
    "libxkbcommon-x11-0",
    "libxcb-icccm4",
    "libxcb-keysyms1",
    "libxcb-shape0",
)
USAGE = """usage: ./run [COMMAND | PROGRAM-COMMAND...]

  ./run               set up, then the demonstration
  ./run test          set up, then the whole test suite
  ./run setup         set up only
  ./run check         ruff, mypy, import-linter
  ./run bench NAME    print measured figures: corpus, typing, start, form, scrub, service
  ./run torture NAME  break connections, kill processes, cut the power, then count: sync or client
  ./run game          try to tell whose report is whose, as issuer and intake together would
  ./run fuzz          fuzz every parser, e.g. --seconds 600 --parser body
  ./run package-test  make the Debian package, use it on a clean Debian (as root)
  ./run ARGS          set up, then nearmiss ARGS"""


class SetUpError(Exception):
    """What stands in the way, as a sentence that says what to do."""


def main(arguments: list[str]) -> int:
    """Do what the words ask; returns the exit code."""
    if arguments[:1] in (["-h"], ["--help"]):
        print(USAGE)
        return 0
    try:
        set_up()
    except SetUpError as error:
        print(f"run: {error}", file=sys.stderr)
        return 1
    match arguments:
        case ["setup"]:
            code = 0
        case ["test", *options]:
            code = call("-m", "pytest", *(options or ["-q", "-n", "auto", "--dist", "loadfile"]))
        case ["check"]:
            code = check()
        case ["bench", name, *options]:
            code = call("-m", f"tests.bench.{name}", *options)
        case ["torture", name, *options]:
            code = call("-m", f"tests.torture.{name}", *options)
        case ["game", *options]:
            code = call("-m", "tests.unlinkability.game", *options)
        case ["fuzz", *options]:
            code = call("-m", "tests.fuzz.run", *options)
        case ["package-test"]:
            code = call("build/make.py", "bundle", "deb", "package-test")
        case _:
            code = run_program(*(arguments or ["demo"]))
    return code


def check() -> int:
    """The checks that read the code without running it; the first failure ends them."""
    for command in (
        ["-m", "ruff", "check", "."],
        ["-m", "ruff", "format", "--check", "."],
        ["-m", "mypy"],
        ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
    ):
        code = call(*command)
        if code:
            return code
    return 0


def call(*arguments: str) -> int:
    """Run the environment's Python in the project's folder."""
    return subprocess.run([str(PYTHON), *arguments], cwd=ROOT, check=False).returncode


def run_program(*arguments: str) -> int:
    """Run the program in the person's own folder, where the file names they type lie."""
    program = PYTHON.with_name("nearmiss.exe" if IS_WINDOWS else "nearmiss")
    return subprocess.run([str(program), *arguments], check=False).returncode


def set_up() -> None:
    """Make `.venv` anew unless it was made from these very requirements."""
    if sys.version_info < LOWEST_PYTHON:
        raise SetUpError(
            f"Python 3.11 or later is needed; this is {platform.python_version()}. "
            "Install a newer one and start ./run with it: python3.11 run.py"
        )
    wanted = hashlib.sha256(
        REQUIREMENTS.read_bytes() + (ROOT / "pyproject.toml").read_bytes() + sys.version.encode()
    ).hexdigest()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text() == wanted:
        return
    install_system_packages()
    print("Setting up .venv; this takes a minute the first time.", file=sys.stderr)
    if VENV.exists():
        shutil.rmtree(VENV)
    run_or_stop([sys.executable, "-m", "venv", str(VENV)], "The environment could not be made.")
    pip = [str(PYTHON), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    offline = "Look at the lines above; without a network pip needs a folder of wheels."
    run_or_stop([*pip, "--require-hashes", "-r", str(REQUIREMENTS)], offline)
    run_or_stop([*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)], offline)
    STAMP.write_text(wanted)
    print("Ready.", file=sys.stderr)


def install_system_packages() -> None:
    """Install what Debian leaves out of its Python and what Qt needs, if allowed.

    Raises SetUpError with the line to type, if the environment cannot be made without it.
    Without the libraries of Qt only the window is missing, so that is a warning.
    """
    missing = [] if importlib.util.find_spec("ensurepip") else ["python3-venv"]
    if sys.platform == "linux" and shutil.which("dpkg-query"):
        missing += [name for name in QT_PACKAGES if not is_installed(name)]
    if not missing:
        return
    if not shutil.which("apt-get"):
        raise SetUpError("This Python comes without 'venv'. Install it, then start ./run again.")
    line = f"apt-get install -y --no-install-recommends {' '.join(missing)}"
    prefix = root_prefix()
    if prefix is not None:
        print(f"Installing {len(missing)} system packages.", file=sys.stderr)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-qq"], line.split()):
            subprocess.run(
                [*prefix, *command], check=False, env=environment, stdout=subprocess.DEVNULL
            )
    needed = f"Some system packages are missing. Type this line, then ./run again:\n  sudo {line}"
    probe = [sys.executable, "-c", "import ensurepip"]
    if subprocess.run(probe, check=False, capture_output=True).returncode:
        raise SetUpError(needed)
    if prefix is None:
        print(f"run: {needed}", file=sys.stderr)


def is_installed(package: str) -> bool:
    """Whether Debian's package is there."""
    query = ["dpkg-query", "--show", "--showformat=${Status}", package]
    found = subprocess.run(query, check=False, capture_output=True, text=True)
    return found.stdout == "install ok installed"


def root_prefix() -> list[str] | None:
    """What goes before a command to run it as root: nothing, sudo, or None if neither works."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if (
        sudo
        and subprocess.run([sudo, "-n", "true"], check=False, capture_output=True).returncode == 0
    ):
        return [sudo, "-n"]
    return None


def run_or_stop(command: list[str], hint: str) -> None:
    """Run a step of the set-up. Raises SetUpError if it fails."""
    with tempfile.TemporaryFile() as nothing:
        done = subprocess.run(command, cwd=ROOT, stdin=nothing, check=False)
    if done.returncode:
        raise SetUpError(f"A step of the set-up failed: {' '.join(command[:4])} ... {hint}")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
