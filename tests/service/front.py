"""The shipped nginx configurations, run by the real nginx on free ports and in a folder."""

import datetime
import http.client
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.service.running import ROOT, Answer, ask_over

SHIPPED = ROOT / "build" / "packaging" / "nginx"
NAME = "intake.example"
_START_S = 10.0
_LISTENS = ("listen 443 ssl default_server;", "listen [::]:443 ssl default_server;")
_RELAYS = ("listen 443;", "listen [::]:443;")
# Debian's nginx makes these at its start, whether they are used or not.
_UNUSED = "fastcgi_temp_path {0}/f; uwsgi_temp_path {0}/u; scgi_temp_path {0}/s;"


def find_nginx() -> str | None:
    """The program; Debian keeps it where only root looks."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


@dataclass
class Front:
    """A running nginx. folder: everything it writes. trust: believes its certificate."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]
    trust: ssl.SSLContext

    def connect(self, from_address: str = "127.0.0.1") -> http.client.HTTPSConnection:
        """A connection from an address of this machine; the caller closes it."""
        connection = http.client.HTTPSConnection(
            NAME, self.port, timeout=30, context=self.trust, source_address=(from_address, 0)
        )
        # The name is not in the name service.
        connection._create_connection = self._open  # type: ignore[attr-defined]
        return connection

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        from_address: str = "127.0.0.1",
    ) -> Answer:
        """One request over a fresh connection."""
        connection = self.connect(from_address)
        try:
            return ask_over(connection, method, path, body, headers)
        finally:
            connection.close()

    def _open(
        self, _address: object, timeout: float, source: tuple[str, int] | None
    ) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout, source)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running_front(folder: Path, services: dict[str, str], **changes: str) -> Iterator[Front]:
    """The front of the services. services: what is written → what stands in its place.

    changes: other values for settings, by their names.
    """
    port = free_port()
    text = _at_port((SHIPPED / "nginx.conf").read_text(), _LISTENS, port)
    places = {
        "/etc/nearmiss/tls/": f"{folder}/tls/",
        "/run/nginx.pid": f"{folder}/nginx.pid",
        "/var/lib/nginx/": f"{folder}/",
        "http {": f"http {{ {_UNUSED.format(folder)}",
        **services,
    }
    for name, value in changes.items():
        (line,) = [each for each in text.splitlines() if each.strip().startswith(f"{name} ")]
        places[line] = f"{name} {value};"
    trust = _make_certificate(folder / "tls")
    with _running(folder, _replace(text, places), port) as process:
        yield Front(folder, port, process, trust)


@contextmanager
def running_relay(folder: Path, front: Front) -> Iterator[Front]:
    """A relay before a front."""
    port = free_port()
    text = _at_port((SHIPPED / "relay.conf").read_text(), _RELAYS, port)
    places = {
        "modules/": "/usr/lib/nginx/modules/",
        "/run/nginx.pid": f"{folder}/nginx.pid",
        "192.0.2.10:443": f"127.0.0.1:{front.port}",
    }
    with _running(folder, _replace(text, places), port) as process:
        yield Front(folder, port, process, front.trust)


def _at_port(text: str, listens: tuple[str, str], port: int) -> str:
    first, second = listens
    return _replace(text, {first: first.replace("443", f"127.0.0.1:{port}"), second: ""})


def _replace(text: str, places: dict[str, str]) -> str:
    for old, new in places.items():
        assert old in text, f"the shipped configuration says nothing of {old}"
        text = text.replace(old, new)
    return text


@contextmanager
def _running(folder: Path, text: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    program = find_nginx()
    if program is None:
        pytest.skip("nginx is not installed (Debian: apt-get install nginx-light)")
    if "load_module" in text and not Path("/usr/lib/nginx/modules/ngx_stream_module.so").exists():
        pytest.skip("nginx cannot relay (Debian: apt-get install libnginx-mod-stream)")
    # Its workers are of another user.
    for each in (folder, *folder.parents[:1]):
        each.chmod(0o755)
    config = folder / "nginx.conf"
    config.write_text(text)
    output = (folder / "output").open("ab")
    command = [program, "-p", str(folder), "-c", str(config), "-g", "daemon off;"]
    process = subprocess.Popen(command, stdout=output, stderr=output)
    output.close()
    try:
        _wait_for(port, process, folder / "output")
        yield process
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int, process: subprocess.Popen[bytes], output: Path) -> None:
    deadline = time.monotonic() + _START_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            assert process.poll() is None, output.read_text()
            assert time.monotonic() < deadline, output.read_text()
            time.sleep(0.02)
        else:
            return


def _make_certificate(folder: Path) -> ssl.SSLContext:
    folder.mkdir()
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    (folder / "fullchain.pem").write_bytes(pem)
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return ssl.create_default_context(cadata=pem.decode("ascii"))
