"""Our WordPiece against the `tokenizers` library, with the vocabulary that ships."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers.models import WordPiece as Reference

from app.errors import DamagedError
from resources.read import read_bytes
from sync.scrub.model.wordpiece import WordPiece

VOCABULARY = read_bytes("scrub/pieces.txt")
OURS = WordPiece.from_bytes(VOCABULARY)
THEIRS = Reference(vocab=dict(OURS.ids), unk_token="[UNK]", max_input_chars_per_word=100)
WORDS = st.one_of(
    st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=120),
    st.text(min_size=1, max_size=30).map(str.lower),
)


def cut_by_theirs(word: str) -> list[int]:
    return [token.id for token in THEIRS.tokenize(word)]


@pytest.mark.parametrize(
    "word", ["okafor", "4417", "tased", "xiong", "24", "kowalczyk", "qqqq", "\u4e2d", "a" * 101]
)
def test_cuts_as_the_library_does(word: str) -> None:
    assert list(OURS.cut(word)) == cut_by_theirs(word)


@given(WORDS)
def test_cuts_any_word_as_the_library_does(word: str) -> None:
    assert list(OURS.cut(word)) == cut_by_theirs(word)


@given(WORDS)
def test_a_word_seen_before_is_cut_the_same(word: str) -> None:
    assert OURS.cut(word) == OURS.cut(word)


def test_a_vocabulary_without_its_first_pieces_is_refused() -> None:
    with pytest.raises(DamagedError, match="damaged"):
        WordPiece.from_bytes(b"a\nb\n")
