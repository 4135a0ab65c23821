"""The key envelope."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import InputError
from app.store.keys import (
    CEILING,
    Cost,
    DamagedKeyError,
    NoCodeError,
    WrongCodeError,
    WrongPassphraseError,
    has_code,
    lock_secret,
    open_secret,
    put_code,
    relock,
    relock_with_code,
)

CHEAP = Cost(memory_kib=8_192, passes=1, lanes=1)
SECRET = bytes(range(32))
CODE = bytes(range(16))


@pytest.fixture(scope="module")
def locked() -> bytes:
    return lock_secret(SECRET, "grün Katze", label="vault", cost=CHEAP)


def test_the_secret_comes_back(locked: bytes) -> None:
    assert open_secret(locked, "grün Katze", label="vault") == SECRET


def test_a_passphrase_typed_with_combining_marks_is_the_same(locked: bytes) -> None:
    assert open_secret(locked, "gru\u0308n Katze", label="vault") == SECRET


@pytest.mark.parametrize("passphrase", ["Grün Katze", "grün katze ", "x", "\ud800"])
def test_a_wrong_passphrase_is_said(locked: bytes, passphrase: str) -> None:
    with pytest.raises(WrongPassphraseError, match="not the right one"):
        open_secret(locked, passphrase, label="vault")


def test_an_empty_passphrase_locks_nothing() -> None:
    with pytest.raises(InputError, match="empty"):
        lock_secret(SECRET, "", label="vault", cost=CHEAP)


def test_another_label_does_not_open(locked: bytes) -> None:
    with pytest.raises(DamagedKeyError):
        open_secret(locked, "grün Katze", label="desk")


def test_a_label_cannot_be_rewritten(locked: bytes) -> None:
    message = json.loads(locked)
    message["label"] = "desk"
    with pytest.raises(WrongPassphraseError):
        open_secret(json.dumps(message).encode(), "grün Katze", label="desk")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("memory_kib", 8_191),
        ("memory_kib", CEILING.memory_kib + 1),
        ("passes", 0),
        ("passes", 17),
        ("lanes", 0),
        ("lanes", True),
        ("memory_kib", "8192"),
        ("derivation", "scrypt"),
        ("salt", "AAAA"),
        ("salt", "§"),
        ("wrapped", None),
    ],
)
def test_parameters_out_of_range_are_refused(locked: bytes, name: str, value: object) -> None:
    message = json.loads(locked)
    message["wraps"][0][name] = value
    with pytest.raises(DamagedKeyError, match="damaged"):
        open_secret(json.dumps(message).encode(), "grün Katze", label="vault")


def test_parameters_are_authenticated(locked: bytes) -> None:
    message = json.loads(locked)
    message["wraps"][0]["note"] = "added"
    with pytest.raises(WrongPassphraseError):
        open_secret(json.dumps(message).encode(), "grün Katze", label="vault")


def test_a_damaged_secret_is_not_called_a_wrong_passphrase(locked: bytes) -> None:
    message = json.loads(locked)
    message["sealed"] = message["sealed"][:-8] + "AAAAAAA="
    with pytest.raises(DamagedKeyError):
        open_secret(json.dumps(message).encode(), "grün Katze", label="vault")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=80).map(str.encode))
def test_any_other_file_is_called_damaged(raw: bytes) -> None:
    with pytest.raises(DamagedKeyError):
        open_secret(raw, "x", label="vault")


def test_relock_keeps_the_secret_and_drops_the_old_passphrase(locked: bytes) -> None:
    again = relock(locked, "grün Katze", "new", label="vault", cost=CHEAP)
    assert open_secret(again, "new", label="vault") == SECRET
    with pytest.raises(WrongPassphraseError):
        open_secret(again, "grün Katze", label="vault")


def test_relock_keeps_other_ways_to_open(locked: bytes) -> None:
    message = json.loads(locked)
    message["wraps"].append({"kind": "recovery", "wrapped": "later"})
    again = relock(json.dumps(message).encode(), "grün Katze", "n", label="vault", cost=CHEAP)
    assert {"kind": "recovery", "wrapped": "later"} in json.loads(again)["wraps"]


def test_relock_needs_the_old_passphrase(locked: bytes) -> None:
    with pytest.raises(WrongPassphraseError):
        relock(locked, "no", "new", label="vault", cost=CHEAP)


def test_a_cost_below_the_floor_is_never_written() -> None:
    with pytest.raises(ValueError, match="cost"):
        lock_secret(SECRET, "x", label="vault", cost=Cost(4_096, 1, 1))


def test_two_files_of_the_same_secret_differ_everywhere(locked: bytes) -> None:
    other = json.loads(lock_secret(SECRET, "grün Katze", label="vault", cost=CHEAP))
    first = json.loads(locked)
    assert first["sealed"] != other["sealed"]
    assert first["wraps"][0]["salt"] != other["wraps"][0]["salt"]


@pytest.fixture(scope="module")
def with_code() -> bytes:
    return lock_secret(SECRET, "grün Katze", label="vault", cost=CHEAP, code=CODE)


def test_recovery_code_sets_a_new_passphrase_and_keeps_the_secret(with_code: bytes) -> None:
    again = relock_with_code(with_code, CODE, "new", label="vault", cost=CHEAP)
    assert open_secret(again, "new", label="vault") == SECRET
    assert has_code(again, label="vault")
    with pytest.raises(WrongPassphraseError):
        open_secret(again, "grün Katze", label="vault")


def test_another_recovery_code_opens_nothing(with_code: bytes) -> None:
    with pytest.raises(WrongCodeError):
        relock_with_code(with_code, bytes(16), "new", label="vault", cost=CHEAP)


def test_without_a_recovery_code_none_opens(locked: bytes) -> None:
    assert not has_code(locked, label="vault")
    with pytest.raises(NoCodeError):
        relock_with_code(locked, CODE, "new", label="vault", cost=CHEAP)


def test_new_recovery_code_replaces_the_one_before(with_code: bytes) -> None:
    changed = put_code(with_code, "grün Katze", bytes(16), label="vault")
    assert open_secret(changed, "grün Katze", label="vault") == SECRET
    with pytest.raises(WrongCodeError):
        relock_with_code(changed, CODE, "new", label="vault", cost=CHEAP)
    relock_with_code(changed, bytes(16), "new", label="vault", cost=CHEAP)


def test_recovery_code_can_be_taken_away(with_code: bytes) -> None:
    changed = put_code(with_code, "grün Katze", None, label="vault")
    assert open_secret(changed, "grün Katze", label="vault") == SECRET
    assert not has_code(changed, label="vault")


def test_putting_a_code_needs_the_passphrase_and_keeps_what_is_unknown(locked: bytes) -> None:
    with pytest.raises(WrongPassphraseError):
        put_code(locked, "no", CODE, label="vault")
    message = json.loads(locked)
    message["wraps"].append({"kind": "later"})
    changed = put_code(json.dumps(message).encode(), "grün Katze", CODE, label="vault")
    assert {"kind": "later"} in json.loads(changed)["wraps"]


def test_new_passphrase_leaves_the_recovery_code_as_it_is(with_code: bytes) -> None:
    again = relock(with_code, "grün Katze", "new", label="vault", cost=CHEAP)
    relock_with_code(again, CODE, "newer", label="vault", cost=CHEAP)


@pytest.mark.parametrize(
    ("name", "value"), [("derivation", "none"), ("salt", "AAAA"), ("wrapped", None)]
)
def test_broken_wrap_of_a_code_is_called_damaged(
    with_code: bytes, name: str, value: object
) -> None:
    message = json.loads(with_code)
    message["wraps"][1][name] = value
    with pytest.raises(DamagedKeyError):
        relock_with_code(json.dumps(message).encode(), CODE, "n", label="vault", cost=CHEAP)


def test_wrap_of_a_code_is_authenticated(with_code: bytes) -> None:
    message = json.loads(with_code)
    message["wraps"][1]["note"] = "added"
    with pytest.raises(WrongCodeError):
        relock_with_code(json.dumps(message).encode(), CODE, "n", label="vault", cost=CHEAP)
