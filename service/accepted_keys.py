"""The issuer's public keys whose tokens intake takes: of this quarter and of the previous one.

They lie in a folder of their own, so that intake can run where the issuer is not. A key that
is put there while the service runs is seen at the next request.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from service.errors import ServiceError
from sync.protocol.errors import MalformedError
from sync.protocol.issuer_key import IssuerKey, read_issuer_key
from sync.protocol.quarters import accepted_quarters, quarter_of

_SUFFIX = ".json"
_FILE_LIMIT = 4_096


def this_quarter() -> str:
    """The current quarter."""
    return quarter_of(datetime.now(UTC))


class AcceptedKeys:
    """Reads the folder again only when its list of names has changed."""

    def __init__(
        self, folder: Path, tenant: str, quarter: Callable[[], str] = this_quarter
    ) -> None:
        self._folder = folder
        self._tenant = tenant
        self._quarter = quarter
        self._read: dict[str, IssuerKey] = {}

    def now(self) -> dict[bytes, IssuerKey]:
        """By token_key_id. Raises ServiceError for a file that is no key of this tenant."""
        wanted = accepted_quarters(self._quarter())
        found = self._refresh().values()
        return {each.token_key_id: each for each in found if each.quarter in wanted}

    def _refresh(self) -> dict[str, IssuerKey]:
        try:
            names = {each.name for each in self._folder.iterdir() if each.suffix == _SUFFIX}
        except FileNotFoundError:
            names = set()
        if names != self._read.keys():
            self._read = {
                name: self._read.get(name) or read_key_file(self._folder / name, self._tenant)
                for name in sorted(names)
            }
        return self._read


def read_key_file(path: Path, tenant: str) -> IssuerKey:
    """The public issuer key in a file. Raises ServiceError unless it is this tenant's."""
    try:
        with path.open("rb") as file:
            key = read_issuer_key(file.read(_FILE_LIMIT), tenant)
    except OSError as error:
        raise ServiceError(f"An issuer key file cannot be read ({error.strerror}).") from error
    except MalformedError as error:
        raise ServiceError(
            f"The file {path.name} is no issuer key of this service ({error}); "
            "take it out of the folder of public issuer keys."
        ) from error
    return key
