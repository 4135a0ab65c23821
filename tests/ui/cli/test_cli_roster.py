"""`nearmiss roster`, and what the other commands do with the kept list."""

import json
from pathlib import Path

import pytest

from app.paths import Home
from resources.read import read_bytes
from ui.cli.main import main


@pytest.fixture
def listed(tmp_path: Path) -> str:
    file = tmp_path / "names.txt"
    file.write_text("Zorblat, Quenby;7719\nKwame Ozmar\n")
    return str(file)


def test_it_is_set_shown_and_removed(
    own_home: Home, listed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["roster", "show"]) == 0
    assert main(["roster", "set", listed]) == 0
    assert main(["roster", "show", "--json"]) == 0
    assert main(["roster", "remove"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "No list of names is kept.",
        "2 names are known.",
        '{"people": 2}',
        "No list of names is kept.",
    ]
    assert not own_home.roster_file.exists()


def test_a_broken_list_is_refused_and_nothing_kept(
    own_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad").write_bytes(b"\xff")
    assert main(["roster", "set", str(tmp_path / "bad")]) == 1
    assert "not written in UTF-8" in capsys.readouterr().err
    assert not own_home.roster_file.exists()


def test_scrub_takes_a_list(
    own_home: Home, listed: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text").write_text("then zorblat fell")
    assert main(["scrub", str(tmp_path / "text"), "--roster", listed]) == 0
    assert capsys.readouterr().out == "then [NAME-1] fell"


def test_the_kept_list_is_used_for_a_report(
    own_home: Home, listed: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = json.loads(read_bytes("sample/first_report.json"))["answers"]
    raw["what_happened"] += " Then 7719 fell over zorblat."
    (tmp_path / "answers").write_text(json.dumps(raw))
    assert main(["roster", "set", listed]) == 0
    assert main(["report", "new", "--answers", str(tmp_path / "answers"), "--json"]) == 0
    draft = str(json.loads(capsys.readouterr().out.splitlines()[-1])["id"])
    assert main(["report", "scrub", draft, "--json"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    by_list = {each["text"] for each in found if each["source"] == "known"}
    assert {"7719", "zorblat"} <= by_list
