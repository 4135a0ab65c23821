"""How values are written on the desk's command line."""

from argparse import ArgumentTypeError

import pytest

from app.errors import InputError
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
