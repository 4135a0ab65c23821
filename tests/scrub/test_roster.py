"""A list of names is read as people write such lists, and refused in words."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InputError
from sync.scrub import read_roster
from sync.scrub.roster import LONGEST_LINE, MOST_BYTES, MOST_LINES


def surnames(text: str) -> dict[tuple[str, ...], set[str]]:
    roster = read_roster(text.encode())
    return {
        surname: set(given_names)
        for found in roster.surnames.values()
        for surname, given_names in found
    }


@pytest.mark.parametrize(
    ("line", "surname", "given_names"),
    [
        ("Wrenfield, Dale R", ("wrenfield",), {"dale", "d", "r"}),
        ("Dale Wrenfield", ("wrenfield",), {"dale", "d"}),
        ("Wrenfield,Dale,4417,3A12", ("wrenfield",), {"dale", "d"}),
        ('"Wrenfield, Dale";4417', ("wrenfield",), {"dale", "d"}),
        ("Wrenfield, Dale Jr.", ("wrenfield",), {"dale", "d"}),
        ("Dale Wrenfield 4417", ("wrenfield",), {"dale", "d"}),
        ("Maria de la Cruz", ("de", "la", "cruz"), {"maria", "m"}),
        ("Ng, Li", ("ng",), {"li", "l"}),
        ("Sean O\u2019Brien", ("obrien",), {"sean", "s"}),
        ("Mu\u00f1oz-Ruiz, Ana", ("munoz", "ruiz"), {"ana", "a"}),
        ("Wrenfield", ("wrenfield",), set()),
    ],
)
def test_both_orders_and_what_lists_have_are_read(
    line: str, surname: tuple[str, ...], given_names: set[str]
) -> None:
    assert surnames(line) == {surname: given_names}


def test_numbers_of_three_digits_and_more_are_kept_and_blank_lines_skipped() -> None:
    raw = b"\xef\xbb\xbf# night shift\n\nWrenfield, Dale\t4417\t3A-12\tPatrol\r\nLi Ng;17;911A\n"
    roster = read_roster(raw)
    assert roster.people == 2
    assert set(roster.numbers) == {"4417", "3a", "911a"}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "There is no name"),
        (b"# nobody\n\n", "There is no name"),
        (b"Dale\xff Wrenfield", r"not written in UTF-8 \(byte 4\)"),
        ("Dale Wrenfield".encode("utf-16"), "not written in UTF-8"),
        (b"A B\n" + b"x" * (LONGEST_LINE + 1), "Line 2 of the list is longer"),
        (b"A B\n" * (MOST_LINES + 1), "more than 20,000 lines"),
        (b"x" * (MOST_BYTES + 1), "larger than 4 megabytes"),
        (b"Dale Wrenfield\n4417;3A12\n", "Line 2 of the list has no name"),
        (b", Dale\n", "Line 1 of the list has no name"),
        (b"\x00\x01\x02", "Line 1 of the list has no name"),
    ],
)
def test_a_broken_list_is_refused_in_words(raw: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_roster(raw)


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode())))
def test_any_bytes_are_a_list_or_are_refused(raw: bytes) -> None:
    people = 1
    with contextlib.suppress(InputError):
        people = read_roster(raw).people
    assert people > 0
