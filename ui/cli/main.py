"""The command line: one word chooses a module, which does the rest; no word opens the window.

Exit codes: 0 done, 1 something that the person can mend or that failed, 2 wrong usage.
"""

import argparse
import importlib
import io
import logging
import os
import sys
from collections.abc import Sequence

from app.errors import SurroundingsError, UserError
from app.no_dumps import limit_dumps, refuse_dumps
from app.progress import Cancelled
from app.version import __version__
from ui.defect import describe_defect

# Only the module of the chosen word is imported: starting stays quick.
_MODULES = {
    "demo": "ui.cli.demo",
    "scrub": "ui.cli.scrub",
    "roster": "ui.cli.roster",
    "vault": "ui.cli.vault",
    "report": "ui.cli.report",
    "destroy": "ui.cli.destroy",
    "outbox": "ui.cli.outbox",
    "sync": "ui.cli.outbox",
    "withdraw": "ui.cli.withdraw",
    "network": "ui.cli.network",
    "carry": "ui.cli.carry",
    "mail": "ui.cli.mail",
    "enrol": "ui.cli.enrol",
    "connect": "ui.cli.archive",
    "archive": "ui.cli.archive",
    "desk": "ui.cli.desk",
    "self-test": "ui.cli.self_test",
}
_VERSION = "--version"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code. Wrong usage ends with SystemExit(2)."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    os.umask(0o077)
    limit_dumps()
    _accept_any_letter()
    # Without a handler Python prints warnings of libraries, which can hold addresses and paths.
    logging.getLogger().addHandler(logging.NullHandler())
    try:
        if not words:
            return int(importlib.import_module("ui.main").main())
        args = _build_parser(words[0] if words else "").parse_args(words)
        refuse_dumps()
        code = int(args.run(args))
        _flush_output()
        return code
    except UserError as error:
        print(f"nearmiss: {error.sentence()}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, Cancelled):
        print("nearmiss: stopped.", file=sys.stderr)
        return 1
    except BrokenPipeError:
        _drop_output()
        return 1
    except Exception as error:  # noqa: BLE001  (the top: a defect becomes a code)
        print(f"nearmiss: {describe_defect(error)}", file=sys.stderr)
        return 1


def _accept_any_letter() -> None:
    """Letters that the terminal's encoding lacks are printed as codes, and never end a command
    in the middle, such as before the words of a receipt.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _flush_output() -> None:
    """Here, where a failure can still be told. Raises SurroundingsError, BrokenPipeError."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError:
        _drop_output()
        raise SurroundingsError(
            "The output could not be written.", "What the command was to do is done."
        ) from None


def _drop_output() -> None:
    """Nobody can take what is left of it; writing it again at exit would complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _build_parser(word: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nearmiss",
        description="Anonymous near-miss reports for law enforcement, offline first.",
        epilog="NEARMISS_HOME moves all data. A passphrase is asked for, or read from the file "
        "that NEARMISS_PASSPHRASE_FILE names.",
    )
    parser.add_argument(_VERSION, action="version", version=f"nearmiss {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    wanted = [_MODULES[word]] if word in _MODULES else dict.fromkeys(_MODULES.values())
    if word == _VERSION:
        wanted = []
    for module in wanted:
        importlib.import_module(module).add_parser(commands)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
