"""Changes to a message that leave it JSON, so that more is reached than the parser of JSON.

Coverage decides what is kept; this only proposes. Half of the proposals are made here, for messages
that are JSON, the others are the fuzzer's own changes of bytes.
"""

import json
import random
from collections.abc import Callable
from typing import Any

LEAVES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2**31, 2**53 - 1, 2**53, 2**64, 0.5),
    *("", "0", "a", "\0", "\ud800", "\u202e", "é", "A" * 300, "../../x", "2026-02-31", "-1"),
    *([], {}, [[]], {"": ""}),
)
"""What a reader may stumble over."""


def mutate(raw: bytes, longest: int, seed: int, of_bytes: Callable[[bytes, int], bytes]) -> bytes:
    """One proposal of at most `longest` bytes. of_bytes: the fuzzer's own change of bytes."""
    chance = random.Random(seed)
    if chance.random() < 0.5:
        changed = mutate_json(raw, chance)
        if changed is not None and len(changed) <= longest:
            return changed
    return of_bytes(raw, longest)


def mutate_json(raw: bytes, chance: random.Random) -> bytes | None:
    """A message with some of its parts changed; None for bytes that are no JSON."""
    try:
        message = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        message = _change(message, chance)
    # Mostly as our side writes it: what is not canonical is refused early.
    is_ascii = chance.random() < 0.1
    text = json.dumps(message, sort_keys=True, separators=(",", ":"), ensure_ascii=is_ascii)
    end = b"\n" if raw.endswith(b"\n") else b""
    return text.encode("utf-8", "surrogatepass") + end


def _change(message: Any, chance: random.Random) -> Any:
    """Go down at random, then replace, remove, double or exchange."""
    if isinstance(message, dict) and message:
        return _change_member(message, chance)
    if isinstance(message, list) and message:
        return _change_item(message, chance)
    return _other(message, chance)


def _change_member(message: dict[str, Any], chance: random.Random) -> Any:
    name = chance.choice(list(message))
    changed = dict(message)
    match chance.randrange(8):
        case 0:
            del changed[name]
        case 1:
            changed[chance.choice(("extra", "", *message))] = changed.pop(name)
        case 2:
            changed[name] = message[chance.choice(list(message))]
        case 3:
            return _other(message, chance)
        case _:
            changed[name] = _change(message[name], chance)
    return changed


def _change_item(message: list[Any], chance: random.Random) -> Any:
    place = chance.randrange(len(message))
    changed = list(message)
    match chance.randrange(8):
        case 0:
            del changed[place]
        case 1:
            changed.insert(place, changed[chance.randrange(len(changed))])
        case 2:
            chance.shuffle(changed)
        case 3:
            return _other(message, chance)
        case _:
            changed[place] = _change(message[place], chance)
    return changed


def _other(value: Any, chance: random.Random) -> Any:
    """A near value of the same kind, or one of any kind."""
    kind = chance.randrange(4)
    if isinstance(value, str) and value and kind:
        place = chance.randrange(len(value))
        put = chance.choice(("", value[place] * 2, chr(chance.randrange(0x300)), "9", "z"))
        return value[:place] + put + value[place + 1 :]
    if isinstance(value, int) and not isinstance(value, bool) and kind:
        return value + chance.choice((-1, 1, -value, value, 2**32))
    return chance.choice(LEAVES)
