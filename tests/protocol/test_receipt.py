import pytest

from sync.protocol.receipt import Receipt, make_receipt
from tests.golden import make_protocol as golden


def secrets_of(receipt: Receipt) -> dict[str, bytes]:
    return {
        "report id": receipt.report_id,
        "withdrawal": receipt.withdrawal.seed,
        "withdrawal hash": receipt.withdrawal_hash,
        "mail tag": receipt.mail_tag,
        "reply": receipt.reply.seed,
        "reply, x25519": receipt.reply.seed[64:],
    }


def has_nothing_in_common(one: Receipt, other: Receipt) -> bool:
    return not set(secrets_of(one).values()) & set(secrets_of(other).values())


def test_the_same_words_give_the_same_receipt(receipt: Receipt) -> None:
    assert make_receipt(golden.WORDS, golden.TENANT) == receipt


def test_another_tenant_gives_nothing_in_common(receipt: Receipt) -> None:
    other = make_receipt(golden.WORDS, "f" * 32)
    assert has_nothing_in_common(receipt, other)


@pytest.mark.parametrize("place", range(7))
def test_any_other_word_gives_nothing_in_common(receipt: Receipt, place: int) -> None:
    words = (*golden.WORDS[:place], "zebra", *golden.WORDS[place + 1 :])
    assert has_nothing_in_common(receipt, make_receipt(words, golden.TENANT))


def test_the_order_of_words_matters(receipt: Receipt) -> None:
    swapped = (golden.WORDS[1], golden.WORDS[0], *golden.WORDS[2:])
    assert has_nothing_in_common(receipt, make_receipt(swapped, golden.TENANT))


def test_the_derived_parts_are_independent_and_of_their_lengths(receipt: Receipt) -> None:
    parts = secrets_of(receipt)
    assert len(set(parts.values())) == len(parts)
    assert [len(part) for part in parts.values()] == [16, 32, 32, 16, 96, 32]
    # A prefix would mean that the label did not separate them.
    assert len({part[:16] for part in parts.values()}) == len(parts)


@pytest.mark.parametrize(
    "words",
    [
        (),
        golden.WORDS[:6],
        (*golden.WORDS, "zoom"),
        ("", *golden.WORDS[1:]),
        ("Abacus", *golden.WORDS[1:]),
        ("abacus drop", *golden.WORDS[1:]),
        ("abacus\n", *golden.WORDS[1:]),
        ("\u00e4bacus", *golden.WORDS[1:]),
    ],
)
def test_words_that_cannot_be_of_the_list_are_our_own_fault(words: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="seven words"):
        make_receipt(words, golden.TENANT)


def test_what_is_printed_of_a_receipt_holds_no_secret(receipt: Receipt) -> None:
    assert repr(receipt) == str(receipt) == "Receipt(secret)"
