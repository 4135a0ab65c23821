"""English is taken as English however it is written, and other languages are recognised."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.scrub.language import is_english
from sync.scrub.normalise import make_plain

HERE = Path(__file__).parent
OTHER_ALPHABETS = {"Russian", "Greek", "Arabic", "Chinese", "Korean"}
ENGLISH = (
    "I walked up to the car on the driver side. My partner was still behind the door when the man"
    " reached under the seat. Nobody had told us that he was armed. We should have waited."
)


def read_foreign() -> Iterator[tuple[str, str]]:
    language = ""
    for block in (HERE / "foreign.txt").read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        if lines and lines[0].startswith("== "):
            language = lines.pop(0)[3:]
        if lines:
            yield language, "\n".join(lines)


def read_english() -> list[str]:
    raw = (HERE / "narratives.txt").read_text(encoding="utf-8")
    text = "\n".join(line for line in raw.splitlines() if not line.startswith("#"))
    return [each for each in re.sub(r"\{[A-Z]+:([^}]*)\}", r"\1", text).split("\n\n") if each]


FOREIGN = list(read_foreign())
SPANISH = [text for language, text in FOREIGN if language == "Spanish"]


def is_plain_english(text: str) -> bool:
    return is_english(make_plain(text).text)


def test_there_are_enough_paragraphs_to_say_anything() -> None:
    languages = [language for language, _ in FOREIGN]
    assert languages.count("Spanish") >= 6
    assert sum(languages.count(each) >= 3 for each in set(languages)) >= 9


@pytest.mark.parametrize(("language", "text"), FOREIGN)
def test_a_paragraph_in_another_language_is_recognised(language: str, text: str) -> None:
    assert not is_plain_english(text)
    assert not is_plain_english(text.upper())
    if language not in OTHER_ALPHABETS:
        bare = make_plain(text).text.encode("ascii", "ignore").decode()
        assert not is_english(bare)


def test_no_english_narrative_is_taken_for_another_language() -> None:
    narratives = read_english()
    assert len(narratives) > 30
    for text in narratives:
        for shape in (text, text.upper(), text.lower()):
            assert is_plain_english(shape), text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No habla",
        "Jose de la Torre, Maria de los Santos, Luis del Rio, Juan de la Cruz, Ana La Rosa y Lopez",
        "1402 8B42 O/S ELDER RD VEH STOP PLT OCC X4 REQ 2ND\n1405 8B43 EN RT\n1406 PASS BAILING",
        "rp adv male hs in rear yd w/ knife, neg on wpns in sys, ofc reqs 2nd unit code 3",
        "teh suspetc ran form teh hosue adn teh officre slpped on teh ice whiel runing",
        f"{ENGLISH} He kept saying no me maten, yo no hice nada, estoy solo en la casa. {ENGLISH}",
    ],
)
def test_shorthand_names_logs_and_a_quotation_are_english(text: str) -> None:
    assert is_plain_english(text)
    assert is_plain_english(text.upper())


@pytest.mark.parametrize(
    "text", ["El hombre con la pistola.", "tenia un cuchillo en la mano", "Der Mann hatte Messer"]
)
def test_in_a_short_text_two_telling_words_decide(text: str) -> None:
    assert not is_plain_english(text)
    assert not is_plain_english(text.upper())


def test_no_short_piece_of_an_english_narrative_is_taken_for_another_language() -> None:
    pieces = [each for text in read_english() for each in re.split(r"[.!?,;\n]", text)]
    short = [each for each in pieces if 0 < len(each.split()) < 8]
    assert len(short) > 150
    assert [each for each in short if not is_plain_english(each)] == []


def test_a_few_words_in_another_alphabet_are_recognised() -> None:
    assert not is_plain_english("\u4ed6\u6709\u5200")
    assert not is_plain_english("\u0423 \u043d\u0435\u0433\u043e \u043d\u043e\u0436")


@pytest.mark.parametrize("text", SPANISH)
def test_half_in_another_language_is_not_english_and_a_fifth_is(text: str) -> None:
    sentence = text.split(". ", maxsplit=1)[0]
    english = ENGLISH
    while len(english.split()) < 4 * len(sentence.split()):
        english += " " + ENGLISH
    assert not is_plain_english(f"{ENGLISH} {text}")
    assert is_plain_english(f"{english} {sentence}.")


def test_a_language_without_a_list_is_recognised_by_what_it_lacks() -> None:
    words = "amhran diugai shelkor ventri opasul brenta quilm zorred hathune skevol"
    assert not is_plain_english(f"{words}. " * 3)
    assert is_plain_english(words)


@given(st.text(max_size=300))
def test_any_text_has_an_answer(text: str) -> None:
    assert is_plain_english(text) in {True, False}


@pytest.mark.parametrize("piece", ["la ", "a", ".", "the. ", "\u0436 ", "a' ", "la\n"])
def test_it_takes_linear_time(piece: str) -> None:
    def measure(length: int) -> float:
        text = piece * (length // len(piece))
        began = time.process_time()
        is_english(text)
        return time.process_time() - began

    assert measure(800_000) < 10 * measure(200_000) + 0.3
