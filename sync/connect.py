"""The one connection that a program trusts: pinned at first use, changed only by consent."""

from dataclasses import replace

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from app.errors import DamagedError, InputError, UntrustedError
from app.paths import Home, disk_errors, make_private_folder, replace_file
from sync.protocol import canonical
from sync.protocol.connection import Connection
from sync.protocol.errors import MalformedError
from sync.protocol.words import WordList


def read_connection(raw: bytes) -> Connection:
    """The connection in a file that somebody handed over. Raises DamagedError."""
    try:
        return Connection.from_bytes(raw)
    except MalformedError as error:
        raise DamagedError(
            "This is not a connection file, or it is damaged.",
            f"What is wrong: {error}.",
            "Ask whoever gave it to you for a new copy.",
        ) from error


def open_connection(home: Home) -> Connection:
    """The pinned connection. Raises InputError if there is none yet."""
    with disk_errors():
        if not home.connection_file.exists():
            raise InputError(
                "This program is not connected to a service yet.",
                hint="Get a connection file from your agency, then: nearmiss connect FILE",
            )
        raw = home.connection_file.read_bytes()
    return read_connection(raw)


def connect(home: Home, raw: bytes, words: WordList, *, consent: bool = False) -> Connection:
    """Pin the connection in raw.

    consent: a person has compared words and addresses of both and wants the change.
    Raises UntrustedError, which shows both, if another one is pinned and nobody agreed.
    """
    offered = read_connection(raw)
    if home.connection_file.exists():
        pinned = open_connection(home)
        if trusts_another(pinned, offered) and not consent:
            raise UntrustedError(
                "This program trusts another service, or the same at another address.",
                f"Trusted: {describe_connection(pinned, words)}. "
                f"Offered: {describe_connection(offered, words)}.",
                "If you were told of this change and the words are the same, "
                "connect again with --replace.",
            )
    make_private_folder(home.folder)
    replace_file(home.connection_file, offered.to_bytes())
    return offered


def show_fingerprint(connection: Connection, words: WordList) -> str:
    """Seven words that stand for the signed root: the same words, the same research team."""
    return " ".join(words.fingerprint(connection.root))


def describe_connection(connection: Connection, words: WordList) -> str:
    """Whom and where: the name it gives itself, its words, the two addresses."""
    return (
        f"{connection.name}, {show_fingerprint(connection, words)}, "
        f"{connection.service_url}, {connection.feed_url}"
    )


def archive_key(connection: Connection) -> bytes:
    """32 bytes that open the offline archive's file."""
    info = canonical.framed(b"nearmiss archive file v1", connection.tenant.encode("ascii"))
    return HKDFExpand(hashes.SHA256(), 32, info).derive(connection.archive_secret)


def trusts_another(pinned: Connection, offered: Connection) -> bool:
    """Whether a person has to be asked before the one takes the place of the other."""
    return replace(pinned, name="") != replace(offered, name="")
