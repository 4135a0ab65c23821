"""Windows: nothing is lost between them, none is too long, features tell what is written."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resources.read import read_bytes
from sync.scrub import Scrubber
from sync.scrub.model.encode import WINDOW, Window, encode
from sync.scrub.model.features import FEATURES, describe_words
from sync.scrub.model.wordpiece import WordPiece
from sync.scrub.normalise import make_plain
from sync.scrub.tokens import Words, cut_words

WORDPIECE = WordPiece.from_bytes(read_bytes("scrub/pieces.txt"))
of_any_text = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def cut(scrubber: Scrubber, text: str) -> Words:
    return cut_words(make_plain(text).text, scrubber.lexicon)


def windows_of(scrubber: Scrubber, text: str) -> list[Window]:
    return list(encode(cut(scrubber, text), scrubber.lexicon, WORDPIECE))


def test_a_short_text_is_one_window_with_both_ends(scrubber: Scrubber) -> None:
    (window,) = windows_of(scrubber, "Ofc. Renner fell.")
    assert window.ids[0] == WORDPIECE.ids["[CLS]"]
    assert window.ids[-1] == WORDPIECE.ids["[SEP]"]
    assert window.features.shape == (len(window.ids), FEATURES)
    assert len(window.pieces) == len(window.ids) - 2


def test_windows_end_at_sentences(scrubber: Scrubber) -> None:
    sentence = "The driver reached under the seat and we both stepped back behind the engine. "
    for window in windows_of(scrubber, sentence * 30)[:-1]:
        assert window.pieces[0].id == WORDPIECE.ids["the"] or window.pieces[0].token == -1
        assert len(window.ids) > WINDOW / 2


@of_any_text
@given(st.text(max_size=600))
def test_every_word_is_in_exactly_one_window_and_none_is_too_long(
    scrubber: Scrubber, text: str
) -> None:
    words = cut(scrubber, text)
    windows = list(encode(words, scrubber.lexicon, WORDPIECE))
    assert all(len(window.ids) <= WINDOW for window in windows)
    seen = [piece.token for window in windows for piece in window.pieces if piece.token >= 0]
    assert sorted(seen) == seen
    assert set(seen) <= set(range(len(words.tokens)))
    for number, token in enumerate(words.tokens):
        if token.low.strip("'"):
            assert number in seen


def test_features_tell_young_from_young(scrubber: Scrubber) -> None:
    capital, small = describe_words(cut(scrubber, "and Young saw young"), scrubber.lexicon)[1::2]
    assert capital != small


def test_features_are_zeros_and_ones(scrubber: Scrubber) -> None:
    (window,) = windows_of(scrubber, "3-Adam-12 to K9-4: 0215 hrs, O'Malley's")
    assert set(np.unique(window.features)) == {0.0, 1.0}
