"""How this computer reaches the network: a proxy, and authorities that the system lacks.

Two files can say it, in the same form: one of the administrator, which then alone holds, and
`network.json` in the program's folder. What the environment says (HTTP_PROXY and the like) is
never heard, since every program of the account can set it. A file that cannot be read is an
error and never "no proxy": going another way than the one that was asked for would be a leak.
"""

import os
import re
import ssl
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from app.errors import DamagedError, InputError
from app.paths import Home, disk_errors, make_private_folder, replace_file
from sync.protocol import canonical
from sync.protocol.errors import MalformedError

FORMAT = "nearmiss-network-1"
_FILE = "network.json"
_FOLDER = "leo-near-miss"
_PROXY = re.compile(r"(http|socks5h)://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):([0-9]{1,5})/?")
_PROXY_HINT = "Write http://HOST:PORT or socks5h://HOST:PORT."
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_SIZE_LIMIT = 16 * 1024


@dataclass(frozen=True, slots=True)
class Network:
    """proxy: such as "http://proxy.example:3128" or "socks5h://127.0.0.1:9050"; empty for none.
    ca_bundle: path of a PEM file with authorities to trust besides the system's, or empty.
    """

    proxy: str = ""
    ca_bundle: str = ""

    def proxy_for(self, url: str) -> str:
        """The proxy on the way to url; none for what is on this very machine."""
        return "" if urlsplit(url).hostname in _LOOPBACK else self.proxy

    def to_bytes(self) -> bytes:
        """The file's content."""
        return canonical.encode(
            {"format": FORMAT, "proxy": self.proxy, "ca_bundle": self.ca_bundle}
        )

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Network":
        """Read a file. Raises MalformedError, InputError for a proxy that cannot be used."""
        message = canonical.decode(raw)
        canonical.expect_format(message, FORMAT)
        canonical.expect_only(message, "format", "proxy", "ca_bundle")
        proxy = canonical.text_of({"proxy": "", **message}, "proxy")
        bundle = canonical.text_of({"ca_bundle": "", **message}, "ca_bundle")
        return cls(check_proxy(proxy), bundle)


def machine_file() -> Path:
    """Where an administrator says it for every account of this computer."""
    if sys.platform == "win32":
        return Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / _FOLDER / _FILE
    if sys.platform == "darwin":
        return Path("/Library/Application Support") / _FOLDER / _FILE
    return Path("/etc") / _FOLDER / _FILE


def is_fixed(machine: Path | None = None) -> bool:
    """Whether the administrator has said it, so that nobody else can."""
    return (machine or machine_file()).exists()


def read_network(home: Home, machine: Path | None = None) -> Network:
    """What holds now. Raises DamagedError for a file that is not what it should be."""
    fixed = machine or machine_file()
    path = fixed if is_fixed(fixed) else home.folder / _FILE
    with disk_errors():
        if not path.exists():
            return Network()
        with path.open("rb") as file:
            raw = file.read(_SIZE_LIMIT + 1)
    try:
        if len(raw) > _SIZE_LIMIT:
            raise MalformedError("the file is far too long")
        return Network.from_bytes(raw)
    except (MalformedError, InputError) as error:
        raise DamagedError(
            "The network settings cannot be read.",
            "Nothing was sent: without them it could go another way than the one asked for.",
            "Your administrator has to mend them."
            if path == fixed
            else "Set them again with: nearmiss network set, or: nearmiss network clear",
        ) from error


def write_network(home: Home, network: Network, machine: Path | None = None) -> None:
    """Keep them for this account.

    Raises InputError if the administrator has said it, for a proxy that cannot be used and for
    a bundle without certificates; SurroundingsError.
    """
    if is_fixed(machine):
        raise InputError(
            "The network settings of this computer are set by its administrator.",
            "Nothing was changed.",
        )
    check_proxy(network.proxy)
    if network.ca_bundle:
        read_bundle(network.ca_bundle)
    make_private_folder(home.folder)
    replace_file(home.folder / _FILE, network.to_bytes())


def check_proxy(text: str) -> str:
    """The address of a proxy without a closing slash, empty for none.

    Raises InputError, which says what is wrong with one that cannot be used.
    """
    text = text.strip()
    if not text:
        return ""
    lowered = text.lower()
    if lowered.startswith(("socks5://", "socks4", "socks://")):
        raise InputError(
            "A proxy of this kind is not used.",
            "With socks5:// or socks4:// this computer would look names up by itself, and its "
            "name server would learn which service it asks for.",
            "Write socks5h://HOST:PORT; then the proxy looks them up.",
        )
    if lowered.startswith("pac+") or lowered.endswith((".pac", ".dat")):
        raise InputError(
            "Files that configure a proxy (PAC) are not read.",
            "Such a file is a program, and decides for each address anew.",
            f"Ask IT for the proxy's own address. {_PROXY_HINT}",
        )
    if "@" in text:
        raise InputError(
            "An address with a name or password is not kept.",
            "It would lie unencrypted in a file.",
            f"Ask IT to let the service pass without signing in. {_PROXY_HINT}",
        )
    found = _PROXY.fullmatch(text)
    if found is None or not 0 < int(found[3]) < 65_536:
        raise InputError("This is not the address of a proxy.", "", _PROXY_HINT)
    return text.rstrip("/")


def read_bundle(path: str) -> str:
    """The certificates in a PEM file, as text. Raises InputError if there are none."""
    try:
        text = Path(path).read_text("ascii", errors="ignore")
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=text)
    except (OSError, ValueError):  # ssl.SSLError is an OSError
        raise InputError(
            "The file of extra certificates cannot be used.",
            "Nothing was sent. It has to be in PEM form and hold at least one certificate.",
            "Ask IT for it, or leave it out: nearmiss network set --no-ca-bundle",
        ) from None
    return text
