"""Codes of 128 bits that a person writes down."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.typed_code import (
    CODE_LENGTH,
    CodeKind,
    MistypedCodeError,
    draw_secret,
    read_code,
    write_code,
)

SECRETS = st.binary(min_size=16, max_size=16)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@given(SECRETS, st.sampled_from(CodeKind))
def test_what_was_written_is_read_again(secret: bytes, kind: CodeKind) -> None:
    text = write_code(secret, kind)
    assert len(text.replace("-", "")) == CODE_LENGTH
    assert read_code(text, kind) == secret
    sloppy = f" {text.lower().replace('-', ' ').replace('o', '0').replace('i', '1')}\n"
    assert read_code(sloppy, kind) == secret


@given(SECRETS)
def test_code_of_the_other_kind_is_nearly_always_refused(secret: bytes) -> None:
    text = write_code(secret, CodeKind.MOVE)
    if text[-2:] != write_code(secret, CodeKind.RECOVERY)[-2:]:
        with pytest.raises(MistypedCodeError):
            read_code(text, CodeKind.RECOVERY)


def test_one_wrong_character_is_found_in_nearly_every_place() -> None:
    text = write_code(bytes(range(16)), CodeKind.RECOVERY)
    tried = found = 0
    for place, right in enumerate(text):
        for letter in LETTERS:
            if right not in ("-", letter):
                tried += 1
                try:
                    read_code(text[:place] + letter + text[place + 1 :], CodeKind.RECOVERY)
                except MistypedCodeError:
                    found += 1
    assert found > 0.995 * tried


@pytest.mark.parametrize("typed", ["", "ABCD", "A" * 29, "ABCD-EFGH-9999-ABCD-ABCD-ABCD-ABCD"])
def test_what_is_no_code_is_refused(typed: str) -> None:
    with pytest.raises(MistypedCodeError, match="not the code"):
        read_code(typed, CodeKind.RECOVERY)


def test_secrets_differ_and_have_128_bits() -> None:
    assert len({draw_secret() for _ in range(50)}) == 50
    with pytest.raises(ValueError, match="16 bytes"):
        write_code(bytes(15), CodeKind.MOVE)
