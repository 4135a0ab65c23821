"""Asks a SOCKS 5 proxy for a connection to a host by its name (RFC 1928).

The name goes to the proxy as it is: nothing in here looks one up, so nothing can do so by
mistake.
"""

import socket

_VERSION = 5
_NO_SIGN_IN = 0
_CONNECT = 1
_NAME = 3
_ADDRESS_LENGTHS = {1: 4, 4: 16}
_REASONS = {
    1: "it failed",
    2: "its rules do not allow it",
    3: "the network cannot be reached",
    4: "the service cannot be reached",
    5: "the service refused",
    6: "it took too long",
    7: "it does not know the request",
    8: "it does not take names",
}


class SocksError(OSError):
    """The proxy did not open the connection. reason: in words, without the address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason_words = reason


def ask_for_connection(proxy: socket.socket, host: str, port: int) -> None:
    """Afterwards the connected socket leads to host:port. host: a name or an address.

    Raises SocksError when the proxy says no, OSError when it goes away.
    """
    name = host.encode("ascii")
    if not 0 < len(name) < 256:
        raise SocksError("the name of the service is too long for it")
    proxy.sendall(bytes((_VERSION, 1, _NO_SIGN_IN)))
    version, method = _receive(proxy, 2)
    if version != _VERSION:
        raise SocksError("it is no SOCKS 5 proxy")
    if method != _NO_SIGN_IN:
        raise SocksError("it wants a name and a password")
    proxy.sendall(bytes((_VERSION, _CONNECT, 0, _NAME, len(name))) + name + port.to_bytes(2, "big"))
    version, reply, _reserved, kind = _receive(proxy, 4)
    if version != _VERSION:
        raise SocksError("it is no SOCKS 5 proxy")
    if reply:
        raise SocksError(_REASONS.get(reply, "it did not say why"))
    length = _receive(proxy, 1)[0] if kind == _NAME else _ADDRESS_LENGTHS.get(kind)
    if length is None:
        raise SocksError("its answer cannot be read")
    _receive(proxy, length + 2)


def _receive(proxy: socket.socket, length: int) -> bytes:
    found = b""
    while len(found) < length:
        piece = proxy.recv(length - len(found))
        if not piece:
            raise SocksError("it went away")
        found += piece
    return found
