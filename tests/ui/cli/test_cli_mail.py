"""The seven words are asked for, never echoed, never taken from the command line."""

import getpass
import io
import sys
from pathlib import Path

import pytest

from app.paths import Home
from app.store.receipts import KeptReceipt, Receipts
from app.store.vault import Vault
from sync.desk.mail import CaseLetter
from sync.protocol.connection import Connection
from sync.protocol.letter import News, NewsWord, Question
from tests.ui.cli.conftest import PASSPHRASE
from ui.cli import desk_mail
from ui.cli.letters import letter_to_json
from ui.cli.main import main

TENANT = "a" * 32
CONNECTION = Connection(TENANT, "A", "https://a.example", "https://a.example/f", b"r", bytes(32))
WORDS = "skittle constrict spotter refueling unwelcome qualify flatten"
STEERING = "a\x1b[2J\u202eb\x9b31m\rc"


@pytest.fixture
def home(own_home: Home) -> Home:
    own_home.connection_file.write_bytes(CONNECTION.to_bytes())
    return own_home


class Terminal(io.StringIO):
    """Standard input with a person at it."""

    def isatty(self) -> bool:
        return True


def keep(home: Home, *ids: bytes) -> None:
    with Vault.open(home.vault_folder("first"), PASSPHRASE) as vault:
        for report_id in ids:
            kept = KeptReceipt(report_id, TENANT, "A gate", WORDS, b"t" * 16, bytes(range(96)))
            Receipts(vault).keep(kept)


def test_a_person_is_asked_without_an_echo(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: f" {WORDS.title()} ")
    assert main(["mail"]) == 0
    shown = capsys.readouterr()
    assert "No message is here for it." in shown.out
    assert "skittle" not in (shown.out + shown.err).lower()


@pytest.mark.parametrize("words", [[*WORDS.split()], ["--json", "skittle"]])
def test_words_on_the_command_line_are_refused(
    home: Home, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert main(["mail", *words]) == 1
    shown = capsys.readouterr()
    assert "not taken from the command line" in shown.err
    assert "skittle" not in shown.out + shown.err


def test_kept_words_are_listed_and_destroyed_by_id(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(home, b"\x01" * 16, b"\x02" * 16)
    assert main(["mail", "--kept"]) == 0
    shown = capsys.readouterr().out
    assert "Report 01010101, A gate" in shown
    assert "Report 02020202, A gate" in shown
    assert main(["mail", "--forget", "01"]) == 0
    assert main(["mail", "--forget", "01"]) == 1
    assert main(["mail", "--kept"]) == 0
    assert "01010101" not in capsys.readouterr().out.rpartition("destroyed")[2]


def test_an_answer_for_several_reports_is_asked_about(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(home, b"\x01" * 16, b"\x02" * 16)
    text = tmp_path / "answer.txt"
    text.write_text("Ten steps were between us, and the radio was silent.", "utf-8")
    answer = ["mail", "--kept", "--answer", str(text), "--mask-findings"]
    assert main(answer) == 1
    assert "Which report" in capsys.readouterr().err
    assert main([*answer, "--report", "02"]) == 1
    assert "no such question" in capsys.readouterr().err


def test_an_answer_needs_somebody_who_lets_all_be_masked(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "answer.txt"
    text.write_text("Ten steps.", "utf-8")
    assert main(["mail", "--kept", "--answer", str(text)]) == 1
    assert "--mask-findings" in capsys.readouterr().err


def test_no_letter_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    question = Question(1, "2026-03", f"{STEERING}\nline", bytes(16))
    used = News(2, "2026-03", NewsWord.USED, 7, STEERING)
    desk_mail.print_letters((CaseLetter(question, False, ()), CaseLetter(used, True, ())))
    shown = capsys.readouterr().out
    assert [each for each in shown if not each.isprintable() and each != "\n"] == []
    assert "not published yet" in shown


def test_no_ticket_is_printed() -> None:
    assert "ticket" not in letter_to_json(Question(1, "2026-03", "Why?", bytes(16)))
