"""An officer's open session with the invented draft, for the tests of the pages."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from app.domain.answer_reading import parse_answers
from app.paths import Home
from app.progress import Silent
from app.store.keys import Cost
from app.store.vault import Vault
from app.use_cases import write_report
from app.use_cases.write_report import DraftId
from resources.read import read_bytes
from sync.archive_update import import_archive
from sync.desk.custody import make_rings
from sync.desk.folder import DeskFeed
from sync.desk.repository import create_repository
from sync.protocol.connection import Connection
from sync.protocol.keys import PublicKeyFile, Purpose, SealingKey
from sync.scrub import Doubt, Identities, Scrubber, ScrubResult
from sync.scrub.lexicon import Lexicon
from ui.cli.parts import build_scrubber, read_form, read_words
from ui.session import Session

TENANT = "a" * 32
URL = "http://127.0.0.1:9"
KEY = SealingKey.generate()
PUBLIC = PublicKeyFile(TENANT, Purpose.RESEARCH, "2026-01", "2026-06", KEY.public_bytes())


@contextmanager
def open_session(folder: Path) -> Iterator[Session]:
    """A session with an open vault, not connected to anything."""
    home = Home(folder)
    cheap = Cost(memory_kib=8_192, passes=1, lanes=1)
    Vault.create(home.vault_folder("first"), "long enough", cheap).close()
    session = Session(home, *read_form(), read_words())
    session.unlock("first", "long enough")
    yield session
    session.close()


def connect(session: Session, *, with_key: bool = True) -> None:
    """Trust a research team, and have the key that it has signed."""
    home, today = session.home, datetime.now(UTC)
    feed = DeskFeed(home.folder / "team")
    root = create_repository(feed, make_rings(TENANT), [PUBLIC], today)
    connection = Connection(TENANT, "A research team", URL, f"{URL}/feed", root, bytes(32))
    home.connection_file.write_bytes(connection.to_bytes())
    if with_key:
        import_archive(home, connection, feed.released, today, Silent(), allow_expired=False)


@dataclass(frozen=True, slots=True)
class RulesAlone:
    """A scrubber whose findings do not change with the model, and that has these doubts."""

    rules: Scrubber
    doubts: tuple[Doubt, ...]

    @property
    def lexicon(self) -> Lexicon:
        return self.rules.lexicon

    def scrub(self, texts: Mapping[str, str], known: Identities) -> ScrubResult:
        return replace(self.rules.scrub(texts, known), doubts=self.doubts)


def use_rules(session: Session, *doubts: Doubt) -> None:
    """Let the session look with rules alone, and doubt what is said here."""
    rules = Scrubber(build_scrubber().lexicon)
    session._scrubber = cast("Scrubber", RulesAlone(rules, doubts))


def write_draft(session: Session, story: str = "", **changes: object) -> DraftId:
    """The invented draft, with something added to its story and with other answers."""
    raw = json.loads(read_bytes("sample/first_report.json"))["answers"]
    raw["what_happened"] += story
    raw |= changes
    answers, notes = parse_answers(session.form, {k: v for k, v in raw.items() if v is not None})
    return write_report.start(session.drafts, session.form, session.labels, answers, notes)
