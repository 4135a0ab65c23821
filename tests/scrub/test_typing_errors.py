"""A name with one typing error is that name; with two it is another word."""

from hypothesis import given
from hypothesis import strategies as st

from sync.scrub.typing_errors import find_near, index_typing_errors

LETTERS = "abcdefgh"
NAMES = st.text(alphabet=LETTERS, min_size=6, max_size=9)


def test_names_that_are_near_each_other_do_not_hide_each_other() -> None:
    typos = index_typing_errors(["hanson", "hansen", "henson"])
    assert find_near("hensn", typos) == "henson"
    assert find_near("hansne", typos) == "hansen"
    assert find_near("hansoon", typos) == "hanson"


def test_short_names_and_two_errors_are_not_near() -> None:
    typos = index_typing_errors(["smith", "wrenfield"])
    assert find_near("smiht", typos) is None
    assert find_near("wernfeild", typos) is None
    assert find_near("brenfield", typos) is None


def test_another_name_is_near_but_not_the_word_itself() -> None:
    typos = index_typing_errors(["hernandez", "hernadez"])
    assert find_near("hernandez", typos, other=True) == "hernadez"
    assert find_near("hernandez", index_typing_errors(["hernandez"]), other=True) is None


def test_what_is_longer_than_any_name_is_near_none() -> None:
    typos = index_typing_errors(["q" * 40, "r" * 41])
    assert find_near("q" * 41, typos) == "q" * 40
    assert find_near("q" * 42, typos) is None
    assert find_near("r" * 41, typos) is None


@given(st.sets(NAMES, min_size=1, max_size=20), st.data())
def test_one_error_behind_the_first_letter_is_always_found(
    names: set[str], data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(names)))
    at = data.draw(st.integers(1, len(name) - 2))
    letter = data.draw(st.sampled_from(LETTERS))
    typos = index_typing_errors(names)
    for wrong in (
        name[:at] + name[at + 1 :],
        name[:at] + letter + name[at:],
        name[:at] + letter + name[at + 1 :],
        name[:at] + name[at + 1] + name[at] + name[at + 2 :],
    ):
        assert find_near(wrong, typos) is not None
