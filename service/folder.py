"""The operator's folder: what the service is, whose key it holds, where its database lies.

service.json          who the service is and where its database is (private: a password)
service.public.json   the card that an analyst's machine is given
acknowledgement.key   the key that signs receipts of intake (private)
intake.sqlite         the database, unless service.json names another
feed/                 the static files that the desk uploads
issuer-keys/          the issuer's public keys, for intake and for the desk
issuer/               the issuer's own files (private); see service.issuer.home
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from service.errors import ServiceError
from service.files import write_whole
from service.months import months_later, this_month
from sync.protocol import canonical
from sync.protocol.connection import ServiceCard, new_tenant
from sync.protocol.errors import ProtocolError
from sync.protocol.keys import SEED_LENGTH, PublicKeyFile, Purpose, SigningKey

SETTINGS = "service.json"
CARD = "service.public.json"
KEY = "acknowledgement.key"
FEED = "feed"
ISSUER_KEYS = "issuer-keys"
_DATABASE = "intake.sqlite"
_SETTINGS_FORMAT = "nearmiss-service-settings-1"
_KEY_FORMAT = "nearmiss-acknowledgement-key-1"
_KEY_MONTHS = 12
_OWNER_ONLY = 0o700


@dataclass(frozen=True, slots=True)
class Service:
    """One installation. database: an SQLAlchemy address, which may hold a password."""

    folder: Path
    tenant: str
    database: str
    key: SigningKey
    public: PublicKeyFile

    def __repr__(self) -> str:
        return f"Service(tenant={self.tenant!r})"

    @property
    def feed(self) -> Path:
        """The folder of static files."""
        return self.folder / FEED

    @property
    def issuer_keys(self) -> Path:
        """The folder of the issuer's public keys."""
        return self.folder / ISSUER_KEYS


def prepare_folder(folder: Path) -> None:
    """Make the folder, or take an empty one, and close it to everyone else.

    Raises ServiceError if it already holds something.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / SETTINGS).exists():
            raise ServiceError("This folder already holds a service; choose another one.")
        if any(folder.iterdir()):
            raise ServiceError("This folder is not empty; choose a new or an empty one.")
        folder.chmod(_OWNER_ONLY)
    except OSError as error:
        raise ServiceError(
            f"The folder cannot be made ({error.strerror}); choose one that you may write to."
        ) from error


def clear_folder(folder: Path) -> None:
    """Take everything out of a folder that was empty: half a service would be in the way."""
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def new_service(folder: Path, database: str | None) -> Service:
    """A service with a new name and a new key; nothing is written yet."""
    tenant = new_tenant()
    key = SigningKey.generate()
    month = this_month()
    public = PublicKeyFile(
        tenant=tenant,
        purpose=Purpose.ACKNOWLEDGEMENT,
        first_month=month,
        last_month=months_later(month, _KEY_MONTHS - 1),
        public=key.public_bytes(),
    )
    return Service(folder, tenant, database or _own_database(folder), key, public)


def write_service(service: Service, database: str | None) -> None:
    """Write the files; the settings last, since they make the folder a service's.

    database: None for the one inside the folder, so that the folder can be moved.
    """
    folder = service.folder
    service.feed.mkdir(exist_ok=True)
    seed = canonical.to_base64(service.key.seed)
    write_whole(folder / KEY, canonical.encode({"format": _KEY_FORMAT, "seed": seed}))
    write_whole(folder / CARD, ServiceCard(service.tenant, service.public).to_bytes())
    settings = {"format": _SETTINGS_FORMAT, "tenant": service.tenant, "database": database}
    write_whole(folder / SETTINGS, canonical.encode(settings))


def open_service(folder: Path) -> Service:
    """Read the folder. Raises ServiceError that names the file that is missing or damaged."""
    settings = _read(folder, SETTINGS, _SETTINGS_FORMAT)
    secret = _read(folder, KEY, _KEY_FORMAT)
    database = settings.get("database")
    if not isinstance(database, str | None):
        raise ServiceError(f"The file {SETTINGS} is damaged; put it back from a backup.")
    try:
        card = ServiceCard.from_bytes(_read_bytes(folder, CARD))
        key = SigningKey(canonical.from_base64(secret.get("seed"), SEED_LENGTH))
    except ProtocolError as error:
        raise ServiceError(
            f"The file {CARD} or {KEY} is damaged; put both back from a backup."
        ) from error
    if card.tenant != settings.get("tenant") or key.public_bytes() != card.acknowledgement.public:
        raise ServiceError("The files of this folder belong to different services.")
    return Service(
        folder, card.tenant, database or _own_database(folder), key, card.acknowledgement
    )


def _own_database(folder: Path) -> str:
    return f"sqlite:///{(folder / _DATABASE).resolve().as_posix()}"


def _read(folder: Path, name: str, form: str) -> dict[str, canonical.Json]:
    try:
        message = canonical.decode(_read_bytes(folder, name))
        canonical.expect_format(message, form)
    except ProtocolError as error:
        raise ServiceError(f"The file {name} is damaged; put it back from a backup.") from error
    return message


def _read_bytes(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError as error:
        raise ServiceError(
            f"There is no service in this folder ({name} is missing); "
            "name its folder or make one with 'nearmiss-service init'."
        ) from error
    except OSError as error:
        raise ServiceError(f"The file {name} cannot be read ({error.strerror}).") from error
