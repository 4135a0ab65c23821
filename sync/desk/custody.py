"""Key rings: who holds which private keys, each ring in a file of its own.

    lead        archive-1, snapshot-1, timestamp-1, research keys, desk key
    second      archive-2, snapshot-2, timestamp-2
    root-1..3   one root key each; two of them sign
    targets-1..2  one targets key each; both sign
    release     the key of the program's packages

Each file opens with a passphrase of its own, so that it can lie on a stick in a safe. Lead
and second each have keys for snapshot and timestamp, so that neither needs the other's ring.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner

from app.errors import DamagedError, InputError
from app.paths import disk_errors, make_private_folder, replace_file
from app.store.keys import RFC9106_SECOND, Cost, lock_secret, open_secret
from sync.protocol import canonical
from sync.protocol.canonical import Json
from sync.protocol.errors import MalformedError
from sync.protocol.keys import (
    SEALING_SEED_LENGTH,
    SEED_LENGTH,
    PublicKeyFile,
    Purpose,
    SealingKey,
    SigningKey,
)

FORMAT = "nearmiss-ring-1"
_MEMBERS = ("format", "tenant", "name", "seeds", "public")


class RingName(StrEnum):
    """Which ring. The value is the file's name, without its ending."""

    LEAD = "lead"
    SECOND = "second"
    ROOT_1 = "root-1"
    ROOT_2 = "root-2"
    ROOT_3 = "root-3"
    TARGETS_1 = "targets-1"
    TARGETS_2 = "targets-2"
    RELEASE = "release"


ROOT_RINGS = (RingName.ROOT_1, RingName.ROOT_2, RingName.ROOT_3)
TARGETS_RINGS = (RingName.TARGETS_1, RingName.TARGETS_2)
ANALYST_RINGS = (RingName.LEAD, RingName.SECOND)
_SIGNING_NAMES: Mapping[RingName, tuple[str, ...]] = {
    RingName.LEAD: ("archive-1", "snapshot-1", "timestamp-1"),
    RingName.SECOND: ("archive-2", "snapshot-2", "timestamp-2"),
    **{name: (name.value,) for name in (*ROOT_RINGS, *TARGETS_RINGS)},
    RingName.RELEASE: ("release-1",),
}


class MissingRingError(InputError):
    """The ring's file is not where it is looked for."""

    def __init__(self, name: RingName) -> None:
        super().__init__(
            f"The key ring '{name}' is not here.",
            "Nothing was signed.",
            "Put in the stick or copy the file back from where it is kept, then try again.",
        )


@dataclass(frozen=True, slots=True)
class Ring:
    """Private keys of one holder.

    seeds: by the name of the key, such as "archive-1", or the name of the public file. public:
    the public files of research and desk keys, by their name.
    """

    tenant: str
    name: RingName
    seeds: Mapping[str, bytes] = field(repr=False)
    public: Mapping[str, PublicKeyFile] = field(repr=False)

    def signer(self, role: str) -> CryptoSigner:
        """What signs for a TUF role: root, targets, archive, release, snapshot, timestamp.

        Raises InputError if this ring's holder does not sign for it.
        """
        for name, seed in self.seeds.items():
            if name in _SIGNING_NAMES[self.name] and name.rpartition("-")[0] == role:
                return CryptoSigner(Ed25519PrivateKey.from_private_bytes(seed))
        raise InputError(
            f"The key ring '{self.name}' does not sign for '{role}'.",
            "Nothing was signed.",
            "Choose the ring of somebody who may.",
        )

    def desk_key(self) -> tuple[SigningKey, PublicKeyFile]:
        """The key that signs requests to the service. Raises InputError if there is none."""
        for name, public in self.public.items():
            if public.purpose is Purpose.DESK:
                return SigningKey(self.seeds[name]), public
        raise InputError(
            f"The key ring '{self.name}' holds no desk key.",
            hint="Choose the ring of an analyst who talks to the service.",
        )

    def research_keys(self) -> tuple[tuple[SealingKey, PublicKeyFile], ...]:
        """The keys that open reports, the newest first."""
        found = [
            (SealingKey(self.seeds[name]), public)
            for name, public in self.public.items()
            if public.purpose is Purpose.RESEARCH
        ]
        return tuple(sorted(found, key=lambda pair: pair[1].last_month, reverse=True))

    def with_key(self, key: SealingKey | SigningKey, public: PublicKeyFile) -> "Ring":
        """The ring with one more research or desk key."""
        return Ring(
            self.tenant,
            self.name,
            {**self.seeds, public.name: key.seed},
            {**self.public, public.name: public},
        )


def make_rings(tenant: str) -> dict[RingName, Ring]:
    """All rings of a new desk, with new signing keys and no research or desk key yet."""
    return {name: make_ring(tenant, name) for name in RingName}


def make_ring(tenant: str, name: RingName) -> Ring:
    """One ring with new keys."""
    seeds = {key: secrets.token_bytes(SEED_LENGTH) for key in _SIGNING_NAMES[name]}
    return Ring(tenant, name, seeds, {})


def make_research_key(
    tenant: str, first_month: str, last_month: str
) -> tuple[SealingKey, PublicKeyFile]:
    """A key that opens reports, for the period given as "YYYY-MM", both included."""
    key = SealingKey.generate()
    return key, PublicKeyFile(tenant, Purpose.RESEARCH, first_month, last_month, key.public_bytes())


def make_desk_key(
    tenant: str, first_month: str, last_month: str
) -> tuple[SigningKey, PublicKeyFile]:
    """A key for requests to the service, for the period given as "YYYY-MM", both included."""
    key = SigningKey.generate()
    return key, PublicKeyFile(tenant, Purpose.DESK, first_month, last_month, key.public_bytes())


def ring_file(folder: Path, name: RingName) -> Path:
    """Where the ring lies in a folder."""
    return folder / f"{name}.ring"


def save_ring(folder: Path, ring: Ring, passphrase: str, cost: Cost = RFC9106_SECOND) -> Path:
    """Lock the ring into its file, which replaces an older one as a whole.

    Raises InputError for an empty passphrase, SurroundingsError.
    """
    secret = canonical.encode(
        {
            "format": FORMAT,
            "tenant": ring.tenant,
            "name": ring.name.value,
            "seeds": {name: canonical.to_base64(seed) for name, seed in ring.seeds.items()},
            "public": {
                name: canonical.decode(public.to_bytes()) for name, public in ring.public.items()
            },
        }
    )
    make_private_folder(folder)
    place = ring_file(folder, ring.name)
    replace_file(place, lock_secret(secret, passphrase, label=_label(ring.name), cost=cost))
    return place


def open_ring(folder: Path, name: RingName, tenant: str, passphrase: str) -> Ring:
    """The ring from its file.

    Raises MissingRingError, InputError for a wrong passphrase, DamagedError for a file that is
    broken or belongs to another tenant, SurroundingsError.
    """
    with disk_errors():
        try:
            raw = ring_file(folder, name).read_bytes()
        except FileNotFoundError as error:
            raise MissingRingError(name) from error
    secret = open_secret(raw, passphrase, label=_label(name))
    try:
        return _read_ring(canonical.decode(secret), name, tenant)
    except MalformedError as error:
        raise DamagedError(
            f"The key ring '{name}' is damaged, or belongs to another desk.",
            "Nothing was signed.",
            "Put the file back from its copy.",
        ) from error


def _label(name: RingName) -> str:
    return f"nearmiss ring {name}"


def _read_ring(message: dict[str, Json], name: RingName, tenant: str) -> Ring:
    canonical.expect_format(message, FORMAT)
    canonical.expect_only(message, *_MEMBERS)
    if message.get("tenant") != tenant or message.get("name") != name.value:
        raise MalformedError("another ring")
    public: dict[str, PublicKeyFile] = {}
    for key, content in canonical.object_of(message, "public").items():
        if not isinstance(content, dict):
            raise MalformedError("not a public key file")
        purpose = canonical.text_of(content, "purpose")
        if purpose not in {Purpose.RESEARCH, Purpose.DESK}:
            raise MalformedError("a key of another purpose")
        raw = canonical.encode(content)
        public[key] = PublicKeyFile.from_bytes(raw, tenant=tenant, purpose=Purpose(purpose))
    seeds: dict[str, bytes] = {}
    for key, text in canonical.object_of(message, "seeds").items():
        is_sealing = key in public and public[key].purpose is Purpose.RESEARCH
        seeds[key] = canonical.from_base64(text, SEALING_SEED_LENGTH if is_sealing else SEED_LENGTH)
    if set(seeds) != set(public) | set(_SIGNING_NAMES[name]):
        raise MalformedError("keys are missing or too many")
    return Ring(tenant, name, seeds, public)
