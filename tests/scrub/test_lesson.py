"""What a replacement tells beyond its kind: only what the text says, only from a closed list."""

import re
import time
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.report import Kind
from sync.scrub.lesson import tell_lesson
from sync.scrub.lesson_words import CHAINS, DETAILS, HOLIDAYS, cut_phrase
from sync.scrub.word_sets import make_set

KINDS = st.sampled_from(list(Kind))
LIKELY = sorted(
    make_set(
        "0230 hrs 10:40 p.m. half past two in the morning noon March 3, 2023 3/14/24 Tuesday Eve"
        " Christmas St School Park Oak and & / 1400 block I-95 mile marker exit Walgreens County"
        " Sheriff's Office PD FD US winter Kowalczyk \u0661\u0662 \u2019"
    )
)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("0215 hrs", "night"),
        ("2200", "night"),
        ("0459", "night"),
        ("0500", "early morning"),
        ("07:59", "early morning"),
        ("0800 hours", "morning"),
        ("11:59 a.m.", "morning"),
        ("1200", "afternoon"),
        ("12:30 PM", "afternoon"),
        ("12:30 AM", "night"),
        ("4:59pm", "afternoon"),
        ("1700", "evening"),
        ("2159", "evening"),
        ("19:04:11", "evening"),
        ("10:15:20", "morning"),
        ("10:15 hrs", "morning"),
        ("2400", "night"),
        ("0200 to 0300", "night"),
        ("1130pm", "night"),
        ("noon", "afternoon"),
        ("midnight", "night"),
        ("Ten past midnight", "night"),
        ("quarter to noon", "morning"),
        ("quarter to midnight", "night"),
        ("half past two in the morning", "night"),
        ("quarter to five in the morning", "night"),
        ("630 in the morning", "early morning"),
        ("nine this morning", "morning"),
        ("three o'clock in the afternoon", "afternoon"),
        ("ten forty at night", "night"),
        ("six p.m.", "evening"),
        ("fifteen hundred", "afternoon"),
        ("eighteen twenty hours", "evening"),
        ("twenty two ten hours", "night"),
        ("twenty three hundred hours", "night"),
        ("zero five thirty", "early morning"),
        ("zero dark thirty", "night"),
        # What could be either half of the day, or another place's clock, tells nothing.
        ("10:20", ""),
        ("half past seven", ""),
        ("eight o'clock", ""),
        ("eleven thirty", ""),
        ("1655Z", ""),
        ("seven", ""),
    ],
)
def test_a_time_tells_its_part_of_the_day(text: str, part: str) -> None:
    assert tell_lesson(Kind.TIME, text) == part
    assert tell_lesson(Kind.TIME, text.upper()) == part


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("December 1st", "winter"),
        ("Feb. 11, 2017", "winter"),
        ("Febuary 3rd", "winter"),
        ("03/01/2023", "spring"),
        ("May", "spring"),
        ("14JUN21", "summer"),
        ("28/07/2022", "summer"),
        ("2018-08-30", "summer"),
        ("20180830", "summer"),
        ("fourteenth of August", "summer"),
        ("051823", "spring"),
        ("Saturday, September 9, 2023", "autumn"),
        ("4-Nov", "autumn"),
        ("fall of 2019", "autumn"),
        ("Tuesday", "a weekday"),
        ("Weds", "a weekday"),
        ("Wednesday, the 18th", "a weekday"),
        ("last Sunday", "a weekend day"),
        ("Christmas Eve", "a holiday"),
        ("New Year\u2019s Day", "a holiday"),
        ("the fourth of July", "a holiday"),
        ("Labor Day weekend", "a holiday"),
        ("2019", ""),
        ("the 21st", ""),
        ("99/99/99", ""),
    ],
)
def test_a_date_tells_its_season_or_what_day_it_was(text: str, detail: str) -> None:
    assert tell_lesson(Kind.DATE, text) == detail


@pytest.mark.parametrize("before", ["DOB ", "D.O.B.: ", "date of birth is ", "was born on "])
def test_a_birthday_tells_nothing(before: str) -> None:
    assert tell_lesson(Kind.DATE, "3/22/1961", f"The driver ({before}") == ""
    assert tell_lesson(Kind.DATE, "3/22/1961", f"{before}1/1/60, seen on ") == "spring"


@pytest.mark.parametrize(
    ("kind", "text", "detail"),
    [
        (Kind.PLACE, "Jefferson Middle School", "a school"),
        (Kind.PLACE, "Westbury High", "a school"),
        (Kind.PLACE, "Lincoln Park", "a park"),
        (Kind.PLACE, "Sunny Acres Trailer Park", "a trailer park"),
        (Kind.PLACE, "St. Vincent's Medical Center", "a hospital"),
        (Kind.PLACE, "Lake Mathews Estates", "a neighborhood"),
        (Kind.PLACE, "LAKE CHABOT", "a lake"),
        (Kind.PLACE, "Piney Creek", "a river or creek"),
        (Kind.PLACE, "Piney Creek Road", "a road"),
        (Kind.PLACE, "61st St N", "a road"),
        (Kind.PLACE, "I-84", "a highway"),
        (Kind.PLACE, "Highway 20", "a highway"),
        (Kind.PLACE, "FM 1585", "a road"),
        (Kind.PLACE, "Walgreens", "a pharmacy"),
        (Kind.PLACE, "McDonald\u2019s", "a restaurant"),
        (Kind.PLACE, "Shell station", "a gas station"),
        (Kind.PLACE, "Motel 6", "a motel"),
        (Kind.PLACE, "Willow Creek Apartments", "an apartment building"),
        (Kind.PLACE, "Bank of Tiller", "a bank"),
        (Kind.PLACE, "St. George", ""),
        (Kind.PLACE, "Tiller", ""),
        (Kind.PLACE, "Oak Park, IL", ""),
        (Kind.PLACE, "West Valley City", ""),
        (Kind.PLACE, "Park", ""),
        (Kind.ADDRESS, "5th and Main", "an intersection"),
        (Kind.ADDRESS, "Arundel/Lawson", "an intersection"),
        (Kind.ADDRESS, "118 elm street", "a street address"),
        (Kind.ADDRESS, "1500 block of Sycamore Dr", "a block of a street"),
        (Kind.ADDRESS, "I-95 mile marker 299", "a mile marker"),
        (Kind.ADDRESS, "Exit 14", "a highway exit"),
        (Kind.ADDRESS, "PO Box 118", "a mail address"),
        (Kind.ADDRESS, "C-11", ""),
        (Kind.AGENCY, "Harlan County Sheriff\u2019s Office", "a sheriff's office"),
        (Kind.AGENCY, "LINCOLN CO SO", "a sheriff's office"),
        (Kind.AGENCY, "Brookfield PD", "police"),
        (Kind.AGENCY, "Louisiana State Police", "state police"),
        (Kind.AGENCY, "Oshkosh FD", "fire"),
        (Kind.AGENCY, "U.S. Marshals", "federal"),
        (Kind.AGENCY, "FBI", "federal"),
        (Kind.AGENCY, "El Paso", ""),
        (Kind.NAME, "Winter School", ""),
        (Kind.UNIT, "Engine 7", ""),
    ],
)
def test_a_place_an_address_and_an_agency_tell_their_kind(
    kind: Kind, text: str, detail: str
) -> None:
    assert tell_lesson(kind, text) == detail


@given(
    KINDS,
    st.one_of(st.text(max_size=60), st.lists(st.sampled_from(LIKELY), max_size=8).map(" ".join)),
)
def test_what_is_told_comes_from_the_closed_list(kind: Kind, text: str) -> None:
    told = tell_lesson(kind, text)
    assert told == "" or told in DETAILS[kind]


def test_the_closed_list_is_short_plain_words() -> None:
    details = [each for group in DETAILS.values() for each in group]
    assert all(re.fullmatch(r"[a-z][a-z' ]{2,30}", each) for each in details)
    assert len(details) < 120


def read_list(name: str) -> set[tuple[str, ...]]:
    text = (resources.files("resources") / "scrub" / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {cut_phrase(each.rstrip("* ")) for line in lines for each in line.split(",")}


def test_chains_and_holidays_are_those_of_the_lists() -> None:
    assert set(CHAINS) <= read_list("businesses.txt")
    assert set(HOLIDAYS) <= read_list("holidays.txt")


@pytest.mark.parametrize("kind", list(DETAILS))
def test_a_long_mark_takes_no_time(kind: Kind) -> None:
    began = time.process_time()
    for piece in ("and ", "1 ", "School ", "half past ", "-"):
        tell_lesson(kind, piece * 50_000)
    assert time.process_time() - began < 1
