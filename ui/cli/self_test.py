"""nearmiss self-test: does this installation work? Every part once, in a folder that goes away."""

import argparse
import importlib
import importlib.util
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from app.paths import Home
from ui.cli.parts import Commands
from ui.cli.self_checks import (
    check_archive,
    check_packaged_files,
    check_scrubber,
    check_seal,
    check_vault,
)

Check: TypeAlias = Callable[[Home], None]

_CHECKS: dict[str, Check] = {
    "packaged files and the form": check_packaged_files,
    "vault: save and read a draft": check_vault,
    "scrubber: mask a sentence": check_scrubber,
    "seal and unseal a report": check_seal,
    "archive: publish, verify, search": check_archive,
}
_WINDOW = "window: open and paint"


def add_parser(commands: Commands) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "self-test",
        help="check that this installation works",
        description="Uses every part once, in a temporary folder. Your own data is not touched.",
    )
    parser.set_defaults(run=_run)


def _run(_args: argparse.Namespace) -> int:
    began = time.monotonic()
    checks = {**_CHECKS, _WINDOW: check_window} if has_window() else _CHECKS
    with tempfile.TemporaryDirectory(prefix="nearmiss-") as folder:
        for place, (name, check) in enumerate(checks.items()):
            run_check(name, check, Home(Path(folder) / str(place)))
    if not has_window():
        print(f"left out  {_WINDOW} (this installation has no window)")
    print(f"Everything works: {len(checks)} checks in {time.monotonic() - began:.1f} s.")
    return 0


def run_check(name: str, check: Check, home: Home) -> None:
    """Run one check and print what became of it, with its time. Lets its exception pass."""
    began = time.monotonic()
    outcome = "failed"
    try:
        check(home)
        outcome = "ok"
    finally:
        print(f"{outcome:<9} {name:<36} {time.monotonic() - began:6.2f} s", flush=True)


def has_window() -> bool:
    """Whether the window is part of this installation."""
    return importlib.util.find_spec("ui.main") is not None


def check_window(home: Home) -> None:
    """Open the window without a screen and see that it painted.

    Qt is imported only here, by name: the command line does without it.
    """
    importlib.import_module("ui.window_check").check_window(home)
