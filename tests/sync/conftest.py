"""What several tests of the network side stand on: an authority, and servers that are closed."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.sync.servers import Authority, Server


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.make(tmp_path)


@pytest.fixture
def start() -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def run(serve: Callable[[socket.socket], None]) -> Server:
        servers.append(Server(serve))
        return servers[-1]

    yield run
    for server in servers:
        server.close()
