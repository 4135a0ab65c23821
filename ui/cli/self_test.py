"""nearmiss self-test: does this installation work? Every part once, in a folder that goes away."""

import argparse
import importlib
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from app.paths import Home
from ui.cli.parts import Commands
from ui.cli.self_checks import (
    SelfTestError,
    check_archive,
    check_packaged_files,
    check_scrubber,
    check_seal,
    check_vault,
)

Check: TypeAlias = Callable[[Home], None]


def check_window(home: Home) -> None:
    """Open the window without a screen and see that it painted.

    Qt is imported only here, by name: the command line does without it. Raises SelfTestError
    if Qt or a library that it loads is missing, and as `ui.window_check` does.
    """
    try:
        window_check = importlib.import_module("ui.window_check")
    except ImportError as error:
        raise SelfTestError("A library that the window needs is missing.") from error
    window_check.check_window(home)


_CHECKS: dict[str, Check] = {
    "packaged files and the form": check_packaged_files,
    "vault: save and read a draft": check_vault,
    "scrubber: mask a sentence": check_scrubber,
    "seal and unseal a report": check_seal,
    "archive: publish, verify, search": check_archive,
    "window: open and paint": check_window,
}


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
    with tempfile.TemporaryDirectory(prefix="nearmiss-") as folder:
        for place, (name, check) in enumerate(_CHECKS.items()):
            run_check(name, check, Home(Path(folder) / str(place)))
    print(f"Everything works: {len(_CHECKS)} checks in {time.monotonic() - began:.1f} s.")
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
