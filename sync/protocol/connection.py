"""The two files with which trust begins: the service's card and the client's connection."""

import re
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from sync.protocol import canonical
from sync.protocol.errors import MalformedError
from sync.protocol.keys import TENANT_LENGTH, PublicKeyFile, Purpose

CARD_FORMAT = "nearmiss-service-1"
CONNECTION_FORMAT = "nearmiss-connection-1"
ARCHIVE_SECRET_LENGTH = 32
_CONNECTION_MEMBERS = (
    "format",
    "tenant",
    "name",
    "service_url",
    "feed_url",
    "root",
    "archive_secret",
)
_NAME_LIMIT = 80
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# Host, port and path in plain ASCII. Narrower than RFC 3986 on purpose: urlsplit drops tabs
# and line ends, and programs differ about backslash, "@" and letters of other scripts.
_ADDRESS = re.compile(
    r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/[A-Za-z0-9._~%/-]*)?"
)


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
        canonical.expect_only(message, "format", "tenant", "acknowledgement")
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
        canonical.expect_only(message, *_CONNECTION_MEMBERS)
        root = canonical.from_base64(message.get("root"))
        if not root:
            raise MalformedError("the root is missing")
        return cls(
            tenant=_read_tenant(message),
            name=_read_name(message),
            service_url=check_url(canonical.text_of(message, "service_url")),
            feed_url=check_url(canonical.text_of(message, "feed_url")),
            root=root,
            archive_secret=canonical.from_base64(
                message.get("archive_secret"), ARCHIVE_SECRET_LENGTH
            ),
        )


def check_url(url: str) -> str:
    """The address without a closing slash: https, or http on this very machine.

    Raises MalformedError for any other, also for one that carries a name and password.
    """
    if not _ADDRESS.fullmatch(url):
        raise MalformedError("the address has to be https://, then host, port and path only")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise MalformedError("the address cannot be read") from error
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        raise MalformedError("the address has to begin with https://")
    if port == 0:
        raise MalformedError("the address has no usable port")
    return url.rstrip("/")


def _read_name(message: dict[str, canonical.Json]) -> str:
    """A name that a person will be shown before approving: no control or bidi characters."""
    name = canonical.text_of(message, "name")
    if not 0 < len(name) <= _NAME_LIMIT or not name.isprintable() or name != name.strip():
        raise MalformedError("the name is empty, too long or not printable")
    return name


def _read_tenant(message: dict[str, canonical.Json]) -> str:
    return canonical.from_hex(message.get("tenant"), TENANT_LENGTH).hex()
