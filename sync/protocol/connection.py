"""The two files with which trust begins: the service's card and the client's connection."""

import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from sync.protocol import canonical
from sync.protocol.errors import MalformedError
from sync.protocol.keys import PublicKeyFile, Purpose

CARD_FORMAT = "nearmiss-service-1"
CONNECTION_FORMAT = "nearmiss-connection-1"
TENANT_LENGTH = 16
ARCHIVE_SECRET_LENGTH = 32
_NAME_LIMIT = 80
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def new_tenant() -> str:
    """32 hexadecimal digits by chance: the name of one installation of the service."""
    return secrets.token_hex(TENANT_LENGTH)


@dataclass(frozen=True, slots=True)
class ServiceCard:
    """`service.public.json`: what a desk must know of a service to vouch for it."""

    tenant: str
    acknowledgement: PublicKeyFile

    def to_bytes(self) -> bytes:
        """The file's content."""
        key = canonical.decode(self.acknowledgement.to_bytes())
        return canonical.encode(
            {"format": CARD_FORMAT, "tenant": self.tenant, "acknowledgement": key}
        )

    @classmethod
    def from_bytes(cls, raw: bytes) -> "ServiceCard":
        """Read the file. Raises MalformedError."""
        message = canonical.decode(raw)
        canonical.expect_format(message, CARD_FORMAT)
        tenant = _read_tenant(message)
        key = canonical.encode(canonical.object_of(message, "acknowledgement"))
        return cls(
            tenant, PublicKeyFile.from_bytes(key, tenant=tenant, purpose=Purpose.ACKNOWLEDGEMENT)
        )


@dataclass(frozen=True, slots=True)
class Connection:
    """`connection.json`: whom a program trusts. A client has exactly one.

    root: the first TUF root, as signed. archive_secret: 32 bytes, access control for
    verified agencies and no more.
    """

    tenant: str
    name: str
    service_url: str
    feed_url: str
    root: bytes
    archive_secret: bytes

    def __repr__(self) -> str:
        return f"Connection(tenant={self.tenant!r})"

    def to_bytes(self) -> bytes:
        """The file's content."""
        return canonical.encode(
            {
                "format": CONNECTION_FORMAT,
                "tenant": self.tenant,
                "name": self.name,
                "service_url": self.service_url,
                "feed_url": self.feed_url,
                "root": canonical.to_base64(self.root),
                "archive_secret": canonical.to_base64(self.archive_secret),
            }
        )

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Connection":
        """Read the file. Raises MalformedError."""
        message = canonical.decode(raw)
        canonical.expect_format(message, CONNECTION_FORMAT)
        name = canonical.text_of(message, "name")
        if not 0 < len(name) <= _NAME_LIMIT or not name.isprintable():
            raise MalformedError("the name is empty, too long or not printable")
        return cls(
            tenant=_read_tenant(message),
            name=name,
            service_url=check_url(canonical.text_of(message, "service_url")),
            feed_url=check_url(canonical.text_of(message, "feed_url")),
            root=canonical.from_base64(message.get("root")),
            archive_secret=canonical.from_base64(
                message.get("archive_secret"), ARCHIVE_SECRET_LENGTH
            ),
        )


def check_url(url: str) -> str:
    """The address without a closing slash: https, or http on this very machine.

    Raises MalformedError for any other, also for one that carries a name and password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise MalformedError("the address cannot be read") from error
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not is_safe or not parts.hostname or port == 0:
        raise MalformedError("the address has to begin with https://")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise MalformedError("the address holds more than host, port and path")
    return url.rstrip("/")


def _read_tenant(message: dict[str, canonical.Json]) -> str:
    return canonical.from_hex(message.get("tenant"), TENANT_LENGTH).hex()
