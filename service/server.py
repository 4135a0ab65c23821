"""Runs the application with uvicorn, quietly."""

import os
import signal
import socket
from collections.abc import Callable
from types import FrameType

from starlette.types import ASGIApp
from uvicorn import Config, Server

from service.errors import ServiceError
from service.limits import KEEP_ALIVE_S, PatientProtocol

_BACKLOG = 1_024
_GOODBYE_S = 10


class _AnnouncingServer(Server):
    def __init__(self, config: Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to the address; port 0 takes a free one. Raises ServiceError."""
    try:
        family, kind, number, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, number)
        if os.name != "nt":
            # So that a restart need not wait for the connections of the last run.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        raise ServiceError(
            f"The address cannot be used ({error.strerror}); choose another host or port."
        ) from error
    return listener


def address_of(listener: socket.socket) -> str:
    """The address as clients write it."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run(application: ASGIApp, listener: socket.socket, announce: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT; announce is called when requests are answered.

    No access log, no Server or Date header, no address taken from a proxy's headers. uvicorn's
    own messages are off, since some tell of single requests.
    """
    config = Config(
        application,
        http=PatientProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        backlog=_BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=_GOODBYE_S,
    )
    # uvicorn raises the signal again after it has stopped, to end the process: it has ended.
    former = {each: signal.signal(each, _ignore) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        _AnnouncingServer(config, announce).run(sockets=[listener])
    finally:
        for each, handler in former.items():
            signal.signal(each, handler)


def _ignore(_number: int, _frame: FrameType | None) -> None:
    return None
