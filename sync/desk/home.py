"""The desk's folder: made once, on an analyst's machine, and opened with a passphrase.

rings/           key rings; all but the lead's belong on sticks and into safes afterwards
cases.db, .key   the readable cases, encrypted
backup/          a copy of them, made before the service is told that they are safe
feed/, prepared/ the signed archive, and what waits for the second signature
connection.json  for the clients; desk.public.json for the service's operator
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.errors import DamagedError, InputError
from app.paths import Home, disk_errors, make_private_folder, replace_file
from app.progress import Progress
from app.store import keys
from app.use_cases.review_case import CaseStore
from sync.connect import read_connection
from sync.desk.custody import (
    Ring,
    RingName,
    make_desk_key,
    make_research_key,
    make_rings,
    open_ring,
    save_ring,
)
from sync.desk.folder import DeskFeed
from sync.desk.repository import create_repository
from sync.protocol.connection import (
    ARCHIVE_SECRET_LENGTH,
    Connection,
    ServiceCard,
    check_url,
)
from sync.protocol.errors import MalformedError

_LABEL = "cases"
_KEY_LENGTH = 32
_RESEARCH_MONTHS = 6
_DESK_MONTHS = 12


@dataclass(frozen=True, slots=True)
class DeskHome:
    """Where things lie."""

    folder: Path

    @classmethod
    def of(cls, home: Home) -> "DeskHome":
        """The desk of this user."""
        return cls(home.desk_folder)

    @property
    def rings(self) -> Path:
        """The key rings."""
        return self.folder / "rings"

    @property
    def cases_file(self) -> Path:
        """The readable cases."""
        return self.folder / "cases.db"

    @property
    def cases_key_file(self) -> Path:
        """Their key, under the lead's passphrase."""
        return self.folder / "cases.key"

    @property
    def backup_file(self) -> Path:
        """The copy of the cases."""
        return self.folder / "backup" / "cases.db"

    @property
    def backup_key_file(self) -> Path:
        """A copy of the cases' key beside it: the one is of no use without the other."""
        return self.folder / "backup" / "cases.key"

    @property
    def connection_file(self) -> Path:
        """What the clients get."""
        return self.folder / "connection.json"

    @property
    def public_key_file(self) -> Path:
        """What the service's operator gets."""
        return self.folder / "desk.public.json"

    @property
    def feed(self) -> DeskFeed:
        """The signed archive."""
        return DeskFeed(self.folder)

    def connection(self) -> Connection:
        """The desk's own connection. Raises InputError if there is no desk here."""
        with disk_errors():
            if not self.connection_file.exists():
                raise InputError(
                    "There is no desk on this computer.",
                    hint="Make one: nearmiss desk init --service FILE --url URL",
                )
            raw = self.connection_file.read_bytes()
        return read_connection(raw)

    def open_ring(self, name: RingName, passphrase: str) -> Ring:
        """One holder's keys. Raises UserError as `custody.open_ring`."""
        return open_ring(self.rings, name, self.connection().tenant, passphrase)

    def open_cases(self, passphrase: str) -> tuple[CaseStore, bytes]:
        """The cases and their key, which a copy of them needs. Raises UserError."""
        self.connection()
        with disk_errors():
            pairs = (
                (self.cases_file, self.backup_file, "The file of cases"),
                (self.cases_key_file, self.backup_key_file, "The key of the cases"),
            )
            for file, copy, what in pairs:
                if copy.exists() and not file.exists():
                    raise DamagedError(
                        f"{what} is missing, but there is a copy of it.",
                        "Nothing was changed: a new one would soon have replaced the copy.",
                        f"Copy backup/{copy.name} back to where it was, one folder above.",
                    )
            raw = self.cases_key_file.read_bytes()
        key = keys.open_secret(raw, passphrase, label=_LABEL)
        return CaseStore.open_or_create(self.cases_file, key), key

    def back_up(self, cases: CaseStore, key: bytes, progress: Progress) -> None:
        """Copy the cases and their key; the former copy stays until the new one is verified.

        Raises DamagedError, SurroundingsError.
        """
        make_private_folder(self.backup_file.parent)
        with disk_errors():
            locked = self.cases_key_file.read_bytes()
        replace_file(self.backup_key_file, locked)
        cases.backup(self.backup_file, key, progress)


def read_card(raw: bytes) -> ServiceCard:
    """The service's public file. Raises DamagedError."""
    try:
        return ServiceCard.from_bytes(raw)
    except MalformedError as error:
        raise DamagedError(
            "This is not a service's public file, or it is damaged.",
            f"What is wrong: {error}.",
            "Ask the operator for service.public.json.",
        ) from error


def init_desk(
    desk: DeskHome,
    card: ServiceCard,
    name: str,
    service_url: str,
    feed_url: str,
    passphrase: str,
    now: datetime,
) -> Connection:
    """Make all keys, the empty signed archive and connection.json, which is written last.

    One that was cut off is begun anew by calling it again. Raises InputError if there is a
    desk already or the addresses cannot be used, SurroundingsError.
    """
    # Cases are there only after a desk was made whole: then its keys may be in use.
    if any(each.exists() for each in (desk.connection_file, desk.cases_file, desk.backup_file)):
        raise InputError(
            "There is a desk on this computer already.",
            "Its keys open reports, so they are not replaced.",
            "Choose another folder with NEARMISS_HOME.",
        )
    service_url, feed_url = _check(service_url), _check(feed_url)
    make_private_folder(desk.folder)
    research, research_file = make_research_key(card.tenant, *_period(now, _RESEARCH_MONTHS))
    own, own_file = make_desk_key(card.tenant, *_period(now, _DESK_MONTHS))
    rings = make_rings(card.tenant)
    lead = rings[RingName.LEAD].with_key(research, research_file).with_key(own, own_file)
    rings[RingName.LEAD] = lead
    for ring in rings.values():
        save_ring(desk.rings, ring, passphrase)
    locked = keys.lock_secret(secrets.token_bytes(_KEY_LENGTH), passphrase, label=_LABEL)
    replace_file(desk.cases_key_file, locked)
    root = create_repository(desk.feed, rings, [research_file, card.acknowledgement], now)
    connection = Connection(
        tenant=card.tenant,
        name=name,
        service_url=service_url,
        feed_url=feed_url,
        root=root,
        archive_secret=secrets.token_bytes(ARCHIVE_SECRET_LENGTH),
    )
    replace_file(desk.public_key_file, own_file.to_bytes())
    replace_file(desk.connection_file, connection.to_bytes())
    return connection


def _check(url: str) -> str:
    try:
        return check_url(url)
    except MalformedError as error:
        raise InputError(
            f"This address cannot be used: {error}.",
            hint="An example: https://reports.example.org",
        ) from error


def _period(now: datetime, months: int) -> tuple[str, str]:
    """First and last month, "YYYY-MM", beginning with this one."""
    last = now.year * 12 + now.month - 1 + months - 1
    return f"{now:%Y-%m}", f"{last // 12:04}-{last % 12 + 1:02}"
