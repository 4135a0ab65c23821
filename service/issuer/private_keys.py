"""The issuer's private keys: a file for each quarter, made and thrown away by `rotate-keys`."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from service.accepted_keys import read_key_file
from service.errors import ServiceError
from service.files import write_whole
from service.issuer.signing import (
    IssuerSigner,
    SigningError,
    generate_private_key,
    load_signer,
)
from sync.protocol.issuer_key import IssuerKey
from sync.protocol.quarters import accepted_quarters, is_quarter, quarters_later

_SUFFIX = ".key"


@dataclass(frozen=True, slots=True)
class QuarterKey:
    """Both halves of the key of one quarter."""

    public: IssuerKey
    signer: IssuerSigner

    @property
    def hint(self) -> int:
        """The last byte of its id, by which a request names it."""
        return self.public.token_key_id[-1]


class PrivateKeys:
    """Reads the folder again only when its list of names has changed."""

    def __init__(self, folder: Path, tenant: str) -> None:
        self._folder = folder
        self._tenant = tenant
        self._read: dict[str, QuarterKey] = {}

    def all(self) -> tuple[QuarterKey, ...]:
        """Every key that is here, by quarter. Raises ServiceError for a damaged file."""
        names = {each.stem for each in self._folder.glob(f"*{_SUFFIX}") if is_quarter(each.stem)}
        if names != self._read.keys():
            self._read = {
                quarter: self._read.get(quarter) or self._load(quarter) for quarter in sorted(names)
            }
        return tuple(self._read.values())

    def find(self, hint: int, quarter: str) -> QuarterKey | None:
        """The key that is named so and signs in this quarter: its own or the previous one's."""
        wanted = accepted_quarters(quarter)
        for each in self.all():
            if each.hint == hint and each.public.quarter in wanted:
                return each
        return None

    def rotate(self, public_folder: Path, quarter: str) -> IssuerKey | None:
        """Make the key of this quarter or, if it is here, of the next one.

        None if both are here. What signs no more is thrown away. The public half is written
        first: a private key whose public half nobody has would sign what nobody takes.
        Raises ServiceError, OSError.
        """
        public_folder.mkdir(exist_ok=True)
        kept = accepted_quarters(quarter) | {quarters_later(quarter, 1)}
        for each in self.all():
            if each.public.quarter not in kept:
                self._path(each.public.quarter).unlink(missing_ok=True)
        held = {each.public.quarter for each in self.all()}
        for wanted in (quarter, quarters_later(quarter, 1)):
            if wanted not in held:
                return self._make(public_folder, wanted)
        return None

    def _make(self, public_folder: Path, quarter: str) -> IssuerKey:
        # Of one that broke off, or that was made on another host meanwhile.
        for path in public_folder.glob("*.json"):
            if read_key_file(path, self._tenant).quarter == quarter:
                path.unlink()
        taken = {each.hint for each in self.all()}
        stored, public = _generate(self._tenant, quarter, taken)
        write_whole(public_folder / public.name, public.to_bytes())
        write_whole(self._path(quarter), stored)
        return public

    def _load(self, quarter: str) -> QuarterKey:
        try:
            signer = load_signer(self._path(quarter).read_bytes())
        except (SigningError, OSError) as error:
            raise ServiceError(
                f"The issuer's key {quarter}{_SUFFIX} cannot be read; put it back from a backup."
            ) from error
        return QuarterKey(IssuerKey(self._tenant, quarter, signer.modulus), signer)

    def _path(self, quarter: str) -> Path:
        return self._folder / f"{quarter}{_SUFFIX}"


def _generate(tenant: str, quarter: str, taken: Iterable[int]) -> tuple[bytes, IssuerKey]:
    """A new key whose hint is not taken: a request names its key by that byte alone."""
    hints = set(taken)
    while True:
        stored = generate_private_key()
        public = IssuerKey(tenant, quarter, load_signer(stored).modulus)
        if public.token_key_id[-1] not in hints:
            return stored, public
