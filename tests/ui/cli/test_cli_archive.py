"""A published text is shown as plain text, and a code of another form is no obstacle."""

import pytest

from app.domain.archive import ArchiveNumber, Record
from app.domain.form_file import load_form
from resources.read import read_form_files
from ui.cli.archive import _print_record
from ui.cli.parts import print_json, show_plainly

STEERING = "\x1b]0;title\x07 \x9b2J \r over \u202e drawkcab \x7f"


def _record(**codes: object) -> Record:
    texts = {"title": f"A{STEERING}", "what_happened": f"one\ntwo\t{STEERING}", f"x{STEERING}": "y"}
    return Record(ArchiveNumber(1), 1, f"shelf{STEERING}", codes, texts, (STEERING,))  # type: ignore[arg-type]


def test_nothing_in_a_record_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    _print_record(*load_form(*read_form_files()), _record())
    printed = capsys.readouterr().out
    assert not set(STEERING) & set(printed) - set(" ]0;title2Jovrdawkcb")
    assert "  one\n  two\t" in printed


@pytest.mark.parametrize(
    "value", ["no_such_code", ["2", "no_such_code"], ["2", "1"], {"special": "odd\x1b"}, 7]
)
def test_a_code_that_this_form_does_not_know_is_shown_as_it_stands(
    capsys: pytest.CaptureFixture[str], value: object
) -> None:
    _print_record(*load_form(*read_form_files()), _record(weather=value, alert="none"))
    printed = capsys.readouterr().out
    assert "\x1b" not in printed
    assert "alert" in printed.lower()


def test_json_is_plain_ascii(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"text": STEERING + "\u00e9"})
    line = capsys.readouterr().out
    assert line.isascii()
    assert all(each.isprintable() for each in line.rstrip("\n").replace("\x7f", ""))


def test_line_breaks_and_tabs_stay() -> None:
    assert show_plainly("a\n\tb \u00e9\u2026") == "a\n\tb \u00e9\u2026"
