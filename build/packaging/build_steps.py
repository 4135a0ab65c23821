"""What the steps of building have in common: where they write, how they run and report."""

import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "out"


class BuildError(Exception):
    """What stands in the way, as a sentence that says what to do."""


@contextmanager
def timed(title: str) -> Iterator[None]:
    """Print the title when it is done, or has failed, with the time it took."""
    began = time.monotonic()
    outcome = "failed"
    try:
        yield
        outcome = "ok"
    finally:
        print(f"{outcome:<7} {title:<48} {time.monotonic() - began:7.1f} s", flush=True)


def run(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> str:
    """Run a command in the project's folder and return what it printed.

    environment: in place of this process's own. Raises BuildError with the end of its output.
    """
    done = subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment,
    )
    if done.returncode:
        shown = " ".join(str(word) for word in command)[:200]
        raise BuildError(f"{shown} ended with {done.returncode}:\n{done.stdout[-3000:]}")
    return done.stdout


def folder_bytes(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(
        path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    )


def megabytes(count: int) -> str:
    """A size for the eye."""
    return f"{count / 1_000_000:.1f} MB"
