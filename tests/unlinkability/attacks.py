"""Attacks of an honest kind: each says how much better the straight pairing fits than the other.

Above zero: the first report is the first account's. Zero: this attack has nothing to say.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import product
from typing import Any, TypeAlias

import numpy as np

from sync.protocol.token import HEADER, Token
from sync.protocol.token_batch import TokenBatch
from tests.unlinkability.sight import Contact, Sight
from tests.unlinkability.tracking import follow_feed

_Values: TypeAlias = "np.ndarray[Any, np.dtype[np.uint64]]"
Attack: TypeAlias = Callable[[Sight], float]
_DAY_S = 86_400.0
_SLOT_S = 300.0
_WINDOW = 8
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{40,}={0,2}")


def _pairwise(fit: Callable[[Sight, bytes, bytes], float]) -> Attack:
    """An attack from how well one account fits one report."""

    def attack(sight: Sight) -> float:
        fits = {
            (a, r): fit(sight, sight.accounts[a], sight.reports[r])
            for a, r in product(range(2), repeat=2)
        }
        return fits[0, 0] + fits[1, 1] - fits[0, 1] - fits[1, 0]

    return attack


def _by_order(of_account: Callable[..., float], of_report: Callable[..., float]) -> Attack:
    """Whoever is first in the one is first in the other."""

    def attack(sight: Sight) -> float:
        accounts = [of_account(sight, each) for each in sight.accounts]
        reports = [of_report(sight, each) for each in sight.reports]
        return float(np.sign(accounts[0] - accounts[1]) * np.sign(reports[0] - reports[1]))

    return attack


def _first(contacts: tuple[Contact, ...]) -> float:
    return contacts[0].at_s


@lru_cache(maxsize=256)
def _windows(contacts: tuple[Contact, ...]) -> _Values:
    """Every eight bytes in a row of every part, in order."""
    found = [
        np.ascontiguousarray(
            np.lib.stride_tricks.sliding_window_view(np.frombuffer(part, np.uint8), _WINDOW)
        )
        .view(np.uint64)
        .ravel()
        for each in contacts
        for part in _parts(each)
        if len(part) >= _WINDOW
    ]
    return np.unique(np.concatenate(found))


def _parts(contact: Contact) -> Iterator[bytes]:
    """As it came, and what is written in base64 as the bytes that it means."""
    yield from (contact.head, contact.body)
    # TLS's random bytes, its session's name, and all of the rest as one value: the key's share is
    # in it, and what is around that is the same for everyone.
    hello = contact.hello
    yield from (hello[11:43], hello[44:76], hashlib.sha256(hello[76:]).digest()[:_WINDOW])
    written = contact.head if len(contact.body) > 1_024 else contact.head + contact.body
    for each in _BASE64.findall(written):
        plain = each.replace(b"-", b"+").replace(b"_", b"/").rstrip(b"=")
        yield base64.b64decode(plain + b"=" * (-len(plain) % 4))


def equal_values(sight: Sight) -> float:
    """Bytes that one account and one report have in common, and the other two have not."""
    accounts = [_windows(sight.of_account(each)) for each in sight.accounts]
    reports = [_windows(sight.of_report(each)) for each in sight.reports]
    total = 0
    for a in range(2):
        mine = accounts[a][~_are_in(accounts[a], accounts[1 - a])]
        found = [_are_in(mine, each) for each in reports]
        for r in range(2):
            common = int(np.count_nonzero(found[r] & ~found[1 - r]))
            total += common if a == r else -common
    return float(total)


def _are_in(values: _Values, known: _Values) -> "np.ndarray[Any, np.dtype[np.bool_]]":
    """known: in order. Fast where there are few values and many that are known."""
    places = np.minimum(np.searchsorted(known, values), known.size - 1)
    return np.asarray(known[places] == values)


def _same_key(sight: Sight, account: bytes, report: bytes) -> float:
    hint = TokenBatch.from_bytes(sight.batch_of(account).body).key_hint
    shown = dict(sight.of_report(report)[0].headers)[HEADER]
    return float(Token.from_header(shown).token_key_id[-1] == hint)


def _same_connection(sight: Sight, account: bytes, report: bytes) -> float:
    one, other = sight.of_account(account), sight.of_report(report)
    return float(bool({each.connection for each in one} & {each.connection for each in other}))


def _same_line(sight: Sight, account: bytes, report: bytes) -> float:
    """TLS's first words without what is random in every one, or a session taken up again."""
    one, other = sight.of_account(account), sight.of_report(report)
    resumed = any(each.resumed for each in other)
    forms = [[(len(each.hello), each.hello[76:200]) for each in side] for side in (one, other)]
    return float(bool(set(forms[0]) & set(forms[1]))) + resumed


def _nearest_port(sight: Sight, account: bytes, report: bytes) -> float:
    one, other = sight.of_account(account), sight.of_report(report)
    return -float(min(abs(a.port - b.port) for a in one for b in other))


def _near_size(sight: Sight, account: bytes, report: bytes) -> float:
    """The value of a field that both have, by its length: lengths of path and token are fixed."""
    one, other = sight.batch_of(account), sight.of_report(report)[0]
    lengths = [{name: len(text) for name, text in each.headers} for each in (one, other)]
    names = lengths[0].keys() & lengths[1].keys()
    return -float(sum(abs(lengths[0][name] - lengths[1][name]) for name in names))


def _near_total(sight: Sight, account: bytes, report: bytes) -> float:
    one, other = sight.batch_of(account), sight.of_report(report)[0]
    return -abs(float(len(one.head) + len(one.body)) - float(len(other.head) + len(other.body)))


def totals_in_order(sight: Sight) -> float:
    """The longer request is of whom the longer report is."""
    accounts = [len(sight.batch_of(each).head) for each in sight.accounts]
    reports = [len(sight.of_report(each)[0].head) for each in sight.reports]
    return float(np.sign(accounts[0] - accounts[1]) * np.sign(reports[0] - reports[1]))


def _same_header_order(sight: Sight, account: bytes, report: bytes) -> float:
    one, other = sight.batch_of(account), sight.of_report(report)[0]
    names = [[name for name, _ in each.headers] for each in (one, other)]
    shared = [[name for name in side if name in names[0] and name in names[1]] for side in names]
    return float(shared[0] == shared[1])


def _near_batch(sight: Sight, account: bytes, report: bytes) -> float:
    return -float(np.log1p(abs(_first(sight.of_report(report)) - sight.batch_of(account).at_s)))


def _near_enrolment(sight: Sight, account: bytes, report: bytes) -> float:
    away_s = abs(_first(sight.of_report(report)) - _first(sight.of_account(account)))
    return -float(np.log1p(away_s))


def _near_any(sight: Sight, account: bytes, report: bytes) -> float:
    """The shortest time between any two conversations, so that one slot is seen at once."""
    one, other = sight.of_account(account), sight.of_report(report)
    return float(min(abs(a.at_s - b.at_s) for a in one for b in other) < _SLOT_S)


def _same_hour(sight: Sight, account: bytes, report: bytes) -> float:
    away_s = abs(_first(sight.of_report(report)) - sight.batch_of(account).at_s) % _DAY_S
    return -min(away_s, _DAY_S - away_s)


def _same_second(sight: Sight, account: bytes, report: bytes) -> float:
    """Programs look once a minute, each at a second of its own."""
    away_s = abs(_first(sight.of_report(report)) - sight.batch_of(account).at_s) % 60
    return -min(away_s, 60 - away_s)


def _same_feed_files(sight: Sight, account: bytes, report: bytes) -> float:
    """What was asked of the feed around both that not everyone asks for."""
    all_paths = [each.path for each in sight.contacts if each.part == "feed"]
    usual = {path for path in all_paths if path.endswith(".json")}
    one = {each.path for c in sight.of_account(account) for each in sight.around(c, _SLOT_S)}
    other = {each.path for c in sight.of_report(report) for each in sight.around(c, _SLOT_S)}
    return float(len((one & other) - usual))


def _same_feed_hour(sight: Sight, account: bytes, report: bytes) -> float:
    """The feed's daily hour, by the fetch next to the batch and that before the report."""
    batch, sent = sight.batch_of(account), sight.of_report(report)[0]
    feeds = [each.at_s for each in sight.contacts if each.part == "feed"]
    before = [at for at in feeds if at < sent.at_s - _SLOT_S]
    if not before:
        return 0.0
    away_s = abs(before[-1] - batch.at_s) % _DAY_S
    return -min(away_s, _DAY_S - away_s)


def _row_place(file: str) -> Callable[[Sight, bytes], float]:
    return lambda sight, name: float(sight.rows.places[file].get(name, 0))


def _after_tidying(_sight: Sight, name: bytes) -> float:
    """Rows lie in the order of their keys then."""
    return float(int.from_bytes(name[:6], "big"))


ATTACKS: Mapping[str, Attack] = {
    "equal values": equal_values,
    "the issuer's key": _pairwise(_same_key),
    "one connection": _pairwise(_same_connection),
    "TLS's first words": _pairwise(_same_line),
    "port": _pairwise(_nearest_port),
    "sizes": _pairwise(_near_size),
    "total size": _pairwise(_near_total),
    "order of sizes": totals_in_order,
    "header order": _pairwise(_same_header_order),
    "nearest batch": _pairwise(_near_batch),
    "nearest enrolment": _pairwise(_near_enrolment),
    "one slot": _pairwise(_near_any),
    "order of batches": _by_order(
        lambda sight, a: sight.batch_of(a).at_s, lambda sight, r: _first(sight.of_report(r))
    ),
    "order of enrolment": _by_order(
        lambda sight, a: _first(sight.of_account(a)), lambda sight, r: _first(sight.of_report(r))
    ),
    "hour of the day": _pairwise(_same_hour),
    "second of the minute": _pairwise(_same_second),
    "files of the feed": _pairwise(_same_feed_files),
    "hour of the feed": _pairwise(_same_feed_hour),
    "the feed's days": follow_feed,
    "row order, file": _by_order(_row_place("issuer.sqlite"), _row_place("intake.sqlite")),
    "row order, log": _by_order(_row_place("issuer.sqlite-wal"), _row_place("intake.sqlite-wal")),
    "row order, tidied": _by_order(_after_tidying, _after_tidying),
}
