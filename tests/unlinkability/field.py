"""The ground of the game: a real service behind the operator's socket, cards, an empty officer."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from app.paths import Home
from app.use_cases.keep_safe import Post
from service.issuer.home import open_issuer
from service.issuer.private_keys import PrivateKeys
from sync.network import Network
from sync.protocol.issuer_key import IssuerKey
from sync.protocol.quarters import quarter_of, quarters_later
from tests.e2e.forks import SERVICE, Forks
from tests.e2e.journey import Stage
from tests.unlinkability.gate import Gate

VAULT = "first"
_TEMPLATE, _DESK = "officer", "desk"


@dataclass
class SecuredStage(Stage):
    """A stage at which everybody but the service speaks TLS with the operator's socket."""

    gate_port: int = 0

    @property
    def url(self) -> str:
        """Where everybody thinks the service is."""
        return f"https://localhost:{self.gate_port}"


@dataclass
class Field:
    """other_key: a second one that the issuer signs with; nobody is told of it."""

    stage: SecuredStage
    gate: Gate
    other_key: IssuerKey
    cards: list[str] = field(default_factory=list)
    _homes: int = 0

    def card(self) -> str:
        """One that nobody has used."""
        if not self.cards:
            file = self.stage.folder / "given" / f"cards-{self._homes}"
            words = ("cards", "--count", "500", "--text", str(file))
            self.stage.service(*words, "--dir", str(self.stage.service_folder))
            self.cards = file.read_text().splitlines()
        return self.cards.pop()

    @contextmanager
    def new_home(self) -> Iterator[Home]:
        """A computer that knows the connection and the feed, with a post that is empty.

        The post was made once and is copied, with its key: nothing of it is ever on a wire.
        """
        self._homes += 1
        folder = self.stage.home(f"game-{self._homes}")
        shutil.copytree(self.stage.home(_TEMPLATE), folder)
        try:
            yield Home(folder)
        finally:
            shutil.rmtree(folder)


@contextmanager
def prepare(folder: Path, forks: Forks) -> Iterator[Field]:
    """An empty folder. The service runs meanwhile, and has to end well."""
    stage = SecuredStage.build(folder, forks)
    assert isinstance(stage, SecuredStage)
    gate = Gate(folder, stage.port)
    try:
        stage.gate_port = gate.port
        for who in (_TEMPLATE, _DESK):
            stage.home(who).mkdir(parents=True)
            settings = Network("", str(gate.authority.bundle)).to_bytes()
            (stage.home(who) / "network.json").write_bytes(settings)
        stage.found_service_and_desk()
        (key,) = (stage.service_folder / "issuer-keys").iterdir()
        stage.desk("issuer-key", str(key), "--officers", "1000")
        other = _add_other_key(stage.service_folder)
        stage.connect(_TEMPLATE)
        stage.import_feed(_TEMPLATE)
        with _serving(stage):
            stage.desk("upload")
            stage.client(_TEMPLATE, "archive", "update")
            Post.open_or_create(Home(stage.home(_TEMPLATE)).vault_folder(VAULT)).close()
            gate.take()
            yield Field(stage, gate, other)
    finally:
        gate.close()


def _add_other_key(folder: Path) -> IssuerKey:
    """For the leak "a key for each agency": the one before this quarter's, which signs too."""
    home = open_issuer(folder)
    assert home is not None
    before = quarters_later(quarter_of(datetime.now(UTC)), -1)
    made = PrivateKeys(home.folder, home.tenant).rotate(folder / "issuer-keys", before)
    assert made is not None
    return made


@contextmanager
def _serving(stage: Stage) -> Iterator[None]:
    """The service without an unverified lane."""
    folder = str(stage.service_folder)
    running = stage.start(SERVICE, "operator", "serve", folder, "--port", str(stage.port))
    while b"listening on" not in running.stdout_file.read_bytes():
        assert stage.forks.poll(running.process_id) is None, running.stderr_file.read_text()
    try:
        yield
    finally:
        os.kill(running.process_id, signal.SIGTERM)
        done = stage.end(running)
    assert (done.code, done.err) == (0, "")
