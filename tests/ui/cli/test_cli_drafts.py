"""Several drafts from the command line: copied, thrown away, brought back, carried in a file."""

import json
from pathlib import Path

import pytest

from app.paths import Home
from resources.read import read_bytes
from ui.cli import passphrase
from ui.cli.main import main

TITLE = "local_title"


@pytest.fixture
def draft_id(own_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    answers = json.loads(read_bytes("sample/first_report.json"))["answers"]
    (tmp_path / "answers.json").write_text(json.dumps({**answers, TITLE: "Ladder"}), "utf-8")
    assert main(["report", "new", "--answers", str(tmp_path / "answers.json"), "--json"]) == 0
    return str(json.loads(capsys.readouterr().out)["id"])


def listed(capsys: pytest.CaptureFixture[str], action: str = "list") -> dict[str, str]:
    capsys.readouterr()
    assert main(["report", action, "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return {each["id"]: each["title"] for each in lines}


def test_a_draft_is_copied(draft_id: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "duplicate", draft_id]) == 0
    assert sorted(listed(capsys).values()) == ["Copy of Ladder", "Ladder"]


def test_a_draft_is_thrown_away_and_brought_back(
    draft_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "discard", draft_id]) == 0
    assert f"nearmiss report undo {draft_id}" in capsys.readouterr().out
    assert listed(capsys) == {}
    assert listed(capsys, "discarded") == {draft_id: "Ladder"}
    assert main(["report", "discarded"]) == 0
    assert "gone on" in capsys.readouterr().out
    assert main(["report", "undo", draft_id]) == 0
    assert listed(capsys) == {draft_id: "Ladder"}
    assert main(["report", "undo", draft_id]) == 1
    assert main(["report", "delete", draft_id]) == 0
    assert main(["report", "discarded"]) == 0
    assert "No draft was thrown away" in capsys.readouterr().out


def test_a_draft_goes_into_a_file_and_comes_back(
    draft_id: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words, file = tmp_path / "words", tmp_path / "carried.nmdraft"
    words.write_text("words of the file", "utf-8")
    monkeypatch.setenv(passphrase.FILE_ENVIRONMENT, str(words))
    assert main(["report", "export", draft_id, str(file)]) == 0
    assert b"Ladder" not in file.read_bytes()
    assert main(["report", "delete", draft_id]) == 0
    assert main(["report", "import", str(file)]) == 0
    assert list(listed(capsys).values()) == ["Ladder"]
    words.write_text("other words", "utf-8")
    assert main(["report", "import", str(file)]) == 1
    assert "not the right one" in capsys.readouterr().err
    file.write_bytes(file.read_bytes()[:-1])
    words.write_text("words of the file", "utf-8")
    assert main(["report", "import", str(file)]) == 1
    assert "is damaged" in capsys.readouterr().err
    assert len(listed(capsys)) == 1


def test_a_file_that_is_there_is_not_written_over(
    draft_id: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "words").write_text("words of the file", "utf-8")
    (tmp_path / "mine").write_text("something else", "utf-8")
    monkeypatch.setenv(passphrase.FILE_ENVIRONMENT, str(tmp_path / "words"))
    assert main(["report", "export", draft_id, str(tmp_path / "mine")]) == 1
    assert "There is a file of this name" in capsys.readouterr().err
    assert (tmp_path / "mine").read_text("utf-8") == "something else"
