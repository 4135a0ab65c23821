"""The count after the storm, from the databases and the posts as they lie there."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from app.domain.submission import SubmissionState
from app.domain.token import TokenState
from app.store.outbox import Outbox
from app.store.post import Post
from app.store.tables.post import TOKENS
from service.database.engine import open_engine
from service.database.issuer_tables import account
from service.database.tables import report, spent_token
from service.issuer.home import open_issuer
from sync.desk.custody import Ring, RingName
from sync.desk.home import DeskHome
from sync.protocol.envelope import Envelope
from sync.protocol.errors import ProtocolError
from sync.protocol.seal import read_header, unseal
from tests.e2e.journey import PASSPHRASE, Stage
from tests.service.running import transaction
from tests.torture.ground import Ground
from tests.torture.officers import queued_file, read_journal, received_file
from tests.torture.station import SERIAL, report_id

_PAGE = 200


@dataclass
class AtService:
    """hashes: id → hash of the stored body. serials: what stands in the seals. paid: the nonces
    that were spent on an id. damaged: bodies that are not those of their hash, or do not open.
    accounts: at the issuer.
    """

    hashes: dict[bytes, bytes] = field(default_factory=dict)
    serials: Counter[int] = field(default_factory=Counter)
    others: int = 0
    damaged: int = 0
    paid: dict[bytes, set[bytes]] = field(default_factory=dict)
    accounts: int = 0


@dataclass
class AtClients:
    """hashes: id → hash of the frozen body. acknowledged: in a journal or as `received` in a
    post. unused: nonces of tokens that were never shown. states: of the submissions.
    """

    queued: set[bytes] = field(default_factory=set)
    acknowledged: set[bytes] = field(default_factory=set)
    hashes: dict[bytes, bytes] = field(default_factory=dict)
    unused: set[bytes] = field(default_factory=set)
    states: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Tally:
    """Of all but the first three and `others` there must be none.

    lost: queued, and not stored with these bytes. twice: reports that are stored under two ids.
    missing: acknowledged, and not stored with these bytes. tokens_twice: tokens beyond one for
    a report, unused ones that the service has as spent, and accounts beyond one for an officer.
    unpaid: stored without a token. unfinished: not acknowledged in the end. nowhere: stored, and
    never queued. others: sealed by the program itself, such as cover submissions.
    """

    queued: int
    stored: int
    acknowledged: int
    lost: int
    twice: int
    missing: int
    tokens_twice: int
    unpaid: int
    unfinished: int
    nowhere: int
    damaged: int
    others: int

    def faults(self) -> list[str]:
        """What must not be; empty if all is well."""
        names = ("lost", "twice", "missing", "tokens_twice", "unpaid", "unfinished", "nowhere")
        return [
            f"{name}: {getattr(self, name)}" for name in (*names, "damaged") if getattr(self, name)
        ]


def count_up(ground: Ground, uploads: int, seed: int) -> Tally:
    """Read everything. uploads, seed: what was to be sent."""
    service, clients = read_service(ground.stage), read_clients(ground)
    return compare(
        service, clients, {report_id(seed, each) for each in range(uploads)}, ground.officers
    )


def compare(service: AtService, clients: AtClients, wanted: set[bytes], officers: int) -> Tally:
    """What the two sides make together."""

    def is_stored(name: bytes) -> bool:
        return name in service.hashes and service.hashes[name] == clients.hashes.get(name)

    spent = set().union(*service.paid.values()) if service.paid else set()
    return Tally(
        queued=len(clients.queued),
        stored=len(service.hashes),
        acknowledged=len(clients.acknowledged),
        lost=sum(not is_stored(name) for name in clients.queued | wanted),
        twice=sum(count - 1 for count in service.serials.values()),
        missing=sum(not is_stored(name) for name in clients.acknowledged),
        tokens_twice=sum(len(nonces) - 1 for nonces in service.paid.values())
        + len(spent & clients.unused)
        + max(0, service.accounts - officers),
        unpaid=len(service.hashes.keys() - service.paid.keys()),
        unfinished=len(wanted - clients.acknowledged),
        nowhere=len(service.hashes.keys() - wanted) - service.others,
        damaged=service.damaged,
        others=service.others,
    )


def read_service(stage: Stage) -> AtService:
    """Without the service, and with the research team's key."""
    found = AtService()
    ring = DeskHome(stage.desk_folder).open_ring(RingName.LEAD, PASSPHRASE)
    with transaction(stage.service_folder) as connection:
        rows = connection.execution_options(yield_per=_PAGE).execute(
            select(report.c.id, report.c.hash, report.c.body)
        )
        for name, body_hash, body in rows:
            found.hashes[name] = body_hash
            _open(found, ring, name, body_hash, body)
        for nonce, name in connection.execute(select(spent_token.c.nonce, spent_token.c.report_id)):
            found.paid.setdefault(name, set()).add(nonce)
    issuer = open_issuer(stage.service_folder)
    assert issuer is not None
    engine = open_engine(issuer.database)
    with engine.begin() as connection:
        found.accounts = connection.execute(select(func.count()).select_from(account)).scalar_one()
    engine.dispose()
    return found


def _open(found: AtService, ring: Ring, name: bytes, body_hash: bytes, body: bytes) -> None:
    try:
        header = read_header(body)
        ((key, public),) = [
            pair for pair in ring.research_keys() if pair[1].key_id == header.key_id
        ]
        content = unseal(body, key, public, name)
    except (ProtocolError, ValueError):
        found.damaged += 1
        return
    found.damaged += hashlib.sha256(body).digest() != body_hash
    try:
        serial = Envelope.from_bytes(content).codes[SERIAL]
    except (ProtocolError, KeyError):
        found.others += 1
        return
    assert isinstance(serial, int)
    found.serials[serial] += 1


def read_clients(ground: Ground) -> AtClients:
    """The posts and the journals."""
    found = AtClients()
    for plan in ground.clients:
        folder = Path(plan.folder)
        found.queued |= set(read_journal(queued_file(folder)))
        found.acknowledged |= set(read_journal(received_file(folder)))
        for vault in _vaults(folder):
            with Post.open_or_create(vault) as post:
                _read_post(found, post)
    return found


def _read_post(found: AtClients, post: Post) -> None:
    outbox = Outbox(post)
    for row in outbox.submissions():
        found.states[row.state] += 1
        found.hashes[row.report_id] = hashlib.sha256(outbox.body(row.report_id)).digest()
        if row.state is SubmissionState.RECEIVED:
            found.acknowledged.add(row.report_id)
    query = select(TOKENS.c.nonce).where(TOKENS.c.state == TokenState.READY)
    with post.file.reading() as connection:
        found.unused |= set(connection.execute(query).scalars())


def _vaults(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.glob("station-*/vaults/*"))
