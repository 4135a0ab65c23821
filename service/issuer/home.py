"""The issuer's folder, apart from intake's: it can be moved to another host as it is.

issuer.json        whose issuer it is and where its database is (private: a password)
issuer.sqlite      the database, unless issuer.json names another
2026-Q4.key        the private key of a quarter; this one's, the previous, perhaps the next
"""

from dataclasses import dataclass
from pathlib import Path

from service.errors import ServiceError
from service.files import write_whole
from sync.protocol import canonical
from sync.protocol.errors import MalformedError
from sync.protocol.keys import TENANT_LENGTH

FOLDER = "issuer"
SETTINGS = "issuer.json"
_DATABASE = "issuer.sqlite"
_FORMAT = "nearmiss-issuer-settings-1"
_OWNER_ONLY = 0o700


@dataclass(frozen=True, slots=True)
class IssuerHome:
    """One issuer. database: an SQLAlchemy address, which may hold a password."""

    folder: Path
    tenant: str
    database: str

    def __repr__(self) -> str:
        return f"IssuerHome(tenant={self.tenant!r})"


def issuer_folder(service_folder: Path) -> Path:
    """Where the issuer's files lie in the operator's folder."""
    return service_folder / FOLDER


def make_issuer(service_folder: Path, tenant: str, database: str | None) -> IssuerHome:
    """Make the folder; the settings last, since they make it an issuer's.

    database: None for the one inside the folder. Raises OSError.
    """
    folder = issuer_folder(service_folder)
    folder.mkdir(mode=_OWNER_ONLY, exist_ok=True)
    settings = {"format": _FORMAT, "tenant": tenant, "database": database}
    write_whole(folder / SETTINGS, canonical.encode(settings))
    return IssuerHome(folder, tenant, database or _own_database(folder))


def open_issuer(service_folder: Path) -> IssuerHome | None:
    """The issuer in the operator's folder; None if there is none.

    Raises ServiceError for a file that is damaged.
    """
    folder = issuer_folder(service_folder)
    try:
        message = canonical.decode((folder / SETTINGS).read_bytes())
        canonical.expect_format(message, _FORMAT)
        tenant = canonical.from_hex(message.get("tenant"), TENANT_LENGTH).hex()
        database = message.get("database")
        if not isinstance(database, str | None):
            raise MalformedError("'database' is not a text")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ServiceError(f"The file {SETTINGS} cannot be read ({error.strerror}).") from error
    except MalformedError as error:
        raise ServiceError(f"The file {SETTINGS} is damaged; put it back from a backup.") from error
    return IssuerHome(folder, tenant, database or _own_database(folder))


def _own_database(folder: Path) -> str:
    return f"sqlite:///{(folder / _DATABASE).resolve().as_posix()}"
