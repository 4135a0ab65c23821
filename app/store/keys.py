"""A secret under a passphrase: a random data key, wrapped once for each way to open it.

The file is JSON. `sealed` holds the secret under the data key; each entry of `wraps` holds
the data key under a key derived from something that a person knows. A new passphrase, or a
recovery code, changes the wraps only. The parameters of each wrap are authenticated
with it, and the tag of the wrap is the test of the passphrase.

Argon2id: RFC 9106. AES-256-GCM-SIV: RFC 8452. HKDF: RFC 5869; a recovery code is 128 random
bits, which need no slow derivation.
"""

import base64
import binascii
import json
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.errors import DamagedError, InputError, SurroundingsError

FORMAT = "nearmiss-locked-1"
_PASSPHRASE = "passphrase"  # noqa: S105  (the kind of a wrap)
_DERIVATION = "argon2id"
_CODE = "recovery"
_CODE_DERIVATION = "hkdf-sha256"
_CODE_LENGTH = 16
_KEY_LENGTH = 32
_SALT_LENGTH = 16
_NONCE_LENGTH = 12
_TAG_LENGTH = 16
_LONGEST_FILE = 65_536


@dataclass(frozen=True, slots=True)
class Cost:
    """What one try of a passphrase costs: memory in KiB, passes over it, lanes."""

    memory_kib: int
    passes: int
    lanes: int

    def is_allowed(self) -> bool:
        """Whether it lies between `FLOOR` and `CEILING`.

        Below, someone has made the file cheap to attack; above, to make this program hang.
        """
        return (
            FLOOR.memory_kib <= self.memory_kib <= CEILING.memory_kib
            and FLOOR.passes <= self.passes <= CEILING.passes
            and FLOOR.lanes <= self.lanes <= CEILING.lanes
        )


RFC9106_SECOND = Cost(memory_kib=65_536, passes=3, lanes=4)
"""RFC 9106, section 4: the second recommended option, 64 MiB."""
FLOOR = Cost(memory_kib=8_192, passes=1, lanes=1)
CEILING = Cost(memory_kib=1_048_576, passes=16, lanes=16)


class WrongPassphraseError(InputError):
    """The passphrase does not open the file."""

    def __init__(self) -> None:
        super().__init__(
            "The passphrase is not the right one.",
            "Nothing was changed.",
            "Check the Caps Lock key and the keyboard's language, then try again.",
        )


class WrongCodeError(InputError):
    """The recovery code does not open the file."""

    def __init__(self) -> None:
        super().__init__(
            "This recovery code does not open this vault.",
            "Nothing was changed.",
            "It may belong to another vault, or a newer one was made since.",
        )


class NoCodeError(InputError):
    """There is no recovery code for the file."""

    def __init__(self) -> None:
        super().__init__(
            "This vault has no recovery code.",
            "None was made for it, or it was taken away. Only the passphrase opens it.",
        )


class DamagedKeyError(DamagedError):
    """The key file is broken, cut short, or was exchanged."""

    def __init__(self) -> None:
        super().__init__(
            "The key file is damaged, or it belongs to something else.",
            "Without it the passphrase cannot be checked. What it locks was not changed.",
            "Put a copy of the key file back from a backup.",
        )


def lock_secret(
    secret: bytes,
    passphrase: str,
    *,
    label: str,
    cost: Cost = RFC9106_SECOND,
    code: bytes | None = None,
) -> bytes:
    """The file that gives `secret` back to who knows the passphrase, or the recovery code.

    label: what the secret is for; the file opens under the same label only. code: 16 random
    bytes, or None for no recovery code.
    Raises InputError for an empty passphrase, ValueError for a cost that is not allowed.
    """
    _require_allowed(cost)
    data_key = secrets.token_bytes(_KEY_LENGTH)
    wraps = [_wrap(data_key, passphrase, label, cost)]
    if code is not None:
        wraps.append(_wrap_with_code(data_key, code, label))
    return _to_bytes(label, wraps, _seal(data_key, secret, _binding(label, {"part": "secret"})))


def open_secret(raw: bytes, passphrase: str, *, label: str) -> bytes:
    """The secret in a file that `lock_secret` made.

    Raises WrongPassphraseError; DamagedKeyError for a file that is broken, of another label,
    or with parameters out of range; SurroundingsError if there is not enough memory.
    """
    envelope = _Envelope.from_bytes(raw, label)
    data_key = _unwrap(envelope.wrap, passphrase, label)
    return _open(data_key, envelope.sealed, _binding(label, {"part": "secret"}))


def relock(raw: bytes, old: str, new: str, *, label: str, cost: Cost = RFC9106_SECOND) -> bytes:
    """The same file under a new passphrase; the secret, and what it locks, stays the same.

    The caller puts it in the old one's place with `replace_file`.
    Raises as `open_secret` and `lock_secret` do.
    """
    _require_allowed(cost)
    envelope = _Envelope.from_bytes(raw, label)
    data_key = envelope.data_key(old, label)
    wraps = [_wrap(data_key, new, label, cost), *envelope.others]
    return _to_bytes(label, wraps, envelope.sealed)


def relock_with_code(
    raw: bytes, code: bytes, new: str, *, label: str, cost: Cost = RFC9106_SECOND
) -> bytes:
    """The same file under a new passphrase, for who knows the recovery code; that stays.

    Raises WrongCodeError, NoCodeError, otherwise as `relock`.
    """
    _require_allowed(cost)
    envelope = _Envelope.from_bytes(raw, label)
    wrap = next((each for each in envelope.others if each.get("kind") == _CODE), None)
    if wrap is None:
        raise NoCodeError
    data_key = _unwrap_with_code(wrap, code, label)
    _open(data_key, envelope.sealed, _binding(label, {"part": "secret"}))
    wraps = [_wrap(data_key, new, label, cost), *envelope.others]
    return _to_bytes(label, wraps, envelope.sealed)


def put_code(raw: bytes, passphrase: str, code: bytes | None, *, label: str) -> bytes:
    """The same file with this recovery code in the place of an earlier one; None for none.

    Raises as `open_secret`.
    """
    envelope = _Envelope.from_bytes(raw, label)
    data_key = envelope.data_key(passphrase, label)
    wraps: list[Mapping[str, object]] = [{**envelope.wrap.header, "wrapped": envelope.wrap.text}]
    wraps += [each for each in envelope.others if each.get("kind") != _CODE]
    if code is not None:
        wraps.append(_wrap_with_code(data_key, code, label))
    return _to_bytes(label, wraps, envelope.sealed)


def has_code(raw: bytes, *, label: str) -> bool:
    """Whether a recovery code opens the file. Raises DamagedKeyError."""
    return any(each.get("kind") == _CODE for each in _Envelope.from_bytes(raw, label).others)


@dataclass(frozen=True, slots=True)
class _Wrap:
    header: Mapping[str, object]
    cost: Cost
    salt: bytes
    wrapped: bytes

    @property
    def text(self) -> str:
        """The wrapped key as the file has it."""
        return _to_base64(self.wrapped)

    @classmethod
    def from_json(cls, message: Mapping[str, object]) -> "_Wrap":
        if message.get("derivation") != _DERIVATION:
            raise DamagedKeyError
        cost = Cost(*(_number(message, name) for name in ("memory_kib", "passes", "lanes")))
        if not cost.is_allowed():
            raise DamagedKeyError
        header = {name: value for name, value in message.items() if name != "wrapped"}
        salt = _from_base64(message.get("salt"), _SALT_LENGTH)
        wrapped = _from_base64(message.get("wrapped"), _NONCE_LENGTH + _KEY_LENGTH + _TAG_LENGTH)
        return cls(header, cost, salt, wrapped)


@dataclass(frozen=True, slots=True)
class _Envelope:
    wrap: _Wrap
    others: Sequence[Mapping[str, object]]  # the recovery code, and what this version knows not
    sealed: bytes

    def data_key(self, passphrase: str, label: str) -> bytes:
        """The key that `sealed` was really made with. Raises as `open_secret`."""
        data_key = _unwrap(self.wrap, passphrase, label)
        _open(data_key, self.sealed, _binding(label, {"part": "secret"}))
        return data_key

    @classmethod
    def from_bytes(cls, raw: bytes, label: str) -> "_Envelope":
        try:
            message = json.loads(raw) if len(raw) <= _LONGEST_FILE else None
        except (ValueError, RecursionError):
            raise DamagedKeyError from None
        if (
            not isinstance(message, dict)
            or message.get("format") != FORMAT
            or message.get("label") != label
            or not isinstance(message.get("wraps"), list)
        ):
            raise DamagedKeyError
        wraps = message["wraps"]
        if not all(isinstance(each, dict) for each in wraps):
            raise DamagedKeyError
        ours = [each for each in wraps if each.get("kind") == _PASSPHRASE]
        others = [each for each in wraps if each.get("kind") != _PASSPHRASE]
        if len(ours) != 1:
            raise DamagedKeyError
        return cls(_Wrap.from_json(ours[0]), others, _from_base64(message.get("sealed")))


def _wrap(data_key: bytes, passphrase: str, label: str, cost: Cost) -> dict[str, object]:
    salt = secrets.token_bytes(_SALT_LENGTH)
    header: dict[str, object] = {
        "kind": _PASSPHRASE,
        "derivation": _DERIVATION,
        "memory_kib": cost.memory_kib,
        "passes": cost.passes,
        "lanes": cost.lanes,
        "salt": _to_base64(salt),
    }
    wrapping_key = _derive(passphrase, salt, cost)
    wrapped = _seal(wrapping_key, data_key, _binding(label, header))
    return {**header, "wrapped": _to_base64(wrapped)}


def _unwrap(wrap: _Wrap, passphrase: str, label: str) -> bytes:
    wrapping_key = _derive(passphrase, wrap.salt, wrap.cost)
    try:
        return AESGCMSIV(wrapping_key).decrypt(
            wrap.wrapped[:_NONCE_LENGTH],
            wrap.wrapped[_NONCE_LENGTH:],
            _binding(label, wrap.header),
        )
    except InvalidTag:
        raise WrongPassphraseError from None


def _wrap_with_code(data_key: bytes, code: bytes, label: str) -> dict[str, object]:
    if len(code) != _CODE_LENGTH:
        raise ValueError("a recovery code has 16 bytes")
    salt = secrets.token_bytes(_SALT_LENGTH)
    header: dict[str, object] = {
        "kind": _CODE,
        "derivation": _CODE_DERIVATION,
        "salt": _to_base64(salt),
    }
    wrapped = _seal(_derive_from_code(code, salt), data_key, _binding(label, header))
    return {**header, "wrapped": _to_base64(wrapped)}


def _unwrap_with_code(wrap: Mapping[str, object], code: bytes, label: str) -> bytes:
    if wrap.get("derivation") != _CODE_DERIVATION:
        raise DamagedKeyError
    salt = _from_base64(wrap.get("salt"), _SALT_LENGTH)
    wrapped = _from_base64(wrap.get("wrapped"), _NONCE_LENGTH + _KEY_LENGTH + _TAG_LENGTH)
    header = {name: value for name, value in wrap.items() if name != "wrapped"}
    try:
        return AESGCMSIV(_derive_from_code(code, salt)).decrypt(
            wrapped[:_NONCE_LENGTH], wrapped[_NONCE_LENGTH:], _binding(label, header)
        )
    except InvalidTag:
        raise WrongCodeError from None


def _derive_from_code(code: bytes, salt: bytes) -> bytes:
    return HKDF(hashes.SHA256(), _KEY_LENGTH, salt, b"nearmiss recovery v1").derive(code)


def _require_allowed(cost: Cost) -> None:
    if not cost.is_allowed():
        raise ValueError("the cost lies outside of what is accepted when it is opened")


def _derive(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    # NFKC: the same passphrase typed on another keyboard or system gives the same bytes.
    try:
        typed = unicodedata.normalize("NFKC", passphrase).encode("utf-8")
    except UnicodeEncodeError:
        raise WrongPassphraseError from None
    if not typed:
        raise InputError("The passphrase is empty.", "", "Type a passphrase.")
    kdf = Argon2id(
        salt=salt,
        length=_KEY_LENGTH,
        iterations=cost.passes,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    )
    try:
        return kdf.derive(typed)
    except MemoryError:
        raise SurroundingsError(
            "There is not enough memory to check the passphrase.",
            "Nothing was changed.",
            "Close other programs, then try again.",
        ) from None


def _seal(key: bytes, plain: bytes, binding: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_LENGTH)
    return nonce + AESGCMSIV(key).encrypt(nonce, plain, binding)


def _open(key: bytes, sealed: bytes, binding: bytes) -> bytes:
    # The data key is the right one here, so a bad tag is damage, not a wrong passphrase.
    try:
        return AESGCMSIV(key).decrypt(sealed[:_NONCE_LENGTH], sealed[_NONCE_LENGTH:], binding)
    except (InvalidTag, ValueError):
        raise DamagedKeyError from None


def _binding(label: str, header: Mapping[str, object]) -> bytes:
    bound = {"format": FORMAT, "label": label, **header}
    return json.dumps(bound, sort_keys=True, separators=(",", ":")).encode()


def _to_bytes(label: str, wraps: Sequence[Mapping[str, object]], sealed: bytes) -> bytes:
    message = {"format": FORMAT, "label": label, "wraps": wraps, "sealed": _to_base64(sealed)}
    return (json.dumps(message, indent=1) + "\n").encode()


def _number(message: Mapping[str, object], name: str) -> int:
    value = message.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise DamagedKeyError
    return value


def _to_base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _from_base64(text: object, length: int | None = None) -> bytes:
    if not isinstance(text, str):
        raise DamagedKeyError
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise DamagedKeyError from None
    if length is not None and len(raw) != length:
        raise DamagedKeyError
    return raw
