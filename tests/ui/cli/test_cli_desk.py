"""How values are written on the desk's command line, and how texts are shown there."""

import sys
from argparse import ArgumentTypeError

import pytest

from app.domain.archive import ArchiveNumber, Record
from app.domain.case import CaseId, CaseState
from app.errors import InputError
from app.use_cases.review_case import Case
from sync.desk.cosign import Proposal
from ui.cli import desk, desk_release
from ui.cli.archive import _count, _read_condition
from ui.cli.desk import _read_value, _split
from ui.cli.parts import read_form


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("fyi", "fyi"),
        ("a,b", ["a", "b"]),
        ("special:unknown", {"special": "unknown"}),
        ("", ""),
    ],
)
def test_value_of_a_code(written: str, value: object) -> None:
    assert _read_value(written) == value


def test_pair_is_split_at_its_first_sign() -> None:
    assert _split("synopsis=a=b") == ("synopsis", "a=b")
    with pytest.raises(InputError, match="FIELD=VALUE"):
        _split("synopsis")


@pytest.mark.parametrize(
    "text", ["", "0", "-1", "1.0", "1e3", "x", "\u0663", "9" * 30, "9007199254740992"]
)
def test_number_that_is_none(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="number above 0"):
        _count(text)


def test_number() -> None:
    assert [_count("1"), _count("007"), _count("9007199254740991")] == [1, 7, 2**53 - 1]


def test_condition_names_a_field_of_the_form() -> None:
    form, _labels = read_form()
    assert _read_condition(form, "light=special:unknown") == ("light", "special:unknown")
    with pytest.raises(InputError, match='no field "lihgt"'):
        _read_condition(form, "lihgt=1")


STEERING = "a\x1b[2J\u202eb\x9b31m\rc"


def _proposal(title: str) -> Proposal:
    texts = {"what_happened": f"First.\n{STEERING}", "title": title}
    record = Record(ArchiveNumber(7), 1, "near-miss", {"light": "1"}, texts, ("invented",))
    return Proposal(2, "2026-03-01", 1, 1, (record,), (9,), has_new_base=False, digest="")


def _unprintable(text: str) -> list[str]:
    return [each for each in text if not each.isprintable() and each != "\n"]


@pytest.mark.parametrize("is_whole", [False, True])
def test_no_text_steers_the_terminal_of_the_second_reader(
    capsys: pytest.CaptureFixture[str], is_whole: bool
) -> None:
    desk_release._describe(_proposal(f"{STEERING}\nSigned."), sys.stdout, is_whole=is_whole)
    shown = capsys.readouterr().out
    assert _unprintable(shown) == []
    assert "\nSigned." not in shown


def test_the_second_reader_can_see_all_that_is_signed(capsys: pytest.CaptureFixture[str]) -> None:
    desk_release._describe(_proposal("A gate"), sys.stdout, is_whole=True)
    shown = capsys.readouterr().out
    for part in ("Number 7", "invented", "A gate", "First.", "light: 1", "number 9"):
        assert part in shown


def test_no_text_of_a_case_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    sent = {"texts": {"title": STEERING}, "codes": {STEERING: "1"}}
    case = Case(CaseId("1"), bytes(16), "2026-03", CaseState.CODED, sent, {}, {"lessons": STEERING})
    desk._describe(case)
    assert _unprintable(capsys.readouterr().out) == []
