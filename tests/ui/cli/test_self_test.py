"""nearmiss self-test: passes on a sound installation, says what is wrong with another."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.errors import SurroundingsError
from app.paths import Home
from sync.scrub import ScrubResult
from ui.cli import self_checks, self_test
from ui.cli.main import main

_ROOT = Path(__file__).resolve().parents[3]


def test_the_self_test_passes_in_a_process_and_leaves_nothing_behind(tmp_path: Path) -> None:
    for name in ("home", "temporary"):
        (tmp_path / name).mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "ui.cli.main", "self-test"],
        cwd=_ROOT,
        check=False,
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "NEARMISS_HOME": str(tmp_path / "home"),
            "TMPDIR": str(tmp_path / "temporary"),
        },
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len([line for line in lines if line.startswith("ok ")]) == len(self_test._CHECKS)
    assert lines[-1].startswith("Everything works: ")
    assert list((tmp_path / "home").iterdir()) == []
    assert list((tmp_path / "temporary").iterdir()) == []


def test_the_first_check_that_fails_ends_it_with_its_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_home: Home) -> None:
        raise self_checks.SelfTestError("The vault is upside down.")

    def never(_home: Home) -> None:
        pytest.fail("a later check ran")

    monkeypatch.setattr(self_test, "_CHECKS", {"vault": fail, "archive": never})
    assert main(["self-test"]) == 1
    shown = capsys.readouterr()
    assert shown.out.startswith("failed    vault")
    assert "The vault is upside down. This installation cannot be relied on." in shown.err


def test_a_missing_packaged_file_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(self_checks, "list_names", lambda _folder: ())
    with pytest.raises(SurroundingsError, match="folder of fonts is incomplete"):
        self_checks.check_packaged_files(Home(tmp_path))


def test_a_scrubber_that_finds_nothing_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Blind:
        def scrub(self, texts: dict[str, str]) -> ScrubResult:
            return ScrubResult(dict.fromkeys(texts, ()), {}, {})

    monkeypatch.setattr(self_checks, "build_scrubber", Blind)
    with pytest.raises(SurroundingsError):
        self_checks.check_scrubber(Home(tmp_path))


def test_the_command_line_does_without_qt() -> None:
    code = "import sys, ui.cli.self_test; raise SystemExit('PySide6' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=_ROOT, check=False)
    assert done.returncode == 0


def test_a_missing_library_of_the_window_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "ui.window_check", None)
    with pytest.raises(SurroundingsError, match="library that the window needs"):
        self_test.check_window(Home(tmp_path))
