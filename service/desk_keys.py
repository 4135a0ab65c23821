"""Reading the public key of a desk that the operator lets in."""

from pathlib import Path

from service.errors import ServiceError
from service.months import is_month, this_month
from sync.protocol.errors import ProtocolError
from sync.protocol.keys import PublicKeyFile, Purpose

_FILE_LIMIT = 65_536


def read_desk_key(path: Path, tenant: str) -> PublicKeyFile:
    """The key in the file. Raises ServiceError unless it is a desk's, of this tenant, in time."""
    try:
        with path.open("rb") as file:
            raw = file.read(_FILE_LIMIT)
        key = PublicKeyFile.from_bytes(raw, tenant=tenant, purpose=Purpose.DESK)
    except OSError as error:
        raise ServiceError(f"The key file cannot be read ({error.strerror}).") from error
    except ProtocolError as error:
        raise ServiceError(
            f"This is no desk key for this service ({error}); "
            "take the public key file that 'nearmiss desk init' wrote."
        ) from error
    if not (is_month(key.first_month) and is_month(key.last_month)):
        raise ServiceError("The key file's months are not months; ask for a new file.")
    if key.last_month < this_month():
        raise ServiceError("The key's period is over; ask the desk for a new key.")
    return key
