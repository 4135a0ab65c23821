"""What the command line does when its output or its memory is in danger."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
_PRINTING = """
import sys
from ui.cli import main
def run(args): print(sys.argv[1]); return 0
class Parser:
    def parse_args(self, words): return type("Args", (), {"run": staticmethod(run)})
main._build_parser = lambda word: Parser()
sys.exit(main.main(["x"]))
"""


def _print(text: str, stdout: int, encoding: str = "utf-8") -> "subprocess.CompletedProcess[bytes]":
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    environment.pop("PYTHONUNBUFFERED", None)
    return subprocess.run(
        [sys.executable, "-c", _PRINTING, text],
        cwd=ROOT,
        env=environment,
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
    )


def test_letters_that_the_terminal_lacks_do_not_end_the_command() -> None:
    done = _print("caf\u00e9 \u2026 seven words", subprocess.PIPE, "ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.rstrip() == rb"caf\xe9 \u2026 seven words"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_output_that_cannot_be_written_is_told_in_a_sentence() -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    try:
        done = _print("seven words", full)
    finally:
        os.close(full)
    assert done.returncode == 1
    assert done.stderr.decode().startswith("nearmiss: The output could not be written.")
    assert len(done.stderr.splitlines()) == 1


def test_a_reader_that_has_gone_is_no_noise() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = _print("seven words", writing)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.skipif(os.name == "nt", reason="no such limit there")
def test_a_crash_leaves_no_copy_of_the_memory() -> None:
    code = (
        "import resource; from ui.cli.main import main\n"
        "try: main(['--version'])\n"
        "except SystemExit: print(resource.getrlimit(resource.RLIMIT_CORE))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "(0, 0)"


def test_telling_the_version_imports_no_command() -> None:
    code = (
        "import sys; from ui.cli.main import main\n"
        "try: main(['--version'])\n"
        "except SystemExit: print(sorted(n for n in sys.modules if n.startswith('ui.cli.')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    version, modules = done.stdout.splitlines()
    assert version.startswith("nearmiss ")
    assert modules == "['ui.cli.main']"
