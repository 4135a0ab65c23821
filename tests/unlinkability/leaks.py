"""Six leaks, each planted around the program's own code, which has no switch for any of them."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from sync import client, verified_officer
from sync.archive_update import issuer_keys
from sync.client import HttpFeed
from sync.feed_source import MissingFileError
from sync.network import read_network
from sync.protocol import token_request
from sync.protocol.issuer_key import IssuerKey
from sync.protocol.keys import SigningKey
from tests.unlinkability.field import Field
from tests.unlinkability.machine import Machine


@dataclass
class Leak:
    """speaks: the machine that is about to speak. of: what the game holds for each, by folder."""

    game: Field
    chance: random.Random
    in_one_slot: bool = False
    speaks: Machine | None = None
    _held: dict[str, Any] = field(default_factory=dict)

    def before(self, machine: Machine) -> None:
        """Called before each conversation."""
        self.speaks = machine

    @contextmanager
    def planted(self) -> Iterator[None]:
        """The leak is there meanwhile."""
        yield

    def of(self, make: Callable[[], Any]) -> Any:
        """The same for one officer each time, another for another."""
        assert self.speaks is not None
        name = str(self.speaks.home.folder)
        if name not in self._held:
            self._held[name] = make()
        return self._held[name]


class KeyPerAgency(Leak):
    """Two agencies, each with an issuer key of its own."""

    @contextmanager
    def planted(self) -> Iterator[None]:
        """Every second officer is of the other agency."""
        real = issuer_keys
        turn = iter(range(1_000_000))

        def keys(home: Any, connection: Any) -> tuple[IssuerKey, ...]:
            is_other = self.of(lambda: next(turn) % 2)
            return (self.game.other_key,) if is_other else real(home, connection)

        with mock.patch.object(verified_officer, "issuer_keys", keys):
            yield


class KeptConnection(Leak):
    """One session for each officer, which is never closed."""

    @contextmanager
    def planted(self) -> Iterator[None]:
        """A session comes back whenever its officer speaks again."""
        real = client._Line
        leak = self

        class Kept(real):  # type: ignore[misc, valid-type]
            def __new__(cls, url: str, *words: Any) -> Any:
                def make() -> Any:
                    made = real(url, *words)
                    vars(made)["close"] = lambda: None
                    return made

                return leak.of(make) if "/v1/" in url else real(url, *words)

            def __init__(self, *_words: Any) -> None:
                """Made already."""

        with mock.patch.object(client, "_Line", Kept):
            yield
        for each in self._held.values():
            each._session.close()


class ReusedNonce(Leak):
    """The key that signs for the account is the nonce of the token that is shown first."""

    @contextmanager
    def planted(self) -> Iterator[None]:
        """Of a batch, the token with the lowest nonce is shown first."""
        real = SigningKey

        class Again:
            def __new__(cls, seed: bytes) -> Any:
                return SigningKey(seed)

            @staticmethod
            def generate() -> SigningKey:
                assert self.speaks is not None
                own = self.of(lambda: [_low_key()])
                if len(own) == 1:
                    own.append(own[0])
                    return own[0]  # type: ignore[no-any-return]
                while (made := real.generate()).public_bytes() <= own[0].public_bytes():
                    pass
                return made

        class Account:
            def __new__(cls, seed: bytes) -> Any:
                return SigningKey(seed)

            @staticmethod
            def generate() -> SigningKey:
                found: SigningKey = self.of(lambda: [_low_key()])[0]
                return found

        with (
            mock.patch.object(token_request, "SigningKey", Again),
            mock.patch("sync.enrolment.SigningKey", Account),
        ):
            yield


class VaryingSize(Leak):
    """Each officer's requests are some bytes longer than they need be, by the same letters."""

    @contextmanager
    def planted(self) -> Iterator[None]:
        """So many as the officer's agency has letters, say."""
        real = client._headers

        def headers(more: Any) -> dict[str, str]:
            return {**real(more), "Accept": "*/*" + "," * self._extra()}

        with mock.patch.object(client, "_headers", headers):
            yield

    def _extra(self) -> int:
        found: int = self.of(lambda: self.chance.randrange(12))
        return found


class MailByTag(Leak):
    """Each officer asks for the mail of an earlier report by its tag, at every conversation."""

    def before(self, machine: Machine) -> None:
        """Ask."""
        super().before(machine)
        tag: str = self.of(lambda: self.chance.randbytes(16).hex())
        network = read_network(machine.home)
        with HttpFeed(machine.connection.feed_url, network) as feed:
            try:
                list(feed.read(f"mail/{tag}", 4_096))
            except MissingFileError:
                return


def plant(name: str, game: Field, chance: random.Random) -> Leak:
    """The leak that is called so; "" for none."""
    kinds: dict[str, Callable[[], Leak]] = {
        "": lambda: Leak(game, chance),
        "key per agency": lambda: KeyPerAgency(game, chance),
        "one slot": lambda: Leak(game, chance, in_one_slot=True),
        "kept connection": lambda: KeptConnection(game, chance),
        "reused nonce": lambda: ReusedNonce(game, chance),
        "varying size": lambda: VaryingSize(game, chance),
        "mail by tag": lambda: MailByTag(game, chance),
    }
    return kinds[name]()


LEAKS = (
    "key per agency",
    "one slot",
    "kept connection",
    "reused nonce",
    "varying size",
    "mail by tag",
)


def _low_key() -> SigningKey:
    while (made := SigningKey.generate()).public_bytes()[0] >= 4:
        pass
    return made
